// Package link is what lies between hosts: point-to-point links with
// bandwidth, delay, a queue and faults, and the switch that learns.
//
// A link is plain state. What becomes of a frame is known when it is offered, except behind a
// queue that chooses later whom to send (CoDel, FQ-CoDel): when its first bit goes onto the wire,
// when its last bit is at the other end, and what happens to it in between. Most frames
// therefore cost one event and not three. It may import block, event, ring, timer, wire and sim. Start
// reading at Direction; faults.go throws the dice, fifo.go, codel.go and fair.go are the queues.
package link

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/ring"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
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

	QueueBytes uint32 // that may wait; zero: no limit
	Discipline Discipline
	ECN        bool // the discipline marks packets that can be marked instead of dropping them (RFC 3168)
	RED        REDParams
	CoDel      CoDelParams
	LossEvery  uint32 // every n-th frame is lost; zero: none
	LossFilter string // frames that match are lost; empty: none
	Gilbert    GilbertParams
	MTU        uint32 // larger IP packets do not fit; zero: all do
	Down       bool   // nothing gets through
}

// Fate is what becomes of a frame on a link.
type Fate uint8

const (
	Delivered     Fate = iota
	Lost               // on the wire
	Dropped            // the queue was full
	DroppedEarly       // by the queue's discipline, before it was full
	DroppedDown        // the link is switched off
	DroppedTooBig      // beyond the MTU of the link
	DroppedByHand      // somebody took it away
	nFates
)

var fateKeys = [nFates]string{"delivered", "lost", "dropped", "dropped_early", "dropped_down", "dropped_too_big", "dropped_by_hand"}

// Key returns the fate's key in the word catalogues, without "fate.".
func (f Fate) Key() string { return fateKeys[min(f, nFates-1)] }

// BeforeWire reports whether the frame never got onto the wire.
func (f Fate) BeforeWire() bool { return f >= Dropped }

// Fates returns how many there are.
func Fates() int { return int(nFates) }

// Entry is a frame on its way.
type Entry struct {
	Frame    block.Handle
	Bytes    uint32
	Start    int64 // when its first bit goes onto the wire; in a Backlog: when it was offered
	Arrive   int64 // when its last bit is at the other end; in a Backlog: by how much later than the delay says
	Crossing uint64
	Why      event.Why
	Lost     bool   // it will not arrive
	Late     bool   // it does not keep its place
	Flip     uint32 // the bit that the way changes, plus one; zero: none
}

// Counters obey offered + duplicated + injected = delivered + dropped + queued
// + in flight + held (docs/ARCHITECTURE.md, Counting frames).
type Counters struct {
	Offered, Duplicated, Injected, Delivered, Dropped, BytesDelivered uint64
	Marked                                                            uint64 // of them, as having met congestion
}

// Direction is one way of a link.
type Direction struct {
	Params
	Flight   ring.Ring[Entry] // frames that fly, or wait first come, first served; in the order of their arrival
	Waiting  ring.Ring[Wait]  // those of them that wait
	Bytes    uint32           // of those
	Backlog  Backlog          // frames whose turn the discipline has not decided
	Held     []Held
	Average  REDState
	Busy     int64  // until when the wire is taken, by those in Waiting too
	Latest   int64  // when the last of those that keep their place arrives
	Losing   uint32 // frames that the loss going on will still take
	Bad      bool   // the Gilbert–Elliott model is in its bad state
	Ordinal  uint64 // of the next frame offered; copies have none
	Counters Counters
	Qdisc    Qdisc
}

// End is where a link is plugged in.
type End struct{ Node, Port uint32 }

// Link connects two ends; Dir[0] leads from Ends[0] to Ends[1].
type Link struct {
	ID   uint32
	Ends [2]End
	Dir  [2]Direction
}

// Record hears what becomes of frames after they were offered.
type Record interface {
	Way(e *Entry)               // it has its times, or others than before
	Hold(e *Entry, onWire bool) // it stays where it is
	Wait(crossing uint64)       // it waits, and its times are not known any more
	Drop(crossing uint64, at int64, fate Fate)
	Mark(crossing uint64)
}

