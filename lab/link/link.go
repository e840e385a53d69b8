// Package link is what lies between hosts: point-to-point links with
// bandwidth, delay, a queue and loss, and the switch that learns.
//
// A link is plain state. Frames wait in Queue until the wire is free and are
// then in Flight until they arrive; which of the two a frame is in is brought
// up to date only when somebody touches the direction, so that a frame costs
// one event and not three. It may import block, event, ring, timer and sim.
// Start reading at Direction.
package link

import (
	"math/bits"

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
	Offered  int64 // when it was given to the link
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
	Queue    ring.Ring[Entry]
	Flight   ring.Ring[Entry]
	Busy     int64 // until when the wire is taken
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
// reports false if the queue is full: then the frame is dropped.
func (l *Link) Offer(pool *block.Pool, seed uint64, dir uint8, now int64, frame block.Handle, crossing uint64, why event.Why) bool {
	d := &l.Dir[dir]
	d.Advance(now)
	d.Counters.Offered++
	n := d.Ordinal
	d.Ordinal++
	if d.QueuePackets > 0 && uint32(d.Queue.Len()) >= d.QueuePackets {
		d.Counters.Dropped++
		pool.Release(frame)
		return false
	}
	lost := d.LossPPM > 0 && sim.Happens(sim.Dice(seed, l.ID, dir, sim.Loss, n), d.LossPPM)
	d.Queue.Push(Entry{Frame: frame, Bytes: uint32(len(pool.Data(frame))), Offered: now, Crossing: crossing, Why: why, Lost: lost})
	d.Advance(now)
	return true
}

// Advance puts on the wire what has left the queue by now.
func (d *Direction) Advance(now int64) {
	for d.Queue.Len() > 0 {
		start := max(d.Busy, d.Queue.Front().Offered)
		if start > now {
			return
		}
		e := d.Queue.Pop()
		e.Start = start
		d.Busy = start + d.wireTime(e.Bytes)
		e.Arrive = d.Busy + d.DelayNs
		at := d.Flight.Len() // a shorter delay may have been set meanwhile
		for at > 0 && d.Flight.At(at-1).Arrive > e.Arrive {
			at--
		}
		d.Flight.Insert(at, e)
	}
}

// wireTime is how long the bits of a frame take, rounded up to whole
// nanoseconds; the frame is counted without its check sequence.
func (d *Direction) wireTime(bytes uint32) int64 {
	if d.BitsPerSecond == 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(bytes)*8, 1_000_000_000)
	q, r := bits.Div64(hi, lo, d.BitsPerSecond)
	if r > 0 {
		q++
	}
	return int64(q)
}

// Next returns when the direction wants to be looked at: when a frame arrives,
// or goes onto the wire and nothing is ahead of it.
func (d *Direction) Next() int64 {
	if d.Flight.Len() > 0 {
		return d.Flight.Front().Arrive
	}
	if d.Queue.Len() > 0 {
		return max(d.Busy, d.Queue.Front().Offered)
	}
	return timer.Never
}

// Arrive takes the frame that has arrived by now, if there is one, and its
// hold; a lost one is already released.
func (d *Direction) Arrive(pool *block.Pool, now int64) (Entry, bool) {
	d.Advance(now)
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
	return c.Offered == c.Delivered+c.Dropped+uint64(d.Queue.Len()+d.Flight.Len())
}
