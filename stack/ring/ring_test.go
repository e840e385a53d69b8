package ring

import (
	"testing"

	"pgregory.net/rapid"

	"wirelab/stack/seeds"
)

// A ring behaves as a slice does, whatever is done to it.
func TestRingIsASlice(t *testing.T) {
	seeds.Check(t, func(t *rapid.T) {
		var r Ring[int]
		var model []int
		for step := range rapid.IntRange(0, 200).Draw(t, "steps") {
			switch op := rapid.IntRange(0, 4).Draw(t, "op"); {
			case op == 1 && len(model) > 0:
				if got := r.Pop(); got != model[0] {
					t.Fatalf("Pop = %d, want %d", got, model[0])
				}
				model = model[1:]
			case op == 2:
				i := rapid.IntRange(0, len(model)).Draw(t, "at")
				r.Insert(i, step)
				model = append(model[:i:i], append([]int{step}, model[i:]...)...)
			case op == 3 && len(model) > 0:
				i := rapid.IntRange(0, len(model)-1).Draw(t, "at")
				r.Remove(i)
				model = append(model[:i:i], model[i+1:]...)
			default:
				r.Push(step)
				model = append(model, step)
			}
			if r.Len() != len(model) {
				t.Fatalf("Len = %d, want %d", r.Len(), len(model))
			}
			for i, want := range model {
				if *r.At(i) != want {
					t.Fatalf("At(%d) = %d, want %d", i, *r.At(i), want)
				}
			}
		}
	})
}

// A burst's memory is given back, and a queue that fills and empties over and
// over keeps its own.
func TestMemory(t *testing.T) {
	var r Ring[int32]
	turn := func(n int) {
		for range n {
			r.Push(1)
		}
		for range n {
			r.Pop()
		}
	}
	turn(1000)
	if n := testing.AllocsPerRun(100, func() { turn(1000) }); n != 0 {
		t.Errorf("%v allocations a turn", n)
	}
	for range 20_000 {
		turn(1)
	}
	if len(r.Buf) > 16 {
		t.Errorf("room for %d elements after a long time with one", len(r.Buf))
	}
}
