package tcp

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// Output sends what may be sent now: repeats of what was lost, new data, FIN,
// and an acknowledgement if one is due that nothing else carried.
func (c *Conn) Output(env *Env) {
	if c.State == Closed || c.State == Listen {
		return
	}
	c.push(env, pushNagle)
	if c.AckNow {
		c.sendAck(env)
	}
}

// sends reports whether the state lets data out.
func (c *Conn) sends() bool { return c.State >= Established || c.FastOpened }

// unsent returns how many bytes of the send buffer were never sent.
func (c *Conn) unsent() uint32 {
	if c.FinSent {
		return 0
	}
	return c.SndQueued - min(c.outstanding(), c.SndQueued)
}

// outstanding returns how much of sequence space was sent and not acknowledged,
// our SYN left out.
func (c *Conn) outstanding() uint32 {
	n := c.SndNxt - c.SndUna
	if !c.SynAcked {
		n -= min(n, 1)
	}
	return n
}

// usable returns how many bytes beyond SndNxt the peer's window admits.
func (c *Conn) usable() uint32 {
	flight := c.SndNxt - c.SndUna
	return c.SndWnd - min(flight, c.SndWnd)
}

// push is how small segments are treated.
type push uint8

const (
	pushNagle push = iota // as the socket is set
	pushFull              // wait for more, as MSG_MORE asks
	pushAll               // send
	pushProbe             // send one segment, whatever the congestion window
)

// segmentSize returns the payload of a full segment that is sent now: SACK
// blocks take room, too (RFC 6691 §3).
func (c *Conn) segmentSize() uint32 {
	blocks := c.sackBlocks()
	if blocks == 0 {
		return c.SndMSS
	}
	return max(c.SndMSS-min(c.SndMSS, uint32(4+8*blocks)), minMSS)
}

// sendNew sends data for the first time, a piece at a time, as long as the
// congestion window, the peer's window, Nagle's rule and silly window
// avoidance let it (Linux's tcp_write_xmit).
func (c *Conn) sendNew(env *Env, how push) {
	sent, full := uint32(0), false
	if len(c.MTU) > 0 && how == pushNagle && c.probeMTU(env) {
		return
	}
	for {
		p, ok, held := c.nextPiece(env, how)
		if full = held; !ok {
			break
		}
		sent += c.sendPiece(env, p, c.whyNew(p.bytes, how))
		if how == pushProbe {
			break
		}
	}
	full = full || sent > 0 && c.InFlight() >= c.Cwnd
	if sent > 0 || full {
		c.noteUse(env, full)
	}
	if sent == 0 {
		return
	}
	if c.reducing() {
		c.PrrOut += sent
	}
	if how != pushProbe {
		c.scheduleProbe(env, false)
	}
}

func (c *Conn) whyNew(n uint32, how push) event.Reason {
	switch {
	case how == pushProbe:
		return event.TailLossProbe
	case n == 0:
		return event.Close
	case c.AckReason == event.AckArrived:
		return event.AckArrived
	}
	return event.AppWrite
}

// pushes reports whether a small segment may go: Nagle's rule (RFC 9293 §3.7.4) in
// Minshall's variant, one small segment at a time, and TCP_CORK.
func (c *Conn) pushes(how push) bool {
	switch {
	case how == pushAll, how == pushProbe, c.Flush, c.Urging:
		return true
	case how == pushFull, c.Opts.Cork:
		return false
	}
	return c.Opts.NoDelay || !seq.GT(c.SmallEnd, c.SndUna)
}

// congestionWindow is the congestion window as the quirks leave it.
func (c *Conn) congestionWindow(env *Env) uint32 {
	switch {
	case env.Conf.Quirks&QuirkStopAndWait != 0:
		return 1
	case env.Conf.Quirks&QuirkNoCongestionControl != 0:
		return infinite
	}
	return c.Cwnd
}

// transmit sends n bytes at SndNxt, with FIN if fin, and with PSH if push. The last byte of a write and of a record has
// PSH in any case, and on an interface without segmentation offload the segment with which half a window went without.
func (c *Conn) transmit(env *Env, n uint32, fin, push bool, why event.Reason) {
	p := Sent{At: env.Now, Seq: c.SndNxt, Len: n, Xmit: 1}
	end := c.SndNxt + n
	if c.endRecord(end) {
		p.Mark, push = markRecord, true
	}
	if n > 0 && (push || end == c.PushSeq || c.GSOSegs == 1 && end-c.Pushed > c.SndMaxWnd/2 || why == event.ZeroWindowProbe) {
		p.Flags, c.Pushed = wire.PSH, end
	}
	if fin {
		p.Flags |= wire.FIN
		p.Len++
		c.FinSent = true
	}
	c.sentNew(env)
	c.Rtx.Push(p)
	c.rateSent(env, c.Rtx.Len()-1)
	if c.Rtx.Len() == 1 || c.XmitTimer == timerProbe && c.RTOAt != Never {
		c.armRTO(env)
	}
	if n > 0 {
		c.Segs.DataSegsOut++
		c.Segs.BytesSent += uint64(n)
		if n < c.segmentSize() {
			c.SmallEnd = p.Seq + n
		}
	}
	c.emit(env, p.Seq, n, p.Flags|wire.ACK, why, 1)
	c.SndNxt += p.Len
	c.advance(n)
}

