package tcp

import (
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// Selective acknowledgements as the receiver gives them (RFC 2018 §4, RFC 2883 §4).

// sackBlocks returns how many blocks the next segment carries.
func (c *Conn) sackBlocks() int {
	if !c.SackOn {
		return 0
	}
	n := int(c.NRcvSacks)
	if c.HasDSack {
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
	at := 0
	if c.HasDSack {
		s.Sacks[0] = c.DSack
		at, c.HasDSack = 1, false
	}
	copy(s.Sacks[at:n], c.RcvSacks[:])
}

// gotSpan takes note that b arrived out of order; the block that it belongs to comes first.
func (c *Conn) gotSpan(b Span) {
	if !c.SackOn {
		return
	}
	n := int(c.NRcvSacks)
	at := 0
	for at < n && !c.RcvSacks[at].join(b) {
		at++
	}
	if at == n {
		if n == maxSacks { // the oldest is forgotten
			at--
		} else {
			c.NRcvSacks++
		}
		c.RcvSacks[at] = b
	}
	first := c.RcvSacks[at]
	copy(c.RcvSacks[1:at+1], c.RcvSacks[:at])
	c.RcvSacks[0] = first
	for i := 1; i < int(c.NRcvSacks); { // it may have grown together with another one
		if c.RcvSacks[0].join(c.RcvSacks[i]) {
			c.dropSack(i)
			i = 1
			continue
		}
		i++
	}
}

func (c *Conn) dropSack(i int) {
	copy(c.RcvSacks[i:], c.RcvSacks[i+1:c.NRcvSacks])
	c.NRcvSacks--
	c.RcvSacks[c.NRcvSacks] = Span{}
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

// forgetSacks drops the blocks that RcvNxt has passed.
func (c *Conn) forgetSacks() {
	if c.OutOfOrder.Len() == 0 {
		c.NRcvSacks, c.RcvSacks = 0, [maxSacks]Span{}
		return
	}
	for i := 0; i < int(c.NRcvSacks); {
		if seq.GE(c.RcvNxt, c.RcvSacks[i].Start) {
			c.dropSack(i)
		} else {
			i++
		}
	}
}

// twice takes note that the stretch from a to b arrived again.
func (c *Conn) twice(env *Env, a, b uint32) {
	if c.SackOn && env.Conf.DSack && a != b {
		c.HasDSack, c.DSack = true, Span{a, b}
	}
}

// twiceMore widens what is told as duplicate.
func (c *Conn) twiceMore(env *Env, a, b uint32) {
	if c.HasDSack {
		c.DSack.join(Span{a, b})
	} else {
		c.twice(env, a, b)
	}
}

// resetSacked reports whether at is where the peer, having sent all that arrived
// out of order, would send a reset (Linux).
func (c *Conn) resetSacked(at uint32) bool {
	if !c.SackOn || c.NRcvSacks == 0 {
		return false
	}
	top := c.RcvSacks[0].End
	for _, b := range c.RcvSacks[:c.NRcvSacks] {
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
	c.dataRepeated()
	end := s.Seq + s.Len()
	if seq.GT(end, c.RcvNxt) {
		end = c.RcvNxt
	}
	c.twice(env, s.Seq, end)
}
