package lab

import (
	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Flow is one direction of a TCP connection.
type Flow struct {
	From, To        tcp.Endpoint
	Gen             uint32 // how many connections with these ends came before
	Segments        uint64 // sent, with repeats and bare ACKs
	Bytes           uint64 // of payload, with repeats
	Retransmissions uint64
	Lost            uint64 // frames that did not get over a link
	FirstNs, LastNs int64  // when the first and the last segment were sent
	DoneNs          int64  // when the last payload arrived; zero: none did
}

// Flows summarizes what is recorded of TCP up to now, in the order in which connections began to send.
func (l *Lab) Flows() []Flow {
	type ends struct{ from, to tcp.Endpoint }
	var flows []Flow
	latest := map[ends]int{} // index in flows plus one
	for i := l.Trace.First(); i < l.Trace.Len(); i++ {
		c := l.Trace.At(i)
		if c.Offered > l.Clock {
			break
		}
		if c.Proto != trace.TCP || c.Why.Copy > 0 {
			continue
		}
		k := ends{c.Src, c.Dst}
		ends := l.plan.ends[c.Link]
		if l.owns(ends[c.Dir], c.Src.Addr) {
			if n := latest[k]; n == 0 || begins(c) {
				f := Flow{From: c.Src, To: c.Dst, FirstNs: c.Offered}
				if n > 0 {
					f.Gen = flows[n-1].Gen + 1
				}
				flows = append(flows, f)
				latest[k] = len(flows)
			}
			flows[latest[k]-1].sent(c)
		}
		if n := latest[k]; n > 0 && c.Arrive <= l.Clock {
			flows[n-1].arrived(c, l.owns(ends[1-c.Dir], c.Dst.Addr))
		}
	}
	return flows
}

// begins reports whether a segment opens a connection, and is not its SYN once more.
func begins(c *trace.Crossing) bool { return c.Flags&wire.SYN != 0 && c.Why.Xmit <= 1 }

func (f *Flow) sent(c *trace.Crossing) {
	f.Segments++
	f.Bytes += uint64(c.Length)
	f.LastNs = c.Offered
	if c.Why.Xmit > 1 {
		f.Retransmissions++
	}
}

func (f *Flow) arrived(c *trace.Crossing, there bool) {
	switch {
	case c.Fate != link.Delivered:
		f.Lost++
	case there && c.Length > 0:
		f.DoneNs = max(f.DoneNs, c.Arrive)
	}
}

// owns reports whether a node is a host with that address.
func (l *Lab) owns(node uint32, a wire.Addr) bool {
	h := l.Host(node)
	return h != nil && h.Owns(a)
}
