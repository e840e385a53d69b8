package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// Input takes a segment for this connection through RFC 9293 §3.10.7. The
// segment's payload stays the caller's; what is kept is retained.
func (c *Conn) Input(env *Env, s *Segment) {
	c.Segs.SegsIn++
	switch c.State {
	case Closed, Listen: // the host answers for these: ResetFor, Accept
	case SynSent:
		if c.Fast.Deferred { // nothing of ours is out that this could be about
			return
		}
		c.inputSynSent(env, s)
	default:
		c.inputSynchronized(env, s)
	}
	c.Output(env)
}

// soonNs is how soon a SYN goes out again after it met a half-open connection.
const soonNs = 10_000_000

// inputSynSent is RFC 9293 §3.10.7.3.
func (c *Conn) inputSynSent(env *Env, s *Segment) {
	ack := s.Flags&wire.ACK != 0
	if ack && (seq.LE(s.Ack, c.ISS) || seq.GT(s.Ack, c.SndNxt)) { // first, ACK
		if s.Flags&wire.RST == 0 {
			c.reset(env, s.Ack, event.ResetUnacceptable)
		}
		if c.Retries == 0 { // a leftover of an old connection is out of the way now: Linux asks again soon
			c.RTOAt = env.Now + soonNs
		}
		return
	}
	if ack && c.neverSent(env, s) { // RFC 7323 has no word on it; Linux: PAWSActiveRejected
		if s.Flags&wire.RST == 0 {
			c.reset(env, s.Ack, event.ResetUnacceptable)
		}
		return
	}
	if s.Flags&wire.RST != 0 { // second, RST
		if ack {
			c.finish(env, ECONNREFUSED)
		}
		return
	}
	if s.Flags&wire.SYN == 0 { // fifth
		return
	}
	c.takeSYN(env, s) // fourth, SYN
	if !ack {
		c.simultaneousOpen(env, s)
		return
	}
	c.takeAck(env, s)
	c.established(env)
	if env.Conf.Quirks&QuirkTwoWayHandshake == 0 {
		c.ackHandshake(env)
	}
	c.fastSYNAck(env, s)
}

// ackHandshake acknowledges the SYN-ACK: at once, or with the data that the program is about to
// write, if there is a sign that it will.
func (c *Conn) ackHandshake(env *Env) {
	if !c.Fast.Waits && !c.Interactive && c.Opts.Rare().DeferAccept == 0 {
		c.ackNow(env, event.HandshakeAck)
		return
	}
	c.ackSoon(env, maxQuick)
	c.DelAckAt = env.Now + delAckMaxNs
}

// simultaneousOpen answers a SYN that crossed ours (RFC 9293 §3.5, figure 7).
// The SYN that is still unacknowledged goes out again, now with an ACK.
func (c *Conn) simultaneousOpen(env *Env, s *Segment) {
	c.setState(SynReceived)
	c.AckNow = false
	c.retransmit(env, 0, event.SynAck)
}

// takeSYN takes the peer's initial sequence number and options.
func (c *Conn) takeSYN(env *Env, s *Segment) {
	c.IRS, c.RcvNxt, c.RcvWup = s.Seq, s.Seq+1, s.Seq+1
	if s.HasMSS {
		c.PeerMSS = max(uint32(s.MSS), env.Conf.MinSndMSS)
	}
	if s.HasScale && c.ScaleOn {
		c.SndScale = s.Scale
	} else { // RFC 7323 §2.2: both or none
		c.ScaleOn, c.SndScale, c.RcvScale = false, 0, 0
		c.RcvClamp = min(c.RcvClamp, 65535)
	}
	c.SackOn = c.SackOn && s.SackOK
	c.TS.On = c.TS.On && s.HasTS
	if c.TS.On {
		c.TS.Recent, c.TS.RecentAt = s.TSVal, env.Now
	}
	c.ecnOnSYN(env, s)
	c.userTimeoutIn(env, s)
	c.SndMaxWnd = 0
	c.setWindow(s)
	c.syncMSS()
	if mss := c.MyMSS; c.Passive {
		if c.TS.On {
			mss -= timestampsLen
		}
		c.selectInitial(env.Conf, mss)
	}
	c.RcvMSS = max(min(c.SndMSS, c.MyMSS, c.RcvWnd/2, defaultMSS), tinyMSS)
}

