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
	h.Counters.InReceives++
	p, ok := wire.ParseIPv4(eth.Payload())
	if !ok || !p.ChecksumOK() {
		h.Counters.InHdrErrors++
		return false
	}
	w := h.way(p.Dst())
	if w.loop && !h.looping && w.dst.IsLoopback() {
		h.Counters.InAddrErrors++
		return false
	}
	if h.Forward && h.natSees(iface, p.Dst(), w) {
		if p.IsFragment() {
			h.inputFragment(iface, frame, p, false)
		} else {
			h.deliverIPv4(iface, frame, p, false)
		}
		return false
	}
	if !w.local {
		if h.Forward && eth.Dst()[0]&1 == 0 {
			return h.forward(frame, p, w)
		}
		h.Counters.InAddrErrors++
		return false
	}
	if p.IsFragment() {
		h.inputFragment(iface, frame, p, w.group)
		return false
	}
	h.deliverIPv4(iface, frame, p, w.group)
	return false
}

// isMartian reports whether no packet from elsewhere can come from a: a group,
// everybody, loopback or this host itself (RFC 1122 §3.2.1.3, RFC 9293 §3.9.2.3,
// MUST-63).
func (h *Host) isMartian(a wire.Addr) bool {
	return a.Is4() && !h.looping && (a.IsMulticast() || a.IsLoopback() || h.isOwn(a) || h.isBroadcast(a))
}

// deliverIPv4 takes a whole packet to its upper layer. Options are passed over:
// source routes too, which nobody honours any more.
func (h *Host) deliverIPv4(iface uint32, frame block.Handle, p wire.IPv4, group bool) {
	h.deliver(&packet{
		frame: frame, ip: p, body: p.Payload(), at: wire.EthernetLen + p.HeaderLen(), src: p.Src(), dst: p.Dst(),
		iface: iface, link: 9, proto: p.Protocol(), tos: p.TOS(), ttl: p.TTL(), group: group,
	})
}

func (h *Host) deliver(p *packet) {
	if h.Forward && h.NAT.Outside != 0 && h.translate(p) {
		return
	}
	h.Counters.InDelivers++
	if p.proto == wire.ProtoTCP {
		if !p.group { // RFC 9293 §3.9.2.3, MUST-57
			h.inputTCP(p)
		}
		return
	}
	v4 := p.dst.Is4()
	switch {
	case h.isMartian(p.src):
		h.Counters.InAddrErrors++
	case p.proto == wire.ProtoUDP:
		h.inputUDP(p)
	case p.proto == wire.ProtoICMP && v4:
		h.inputICMP(p)
	case p.proto == wire.ProtoICMPv6 && !v4:
		h.inputICMPv6(p)
	case v4: // RFC 1122 §3.2.2.1
		h.sendICMPError(p.ip, wire.ICMPUnreachable, wire.CodeProtoUnreachable, 0, event.Unreachable)
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

// forward passes a packet on, one hop of its TTL shorter (RFC 1812 §5.2).
func (h *Host) forward(frame block.Handle, p wire.IPv4, w *way) bool {
	if p.TTL() <= 1 {
		h.sendICMPError(p, wire.ICMPTimeExceeded, 0, 0, event.TTLExceeded)
		return false
	}
	if !w.reachable {
		h.Counters.OutNoRoutes++
		h.sendICMPError(p, wire.ICMPUnreachable, wire.CodeNetUnreachable, 0, event.Unreachable)
		return false
	}
	mtu := h.Ifaces[w.iface].MTU
	large := uint32(len(p)) > mtu
	if large && p.Flags()&wire.IPv4DF != 0 { // RFC 1191 §4
		h.sendICMPError(p, wire.ICMPUnreachable, wire.CodeFragNeeded, mtu, event.TooBig)
		return false
	}
	h.Counters.ForwDatagrams++
	frame = h.pool.Own(frame)
	wire.IPv4(h.pool.Data(frame)[wire.EthernetLen:]).DecrementTTL()
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
