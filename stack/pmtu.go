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

// learnMTU remembers that packets to dst of more than mtu bytes do not get
// through, and returns what is known now. Whoever calls it has made sure that
// the ICMP error is about a packet that this host sent. Over IPv4 what is less than MinPathMTU means that, with routers
// free to cut; old routers say 0 (Linux's __ip_rt_update_pmtu; RFC 1191 §7 leaves it open).
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
	if !dst.Is4() && mtu < wire.IPv6MinMTU || mtu >= now { // RFC 8201 §4: less is not believed
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

// gsoSegs returns how many segments may leave as one piece towards dst.
func (h *Host) gsoSegs(dst wire.Addr) uint16 {
	if w := h.way(dst); w.reachable {
		if n := h.Ifaces[w.iface].GSOSegs; n != 0 {
			return n
		}
	}
	return tcp.MaxPieceSegs
}

// SetGSOSegs is `ip link set gso_max_segs`: from now on connections that begin send at most n segments as one piece, if
// n is not zero.
func (h *Host) SetGSOSegs(iface int, n uint16) { h.Ifaces[iface].GSOSegs = n }

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
