package ring

import (
	"testing"

	"pgregory.net/rapid"
)

// A list behaves as a slice that nothing moves in.
func TestListIsASlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l List[int]
		var model []int
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "cut") {
				n := rapid.IntRange(0, len(model)+5).Draw(t, "to")
				l.Truncate(n)
				model = model[:min(n, len(model))]
				continue
			}
			for range rapid.IntRange(0, 2*chunk).Draw(t, "more") {
				v := len(model) * 7
				if at := l.Grow(); *at != 0 {
					t.Fatalf("a new element is %d", *at)
				} else {
					*at = v
				}
				model = append(model, v)
				if at := l.At(l.Len() / 2); *at != model[l.Len()/2] {
					t.Fatalf("At(%d) = %d", l.Len()/2, *at)
				}
			}
		}
		if l.Len() != len(model) {
			t.Fatalf("Len = %d, want %d", l.Len(), len(model))
		}
		for i, want := range model {
			if *l.At(i) != want {
				t.Fatalf("At(%d) = %d, want %d", i, *l.At(i), want)
			}
		}
	})
}
