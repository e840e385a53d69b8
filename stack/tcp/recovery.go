package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// InFlight estimates how many segments are in the network: sent, less those
// known to have left it, plus repeats (Linux's tcp_packets_in_flight, the pipe
// of RFC 6675). Without SACK each duplicate ACK stands for one that has arrived.
func (c *Conn) InFlight() uint32 {
	out := c.packetsOut() + c.RetransOut
	return out - min(out, c.LostOut+c.SackedOut)
}

// packetsOut returns how many segments are sent and not acknowledged. The SYN-ACK of a listener's connection does not
// count: data that Fast Open lets out before it is acknowledged has the whole initial window (RFC 7413 §4.2.2, Linux).
func (c *Conn) packetsOut() uint32 {
	n := uint32(c.Rtx.Len())
	if c.Passive && !c.SynAcked {
		n -= min(n, 1)
	}
	return n
}

func (c *Conn) setCA(env *Env, s CAState) {
	if c.CA != s {
		if f := c.algorithm().state; f != nil {
			f(c, env, s)
		}
		c.CA = s
	}
}

// reducing reports whether the window is coming down to ssthresh.
func (c *Conn) reducing() bool { return c.CA == Recovery || c.CA == CWR }

// anyRetrans reports whether something in flight was sent more than once.
func (c *Conn) anyRetrans() bool {
	return c.RetransOut > 0 || c.Rtx.Len() > 0 && c.Rtx.Front().Xmit > 1
}

// recover is the state machine of loss recovery: it takes what the ACK told,
// and dups duplicate ACKs.
func (c *Conn) recover(env *Env, dups uint32) {
	n := &env.news
	if c.Rtx.Len() == 0 {
		c.SackedOut = 0
	}
	if n.flags&newsECE != 0 {
		c.Undo.Ssthresh = 0 // there is congestion, whatever else: no taking back
	}
	if n.flags&newsReneged != 0 && n.flags&newsAdvanced != 0 {
		c.suspectReneging(env)
		return
	}
	if c.CA == Open {
		c.RetransAt = 0
	} else if seq.GE(c.SndUna, c.HighSeq) && c.leave(env) {
		return
	}
	switch c.CA {
	case Recovery:
		c.inRecovery(env, dups)
	case Loss:
		c.inLoss(env, dups)
	default:
		c.inOrder(env, dups)
	}
}

// leave ends a reduction whose data is all acknowledged. It reports whether that was all.
func (c *Conn) leave(env *Env) bool {
	switch c.CA {
	case CWR:
		if c.SndUna != c.HighSeq { // beyond it, so that CWR reaches the receiver
			c.endReduction(env)
			c.setCA(env, Open)
		}
	case Recovery:
		if !c.SackOn {
			c.SackedOut = 0
		}
		if c.undoAtEnd(env) {
			return true
		}
		c.endReduction(env)
	}
	return false
}

// inRecovery is for an ACK while lost segments are repeated.
func (c *Conn) inRecovery(env *Env, dups uint32) {
	n := &env.news
	if n.flags&newsAdvanced == 0 {
		if !c.SackOn {
			c.addRenoSacks(env, dups)
		}
	} else if c.undoPartly(env) {
		return
	}
	if c.undoByDSack(env) {
		c.tryOpen(env)
	}
	c.findLosses(env)
	if c.CA != Recovery {
		if c.LostOut == 0 {
			return
		}
		c.enterRecovery(env, n.flags&newsECE != 0)
	}
	n.send = sendLostNow
}

// inLoss is for an ACK after a timeout (RFC 5682 §3.1).
func (c *Conn) inLoss(env *Env, dups uint32) {
	n := &env.news
	c.afterTimeout(env, dups)
	c.findLosses(env)
	if c.CA == Open || n.flags&newsLostRetrans != 0 {
		c.inOrder(env, dups)
	}
}

