package stack

import (
	"encoding/binary"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// natEnds is who a packet is between, as NAT sees it: ports, or for ICMP echo the identifier.
type natEnds struct {
	src, dst tcp.Endpoint
	flags    uint8 // of TCP
}

// natSees reports whether packets that go this way are translated: they leave by the outside, or are for its address.
func (h *Host) natSees(iface uint32, dst wire.Addr, w *way) bool {
	if h.NAT.Outside == 0 || int(h.NAT.Outside) > len(h.Ifaces) || !dst.Is4() {
		return false
	}
	out := h.NAT.Outside - 1
	return dst == h.outside() || !w.local && w.reachable && w.iface == out && iface != out
}

// translate sends a whole packet on under other addresses. It reports false if the packet is none of NAT's business:
// then it may be for this host.
func (h *Host) translate(p *packet) bool {
	if !h.natSees(p.iface, p.dst, h.way(p.dst)) {
		return false
	}
	b := append(wire.IPv4(nil), p.ip...)
	fromInside := p.iface != h.NAT.Outside-1
	if p.dst == h.outside() && !h.natTarget(b, fromInside) {
		return false // it may be for this host
	}
	if fromInside && !h.natSource(b) { // also of one that turns round here, from the inside to the inside (RFC 4787 §6)
		return true
	}
	if p.ttl <= 1 && h.way(b.Dst()).reachable {
		h.sendICMPError(p.ip, icmpReport{typ: wire.ICMPTimeExceeded, why: event.TTLExceeded})
		return true
	}
	b[8]--
	b[10], b[11] = 0, 0
	binary.BigEndian.PutUint16(b[10:], wire.Sum(0).AddBytes(b[:b.HeaderLen()]).Fold())
	h.sendTranslated(p, b)
	return true
}

// sendTranslated sends b, which p has become.
func (h *Host) sendTranslated(p *packet, b wire.IPv4) {
	w := h.way(b.Dst())
	if !w.reachable {
		h.sendICMPError(p.ip, icmpReport{typ: wire.ICMPUnreachable, code: wire.CodeNetUnreachable, why: event.Unreachable})
		return
	}
	mtu := h.Ifaces[w.iface].MTU
	large := uint32(len(b)) > mtu
	if large && b.Flags()&wire.IPv4DF != 0 {
		h.sendICMPError(p.ip, icmpReport{typ: wire.ICMPUnreachable, code: wire.CodeFragNeeded, rest: mtu, why: event.TooBig})
		return
	}
	h.Counters.IP.ForwDatagrams++
	frame := h.pool.New(wire.EthernetLen + len(b))
	copy(h.pool.Data(frame)[wire.EthernetLen:], b)
	if large {
		h.sendFragments(w, frame, int(mtu), h.why(event.Forwarded, 1))
	} else {
		h.sendVia(w, frame, h.why(event.Forwarded, 1))
	}
}

// natSource gives a packet from the inside the outside's address, and its session's port.
func (h *Host) natSource(b wire.IPv4) bool {
	if quoted, ok := quotedBy(b); ok { // an error about a packet that came in: its target was translated
		e, ok := endsOf(quoted)
		if !ok {
			return false
		}
		s := h.findNAT(quoted.Protocol(), e.dst, e.src)
		if s == nil {
			return false
		}
		h.rewriteQuoted(b, quoted, 16, tcp.Endpoint{Addr: h.outside(), Port: s.Port})
		rewriteAddr(b, 12, h.outside())
		return true
	}
	e, ok := endsOf(b)
	if !ok {
		return false
	}
	s := h.natOut(b.Protocol(), e.src, e.dst)
	if s == nil {
		return false
	}
	h.natUsed(s, true, e.flags)
	rewrite(b, 12, tcp.Endpoint{Addr: h.outside(), Port: s.Port})
	return true
}

// natTarget gives a packet for the outside's address the inside's, if it belongs to a session, or anybody may use its mapping.
func (h *Host) natTarget(b wire.IPv4, anybody bool) bool {
	if quoted, ok := quotedBy(b); ok { // an error about a packet that went out: its source was translated
		e, ok := endsOf(quoted)
		if !ok {
			return false
		}
		s := h.natIn(quoted.Protocol(), e.src.Port, e.dst, false)
		if s == nil || s.Remote != e.dst {
			return false
		}
		h.rewriteQuoted(b, quoted, 12, s.Inside)
		rewriteAddr(b, 16, s.Inside.Addr)
		return true
	}
	e, ok := endsOf(b)
	if !ok {
		return false
	}
	s := h.natIn(b.Protocol(), e.dst.Port, e.src, anybody)
	if s == nil {
		return false
	}
	h.natUsed(s, false, e.flags)
	rewrite(b, 16, s.Inside)
	return true
}

// endsOf reads the ends of a packet; of ICMP only echo has any.
func endsOf(b wire.IPv4) (e natEnds, ok bool) {
	body := b.Payload()
	e.src.Addr, e.dst.Addr = b.Src(), b.Dst()
	if len(body) < 8 || b.FragOffset() != 0 {
		return e, false
	}
	switch b.Protocol() {
	case wire.ProtoTCP:
		if len(body) >= wire.TCPLen {
			e.flags = body[13]
		}
		fallthrough
	case wire.ProtoUDP:
		e.src.Port, e.dst.Port = binary.BigEndian.Uint16(body), binary.BigEndian.Uint16(body[2:])
		return e, true
	case wire.ProtoICMP:
		if t := body[0]; t == wire.ICMPEcho || t == wire.ICMPEchoReply {
			id := binary.BigEndian.Uint16(body[4:])
			if t == wire.ICMPEcho { // the identifier belongs to who asks
				e.src.Port = id
			} else {
				e.dst.Port = id
			}
			return e, true
		}
	}
	return e, false
}

// quotedBy returns the packet that an ICMP error tells of.
func quotedBy(b wire.IPv4) (wire.IPv4, bool) {
	body := b.Payload()
	if b.Protocol() != wire.ProtoICMP || len(body) < 8+wire.IPv4Len {
		return nil, false
	}
	switch body[0] {
	case wire.ICMPUnreachable, wire.ICMPTimeExceeded, wire.ICMPParamProblem:
	default:
		return nil, false
	}
	q := wire.IPv4(body[8:])
	if q[0]>>4 != 4 || q.HeaderLen() < wire.IPv4Len || len(q) < q.HeaderLen()+8 {
		return nil, false
	}
	return q, true
}

// rewrite gives a packet another end: the one whose address stands at byte at of its header.
func rewrite(b wire.IPv4, at int, to tcp.Endpoint) {
	body := b.Payload()
	var sum []byte // that of the upper layer, which covers the addresses, too
	port := body[(at-12)/2:][:2]
	switch b.Protocol() {
	case wire.ProtoTCP:
		sum = body[16:18]
	case wire.ProtoUDP:
		sum = body[6:8]
		if sum[0]|sum[1] == 0 { // none was made
			sum = nil
		}
	case wire.ProtoICMP:
		port, sum = body[4:6], body[2:4]
	}
	if len(body) < wire.TCPLen && b.Protocol() == wire.ProtoTCP { // quoted, and cut off before its checksum
		sum = nil
	}
	if b.Protocol() != wire.ProtoICMP && sum != nil {
		adjust(sum, b[at:at+4], to.Addr[12:])
	}
	rewriteAddr(b, at, to.Addr)
	var p [2]byte
	binary.BigEndian.PutUint16(p[:], to.Port)
	if sum != nil {
		adjust(sum, port, p[:])
	}
	copy(port, p[:])
}

// rewriteQuoted gives the packet that an error quotes another end, and mends the error's checksum.
func (h *Host) rewriteQuoted(b, quoted wire.IPv4, at int, to tcp.Endpoint) {
	rewrite(quoted, at, to)
	quoted[10], quoted[11] = 0, 0
	binary.BigEndian.PutUint16(quoted[10:], wire.Sum(0).AddBytes(quoted[:quoted.HeaderLen()]).Fold())
	body := b.Payload()
	body[2], body[3] = 0, 0
	binary.BigEndian.PutUint16(body[2:], wire.Sum(0).AddBytes(body).Fold())
}

// rewriteAddr writes an address into a header; whoever sends it computes the header's checksum.
func rewriteAddr(b wire.IPv4, at int, a wire.Addr) { copy(b[at:at+4], a[12:]) }

// adjust mends a checksum for bytes that change (RFC 1624), so that one that was wrong stays wrong.
func adjust(sum, before, after []byte) {
	s := uint32(^binary.BigEndian.Uint16(sum))
	for i := 0; i < len(before); i += 2 {
		s += uint32(^binary.BigEndian.Uint16(before[i:])) + uint32(binary.BigEndian.Uint16(after[i:]))
	}
	for s>>16 != 0 {
		s = s&0xffff + s>>16
	}
	binary.BigEndian.PutUint16(sum, ^uint16(s))
}
