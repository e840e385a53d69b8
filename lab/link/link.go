// Package link is what lies between hosts: point-to-point links with
// bandwidth, delay, a queue and faults, and the switch that learns.
//
// A link is plain state. Everything about a frame's way is known when it is
// offered: when its first bit goes onto the wire, when its last bit is at the
// other end, and what happens to it in between. A frame therefore costs one
// event and not three. It may import block, event, ring, timer and sim. Start
// reading at Direction; faults.go throws the dice.
package link

import (
	"cmp"
	"slices"

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

	LossRun      uint32 // frames that one loss takes, one behind the other; zero: one
	DuplicatePPM uint32 // doubled; the copy queues behind the frame and is like any other
	CorruptPPM   uint32 // one bit arrives as its opposite
	ReorderPPM   uint32 // late by ReorderNs: those behind overtake them
	ReorderNs    int64
	JitterNs     int64 // up to so much more delay, for each frame another; the order stays
}

// Entry is a frame on its way.
type Entry struct {
	Frame    block.Handle
	Bytes    uint32
	Start    int64 // when its first bit went onto the wire
	Arrive   int64 // when its last bit is at the other end
	Crossing uint64
	Why      event.Why
	Lost     bool   // it will not arrive
	Late     bool   // it does not keep its place
	Flip     uint32 // the bit that the way changes, plus one; zero: none
}

// Counters obey offered + duplicated + injected = delivered + dropped + queued
// + in flight + held (DESIGN §6); nothing injects or holds yet.
type Counters struct {
	Offered, Duplicated, Delivered, Dropped, BytesDelivered uint64
}

// Direction is one way of a link.
type Direction struct {
	Params
	Flight   ring.Ring[Entry] // frames that wait or fly, in the order of their arrival
	Waiting  ring.Ring[int64] // when the frames that wait go onto the wire
	Busy     int64            // until when the wire is taken, by those that wait too
	Latest   int64            // when the last of those that keep their place arrives
	Losing   uint32           // frames that the loss going on will still take
	Ordinal  uint64           // of the next frame offered; copies have none
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
	k := dice{seed, d.Ordinal, l.ID, dir}
	d.Ordinal++
	return d.put(pool, k, now, frame, crossing, why)
}

// Repeat is Offer for the copy of the frame that was offered last.
func (l *Link) Repeat(pool *block.Pool, seed uint64, dir uint8, now int64, frame block.Handle, crossing uint64, why event.Why) *Entry {
	d := &l.Dir[dir]
	d.Counters.Duplicated++
	return d.put(pool, dice{seed, d.Ordinal - 1 | copies, l.ID, dir}, now, frame, crossing, why)
}

func (d *Direction) put(pool *block.Pool, k dice, now int64, frame block.Handle, crossing uint64, why event.Why) *Entry {
	waiting := d.Queued(now) // asked even if there is no limit: it forgets those that have left
	if d.QueuePackets > 0 && uint32(waiting) >= d.QueuePackets {
		d.Counters.Dropped++
		pool.Release(frame)
		return nil
	}
	extra, late := d.detour(k)
	e := d.place(now, uint32(len(pool.Data(frame))), extra, late)
	e.Frame, e.Crossing, e.Why = frame, crossing, why
	e.Lost = d.loses(k)
	e.Flip = d.flips(k, e.Bytes)
	return e
}

// Queued returns how many frames wait for the wire at time now.
func (d *Direction) Queued(now int64) int {
	for d.Waiting.Len() > 0 && *d.Waiting.Front() <= now {
		d.Waiting.Pop()
	}
	return d.Waiting.Len()
}

// place gives a frame of so many bytes its times, behind those that are ahead
// of it, and returns where it stands. It takes extra longer than the delay.
func (d *Direction) place(now int64, bytes uint32, extra int64, late bool) *Entry {
	start := max(d.Busy, now)
	d.Busy = start + d.wireTime(bytes)
	if start > now {
		d.Waiting.Push(start)
	}
	arrive := d.Busy + d.DelayNs + extra
	if !late {
		if d.JitterNs > 0 {
			arrive = max(arrive, d.Latest)
		}
		d.Latest = max(d.Latest, arrive)
	}
	e := d.slot(arrive)
	e.Bytes, e.Start, e.Arrive, e.Late = bytes, start, arrive, late
	return e
}

// slot returns a zero entry among those in flight for one that arrives at a time.
func (d *Direction) slot(arrive int64) *Entry {
	at := d.Flight.Len()
	for at > 0 && d.Flight.At(at-1).Arrive > arrive { // that one is late, or a shorter delay has been set meanwhile
		at--
	}
	if at == d.Flight.Len() {
		return d.Flight.Extend()
	}
	d.Flight.Insert(at, Entry{})
	return d.Flight.At(at)
}

// Set changes the parameters from time now on. Frames that wait get new times,
// which moved is told; those on the wire keep theirs, and none is dropped. What
// the dice said of a frame stays.
func (d *Direction) Set(now int64, p Params, moved func(*Entry)) {
	if d.Queued(now) > 0 {
		d.Busy = *d.Waiting.Front()
	}
	old := Direction{Params: d.Params}
	d.Params, d.Latest, d.Losing = p, 0, 0
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
	for _, w := range waiting {
		extra := w.Arrive - w.Start - old.wireTime(w.Bytes) - old.DelayNs
		e := d.place(now, w.Bytes, extra, w.Late)
		e.Frame, e.Crossing, e.Why, e.Lost, e.Flip = w.Frame, w.Crossing, w.Why, w.Lost, w.Flip
		moved(e)
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

// Arrive takes the frame that has arrived by now into e, and its hold; a lost
// one is already released. It returns false if there is none.
func (d *Direction) Arrive(pool *block.Pool, now int64, e *Entry) bool {
	if d.Next() > now {
		return false
	}
	*e = *d.Flight.Front()
	d.Flight.Drop()
	if e.Lost {
		d.Counters.Dropped++
		pool.Release(e.Frame)
		e.Frame = 0
		return true
	}
	if e.Flip > 0 {
		e.Frame = flip(pool, e.Frame, e.Flip-1)
	}
	d.Counters.Delivered++
	d.Counters.BytesDelivered += uint64(e.Bytes)
	return true
}

// Conserved reports whether every frame that was offered or doubled is accounted for.
func (d *Direction) Conserved() bool {
	c := &d.Counters
	return c.Offered+c.Duplicated == c.Delivered+c.Dropped+uint64(d.Flight.Len())
}