// inOrder is for an ACK while nothing is known to be lost.
func (c *Conn) inOrder(env *Env, dups uint32) {
	n := &env.news
	if !c.SackOn {
		if n.flags&newsAdvanced != 0 {
			c.SackedOut = 0
		}
		c.addRenoSacks(env, dups)
	}
	if c.CA <= Disorder {
		c.undoByDSack(env)
	}
	c.findLosses(env)
	if c.LostOut == 0 {
		c.tryOpen(env)
		return
	}
	if c.mtuLost(env) {
		return
	}
	c.enterRecovery(env, n.flags&newsECE != 0)
	n.send = sendLostNow
}

// afterTimeout decides whether the timeout was needed: F-RTO sends new data
// after the first ACK, and if that is acknowledged while nothing was sent again,
// nothing had been lost.
func (c *Conn) afterTimeout(env *Env, dups uint32) {
	n := &env.news
	recovered := seq.GE(c.SndUna, c.HighSeq)
	if n.flags&newsAdvanced != 0 && c.undoTimeout(env, false) {
		return
	}
	if c.Frto {
		if n.flags&newsOriginal != 0 && c.undoTimeout(env, true) {
			return
		}
		if seq.GT(c.SndNxt, c.HighSeq) {
			if n.flags&newsSacked != 0 || dups > 0 {
				c.Frto = false // step 3.a: the loss is real
			}
		} else if n.flags&newsAdvanced != 0 && !recovered {
			c.HighSeq = c.SndNxt
			if (c.unsent() > 0 || c.FinQueued && !c.FinSent) && c.usable() > 0 {
				n.send = sendNewFirst // step 2.b
				return
			}
			c.Frto = false
		}
	}
	if recovered {
		c.undoAtEnd(env)
		return
	}
	if !c.SackOn {
		if seq.GT(c.SndNxt, c.HighSeq) && dups > 0 {
			c.addRenoSacks(env, dups)
		} else if n.flags&newsAdvanced != 0 {
			c.SackedOut = 0
		}
	}
	n.send = sendLostNow
}

// findLosses marks what is lost: by time with SACK (RFC 8985), else by counting duplicate
// ACKs (RFC 5681 §3.2) and by partial ACKs (RFC 6582 §3.2).
func (c *Conn) findLosses(env *Env) {
	if c.Rtx.Len() == 0 {
		return
	}
	n := &env.news
	if c.SackOn {
		before := c.RetransOut
		c.rackDetect(env)
		if before > c.RetransOut {
			n.flags |= newsLostRetrans
		}
		return
	}
	if c.CA < Recovery && c.SackedOut >= c.Reordering || c.CA == Recovery && n.flags&newsAdvanced != 0 {
		if p := c.Rtx.Front(); p.Mark&markLost == 0 {
			c.markLostAt(0)
		}
	}
}

// tryOpen goes back to the open state if all is well.
func (c *Conn) tryOpen(env *Env) {
	if !c.anyRetrans() {
		c.RetransAt = 0
	}
	if env.news.flags&newsECE != 0 {
		c.enterCWR(env)
	}
	if c.CA != CWR {
		c.keepOpen(env)
	}
}

// keepOpen is in the open state or, while duplicates come in, in disorder.
func (c *Conn) keepOpen(env *Env) {
	s := Open
	if c.SackedOut+c.LostOut > 0 || c.anyRetrans() {
		s = Disorder
	}
	if s != c.CA {
		c.setCA(env, s)
		c.HighSeq = c.SndNxt
	}
}

// enterRecovery begins to repeat what is lost (RFC 5681 §3.2, RFC 6675 §5).
func (c *Conn) enterRecovery(env *Env, ece bool) {
	if !c.anyRetrans() {
		c.RetransAt = 0
	}
	c.RecoverFrom = c.SndUna
	c.Undo.Ssthresh = 0
	c.beginUndo()
	if !c.reducing() {
		if !ece {
			c.Undo.Ssthresh = c.currentSsthresh()
		}
		c.beginReduction()
	}
	c.setCA(env, Recovery)
}

