package tcp

import "wirelab/stack/seq"

// Selective acknowledgements as the sender takes them (RFC 2018 §5, RFC 2883 §4): the
// retransmission queue is the scoreboard. What arrives from them is only a promise
// that the receiver may take back, so nothing is freed before the cumulative ACK.

const maxSacks = 4 // blocks that fit a header without timestamps

// highestSacked returns the number behind the highest segment that has arrived, as
// far as SACK blocks told.
func (c *Conn) highestSacked() uint32 {
	if c.SackedOut == 0 || !c.SackOn {
		return c.SndUna
	}
	return c.HighSacked
}

// takeSacks marks what the blocks of s say.
func (c *Conn) takeSacks(env *Env, s *Segment) {
	n := &env.news
	var blocks [maxSacks]Span // by number: told in any other order they would look like reordering
	told := blocks[:0]
	if dup := s.Sacks[0]; c.takeDSack(env, s) {
		if c.possible(dup, true) {
			c.markArrived(env, dup, true)
		}
		s.Sacks[0] = Span{}
	}
	for _, b := range s.Sacks[:s.NSacks] {
		if !c.possible(b, false) {
			continue
		}
		i := len(told)
		told = append(told, b)
		for ; i > 0 && seq.LT(b.Start, told[i-1].Start); i-- {
			told[i] = told[i-1]
		}
		told[i] = b
	}
	for _, b := range told {
		c.markArrived(env, c.untold(b), false)
	}
	c.sacks().Heard = blocks
	if (c.CA != Loss || c.Undo.On) && seq.LT(n.late, c.highestSacked()) {
		c.noteReordering(env, n.late)
	}
}

// untold returns the part of b that the ACK before did not tell of.
func (c *Conn) untold(b Span) Span {
	if len(c.Sacks) == 0 {
		return b
	}
	for _, old := range c.Sacks[0].Heard {
		if old.Start == b.Start && old.Start != old.End && seq.LE(old.End, b.End) {
			return Span{old.End, b.End}
		}
	}
	return b
}

// takeDSack finds out whether the first block tells of something that arrived
// twice (RFC 2883 §4): it lies below the ACK, or within the second block.
func (c *Conn) takeDSack(env *Env, s *Segment) bool {
	b := s.Sacks[0]
	if !seq.LT(b.Start, s.Ack) && (s.NSacks < 2 || seq.GT(b.End, s.Sacks[1].End) || seq.LT(b.Start, s.Sacks[1].Start)) {
		return false
	}
	n := &env.news
	size := b.End - b.Start
	if !seq.LT(b.Start, b.End) || size > c.SndMaxWnd {
		return false
	}
	dups := uint32(1)
	probe := false
	if size > c.SndMSS {
		dups = (size + c.SndMSS - 1) / c.SndMSS
	} else {
		probe = c.Probe.On && c.Probe.High == b.End
	}
	c.DSackDups += dups
	if c.DSackDups > c.Segs.Retrans { // we never sent so much twice: the network did, or somebody lies
		return false
	}
	if probe {
		n.flags |= newsDSackProbe
	}
	if c.ReorderSeen > 0 && !probe {
		c.Rack.DSack = true
	}
	n.flags |= newsDSack
	c.Delivered += dups
	if c.Undo.On && c.Undo.Retrans > 0 && seq.LE(b.End, n.una) && seq.GT(b.End, c.Undo.Marker) {
		c.Undo.Retrans = max(0, c.Undo.Retrans-int32(dups))
	}
	return true
}

// possible reports whether a block can be meant: it lies within what is in
// flight, or tells of a duplicate since the last loss.
func (c *Conn) possible(b Span, dup bool) bool {
	switch {
	case seq.GT(b.End, c.SndNxt), !seq.LT(b.Start, b.End), !seq.LT(b.Start, c.SndNxt):
		return false
	case seq.GT(b.Start, c.SndUna):
		return true
	case !dup || !c.Undo.On || seq.GT(b.End, c.SndUna):
		return false
	case seq.GE(b.Start, c.Undo.Marker):
		return true
	case seq.LE(b.End, c.Undo.Marker):
		return false
	}
	return seq.GE(b.Start, b.End-c.SndMaxWnd)
}

// markArrived marks the segments that lie in block b as a whole.
func (c *Conn) markArrived(env *Env, b Span, dup bool) {
	for i := c.find(b.Start); i < c.Rtx.Len(); i++ {
		p := c.Rtx.At(i)
		if seq.GE(p.Seq, b.End) {
			return
		}
		if p.Mark&markJoined != 0 && !dup {
			p = c.separate(&i, b)
		}
		if seq.LE(b.Start, p.Seq) && seq.LE(p.Seq+p.Len, b.End) {
			if p.Mark&markSacked == 0 {
				c.rateArrived(env, p, i)
			}
			c.arrived(env, p, dup)
		}
	}
}

