package lab

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"

	"wirelab/lab/filter"
	"wirelab/lab/link"
	"wirelab/lab/sim"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/problem"
	"wirelab/stack/wire"
)

// Action is what somebody does to a packet.
type Action uint8

const (
	ActHold      Action = iota + 1 // it stays where it is until it is released
	ActRelease                     // it goes on
	ActDrop                        // it is gone
	ActDelay                       // it takes Ns longer; others overtake it
	ActDuplicate                   // Count copies follow it
	ActCorrupt                     // bit Bit of the frame, counted from 1, changes; zero: any bit
	ActEdit                        // the field named Field becomes Value
	nActions
)

// Surgery is an action with what it needs.
type Surgery struct {
	Action       Action
	KeepSums     bool // ActEdit leaves checksums as they are
	Count        uint32
	Bit          uint32
	Ns           int64
	Field, Value string
}

// Rule does surgery on packets when they are offered to a link: on those that match Filter, or on the
// n-th of them alone, or by chance.
type Rule struct {
	Filter string // in the display syntax of package filter; empty: all
	Link   uint32 // number plus one; zero: every link
	Dir    uint8  // plus one; zero: both
	Nth    uint64 // counted from 1; zero: every one
	PPM    uint32 // how likely it is, in parts per million; zero: certain
	Surgery
}

// ruleState is a rule with what it has seen.
type ruleState struct {
	Rule
	Seen, Hits uint64 // packets that matched, and those that were treated
	Off        bool
}

const (
	maxRules  = 256
	maxCopies = 100
	maxFrame  = 65535
)

// treatment is what rules do to one frame.
type treatment struct {
	link.Treatment
	copies  uint32
	treated bool
}

// treat lets the rules look at a frame that is offered, and change it.
func (l *Lab) treat(p port, frame *block.Handle, why event.Why) (t treatment) {
	for i := range l.Rules {
		r := &l.Rules[i]
		if r.Off || r.Link != 0 && r.Link != p.link+1 || r.Dir != 0 && r.Dir != p.dir+1 {
			continue
		}
		if r.Filter != "" && !l.fits(r.Filter, p, l.pool.Data(*frame), why) {
			continue
		}
		r.Seen++
		if r.Nth != 0 && r.Seen != r.Nth || r.PPM != 0 && !sim.Happens(sim.Dice(l.Seed, uint32(i), 0, sim.Rule, r.Seen), r.PPM) {
			continue
		}
		r.Hits++
		t.treated = true
		switch r.Action {
		case ActHold:
			t.Hold = true
		case ActDrop:
			t.Take = true
		case ActDelay:
			t.DelayNs += r.Ns
		case ActDuplicate:
			t.copies += r.Count
		case ActCorrupt:
			t.Flip = l.bit(&r.Surgery, *frame, uint64(i)<<32|r.Seen)
		case ActEdit:
			h := link.Held{Entry: link.Entry{Frame: *frame}}
			h.Replace(l.pool, r.edit) // a field that this packet lacks is left alone
			*frame = h.Frame
		}
	}
	if t.Take {
		t.copies = 0
	}
	return t
}

// bit returns the bit to change, plus one: the one that was asked for, or the last one of a shorter frame, which a rule may meet.
func (l *Lab) bit(s *Surgery, frame block.Handle, n uint64) uint32 {
	bits := uint32(8 * len(l.pool.Data(frame)))
	if s.Bit > 0 {
		return min(s.Bit, bits)
	}
	return 1 + uint32(sim.Upto(sim.Dice(l.Seed, 0, 0, sim.Rule, n|1<<63), uint64(bits-1)))
}

func (s *Surgery) edit(frame []byte) error { return wire.Edit(frame, s.Field, s.Value, !s.KeepSums) }

// checkSurgery says what is impossible about an action, or nil.
func (s *Surgery) check() error {
	switch {
	case s.Action == 0 || s.Action >= nActions:
		return problem.New("there is no action number %d on a packet", s.Action)
	case s.Ns < 0 || s.Ns > maxDelayNs:
		return problem.New("a packet can be delayed by 0 to 3600 s, not by %d ns", s.Ns)
	case s.Action == ActDuplicate && (s.Count == 0 || s.Count > maxCopies):
		return problem.New("a packet can be given 1 to %d copies, not %d", maxCopies, s.Count)
	case s.Action == ActEdit && (s.Field == "" || len(s.Field)+len(s.Value) > maxLine):
		return problem.New("to edit a packet takes the name of a field, such as tcp.seq, and a value")
	case s.Bit > 8*maxFrame:
		return problem.New("no frame has a bit number %d", s.Bit)
	}
	return nil
}

// present says why a rule would never act, or nil. Journals of older versions may have such rules.
func (in AddRule) present(*Lab) error {
	switch s := &in.Rule.Surgery; {
	case s.Action != ActEdit:
		return nil
	case s.Value == "":
		return problem.New("to edit a packet takes the name of a field, such as tcp.seq, and a value")
	default:
		return checkField(s.Field)
	}
}