// enterLoss takes what is in flight for lost after a timeout (RFC 6298 §5,
// RFC 5681 §3.1), but for what was sent within the last round trip.
func (c *Conn) enterLoss(env *Env) {
	fresh := c.CA < Recovery
	c.markAllLost(env)
	if c.CA <= Disorder || seq.LE(c.HighSeq, c.SndUna) || c.CA == Loss && c.Retries == 0 {
		c.Undo.Ssthresh = c.currentSsthresh()
		c.PriorCwnd = c.Cwnd
		c.Ssthresh = c.algorithm().ssthresh(c)
		if f := c.algorithm().lost; f != nil {
			f(c)
		}
		c.beginUndo()
	}
	c.Cwnd, c.CwndCount = c.InFlight()+1, 0
	c.Use.Stamp = env.Now
	if c.CA <= Disorder && c.SackedOut >= env.Conf.Reordering { // so many duplicates, and yet: we overestimated
		c.Reordering = min(c.Reordering, env.Conf.Reordering)
	}
	c.setCA(env, Loss)
	c.HighSeq = c.SndNxt
	c.Probe.On = false
	c.ECN.SendCWR = c.ECN.On
	c.Frto = env.Conf.Frto != 0 && (fresh || c.Retries > 0) && (len(c.MTU) == 0 || c.MTU[0].Size == 0)
}

func (c *Conn) markAllLost(env *Env) {
	if c.Rtx.Len() == 0 {
		return
	}
	reneged := c.Rtx.Front().Mark&markSacked != 0
	if reneged { // RFC 2018 §8: the receiver threw away what it had promised to keep
		c.SackedOut, c.Reneged, c.sacks().Heard = 0, true, [maxSacks]Span{}
	} else if !c.SackOn {
		c.SackedOut = 0
	}
	for i := range c.Rtx.Len() {
		p := c.Rtx.At(i)
		if reneged {
			p.Mark &^= markSacked
		} else if i > 0 && c.timeLeft(env, p, 0) > 0 {
			continue
		}
		c.markLostAt(i)
	}
}

// suspectReneging waits a little for the receiver to make good a SACKed segment at the
// front that the ACK left out, before everything counts as lost.
func (c *Conn) suspectReneging(env *Env) {
	c.setXmit(env, timerRTO, max(c.SRTT/2, 10_000_000))
	env.news.flags &^= newsTimer
}

// markLostAt notes that segment i is taken for lost.
func (c *Conn) markLostAt(i int) {
	p := c.Rtx.At(i)
	switch {
	case p.Mark&markSacked != 0:
		return
	case p.Mark&markLost == 0:
		p.Mark |= markLost
		c.LostOut++
		c.Lost++
	case p.Mark&markRetrans != 0: // the copy, too
		p.Mark &^= markRetrans
		c.RetransOut--
		c.Lost++
	}
}

// unmark takes the marks off a segment that was acknowledged.
func (c *Conn) unmark(p *Sent) {
	if p.Mark&markSacked != 0 {
		c.SackedOut--
	}
	if p.Mark&markLost != 0 {
		c.LostOut--
	}
	if p.Mark&markRetrans != 0 {
		c.RetransOut--
	}
	p.Mark = 0
}

// sendRecovered sends what recovery asks for after an ACK.
func (c *Conn) sendRecovered(env *Env) {
	switch env.news.send {
	case sendNewFirst:
		c.sendNew(env, pushAll)
		if seq.GT(c.SndNxt, c.HighSeq) {
			return
		}
		c.Frto = false
	case sendLostNow:
	default:
		return
	}
	c.sendLost(env, event.LossRecovery)
}

// sendLost repeats lost segments as far as the congestion window reaches.
func (c *Conn) sendLost(env *Env, why event.Reason) {
	for i := 0; i < c.Rtx.Len() && c.LostOut > c.RetransOut; i++ {
		p := c.Rtx.At(i)
		if p.Mark&(markLost|markRetrans|markSacked) != markLost {
			continue
		}
		if c.InFlight() >= c.congestionWindow(env) {
			return
		}
		if c.paced(env) {
			return
		}
		sent := c.resendPiece(env, i, c.whyAgain(p, why))
		if sent == 0 {
			return
		}
		if c.reducing() {
			c.PrrOut += sent
		}
		if i == 0 && c.XmitTimer != timerReorder {
			c.setXmit(env, timerRTO, c.RTO(env.Conf))
		}
	}
}

