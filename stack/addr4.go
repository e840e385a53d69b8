package stack

import (
	"slices"
	"strings"

	"wirelab/stack/problem"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// What ip(8) changes while a host runs. An interface here has one IPv4 address.

// SetAddr4 gives an interface its IPv4 address and the route to its network. EEXIST: it has one already.
func (h *Host) SetAddr4(iface uint32, addr wire.Addr, prefix uint8) tcp.Errno {
	switch {
	case int(iface) >= len(h.Ifaces):
		return tcp.ENODEV
	case !addr.Is4() || addr.IsZero() || addr.IsMulticast() || prefix > 32:
		return tcp.EINVAL
	case !h.Ifaces[iface].Addr.IsZero():
		return tcp.EEXIST
	}
	f := &h.Ifaces[iface]
	f.Addr, f.Prefix = addr, prefix
	if !f.Down {
		h.Routes = append(h.Routes, Route{Dst: addr, Prefix: prefix, Iface: iface})
	}
	h.forgetWays()
	return 0
}

// RemoveAddr takes an address from an interface, with the routes that need it.
func (h *Host) RemoveAddr(iface uint32, addr wire.Addr) tcp.Errno {
	if int(iface) >= len(h.Ifaces) {
		return tcp.ENODEV
	}
	f := &h.Ifaces[iface]
	switch i := slices.IndexFunc(f.Addrs, func(a Addr6) bool { return a.Addr == addr }); {
	case addr.IsZero():
		return tcp.EADDRNOTAVAIL
	case i >= 0:
		net, prefix := addr.Masked(f.Addrs[i].Prefix), f.Addrs[i].Prefix
		f.Addrs = slices.Delete(f.Addrs, i, i+1)
		h.dropRoutes(func(r *Route) bool { return r.Iface == iface && r.Dst == net && r.Prefix == prefix && r.Via.IsZero() })
		h.scheduleChores()
	case f.Addr == addr:
		f.Addr, f.Prefix = wire.Addr{}, 0
		h.dropRoutes(func(r *Route) bool { return r.Iface == iface && r.Dst.Is4() })
	default:
		return tcp.EADDRNOTAVAIL
	}
	h.forgetWays()
	return 0
}

// AddRouteOn adds a static route to what is on the link of an interface itself.
func (h *Host) AddRouteOn(dst wire.Addr, prefix uint8, iface uint32) tcp.Errno {
	switch {
	case int(iface) >= len(h.Ifaces):
		return tcp.ENODEV
	case prefix > 128 || dst.Is4() && prefix > 32:
		return tcp.EINVAL
	case h.Ifaces[iface].Down:
		return tcp.ENETUNREACH
	}
	h.Routes = append(h.Routes, Route{Dst: dst, Prefix: prefix, Iface: iface})
	h.forgetWays()
	return 0
}

// HasRoute reports whether there is a route to just this network.
func (h *Host) HasRoute(dst wire.Addr, prefix uint8) bool {
	return slices.ContainsFunc(h.Routes, func(r Route) bool { return r.to(dst, prefix) })
}

// RemoveRoute takes the first route to a network away; a zero via stands for any. ESRCH: there is none.
func (h *Host) RemoveRoute(dst wire.Addr, prefix uint8, via wire.Addr) tcp.Errno {
	i := slices.IndexFunc(h.Routes, func(r Route) bool { return r.to(dst, prefix) && (via.IsZero() || r.Via == via) })
	if i < 0 {
		return tcp.ESRCH
	}
	h.Routes = slices.Delete(h.Routes, i, i+1)
	h.forgetWays()
	return 0
}

// to reports whether the route is that to a network, however its address is written.
func (r *Route) to(dst wire.Addr, prefix uint8) bool {
	return r.Prefix == prefix && r.Dst.Is4() == dst.Is4() && r.Dst.InPrefix(dst, prefix)
}

// RouteTo returns the route that packets to dst take, and the address that they come from.
func (h *Host) RouteTo(dst wire.Addr) (r Route, src wire.Addr, err tcp.Errno) {
	w := h.way(dst)
	src, ok := h.sourceFor(dst)
	if !ok {
		return r, src, tcp.ENETUNREACH
	}
	r = Route{Dst: dst, Iface: w.iface}
	if w.hop != dst && !w.group {
		r.Via = w.hop
	}
	return r, src, 0
}

// SetNeighbor writes down where a neighbour is, for ever, as `ip neigh add` does.
func (h *Host) SetNeighbor(iface uint32, addr wire.Addr, mac wire.MAC) tcp.Errno {
	if int(iface) >= len(h.Ifaces) {
		return tcp.ENODEV
	}
	n := h.findNeighbor(iface, addr)
	if n == 0 {
		if h.addNeighbor(iface, addr) == nil {
			return tcp.ENOBUFS
		}
		n = h.findNeighbor(iface, addr)
	}
	line := &h.Neighbors[n-1]
	h.heard(line, mac, NudReachable, true)
	line.State, line.Retry, line.Until = NudPermanent, tcp.Never, 0
	h.forgetWays()
	h.scheduleChores()
	return 0
}

// RemoveNeighbor forgets a neighbour; what waits for it is lost.
func (h *Host) RemoveNeighbor(iface uint32, addr wire.Addr) tcp.Errno {
	n := h.findNeighbor(iface, addr)
	if n == 0 {
		return tcp.ENOENT
	}
	for _, p := range h.Neighbors[n-1].Pending {
		h.pool.Release(p.Frame)
	}
	h.Neighbors = slices.Delete(h.Neighbors, int(n-1), int(n))
	h.forgetWays() // they hold indices
	h.scheduleChores()
	return 0
}

const maxNameservers = 3 // as many as resolv.conf(5) may name

var errNameservers = problem.New("wirelab.nameserver takes at most %d addresses", maxNameservers)

func nameservers(h *Host) string {
	var words []string
	for _, a := range h.Nameservers {
		words = append(words, a.String())
	}
	return strings.Join(words, " ")
}

// readNameservers reads wirelab.nameserver, which stands for Linux's /etc/resolv.conf.
func readNameservers(value string) (func(h *Host), error) {
	var addrs []wire.Addr
	for word := range strings.FieldsSeq(value) {
		a, err := wire.ParseAddr(word)
		if err != nil {
			return nil, err
		}
		if addrs = append(addrs, a); len(addrs) > maxNameservers {
			return nil, errNameservers
		}
	}
	return func(h *Host) { h.Nameservers = slices.Clone(addrs) }, nil
}