// advance moves the place of SndNxt in the send buffer n bytes on.
func (c *Conn) advance(n uint32) {
	for n > 0 {
		room := c.SndBuf.At(int(c.NextExtent)).Len - c.NextOff
		if n < room {
			c.NextOff += n
			return
		}
		n -= room
		c.NextOff += room
		if int(c.NextExtent)+1 == c.SndBuf.Len() {
			return // stays at the end of the last extent, which may grow
		}
		c.NextExtent, c.NextOff = c.NextExtent+1, 0
	}
}

// dataUna returns the sequence number of the first byte of the send buffer.
func (c *Conn) dataUna() uint32 {
	if c.SynAcked {
		return c.SndUna
	}
	return c.SndUna + 1
}

// CopyOut copies the payload at sequence number from into a frame, whose bytes from at on it fills; it must not
// reach beyond the send buffer.
func (c *Conn) CopyOut(pool *block.Pool, frame block.Handle, at int, from uint32) {
	dst, whole := pool.Data(frame)[at:], true // one stretch of the buffer has it all
	i, off := 0, c.SndOff+from-c.dataUna()
	if from == c.SndNxt {
		i, off = int(c.NextExtent), c.NextOff
	}
	for len(dst) > 0 {
		e := c.SndBuf.At(i)
		if off >= e.Len {
			off -= e.Len
			i++
			continue
		}
		if whole && uint32(len(dst)) <= e.Len-off {
			pool.Made(frame, at, e.Block, e.Off+off)
		}
		whole = false
		k := copy(dst, pool.Data(e.Block)[e.Off+off:e.Off+e.Len])
		dst = dst[k:]
		off = 0
		i++
	}
}

// sendAck sends a bare acknowledgement.
func (c *Conn) sendAck(env *Env) {
	c.emit(env, c.SndNxt, 0, wire.ACK, c.AckReason, 1)
}

// emit hands a segment to the host. Whatever is sent acknowledges everything
// received, so the ACK that was due is done with.
func (c *Conn) emit(env *Env, at, n uint32, flags uint8, why event.Reason, xmit uint8) {
	s := &env.seg
	*s = Segment{Seq: at, Flags: flags, Reason: why, Cause: env.Cause, Xmit: xmit}
	s.Data.Len = n
	if flags&wire.ACK != 0 {
		s.Ack = c.RcvNxt
		s.Window = c.selectWindow(env, flags&wire.SYN != 0)
		c.quickSent(env)
	}
	if c.TS.On && (flags&wire.RST == 0 || flags&wire.ACK != 0) { // a bare reset answers something that was not ours
		s.HasTS, s.TSVal, s.TSEcho = true, c.TS.clock(env.Now), c.TS.Recent
	}
	if flags&wire.SYN != 0 {
		c.synOptions(env, s)
	} else if flags&wire.RST == 0 {
		c.putSacks(s)
		c.putUrgent(s)
	}
	c.ecnOut(env, s, n > 0 && xmit == 1 && at == c.SndNxt)
	if n > 0 {
		c.dataSent(env)
	}
	c.AckNow, c.DelAckAt, c.Pushes, c.OutAt = false, Never, 0, env.Now
	c.merged()
	c.Segs.SegsOut++
	if xmit > 1 {
		c.Segs.Retrans++
		c.Segs.BytesRetrans += uint64(n)
	}
	env.Out.Segment(c, s)
}

// synOptions adds what a SYN or SYN-ACK announces.
func (c *Conn) synOptions(env *Env, s *Segment) {
	s.HasMSS, s.MSS = true, uint16(c.MyMSS)
	if s.Flags&wire.ACK == 0 {
		s.Window = c.selectWindow(env, true)
	}
	s.SackOK = c.SackOn
	scale, scaled := c.RcvScale, c.ScaleOn
	if c.State == SynReceived && !c.Passive { // a simultaneous open: what our SYN said, whatever the peer's did (Linux)
		c.ownOptions(env, s)
		scale, scaled = c.ownScale(env.Conf), env.Conf.WindowScaling
	}
	s.UTO, s.HasUTO = c.userTimeoutOut(env)
	if c.Fast.Ask && s.Xmit == 1 {
		s.HasFO, s.FO = true, env.Cookie
	}
	if scaled {
		s.HasScale, s.Scale = true, scale
	}
}

// ownOptions offers SACK and timestamps as the host's settings have it.
func (c *Conn) ownOptions(env *Env, s *Segment) {
	s.SackOK = env.Conf.Sack
	if env.Conf.Timestamps {
		s.HasTS, s.TSVal, s.TSEcho = true, c.TS.clock(env.Now), c.TS.Recent
	}
}

// reset sends a reset at sequence number at. One that ends the connection acknowledges what has come; the answer to an
// unacceptable ACK does not (RFC 9293 §3.5.2, group 2).
func (c *Conn) reset(env *Env, at uint32, why event.Reason) {
	flags := uint8(wire.RST)
	if why != event.ResetUnacceptable {
		flags |= wire.ACK
	}
	c.emit(env, at, 0, flags, why, 1)
}
