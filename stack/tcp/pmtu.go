package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
)

// Errors that ICMP reports, and path MTU discovery (RFC 1191, RFC 8201, RFC 5927).

// InFlightAt reports whether a segment that begins at number at may be on its way: an
// error that quotes any other was forged, or comes too late (RFC 5927 §4.1).
func (c *Conn) InFlightAt(at uint32) bool {
	return c.State != Closed && c.State != Listen && seq.LE(c.SndUna, at) && seq.LE(at, c.SndNxt)
}

// Unreachable takes an ICMP error about a segment at number at. While the connection is being
// opened it ends it; later it is only what a program hears if nothing helps (RFC 9293 §3.9.2.2, MUST-56).
// revert says that it tells of a broken path, not of the peer: the back-off may have been needless (RFC 6069).
func (c *Conn) Unreachable(env *Env, at uint32, err Errno, revert bool) {
	if revert && c.State >= Established && at == c.SndUna {
		c.revertBackoff(env)
	}
	switch c.State {
	case SynReceived: // of a handshake that no program holds, Linux believes only that the way is broken
		if hard := err == ENETUNREACH || err == EHOSTUNREACH || err == EPROTO; hard || !c.Passive || c.FastOpened {
			c.finish(env, err)
		}
	case SynSent:
		c.finish(env, err)
	default:
		if c.SoftErr = err; c.Opts.Has(FlagRecvErr) { // the program wants to hear of it at once (ip(7), IP_RECVERR)
			c.Err = err
			c.Wake |= WakeError | WakeReadable
		}
	}
}

// revertBackoff takes one doubling of the timeout back.
func (c *Conn) revertBackoff(env *Env) {
	if c.Retries == 0 || c.Backoff == 0 || c.Rtx.Len() == 0 {
		return
	}
	c.Backoff--
	wait := c.RTO(env.Conf) - (env.Now - c.Rtx.Front().At)
	if wait > 0 {
		c.setXmit(env, timerRTO, wait)
		return
	}
	c.retransmitTimeout(env)
}

// SetPathMTU takes the largest packet that the path lets through. Segments in flight that are
// larger are lost for sure, and not for congestion: they go out again at once, in pieces, unless the
// program wants no part in it.
func (c *Conn) SetPathMTU(env *Env, mtu uint32) {
	if mtu >= c.PathMTU {
		return
	}
	c.PathMTU = mtu
	if len(c.MTU) > 0 {
		m := &c.MTU[0]
		m.High = uint16(min(uint32(m.High), mtu))
		m.Low = min(m.Low, m.High)
	}
	if !c.MayFragment(env.Conf) {
		c.SoftErr = EMSGSIZE
	}
	c.syncMSS()
	switch c.MTUMode(env.Conf) {
	case MTUDont, MTUInterface, MTUOmit:
		if c.Remote.Addr.Is4() { // no router of IPv6 cuts what is in flight
			return
		}
	}
	c.resendTooLarge(env)
}

// HearsMTU reports whether what ICMP tells of the path's MTU may count: with IPV6_PMTUDISC_INTERFACE and
// IPV6_PMTUDISC_OMIT it does not (Linux's ip6_sk_accept_pmtu).
func (c *Conn) HearsMTU(conf *Config) bool {
	return c.Remote.Addr.Is4() || c.MTUMode(conf) < MTUInterface
}

// GrowPathMTU takes a path that lets larger packets through than before: what is sent from now on may be larger.
func (c *Conn) GrowPathMTU(mtu uint32) {
	if mtu > c.PathMTU {
		c.PathMTU = mtu
		c.syncMSS()
	}
}

// Values of IP_MTU_DISCOVER and IPV6_MTU_DISCOVER.
const (
	MTUDont = iota
	MTUWant
	MTUDo
	MTUProbing
	MTUInterface
	MTUOmit
)

// MTUMode is how the connection goes about path MTU discovery: as its socket says, else as the host does.
func (c *Conn) MTUMode(conf *Config) uint8 {
	switch {
	case c.Opts.MTUMode > 0:
		return c.Opts.MTUMode - 1
	case conf.NoPMTUDisc > 0:
		return MTUDont
	}
	return MTUWant
}

// MayFragment reports whether routers may cut what the connection sends: its packets go without the bit
// that forbids it (Linux's ip_dont_fragment).
func (c *Conn) MayFragment(conf *Config) bool {
	mode := c.MTUMode(conf)
	return mode != MTUDo && mode != MTUWant
}

// resendTooLarge sends again what does not fit any more. A SYN and its data were one packet (RFC 7413): both are lost.
func (c *Conn) resendTooLarge(env *Env) {
	size := c.segmentSize()
	for i := range c.Rtx.Len() {
		if c.Rtx.At(i).dataLen() > size || c.State == SynSent && c.Fast.Sent {
			c.markLostAt(i)
		}
	}
	c.repeatWithoutBlame(env, event.PathMTU)
}

// repeatWithoutBlame sends lost segments again without taking the window down.
func (c *Conn) repeatWithoutBlame(env *Env, why event.Reason) {
	if c.LostOut == 0 {
		return
	}
	if !c.SackOn {
		c.limitRenoSacks(env, 0)
	}
	if c.CA != Loss {
		c.HighSeq = c.SndNxt
		c.Ssthresh = c.currentSsthresh()
		c.Undo.Ssthresh, c.Undo.On = 0, false
		c.setCA(env, Loss)
	}
	c.sendLost(env, why)
}
