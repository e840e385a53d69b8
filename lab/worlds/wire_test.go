package worlds

import (
	"encoding/binary"
	"slices"

	"wirelab/stack/seq"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// sender is what the wire says about one end of a connection.
type sender struct {
	node   uint32
	iss    uint32
	edge   uint32 // the furthest that the peer ever allowed it to send
	opened bool   // edge means something
	next   uint32 // behind the last byte that it sent
	fresh  int    // segments with something new that it has sent since we looked
	told   bool   // a segment has reached it since we looked
	sacked []span // what it knows to have arrived
}

type span struct{ start, end uint32 }

// segment is a frame that carries TCP.
type segment struct {
	wire.TCP
	flow
	length uint32 // in sequence space
}

// parse returns the segment in a frame; false if it carries none that a host
// would take.
func parse(frame []byte) (s segment, ok bool) {
	payload, src, dst, ok := parseIP(frame)
	if !ok {
		return s, false
	}
	t, ok := wire.ParseTCP(payload)
	if !ok || !t.ChecksumOK(&src, &dst) {
		return s, false
	}
	s = segment{TCP: t, length: uint32(len(t.Payload()))}
	s.flow = flow{tcp.Endpoint{Addr: src, Port: t.SrcPort()}, tcp.Endpoint{Addr: dst, Port: t.DstPort()}}
	for _, flag := range []uint8{wire.SYN, wire.FIN} {
		if t.Flags()&flag != 0 {
			s.length++
		}
	}
	return s, true
}

// parseIP returns what IP carries in a frame, if that should be TCP. The hosts
// here send no extension headers and no fragments.
func parseIP(frame []byte) (payload []byte, src, dst wire.Addr, ok bool) {
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		return
	}
	switch eth.Type() {
	case wire.TypeIPv4:
		ip, ok := wire.ParseIPv4(eth.Payload())
		if ok && ip.ChecksumOK() && ip.Protocol() == wire.ProtoTCP && !ip.IsFragment() {
			return ip.Payload(), ip.Src(), ip.Dst(), true
		}
	case wire.TypeIPv6:
		if ip, ok := wire.ParseIPv6(eth.Payload()); ok && ip.NextHeader() == wire.ProtoTCP {
			return ip.Payload(), ip.Src(), ip.Dst(), true
		}
	}
	return nil, src, dst, false
}

// sent looks at a frame that a host sends.
func (j *judge) sent(node uint32, frame []byte) {
	j.note(node, frame)
	s, ok := parse(frame)
	if node > nodeB { // a router sends nothing of its own
		return
	}
	s.flow = j.inside(s.flow)
	if !ok || s.Flags()&wire.RST != 0 {
		return
	}
	k := j.sends[s.flow]
	if s.Flags()&wire.SYN != 0 && (k == nil || k.iss != s.Seq()) {
		k = &sender{node: node, iss: s.Seq(), next: s.Seq()}
		if s.Flags()&wire.ACK != 0 { // what the SYN allowed counts until there is an ACK (RFC 7413 §4.2)
			k.edge, k.opened = s.Seq()+1+j.offers[flow{s.to, s.from}], true
		}
		j.sends[s.flow] = k
		delete(j.flows, s.flow) // another connection between the same ports
	}
	if k == nil || s.length == 0 {
		return
	}
	end := s.Seq() + s.length
	if seq.GT(end, k.next) {
		k.next = end
		k.fresh++
	}
	if s.Flags()&wire.SYN == 0 && seq.GT(end, k.edge) && s.length > 1 { // one byte may probe a closed window
		j.fail("%v sends up to %d, and its peer allows %d", s.from, end-k.iss, k.edge-k.iss)
	}
	for _, b := range k.sacked { // not even a timeout is a reason, unless the receiver took back what it said
		if seq.LT(s.Seq(), b.end) && seq.GT(end, b.start) && j.introduced && !j.pruned(node) {
			j.fail("%v sends %d to %d again, and was told that %d to %d arrived", s.from, s.Seq()-k.iss, end-k.iss, b.start-k.iss, b.end-k.iss)
		}
	}
}

// pruned reports whether the peer of a node was short of memory, and dropped what it had told of (RFC 2018 §8).
func (j *judge) pruned(node uint32) bool { return j.lab.Host(nodeA+nodeB-node).Counters.OfoPruned > 0 }

// taken looks at a frame that reaches a host: what does it tell the sender there?
func (j *judge) taken(node uint32, frame []byte) {
	s, ok := parse(frame)
	if node > nodeB {
		return
	}
	seen := flow{s.to, s.from}
	s.flow = j.inside(s.flow)
	if ok && s.Flags()&(wire.SYN|wire.ACK) == wire.SYN {
		j.offers[s.flow] = uint32(s.Window())
	}
	if !ok || s.Flags()&wire.ACK == 0 || s.Flags()&wire.RST != 0 {
		return
	}
	there := flow{s.to, s.from}
	k, c := j.sends[there], j.find(node, seen)
	if k == nil || c == nil {
		return
	}
	k.told = true
	window := uint32(s.Window())
	if s.Flags()&wire.SYN == 0 {
		window <<= c.SndScale
	}
	// Whether it takes the update or not: beyond this it must not go.
	if edge := s.Ack() + window; !k.opened || seq.GT(edge, k.edge) {
		k.edge, k.opened = edge, true
	}
	// What is out of the window may be dropped unread, with the blocks in it; and a
	// bit that was changed in the Ethernet header nobody's checksum sees.
	if wire.Ethernet(frame).Dst() != j.lab.Host(node).Ifaces[0].MAC {
		return
	}
	if c.State < tcp.Established || seq.LT(s.Seq(), c.RcvNxt) || seq.GT(s.Ack(), c.SndNxt) || seq.LT(s.Ack(), c.SndUna) {
		return
	}
	k.sacked = append(k.sacked, sacks(s.Options())...)
	k.sacked = slices.DeleteFunc(k.sacked, func(b span) bool {
		return !seq.GT(b.end, s.Ack()) || seq.GT(b.end, c.SndNxt) || !seq.LT(b.start, b.end)
	})
}

// sacks returns the blocks of a SACK option (RFC 2018 §3).
func sacks(options []byte) (blocks []span) {
	for at := 0; ; {
		o, next, ok := wire.NextOption(options, at)
		if !ok {
			return blocks
		}
		at = next
		for b := o.Data; o.Kind == wire.OptSACK && len(b) >= 8; b = b[8:] {
			blocks = append(blocks, span{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])})
		}
	}
}

// look is what must hold between two events.
func (j *judge) look() {
	for node := range uint32(2) {
		h := j.lab.Host(node)
		for i := range h.Conns {
			c := &h.Conns[i]
			if c.State == tcp.Closed || c.State == tcp.Listen {
				continue
			}
			k := j.sends[j.inside(flow{c.Local, c.Remote})]
			if k == nil {
				continue
			}
			// A tail loss probe goes whatever the window (RFC 8985 §7.3): one segment, by a timer.
			beyond := k.fresh > 1 || k.fresh == 1 && k.told
			k.fresh, k.told = 0, false
			if flight := c.InFlight(); beyond && j.introduced && flight > c.Cwnd && h.Conf.Quirks&tcp.QuirkNoCongestionControl == 0 {
				j.fail("%s has sent something new: %d segments in flight, congestion window %d", h.Name, flight, c.Cwnd)
			}
		}
	}
}