// inputSynchronized is RFC 9293 §3.10.7.4, for all states from SYN-RECEIVED on.
func (c *Conn) inputSynchronized(env *Env, s *Segment) {
	if c.State == TimeWait {
		c.inputTimeWait(env, s)
		return
	}
	stale := s.Flags&wire.RST == 0 && c.stale(env, s) // RFC 7323 §5.3 R1; a reset is exempt
	if !stale && c.repeatedSYN(s) {
		if c.mayAnswer(env) {
			c.TxHash = 0
			c.retransmit(env, 0, event.SynAck)
		}
		return
	}
	if stale {
		c.unacceptable(env, s)
		return
	}
	if !c.acceptable(s) { // first, sequence number
		c.unacceptable(env, s)
		return
	}
	if s.Flags&wire.RST != 0 { // second, RST
		c.inputReset(env, s)
		return
	}
	if s.Flags&wire.SYN != 0 && !c.crossing(s) { // fourth, SYN (RFC 5961 §4.2)
		c.challenge(env)
		return
	}
	if s.Flags&wire.ACK == 0 { // fifth, ACK
		return
	}
	if c.State == SynReceived && !c.completeHandshake(env, s) {
		return
	}
	if s.Flags&wire.URG != 0 {
		c.takeUrgent(env, s)
	}
	if !c.inputAck(env, s) || c.State == Closed {
		return
	}
	c.LastRecvAt = env.Now
	if s.Flags&wire.CWR != 0 && c.ECN.Echo { // the sender has slowed down (RFC 3168 §6.1.3)
		c.ECN.Echo = false
		if s.Len() > 0 {
			c.ackNow(env, event.SegmentArrived)
		}
	}
	if n := s.Len(); n > 0 && seq.LE(s.Seq+n, c.RcvNxt) { // nothing new
		c.repeated(env, s)
		c.ackNow(env, event.AckDuplicate)
		return
	}
	early := s.Flags&wire.FIN != 0 && s.Seq != c.RcvNxt
	if (s.Data.Len > 0 || early) && !c.inputData(env, s) { // seventh, segment text
		return
	}
	if s.Flags&wire.FIN != 0 { // eighth, FIN
		c.inputFIN(env, s)
	}
}

// crossing reports whether s is the SYN-ACK of a simultaneous open: both ends sent SYN, and this acknowledges
// ours (RFC 9293 §3.5, figure 7).
func (c *Conn) crossing(s *Segment) bool {
	return c.State == SynReceived && !c.Passive && s.Flags&wire.ACK != 0 && s.Len() == 1 && s.Seq == c.IRS && s.Ack == c.SndNxt
}

// acceptable is the test of RFC 9293 §3.10.7.4, table 6, as Linux's tcp_sequence does it. The left edge is what was
// acknowledged last: a pure ACK that data overtook while its own ACK is put off still counts. A FIN may lie one beyond
// the right edge, or a peer whose window is closed could never end. What begins inside and ends outside counts only
// if the receive buffer is empty.
func (c *Conn) acceptable(s *Segment) bool {
	end, limit := s.Seq+s.Len(), c.RcvNxt+c.window()
	switch {
	case seq.LT(end, c.RcvWup):
		return false
	case !seq.GT(end, limit):
		return true
	case s.Flags&wire.FIN != 0 && end-1 == limit:
		return true
	}
	return !seq.GT(s.Seq, limit) && c.RcvQueued == 0
}

// repeatedSYN reports whether s is the SYN again that began a connection of a listener: the answer was lost.
func (c *Conn) repeatedSYN(s *Segment) bool {
	return c.State == SynReceived && c.Passive && s.Flags&(wire.SYN|wire.ACK|wire.RST) == wire.SYN && s.Seq == c.IRS
}

// unacceptable answers a segment outside the window with an ACK, unless it is
// a reset.
func (c *Conn) unacceptable(env *Env, s *Segment) {
	switch {
	case s.Flags&wire.RST != 0:
		if c.resetBehindFIN(s) {
			c.obeyReset(env)
		}
		return
	case s.Flags&wire.SYN != 0:
		c.challenge(env)
		return
	}
	if s.Len() == 0 {
		switch {
		case !c.mayAnswer(env): // two hosts that disagree would answer each other for ever (Linux's tcp_invalid_ratelimit)
		case seq.LT(s.Seq, c.RcvNxt): // a probe of our window, or a keep-alive
			c.ackNow(env, event.ProbeAnswer)
		default:
			c.ackNow(env, event.AckDuplicate)
		}
		return
	}
	c.repeated(env, s)
	c.ackNow(env, event.AckDuplicate)
}

// inputReset obeys a reset whose number is exact and challenges one that only
// lies in the window (RFC 5961 §3.2).
func (c *Conn) inputReset(env *Env, s *Segment) {
	if s.Seq != c.RcvNxt && !c.resetSacked(s.Seq) && !c.resetBehindFIN(s) {
		if c.State == Established && c.fastClient() && c.Fast.Ask && c.Segs.DataSegsIn == 0 { // from a box that lost count
			c.Wake |= WakeBlackHole
		}
		c.challenge(env)
		return
	}
	c.obeyReset(env)
}

// resetBehindFIN reports whether a reset has the number of the peer's FIN: a program that is killed while it closes
// sends that (Linux's tcp_reset_check).
func (c *Conn) resetBehindFIN(s *Segment) bool {
	return s.Seq == c.RcvNxt-1 && (c.State == CloseWait || c.State == LastAck || c.State == Closing)
}

// obeyReset ends the connection as an exact reset asks (RFC 9293 §3.10.7.4, second).
func (c *Conn) obeyReset(env *Env) {
	if c.State == CloseWait {
		c.finish(env, EPIPE)
	} else {
		c.finish(env, ECONNRESET)
	}
}

