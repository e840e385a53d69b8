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
		return true
	}
	if (c.Orphan || c.ReadShut && c.State != Established) && seq.GT(s.Seq+s.Data.Len, c.RcvNxt) {
		c.emit(env, s.Ack, 0, wire.RST, event.ResetUnread, 1) // RFC 9293 §3.6.1: nobody will read it
		err := ECONNRESET
		if c.Orphan {
			err = 0
		}
		c.finish(env, err)
		return false
	}
	c.Segs.DataSegsIn++
	c.RcvMSS = max(c.RcvMSS, min(s.Data.Len, c.MyMSS))
	if !c.trim(s) {
		c.dataRepeated()
		c.ackNow(env, event.AckDuplicate)
		return false
	}
	if s.Seq != c.RcvNxt {
		c.hold(env, s)
		c.ackNow(env, event.AckOutOfOrder)
		return false
	}
	gap := c.OutOfOrder.Len() > 0
	c.dataArrived(env)
	c.deliver(env.Pool, s.Data)
	fin := c.deliverHeld(env)
	if fin && s.Flags&wire.FIN == 0 {
		c.takeFIN(env)
		return false
	}
	c.scheduleAck(env, s, gap)
	return true
}

// trim cuts off what was received before and what lies beyond the window; it
// reports whether anything is left. A segment that begins inside and ends
// outside is taken whole if the receive buffer is empty (Linux).
func (c *Conn) trim(s *Segment) bool {
	if seq.LT(s.Seq, c.RcvNxt) {
		cut := c.RcvNxt - s.Seq
		if cut > s.Data.Len || cut == s.Data.Len && s.Flags&wire.FIN == 0 {
			return false
		}
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
	c.RcvNxt += e.Len
	c.Segs.BytesReceived += uint64(e.Len)
	pool.Retain(e.Block)
	c.RcvBuf.Push(e)
	c.RcvQueued += e.Len
	c.Wake |= WakeReadable
}

// hold keeps a segment that arrived ahead of a gap, in order of sequence
// numbers. What it shares with held neighbours stays in the neighbours.
func (c *Conn) hold(env *Env, s *Segment) {
	at := c.OutOfOrder.Len()
	for at > 0 && seq.LT(s.Seq, c.OutOfOrder.At(at-1).Seq) {
		at--
	}
	if at > 0 {
		p := c.OutOfOrder.At(at - 1)
		if over := int32(p.Seq + p.Len - s.Seq); over > 0 {
			cut := min(uint32(over), s.Data.Len)
			s.Seq += cut
			s.Data.Off += cut
			s.Data.Len -= cut
		}
	}
	fin := s.Flags&wire.FIN != 0
	if at < c.OutOfOrder.Len() {
		next := c.OutOfOrder.At(at)
		if over := int32(s.Seq + s.Data.Len - next.Seq); over > 0 {
			if uint32(over) > next.Len { // covers it and more
				c.HeldBytes -= next.Len
				env.Pool.Release(next.Block)
				c.OutOfOrder.Remove(at)
				c.hold(env, s)
				return
			}
			s.Data.Len -= min(uint32(over), s.Data.Len)
			fin = false
		}
	}
	if s.Data.Len == 0 && !fin {
		return
	}
	env.Pool.Retain(s.Data.Block)
	c.OutOfOrder.Insert(at, Held{s.Data, s.Seq, fin})
	c.HeldBytes += s.Data.Len
}

// deliverHeld moves to the receive buffer whatever the gap's closing has put
// in order; it reports whether a held FIN is next.
func (c *Conn) deliverHeld(env *Env) (fin bool) {
	for c.OutOfOrder.Len() > 0 && seq.LE(c.OutOfOrder.Front().Seq, c.RcvNxt) {
		h := c.OutOfOrder.Pop()
		c.HeldBytes -= h.Len
		if cut := c.RcvNxt - h.Seq; cut < h.Len {
			c.deliver(env.Pool, Extent{h.Block, h.Off + cut, h.Len - cut})
		}
		env.Pool.Release(h.Block)
		if h.Fin && h.Seq+h.Len == c.RcvNxt {
			return true
		}
	}
	return false
}

// scheduleAck decides when in-order data is acknowledged: at once for every
// second full segment and while a gap is being filled, else within the
// delayed-ACK time (RFC 9293 §3.8.6.3, RFC 5681 §4.2).
func (c *Conn) scheduleAck(env *Env, s *Segment, gap bool) {
	switch {
	case gap:
		c.ackNow(env, event.AckOutOfOrder)
	case c.RcvNxt-c.RcvWup > c.RcvMSS:
		c.ackNow(env, event.AckSecond)
	case env.Conf.Quirks&QuirkNoDelayedAck != 0:
		c.ackNow(env, event.SegmentArrived)
	case c.ackQuickly(env):
	case c.DelAckAt == Never:
		c.DelAckAt, c.TimerCause = env.Now+env.Conf.DelAckNs, env.Cause
	}
}

// Read copies received data to b and returns its length: 0 at the end of the
// stream, EAGAIN if there is nothing yet. A nil b only asks.
func (c *Conn) Read(env *Env, b []byte) (int, Errno) {
	n := 0
	for n < len(b) && c.RcvBuf.Len() > 0 {
		e := c.RcvBuf.Front()
		k := copy(b[n:], env.Pool.Data(e.Block)[e.Off:e.Off+e.Len])
		n += k
		e.Off += uint32(k)
		e.Len -= uint32(k)
		if e.Len == 0 {
			env.Pool.Release(c.RcvBuf.Pop().Block)
		}
	}
	if n > 0 {
		c.RcvQueued -= uint32(n)
		c.afterRead(env)
		return n, 0
	}
	switch {
	case c.RcvQueued > 0:
		return 0, 0
	case c.Err != 0 && c.State == Closed:
		err := c.Err
		c.Err = 0
		c.SawEOF = true
		return 0, err
	case c.FinReceived, c.ReadShut, c.SawEOF:
		return 0, 0
	case c.State == Closed && c.SynAcked: // it was connected, and the program was told what happened
		return 0, 0
	case c.State == Closed, c.State == Listen:
		return 0, ENOTCONN
	}
	return 0, EAGAIN
}

// afterRead sends a window update if reading has at least doubled the window
// that the peer knows (Linux's tcp_cleanup_rbuf).
func (c *Conn) afterRead(env *Env) {
	if c.State < Established || c.FinReceived || c.State == Closed {
		return
	}
	if left, space := c.window(), c.selectWindow(env); space > 0 && space >= 2*left {
		c.ackNow(env, event.WindowUpdate)
		c.Output(env)
	}
}