// checkField says why no packet has a field, or nil. frame[N] is a byte of any.
func checkField(key string) error {
	if at, ok := strings.CutPrefix(key, "frame["); ok {
		if n, err := strconv.ParseUint(strings.TrimSuffix(at, "]"), 10, 32); err != nil || n >= maxFrame {
			return problem.New("%s is no byte of a frame; frame[0] is the first", key)
		}
		return nil
	}
	if wire.HasField(key) {
		return nil
	}
	if like := filter.Similar(key, wire.FieldKeys()); like != "" {
		return problem.New("no packet has a field %s: did you mean %s?", key, like)
	}
	return problem.New("no packet has a field %s; the packet view shows the names of fields, such as tcp.seq or ip.ttl", key)
}

func (r *Rule) check(p *plan) error {
	switch {
	case p.rules >= maxRules:
		return problem.New("a lab has at most %d rules", maxRules)
	case r.Action == ActRelease:
		return problem.New("a rule cannot release packets: release each by itself")
	case int64(r.Link) > int64(len(p.ends)) || r.Dir > 2:
		return problem.New("there is no link number %d", int64(r.Link)-1)
	case r.PPM > sim.Million:
		return problem.New("a probability is at most 1000000 in a million, not %d", r.PPM)
	}
	if err := checkFilter(r.Filter); err != nil {
		return err
	}
	return r.Surgery.check()
}

// Proof is what a journal entry about a packet keeps, so that it is never applied to another: a digest of the frame as
// it is now, which may have been edited or marked since it was sent.
func (l *Lab) Proof(crossing uint64) (uint64, error) {
	for i := range l.Links {
		for d := range l.Links[i].Dir {
			if x, ok := l.Links[i].Dir[d].Find(crossing); ok {
				return xxhash.Sum64(l.pool.Data(x.Frame)), nil
			}
		}
	}
	frame, err := l.FrameOf(crossing)
	return xxhash.Sum64(frame), err
}

// present says why surgery on a packet cannot be done now, or nil.
func (in Operate) present(l *Lab) error {
	h, ok := l.find(&in)
	if !ok {
		return problem.New("packet %d is not on this link now", in.Packet+1)
	}
	if in.Surgery.Action == ActRelease && !l.held(&in) {
		return problem.New("packet %d is not held", in.Packet+1)
	}
	if bits := 8 * len(l.pool.Data(h.Frame)); in.Surgery.Action == ActCorrupt && int64(in.Surgery.Bit) > int64(bits) {
		return problem.New("packet %d has bits 1 to %d, and no bit %d", in.Packet+1, bits, in.Surgery.Bit)
	}
	if in.Surgery.Action == ActEdit {
		return in.Surgery.edit(slices.Clone(l.pool.Data(h.Frame)))
	}
	return nil
}

func (l *Lab) held(in *Operate) bool { return l.Links[in.Link].Dir[in.Dir].HoldOf(in.Packet) != nil }

// find looks a packet up without taking it.
func (l *Lab) find(in *Operate) (found link.Entry, ok bool) {
	found, ok = l.Links[in.Link].Dir[in.Dir].Find(in.Packet)
	return found, ok && (in.Proof == 0 || xxhash.Sum64(l.pool.Data(found.Frame)) == in.Proof)
}

// do does surgery on a packet that is on its way. If it is not there, or is another than the one that
// was meant, that is noted and nothing is done.
func (in Operate) do(l *Lab) {
	if _, ok := l.find(&in); !ok {
		if n := l.Inputs - 1; !slices.Contains(l.Missed, n) {
			l.Missed = append(l.Missed, n)
		}
		return
	}
	k, env, s := &l.Links[in.Link], l.wires(), &in.Surgery
	was := l.held(&in)
	h, _ := k.Take(env, in.Dir, in.Packet)
	stay := func() {
		if was {
			k.Keep(env, in.Dir, h)
		} else {
			k.Return(env, in.Dir, h, 0)
		}
	}
	switch s.Action {
	case ActHold:
		k.Keep(env, in.Dir, h)
	case ActRelease:
		k.Return(env, in.Dir, h, 0)
	case ActDrop:
		k.Discard(env, in.Dir, h)
	case ActDelay:
		k.Return(env, in.Dir, h, s.Ns)
	case ActDuplicate:
		stay()
		for range s.Count {
			why := h.Why
			why.Copy++
			l.record(k.Ends[in.Dir].Node, port{in.Link, in.Dir}, h.Frame, why, true)
			k.Double(env, in.Dir, h, l.Crossings)
			l.Crossings++
			h.Why = why
		}
	case ActCorrupt:
		h.Flip = l.bit(s, h.Frame, h.Crossing)
		stay()
	case ActEdit:
		h.Replace(l.pool, s.edit)
		stay()
	}
	l.Queue.Set(wayID(in.Link, in.Dir), k.Dir[in.Dir].Next())
}

// do puts a frame on a link that no node sent.
func (in Inject) do(l *Lab) {
	frame := l.pool.New(len(in.Frame))
	copy(l.pool.Data(frame), in.Frame)
	k, why := &l.Links[in.Link], event.Why{Cause: event.Cause{Event: l.typing}, Reason: event.Forged, Xmit: 1}
	l.record(k.Ends[in.Dir].Node, port{in.Link, in.Dir}, frame, why, true)
	k.Inject(l.wires(), in.Dir, link.Entry{Frame: frame, Crossing: l.Crossings, Why: why})
	l.Crossings++
	l.Queue.Set(wayID(in.Link, in.Dir), k.Dir[in.Dir].Next())
}
