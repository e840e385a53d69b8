package tcp

// Proportional rate reduction (RFC 6937): during recovery the window comes down
// to ssthresh as ACKs come in, instead of at once, so that sending never stops.

// beginPRR starts a reduction from the window as it stands.
func (c *Conn) beginPRR() {
	c.PriorCwnd = max(c.Cwnd, 1)
	c.PrrDelivered, c.PrrOut = 0, 0
}

// reduce sets the window by an ACK which says that delivered more segments have
// arrived. The first one lets a segment out in any case: the fast retransmission.
func (c *Conn) reduce(delivered uint32, advanced bool) {
	if delivered == 0 {
		return
	}
	c.PrrDelivered += delivered
	flight, send := c.InFlight(), uint32(0)
	if flight > c.Ssthresh {
		share := (uint64(c.Ssthresh)*uint64(c.PrrDelivered) + uint64(c.PriorCwnd) - 1) / uint64(c.PriorCwnd)
		send = uint32(share) - min(uint32(share), c.PrrOut)
	} else {
		send = max(c.PrrDelivered-min(c.PrrDelivered, c.PrrOut), delivered)
		if advanced {
			send++ // slow start reduction bound
		}
		send = min(send, c.Ssthresh-flight)
	}
	if c.PrrOut == 0 {
		send = max(send, 1)
	}
	c.Cwnd = flight + send
}
