package view

import (
	"slices"
	"wirelab/lab"
	"wirelab/lab/trace"
	"wirelab/stack"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// conns knows every end of a connection that the log tells of, also those whose
// slot is free by now and those that lie ahead after a step back. It grows with
// the log, and starts anew when a future was cut off.
type conns struct {
	of    *lab.Lab
	turns uint64
	seen  int // records of the log
	ends  []*connEnd
	heard int // of them, those that have heard from the other end
	by    map[ConnRef]*connEnd
}

// connEnd is one end of a connection through all its time.
type connEnd struct {
	ref           ConnRef
	local, remote tcp.Endpoint
	named         bool    // the endpoints are known
	passive       bool    // opened by a listener
	listener      bool    // it never is a connection
	iss, irs      uint32  // irs: what RCV.NXT is counted from
	synced        bool    // irs is known
	changes       []int32 // records of the log
	first         tcp.State
}

// update takes in new records.
func (x *conns) update(l *lab.Lab) {
	if x.of != l || x.turns != l.Trace.Turns || x.seen > l.Log.Len() {
		*x = conns{of: l, turns: l.Trace.Turns, seen: l.Log.First(), by: map[ConnRef]*connEnd{}}
	}
	for ; x.seen < l.Log.Len(); x.seen++ {
		x.take(l, x.seen)
	}
	for _, e := range x.ends {
		if e.named {
			continue
		}
		if c := e.live(l); c != nil {
			e.local, e.remote, e.named = c.Local, c.Remote, c.Remote.Port != 0
		}
	}
}

func (x *conns) take(l *lab.Lab, i int) {
	c := l.Log.At(i)
	ref := ConnRef{c.Host, c.Conn, c.Gen, true}
	e := x.by[ref]
	if e == nil {
		e = &connEnd{ref: ref}
		x.by[ref] = e
		x.ends = append(x.ends, e)
		state, _ := l.Log.Value(i, event.VarState)
		e.first = tcp.State(state)
		e.listener, e.passive = e.first == tcp.Listen, e.first == tcp.SynReceived
		e.iss, _ = l.Log.Value(i, event.VarSndUna)
	}
	if state, ok := l.Log.Value(i, event.VarState); ok && tcp.State(state) == tcp.SynSent {
		e.listener = false
		e.iss, _ = l.Log.Value(i, event.VarSndUna)
	}
	e.changes = append(e.changes, int32(i))
	if next, ok := l.Log.Value(i, event.VarRcvNxt); ok && !e.synced {
		e.irs, e.synced = next-1, true
		x.heard++
	}
	if crossing, ok := takenIn(l, c); ok && !e.named {
		if h := &l.Trace.At(crossing).Head; h.Proto == trace.TCP { // the answer of a name server makes programs connect, too
			e.local, e.remote, e.named = h.Dst, h.Src, true
		}
	}
}

// takenIn returns the crossing whose frame made a change of a connection.
func takenIn(l *lab.Lab, c *event.Change) (uint64, bool) {
	crossing, ok := l.Trace.TakenIn(c.Cause.Event)
	return crossing, ok && crossing < l.Trace.Len()
}

// packetOf returns the packet whose arrival led to a record of the log or, if
// none did, the one that the end sent at that instant.
func (e *connEnd) packetOf(l *lab.Lab, record int) (uint64, bool) {
	c := l.Log.At(record)
	if crossing, ok := takenIn(l, c); ok {
		return crossing, true
	}
	for i := l.Trace.After(c.TimeNs - 1); i < l.Trace.Len() && l.Trace.At(i).Offered == c.TimeNs; i++ {
		if h := &l.Trace.At(i).Head; h.Src == e.local && h.Dst == e.remote {
			return i, true
		}
	}
	return 0, false
}

// carrier returns the packet that last carried a sequence number of the end's,
// counted from its initial one, and had been sent by now.
func (e *connEnd) carrier(l *lab.Lab, number, now int64) (uint64, bool) {
	for i, tries := l.Trace.After(now), 0; i > 0 && tries < 100_000; i, tries = i-1, tries+1 {
		h := &l.Trace.At(i - 1).Head
		if h.Proto != trace.TCP || h.Src != e.local || h.Dst != e.remote {
			continue
		}
		from, length := int64(h.Seq-e.iss), int64(h.Length)
		if h.Flags&(wire.SYN|wire.FIN) != 0 {
			length++
		}
		if number >= from && number < from+length {
			return i - 1, true
		}
	}
	return 0, false
}

// live returns the connection itself if it exists now.
func (e *connEnd) live(l *lab.Lab) *tcp.Conn {
	h := l.Host(e.ref.Host)
	if h == nil || int(e.ref.Slot) >= len(h.Conns) {
		return nil
	}
	if c := &h.Conns[e.ref.Slot]; c.Gen == e.ref.Gen && c.Local.Port != 0 {
		return c
	}
	return nil
}

// begun says whether it had begun after the log's first count records.
func (e *connEnd) begun(count int) bool { return int(e.changes[0]) < count }

// peer returns the other end: with the same endpoints, and of those the one
// that began at about the same time.
func (x *conns) peer(e *connEnd) *connEnd {
	var best *connEnd
	away := func(o *connEnd) int32 { return max(o.changes[0]-e.changes[0], e.changes[0]-o.changes[0]) }
	for _, o := range x.ends {
		if e.named && o.named && o != e && (o.local == e.remote && o.remote == e.local || e.meets(o)) && (best == nil || away(o) < away(best)) {
			best = o
		}
	}
	return best
}

// meets reports whether two ends are of one connection whose addresses were translated on the way: a NAT leaves the
// sequence numbers and one of the ports as they are.
func (e *connEnd) meets(o *connEnd) bool {
	return e.synced && o.synced && e.iss == o.irs && e.irs == o.iss && (e.remote.Port == o.local.Port || e.local.Port == o.remote.Port)
}

// ofPacket returns an end of the connection that a segment belongs to: the
// newest that had begun when it arrived.
func (x *conns) ofPacket(l *lab.Lab, crossing uint64) *connEnd {
	c := l.Trace.At(crossing)
	for i := len(x.ends) - 1; i >= 0; i-- {
		e := x.ends[i]
		forth, back := e.local == c.Src && e.remote == c.Dst, e.local == c.Dst && e.remote == c.Src
		if e.named && (forth || back) && l.Log.At(int(e.changes[0])).TimeNs <= c.Arrive {
			return e
		}
	}
	return nil
}

// listens says whether a host listens at an endpoint now.
func listens(h *stack.Host, at tcp.Endpoint) bool {
	for i := range h.Conns {
		c := &h.Conns[i]
		if c.State == tcp.Listen && c.Local.Port == at.Port && (c.Local.Addr.IsZero() || c.Local.Addr == at.Addr) {
			return true
		}
	}
	return false
}

// story is what an end went through until now.
type story struct {
	of   *connEnd
	upTo int // of its changes, those taken in
	vars event.Vars
	last [event.NVars]int32 // the record that last changed it, -1: none
	path []tcp.State
}

// tell brings the story of an end up to the log's first count records.
func (s *story) tell(l *lab.Lab, e *connEnd, count int) {
	if s.of != e || s.upTo > 0 && int(e.changes[s.upTo-1]) >= count {
		s.begin(l, e)
	}
	if e == nil {
		return
	}
	for ; s.upTo < len(e.changes) && int(e.changes[s.upTo]) < count; s.upTo++ {
		i := e.changes[s.upTo]
		for v := event.Var(0); v < event.NVars; v++ {
			if value, ok := l.Log.Value(int(i), v); ok {
				s.vars[v], s.last[v] = value, i
				if v == event.VarState {
					s.path = append(s.path, tcp.State(value))
				}
			}
		}
	}
}

// went says whether it was in one of some states.
func (s *story) went(states ...tcp.State) bool {
	return slices.ContainsFunc(states, func(x tcp.State) bool { return slices.Contains(s.path, x) })
}

// begin goes back to where nothing has happened.
func (s *story) begin(l *lab.Lab, e *connEnd) {
	*s = story{of: e, path: append(s.path[:0], tcp.Closed)}
	if e == nil {
		return
	}
	var c tcp.Conn
	c.Init(&l.Host(e.ref.Host).Conf, 0, 0)
	s.vars = event.Vars{
		event.VarSndUna: e.iss, event.VarSndNxt: e.iss, event.VarRcvNxt: e.irs, event.VarMSS: c.SndMSS,
		event.VarCwnd: c.Cwnd, event.VarSsthresh: c.Ssthresh, event.VarRTO: uint32(c.RTO(nil) / 1000), event.VarReordering: c.Reordering,
		event.VarISS: e.iss, event.VarIRS: e.irs,
	}
	for v := range s.last {
		s.last[v] = -1
	}
	if e.passive {
		s.path = append(s.path, tcp.Listen)
	}
}
