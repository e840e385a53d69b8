package timer

import (
	"testing"

	"pgregory.net/rapid"

	"wirelab/stack/seeds"
)

// The queue agrees with a plain list searched for the earliest time.
func TestQueueIsAnOrderedList(t *testing.T) {
	seeds.Check(t, func(t *rapid.T) {
		var q Queue
		type entry struct {
			at  int64
			seq int
		}
		model := map[uint32]entry{}
		for step := range rapid.IntRange(1, 300).Draw(t, "steps") {
			id := rapid.Uint32Range(0, 20).Draw(t, "id")
			at := rapid.Int64Range(0, 9).Draw(t, "at")
			if at == 0 {
				q.Set(id, Never)
				delete(model, id)
			} else {
				q.Set(id, at)
				if model[id].at != at {
					model[id] = entry{at, step}
				}
			}
			want, wantAt, seq := uint32(0), Never, 0
			for id, e := range model {
				if e.at < wantAt || e.at == wantAt && e.seq < seq {
					want, wantAt, seq = id, e.at, e.seq
				}
			}
			if got, gotAt := q.Next(); got != want || gotAt != wantAt {
				t.Fatalf("Next = %d at %d, want %d at %d", got, gotAt, want, wantAt)
			}
			if q.Len() != len(model) {
				t.Fatalf("Len = %d, want %d", q.Len(), len(model))
			}
		}
	})
}

func BenchmarkSetNext(b *testing.B) {
	var q Queue
	for i := range uint32(100) {
		q.Set(i, int64(i)*7919%1000)
	}
	b.ReportAllocs()
	for b.Loop() {
		id, at := q.Next()
		q.Set(id, at+int64(id)*31%997+1)
	}
}
