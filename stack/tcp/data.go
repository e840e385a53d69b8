package tcp

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// inputData takes the segment's payload: in order to the receive buffer, ahead
// of a gap to the out-of-order queue. It reports whether a FIN in the segment
// may be looked at.
func (c *Conn) inputData(env *Env, s *Segment) bool {
	switch c.State {
	case Established, FinWait1, FinWait2:
	default: // after the peer's FIN there is no more text
		if s.Data.Len > 0 && seq.LT(s.Seq, c.RcvNxt) && seq.GT(s.Seq+s.Data.Len, c.RcvNxt) {
			c.refuseData(env, s)
			return false
		}
		return true
	}
	if (c.Orphan || c.ReadShut && c.State != Established) && seq.GT(s.Seq+s.Data.Len, c.RcvNxt) {
		c.refuseData(env, s)
		return false
	}
	if s.Data.Len > 0 {
		c.Segs.DataSegsIn++
	}
	length := s.Data.Len
	if !c.trim(env, s) {
		c.ackSoon(env, maxQuick)
		c.ackNow(env, event.AckDuplicate)
		return false
	}
	c.ecnIn(env, s)
	if s.Seq != c.RcvNxt {
		if c.ingest(env, s) { // else Linux drops it without a word
			c.hold(env, s)
			c.ackGap(env)
		}
		return false
	}
	if !c.admit(env, s) {
		c.ackNow(env, event.AckDuplicate)
		return false
	}
	c.takeUrgent(env, s)
	gap := c.OutOfOrder.Len() > 0
	c.deliver(env.Pool, s.Data)
	if s.Data.Len > 0 {
		c.dataArrived(env, s, length)
	}
	if s.Flags&wire.FIN != 0 { // it decides when the data is acknowledged
		return true
	}
	fin := c.deliverHeld(env)
	c.forgetSacks()
	if fin {
		c.ackNow(env, event.AckOutOfOrder)
		c.takeFIN(env)
		return false
	}
	c.scheduleAck(env, gap)
	return true
}

// refuseData resets the connection for data that nobody will read (RFC 9293 §3.6.1), or that goes on behind the peer's FIN.
func (c *Conn) refuseData(env *Env, s *Segment) {
	c.emit(env, s.Ack, 0, wire.RST, event.ResetUnread, 1)
	err := ECONNRESET
	switch {
	case c.Orphan:
		err = 0
	case c.State == CloseWait:
		err = EPIPE
	}
	c.finish(env, err)
}

// trim cuts off what was received before and what lies beyond the window; it
// reports whether anything is left. A segment that begins inside and ends
// outside is taken whole if the receive buffer is empty (Linux).
func (c *Conn) trim(env *Env, s *Segment) bool {
	if seq.LT(s.Seq, c.RcvNxt) {
		cut := c.RcvNxt - s.Seq
		if cut > s.Data.Len || cut == s.Data.Len && s.Flags&wire.FIN == 0 {
			c.twice(env, s.Seq, s.Seq+s.Data.Len)
			return false
		}
		c.twice(env, s.Seq, c.RcvNxt)
		s.Seq += cut
		s.Data.Off += cut
		s.Data.Len -= cut
	}
	end := c.RcvNxt + c.window()
	return seq.LE(s.Seq+s.Data.Len, end) || c.RcvQueued == 0 && seq.LT(s.Seq, end)
}

// deliver appends payload to the receive buffer.
func (c *Conn) deliver(pool *block.Pool, e Extent) {
	if e.Len == 0 {
		return
	}
	var last *Stored
	if c.RcvBuf.Len() > 0 {
		last = c.RcvBuf.Back()
	}
	c.take(pool, c.store(pool, e, last))
}

// take appends payload whose cost is counted.
func (c *Conn) take(pool *block.Pool, s Stored) {
	c.RcvNxt += s.Len
	c.Segs.BytesReceived += uint64(s.Len)
	pool.Retain(s.Block)
	c.RcvBuf.Push(s)
	c.RcvQueued += s.Len
	c.Wake |= WakeReadable
}

