package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// What a listener does: connections whose handshake is not done are bounded by its
// backlog, and so are those that wait for accept(2).

// inputListen is RFC 9293 §3.10.7.2. The initial sequence number is iss, if that is
// not zero: then a connection in TIME-WAIT is reopened, whose peer is known to be there.
func (h *Host) inputListen(l *tcp.Conn, local, remote tcp.Endpoint, s *tcp.Segment, iss uint32) {
	switch {
	case s.Flags&wire.RST != 0:
		return
	case s.Flags&wire.ACK != 0:
		if !h.inputCookie(l, local, remote, s) {
			h.answerReset(nil, local, remote, s)
		}
		return
	case s.Flags&(wire.SYN|wire.FIN) != wire.SYN: // with FIN nobody means it (Linux)
		return
	case remote.Addr.IsBroadcast() || remote.Addr.IsMulticast() || remote.Addr.IsZero(): // MUST-63
		return
	}
	cookie := false
	if iss == 0 && (h.SynCookies == 2 || l.HalfOpen > l.Backlog) {
		if h.SynCookies == 0 {
			h.Counters.ListenDrops++
			return
		}
		cookie = true
	}
	if full(l) { // the peer tries again
		h.Counters.ListenOverflows++
		h.Counters.ListenDrops++
		return
	}
	if cookie {
		h.sendCookie(l, local, remote, s)
		return
	}
	if !cookie && iss == 0 && h.synBacklogFull(l) {
		h.Counters.ListenDrops++
		return
	}
	fast, offer := h.fastOpens(l, local, remote, s)
	c := h.newChild(l, local, remote)
	if h.Limits.ReflectTOS {
		c.Opts.TOS = s.TOS
	}
	if offer {
		h.offerCookie(c, c.Parent-1, s.FO.Exp)
	}
	if iss == 0 {
		iss = h.isn(c)
	}
	h.run(c, event.SegmentArrived, func(c *tcp.Conn) { c.Accept(&h.env, s, iss, h.mssFor(remote.Addr), fast) })
}

// newChild returns a connection for a listener; the pointer to the listener is stale afterwards.
func (h *Host) newChild(l *tcp.Conn, local, remote tcp.Endpoint) *tcp.Conn {
	parent := l.ID
	l.HalfOpen++
	c := h.newConn()
	c.Local, c.Remote, c.Parent = local, remote, parent+1
	c.Inherit(&h.Conns[parent])
	h.prepare(c)
	h.enlist(c)
	return c
}

// synAckLimit is how often the SYN-ACKs of a listener's connections are repeated. Half of its queue is kept for
// young handshakes: the more old ones stand in the rest, the sooner they are given up (Linux's reqsk_timer_handler).
func (h *Host) synAckLimit(l *tcp.Conn) uint8 {
	limit := h.Conf.SynAckRetries
	if 2*l.HalfOpen <= max(8, l.Backlog) {
		return limit
	}
	young := uint32(0)
	for i := range h.Conns {
		if c := &h.Conns[i]; c.Parent == l.ID+1 && c.State == tcp.SynReceived && !c.Queued && c.Retries == 0 {
			young++
		}
	}
	for young *= 2; limit > 2 && l.HalfOpen >= young; young *= 2 {
		limit--
	}
	return limit
}

// full reports whether as many connections wait for accept(2) as may.
func full(l *tcp.Conn) bool { return uint32(len(l.Ready)) > l.Backlog }

// refuses reports whether the segment that would end the handshake of c must be ignored, since its
// listener's queue is full: the peer believes that it is connected and tries again. With
// tcp_abort_on_overflow it is told.
func (h *Host) refuses(c *tcp.Conn, s *tcp.Segment) bool {
	if s.Flags&(wire.ACK|wire.RST|wire.SYN) != wire.ACK || c.Queued || !full(&h.Conns[c.Parent-1]) {
		return false
	}
	h.Counters.ListenOverflows++
	if h.AbortOnOverflow {
		h.answerReset(nil, c.Local, c.Remote, s)
		h.run(c, event.ResetUnacceptable, func(c *tcp.Conn) { c.Fail(&h.env, 0) })
	}
	return true
}

// promote moves a connection whose handshake is done to its listener's queue,
// or forgets it if it failed.
func (h *Host) promote(c *tcp.Conn) {
	l := &h.Conns[c.Parent-1]
	switch {
	case c.Queued: // accept hands it out, with its error if it has one
	case c.Wake&tcp.WakeConnected != 0:
		l.HalfOpen--
		l.Ready = append(l.Ready, c.ID)
		c.Queued = true
	case c.State == tcp.Closed:
		l.HalfOpen--
		c.Orphan = true
	}
}