// inputTimeWait is RFC 9293 §3.10.7.4 for TIME-WAIT, as Linux's tcp_timewait_state_process does it: only an exact bare
// ACK and a reset go without an answer. The host has looked before whether a SYN reopens the connection.
func (c *Conn) inputTimeWait(env *Env, s *Segment) {
	old := c.TS.On && s.HasTS && !c.freshEnough(env, s, 0)
	reset := s.Flags&wire.RST != 0
	if !old && s.Seq == c.RcvNxt && (s.Len() == 0 || reset) {
		switch {
		case !reset:
			c.WaitAt = env.Now + 2*env.Conf.MSLNs
		case !env.Conf.RFC1337: // else an old reset cannot cut the wait short (RFC 1337 §3)
			c.finish(env, 0)
			return
		}
		if c.TS.On && s.HasTS {
			c.TS.Recent, c.TS.RecentAt = s.TSVal, env.Now
		}
		return
	}
	if reset {
		return
	}
	if old || s.Flags&wire.ACK != 0 {
		c.WaitAt = env.Now + 2*env.Conf.MSLNs
	}
	if (s.Len() == 0 || s.Flags&wire.SYN != 0) && !c.mayAnswer(env) {
		return
	}
	c.ackNow(env, event.AckDuplicate)
}

// challenge answers a segment that may be forged with an ACK, at most one in
// 0.5 s, and as often in a second as the host allows (RFC 5961 §7, Linux's tcp_invalid_ratelimit and
// tcp_challenge_ack_limit).
func (c *Conn) challenge(env *Env) {
	if c.mayAnswer(env) && env.Challenges.take(env.Now, env.Conf.ChallengeLimit) {
		c.ackNow(env, event.ChallengeAck)
	}
}

// mayAnswer reports whether a segment outside the window may be answered now: at most one in
// tcp_invalid_ratelimit is.
func (c *Conn) mayAnswer(env *Env) bool {
	if env.Now-c.AnsweredAt < env.Conf.InvalidRateNs {
		return false
	}
	c.AnsweredAt = env.Now
	return true
}

// completeHandshake takes SYN-RECEIVED to ESTABLISHED, or answers an ACK of
// something else with a reset.
func (c *Conn) completeHandshake(env *Env, s *Segment) bool {
	if seq.LE(s.Ack, c.ISS) || seq.GT(s.Ack, c.SndNxt) {
		c.reset(env, s.Ack, event.ResetUnacceptable)
		return false
	}
	if c.Opts.Rare().DeferAccept > c.Retries && s.Len() == 0 { // TCP_DEFER_ACCEPT: wait for data
		c.Deferred = true
		return false
	}
	crossed := c.crossing(s)
	c.established(env)
	if crossed { // the SYN in it came twice
		c.ackSoon(env, maxQuick)
		c.twice(env, c.IRS, c.IRS+1)
		c.ackNow(env, event.HandshakeAck)
		s.Flags &^= wire.SYN
		s.Seq++
	}
	return true
}

// established begins the data phase.
func (c *Conn) established(env *Env) {
	c.setState(Established)
	c.LastRecvAt, c.LastDataAt, c.Use.Stamp = env.Now, env.Now, env.Now
	if f := c.algorithm().begin; f != nil {
		f(c, env)
	}
	c.armKeepAlive(env)
	c.beginMTU(env)
	if mss := c.MyMSS; !c.FastOpened { // else it has begun
		if c.TS.On && !c.Passive {
			mss -= timestampsLen
		}
		c.beginWindow(env, mss)
	}
}

// inputFIN takes the peer's FIN, if everything before it has arrived.
func (c *Conn) inputFIN(env *Env, s *Segment) {
	if c.FinReceived || s.Seq+s.Data.Len != c.RcvNxt {
		return
	}
	if s.Data.Len == 0 {
		c.admit(env, s)
	}
	c.takeFIN(env)
}

func (c *Conn) takeFIN(env *Env) {
	c.RcvNxt++
	c.FinReceived = true
	c.dropHeld(env) // whatever lies beyond the FIN
	c.Sacks = nil
	c.Wake |= WakeReadable
	c.Interactive = true
	switch {
	case c.State > Established, c.AckTimeoutUs == 0, c.NoMemory, c.secondSegment(env):
		c.ackNow(env, event.AckFIN)
	default: // the program may answer by closing, too (Linux)
		c.delayAck(env)
	}
	switch c.State {
	case SynReceived, Established:
		c.setState(CloseWait)
	case FinWait1: // our FIN is not acknowledged: the FINs crossed
		c.setState(Closing)
	case FinWait2:
		c.sendAck(env) // with the window of now: in TIME-WAIT it stays as it is
		c.timeWait(env)
	}
}

// timeWait waits for 2 MSL, so that the last ACK can be repeated and old
// segments die out (RFC 9293 §3.6.1, MUST-13).
func (c *Conn) timeWait(env *Env) {
	c.setState(TimeWait)
	c.RTOAt, c.PersistAt = Never, Never
	if env.Conf.Quirks&QuirkNoTimeWait != 0 {
		c.finish(env, 0)
		return
	}
	c.WaitAt = env.Now + 2*env.Conf.MSLNs
}
