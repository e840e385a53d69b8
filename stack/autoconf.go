package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// What a host makes of router advertisements (RFC 4861 §6.3, RFC 4862 §5.5).

const (
	rtrSolicitations     = 3 // RFC 4861 §10
	rtrSolicitIntervalNs = 4_000_000_000
	secondNs             = 1_000_000_000
	twoHoursNs           = 7200 * secondNs
)

// AutoConf is what an interface knows of the routers on its link, besides the
// routes by way of them.
type AutoConf struct {
	HopLimit uint8 // zero: no router said it
	Left     uint8 // router solicitations still to send
	At       int64 // when to send the next one
}

var idleAutoConf = AutoConf{At: timer.Never}

// linkReady begins what needs a link-local address: asking for routers, or
// being one.
func (h *Host) linkReady(iface uint32) {
	f := &h.Ifaces[iface]
	if h.IP.Forward6 {
		if f.Router.On {
			f.Router.At = h.env.Now
		}
		return
	}
	if h.IP.AcceptRA {
		f.Auto.Left, f.Auto.At = rtrSolicitations, h.env.Now
	}
}

// solicitRouters asks all routers to speak now (RFC 4861 §6.3.7).
func (h *Host) solicitRouters(iface uint32) {
	f := &h.Ifaces[iface]
	f.Auto.Left--
	f.Auto.At = h.env.Now + rtrSolicitIntervalNs
	if f.Auto.Left == 0 {
		f.Auto.At = timer.Never
	}
	src, ok := f.linkLocal()
	if !ok {
		return
	}
	dst := wire.AllRouters
	frame, b := h.newPacket(&dst, wire.RouterSolicitLen+wire.NDMACLen)
	wire.PutNDMAC(b[wire.RouterSolicitLen:], wire.NDSourceMAC, f.MAC)
	h.sendND(iface, frame, src, dst, dst.GroupMAC(), wire.ICMPv6RouterSolicit, 0, event.RouterWho)
}

// inputRouterAdvert takes what a router says of itself and of the link (RFC
// 4861 §6.3.4). Routers do not listen to each other here.
func (h *Host) inputRouterAdvert(p *packet, a wire.RouterAdvert, opts []byte) {
	if !p.src.IsLinkLocal() || h.IP.Forward6 || !h.IP.AcceptRA {
		return
	}
	f := &h.Ifaces[p.iface]
	if a.HopLimit != 0 {
		f.Auto.HopLimit = a.HopLimit
	}
	if a.ReachableMs != 0 {
		h.IP.ReachableNs = int64(a.ReachableMs) * ms
	}
	if a.Lifetime > 0 {
		f.Auto.Left, f.Auto.At = 0, timer.Never
	}
	h.heardSource(p, wire.FindNDOption(opts, wire.NDSourceMAC, wire.NDMACLen), true)
	h.learnRoute(Route{Via: p.src, Iface: p.iface}, int64(a.Lifetime)*secondNs)
	for at := 0; ; {
		o, next, ok := wire.NextNDOption(opts, at)
		if !ok {
			break
		}
		at = next
		switch {
		case o.Kind() == wire.NDMTU && o.MTU() >= wire.IPv6MinMTU && o.MTU() <= f.MTU:
			f.MTU6 = o.MTU()
		case o.Kind() == wire.NDPrefix && len(o) >= wire.NDPrefixLen:
			h.learnPrefix(p.iface, o.Prefix())
		}
	}
	h.scheduleChores()
}

// learnRoute adds a route that a router told of, or gives the one that is there
// a new lifetime; zero ends it.
func (h *Host) learnRoute(r Route, lifetimeNs int64) {
	same := func(o *Route) bool {
		return o.Until != 0 && o.Dst == r.Dst && o.Prefix == r.Prefix && o.Via == r.Via && o.Iface == r.Iface
	}
	if lifetimeNs == 0 {
		h.dropRoutes(same)
		return
	}
	r.Until = h.env.Now + lifetimeNs
	if lifetimeNs == forEverNs {
		r.Until = timer.Never
	}
	for i := range h.Routes {
		if same(&h.Routes[i]) {
			h.Routes[i].Until = r.Until
			return
		}
	}
	if len(h.Routes) < maxRoutes {
		h.Routes = append(h.Routes, r)
		h.forgetWays()
	}
}

const (
	maxRoutes    = 4096        // that routers may make of their own
	maxAutoAddrs = 16          // net.ipv6.conf.all.max_addresses
	forEverNs    = timer.Never // a lifetime of all ones
)