// Env is what a link is handed with each call. It is not state.
type Env struct {
	Pool    *block.Pool
	Seed    uint64
	Now     int64
	Record  Record
	Matches func(filter string, link uint32, dir uint8, e *Entry) bool
}

// Offer gives a frame, and the hold on it, to a direction of the link, and tells the record what
// becomes of it.
func (l *Link) Offer(env *Env, dir uint8, frame block.Handle, crossing uint64, why event.Why) {
	d := &l.Dir[dir]
	d.Counters.Offered++
	k := dice{env.Seed, d.Ordinal, l.ID, dir}
	d.Ordinal++
	d.put(env, k, Entry{Frame: frame, Bytes: uint32(len(env.Pool.Data(frame))), Crossing: crossing, Why: why}, 0)
}

// Repeat is Offer for the copy of the frame that was offered last.
func (l *Link) Repeat(env *Env, dir uint8, frame block.Handle, crossing uint64, why event.Why) {
	d := &l.Dir[dir]
	d.Counters.Duplicated++
	k := dice{env.Seed, d.Ordinal - 1 | copies, l.ID, dir}
	d.put(env, k, Entry{Frame: frame, Bytes: uint32(len(env.Pool.Data(frame))), Crossing: crossing, Why: why}, 0)
}

// put decides what becomes of a frame, which takes delayNs longer than others.
func (d *Direction) put(env *Env, k dice, e Entry, delayNs int64) {
	switch {
	case d.Down:
		d.drop(env, &e, DroppedDown)
		return
	case d.MTU > 0 && e.Bytes > d.MTU+wire.EthernetLen:
		d.drop(env, &e, DroppedTooBig)
		return
	}
	extra, late := d.detour(k)
	extra += delayNs
	e.Lost, e.Late = d.loses(env, k, &e), late || delayNs > 0
	if e.Flip == 0 {
		e.Flip = d.flips(k, e.Bytes)
	}
	switch d.Discipline {
	case UseCoDel, UseFQCoDel:
		d.keep(env, k, e, extra)
	default:
		if d.hasRoom(env, k, &e) {
			d.place(env, &e, extra)
		}
	}
}

// drop is the end of a frame.
func (d *Direction) drop(env *Env, e *Entry, fate Fate) {
	d.Counters.Dropped++
	env.Pool.Release(e.Frame)
	env.Record.Drop(e.Crossing, env.Now, fate)
}

// wireTime returns how long a frame of so many bytes occupies the wire: the
// frame without its check sequence, rounded up to whole nanoseconds.
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

// Next returns when something happens next: the next frame arrives, or the wire is free for
// one that waits; timer.Never if neither does.
func (d *Direction) Next() int64 {
	at := int64(timer.Never)
	if d.Flight.Len() > 0 {
		at = d.Flight.Front().Arrive
	}
	if d.Backlog.Frames > 0 {
		at = min(at, d.Busy)
	}
	return at
}

// Step does what is due at env.Now, one thing at a time. If a frame has arrived it stands in *e, with the hold on it, and the result is true; a frame
// that the way has eaten is counted and dropped, and e.Lost says so.
func (d *Direction) Step(env *Env, e *Entry) (arrived bool) {
	if d.Flight.Len() == 0 || d.Flight.Front().Arrive > env.Now {
		if d.Backlog.Frames > 0 && d.Busy <= env.Now {
			d.sendNext(env)
		}
		return false
	}
	*e = *d.Flight.Front()
	d.Flight.Drop()
	if e.Lost {
		d.Counters.Dropped++
		env.Pool.Release(e.Frame)
		e.Frame = 0
		return true
	}
	if e.Flip > 0 {
		e.Frame = flip(env.Pool, e.Frame, e.Flip-1)
	}
	d.Counters.Delivered++
	d.Counters.BytesDelivered += uint64(e.Bytes)
	return true
}

// OnWay returns how many frames wait or fly.
func (d *Direction) OnWay() int { return d.Flight.Len() + int(d.Backlog.Frames) }

// Conserved reports whether the counters obey their equation.
func (d *Direction) Conserved() bool {
	c := &d.Counters
	return c.Offered+c.Duplicated+c.Injected == c.Delivered+c.Dropped+uint64(d.OnWay()+len(d.Held))
}
