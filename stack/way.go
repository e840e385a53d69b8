package stack

import "wirelab/stack/wire"

// way is what interfaces, routes and neighbours say about a destination. It is
// looked up for every packet, so what was found is kept until they change.
type way struct {
	dst       wire.Addr
	hop       wire.Addr // who gets the frame: dst itself, a router, or everybody
	mac       wire.MAC  // of the group, if it is one
	etherType uint16
	iface     uint32
	neighbor  uint32 // index in Neighbors plus one, once hop stands there
	used      bool
	group     bool // hop is a group, or everybody
	loop      bool // dst is one host, and that is this one
	local     bool // dst is an address of this host
	reachable bool
}

// ways is a hash table with open addressing. It is not state.
type ways struct {
	table []way // its length is zero or a power of two
	n     int
	link  way // the last one that depended on where it begins
}

const maxWays = 4096

// way returns the way to dst; the pointer is good until the next call.
func (h *Host) way(dst wire.Addr) *way {
	t := &h.ways
	if 2*t.n >= len(t.table) { // fuller, it would be slow; it fills again as it is used
		t.table, t.n = make([]way, min(max(16, 2*len(t.table)), maxWays)), 0
	}
	for i := dst.As4() * 0x9e3779b1 >> 16; ; i++ {
		w := &t.table[i&uint32(len(t.table)-1)]
		if !w.used {
			*w = h.findWay(dst)
			t.n++
			return w
		}
		if w.dst == dst {
			return w
		}
	}
}

func (h *Host) findWay(dst wire.Addr) way {
	w := way{dst: dst, hop: dst, used: true, local: h.isLocal(dst), etherType: wire.TypeIPv4}
	if !dst.Is4() {
		w.etherType = wire.TypeIPv6
	}
	if r, ok := h.route(dst); ok {
		w.iface, w.reachable = r.Iface, true
		if !r.Via.IsZero() {
			w.hop = r.Via
		}
	}
	if dst.IsLinkLocal() {
		w.iface, w.reachable = h.linkOf(dst), h.IP.IPv6
	}
	if dst.IsBroadcast() || dst.IsMulticast() { // never by way of a router (RFC 1122 §3.3.6)
		w.hop, w.group, w.mac = dst, true, dst.GroupMAC()
		w.reachable = w.reachable || dst.IsBroadcast()
	}
	if own, ok := h.ifaceOf(dst); ok || dst.IsLoopback() && (dst.Is4() || h.IP.IPv6) {
		w.hop, w.loop, w.reachable, w.iface = dst, true, true, own
	}
	w.reachable = w.reachable && len(h.Ifaces) > 0 // a host that nobody has plugged in yet has not even lo
	w.reachable = w.reachable && (w.loop || !h.Ifaces[w.iface].Down)
	if w.reachable && h.Ifaces[w.iface].isBroadcast(w.hop) {
		w.hop, w.group, w.mac = wire.From4(0xffffffff), true, wire.Broadcast
	}
	return w
}

// wayFrom returns the way from src to dst: an address that means something on
// one link only is on that of the source.
func (h *Host) wayFrom(src, dst wire.Addr) *way {
	w := h.way(dst)
	if len(h.Ifaces) > 1 && dst.IsLinkLocal() && !w.loop {
		if on, ok := h.ifaceOf(src); ok && on != w.iface {
			h.ways.link = *w
			h.ways.link.iface, h.ways.link.neighbor = on, 0
			return &h.ways.link
		}
	}
	return w
}

// forgetWays must be called when interfaces or routes change.
func (h *Host) forgetWays() { h.ways.table, h.ways.n = nil, 0 }

// neighborOn returns the line of the neighbour table for a way's hop, or nil.
func (h *Host) neighborOn(w *way) *Neighbor {
	if w.neighbor == 0 {
		w.neighbor = h.findNeighbor(w.iface, w.hop)
		if w.neighbor == 0 {
			return nil
		}
	}
	return &h.Neighbors[w.neighbor-1]
}
