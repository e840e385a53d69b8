package tcp

import (
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// Selective acknowledgements as the receiver gives them (RFC 2018 §4, RFC 2883 §4).

// SackState is what SACK blocks told and what they will tell.
type SackState struct {
	Blocks [maxSacks]Span // to tell: the newest first
	N      uint8
	HasDup bool // tell of Dup, which came twice (RFC 2883)
	Dup    Span
	Heard  [maxSacks]Span // the blocks of the peer's last ACK
	Merge  AckMerge
}

// sacks returns the state, which begins when it is first needed.
func (c *Conn) sacks() *SackState {
	if len(c.Sacks) == 0 {
		c.Sacks = []SackState{{Merge: AckMerge{At: Never}}}
	}
	return &c.Sacks[0]
}

// sackBlocks returns how many blocks the next segment carries.
func (c *Conn) sackBlocks() int {
	if !c.SackOn || len(c.Sacks) == 0 {
		return 0
	}
	k := &c.Sacks[0]
	n := int(k.N)
	if k.HasDup {
		n++
	}
	room := maxSacks
	if c.TS.On {
		room = 3
	}
	return min(n, room)
}

// putSacks writes the blocks into a segment: the duplicate first, then the newest
// ones. A duplicate is told once.
func (c *Conn) putSacks(s *Segment) {
	n := c.sackBlocks()
	s.NSacks = uint8(n)
	if n == 0 {
		return
	}
	at, k := 0, &c.Sacks[0]
	if k.HasDup {
		s.Sacks[0] = k.Dup
		at, k.HasDup = 1, false
	}
	copy(s.Sacks[at:n], k.Blocks[:])
}

// gotSpan takes note that b arrived out of order; the block that it belongs to comes first.
func (c *Conn) gotSpan(b Span) {
	if !c.SackOn {
		return
	}
	k := c.sacks()
	n := int(k.N)
	at := 0
	for at < n && !k.Blocks[at].join(b) {
		at++
	}
	if at == n {
		if n == maxSacks { // the oldest is forgotten
			at--
		} else {
			k.N++
		}
		k.Blocks[at] = b
	}
	first := k.Blocks[at]
	copy(k.Blocks[1:at+1], k.Blocks[:at])
	k.Blocks[0] = first
	for i := 1; i < int(k.N); { // it may have grown together with another one
		if k.Blocks[0].join(k.Blocks[i]) {
			k.drop(i)
			i = 1
			continue
		}
		i++
	}
}

func (k *SackState) drop(i int) {
	copy(k.Blocks[i:], k.Blocks[i+1:k.N])
	k.N--
	k.Blocks[k.N] = Span{}
}

// join makes s cover b, too, if they touch.
func (s *Span) join(b Span) bool {
	if seq.GT(b.Start, s.End) || seq.GT(s.Start, b.End) {
		return false
	}
	if seq.LT(b.Start, s.Start) {
		s.Start = b.Start
	}
	if seq.GT(b.End, s.End) {
		s.End = b.End
	}
	return true
}

// resetSacks forgets all ranges that the peer was told of.
func (c *Conn) resetSacks() {
	if len(c.Sacks) > 0 {
		c.Sacks[0].N, c.Sacks[0].Blocks = 0, [maxSacks]Span{}
	}
}

// forgetSacks drops the blocks that RcvNxt has passed.
func (c *Conn) forgetSacks() {
	if len(c.Sacks) == 0 {
		return
	}
	k := &c.Sacks[0]
	if c.OutOfOrder.Len() == 0 {
		c.resetSacks()
		return
	}
	for i := 0; i < int(k.N); {
		if seq.GE(c.RcvNxt, k.Blocks[i].Start) {
			k.drop(i)
		} else {
			i++
		}
	}
}

// twice takes note that the stretch from a to b arrived again.
func (c *Conn) twice(env *Env, a, b uint32) {
	if c.SackOn && env.Conf.DSack && a != b {
		k := c.sacks()
		k.HasDup, k.Dup = true, Span{a, b}
	}
}

// twiceMore widens what is told as duplicate.
func (c *Conn) twiceMore(env *Env, a, b uint32) {
	if len(c.Sacks) > 0 && c.Sacks[0].HasDup {
		c.Sacks[0].Dup.join(Span{a, b})
	} else {
		c.twice(env, a, b)
	}
}

// resetSacked reports whether at is where the peer, having sent all that arrived
// out of order, would send a reset (Linux).
func (c *Conn) resetSacked(at uint32) bool {
	if !c.SackOn || len(c.Sacks) == 0 || c.Sacks[0].N == 0 {
		return false
	}
	k := &c.Sacks[0]
	top := k.Blocks[0].End
	for _, b := range k.Blocks[:k.N] {
		if seq.GT(b.End, top) {
			top = b.End
		}
	}
	return at == top
}

// repeated tells by D-SACK of a segment outside the window that brings nothing new: the
// peer may have missed an ACK.
func (c *Conn) repeated(env *Env, s *Segment) {
	if s.Len() == 0 || s.Flags&wire.SYN != 0 || !seq.LT(s.Seq, c.RcvNxt) {
		return
	}
	c.ackSoon(env, maxQuick)
	end := s.Seq + s.Len()
	if seq.GT(end, c.RcvNxt) {
		end = c.RcvNxt
	}
	c.twice(env, s.Seq, end)
}
