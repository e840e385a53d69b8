package lab

import (
	"slices"

	"wirelab/lab/filter"
	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/stack"
	"wirelab/stack/event"
	"wirelab/stack/problem"
	"wirelab/stack/tcp"
)

// connFacts answers what a filter asks of a connection, of its host or of the clock.
type connFacts struct {
	lab  *Lab
	host *stack.Host
	conn *tcp.Conn // nil: only the host is looked at
	step int       // record of the log plus one whose values count instead of those of now; zero: none
}

func (f *connFacts) Number(fact filter.Fact) (int64, bool) {
	if fact == filter.FactTime {
		return f.lab.Clock, true
	}
	if f.conn == nil {
		return 0, false
	}
	if v, ok := fact.Var(); ok {
		if f.step > 0 {
			if value, changed := f.lab.Log.Value(f.step-1, v); changed {
				return int64(value), true
			}
		}
		var now event.Vars
		f.conn.Update(&now)
		return int64(now[v]), true
	}
	if info := fact.Info(); info != nil {
		return info.Value(f.conn, &f.host.Conf, f.lab.Clock), true
	}
	return 0, false
}

func (f *connFacts) Text(fact filter.Fact) (string, bool) {
	return f.host.Name, fact == filter.FactHost
}

// packetAt is a frame on a link with what the lab knows about it, as far as f asks.
func (l *Lab) packetAt(f *filter.Filter, p port, frame []byte, why event.Why) filter.Packet {
	x := filter.Packet{Frame: frame, TimeNs: l.Clock, Number: l.Crossings + 1, Dir: p.dir, Why: why}
	if f.Uses()&^(filter.UsesFrame|filter.UsesTime) == 0 {
		return x
	}
	from := l.Links[p.link].Ends[p.dir].Node
	x.Host, x.Link, x.Fate = l.nameNow(from), l.linkNameNow(p.link), link.Delivered.Key()
	head := trace.Summarize(frame).Head
	if head.Src.Addr.IsZero() {
		return x
	}
	for i := range l.nodes {
		h := l.nodes[i].host
		if h == nil || !h.Owns(head.Src.Addr) {
			continue
		}
		facts := &connFacts{lab: l, host: h}
		if x.Facts = facts; head.Proto == trace.TCP {
			facts.conn = h.ConnBetween(head.Src, head.Dst)
		}
		if c := facts.conn; c != nil {
			x.Flow = filter.Flow{Known: true, Stream: c.ID, Seq: c.ISS, Ack: c.IRS, Shift: c.RcvScale}
		}
		break
	}
	return x
}

// Condition waits for something to become true while a lab runs. It is no state.
type Condition struct {
	filter *filter.Filter
	met    bool
	hosts  []uint32 // that something has happened on since it was looked
	seen   uint64   // records of the log
}

// Await makes the lab watch for a condition: a packet that a filter matches is sent, or a connection or a host
// becomes as it says. There is one at a time; nil ends the watch.
func (l *Lab) Await(text string) (*Condition, error) {
	f, err := readCondition(text)
	if err != nil {
		return nil, err
	}
	l.await = &Condition{filter: f, seen: l.Log.Count}
	return l.await, nil
}

// readCondition reads what Await waits for.
func readCondition(text string) (*filter.Filter, error) {
	f, err := readFilter(text)
	if err != nil {
		return nil, err
	}
	if f.Uses()&^filter.UsesTime == 0 {
		return nil, problem.New("the condition %q names no packet, connection or host: it is true or false for ever", text)
	}
	return f, nil
}

// Forget ends the watch for a condition.
func (l *Lab) Forget() { l.await = nil }

// offered looks at a frame that is offered to a link.
func (c *Condition) offered(l *Lab, p port, frame []byte, why event.Why) {
	if c.met || c.filter.Uses()&(filter.UsesFrame|filter.UsesPacket) == 0 {
		return
	}
	x := l.packetAt(c.filter, p, frame, why)
	c.met = c.filter.Match(&x)
}

// touched notes a host on which something happens.
func (c *Condition) touched(id uint32) {
	if !slices.Contains(c.hosts, id) {
		c.hosts = append(c.hosts, id)
	}
}

// Met reports whether the condition has been true since it was asked last.
func (c *Condition) Met(l *Lab) bool {
	met := c.met
	if c.filter.Uses()&(filter.UsesFrame|filter.UsesPacket) == 0 {
		for _, id := range c.hosts {
			met = met || c.trueOn(l, l.nodes[id].host)
		}
		for ; c.filter.Uses()&filter.UsesConn != 0 && c.seen < min(l.Log.Count, uint64(l.Log.Len())) && !met; c.seen++ {
			met = c.trueInPassing(l, int(c.seen))
		}
	}
	c.seen = l.Log.Count
	c.met, c.hosts = false, c.hosts[:0]
	return met
}

// trueInPassing looks at one change of a connection: within one event it may have gone through several states.
func (c *Condition) trueInPassing(l *Lab, record int) bool {
	change := l.Log.At(record)
	h := l.nodes[change.Host].host
	if h == nil || int(change.Conn) >= len(h.Conns) {
		return false
	}
	return c.filter.Match(&filter.Packet{TimeNs: change.TimeNs, Host: h.Name, Facts: &connFacts{l, h, &h.Conns[change.Conn], record + 1}})
}

// trueOn looks at a host and its connections.
func (c *Condition) trueOn(l *Lab, h *stack.Host) bool {
	facts := connFacts{lab: l, host: h}
	x := filter.Packet{TimeNs: l.Clock, Host: h.Name, Facts: &facts}
	if c.filter.Uses()&filter.UsesConn == 0 {
		return c.filter.Match(&x)
	}
	for i := range h.Conns {
		if facts.conn = &h.Conns[i]; facts.conn.Local.Port != 0 && c.filter.Match(&x) {
			return true
		}
	}
	return false
}
