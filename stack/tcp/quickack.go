package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// Linux acknowledges at once while it does not know yet how the program answers:
// the first segments of a connection, those after a long pause, and whatever
// arrives twice. A program that answers soon puts an end to that, as its answers
// carry the acknowledgements. An ACK that waits for an answer waits for as long as the segments
// are apart, from DelAckNs to delAckMaxNs (RFC 9293 §3.8.6.3: less than 500 ms, MUST-58).

const (
	maxQuick    = 16          // how many ACKs in a row are not delayed
	delAckMaxNs = 200_000_000 // Linux's TCP_DELACK_MAX
	tickNs      = 4_000_000   // of Linux's clock at 250 Hz
	tinyMSS     = 88          // Linux's TCP_MIN_MSS
)

// quicken makes the next ACKs go out at once: as many as half a window has
// segments, at most most.
func (c *Conn) quicken(most uint32) {
	n := c.RcvWnd / (2 * max(c.RcvMSS, 1))
	if n == 0 {
		n = 2
	}
	c.Quick = max(c.Quick, uint8(min(n, most)))
}

// ackSoon makes at most most ACKs go out at once whatever the program does: the peer may be
// short of one.
func (c *Conn) ackSoon(env *Env, most uint32) {
	c.quicken(most)
	c.Interactive, c.DelAckMissed = false, false
	c.AckTimeoutUs = uint32(env.Conf.DelAckNs / 1000)
}

// dataArrived takes note of a segment in order that had n bytes.
func (c *Conn) dataArrived(env *Env, s *Segment, n uint32) {
	size := charge(env.Pool, s.Data.Block)
	c.measureMSS(s, n, size)
	c.measureWindow(env)
	c.measurePause(env)
	c.LastDataAt = env.Now
	c.measureEcho(env, s)
	if n >= 128 {
		c.growWindow(env, n, size)
	}
}

// measureMSS finds out how large the peer's full segments are, and counts the small ones. Two
// segments in a row of the same size that nobody pushed are full: the path may take no more. The frame costs size bytes.
func (c *Conn) measureMSS(s *Segment, n, size uint32) {
	before := c.LastSegment
	c.LastSegment = 0
	if n >= c.RcvMSS {
		if n != c.RcvMSS {
			c.measureRatio(n, size)
		}
		c.RcvMSS = min(n, c.advMSS())
		if s.Flags&wire.PSH != 0 {
			c.Pushes = max(c.Pushes, 1)
		}
		return
	}
	n += s.sackLen() // takes room from the data
	if n >= defaultMSS || n >= tinyMSS && s.Flags&(wire.FIN|wire.URG|wire.SYN|wire.PSH) == 0 {
		c.LastSegment = uint16(n)
		if c.LastSegment == before {
			c.RcvMSS = n
			return
		}
	}
	c.Pushes = min(c.Pushes+1, 2)
}

// measurePause adapts the time an ACK is delayed to the time between segments (Linux's
// tcp_event_data_recv).
func (c *Conn) measurePause(env *Env) {
	least, wait := env.Conf.DelAckNs, int64(c.AckTimeoutUs)*1000
	pause := env.Now - c.LastDataAt
	switch {
	case wait == 0: // the first data
		c.quicken(maxQuick)
		wait = least
	case pause <= least/2:
		wait = wait/2 + least/2
	case pause < wait:
		wait = min(wait/2+pause, c.RTO(env.Conf))
	case pause > c.RTO(env.Conf): // the sender forgot to start slowly, it may need every ACK
		c.quicken(maxQuick)
	}
	c.AckTimeoutUs = uint32(wait / 1000)
}

// dataSent takes note of data that is sent: if it comes within the time of a
// delayed ACK it is an answer.
func (c *Conn) dataSent(env *Env) {
	if c.LastDataAt != Never && env.Now-c.LastDataAt < int64(c.AckTimeoutUs)*1000 {
		c.Interactive, c.DelAckMissed = true, false
	}
}

// ackQuickly acknowledges at once if that is how it stands.
func (c *Conn) ackQuickly(env *Env) bool {
	if c.Quick == 0 || c.Interactive {
		return false
	}
	c.ackNow(env, event.AckQuick)
	return true
}

// quickSent counts an ACK that goes out; behind the last quick one the delays begin short.
func (c *Conn) quickSent(env *Env) {
	if c.Quick == 0 {
		return
	}
	if c.Quick--; c.Quick == 0 {
		c.AckTimeoutUs = uint32(env.Conf.DelAckNs / 1000)
	}
}

// delayAck sets when what arrived is acknowledged if nothing is sent until then: at once, if
// that is almost due for what arrived before.
func (c *Conn) delayAck(env *Env) {
	wait := c.AckTimeout(env.Conf)
	at := env.Now + wait
	if c.DelAckAt != Never {
		if c.DelAckAt <= env.Now+wait/4 {
			c.ackNow(env, event.AckDelayed)
			return
		}
		if c.DelAckAt <= at {
			return
		}
	}
	c.DelAckAt = at
}

// AckTimeout is how long an ACK is delayed, in ns: not beyond a round trip, nor so long that it
// comes too late for the peer's retransmission timer.
func (c *Conn) AckTimeout(conf *Config) int64 {
	wait, least := int64(c.AckTimeoutUs)*1000, conf.DelAckNs
	if wait > least {
		most := int64(500_000_000)
		if c.Interactive || c.Pushes > 0 {
			most = delAckMaxNs
		}
		if c.SRTT > 0 {
			most = min(most, max(c.SRTT, least))
		}
		wait = min(wait, most)
	}
	return min(wait, c.longestDelay(conf))
}

// longestDelay bounds every delayed ACK, in ns: TCP_DELACK_MAX_US may ask for less.
func (c *Conn) longestDelay(conf *Config) int64 {
	most := or(int64(c.Opts.Rare().DelAckMaxUs)*1000, delAckMaxNs)
	return min(most, max(c.rtoMin(conf)-tickNs, tickNs))
}

// delayedAckTimeout acknowledges what no answer came for in time, and waits longer for the next.
// A program that fails to answer twice in a row is not interactive any more. (Linux concludes
// that from the first time.)
func (c *Conn) delayedAckTimeout(env *Env) {
	c.DelAckAt = Never
	switch {
	case !c.Interactive:
		c.AckTimeoutUs = uint32(min(2*int64(c.AckTimeoutUs), c.RTO(env.Conf)/1000))
	case c.DelAckMissed:
		c.Interactive, c.DelAckMissed = false, false
		c.AckTimeoutUs = uint32(env.Conf.DelAckNs / 1000)
	default:
		c.DelAckMissed = true
	}
	c.ackNow(env, event.AckDelayed)
}