func (c *Conn) whyAgain(p *Sent, why event.Reason) event.Reason {
	switch {
	case why != event.LossRecovery || c.CA != Recovery || p.Seq != c.SndUna:
		return why
	case c.SndUna != c.RecoverFrom:
		return event.PartialAck
	}
	return event.FastRetransmit
}

// resend sends segment i again as part of a recovery.
func (c *Conn) resend(env *Env, i int, why event.Reason) bool {
	if !c.retransmit(env, i, why) {
		return false
	}
	p := c.Rtx.At(i)
	if p.Mark&markRetrans == 0 {
		p.Mark |= markRetrans
		c.RetransOut++
	}
	if c.RetransAt == 0 {
		c.RetransAt = env.Now
	}
	c.Undo.Retrans = max(c.Undo.Retrans, 0) + 1
	return true
}

// retransmit sends segment i of the retransmission queue again, or as much of it as a segment
// and the peer's window hold now. It reports false if it lies outside that window.
func (c *Conn) retransmit(env *Env, i int, why event.Reason) bool {
	p := c.Rtx.At(i)
	if p.Flags&wire.SYN == 0 {
		room := int32(c.SndUna + c.SndWnd - p.Seq)
		size := c.segmentSize()
		if room <= 0 {
			if p.Seq != c.SndUna {
				return false
			}
			room = int32(size) // of a closed window: it serves as the probe
		}
		n := min(uint32(room), size)
		if p.dataLen() > n {
			c.split(i, n)
		} else if env.Conf.RetransCollapse {
			c.collapse(i, n)
		}
		p = c.Rtx.At(i)
	}
	p.At = env.Now
	if p.Xmit < 255 {
		p.Xmit++
	}
	flags := p.Flags
	if flags&wire.SYN == 0 || c.State != SynSent {
		flags |= wire.ACK
	}
	n := p.dataLen()
	c.rateSent(env, i)
	if n > 0 {
		c.Segs.DataSegsOut++
		c.Segs.BytesSent += uint64(n)
	}
	c.emit(env, p.Seq, n, flags, why, p.Xmit)
	return true
}

// collapse joins segment i with those behind it as far as n bytes of payload and the peer's window reach: many small
// segments that are lost go out again as one (Linux's tcp_retrans_collapse).
func (c *Conn) collapse(i int, n uint32) {
	for i+1 < c.Rtx.Len() {
		p, next := c.Rtx.At(i), c.Rtx.At(i+1)
		if p.Mark&markRecord != 0 || next.Mark&markSacked != 0 || p.dataLen()+next.dataLen() > n || seq.GT(next.Seq+next.Len, c.SndUna+c.SndWnd) {
			return
		}
		p.Len += next.Len
		p.Flags |= next.Flags
		p.Mark |= markJoined | next.Mark&(markEnd|markRecord)
		p.Xmit = max(p.Xmit, min(next.Xmit, 254)) // what was sent again before stays that
		c.unmark(next)
		if !c.SackOn {
			c.SackedOut -= min(c.SackedOut, 1)
		}
		c.Rtx.Remove(i + 1)
		c.rateJoin(i + 1)
	}
}

// dataLen returns the payload of the segment in bytes.
func (p *Sent) dataLen() uint32 {
	n := p.Len
	if p.Flags&wire.SYN != 0 {
		n--
	}
	if p.Flags&wire.FIN != 0 {
		n--
	}
	return n
}

// split makes two of segment i, the first with n bytes.
func (c *Conn) split(i int, n uint32) {
	p := c.Rtx.At(i)
	rest := *p
	rest.Seq += n
	rest.Len -= n
	p.Len = n
	p.Flags &^= wire.FIN | wire.PSH
	p.Mark &^= markEnd | markRecord
	if p.Mark&markSacked != 0 {
		c.SackedOut++
	}
	if p.Mark&markLost != 0 {
		c.LostOut++
	}
	if p.Mark&markRetrans != 0 {
		c.RetransOut++
	}
	c.Rtx.Insert(i+1, rest)
	c.rateSplit(i)
}
