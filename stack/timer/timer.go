// Package timer keeps the next time of many things in order, as plain state.
// The simulator has one Queue over hosts and links; a host has one over its
// connections. It imports nothing.
package timer

// Never is the time of something that will not happen.
const Never int64 = 1<<63 - 1

// Queue orders ids by time, and ids of one time by when they were set. Each id
// stands in it at most once: one head per source, not one entry per packet.
// The zero value is empty.
type Queue struct {
	Heap []Item   // a heap of four children a node
	Pos  []uint32 // by id: index into Heap plus one, zero if absent
	Seq  uint64   // the number of the last change of a time
}

// Item is one entry of the heap.
type Item struct {
	At  int64
	Seq uint64
	ID  uint32
}

func (a *Item) before(b *Item) bool { return a.At < b.At || a.At == b.At && a.Seq < b.Seq }

// Set gives id the time at, in nanoseconds; Never takes it out. Setting the
// time that id has already keeps its place.
func (q *Queue) Set(id uint32, at int64) {
	for int(id) >= len(q.Pos) {
		q.Pos = append(q.Pos, 0)
	}
	pos := q.Pos[id]
	switch {
	case pos == 0 && at == Never:
	case at == Never:
		q.remove(int(pos) - 1)
	case pos == 0:
		q.Seq++
		q.Heap = append(q.Heap, Item{at, q.Seq, id})
		q.up(len(q.Heap) - 1)
	case q.Heap[pos-1].At != at:
		q.Seq++
		i := int(pos) - 1
		later := at > q.Heap[i].At
		q.Heap[i].At, q.Heap[i].Seq = at, q.Seq
		if later {
			q.down(i)
		} else {
			q.up(i)
		}
	}
}

// Next returns the first id and its time, or Never if the queue is empty.
func (q *Queue) Next() (id uint32, at int64) {
	if len(q.Heap) == 0 {
		return 0, Never
	}
	return q.Heap[0].ID, q.Heap[0].At
}

// At returns the time of id.
func (q *Queue) At(id uint32) int64 {
	if int(id) >= len(q.Pos) || q.Pos[id] == 0 {
		return Never
	}
	return q.Heap[q.Pos[id]-1].At
}

// Len returns how many ids have a time.
func (q *Queue) Len() int { return len(q.Heap) }

func (q *Queue) remove(i int) {
	last := len(q.Heap) - 1
	q.Pos[q.Heap[i].ID] = 0
	moved := q.Heap[last]
	q.Heap = q.Heap[:last]
	if i == last {
		return
	}
	q.Heap[i] = moved
	q.Pos[moved.ID] = uint32(i) + 1
	q.down(i)
	q.up(int(q.Pos[moved.ID]) - 1)
}

func (q *Queue) up(i int) {
	heap, pos := q.Heap, q.Pos
	it := heap[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !it.before(&heap[parent]) {
			break
		}
		heap[i] = heap[parent]
		pos[heap[i].ID] = uint32(i) + 1
		i = parent
	}
	heap[i] = it
	pos[it.ID] = uint32(i) + 1
}

func (q *Queue) down(i int) {
	heap, pos := q.Heap, q.Pos
	it := heap[i]
	for first := 4*i + 1; first < len(heap); first = 4*i + 1 {
		best := first
		for c := first + 1; c < min(first+4, len(heap)); c++ {
			if heap[c].before(&heap[best]) {
				best = c
			}
		}
		if !heap[best].before(&it) {
			break
		}
		heap[i] = heap[best]
		pos[heap[i].ID] = uint32(i) + 1
		i = best
	}
	heap[i] = it
	pos[it.ID] = uint32(i) + 1
}
