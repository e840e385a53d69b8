package link

import (
	"wirelab/lab/sim"
	"wirelab/stack/block"
)

// Treatment is what somebody does to a frame as it is offered; the zero value leaves it alone.
type Treatment struct {
	Take    bool   // it is gone
	Hold    bool   // it stays until it is released
	DelayNs int64  // it takes so much longer, and others overtake it
	Flip    uint32 // the bit to be changed on the way, plus one
}

// Held is a frame that somebody keeps from going on.
type Held struct {
	Entry
	Left int64  // ns that it would still have taken; negative: it is not on the wire yet
	PPM  uint32 // how far along the wire it is, in millionths
}

// OfferTreated is Offer for a frame that is treated.
func (l *Link) OfferTreated(env *Env, dir uint8, e Entry, t *Treatment) {
	d := &l.Dir[dir]
	d.Counters.Offered++
	k := dice{env.Seed, d.Ordinal, l.ID, dir}
	d.Ordinal++
	e.Bytes = uint32(len(env.Pool.Data(e.Frame)))
	switch {
	case t.Take:
		d.drop(env, &e, DroppedByHand)
	case t.Hold:
		e.Start = env.Now
		d.keepHeld(env, Held{Entry: e, Left: -1})
	default:
		e.Flip = t.Flip
		d.put(env, k, e, t.DelayNs)
	}
}

// Inject puts a frame that no node sent at the end of the queue.
func (l *Link) Inject(env *Env, dir uint8, e Entry) {
	d := &l.Dir[dir]
	d.Counters.Injected++
	k := dice{env.Seed, e.Crossing | forged, l.ID, dir}
	e.Bytes = uint32(len(env.Pool.Data(e.Frame)))
	d.put(env, k, e, 0)
}

// forged keeps the dice of injected frames apart from those of the others, which they must not move.
const forged = 1 << 62

// HoldOf returns the frame of a crossing that is held, or nil.
func (d *Direction) HoldOf(crossing uint64) *Held {
	for i := range d.Held {
		if d.Held[i].Crossing == crossing {
			return &d.Held[i]
		}
	}
	return nil
}

// Take takes a frame out of the direction, wherever it waits, flies or is held; false if it is not there.
// Those that waited behind it move up.
func (l *Link) Take(env *Env, dir uint8, crossing uint64) (h Held, ok bool) {
	d := &l.Dir[dir]
	for i := range d.Held {
		if h = d.Held[i]; h.Crossing == crossing {
			d.Held = append(d.Held[:i], d.Held[i+1:]...)
			return h, true
		}
	}
	for i := range d.Flight.Len() {
		if e := *d.Flight.At(i); e.Crossing == crossing && e.Start <= env.Now {
			d.Flight.Remove(i)
			h = Held{Entry: e, Left: e.Arrive - env.Now}
			if whole := e.Arrive - e.Start; whole > 0 {
				h.PPM = uint32(millionths(env.Now-e.Start, whole))
			}
			return h, true
		}
	}
	waiting := append(d.takeWaiting(env.Now), d.Backlog.takeAll()...)
	for i := range waiting {
		e := &waiting[i]
		if e.Crossing == crossing {
			h, ok = Held{Entry: *e, Left: -1}, true
			continue
		}
		d.requeue(env, dice{env.Seed, e.Crossing, l.ID, dir}, e)
	}
	return h, ok
}

// millionths returns part of whole in millionths, without overflow.
func millionths(part, whole int64) int64 {
	for whole > 1<<40 {
		part, whole = part>>1, whole>>1
	}
	return part * sim.Million / whole
}

// Keep holds a frame that Take took.
func (l *Link) Keep(env *Env, dir uint8, h Held) { l.Dir[dir].keepHeld(env, h) }

func (d *Direction) keepHeld(env *Env, h Held) {
	d.Held = append(d.Held, h)
	env.Record.Hold(&h.Entry, h.OnWire())
}

// OnWire reports whether a frame that is held had left the queue.
func (h *Held) OnWire() bool { return h.Left >= 0 }

// Return lets a frame that Take took go on, later by ns than it would have.
func (l *Link) Return(env *Env, dir uint8, h Held, ns int64) {
	d, e := &l.Dir[dir], &h.Entry
	if ns > 0 {
		e.Late = true
	}
	e.Bytes = uint32(len(env.Pool.Data(e.Frame)))
	if h.Left < 0 {
		e.Arrive += ns
		d.requeue(env, dice{env.Seed, e.Crossing, l.ID, dir}, e)
		return
	}
	behind := int64(h.PPM) * ((h.Left + ns) / max(sim.Million-int64(h.PPM), 1)) // so that it goes on from where it is
	e.Start, e.Arrive = env.Now-behind, env.Now+h.Left+ns
	env.Record.Way(d.fly(e))
}

// Double lets a copy of a frame that Take took follow it. The copy has a crossing of its own.
func (l *Link) Double(env *Env, dir uint8, h Held, crossing uint64) {
	env.Pool.Retain(h.Frame)
	l.Dir[dir].Counters.Duplicated++
	h.Crossing = crossing
	h.Why.Copy++
	l.Return(env, dir, h, 0)
}

// Discard drops a frame that Take took.
func (l *Link) Discard(env *Env, dir uint8, h Held) { l.Dir[dir].drop(env, &h.Entry, DroppedByHand) }

// Replace gives a frame that Take took other bytes: edit writes into them.
func (h *Held) Replace(pool *block.Pool, edit func(frame []byte) error) error {
	own := pool.New(len(pool.Data(h.Frame)))
	copy(pool.Data(own), pool.Data(h.Frame))
	if err := edit(pool.Data(own)); err != nil {
		pool.Release(own)
		return err
	}
	pool.Release(h.Frame)
	h.Frame = own
	return nil
}

// Cut switches the link off for good: what is on its way or held is lost.
func (l *Link) Cut(env *Env) {
	for dir := range l.Dir {
		d := &l.Dir[dir]
		p := d.Params
		p.Down = true
		d.Set(env, l.ID, uint8(dir), p)
		for i := range d.Held {
			d.drop(env, &d.Held[i].Entry, DroppedDown)
		}
		d.Held = nil
	}
}
