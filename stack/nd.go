package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// Neighbour discovery (RFC 4861): who has an address, and where. What routers
// say of the network is in autoconf.go, what they send in router.go.

const ndHopLimit = 255 // no router can have passed the packet on (RFC 4861 §3.1)

// inputND takes a message that passes the checks common to all (RFC 4861 §6.1, §7.1).
func (h *Host) inputND(p *packet, m wire.ICMPv6) {
	least := ndLens[m.Type()-wire.ICMPv6RouterSolicit]
	if p.ttl != ndHopLimit || m.Code() != 0 || len(m) < least || !wire.NDOptionsOK(m[least:]) {
		return
	}
	opts := m[least:]
	switch m.Type() {
	case wire.ICMPv6NeighborSolicit:
		h.inputSolicit(p, m.Target(), opts)
	case wire.ICMPv6NeighborAdvert:
		h.inputAdvert(p, m, opts)
	case wire.ICMPv6RouterSolicit:
		h.inputRouterSolicit(p, opts)
	case wire.ICMPv6RouterAdvert:
		h.inputRouterAdvert(p, m.RouterAdvert(), opts)
	}
}

// ndLens are the lengths of the messages without options, from router solicitation on.
var ndLens = [...]int{wire.RouterSolicitLen, wire.RouterAdvertLen, wire.NeighborLen, wire.NeighborLen}

// inputSolicit answers a question for an address of ours (RFC 4861 §7.2.3); a
// tentative one is somebody else's if that one asks for it too (RFC 4862 §5.4.3).
func (h *Host) inputSolicit(p *packet, target wire.Addr, opts []byte) {
	mac := wire.FindNDOption(opts, wire.NDSourceMAC, wire.NDMACLen)
	probe := p.src.IsZero()
	if target.IsMulticast() || probe && (!p.group || mac != nil) {
		return
	}
	f := &h.Ifaces[p.iface]
	a := f.address(target)
	switch {
	case a == nil || a.State == AddrDuplicate:
		return
	case a.State == AddrTentative:
		if probe {
			h.duplicate(a)
		}
		return
	case probe:
		h.sendAdvert(p.iface, target, wire.AllNodes, wire.AllNodes.GroupMAC(), wire.NAOverride)
		return
	}
	h.heardSource(p, mac, false)
	to := wire.Ethernet(h.pool.Data(p.frame)).Src()
	if i := h.findNeighbor(p.iface, p.src); i > 0 && h.Neighbors[i-1].Known {
		to = h.Neighbors[i-1].MAC
	}
	h.sendAdvert(p.iface, target, p.src, to, wire.NASolicited|wire.NAOverride)
}

// heardSource learns the sender of a message that says its own MAC.
func (h *Host) heardSource(p *packet, mac wire.NDOption, router bool) {
	if mac == nil || mac.MAC()[0]&1 != 0 {
		return
	}
	i := h.findNeighbor(p.iface, p.src)
	if i == 0 {
		if h.addNeighbor(p.iface, p.src) == nil {
			return
		}
		i = uint32(len(h.Neighbors))
	}
	h.Neighbors[i-1].Router = h.Neighbors[i-1].Router || router
	h.heard(&h.Neighbors[i-1], mac.MAC(), NudStale, true)
}

// inputAdvert takes an answer, or news that nobody asked for (RFC 4861 §7.2.5).
func (h *Host) inputAdvert(p *packet, m wire.ICMPv6, opts []byte) {
	target, flags := m.Target(), m.Flags()
	if target.IsMulticast() || p.group && flags&wire.NASolicited != 0 {
		return
	}
	if a := h.Ifaces[p.iface].address(target); a != nil {
		if a.State == AddrTentative { // RFC 4862 §5.4.4
			h.duplicate(a)
		}
		return
	}
	i := h.findNeighbor(p.iface, target)
	if i == 0 {
		return
	}
	n := &h.Neighbors[i-1]
	mac := wire.FindNDOption(opts, wire.NDTargetMAC, wire.NDMACLen)
	if mac != nil && mac.MAC()[0]&1 != 0 || !n.Known && mac == nil {
		return
	}
	wasRouter := n.Router
	n.Router = flags&wire.NARouter != 0
	h.advertised(n, mac, flags)
	if wasRouter && flags&wire.NARouter == 0 {
		h.dropRoutes(func(r *Route) bool { return r.Via == target && r.Until != 0 })
	}
}

