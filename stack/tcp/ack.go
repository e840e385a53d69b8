package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// inputAck is the ACK processing of RFC 9293 §3.10.7.4 for a connection whose
// handshake is done. It reports whether the rest of the segment counts.
func (c *Conn) inputAck(env *Env, s *Segment) bool {
	if seq.GT(s.Ack, c.SndNxt) { // acknowledges what was never sent
		c.challenge(env)
		return false
	}
	if seq.LT(s.Ack, c.SndUna-max(c.SndMaxWnd, 1)) { // RFC 5961 §5.2
		c.challenge(env)
		return false
	}
	if seq.GT(s.Ack, c.SndUna) {
		c.acknowledge(env, s)
	} else if c.isDuplicate(s) {
		c.duplicateAck(env)
	}
	if seq.GE(s.Ack, c.SndUna) {
		c.updateWindow(env, s)
	}
	if c.Rtx.Len() == 0 && c.FinQueued && c.SndQueued == 0 && c.SndUna == c.SndNxt {
		c.finAcknowledged(env)
	}
	return true
}

// finAcknowledged moves on when the peer has acknowledged our FIN.
func (c *Conn) finAcknowledged(env *Env) {
	switch c.State {
	case FinWait1:
		c.setState(FinWait2)
		if c.Orphan {
			c.WaitAt, c.TimerCause = env.Now+env.Conf.FinTimeoutNs, env.Cause
		}
	case Closing:
		c.timeWait(env)
	case LastAck:
		c.finish(env, 0)
	}
}

// acknowledge takes everything before s.Ack out of the retransmission queue
// and the send buffer, measures the round trip, and tells congestion control.
func (c *Conn) acknowledge(env *Env, s *Segment) {
	before, synAcked := c.Rtx.Len(), c.SynAcked
	flight := c.InFlight()
	sample := int64(-1)
	for c.Rtx.Len() > 0 {
		p := c.Rtx.Front()
		if seq.GT(p.Seq+p.Len, s.Ack) {
			c.trimFront(p, s.Ack)
			break
		}
		if p.Xmit == 1 { // Karn's rule (RFC 6298 §3)
			sample = env.Now - p.At
		}
		c.unmark(p)
		c.Rtx.Pop()
	}
	c.releaseAcked(env, s.Ack)
	c.SndUna = s.Ack
	if sample >= 0 {
		c.sampleRTT(env.Conf, sample)
	}
	c.Backoff, c.Retries, c.FirstRetrans = 0, 0, 0
	if !synAcked && !c.HasTiming {
		c.RTOBase = env.Conf.RTOFallbackNs // RFC 6298 §5.7
	}
	c.armRTO(env)
	c.onAck(env, uint32(before-c.Rtx.Len()), flight)
	if !synAcked && c.Segs.Retrans > 1 {
		c.Cwnd = 1 // Linux forgives one lost SYN, which may have been slow (RFC 5681 §3.1)
	}
	c.Wake |= WakeWritable
}

// trimFront shortens a segment that was acknowledged in part.
func (c *Conn) trimFront(p *Sent, ack uint32) {
	if seq.LT(p.Seq, ack) {
		p.Flags &^= wire.SYN
		p.Len -= ack - p.Seq
		p.Seq = ack
	}
}

// releaseAcked drops payload before ack from the send buffer.
func (c *Conn) releaseAcked(env *Env, ack uint32) {
	n := ack - c.SndUna
	if !c.SynAcked {
		c.SynAcked = true
		n--
	}
	if n > c.SndQueued {
		n = c.SndQueued // the FIN
	}
	c.Segs.BytesAcked += uint64(n)
	c.SndQueued -= n
	c.SndOff += n
	for c.SndBuf.Len() > 0 && c.SndOff >= c.SndBuf.Front().Len {
		e := c.SndBuf.Pop()
		c.SndOff -= e.Len
		env.Pool.Release(e.Block)
		if c.NextExtent > 0 {
			c.NextExtent--
		} else {
			c.NextOff = 0
		}
	}
}

// updateWindow is the window update of RFC 9293 §3.10.7.4, with Linux's rule
// that a repeated ACK number never shrinks the window.
func (c *Conn) updateWindow(env *Env, s *Segment) {
	newer := seq.LT(c.SndWl1, s.Seq) || c.SndWl1 == s.Seq && seq.LE(c.SndWl2, s.Ack)
	wnd := uint32(s.Window) << c.SndScale
	if !newer || s.Ack == c.SndWl2 && wnd < c.SndWnd && s.Seq == c.SndWl1 {
		return
	}
	was := c.SndWnd
	c.setWindow(s)
	if was == 0 && c.SndWnd > 0 {
		c.PersistAt = Never
		c.Backoff = 0
	}
}

// setWindow takes the window of s as it stands. That of a SYN is not scaled
// (RFC 7323 §2.2).
func (c *Conn) setWindow(s *Segment) {
	wnd := uint32(s.Window)
	if s.Flags&wire.SYN == 0 {
		wnd <<= c.SndScale
	}
	c.SndWnd, c.SndWl1, c.SndWl2 = wnd, s.Seq, s.Ack
	c.SndMaxWnd = max(c.SndMaxWnd, wnd)
	// Never more than half of the largest window seen (RFC 9293 §3.8.6.2.1).
	if mss := min(c.PeerMSS, c.MyMSS); c.SndMaxWnd > defaultMSS {
		c.SndMSS = max(min(mss, c.SndMaxWnd/2), minMSS)
	} else {
		c.SndMSS = mss
	}
}

// isDuplicate is the definition of RFC 5681 §2.
func (c *Conn) isDuplicate(s *Segment) bool {
	return s.Ack == c.SndUna && s.Data.Len == 0 && s.Flags&(wire.SYN|wire.FIN) == 0 && c.Rtx.Len() > 0 &&
		uint32(s.Window)<<c.SndScale == c.SndWnd
}

// ackNow makes the next Output send an acknowledgement.
func (c *Conn) ackNow(env *Env, why event.Reason) {
	if !c.AckNow {
		c.AckNow, c.AckReason, c.AckCause = true, why, env.Cause
	}
}
