package tcp

// Proportional rate reduction (RFC 6937): the window comes down to ssthresh as
// ACKs come in, instead of at once, so that sending never stops.

// beginReduction starts a reduction from the window as it stands.
func (c *Conn) beginReduction() {
	c.HighSeq = c.SndNxt
	c.Probe.On = false
	c.CwndCount = 0
	c.PriorCwnd = max(c.Cwnd, 1)
	c.PrrDelivered, c.PrrOut = 0, 0
	c.Ssthresh = c.algorithm().ssthresh(c)
	c.ECN.SendCWR = c.ECN.On
}

// reduce sets the window by an ACK which says that delivered more segments have
// arrived. The first one lets a segment out in any case: the fast retransmission.
func (c *Conn) reduce(env *Env, delivered uint32) {
	if delivered == 0 {
		return
	}
	n := &env.news
	c.PrrDelivered += delivered
	flight, send := c.InFlight(), uint32(0)
	if flight > c.Ssthresh {
		share := (uint64(c.Ssthresh)*uint64(c.PrrDelivered) + uint64(c.PriorCwnd) - 1) / uint64(c.PriorCwnd)
		send = uint32(share) - min(uint32(share), c.PrrOut)
	} else {
		send = max(c.PrrDelivered-min(c.PrrDelivered, c.PrrOut), delivered)
		if n.flags&newsAdvanced != 0 && c.Lost == n.lost {
			send++ // slow start reduction bound
		}
		send = min(send, c.Ssthresh-flight)
	}
	if c.PrrOut == 0 {
		send = max(send, 1)
	}
	c.Cwnd = flight + send
}

// endReduction leaves the window at ssthresh.
func (c *Conn) endReduction(env *Env) {
	if c.ownControl() {
		return
	}
	if c.Ssthresh < infinite && (c.CA == CWR || c.Undo.On) {
		c.Cwnd = c.Ssthresh
		c.Use.Stamp = env.Now
	}
}

// enterCWR begins a reduction without a loss: a router is congested (RFC 3168
// §6.1.2), or the host's own queue is.
func (c *Conn) enterCWR(env *Env) {
	c.Undo.Ssthresh = 0
	if c.CA < CWR {
		c.Undo.On = false
		c.beginReduction()
		c.setCA(env, CWR)
	}
}
