package view

import (
	"math"
	"slices"
	"sort"
)

// warp maps virtual time to a length and back, so that microseconds and two
// maximum segment lifetimes fit on one screen: the instants at which something
// happens are knots, and what lies between two of them takes a length that
// grows with the logarithm of the time. It is for the eye: no number of the
// simulation depends on it.
type warp struct {
	gap     func(ns int64) float64
	knots   []knot
	pending []int64 // instants that may still be preceded by others, in order
	tail    []knot  // knots of the pending ones, for now
}

type knot struct {
	ns int64
	at float64
}

// ladderGap is the height of a gap on the ladder, in logical pixels.
func ladderGap(ns int64) float64 {
	if ns < 1000 {
		return 0
	}
	return 4 + 5.5*max(0, math.Log10(float64(ns)/10_000))
}

// lineGap is the length of a gap on the time line, in any unit.
func lineGap(ns int64) float64 { return math.Log2(1 + float64(ns)/1e6) }

// add takes in an instant; all those to come lie at or after since.
func (w *warp) add(since int64, instants ...int64) {
	w.tail = w.tail[:0]
	n := 0
	for n < len(w.pending) && w.pending[n] <= since {
		w.knots = w.append(w.knots, w.pending[n])
		n++
	}
	w.pending = slices.Delete(w.pending, 0, n)
	for _, t := range instants {
		at, _ := slices.BinarySearch(w.pending, t)
		if at == 0 || w.pending[at-1] != t {
			w.pending = slices.Insert(w.pending, at, t)
		}
	}
}

// append adds a knot at t, unless it would lie on the last one.
func (w *warp) append(knots []knot, t int64) []knot {
	last := knot{}
	if n := len(knots); n > 0 {
		last = knots[n-1]
	} else if n := len(w.knots); n > 0 {
		last = w.knots[n-1]
	}
	if g := w.gap(t - last.ns); t > last.ns && g > 0 {
		return append(knots, knot{t, last.at + g})
	}
	return knots
}

// settle makes the instants that are pending count for now.
func (w *warp) settle() {
	w.tail = w.tail[:0]
	for _, t := range w.pending {
		w.tail = w.append(w.tail, t)
	}
}

func (w *warp) len() int { return len(w.knots) + len(w.tail) }

func (w *warp) knot(i int) knot {
	if i < 0 {
		return knot{}
	}
	if i < len(w.knots) {
		return w.knots[i]
	}
	return w.tail[i-len(w.knots)]
}

// first returns the first knot beyond a length.
func (w *warp) first(length float32) int {
	return sort.Search(w.len(), func(i int) bool { return w.knot(i).at > float64(length) })
}

// end returns the last instant and its length.
func (w *warp) end() knot { return w.knot(w.len() - 1) }

// at returns the length at time t.
func (w *warp) at(t int64) float64 {
	i := sort.Search(w.len(), func(i int) bool { return w.knot(i).ns > t })
	a := w.knot(i - 1)
	if i == w.len() {
		return a.at + w.gap(max(0, t-a.ns))
	}
	b := w.knot(i)
	return a.at + (b.at-a.at)*float64(t-a.ns)/float64(b.ns-a.ns)
}

// time returns the time at a length: the inverse of at, up to the last knot.
func (w *warp) time(length float64) int64 {
	i := sort.Search(w.len(), func(i int) bool { return w.knot(i).at > length })
	a := w.knot(i - 1)
	if i == w.len() {
		return a.ns
	}
	b := w.knot(i)
	return a.ns + int64((length-a.at)/(b.at-a.at)*float64(b.ns-a.ns)+0.5)
}
