package view

import (
	"fmt"

	"wirelab/lab"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// curves are the series of one end of a connection as a sender, out of the log
// and out of what it sent.
type curves struct {
	end, peer *connEnd
	flow      *flow // nil until it has sent something
	upTo      int   // of the end's changes, those taken in
	heard     int   // of the peer's
	vars      event.Vars
	acked     int64

	cwnd, ssthresh track // segments
	flight, pipe   track // full segments: all that is not acknowledged (RFC 5681), and what of that may still be on its way (RFC 6675)
	srtt, rto, rtt track // seconds
	una, edge      track // sequence numbers, from the first
	got            track // bytes that the peer has received in order
	fin            bool  // the FIN is one of those

	out      []sent // segments that were not acknowledged, for samples of the round trip time
	fed      int    // of the flow's segments, those that went there
	fedAgain int    // and of those sent again

	label string
	asked [2]int // how many ends were known, and how many had names, when peer and label were found
}

// sent is a segment whose ACK will tell the round trip time, unless it is sent again (Karn).
type sent struct {
	lo, hi float64
	at     int64
	again  bool
}

// curvesOf returns the series of an end, up to date.
func (x *plotted) curvesOf(e *connEnd, m *Model) *curves {
	c := x.curves[e]
	if c == nil {
		c = &curves{end: e}
		x.curves[e] = c
		c.begin(x)
	}
	if c.flow == nil {
		c.flow = x.flowOf(e)
	}
	if asked := [2]int{len(x.known.ends), x.named}; asked != c.asked {
		c.asked = asked
		if p := x.known.peer(e); p != c.peer {
			c.peer, c.heard, c.got, c.fin = p, 0, track{}, false
		}
		c.label = c.name(m, x.of)
	}
	c.take(x)
	c.hear(x)
	return c
}

// name is what the direction is called: from whom to whom.
func (c *curves) name(m *Model, l *lab.Lab) string {
	from, to := l.Node(c.end.ref.Host).Name, c.end.remote.Addr.String()
	if c.peer != nil {
		to = l.Node(c.peer.ref.Host).Name
	}
	if !c.end.named {
		return from
	}
	return fmt.Sprintf("%s:%d → %s:%d", from, c.end.local.Port, to, c.end.remote.Port)
}

// begin gives the series what stands before the first change.
func (c *curves) begin(x *plotted) {
	var s story
	s.begin(x.of, c.end)
	c.vars = s.vars
	if len(c.end.changes) == 0 {
		return
	}
	at := x.of.Log.At(int(c.end.changes[0])).TimeNs
	c.cwnd.set(at, float64(c.vars[event.VarCwnd]))
	c.flight.set(at, 0)
	c.pipe.set(at, 0)
	c.rto.set(at, float64(c.vars[event.VarRTO])/1e6)
	c.una.set(at, 0)
}

// take takes in what changed at the end.
func (c *curves) take(x *plotted) {
	l := &x.of.Log
	for ; c.upTo < len(c.end.changes); c.upTo++ {
		i := int(c.end.changes[c.upTo])
		at := l.At(i).TimeNs
		if at > x.until {
			return
		}
		mask := l.At(i).Mask
		for v := event.Var(0); v < event.NVars; v++ {
			if mask&(1<<v) != 0 {
				c.vars[v], _ = l.Value(i, v)
			}
		}
		c.change(at, mask)
	}
}

// infinite is an ssthresh that says nothing.
const infinite = 0x7fffffff

func (c *curves) change(at int64, mask uint32) {
	has := func(v event.Var) bool { return mask&(1<<v) != 0 }
	v := &c.vars
	if has(event.VarCwnd) {
		c.cwnd.set(at, float64(v[event.VarCwnd]))
	}
	if has(event.VarSsthresh) && v[event.VarSsthresh] < infinite {
		c.ssthresh.set(at, float64(v[event.VarSsthresh]))
	}
	if has(event.VarFlight) {
		c.pipe.set(at, float64(v[event.VarFlight]))
	}
	if mss := v[event.VarMSS]; mss > 0 && (has(event.VarSndUna) || has(event.VarSndNxt) || has(event.VarMSS)) {
		c.flight.set(at, float64((v[event.VarSndNxt]-v[event.VarSndUna]+mss-1)/mss))
	}
	if has(event.VarSRTT) && v[event.VarSRTT] > 0 {
		c.srtt.set(at, float64(v[event.VarSRTT])/1e6)
	}
	if has(event.VarRTO) {
		c.rto.set(at, float64(v[event.VarRTO])/1e6)
	}
	if has(event.VarSndUna) {
		c.acked += int64(int32(v[event.VarSndUna] - c.end.iss - uint32(c.acked)))
		c.una.set(at, float64(c.acked))
		c.sample(at)
	}
	if has(event.VarSndUna) || has(event.VarSndWnd) {
		c.edge.set(at, float64(c.acked)+float64(v[event.VarSndWnd]))
	}
}

// sample takes the round trip time of what an ACK covers: that of the last segment of it.
func (c *curves) sample(at int64) {
	if c.flow == nil {
		return
	}
	for d := &c.flow.data; c.fed < len(d.at) && d.at[c.fed] < at; c.fed++ {
		c.out = append(c.out, sent{lo: d.lo[c.fed], hi: d.hi[c.fed], at: d.at[c.fed]})
	}
	for a := &c.flow.again; c.fedAgain < len(a.at) && a.at[c.fedAgain] < at; c.fedAgain++ {
		for i := range c.out {
			s := &c.out[i]
			s.again = s.again || s.lo < a.hi[c.fedAgain] && s.hi > a.lo[c.fedAgain]
		}
	}
	n := 0
	for n < len(c.out) && c.out[n].hi <= float64(c.acked) {
		n++
	}
	if n > 0 && !c.out[n-1].again {
		c.rtt.add(at, float64(at-c.out[n-1].at)/1e9)
	}
	c.out = c.out[:copy(c.out, c.out[n:])]
}

// hear takes in how far the peer has received.
func (c *curves) hear(x *plotted) {
	if c.peer == nil {
		return
	}
	l := &x.of.Log
	for ; c.heard < len(c.peer.changes); c.heard++ {
		i := int(c.peer.changes[c.heard])
		at := l.At(i).TimeNs
		if at > x.until {
			return
		}
		if s, ok := l.Value(i, event.VarState); ok {
			switch tcp.State(s) {
			case tcp.CloseWait, tcp.Closing, tcp.TimeWait, tcp.LastAck:
				c.fin = true
			}
		}
		next, ok := l.Value(i, event.VarRcvNxt)
		if !ok {
			continue
		}
		last := int64(0)
		if n := len(c.got.at); n > 0 {
			last = int64(c.got.lo[n-1])
		}
		bytes := last + int64(int32(next-c.peer.irs-1-uint32(last)))
		if c.fin {
			bytes--
		}
		c.got.add(at, float64(max(bytes, last)))
	}
}

// active returns when the end had last something to do: what it waits for at the very end is not worth a picture.
func (c *curves) active() int64 {
	last := c.una.at[len(c.una.at)-1]
	if f := c.flow; f != nil {
		for _, t := range [...]*track{&f.data, &f.again} {
			if n := len(t.at); n > 0 {
				last = max(last, t.at[n-1])
			}
		}
	}
	if n := len(c.got.at); n > 0 {
		last = max(last, c.got.at[n-1])
	}
	return last
}

// over says that the end has closed in what is recorded.
func (c *curves) over() bool {
	s := tcp.State(c.vars[event.VarState])
	return s == tcp.Closed || s == tcp.TimeWait
}