// advertised decides between the MAC that is known and the one advertised.
func (h *Host) advertised(n *Neighbor, mac wire.NDOption, flags uint32) {
	state := NudStale
	if flags&wire.NASolicited != 0 {
		state = NudReachable
	}
	switch {
	case mac == nil:
		if state == NudReachable {
			h.heard(n, n.MAC, state, false)
		}
	case n.Known && mac.MAC() != n.MAC && flags&wire.NAOverride == 0:
		if n.State == NudReachable {
			n.State, n.Until = NudStale, h.env.Now
		}
	default:
		h.heard(n, mac.MAC(), state, true)
	}
}

// solicit asks for target's MAC, or asks target itself, at mac, whether it is
// still there.
func (h *Host) solicit(iface uint32, mac wire.MAC, target wire.Addr, why event.Reason) {
	src, ok := h.sourceIPv6(iface, target)
	if !ok {
		return
	}
	if why == event.ARPWho {
		why = event.NeighborWho
	}
	dst := target
	if mac == (wire.MAC{}) {
		dst = target.SolicitedNode()
		mac = dst.GroupMAC()
	}
	h.sendSolicit(iface, src, dst, mac, target, why)
}

// sendSolicit sends a neighbour solicitation (RFC 4861 §4.3); without a source
// address it asks whether target is free.
func (h *Host) sendSolicit(iface uint32, src, dst wire.Addr, mac wire.MAC, target wire.Addr, why event.Reason) {
	n := wire.NeighborLen
	if !src.IsZero() {
		n += wire.NDMACLen
	}
	frame, b := h.newPacket(&dst, n)
	copy(b[8:], target[:])
	if !src.IsZero() {
		wire.PutNDMAC(b[wire.NeighborLen:], wire.NDSourceMAC, h.Ifaces[iface].MAC)
	}
	h.sendND(iface, frame, src, dst, mac, wire.ICMPv6NeighborSolicit, 0, why)
}

// sendAdvert says that target is here (RFC 4861 §4.4).
func (h *Host) sendAdvert(iface uint32, target, dst wire.Addr, mac wire.MAC, flags uint32) {
	if h.IP.Forward6 {
		flags |= wire.NARouter
	}
	frame, b := h.newPacket(&dst, wire.NeighborLen+wire.NDMACLen)
	copy(b[8:], target[:])
	wire.PutNDMAC(b[wire.NeighborLen:], wire.NDTargetMAC, h.Ifaces[iface].MAC)
	h.sendND(iface, frame, target, dst, mac, wire.ICMPv6NeighborAdvert, flags, event.NeighborIs)
}

// sendND finishes a frame of newPacket and sends it straight to mac.
func (h *Host) sendND(iface uint32, frame block.Handle, src, dst wire.Addr, mac wire.MAC, typ uint8, rest uint32, why event.Reason) {
	b := h.pool.Data(frame)
	body := b[wire.EthernetLen+wire.IPv6Len:]
	wire.PutICMPv6(body, &src, &dst, typ, 0, rest)
	hdr := wire.IPv6Header{Src: src, Dst: dst, Length: len(body), Next: wire.ProtoICMPv6, HopLimit: ndHopLimit}
	hdr.Put(b[wire.EthernetLen:])
	wire.PutEthernet(b, mac, h.Ifaces[iface].MAC, wire.TypeIPv6)
	h.transmit(iface, frame, h.why(why, 1))
}
