package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// packet is what the upper layers see of a packet that is here for them, whole
// and of either version of IP.
type packet struct {
	frame    block.Handle
	ip       []byte // the packet from its IP header on
	body     []byte // what the upper layer reads
	at       int    // where body begins in frame
	src, dst wire.Addr
	iface    uint32
	link     int // where in ip the byte stands that names proto
	proto    uint8
	tos      uint8 // the traffic class, of IPv6
	ttl      uint8 // the hop limit, of IPv6
	group    bool  // sent to a group or to everybody
}

// inputIPv4 delivers a packet to this host or passes it on. It reports whether
// the frame's hold went along.
func (h *Host) inputIPv4(iface uint32, frame block.Handle, eth wire.Ethernet) bool {
	h.Counters.IP.InReceives++
	p, ok := wire.ParseIPv4(eth.Payload())
	if !ok || !p.ChecksumOK() {
		h.Counters.IP.InHdrErrors++
		return false
	}
	if h.isMartian(p.Src(), p.Dst()) {
		h.Counters.IP.InAddrErrors++
		return false
	}
	w := h.way(p.Dst())
	if p.HeaderLen() == wire.IPv4Len {
		return h.routeIPv4(iface, frame, p, w, 0)
	}
	frame = h.pool.Own(frame)
	p, _ = wire.ParseIPv4(h.pool.Data(frame)[wire.EthernetLen:])
	if s, ok := h.inputOptions(p); !ok || !h.routeIPv4(iface, frame, p, w, s.slot) {
		h.pool.Release(frame)
	}
	return true
}

// routeIPv4 delivers a packet to this host or passes it on. It reports whether the frame's hold went along. The
// record route option keeps the address of this host at byte slot, if that is not zero.
func (h *Host) routeIPv4(iface uint32, frame block.Handle, p wire.IPv4, w *way, slot int) bool {
	onward := h.Forward && !h.linkGroup // RFC 1812 §5.3.4
	switch {
	case onward && h.natSees(iface, p.Dst(), w):
		h.deliverIPv4(iface, frame, p, false)
	case w.local:
		h.deliverIPv4(iface, frame, p, w.group)
	case onward && !p.Dst().IsMulticast():
		return h.forward(frame, p, w, slot)
	default:
		h.Counters.IP.InAddrErrors++
	}
	return false
}

// isMartian reports whether a packet that arrives with these addresses is forged or misrouted. Martian sources are
// multicast, broadcast, loopback, unspecified and own addresses; martian destinations are loopback and unspecified
// (RFC 1122 §3.2.1.3, RFC 1812 §5.3.7, RFC 9293 §3.9.2.3, MUST-63). Exception: a DHCP client broadcasts from the
// unspecified address (RFC 2131 §4.1). Linux drops a network's broadcast address as source only if rp_filter is set,
// as distributions set it.
func (h *Host) isMartian(src, dst wire.Addr) bool {
	if h.looping {
		return false
	}
	nobody := wire.From4(0)
	return src.IsMulticast() || src.IsLoopback() || h.isOwn(src) || h.isBroadcast(src) || src == nobody && !dst.IsBroadcast() ||
		dst.IsLoopback() || dst == nobody
}

// inputOptions stamps the options of a packet that arrived, or drops it for them. A source route is refused in silence
// (Linux's accept_source_route, which is off).
func (h *Host) inputOptions(p wire.IPv4) (s stamped, ok bool) {
	s = h.stamp(p)
	p.MendChecksum()
	if s.bad > 0 {
		h.Counters.IP.InHdrErrors++
		h.sendICMPError(p, icmpReport{typ: wire.ICMPParamProblem, rest: uint32(s.pointer) << 24, options: s.bad, why: event.ParameterProblem})
	}
	return s, s.bad == 0 && !s.route
}

// deliverIPv4 takes a packet to its upper layer, once it is whole.
func (h *Host) deliverIPv4(iface uint32, frame block.Handle, p wire.IPv4, group bool) {
	if p.IsFragment() {
		h.inputFragment(iface, frame, p, group)
		return
	}
	h.deliver(&packet{
		frame: frame, ip: p, body: p.Payload(), at: wire.EthernetLen + p.HeaderLen(), src: p.Src(), dst: p.Dst(),
		iface: iface, link: 9, proto: p.Protocol(), tos: p.TOS(), ttl: p.TTL(), group: group,
	})
}

func (h *Host) deliver(p *packet) {
	if h.Forward && h.NAT.Outside != 0 && h.translate(p) {
		return
	}
	if p.dst.Is4() {
		h.Counters.IP.InDelivers++
	} else {
		h.Counters.IP6.InDelivers++
	}
	if p.proto == wire.ProtoTCP {
		if !p.group && !h.linkGroup { // RFC 9293 §3.9.2.3, MUST-57; Linux's PACKET_HOST
			h.inputTCP(p)
		}
		return
	}
	v4 := p.dst.Is4()
	switch {
	case p.proto == wire.ProtoUDP:
		h.inputUDP(p)
	case p.proto == wire.ProtoICMP && v4:
		h.inputICMP(p)
	case p.proto == wire.ProtoICMPv6 && !v4:
		h.inputICMPv6(p)
	case v4: // RFC 1122 §3.2.2.1
		h.sendICMPError(p.ip, icmpReport{typ: wire.ICMPUnreachable, code: wire.CodeProtoUnreachable, why: event.Unreachable})
	default: // RFC 8200 §4
		h.sendICMPv6Error(p.iface, p.ip, wire.ICMPv6ParamProblem, wire.CodeUnknownNext, uint32(p.link), event.ParameterProblem)
	}
}