// hold keeps a segment that arrived ahead of a gap, in order of sequence
// numbers. What it shares with held neighbours is told by D-SACK and, where they
// reach further, stays in them.
func (c *Conn) hold(env *Env, s *Segment) {
	c.measureMSS(s, s.Data.Len, charge(env.Pool, s.Data.Block))
	c.Segs.OutOfOrder++
	at := c.OutOfOrder.Len()
	for at > 0 && seq.LT(s.Seq, c.OutOfOrder.At(at-1).Seq) {
		at--
	}
	whole := Span{s.Seq, s.Seq + s.Len()}
	if at > 0 {
		p := c.OutOfOrder.At(at - 1)
		if over := int32(p.Seq + p.Len - s.Seq); over > 0 {
			cut := min(uint32(over), s.Data.Len)
			switch {
			case s.Seq == p.Seq && cut < s.Data.Len: // it covers p and more
				c.unhold(env, at-1)
				at--
			default:
				c.twice(env, s.Seq, s.Seq+cut)
				s.Seq += cut
				s.Data.Off += cut
				s.Data.Len -= cut
			}
		}
	}
	fin := s.Flags&wire.FIN != 0
	for at < c.OutOfOrder.Len() && s.Data.Len > 0 {
		next := c.OutOfOrder.At(at)
		over := int32(s.Seq + s.Data.Len - next.Seq)
		if over <= 0 {
			break
		}
		if uint32(over) < next.Len {
			c.twiceMore(env, next.Seq, s.Seq+s.Data.Len)
			s.Data.Len -= uint32(over)
			fin = false
			break
		}
		c.unhold(env, at)
	}
	if s.Data.Len > 0 || fin && s.Seq == whole.Start {
		env.Pool.Retain(s.Data.Block)
		var last *Stored
		if p := at - 1; p >= 0 && c.OutOfOrder.At(p).Seq+c.OutOfOrder.At(p).Len == s.Seq && !c.OutOfOrder.At(p).Fin {
			last = &c.OutOfOrder.At(p).Stored
		}
		if c.SackOn && !c.Queued && !c.Orphan { // a program holds it
			c.growWindow(env, s.Data.Len, charge(env.Pool, s.Data.Block))
		}
		c.OutOfOrder.Insert(at, Held{c.store(env.Pool, s.Data, last), s.Seq, fin})
	}
	c.gotSpan(whole)
}

// unhold throws a held segment away that another one covers.
func (c *Conn) unhold(env *Env, i int) {
	h := c.OutOfOrder.At(i)
	c.twiceMore(env, h.Seq, h.Seq+h.Len)
	if i > 0 && h.Cost > 0 && c.OutOfOrder.At(i-1).Cost == 0 { // the rest of its group stays
		c.OutOfOrder.At(i-1).Cost, c.OutOfOrder.At(i-1).Room = h.Cost, h.Room
	} else {
		c.RcvCharge -= h.Cost
	}
	env.Pool.Release(h.Block)
	c.OutOfOrder.Remove(i)
}

// deliverHeld moves to the receive buffer whatever the gap's closing has put
// in order; it reports whether a held FIN is next.
func (c *Conn) deliverHeld(env *Env) (fin bool) {
	for c.OutOfOrder.Len() > 0 && seq.LE(c.OutOfOrder.Front().Seq, c.RcvNxt) {
		if c.deliverGroup(env) {
			return true
		}
	}
	return false
}

// deliverGroup moves the first group behind the gap. It fits behind the last of the receive buffer as a whole or not at all.
func (c *Conn) deliverGroup(env *Env) (fin bool) {
	n, length := 0, uint32(0)
	for group := true; group && n < c.OutOfOrder.Len(); n++ {
		length += c.OutOfOrder.At(n).Len
		group = c.OutOfOrder.At(n).Cost == 0
	}
	kept := c.RcvBuf.Len()
	for range n {
		h := c.OutOfOrder.Pop()
		cut := c.RcvNxt - h.Seq
		if cut > 0 {
			c.twiceMore(env, h.Seq, h.Seq+min(cut, h.Len))
		}
		if cut < h.Len {
			c.take(env.Pool, Stored{Extent{h.Block, h.Off + cut, h.Len - cut}, h.Cost, h.Room})
		} else if h.Cost > 0 && c.RcvBuf.Len() > kept {
			c.RcvBuf.Back().Cost = h.Cost
		} else {
			c.RcvCharge -= h.Cost
		}
		env.Pool.Release(h.Block)
		fin = fin || h.Fin && h.Seq+h.Len == c.RcvNxt
	}
	if kept > 0 && c.RcvBuf.Len() > kept && length <= c.RcvBuf.At(kept-1).Room {
		last, back := c.RcvBuf.At(kept-1), c.RcvBuf.Back()
		c.RcvCharge -= back.Cost
		back.Cost, back.Room = last.Cost, last.Room-length
		last.Cost, last.Room = 0, 0
	}
	return fin
}

