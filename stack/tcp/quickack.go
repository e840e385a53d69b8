package tcp

import "wirelab/stack/event"

// Linux acknowledges at once while it does not know yet how the program answers:
// the first segments of a connection, those after a long pause, and whatever
// arrives twice. A program that answers soon puts an end to that, as its answers
// carry the acknowledgements.

// maxQuick bounds how many ACKs are not delayed.
const maxQuick = 16

// quicken makes the next ACKs go out at once: as many as half a window has
// segments.
func (c *Conn) quicken() { c.quickenBy(maxQuick) }

// quickenBy does so for at most most ACKs.
func (c *Conn) quickenBy(most uint32) {
	n := c.RcvWnd / (2 * max(c.RcvMSS, 1))
	if n == 0 {
		n = 2
	}
	c.Quick = max(c.Quick, uint8(min(n, most)))
}

// dataArrived takes note of a segment of n bytes in order.
func (c *Conn) dataArrived(env *Env, n uint32, pushed bool) {
	if n >= c.RcvMSS {
		c.RcvMSS = min(n, c.MyMSS)
		if pushed {
			c.Pushes = max(c.Pushes, 1)
		}
	} else {
		c.Pushes = min(c.Pushes+1, 2)
	}
	if c.LastDataAt == Never || env.Now-c.LastDataAt > c.RTO(env.Conf) {
		c.quicken()
	}
	c.LastDataAt = env.Now
	c.measureWindow(env)
	c.growWindow(n)
}

// dataRepeated takes note of data that had arrived before: the peer may have
// missed an ACK.
func (c *Conn) dataRepeated() {
	c.Interactive = false
	c.quicken()
}

// dataSent takes note of data that is sent: if it comes within the time of a
// delayed ACK it is an answer.
func (c *Conn) dataSent(env *Env) {
	if c.LastDataAt != Never && env.Now-c.LastDataAt < env.Conf.DelAckNs {
		c.Interactive = true
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
