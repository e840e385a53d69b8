package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// What one ACK told, as bits of news.flags.
const (
	newsAdvanced     = 1 << iota // SND.UNA moved
	newsHasData                  // the segment carries data itself
	newsWindow                   // it updated the send window
	newsData                     // it acknowledged data
	newsSYN                      // it acknowledged our SYN
	newsRetrans                  // it acknowledged something that was sent more than once
	newsSacked                   // its SACK blocks tell of arrivals
	newsOriginal                 // something below HighSeq arrived that was sent only once
	newsDSack                    // something arrived twice (RFC 2883)
	newsDSackProbe               // … and that was the tail loss probe
	newsECE                      // a router is congested (RFC 3168)
	newsReneged                  // the first segment in flight had been SACKed
	newsTimer                    // the retransmission timer starts over
	newsLostRetrans              // a retransmission was lost again
	newsMaybeDelayed             // it is for one small segment alone: the receiver may have waited with it

	newsAcked   = newsData | newsSYN
	newsNotDup  = newsHasData | newsWindow | newsAcked // whatever makes an ACK no duplicate (RFC 5681 §2)
	newsAlarm   = newsSacked | newsECE | newsDSack
	newsForward = newsAcked | newsSacked
)

// news is what one ACK told, gathered while it is taken in. It is not state.
type news struct {
	flags       uint32
	acked       uint32 // segments acknowledged
	una, fack   uint32 // SND.UNA and the highest SACKed number before
	flight      uint32 // segments in flight before
	delivered   uint32 // Conn.Delivered before
	lost        uint32 // Conn.Lost before
	late        uint32 // lowest number among what arrived late
	ackedFirst  int64  // when the segments were sent that the ACK covers now and that were sent once: the first and the last of them
	ackedLast   int64
	ackedLate   uint32 // lowest number among those
	sackedFirst int64  // when the segments newly SACKed were sent: the first and the last of them
	sackedLast  int64
	newest      int64 // when the newest segment that this tells of was sent
	rtt         int64 // sample for congestion control; negative: none
	echo        uint32
	hasTS       bool
	send        uint8 // sendLostNow, sendNewFirst
}

// What recovery wants to be sent after an ACK.
const (
	sendLostNow  = 1 + iota
	sendNewFirst // F-RTO: new data, and only if there is none what was lost
)

// begin forgets the ACK before.
func (n *news) begin(c *Conn, s *Segment) {
	*n = news{una: c.SndUna, flight: c.InFlight(), delivered: c.Delivered, lost: c.Lost,
		late: c.SndNxt, ackedFirst: Never, ackedLate: c.SndNxt, sackedFirst: Never, newest: -1, rtt: -1, echo: s.TSEcho, hasTS: s.HasTS}
	n.fack = c.highestSacked()
	if s.Len() > 0 {
		n.flags = newsHasData
	}
}

// inputAck is the ACK processing of RFC 9293 §3.10.7.4 for a connection whose
// handshake is done. It reports whether the rest of the segment counts.
func (c *Conn) inputAck(env *Env, s *Segment) bool {
	if seq.GT(s.Ack, c.SndNxt) { // acknowledges what was never sent
		c.challenge(env)
		return false
	}
	if seq.LT(s.Ack, c.SndUna) {
		return c.oldAck(env, s)
	}
	c.takeAck(env, s)
	if c.FinSent && c.SndUna == c.SndNxt {
		c.finAcknowledged(env)
	}
	return true
}

// oldAck takes an ACK of less than is acknowledged already: only its SACK blocks count, and
// one that is too old is challenged (RFC 5961 §5.2).
func (c *Conn) oldAck(env *Env, s *Segment) bool {
	if seq.LT(s.Ack, c.SndUna-uint32(min(uint64(c.SndMaxWnd), c.Segs.BytesAcked))) {
		if s.Data.Len > 0 && s.Seq == c.RcvNxt && c.OutOfOrder.Len() == 0 {
			return true // Linux looks at the data alone
		}
		c.challenge(env)
		return false
	}
	if s.NSacks > 0 && c.SackOn {
		n := &env.news
		n.begin(c, s)
		c.takeSacks(env, s)
		c.recover(env, 0)
		c.sendRecovered(env)
	}
	return true
}