// scheduleAck decides when in-order data is acknowledged: at once when a gap was
// closed or more than a full segment waits, unless the window would have to come down for it (the
// program's reading sends it then), else within the delayed-ACK time (RFC 9293
// §3.8.6.3, RFC 5681 §4.2).
func (c *Conn) scheduleAck(env *Env, gap bool) {
	switch {
	case gap:
		c.ackNow(env, event.AckOutOfOrder)
	case c.NoMemory, c.secondSegment(env):
		c.ackNow(env, event.AckSecond)
	case env.Conf.Quirks&QuirkNoDelayedAck != 0:
		c.ackNow(env, event.SegmentArrived)
	case c.ackQuickly(env):
	default:
		c.delayAck(env)
	}
}

// secondSegment reports whether more than a full segment waits for an ACK, and the window need not come down for it.
func (c *Conn) secondSegment(env *Env) bool {
	return c.RcvNxt-c.RcvWup > c.RcvMSS && (c.RcvQueued < c.Opts.Rare().RcvLowat || c.wantedWindow(env) >= c.RcvWnd)
}

// Read copies received data to b and returns its length: 0 at the end of the
// stream, EAGAIN if there is nothing yet. A nil b only asks.
func (c *Conn) Read(env *Env, b []byte) (int, Errno) {
	if n := c.consume(env, b[:c.beforeMark(env, uint32(len(b)))]); n > 0 {
		c.afterRead(env)
		return n, 0
	}
	switch {
	case c.RcvQueued > 0:
		return 0, 0
	case c.FinReceived: // nothing that came later counts
		return 0, 0
	case c.Err != 0 && (c.State == Closed || c.Opts.Has(FlagRecvErr)):
		err := c.Err
		c.Err = 0
		c.SawEOF = c.State == Closed && !c.Fresh()
		return 0, err
	case c.ReadShut, c.SawEOF:
		return 0, 0
	case c.State == Closed && !c.Fresh(): // the program was told what happened
		return 0, 0
	case c.State == Closed, c.State == Listen:
		return 0, ENOTCONN
	}
	return 0, EAGAIN
}

// consume moves received data to b.
func (c *Conn) consume(env *Env, b []byte) int {
	n := 0
	for n < len(b) && c.RcvBuf.Len() > 0 {
		e := c.RcvBuf.Front()
		k := copy(b[n:], env.Pool.Data(e.Block)[e.Off:e.Off+e.Len])
		n += k
		e.Off += uint32(k)
		e.Len -= uint32(k)
		if e.Len == 0 {
			c.RcvCharge -= e.Cost
			env.Pool.Release(c.RcvBuf.Pop().Block)
		}
	}
	c.RcvQueued -= uint32(n)
	return n
}

// Peek copies received data to b and leaves it where it is.
func (c *Conn) Peek(pool *block.Pool, b []byte) (n int) {
	for i := 0; n < len(b) && i < c.RcvBuf.Len(); i++ {
		e := c.RcvBuf.At(i)
		n += copy(b[n:], pool.Data(e.Block)[e.Off:e.Off+e.Len])
	}
	return n
}

// afterRead acknowledges what was waiting, if the program has read all of what the peer pushed,
// and sends a window update if reading has at least doubled the window that the peer
// knows (Linux's tcp_cleanup_rbuf).
func (c *Conn) afterRead(env *Env) {
	if c.State < SynReceived {
		return
	}
	c.tune(env)
	waiting := c.DelAckAt != Never
	switch {
	case waiting && (c.RcvNxt-c.RcvWup > c.RcvMSS || c.RcvQueued == 0 && (c.Pushes > 1 || c.Pushes > 0 && !c.Interactive)):
		c.ackNow(env, event.AppRead)
	case c.FinReceived || c.ReadShut:
		return
	default:
		left := c.window()
		if 2*left > c.RcvClamp {
			return
		}
		if space := c.wantedWindow(env); space == 0 || space < 2*left {
			return
		}
		c.ackNow(env, event.WindowUpdate)
	}
	c.Output(env)
}
