package view

import (
	"math"
	"slices"
)

// track is a series over time that only grows: values that hold until the next
// one, or spans such as the sequence numbers of a segment. Above its points stand
// tiers, each with the least and the largest of fan entries below, so that the
// extremes of a stretch of any length are found in a few steps: what is drawn
// costs by pixels, not by points.
type track struct {
	at     []int64
	lo, hi []float64 // hi is nil where the points are values
	id     []uint32  // of spans: the crossing
	tiers  [][]reach
}

// reach is the least and the largest of some points.
type reach struct{ lo, hi float64 }

const fan = 16

func (r *reach) take(o reach) { r.lo, r.hi = min(r.lo, o.lo), max(r.hi, o.hi) }

// none is the reach of no points.
func none() reach { return reach{math.Inf(1), math.Inf(-1)} }

func (r reach) empty() bool { return r.lo > r.hi }

// add adds a value.
func (t *track) add(at int64, v float64) {
	t.at, t.lo = append(t.at, at), append(t.lo, v)
	t.raise(reach{v, v})
}

// set adds a value, unless it is what holds already.
func (t *track) set(at int64, v float64) {
	if n := len(t.lo); n == 0 || t.lo[n-1] != v {
		t.add(at, v)
	}
}

// addSpan adds a span.
func (t *track) addSpan(at int64, lo, hi float64, id uint32) {
	t.at, t.lo, t.hi, t.id = append(t.at, at), append(t.lo, lo), append(t.hi, hi), append(t.id, id)
	t.raise(reach{lo, hi})
}

// raise takes the last point into the tiers.
func (t *track) raise(r reach) {
	i := (len(t.at) - 1) / fan
	for k := 0; ; k++ {
		if k == len(t.tiers) {
			if i > 0 || k == 0 && len(t.at) == fan {
				t.tiers = append(t.tiers, t.first(k))
			}
			return
		}
		if tier := t.tiers[k]; i == len(tier) {
			t.tiers[k] = append(tier, r)
		} else {
			tier[i].take(r)
		}
		i /= fan
	}
}

// first makes the entries of a tier that is begun, of all points so far.
func (t *track) first(k int) []reach {
	n, size := len(t.at), fan
	for range k {
		size *= fan
	}
	var tier []reach
	for i := 0; i < n; i += size {
		tier = append(tier, t.extent(i, min(i+size, n)))
	}
	return tier
}

func (t *track) point(i int) reach {
	if t.hi == nil {
		return reach{t.lo[i], t.lo[i]}
	}
	return reach{t.lo[i], t.hi[i]}
}

// extent returns the extremes of the points from i up to j, without j.
func (t *track) extent(i, j int) reach {
	r := none()
	for ; i < j && i%fan != 0; i++ {
		r.take(t.point(i))
	}
	for ; i < j && (j%fan != 0 || len(t.tiers) == 0); j-- {
		r.take(t.point(j - 1))
	}
	for k := 0; i < j; k++ {
		i, j = i/fan, j/fan
		tier, top := t.tiers[k], k+1 == len(t.tiers)
		for ; i < j && (i%fan != 0 || top); i++ {
			r.take(tier[i])
		}
		for ; i < j && j%fan != 0; j-- {
			r.take(tier[j-1])
		}
	}
	return r
}

// after returns the first point that lies later than an instant.
func (t *track) after(ns int64) int {
	i, _ := slices.BinarySearch(t.at, ns+1)
	return i
}

// value returns what held at an instant; false if nothing did yet.
func (t *track) value(ns int64) (float64, bool) {
	if i := t.after(ns); i > 0 {
		return t.lo[i-1], true
	}
	return 0, false
}

// gap is how long it usually is from one point to the next between two instants, by some of them: waits in between do not count.
func (t *track) gap(from, to int64) int64 {
	first, end := t.after(from), t.after(to)
	var gaps [64]int64
	n, step := 0, max(1, (end-first)/len(gaps))
	for i := first; i+1 < end && n < len(gaps); i += step {
		gaps[n] = t.at[i+1] - t.at[i]
		n++
	}
	slices.Sort(gaps[:n])
	return gaps[n/2]
}

// between returns the extremes of what held from one instant to another.
func (t *track) between(from, to int64) reach {
	i, j := t.after(from), t.after(to)
	if t.hi == nil && i > 0 {
		i--
	}
	return t.extent(i, j)
}

// find returns the point of a crossing, or -1.
func (t *track) find(id uint32) int {
	if i, ok := slices.BinarySearch(t.id, id); ok {
		return i
	}
	return -1
}
