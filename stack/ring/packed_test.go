package ring

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"

	"wirelab/stack/seeds"
)

func packUints(dst []byte, c []uint64) []byte {
	for _, v := range c {
		dst = binary.AppendUvarint(dst, v)
	}
	return dst
}

func unpackUints(c []uint64, b []byte) {
	for i := range c {
		v, n := binary.Uvarint(b)
		c[i], b = v, b[n:]
	}
}

// A packed list is like a slice, however its old elements are looked at, changed and cut off.
func TestPackedIsLikeASlice(t *testing.T) {
	seeds.Check(t, func(t *rapid.T) {
		l := NewPacked(packUints, unpackUints)
		var model []uint64
		first := 0
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch op := rapid.IntRange(0, 9).Draw(t, "op"); {
			case op < 5:
				for range rapid.IntRange(1, 30*chunk).Draw(t, "more") {
					v := uint64(len(model)) * 7
					model = append(model, v)
					l.Push(v)
				}
			case op == 5 && len(model) > first:
				n := rapid.IntRange(first, len(model)).Draw(t, "left")
				model = model[:n]
				l.Truncate(n)
			case op == 6 && len(model) > first:
				i := rapid.IntRange(first, len(model)-1).Draw(t, "changed")
				model[i]++
				*l.Edit(i)++
			case op == 7:
				l.Forget(rapid.IntRange(0, len(model)).Draw(t, "forgotten"))
				if got := l.First(); got < first || got > len(model) {
					t.Fatalf("the first is %d, was %d", got, first)
				}
				first = l.First()
			case op == 8 && rapid.IntRange(0, 3).Draw(t, "restart") == 0:
				n := rapid.IntRange(0, 5*chunk).Draw(t, "from")
				l.Restart(n)
				model, first = make([]uint64, n), n
			case len(model) > first:
				for range 100 {
					i := rapid.IntRange(first, len(model)-1).Draw(t, "seen")
					if got := *l.At(i); got != model[i] {
						t.Fatalf("element %d is %d, want %d", i, got, model[i])
					}
				}
			}
		}
		if l.Len() != len(model) {
			t.Fatalf("%d elements, want %d", l.Len(), len(model))
		}
		bytes, open := 0, 0
		for k := range l.chunks {
			if c := &l.chunks[k]; c.packed != nil {
				bytes += len(c.packed)
				if c.live != nil {
					open++
				}
			} else if k < l.sealed {
				t.Fatalf("chunk %d is sealed and not packed", k)
			}
		}
		if bytes != l.bytes || open != l.open || open > openChunks {
			t.Fatalf("%d bytes and %d open, counted %d and %d", bytes, open, l.bytes, l.open)
		}
		for i, want := range model[first:] {
			if got := *l.At(first + i); got != want {
				t.Fatalf("element %d is %d, want %d", first+i, got, want)
			}
		}
	})
}