// takeAck takes an ACK that is not old: the window, what has arrived, what that
// means for recovery, and for the congestion window.
func (c *Conn) takeAck(env *Env, s *Segment) {
	n := &env.news
	n.begin(c, s)
	env.sample = rateSample{}
	c.noteTimestamp(env, s)
	c.Probes, c.SoftErr = 0, 0
	before, delivered := c.Rtx.Len(), c.Delivered
	if s.Ack != c.SndUna {
		n.flags |= newsAdvanced
		c.Retries = 0
		c.releaseAcked(env, s.Ack)
		c.Wake |= WakeWritable
	}
	c.updateWindow(env, s)
	if c.ECN.On && s.Flags&(wire.ECE|wire.SYN) == wire.ECE {
		n.flags |= newsECE
	}
	c.SndUna = s.Ack
	if c.Urging && seq.GE(s.Ack, c.SndUp) {
		c.Urging = false
	}
	if s.NSacks > 0 && c.SackOn {
		c.takeSacks(env, s)
	}
	if before == 0 { // nothing was on its way
		if n.flags&newsDSack != 0 {
			c.recover(env, 0)
		}
		c.windowAnswered(env)
		c.endProbe(env, s.Ack)
		return
	}
	c.clean(env)
	c.Rack.widen(env)
	c.endProbe(env, s.Ack)
	if n.flags&newsECE != 0 {
		c.Segs.DeliveredCE += c.Delivered - delivered
	}
	if n.flags&newsNotDup == 0 || n.flags&newsAlarm != 0 || c.CA != Open {
		dups := uint32(0)
		if n.flags&(newsAdvanced|newsNotDup|newsDSack) == 0 {
			dups = 1
		}
		c.recover(env, dups)
	}
	c.timeoutOver(env, n.flags&newsSYN != 0)
	if n.flags&newsTimer != 0 {
		c.armXmit(env)
	}
	c.control(env)
	if n.flags&newsSYN != 0 {
		c.synAcknowledged(env)
	}
	c.sendRecovered(env)
}

// clean takes what is acknowledged out of the retransmission queue and measures
// the round trip.
func (c *Conn) clean(env *Env) {
	n := &env.news
	for c.Rtx.Len() > 0 {
		p := c.Rtx.Front()
		if seq.GT(p.Seq+p.Len, c.SndUna) {
			c.trimFront(p)
			if p.Mark&markSacked != 0 {
				n.flags |= newsReneged
			}
			break
		}
		c.acknowledged(env, p)
		c.unmark(p)
		c.Rtx.Drop()
		c.rateGone()
	}
	c.measure(env, n.ackedFirst, n.ackedLast)
	if n.flags&newsAcked == 0 {
		return
	}
	n.flags |= newsTimer
	c.mtuPassed(env)
	if !c.SackOn {
		c.removeRenoSacks(env, n.acked)
		if n.flags&newsRetrans != 0 {
			n.flags &^= newsOriginal // who can tell without SACK
		}
	} else if seq.LT(n.ackedLate, n.fack) { // a hole filled by itself: that is reordering
		c.noteReordering(env, n.ackedLate)
	}
}

// acknowledged takes note of one segment that the cumulative ACK covers.
func (c *Conn) acknowledged(env *Env, p *Sent) {
	n := &env.news
	if p.Xmit > 1 {
		n.flags |= newsRetrans
	} else if p.Mark&markSacked == 0 {
		n.ackedLast = p.At
		n.ackedFirst = min(n.ackedFirst, p.At)
		if seq.LT(p.Seq, n.ackedLate) {
			n.ackedLate = p.Seq
		}
		if seq.LE(p.Seq+p.Len, c.HighSeq) {
			n.flags |= newsOriginal
		}
	}
	if p.Mark&markSacked == 0 && c.SackOn {
		c.Delivered++
		if p.Xmit == 1 || !c.echoBefore(env, p.At) { // else the copy was needless, and its time says nothing
			c.Rack.advance(env, p, c.MinRTT.Value())
		}
	}
	n.newest = max(n.newest, p.At)
	c.rateArrived(env, p, 0)
	if p.Flags&wire.SYN != 0 {
		n.flags |= newsSYN
		c.RetransAt = 0
	} else {
		n.flags |= newsData
	}
	n.acked++
}

