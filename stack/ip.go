package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

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
	if !w.local {
		if h.Forward && eth.Dst()[0]&1 == 0 {
			return h.forward(frame, p, w)
		}
		h.Counters.InAddrErrors++
		return false
	}
	if p.IsFragment() { // reassembly comes with the rest of IPv4
		h.Counters.InErrs++
		return false
	}
	h.Counters.InDelivers++
	switch p.Protocol() {
	case wire.ProtoTCP:
		if !w.hop.IsBroadcast() { // RFC 9293 §3.9.2.3, MUST-57
			h.inputTCP(frame, p)
		}
	case wire.ProtoUDP:
		h.inputUDP(frame, p)
	case wire.ProtoICMP:
		h.inputICMP(frame, p)
	}
	return false
}

// isLocal reports whether a packet to a is for this host.
func (h *Host) isLocal(a wire.Addr) bool {
	for i := range h.Ifaces {
		if f := &h.Ifaces[i]; a == f.Addr || f.isBroadcast(a) {
			return true
		}
	}
	return a.IsBroadcast()
}

// isBroadcast reports whether a is the address of all hosts on the interface's
// network; networks of one or two hosts have none (RFC 3021 §2.1).
func (f *Iface) isBroadcast(a wire.Addr) bool {
	if f.Prefix >= 31 {
		return false
	}
	return a == wire.From4(f.Addr.As4()|(1<<(32-f.Prefix)-1)) // | and - bind alike
}

// forward passes a packet on, one hop of its TTL shorter (RFC 1812 §5.2).
func (h *Host) forward(frame block.Handle, p wire.IPv4, w *way) bool {
	if p.TTL() <= 1 {
		h.sendICMPError(p, wire.ICMPTimeExceeded, 0, event.TTLExceeded)
		return false
	}
	if !w.reachable {
		h.Counters.OutNoRoutes++
		h.sendICMPError(p, wire.ICMPUnreachable, wire.CodeNetUnreachable, event.Unreachable)
		return false
	}
	h.Counters.ForwDatagrams++
	frame = h.pool.Own(frame)
	wire.IPv4(h.pool.Data(frame)[wire.EthernetLen:]).DecrementTTL()
	h.sendVia(w, frame, h.why(event.Forwarded, 1))
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
	r, ok := h.route(dst)
	if !ok {
		return wire.Addr{}, false
	}
	return h.Ifaces[r.Iface].Addr, true
}

// newPacket returns a frame with room for a payload of n bytes behind the
// Ethernet and IPv4 headers, and that payload.
func (h *Host) newPacket(n int) (frame block.Handle, payload []byte) {
	frame = h.pool.New(wire.EthernetLen + wire.IPv4Len + n)
	return frame, h.pool.Data(frame)[wire.EthernetLen+wire.IPv4Len:]
}

// sendIP finishes a frame of newPacket and sends it; without a route it is dropped.
func (h *Host) sendIP(frame block.Handle, src, dst wire.Addr, proto, ttl uint8, why event.Why) bool {
	w := h.way(dst)
	if !w.reachable {
		h.Counters.OutNoRoutes++
		h.pool.Release(frame)
		return false
	}
	b := h.pool.Data(frame)[wire.EthernetLen:]
	hdr := wire.IPv4Header{Src: src, Dst: dst, Length: len(b), ID: h.IPID, Flags: wire.IPv4DF, TTL: ttl, Protocol: proto}
	h.IPID++
	hdr.Put(b)
	h.sendVia(w, frame, why)
	return true
}
