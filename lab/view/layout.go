package view

import (
	"math"
	"slices"
)

// Where nodes stand: an automatic layout for labs that nobody has arranged, and lines to align along.

const (
	ring      = 240 // stage units from one ring of the layout to the next
	leastStep = 210 // between two nodes of a ring, or side by side
	high      = 150 // from one node to the next below it
)

// Arrangement returns a place for every node that is there now. A few nodes stand from left to right, as a text runs; many
// stand around the one with the most links, in rings by distance, each branch in a sector as wide as it has leaves. Parts
// that are not connected stand side by side.
func (m *Model) Arrangement() map[uint32]Place {
	next := map[uint32][]uint32{}
	for i := range m.Lab.PresentLinks {
		ends := m.Lab.EndsOf(i)
		next[ends[0]] = append(next[ends[0]], ends[1])
		next[ends[1]] = append(next[ends[1]], ends[0])
	}
	places, left := map[uint32]Place{}, float64(0)
	for {
		root, found := uint32(0), false
		for id := range m.Lab.Present {
			if _, placed := places[id]; !placed && (!found || len(next[id]) > len(next[root])) {
				root, found = id, true
			}
		}
		if !found {
			return places
		}
		part := (&layout{next: next, places: map[uint32]Place{}}).place(root)
		lo, hi := math.MaxInt32, math.MinInt32
		for _, p := range part {
			lo, hi = min(lo, int(p.X)), max(hi, int(p.X))
		}
		for id, p := range part {
			places[id] = Place{int32(left + float64(int(p.X)-lo)), p.Y}
		}
		left += float64(hi-lo) + ring
	}
}

// layout is that of one connected part.
type layout struct {
	next   map[uint32][]uint32
	kids   map[uint32][]uint32
	leaves map[uint32]int
	places map[uint32]Place
}

const fewNodes = 12

func (r *layout) place(root uint32) map[uint32]Place {
	order := r.tree(root)
	few := len(order) <= fewNodes
	if few {
		order = r.tree(order[len(order)-1]) // from one end of the longest way
	}
	for _, id := range slices.Backward(order) {
		for _, k := range r.kids[id] {
			r.leaves[id] += r.leaves[k]
		}
		r.leaves[id] = max(r.leaves[id], 1)
	}
	if few {
		r.row(order[0], 0, 0)
	} else {
		r.sector(root, 0, math.Pi, 3*math.Pi)
	}
	return r.places
}

// tree finds who is whose child, seen from root, and returns all in order of their distance.
func (r *layout) tree(root uint32) []uint32 {
	r.kids, r.leaves = map[uint32][]uint32{}, map[uint32]int{}
	seen, order := map[uint32]bool{root: true}, []uint32{root}
	for i := 0; i < len(order); i++ {
		for _, n := range r.next[order[i]] {
			if !seen[n] {
				seen[n] = true
				order = append(order, n)
				r.kids[order[i]] = append(r.kids[order[i]], n)
			}
		}
	}
	return order
}

// row places a node at a depth, in the middle of the rows of its leaves, the first of which is row.
func (r *layout) row(id uint32, depth, row int) {
	const wide = 320
	r.places[id] = Place{int32(depth * wide), int32((2*row + r.leaves[id] - 1) * high / 2)}
	for _, k := range r.kids[id] {
		r.row(k, depth+1, row)
		row += r.leaves[k]
	}
}

// sector places a node in the middle of its sector, and its children within that.
func (r *layout) sector(id uint32, depth int, from, to float64) {
	radius := float64(depth) * ring
	if depth > 0 && (to-from)*radius < leastStep {
		radius = min(leastStep/(to-from), 40*ring) // a crowded ring is wider
	}
	angle := (from + to) / 2
	r.places[id] = Place{int32(radius * math.Cos(angle)), int32(radius * math.Sin(angle) * 0.7)}
	at := from
	for _, k := range r.kids[id] {
		wide := (to - from) * float64(r.leaves[k]) / float64(r.leaves[id])
		r.sector(k, depth+1, at, at+wide)
		at += wide
	}
}

// Aligned returns places in one line for some nodes: in a row if level, else in a column, at equal distances at which none
// lies on another.
func (m *Model) Aligned(nodes []uint32, level bool) map[uint32]Place {
	key := func(id uint32) int32 {
		if n := m.Lab.Node(id); level {
			return n.X
		} else {
			return n.Y
		}
	}
	sorted := slices.Clone(nodes)
	slices.SortStableFunc(sorted, func(a, b uint32) int { return int(key(a) - key(b)) })
	places, sum := map[uint32]Place{}, int64(0)
	for _, id := range sorted {
		n := m.Lab.Node(id)
		sum += int64(n.X + n.Y - key(id)) // the other coordinate
	}
	line := int32(sum / int64(len(sorted)))
	first, last := int64(key(sorted[0])), int64(key(sorted[len(sorted)-1]))
	gaps, step := int64(len(sorted)-1), int64(leastStep)
	if !level {
		step = high
	}
	if lack := step*gaps - (last - first); lack > 0 { // a row that becomes a column has no height yet
		first, last = first-lack/2, last+lack-lack/2
	}
	for i, id := range sorted {
		at := int32(first + (last-first)*int64(i)/max(gaps, 1))
		if level {
			places[id] = Place{at, line}
		} else {
			places[id] = Place{line, at}
		}
	}
	return places
}
