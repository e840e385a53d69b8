package trace

import (
	"cmp"
	"slices"

	"wirelab/stack/event"
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
	Dir   uint8
	Fate  Fate
}

// extra is the Extra of the summary of a crossing.
type extra struct {
	crossing uint64
	bytes    string
}

const chunk = 1024

// Trace records every crossing of a lab, in the order in which they were
// offered. It is not part of the lab's state: it also holds what lies ahead
// after a seek back, and replay adds nothing.
type Trace struct {
	Off     bool   // record nothing
	Turns   uint64 // how often a recorded future was cut off
	chunks  []*[chunk]Crossing
	n       uint64
	extras  []extra
	arrived []arrival
}

// arrival says which event of the simulation took a crossing's frame in.
type arrival struct{ event, crossing uint64 }

// Len returns how many crossings are recorded; they are numbered from 0.
func (t *Trace) Len() uint64 { return t.n }

// At returns crossing i. Whoever holds the pointer only reads.
func (t *Trace) At(i uint64) *Crossing { return &t.chunks[i/chunk][i%chunk] }

// Add records crossing number i, unless that was done before, or recording is off.
func (t *Trace) Add(i uint64, c *Crossing, frame []byte) {
	if t.Off || i != t.n {
		return
	}
	if i%chunk == 0 && i/chunk == uint64(len(t.chunks)) {
		t.chunks = append(t.chunks, new([chunk]Crossing))
	}
	t.n++
	at := t.At(i)
	*at = *c
	s := Summarize(frame)
	at.Head = s.Head
	if len(s.Extra) > 0 {
		t.extras = append(t.extras, extra{i, string(s.Extra)})
	}
}

// Move gives crossing i new times: its link was changed while it waited.
func (t *Trace) Move(i uint64, start, arrive int64) {
	if i < t.n {
		c := t.At(i)
		c.Start, c.Arrive = start, arrive
	}
}

// Arrive records that the event of number n took in crossing i.
func (t *Trace) Arrive(n, i uint64) {
	if t.Off || len(t.arrived) > 0 && t.arrived[len(t.arrived)-1].event >= n {
		return
	}
	t.arrived = append(t.arrived, arrival{n, i})
}

// TakenIn returns the crossing whose frame event number n took in; false if
// that event was something else.
func (t *Trace) TakenIn(n uint64) (uint64, bool) {
	i, ok := slices.BinarySearchFunc(t.arrived, n, func(a arrival, n uint64) int { return cmp.Compare(a.event, n) })
	if !ok {
		return 0, false
	}
	return t.arrived[i].crossing, true
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
	lo, hi := uint64(0), t.n
	for lo < hi {
		if mid := (lo + hi) / 2; t.At(mid).Offered <= timeNs {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// Truncate forgets crossings from number n on and arrivals after the event
// events: the future of a lab that took another turn.
func (t *Trace) Truncate(n, events uint64) {
	t.Turns++
	t.n = min(t.n, n)
	t.chunks = t.chunks[:(t.n+chunk-1)/chunk]
	for k := len(t.extras); k > 0 && t.extras[k-1].crossing >= n; k-- {
		t.extras = t.extras[:k-1]
	}
	for k := len(t.arrived); k > 0 && t.arrived[k-1].event > events; k-- {
		t.arrived = t.arrived[:k-1]
	}
}
