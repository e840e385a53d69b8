package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
)

// RackState is recent acknowledgement (RFC 8985 §5.2): a segment is lost if one
// sent later has arrived and the path does not reorder that much.
type RackState struct {
	At       int64 // when the newest segment that has arrived was sent
	RTT      int64 // its round trip
	End      uint32
	Advanced bool
	DSack    bool  // something arrived twice since the window was set
	Steps    uint8 // quarters of a round trip to wait
	Persist  uint8 // recoveries until Steps goes back to one
	SetAt    int64 // when Steps was raised last
}

const (
	rackPersist   = 16        // RFC 8985 §6.2 step 4
	timerSlackNs  = 2_000_000 // Linux's TCP_TIMEOUT_MIN_US
	rackStatic    = 2         // bits of tcp_recovery: keep the window as it is …
	rackNoDupacks = 4         // … and do not let duplicate ACKs close it
)

// later reports whether what was sent at time a and ends at x was sent after b, y.
func later(a, b int64, x, y uint32) bool { return a > b || a == b && seq.GT(x, y) }

// advance takes note that p has arrived. A copy that seems to have arrived in less than
// the shortest round trip did not: that was the original.
func (r *RackState) advance(env *Env, p *Sent, minRTT int64) {
	rtt := env.Now - p.At
	if p.Xmit > 1 && rtt < minRTT {
		return
	}
	r.Advanced, r.RTT = true, rtt
	if end := p.Seq + p.Len; later(p.At, r.At, end, r.End) {
		r.At, r.End = p.At, end
	}
}

// widen makes the reordering window larger when segments that were taken for
// lost arrive after all, once a round trip (RFC 8985 §6.2 step 4).
func (r *RackState) widen(env *Env) {
	if env.Conf.Recovery&rackStatic != 0 || env.news.newest < 0 {
		return
	}
	if env.news.newest < r.SetAt {
		r.DSack = false
	}
	switch {
	case r.DSack:
		r.Steps = uint8(min(uint32(r.Steps)+1, 255))
		r.DSack, r.SetAt, r.Persist = false, env.Now, rackPersist
	case r.Persist == 0:
		r.Steps = 1
	}
}

// reorderingWindow is how long a segment may come late, in ns.
func (c *Conn) reorderingWindow(env *Env) int64 {
	if c.ReorderSeen == 0 {
		if c.CA >= Recovery || c.SackedOut >= c.Reordering && env.Conf.Recovery&rackNoDupacks == 0 {
			return 0
		}
	}
	return min(c.MinRTT.Value()/4*int64(c.Rack.Steps), c.SRTT)
}

// timeLeft returns how long segment p has left to arrive.
func (c *Conn) timeLeft(env *Env, p *Sent, window int64) int64 {
	return c.Rack.RTT + window - (env.Now - p.At)
}

// detectLoss marks what is lost by now and returns how long to wait for the rest.
func (c *Conn) detectLoss(env *Env) (wait int64) {
	window := c.reorderingWindow(env)
	for i := range c.Rtx.Len() {
		p := c.Rtx.At(i)
		if p.Mark&markSacked != 0 || p.Mark&(markLost|markRetrans) == markLost {
			continue
		}
		if !later(c.Rack.At, p.At, c.Rack.End, p.Seq+p.Len) {
			if p.Xmit == 1 { // and so were all behind it
				break
			}
			continue
		}
		if left := c.timeLeft(env, p, window); left > 0 {
			wait = max(wait, left)
		} else {
			c.markLostAt(i)
		}
	}
	return wait
}

// rackDetect looks for losses after an ACK (RFC 8985 §6.2 step 5).
func (c *Conn) rackDetect(env *Env) {
	if !c.Rack.Advanced {
		return
	}
	c.Rack.Advanced = false
	if wait := c.detectLoss(env); wait > 0 {
		c.setXmit(env, timerReorder, wait+timerSlackNs)
		env.news.flags &^= newsTimer
	}
}

// reorderTimeout is the end of waiting for what may only be late.
func (c *Conn) reorderTimeout(env *Env) {
	before := c.InFlight()
	c.detectLoss(env)
	if before != c.InFlight() {
		if c.CA != Recovery {
			c.enterRecovery(env, false)
			if !c.ownControl() {
				env.news = news{}
				c.reduce(env, 1)
			}
		}
		c.sendLost(env, event.RackTimeout)
	}
	if c.XmitTimer != timerRTO || c.RTOAt == Never {
		c.armRTO(env)
	}
}