// isLocal reports whether a packet to a is for this host.
func (h *Host) isLocal(a wire.Addr) bool {
	if !a.Is4() {
		return h.isLocalIPv6(a)
	}
	return h.isOwn(a) || h.isBroadcast(a) || a.IsLoopback()
}

// isOwn reports whether a is an address that packets of this host can come from.
func (h *Host) isOwn(a wire.Addr) bool {
	_, ok := h.ifaceOf(a)
	return ok
}

// Owns reports whether a is an address of this host.
func (h *Host) Owns(a wire.Addr) bool { return h.isOwn(a) }

// ifaceOf returns the interface that has the address a.
func (h *Host) ifaceOf(a wire.Addr) (uint32, bool) {
	if a.IsZero() { // that of an interface without one
		return 0, false
	}
	for i := range h.Ifaces {
		if f := &h.Ifaces[i]; a == f.Addr || !a.Is4() && f.usable(a) {
			return uint32(i), true
		}
	}
	return 0, false
}

// isBroadcast reports whether a is the address of all hosts, everywhere or on
// one of the host's networks.
func (h *Host) isBroadcast(a wire.Addr) bool {
	for i := range h.Ifaces {
		if h.Ifaces[i].isBroadcast(a) {
			return true
		}
	}
	return a.IsBroadcast()
}

// isBroadcast reports whether a is the address of all hosts on the interface's
// network; networks of one or two hosts have none (RFC 3021 §2.1).
func (f *Iface) isBroadcast(a wire.Addr) bool {
	if f.Prefix >= 31 || !a.Is4() {
		return false
	}
	return a == wire.From4(f.Addr.As4()|(1<<(32-f.Prefix)-1)) // | and - bind alike
}

// forward passes a packet on, one hop of its TTL shorter (RFC 1812 §5.2). As in Linux the route comes before the TTL:
// without one even a packet at its last hop hears that.
func (h *Host) forward(frame block.Handle, p wire.IPv4, w *way, slot int) bool {
	if !w.reachable {
		h.Counters.IP.OutNoRoutes++
		h.sendICMPError(p, icmpReport{typ: wire.ICMPUnreachable, code: wire.CodeNetUnreachable, why: event.Unreachable})
		return false
	}
	if p.TTL() <= 1 {
		h.sendICMPError(p, icmpReport{typ: wire.ICMPTimeExceeded, why: event.TTLExceeded})
		return false
	}
	mtu := h.Ifaces[w.iface].MTU
	large := uint32(len(p)) > mtu
	if large && p.Flags()&wire.IPv4DF != 0 { // RFC 1191 §4
		h.sendICMPError(p, icmpReport{typ: wire.ICMPUnreachable, code: wire.CodeFragNeeded, rest: mtu, why: event.TooBig})
		return false
	}
	h.Counters.IP.ForwDatagrams++
	frame = h.pool.Own(frame)
	p, _ = wire.ParseIPv4(h.pool.Data(frame)[wire.EthernetLen:])
	p.DecrementTTL()
	if slot > 0 { // the address of the way out (RFC 1812 §5.2.4.2)
		out, _ := h.sourceIPv4(w.iface)
		copy(p[slot:], out[12:])
		p.MendChecksum()
	}
	if large {
		h.sendFragments(w, frame, int(mtu), h.why(event.Forwarded, 1))
	} else {
		h.sendVia(w, frame, h.why(event.Forwarded, 1))
	}
	return true
}

// route finds the route with the longest matching prefix.
func (h *Host) route(dst wire.Addr) (*Route, bool) {
	var best *Route
	for i := range h.Routes {
		r := &h.Routes[i]
		if (best == nil || r.Prefix > best.Prefix) && dst.InPrefix(r.Dst, r.Prefix) {
			best = r
		}
	}
	return best, best != nil
}

// sourceFor returns the address that packets to dst come from.
func (h *Host) sourceFor(dst wire.Addr) (wire.Addr, bool) {
	w := h.way(dst)
	if !w.reachable {
		return wire.Addr{}, false
	}
	if w.loop {
		return dst, true
	}
	if !dst.Is4() {
		return h.sourceIPv6(w.iface, dst)
	}
	return h.sourceIPv4(w.iface)
}

// sourceIPv4 is the address of an interface, else that of any (RFC 1122 §3.3.4.3).
func (h *Host) sourceIPv4(iface uint32) (wire.Addr, bool) {
	if a := h.Ifaces[iface].Addr; !a.IsZero() {
		return a, true
	}
	for i := range h.Ifaces {
		if a := h.Ifaces[i].Addr; !a.IsZero() {
			return a, true
		}
	}
	return wire.Addr{}, false
}
