package trace

import (
	"cmp"
	"slices"
	"sort"

	"wirelab/stack/event"
	"wirelab/stack/ring"
)

// Fate is what becomes of a frame on a link. It is decided by the dice when
// the frame is offered; it shows when the frame gets there.
type Fate uint8

const (
	Delivered Fate = iota
	Lost           // on the wire
	Dropped        // the queue was full
)

// Crossing is the way of one frame over one link, in ns of virtual time.
type Crossing struct {
	Offered, Start, Arrive int64
	Why                    event.Why
	Head
	Link  uint32
	Bytes uint32 // of the frame
	Flip  uint32 // the bit of it that arrived as its opposite, plus one; zero: none
	Dir   uint8
	Fate  Fate
}

// extra is the Extra of the summary of a crossing.
type extra struct {
	crossing uint64
	bytes    string
}

// Trace records every crossing of a lab, in the order in which they were
// offered. It is not part of the lab's state: it also holds what lies ahead
// after a seek back, and replay adds nothing.
type Trace struct {
	Off       bool   // record nothing
	Turns     uint64 // how often a recorded future was cut off
	crossings ring.List[Crossing]
	extras    []extra
	arrived   ring.List[arrival]
}

// arrival says which event of the simulation took a crossing's frame in.
type arrival struct{ event, crossing uint64 }

// Len returns how many crossings are recorded; they are numbered from 0.
func (t *Trace) Len() uint64 { return uint64(t.crossings.Len()) }

// At returns crossing i. Whoever holds the pointer only reads.
func (t *Trace) At(i uint64) *Crossing { return t.crossings.At(int(i)) }

// Add records crossing number i and returns it for the caller to write all but
// what stands in the frame; nil if that was done before, or recording is off.
func (t *Trace) Add(i uint64, frame []byte) *Crossing {
	if t.Off || i != t.Len() {
		return nil
	}
	c := t.crossings.Grow()
	if more := c.Head.read(frame); len(more) > 0 {
		t.extras = append(t.extras, extra{i, string(more)})
	}
	return c
}

// Move gives crossing i new times: its link was changed while it waited.
func (t *Trace) Move(i uint64, start, arrive int64) {
	if i < t.Len() {
		c := t.At(i)
		c.Start, c.Arrive = start, arrive
	}
}

// Arrive records that the event of number n took in crossing i.
func (t *Trace) Arrive(n, i uint64) {
	if k := t.arrived.Len(); !t.Off && (k == 0 || t.arrived.At(k-1).event < n) {
		t.arrived.Push(arrival{n, i})
	}
}

// TakenIn returns the crossing whose frame event number n took in; false if
// that event was something else.
func (t *Trace) TakenIn(n uint64) (uint64, bool) {
	k := t.arrivals(n)
	if k == t.arrived.Len() || t.arrived.At(k).event != n {
		return 0, false
	}
	return t.arrived.At(k).crossing, true
}

// arrivals returns how many arrivals lie before event number n.
func (t *Trace) arrivals(n uint64) int {
	return sort.Search(t.arrived.Len(), func(k int) bool { return t.arrived.At(k).event >= n })
}

// Summary returns the summary of crossing i.
func (t *Trace) Summary(i uint64) Summary {
	s := Summary{Head: t.At(i).Head}
	at, ok := slices.BinarySearchFunc(t.extras, i, func(e extra, i uint64) int { return cmp.Compare(e.crossing, i) })
	if ok {
		s.Extra = []byte(t.extras[at].bytes)
	}
	return s
}

// After returns the first crossing that was offered later than timeNs.
func (t *Trace) After(timeNs int64) uint64 {
	return uint64(sort.Search(t.crossings.Len(), func(i int) bool { return t.crossings.At(i).Offered > timeNs }))
}

// Truncate forgets crossings from number n on and arrivals after the event
// events: the future of a lab that took another turn.
func (t *Trace) Truncate(n, events uint64) {
	t.Turns++
	t.crossings.Truncate(int(min(t.Len(), n)))
	for k := len(t.extras); k > 0 && t.extras[k-1].crossing >= n; k-- {
		t.extras = t.extras[:k-1]
	}
	t.arrived.Truncate(t.arrivals(events + 1))
}
