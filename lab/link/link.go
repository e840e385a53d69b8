// Package link is what lies between hosts: point-to-point links with
// bandwidth, delay, a queue and loss, and the switch that learns.
//
// A link is plain state. A link is first in, first out, so everything about a
// frame's way is known when it is offered: when its first bit goes onto the
// wire and when its last bit is at the other end. A frame therefore costs one
// event and not three. It may import block, event, ring, timer and sim. Start
// reading at Direction.
package link

import (
	"cmp"
	"slices"

	"wirelab/lab/sim"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/ring"
	"wirelab/stack/timer"
)

// Params are what a person sets on one direction of a link.
type Params struct {
	BitsPerSecond uint64 // zero: no limit
	DelayNs       int64
	QueuePackets  uint32 // that may wait; zero: no limit
	LossPPM       uint32 // lost at random, in parts per million
}

// Entry is a frame on its way.
type Entry struct {
	Frame    block.Handle
	Bytes    uint32
	Start    int64 // when its first bit went onto the wire
	Arrive   int64 // when its last bit is at the other end
	Crossing uint64
	Why      event.Why
	Lost     bool // it will not arrive
}

// Counters obey offered + duplicated + injected = delivered + dropped + queued
// + in flight + held (DESIGN §6); nothing duplicates, injects or holds yet.
type Counters struct {
	Offered, Delivered, Dropped, BytesDelivered uint64
}

// Direction is one way of a link.
type Direction struct {
	Params
	Flight   ring.Ring[Entry] // frames that wait or fly, in the order of their arrival
	Waiting  ring.Ring[int64] // when the frames that wait go onto the wire
	Busy     int64            // until when the wire is taken, by those that wait too
	Ordinal  uint64
	Counters Counters
}

// End is where a link is plugged in.
type End struct{ Node, Port uint32 }

// Link connects two ends; Dir[0] leads from Ends[0] to Ends[1].
type Link struct {
	ID   uint32
	Ends [2]End
	Dir  [2]Direction
}

// Offer gives a frame, and the hold on it, to a direction of the link. It
// returns the frame's way, for looking at until the next call, or nil if the
// queue is full: then the frame is dropped.
func (l *Link) Offer(pool *block.Pool, seed uint64, dir uint8, now int64, frame block.Handle, crossing uint64, why event.Why) *Entry {
	d := &l.Dir[dir]
	d.Counters.Offered++
	n := d.Ordinal
	d.Ordinal++
	waiting := d.Queued(now) // asked even if there is no limit: it forgets those that have left
	if d.QueuePackets > 0 && uint32(waiting) >= d.QueuePackets {
		d.Counters.Dropped++
		pool.Release(frame)
		return nil
	}
	e := Entry{Frame: frame, Bytes: uint32(len(pool.Data(frame))), Crossing: crossing, Why: why}
	e.Lost = d.LossPPM > 0 && sim.Happens(sim.Dice(seed, l.ID, dir, sim.Loss, n), d.LossPPM)
	return d.place(now, &e)
}

// Queued returns how many frames wait for the wire at time now.
func (d *Direction) Queued(now int64) int {
	for d.Waiting.Len() > 0 && *d.Waiting.Front() <= now {
		d.Waiting.Pop()
	}
	return d.Waiting.Len()
}

// place gives a frame its times, behind those that are ahead of it, and
// returns where it stands.
func (d *Direction) place(now int64, e *Entry) *Entry {
	e.Start = max(d.Busy, now)
	d.Busy = e.Start + d.wireTime(e.Bytes)
	e.Arrive = d.Busy + d.DelayNs
	if e.Start > now {
		d.Waiting.Push(e.Start)
	}
	at := d.Flight.Len() // a shorter delay may have been set meanwhile
	for at > 0 && d.Flight.At(at-1).Arrive > e.Arrive {
		at--
	}
	d.Flight.Insert(at, *e)
	return d.Flight.At(at)
}

// Set changes the parameters from time now on. Frames that wait get new times,
// which moved is told; those on the wire keep theirs, and none is dropped.
func (d *Direction) Set(now int64, p Params, moved func(*Entry)) {
	if d.Queued(now) > 0 {
		d.Busy = *d.Waiting.Front()
	}
	d.Params = p
	var waiting []Entry
	for i := 0; i < d.Flight.Len(); {
		if e := d.Flight.At(i); e.Start > now {
			waiting = append(waiting, *e)
			d.Flight.Remove(i)
			continue
		}
		i++
	}
	slices.SortStableFunc(waiting, func(a, b Entry) int { return cmp.Compare(a.Start, b.Start) })
	d.Waiting.Clear()
	for i := range waiting {
		moved(d.place(now, &waiting[i]))
	}
}

// wireTime is how long the bits of a frame take, rounded up to whole
// nanoseconds; the frame is counted without its check sequence.
func (d *Direction) wireTime(bytes uint32) int64 {
	if d.BitsPerSecond == 0 {
		return 0
	}
	ns := uint64(bytes) * 8_000_000_000 // a frame has at most block.MaxLen bytes: no overflow
	q := ns / d.BitsPerSecond
	if q*d.BitsPerSecond != ns {
		q++
	}
	return int64(q)
}

// Next returns when the next frame arrives, or timer.Never.
func (d *Direction) Next() int64 {
	if d.Flight.Len() > 0 {
		return d.Flight.Front().Arrive
	}
	return timer.Never
}

// Arrive takes the frame that has arrived by now, if there is one, and its
// hold; a lost one is already released.
func (d *Direction) Arrive(pool *block.Pool, now int64) (Entry, bool) {
	if d.Flight.Len() == 0 || d.Flight.Front().Arrive > now {
		return Entry{}, false
	}
	e := d.Flight.Pop()
	if e.Lost {
		d.Counters.Dropped++
		pool.Release(e.Frame)
		e.Frame = 0
		return e, true
	}
	d.Counters.Delivered++
	d.Counters.BytesDelivered += uint64(e.Bytes)
	return e, true
}

// Conserved reports whether every frame that was offered is accounted for.
func (d *Direction) Conserved() bool {
	c := &d.Counters
	return c.Offered == c.Delivered+c.Dropped+uint64(d.Flight.Len())
}
