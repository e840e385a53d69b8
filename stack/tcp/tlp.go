package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
)

// ProbeState is the tail loss probe (RFC 8985 §7): when no ACK comes for two round trips, one
// segment is sent so that the answer tells by SACK what is missing, long before
// the retransmission timeout would have to guess.
type ProbeState struct {
	On      bool   // a probe is out
	Retrans bool   // it repeated a segment
	High    uint32 // SND.NXT when it was sent
}

// scheduleProbe starts the probe timer instead of the retransmission timer, if a
// probe could help. The timeout does not come later for it; restarted says that it would start over now.
func (c *Conn) scheduleProbe(env *Env, restarted bool) bool {
	if e := env.Conf.EarlyRetrans; e != 3 && e != 4 || c.Rtx.Len() == 0 || !c.SackOn || c.CA != Open && c.CA != CWR || c.State < Established {
		return false
	}
	wait := env.Conf.RTOInitNs
	if c.SRTT > 0 {
		wait = 2*c.SRTT + timerSlackNs
		if c.Rtx.Len() == 1 { // its ACK may be delayed
			wait = 2*c.SRTT + env.Conf.RTOMinNs
		}
	}
	rto := c.RTO(env.Conf)
	if !restarted {
		rto -= env.Now - c.Rtx.Front().At
	}
	if rto > 0 {
		wait = min(wait, rto)
	}
	c.setXmit(env, timerProbe, wait)
	return true
}

// sendProbe sends a new segment or the waiting FIN if there is one, else the last segment again.
func (c *Conn) sendProbe(env *Env) {
	if c.Probe.On || c.Rtx.Len() == 0 {
		c.armRTO(env)
		return
	}
	c.Probe.Retrans = false
	if before := c.Rtx.Len(); c.nextFits() {
		c.sendNew(env, pushProbe)
		if c.Rtx.Len() == before {
			c.armRTO(env)
			return
		}
	} else {
		if !c.retransmit(env, c.Rtx.Len()-1, event.TailLossProbe) {
			c.armRTO(env)
			return
		}
		c.spend(env, c.Rtx.Back().dataLen())
		c.Probe.Retrans = true
	}
	c.Probe.On, c.Probe.High = true, c.SndNxt
	c.RTOAt = Never // the timeout counts from now
	c.armRTO(env)
}

// nextFits reports whether there is a segment to send for the first time, and the peer's window admits it.
func (c *Conn) nextFits() bool {
	left, last := c.unsentRecord()
	n := min(left, c.segmentSize())
	n += b2u(c.FinQueued && !c.FinSent && last && n == left)
	return n > 0 && n <= c.usable()
}

// endProbe finds out from an ACK what became of the probe. If it repaired a
// loss, the window comes down, for without the probe there would have been a recovery.
func (c *Conn) endProbe(env *Env, ack uint32) {
	p, n := &c.Probe, &env.news
	if !p.On || seq.LT(ack, p.High) {
		return
	}
	switch {
	case !p.Retrans, n.flags&newsDSackProbe != 0:
		p.On = false
	case seq.GT(ack, p.High):
		c.beginReduction()
		c.setCA(env, CWR)
		c.endReduction(env)
		c.keepOpen(env)
	case n.flags&(newsAdvanced|newsNotDup|newsSacked) == 0: // a duplicate: both copies arrived
		p.On = false
	}
}
