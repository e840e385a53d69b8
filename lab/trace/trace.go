package trace

import (
	"encoding/binary"
	"sort"

	"wirelab/lab/link"
	"wirelab/stack/event"
	"wirelab/stack/ring"
	"wirelab/stack/timer"
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
	Fate  link.Fate
	Mark  bool // a queue marked it as having met congestion
}

// Like reports whether two crossings of two histories look the same from outside.
func (c *Crossing) Like(o *Crossing) bool {
	return c.Offered == o.Offered && c.Start == o.Start && c.Arrive == o.Arrive && c.Head == o.Head && c.Link == o.Link && c.Dir == o.Dir &&
		c.Fate == o.Fate && c.Flip == o.Flip && c.Mark == o.Mark && c.Bytes == o.Bytes
}

// extra says where the Extra of the summary of a crossing stands: len bytes from word first on.
type extra struct {
	crossing uint64
	first    uint32
	len      uint32
}

// Trace records every crossing of a lab, in the order in which they were
// offered. It is not part of the lab's state: it also holds what lies ahead
// after a seek back, and replay adds nothing.
type Trace struct {
	Off       bool                   // record nothing
	Again     bool                   // what happens now was recorded before: there is nothing to add
	Turns     uint64                 // how often a recorded future was cut off
	crossings *ring.Packed[Crossing] // this and the others are nil until something is recorded
	extras    *ring.Packed[extra]
	words     *ring.Packed[uint32] // the extras themselves
	arrived   *ring.Packed[arrival]
}

// arrival says which event of the simulation took a crossing's frame in.
type arrival struct{ event, crossing uint64 }

// Len returns how many crossings are recorded; they are numbered from 0.
func (t *Trace) Len() uint64 { return uint64(t.crossings.Len()) }

// First returns the first crossing that is still kept; those before were forgotten to save memory.
func (t *Trace) First() uint64 { return uint64(t.crossings.First()) }

// Has reports whether crossing i is kept.
func (t *Trace) Has(i uint64) bool { return i >= t.First() && i < t.Len() }

// At returns crossing i. Whoever holds the pointer only reads, and not beyond the next crossing. One that was forgotten looks like nothing.
func (t *Trace) At(i uint64) *Crossing {
	if i < t.First() {
		return &forgotten
	}
	return t.crossings.At(int(i))
}

var forgotten Crossing

// Forget drops records of crossings before number i, and of events before number n, as far as that is easily done.
func (t *Trace) Forget(i, n uint64) {
	t.crossings.Forget(int(i))
	if k := t.extrasBefore(t.First()); k < t.extras.Len() {
		t.words.Forget(int(t.extras.At(k).first))
		t.extras.Forget(k)
	}
	t.arrived.Forget(t.arrivals(n))
	t.Turns++
}

// Restart forgets everything; the next crossing to be recorded is number i.
func (t *Trace) Restart(i uint64) {
	t.begin()
	t.crossings.Restart(int(i))
	t.extras.Restart(0)
	t.words.Restart(0)
	t.arrived.Restart(0)
	t.Turns++
}

// edit returns crossing i for writing.
func (t *Trace) edit(i uint64) *Crossing { return t.crossings.Edit(int(i)) }

const crossingBytes = 120 // of a Crossing in memory

// Bytes returns about how much memory the records take.
func (t *Trace) Bytes() int {
	return t.crossings.Bytes(crossingBytes) + t.extras.Bytes(16) + t.arrived.Bytes(16) + t.words.Bytes(4)
}

// begin makes the lists.
func (t *Trace) begin() {
	if t.crossings != nil {
		return
	}
	p := newPacker()
	t.crossings = ring.NewPacked(p.pack, p.unpack)
	t.extras, t.words = ring.NewPacked(packExtras, unpackExtras), ring.NewPacked(packOptions, unpackOptions)
	t.arrived = ring.NewPacked(packArrivals, unpackArrivals)
}

// Add records crossing number i and returns it for the caller to write all but
// what stands in the frame; nil if that was done before, or recording is off.
func (t *Trace) Add(i uint64, frame []byte) *Crossing {
	if t.Off || i != t.Len() {
		return nil
	}
	t.Again = false
	t.begin()
	c := t.crossings.Grow()
	if more := c.Head.read(frame); len(more) > 0 {
		t.addExtra(i, more)
	}
	return c
}