// finAcknowledged moves on when the peer has acknowledged our FIN.
func (c *Conn) finAcknowledged(env *Env) {
	switch c.State {
	case FinWait1:
		c.setState(FinWait2)
		if c.Orphan {
			c.waitForFIN(env)
		}
	case Closing:
		c.timeWait(env)
	case LastAck:
		c.finish(env, 0)
	}
}

// synAcknowledged sets what depends on how the handshake went.
func (c *Conn) synAcknowledged(env *Env) {
	if c.SRTT == 0 {
		c.RTOBase = env.Conf.RTOFallbackNs // RFC 6298 §5.7
	}
	if c.Segs.Retrans > 1 {
		c.Cwnd = 1 // Linux forgives one lost SYN, which may have been slow (RFC 5681 §3.1)
	}
}

// trimFront shortens a segment that was acknowledged in part.
func (c *Conn) trimFront(p *Sent) {
	if seq.LT(p.Seq, c.SndUna) {
		p.Flags &^= wire.SYN
		p.Len -= c.SndUna - p.Seq
		p.Seq = c.SndUna
	}
}

// releaseAcked drops payload before ack from the send buffer.
func (c *Conn) releaseAcked(env *Env, ack uint32) {
	n := ack - c.SndUna
	c.Segs.BytesAcked += uint64(n) // SYN and FIN count, but for the SYN of a listener's connection (Linux)
	if !c.SynAcked {
		c.SynAcked = true
		n--
		if c.Passive {
			c.Segs.BytesAcked--
		}
	}
	if n > c.SndQueued {
		n = c.SndQueued // the FIN
	}
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
// that a segment with the same sequence and ACK numbers never shrinks the window, except to zero.
func (c *Conn) updateWindow(env *Env, s *Segment) {
	wnd := uint32(s.Window) << c.SndScale
	if s.Flags&wire.SYN != 0 {
		wnd = uint32(s.Window)
	}
	if !c.mayUpdateWindow(s, wnd) {
		return
	}
	env.news.flags |= newsWindow
	was := c.SndWnd
	c.setWindow(s)
	if was == 0 && c.SndWnd > 0 && c.PersistAt != Never {
		c.PersistAt = Never
		c.Backoff = 0
	}
}

func (c *Conn) mayUpdateWindow(s *Segment, wnd uint32) bool {
	return seq.GT(s.Ack, c.SndUna) || seq.GT(s.Seq, c.SndWl1) || s.Seq == c.SndWl1 && (wnd > c.SndWnd || wnd == 0)
}

// setWindow takes the window of s as it stands. That of a SYN is not scaled
// (RFC 7323 §2.2).
func (c *Conn) setWindow(s *Segment) {
	wnd := uint32(s.Window)
	if s.Flags&wire.SYN == 0 {
		wnd <<= c.SndScale
	}
	c.SndWnd, c.SndWl1 = wnd, s.Seq
	if wnd > c.SndMaxWnd {
		c.SndMaxWnd = wnd
		c.syncMSS()
	}
}

// syncMSS sets the payload of a full segment: what both ends take and the
// timestamps leave, but never more than half of the largest window seen, if that
// window is worth two segments (RFC 9293 §3.8.6.2.1; Linux).
func (c *Conn) syncMSS() {
	mtu := c.PathMTU
	if len(c.MTU) > 0 {
		mtu = min(mtu, uint32(c.MTU[0].Low))
	}
	mss := min(c.PeerMSS, mtu-c.headerLen())
	if c.Opts.Rare().MaxSeg != 0 {
		mss = min(mss, uint32(c.Opts.Rare().MaxSeg))
	}
	mss = max(mss, minMSS)
	if c.TS.On {
		mss -= timestampsLen
	}
	limit := c.SndMaxWnd
	if limit > defaultMSS {
		limit /= 2
	}
	if limit > 0 && mss > limit {
		mss = max(limit, minMSS)
	}
	c.SndMSS = mss
}

// headerLen returns the length of the IP and TCP headers without options.
func (c *Conn) headerLen() uint32 {
	if c.Remote.Addr.Is4() {
		return wire.IPv4Len + wire.TCPLen
	}
	return wire.IPv6Len + wire.TCPLen
}

// ackNow makes the next Output send an acknowledgement.
func (c *Conn) ackNow(env *Env, why event.Reason) {
	if !c.AckNow {
		c.AckNow, c.AckReason, c.AckCause = true, why, env.Cause
	}
}
