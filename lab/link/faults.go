package link

import (
	"wirelab/lab/sim"
	"wirelab/stack/block"
)

// dice are those of one frame on one direction of a link. Each question has its
// own, so the answer to one does not depend on what else is asked (docs/ARCHITECTURE.md, The rules of determinism).
type dice struct {
	seed    uint64
	ordinal uint64
	link    uint32
	dir     uint8
}

// copies keeps the dice of a copy apart from those of the frame that it doubles:
// copies have no ordinals of their own, or they would move the dice of those behind.
const copies = 1 << 63

func (k dice) throw(p sim.Purpose) uint64 { return sim.Dice(k.seed, k.link, k.dir, p, k.ordinal) }

func (k dice) happens(p sim.Purpose, ppm uint32) bool {
	return ppm > 0 && sim.Happens(k.throw(p), ppm)
}

// Doubles reports whether the frame that is offered next will be doubled. Who
// offers it then also calls Repeat.
func (l *Link) Doubles(seed uint64, dir uint8) bool {
	d := &l.Dir[dir]
	return dice{seed, d.Ordinal, l.ID, dir}.happens(sim.Duplicate, d.DuplicatePPM)
}

// GilbertParams is the loss model of Gilbert and Elliott: the wire is good or bad, and changes with a
// frame by chance. In the good state LossPPM counts.
type GilbertParams struct {
	ToBadPPM, ToGoodPPM uint32 // for each frame; ToBadPPM zero: the wire is always good
	LossPPM             uint32 // in the bad state; zero: all are lost
}

// matches asks the loss filter about a frame; about a copy, so that frames without a filter need no memory from the heap.
func (d *Direction) matches(env *Env, k dice, e Entry) bool {
	return env.Matches(d.LossFilter, k.link, k.dir, &e)
}

// loses reports whether the wire loses a frame: by chance, in bursts, by number or by its contents. A copy may fall into a loss that
// goes on, but does not use it up.
func (d *Direction) loses(env *Env, k dice, e *Entry) bool {
	if d.LossFilter != "" && d.matches(env, k, *e) {
		return true
	}
	if k.ordinal&copies != 0 {
		return d.chance(k) || d.Losing > 0
	}
	if d.LossEvery > 0 && (k.ordinal+1)%uint64(d.LossEvery) == 0 {
		return true
	}
	if g := &d.Gilbert; g.ToBadPPM > 0 {
		change := g.ToBadPPM
		if d.Bad {
			change = g.ToGoodPPM
		}
		if k.happens(sim.Gilbert, change) {
			d.Bad = !d.Bad
		}
	}
	hit := d.chance(k)
	if hit {
		d.Losing = max(d.LossRun, 1)
	}
	if d.Losing == 0 {
		return false
	}
	d.Losing--
	return true
}

// chance decides the loss of one frame by the dice.
func (d *Direction) chance(k dice) bool {
	ppm := d.LossPPM
	if d.Bad {
		ppm = orDefault(d.Gilbert.LossPPM, sim.Million)
	}
	return k.happens(sim.Loss, ppm)
}

// detour returns how much longer than the delay a frame takes, and whether it
// is late, so that it does not keep its place among the others.
func (d *Direction) detour(k dice) (extra int64, late bool) {
	if d.JitterNs > 0 {
		extra = int64(sim.Upto(k.throw(sim.Jitter), uint64(d.JitterNs)))
	}
	if k.happens(sim.Reorder, d.ReorderPPM) {
		return extra + d.ReorderNs, true
	}
	return extra, false
}

// flips returns which bit of a frame the way changes, plus one, or zero. Happens
// looks at the upper half of the dice; the lower one says which.
func (d *Direction) flips(k dice, bytes uint32) uint32 {
	if !k.happens(sim.Corrupt, d.CorruptPPM) || bytes == 0 {
		return 0
	}
	return 1 + uint32(sim.Upto(k.throw(sim.Corrupt)<<32, uint64(8*bytes-1)))
}

// flip returns the frame with one bit changed, counted from the highest of the
// first byte as RFCs do. Others who hold it go on seeing it as it was.
func flip(pool *block.Pool, frame block.Handle, bit uint32) block.Handle {
	frame = pool.Own(frame)
	pool.Data(frame)[bit/8] ^= 0x80 >> (bit % 8)
	return frame
}
