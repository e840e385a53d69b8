package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// sampleRTT updates the smoothed round trip time (RFC 6298 §2). The timeout is
// SRTT + max(4·RTTVAR, 200 ms), as Linux has it.
func (c *Conn) sampleRTT(conf *Config, r int64) {
	if !c.HasTiming {
		c.HasTiming = true
		c.SRTT, c.RTTVar = r, r/2
	} else {
		d := c.SRTT - r
		if d < 0 {
			d = -d
		}
		c.RTTVar += (d - c.RTTVar) / 4
		c.SRTT += (r - c.SRTT) / 8
	}
	c.RTOBase = c.SRTT + max(4*c.RTTVar, conf.RTOMinNs)
}

// RTO returns the retransmission timeout with back-off (RFC 6298 §5.5). A nil
// conf leaves the upper limit out.
func (c *Conn) RTO(conf *Config) int64 {
	rto := c.RTOBase
	limit := int64(1) << 50
	if conf != nil {
		limit = conf.RTOMaxNs
	}
	for range c.Backoff {
		if rto >= limit {
			break
		}
		rto *= 2
	}
	return min(rto, limit)
}

// armRTO starts the retransmission timer over if anything is in flight, and
// stops it if nothing is (RFC 6298 §5.2, §5.3).
func (c *Conn) armRTO(env *Env) {
	c.RTOAt = Never
	if c.Rtx.Len() > 0 {
		c.RTOAt, c.TimerCause = env.Now+c.RTO(env.Conf), env.Cause
	}
}

// Deadline returns when Timers wants to be called next.
func (c *Conn) Deadline() int64 {
	return min(c.RTOAt, c.PersistAt, c.DelAckAt, c.WaitAt)
}

// Timers fires the timers that are due and sends what follows.
func (c *Conn) Timers(env *Env) {
	if c.DelAckAt <= env.Now {
		c.DelAckAt = Never
		c.ackNow(env, event.AckDelayed)
	}
	if c.RTOAt <= env.Now {
		c.retransmitTimeout(env)
	}
	if c.PersistAt <= env.Now {
		c.probe(env)
	}
	if c.WaitAt <= env.Now {
		c.finish(env, 0)
	}
	c.Output(env)
}

func (c *Conn) retransmitTimeout(env *Env) {
	c.RTOAt = Never
	if c.Rtx.Len() == 0 {
		return
	}
	if c.FirstRetrans == 0 {
		c.FirstRetrans = env.Now
	}
	if c.gaveUp(env) {
		return
	}
	c.Retries++
	switch {
	case c.State == SynSent && c.Retries <= env.Conf.SynLinearTimeouts:
	default:
		if c.Backoff < 62 {
			c.Backoff++
		}
	}
	if c.State == SynSent || c.State == SynReceived {
		c.retransmit(env, 0, event.RTO)
	} else {
		c.enterLoss(env)
		c.retransmit(env, 0, event.RTO)
	}
	c.RTOAt, c.TimerCause = env.Now+c.RTO(env.Conf), env.Cause
}

// gaveUp ends a connection whose peer has not answered for too long (RFC 9293
// §3.8.3, R2).
func (c *Conn) gaveUp(env *Env) bool {
	switch {
	case c.State == SynSent:
		if c.Retries < env.Conf.SynRetries+env.Conf.SynLinearTimeouts { // Linux: the steps at the start come on top
			return false
		}
	case c.State == SynReceived:
		if c.Retries < env.Conf.SynAckRetries {
			return false
		}
	default:
		tries := env.Conf.Retries2
		if c.Orphan {
			tries = env.Conf.OrphanRetries
		}
		if env.Now-c.FirstRetrans < env.Conf.patience(tries) {
			return false
		}
	}
	c.finish(env, ETIMEDOUT)
	return true
}

// patience is how long tries retransmissions take when the first comes after the
// shortest timeout: Linux turns tcp_retries2 into a time that way.
func (c *Config) patience(tries uint8) int64 {
	total, wait := int64(0), c.RTOMinNs
	for range int(tries) + 1 {
		total += wait
		wait = min(2*wait, c.RTOMaxNs)
	}
	return total
}

// armPersist starts the timer that probes a closed window when there is
// something to send and nothing in flight to draw an ACK (RFC 9293 §3.8.6.1).
func (c *Conn) armPersist(env *Env) {
	blocked := c.Rtx.Len() == 0 && (c.unsent() > 0 || c.FinQueued && !c.finSent())
	switch {
	case !blocked:
		c.PersistAt = Never
	case c.PersistAt == Never:
		c.PersistAt, c.TimerCause = env.Now+c.RTO(env.Conf), env.Cause
	}
}

// probe asks whether the window has opened: with as much data as fits, else,
// as Linux does, with an empty segment just left of the window. It goes on for
// as long as the peer answers.
func (c *Conn) probe(env *Env) {
	if c.Backoff < 62 {
		c.Backoff++
	}
	c.PersistAt, c.TimerCause = env.Now+c.RTO(env.Conf), env.Cause
	if n := min(c.unsent(), c.SndMSS, c.usable()); n > 0 {
		c.transmit(env, n, c.FinQueued && n == c.unsent(), event.ZeroWindowProbe)
		return
	}
	c.emit(env, c.SndUna-1, 0, wire.ACK, event.ZeroWindowProbe, 1)
}