// lifetime returns the ns of a lifetime in a message.
func lifetime(sec uint32) int64 {
	if sec == 0xffffffff {
		return forEverNs
	}
	return int64(sec) * secondNs
}

// learnPrefix takes a prefix: who is on the link, and what address to have
// (RFC 4861 §6.3.4, RFC 4862 §5.5.3).
func (h *Host) learnPrefix(iface uint32, i wire.PrefixInfo) {
	if i.Prefix.IsLinkLocal() || i.Prefix.IsMulticast() || i.Prefix.Is4() || i.Bits > 128 {
		return
	}
	prefix := i.Prefix.Masked(i.Bits)
	valid, preferred := lifetime(i.ValidSec), lifetime(i.PreferredSec)
	if i.Flags&wire.PrefixOnLink != 0 {
		h.learnRoute(Route{Dst: prefix, Prefix: i.Bits, Iface: iface}, valid)
	}
	if i.Flags&wire.PrefixAutonomous == 0 || preferred > valid {
		return
	}
	f := &h.Ifaces[iface]
	auto := 0
	for j := range f.Addrs {
		a := &f.Addrs[j]
		if a.Auto && a.Prefix == i.Bits && a.Addr.InPrefix(prefix, i.Bits) {
			h.renew(a, valid, preferred)
			return
		}
		if a.Auto {
			auto++
		}
	}
	addr := f.MAC.EUI64(prefix)
	if valid == 0 || i.Bits != 64 || auto >= maxAutoAddrs || f.address(addr) != nil {
		return
	}
	h.addAddress(iface, Addr6{Addr: addr, Prefix: 64, Auto: true, ValidUntil: h.after(valid), PreferredUntil: h.after(preferred)})
}

// renew gives an address new lifetimes. A valid one is not cut below two hours
// by an advertisement that anybody may have forged (RFC 4862 §5.5.3 (e)).
func (h *Host) renew(a *Addr6, valid, preferred int64) {
	left := a.ValidUntil - h.env.Now
	switch {
	case valid > twoHoursNs || valid > left:
		a.ValidUntil = h.after(valid)
	case left > twoHoursNs:
		a.ValidUntil = h.after(twoHoursNs)
	}
	a.PreferredUntil = h.after(preferred)
	if a.State == AddrDeprecated && preferred > 0 {
		a.State = AddrPreferred
	}
}

// after returns the time d from now.
func (h *Host) after(d int64) int64 {
	if d == forEverNs {
		return timer.Never
	}
	return h.env.Now + d
}

// pollIPv6 does what is due for addresses, routes and interfaces.
func (h *Host) pollIPv6() {
	for i := range h.Ifaces {
		f := &h.Ifaces[i]
		for j := 0; j < len(f.Addrs); {
			if h.pollAddress(uint32(i), &f.Addrs[j]) {
				f.Addrs = append(f.Addrs[:j], f.Addrs[j+1:]...)
			} else {
				j++
			}
		}
		if f.Auto.At <= h.env.Now {
			h.solicitRouters(uint32(i))
		}
		if f.Router.On && f.Router.At <= h.env.Now {
			h.advertiseRouter(uint32(i))
		}
	}
	for i := range h.Routes {
		if u := h.Routes[i].Until; u != 0 && u <= h.env.Now {
			h.dropRoutes(func(r *Route) bool { return r.Until != 0 && r.Until <= h.env.Now })
			break
		}
	}
}

// nextIPv6 returns when pollIPv6 has something to do.
func (h *Host) nextIPv6() int64 {
	at := h.nextAddress()
	for i := range h.Ifaces {
		if f := &h.Ifaces[i]; h.IP.IPv6 && f.Router.On {
			at = min(at, f.Router.At)
		}
	}
	return at
}

// nextAddress returns when there is something to do about the addresses and routes of the host itself.
func (h *Host) nextAddress() int64 {
	at := timer.Never
	if !h.IP.IPv6 {
		return at
	}
	for i := range h.Ifaces {
		f := &h.Ifaces[i]
		at = min(at, f.Auto.At)
		for j := range f.Addrs {
			at = min(at, f.Addrs[j].nextStep())
		}
	}
	for i := range h.Routes {
		if u := h.Routes[i].Until; u != 0 {
			at = min(at, u)
		}
	}
	return at
}

// nextRouter lets another default router have its turn once one does not
// answer (RFC 4861 §6.3.6).
func (h *Host) nextRouter(gone wire.Addr) {
	for i := range h.Routes {
		if r := h.Routes[i]; r.Via == gone && r.Until != 0 {
			h.Routes = append(append(h.Routes[:i:i], h.Routes[i+1:]...), r)
			h.forgetWays()
			return
		}
	}
}
