package link

import (
	"math/bits"

	"wirelab/stack/ring"
)

// CoDelParams are the settings of CoDel and FQ-CoDel; where zero, the RFCs' values count.
type CoDelParams struct {
	TargetNs   int64  // how long frames may wait; 5 ms
	IntervalNs int64  // for how long they may wait longer; 100 ms
	Flows      uint32 // of FQ-CoDel; 1024
	Quantum    uint32 // bytes that a flow sends in its turn; 1514
}

// Backlog is the frames that wait where the discipline chooses late, at the moment of sending.
type Backlog struct {
	Frames, Bytes uint32
	Flows         []Flow   // CoDel has one
	New, Old      []uint32 // buckets of those that have something to send, in the order of their turns
}

// Flow is a queue of its own.
type Flow struct {
	Bucket  uint32
	Deficit int32 // bytes that it may still send in this turn
	Bytes   uint32
	Queue   ring.Ring[Entry]
	Drops   CoDelState
}

// CoDelState is the state of RFC 8289 §5.1.
type CoDelState struct {
	Dropping         bool
	Count, LastCount uint32
	FirstAbove       int64 // when the wait will have been too long for an interval; 0: it is not
	DropNext         int64
}

// keep lets a frame wait until the discipline sends it.
func (d *Direction) keep(env *Env, k dice, e Entry, extra int64) {
	if d.Discipline == UseCoDel && d.full(int(d.Backlog.Frames), d.Backlog.Bytes, e.Bytes) {
		d.drop(env, &e, Dropped)
		return
	}
	e.Start, e.Arrive = env.Now, extra
	b := &d.Backlog
	f := b.flow(d.bucket(env, k, &e))
	f.Queue.Push(e)
	f.Bytes += e.Bytes
	b.Frames++
	b.Bytes += e.Bytes
	if d.Discipline == UseFQCoDel {
		d.enlist(f)
		for d.full(int(b.Frames-1), b.Bytes, 0) {
			d.dropFattest(env)
		}
	}
	if d.Busy <= env.Now {
		d.sendNext(env)
	}
}

// sendNext puts the frame onto the wire whose turn it is, if the discipline leaves one.
func (d *Direction) sendNext(env *Env) {
	var e Entry
	ok := false
	if d.Discipline == UseFQCoDel {
		e, ok = d.dequeueFair(env)
	} else {
		e, ok = d.dequeue(env, d.Backlog.flow(0))
	}
	if ok {
		d.place(env, &e, e.Arrive)
	}
}

// take takes the first frame of a queue out, and tells whether it waited too long (RFC 8289 §5.5).
func (d *Direction) take(env *Env, f *Flow) (e Entry, late, ok bool) {
	if f.Queue.Len() == 0 {
		f.Drops.FirstAbove = 0
		return e, false, false
	}
	e = f.Queue.Pop()
	f.Bytes -= e.Bytes
	d.Backlog.Frames--
	d.Backlog.Bytes -= e.Bytes
	switch s := &f.Drops; {
	case env.Now-e.Start < orDefault(d.Params.CoDel.TargetNs, 5_000_000) || f.Bytes <= 1514:
		s.FirstAbove = 0
	case s.FirstAbove == 0:
		s.FirstAbove = env.Now + d.codelInterval()
	default:
		late = env.Now >= s.FirstAbove
	}
	return e, late, true
}

func (d *Direction) codelInterval() int64 { return orDefault(d.Params.CoDel.IntervalNs, 100_000_000) }

// dequeue takes a frame out of a queue by CoDel's rules: while frames wait too long it drops, or
// marks, ever more often (RFC 8289 §5.6).
func (d *Direction) dequeue(env *Env, f *Flow) (Entry, bool) {
	s := &f.Drops
	e, late, ok := d.take(env, f)
	switch {
	case !ok || !late:
		s.Dropping = false
	case s.Dropping:
		for s.Dropping && env.Now >= s.DropNext {
			s.Count++
			if d.marked(env, &e) {
				s.DropNext = d.controlLaw(s.DropNext, s.Count)
				break
			}
			d.drop(env, &e, DroppedEarly)
			if e, late, ok = d.take(env, f); !ok || !late {
				s.Dropping = false
			} else {
				s.DropNext = d.controlLaw(s.DropNext, s.Count)
			}
		}
	default:
		if !d.marked(env, &e) {
			d.drop(env, &e, DroppedEarly)
			e, _, ok = d.take(env, f)
		}
		s.Dropping = true
		again := s.Count - s.LastCount
		if s.Count = 1; again > 1 && env.Now-s.DropNext < 16*d.codelInterval() { // it was here not long ago: go on where it was
			s.Count = again
		}
		s.LastCount = s.Count
		s.DropNext = d.controlLaw(env.Now, s.Count)
	}
	return e, ok
}

// controlLaw says when to drop next: the interval over the square root of how many were dropped.
func (d *Direction) controlLaw(t int64, count uint32) int64 {
	return t + d.codelInterval()<<16/int64(isqrt(uint64(count)<<32))
}

// isqrt is the square root, rounded down.
func isqrt(n uint64) uint64 {
	if n == 0 {
		return 0
	}
	x := uint64(1) << ((bits.Len64(n) + 1) / 2)
	for {
		y := (x + n/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}

// Each calls see with the crossing of each frame.
func (b *Backlog) Each(see func(crossing uint64)) {
	for i := range b.Flows {
		for j, f := 0, &b.Flows[i]; j < f.Queue.Len(); j++ {
			see(f.Queue.At(j).Crossing)
		}
	}
}

// takeAll empties the backlog, flow by flow.
func (b *Backlog) takeAll() (all []Entry) {
	for i := range b.Flows {
		for f := &b.Flows[i]; f.Queue.Len() > 0; {
			all = append(all, f.Queue.Pop())
		}
	}
	*b = Backlog{}
	return all
}
