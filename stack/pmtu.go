package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

const (
	maxPaths     = 64
	mtuExpiresNs = 600_000_000_000 // what net.ipv4.route.mtu_expires is if nobody sets it (RFC 1191 §6.3)
	minPathMTU   = 552             // and net.ipv4.route.min_pmtu
	leastMTU     = 68              // RFC 791 §3.2
)

// Path is what ICMP told of the way to a destination (Linux's route exceptions).
type Path struct {
	Dst   wire.Addr
	MTU   uint32
	MayDF bool // false: some router wants less than MinPathMTU, so let routers cut
	Until int64
}

// plateaus are sizes to try when a router does not say what fits (RFC 1191 §7.1).
var plateaus = [...]uint32{32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, leastMTU}

// plateauBelow guesses what fits from the length of a packet that did not.
func plateauBelow(sent uint32) uint32 {
	for _, p := range plateaus {
		if p < sent {
			return p
		}
	}
	return leastMTU
}

// learnMTU remembers that packets to dst of more than mtu bytes do not get
// through, and returns what is known now. Whoever calls it has made sure that
// the ICMP error is about a packet that this host sent.
func (h *Host) learnMTU(dst wire.Addr, mtu uint32) uint32 {
	now := h.pathMTU(dst)
	if dst.Is4() && h.Conf.NoPMTUDisc != 0 { // Linux, networking/ip-sysctl.rst, ip_no_pmtu_disc
		switch h.Conf.NoPMTUDisc {
		case 2:
			return now
		case 1:
			mtu = leastMTU
		}
	}
	least := uint32(leastMTU)
	if !dst.Is4() {
		least = wire.IPv6MinMTU // RFC 8201 §4: less is not believed
	}
	if mtu < least || mtu >= now {
		return now
	}
	path := Path{Dst: dst, MTU: mtu, MayDF: true, Until: h.env.Now + h.IP.MTUExpiresNs}
	if dst.Is4() && mtu < h.IP.MinPathMTU {
		path.MTU, path.MayDF = min(h.IP.MinPathMTU, now), false
	}
	if p := h.path(dst); p != nil {
		*p = path
		return path.MTU
	}
	if len(h.Paths) >= maxPaths {
		h.Paths = append(h.Paths[:0], h.Paths[1:]...)
	}
	h.Paths = append(h.Paths, path)
	return path.MTU
}

// path returns what is remembered of the way to dst, or nil.
func (h *Host) path(dst wire.Addr) *Path {
	for i := range h.Paths {
		if p := &h.Paths[i]; p.Dst == dst {
			if p.Until <= h.env.Now {
				h.Paths = append(h.Paths[:i], h.Paths[i+1:]...)
				return nil
			}
			return p
		}
	}
	return nil
}

// pathMTU returns the largest packet that, as far as is known, gets to dst
// (RFC 1191, RFC 8201).
func (h *Host) pathMTU(dst wire.Addr) uint32 {
	mtu := uint32(576)
	if w := h.way(dst); w.reachable {
		mtu = h.linkMTU(w.iface, dst.Is4())
	}
	if len(h.Paths) > 0 {
		if p := h.path(dst); p != nil {
			mtu = min(mtu, p.MTU)
		}
	}
	return mtu
}

// linkMTU returns the largest packet that an interface sends: for IPv6 also a
// router may have said it (RFC 4861 §6.3.4).
func (h *Host) linkMTU(iface uint32, v4 bool) uint32 {
	f := &h.Ifaces[iface]
	if !v4 && f.MTU6 != 0 {
		return min(f.MTU, f.MTU6)
	}
	return f.MTU
}

// mssFor returns the largest segment that fits the link towards dst: what the
// path takes may change with the path (RFC 1191 §3.1).
func (h *Host) mssFor(dst wire.Addr) uint32 {
	if w := h.way(dst); w.reachable {
		return h.linkMTU(w.iface, dst.Is4()) - uint32(headerLen(&dst)) - wire.TCPLen
	}
	return 536
}

// SetMTU gives an interface another MTU, in bytes of an IP packet. Connections that go out by it follow.
func (h *Host) SetMTU(iface int, mtu uint32) {
	h.Ifaces[iface].MTU = mtu
	for i := range h.Conns {
		c := &h.Conns[i]
		if c.State == tcp.Closed || c.State == tcp.Listen {
			continue
		}
		if m := h.pathMTU(c.Remote.Addr); m < c.PathMTU {
			h.run(c, event.PathMTU, func(c *tcp.Conn) { c.SetPathMTU(&h.env, m) })
		} else {
			c.GrowPathMTU(m)
		}
	}
}