// separate parts what lies in block b from the rest of segment *i, which was sent as several
// segments first: some of those arrived after all. It moves *i to the part in b.
func (c *Conn) separate(i *int, b Span) *Sent {
	p := c.Rtx.At(*i)
	if seq.LT(p.Seq, b.Start) {
		c.split(*i, b.Start-p.Seq)
		*i++
		p = c.Rtx.At(*i)
	}
	if p.Len > b.End-p.Seq { // be it the FIN alone
		c.split(*i, b.End-p.Seq)
		p = c.Rtx.At(*i)
	}
	return p
}

// find returns the first segment in flight that ends behind number at.
func (c *Conn) find(at uint32) int {
	lo, hi := 0, c.Rtx.Len()
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if p := c.Rtx.At(mid); seq.GT(p.Seq+p.Len, at) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// arrived marks segment p, of which a block tells; dup says that it arrived twice.
func (c *Conn) arrived(env *Env, p *Sent, dup bool) {
	n := &env.news
	end := p.Seq + p.Len
	if dup && p.Xmit > 1 {
		if c.Undo.On && c.Undo.Retrans > 0 && seq.GT(end, c.Undo.Marker) {
			c.Undo.Retrans--
		}
		if p.Mark&markSacked != 0 && seq.LT(p.Seq, n.late) {
			n.late = p.Seq
		}
	}
	if seq.LE(end, c.SndUna) {
		return
	}
	if p.Mark&markSacked == 0 {
		c.Rack.advance(env, p, c.MinRTT.Value())
		c.arrivedFirst(env, p, end)
	}
	if dup && p.Mark&markRetrans != 0 {
		p.Mark &^= markRetrans
		c.RetransOut--
	}
}

// arrivedFirst is for a segment that no block told of before.
func (c *Conn) arrivedFirst(env *Env, p *Sent, end uint32) {
	n := &env.news
	if p.Mark&markRetrans == 0 {
		if p.Xmit == 1 {
			if seq.LT(p.Seq, c.highestSacked()) && seq.LT(p.Seq, n.late) { // it filled a hole by itself
				n.late = p.Seq
			}
			if seq.LE(end, c.HighSeq) {
				n.flags |= newsOriginal
			}
			if n.sackedFirst == Never {
				n.sackedFirst = p.At
			}
			n.sackedLast = p.At
		}
		if p.Mark&markLost != 0 {
			p.Mark &^= markLost
			c.LostOut--
		}
	} else if p.Mark&markLost != 0 { // else the copy may still be on its way
		p.Mark &^= markLost | markRetrans
		c.LostOut--
		c.RetransOut--
	}
	if top := c.highestSacked(); c.SackedOut == 0 || seq.GT(end, top) {
		c.HighSacked = end
	}
	p.Mark |= markSacked
	c.SackedOut++
	c.Delivered++
	n.newest = max(n.newest, p.At)
	n.flags |= newsSacked
}

// noteReordering takes note that the segment at number at arrived later than one
// sent after it: so many duplicate ACKs mean no loss on this path.
func (c *Conn) noteReordering(env *Env, at uint32) {
	high := env.news.fack
	if top := c.highestSacked(); seq.GT(top, high) {
		high = top
	}
	if metric := high - at; metric > c.Reordering*c.SndMSS {
		c.Reordering = min((metric+c.SndMSS-1)/c.SndMSS, env.Conf.MaxReordering)
	}
	c.ReorderSeen++
}

// addRenoSacks counts duplicate ACKs, each of which says that a segment has
// arrived, when the peer does not know SACK.
func (c *Conn) addRenoSacks(env *Env, dups uint32) {
	if dups == 0 {
		return
	}
	before := c.SackedOut
	c.SackedOut += dups
	c.limitRenoSacks(env, 0)
	if c.SackedOut > before {
		c.Delivered += c.SackedOut - before
	}
}

// removeRenoSacks takes acked segments off that count: one closed the hole, duplicate ACKs had
// told of the others.
func (c *Conn) removeRenoSacks(env *Env, acked uint32) {
	if acked > 0 {
		c.Delivered += max(acked-min(acked, c.SackedOut), 1)
		c.SackedOut -= min(c.SackedOut, acked-1)
	}
	c.limitRenoSacks(env, acked)
}

// limitRenoSacks keeps the count below what is in flight: more duplicates than that come from
// reordering.
func (c *Conn) limitRenoSacks(env *Env, acked uint32) {
	out := uint32(c.Rtx.Len())
	holes := min(max(c.LostOut, 1), out)
	if c.SackedOut+holes <= out {
		return
	}
	c.SackedOut = out - holes
	c.Reordering = min(out+acked, env.Conf.MaxReordering)
	c.ReorderSeen++
}
