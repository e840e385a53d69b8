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
		c.SoftErr = err
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
// larger are lost for sure, and not for congestion: they go out again at once, in pieces.
func (c *Conn) SetPathMTU(env *Env, mtu uint32) {
	if mtu >= c.PathMTU || c.Opts.NoPMTU {
		return
	}
	c.PathMTU = mtu
	if len(c.MTU) > 0 {
		m := &c.MTU[0]
		m.High = uint16(min(uint32(m.High), mtu))
		m.Low = min(m.Low, m.High)
	}
	c.SoftErr = EMSGSIZE
	c.syncMSS()
	c.resendTooLarge(env)
}

func (c *Conn) resendTooLarge(env *Env) {
	size := c.segmentSize()
	for i := range c.Rtx.Len() {
		if c.Rtx.At(i).dataLen() > size {
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