func (t *Trace) addExtra(i uint64, b []byte) {
	*t.extras.Grow() = extra{i, uint32(t.words.Len()), uint32(len(b))}
	for ; len(b) >= 4; b = b[4:] {
		t.words.Push(binary.LittleEndian.Uint32(b))
	}
	if len(b) > 0 {
		var last [4]byte
		copy(last[:], b)
		t.words.Push(binary.LittleEndian.Uint32(last[:]))
	}
}

// extrasBefore returns how many extras are of crossings before i.
func (t *Trace) extrasBefore(i uint64) int {
	first := t.extras.First()
	return first + sort.Search(t.extras.Len()-first, func(k int) bool { return t.extras.At(first+k).crossing >= i })
}

// Way gives the crossing of e its times, or others than before, and what the wire does to it.
func (t *Trace) Way(e *link.Entry) {
	if t.Again || !t.Has(e.Crossing) {
		return
	}
	c := t.edit(e.Crossing)
	c.Start, c.Arrive, c.Flip, c.Fate = e.Start, e.Arrive, e.Flip, link.Delivered
	if e.Lost {
		c.Fate = link.Lost
	}
}

// Wait says of crossing i that it waits and that nobody knows yet for how long.
func (t *Trace) Wait(i uint64) {
	if !t.Again && t.Has(i) {
		c := t.edit(i)
		c.Start, c.Arrive, c.Flip, c.Fate = timer.Never, timer.Never, 0, link.Delivered
	}
}

// Hold says of the crossing of e that it will not arrive until somebody releases it; whether it is on the wire already is known.
func (t *Trace) Hold(e *link.Entry, onWire bool) {
	if t.Again || !t.Has(e.Crossing) {
		return
	}
	c := t.edit(e.Crossing)
	c.Start, c.Arrive, c.Flip, c.Fate = timer.Never, timer.Never, e.Flip, link.Delivered
	if onWire {
		c.Start = e.Start
	}
}

// Drop ends crossing i: before the wire, or on it if it has begun its way.
func (t *Trace) Drop(i uint64, at int64, fate link.Fate) {
	if !t.Again && t.Has(i) {
		c := t.edit(i)
		c.Start, c.Arrive, c.Fate = min(c.Start, at), at, fate
	}
}

// Mark notes that crossing i was marked.
func (t *Trace) Mark(i uint64) {
	if !t.Again && t.Has(i) {
		t.edit(i).Mark = true
	}
}

// Unmark notes that crossing i is not marked yet.
func (t *Trace) Unmark(i uint64) {
	if i < t.Len() && t.At(i).Mark {
		t.edit(i).Mark = false
	}
}

// Arrive records that the event of number n took in crossing i.
func (t *Trace) Arrive(n, i uint64) {
	if t.Off || t.Again {
		return
	}
	t.begin()
	if k := t.arrived.Len(); k == t.arrived.First() || t.arrived.At(k-1).event < n {
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
	first := t.arrived.First()
	return first + sort.Search(t.arrived.Len()-first, func(k int) bool { return t.arrived.At(first+k).event >= n })
}

// Summary returns the summary of crossing i.
func (t *Trace) Summary(i uint64) Summary {
	s := Summary{Head: t.At(i).Head}
	if k := t.extrasBefore(i); k < t.extras.Len() && t.extras.At(k).crossing == i {
		e := t.extras.At(k)
		for w := int(e.first); len(s.Extra) < int(e.len); w++ {
			s.Extra = binary.LittleEndian.AppendUint32(s.Extra, *t.words.At(w))
		}
		s.Extra = s.Extra[:e.len]
	}
	return s
}

// After returns the first crossing that was offered later than timeNs.
func (t *Trace) After(timeNs int64) uint64 {
	first := t.First()
	return first + uint64(sort.Search(int(t.Len()-first), func(i int) bool { return t.At(first+uint64(i)).Offered > timeNs }))
}

// Truncate forgets crossings from number n on and arrivals after the event
// events: the future of a lab that took another turn.
func (t *Trace) Truncate(n, events uint64) {
	t.Turns++
	t.crossings.Truncate(int(min(t.Len(), n)))
	if k := t.extrasBefore(n); k < t.extras.Len() {
		t.words.Truncate(int(t.extras.At(k).first))
		t.extras.Truncate(k)
	}
	t.arrived.Truncate(t.arrivals(events + 1))
}
