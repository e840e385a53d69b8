package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// States of an IPv6 address (RFC 4862 §2).
const (
	AddrTentative  uint8 = iota // somebody may have it already
	AddrPreferred               // in use
	AddrDeprecated              // for what has begun with it
	AddrDuplicate               // somebody has it: never used
)

// Addr6 is an IPv6 address of an interface.
type Addr6 struct {
	Addr           wire.Addr
	PreferredUntil int64
	ValidUntil     int64
	At             int64 // the next step of duplicate address detection
	Prefix         uint8
	State          uint8
	Auto           bool  // from a router's prefix
	Left           uint8 // solicitations that duplicate address detection still sends
}

var linkLocal = wire.Addr{0: 0xfe, 1: 0x80} // /64 in practice (RFC 4291 §2.5.6)

// setIPv6 turns IPv6 on or off, as net.ipv6.conf.all.disable_ipv6 does: off,
// all its addresses, routes and neighbours are forgotten.
func (h *Host) setIPv6(on bool) {
	if on == h.IP.IPv6 {
		return
	}
	h.IP.IPv6 = on
	if on {
		for i := range h.Ifaces {
			if !h.Ifaces[i].Down {
				h.beginIPv6(uint32(i))
			}
		}
		return
	}
	for i := range h.Ifaces {
		f := &h.Ifaces[i]
		f.Addrs, f.Auto, f.MTU6 = nil, idleAutoConf, 0
	}
	h.dropRoutes(func(r *Route) bool { return !r.Dst.Is4() })
	for i := range h.Neighbors {
		if n := &h.Neighbors[i]; !n.Addr.Is4() && n.State != NudPermanent {
			h.giveUp(n)
		}
	}
	h.scheduleChores()
}

// beginIPv6 gives an interface its link-local address (RFC 4862 §5.3).
func (h *Host) beginIPv6(iface uint32) {
	h.addAddress(iface, Addr6{Addr: h.Ifaces[iface].MAC.EUI64(linkLocal), Prefix: 64, PreferredUntil: timer.Never, ValidUntil: timer.Never})
}

// AddAddr6 gives an interface an IPv6 address for ever, and the route to its
// network; IPv6 is turned on if it is not.
func (h *Host) AddAddr6(iface uint32, addr wire.Addr, prefix uint8) tcp.Errno {
	switch {
	case int(iface) >= len(h.Ifaces) || addr.Is4() || addr.IsZero() || addr.IsMulticast() || prefix > 128:
		return tcp.EINVAL
	case h.Ifaces[iface].Down:
		return tcp.ENETUNREACH
	}
	h.setIPv6(true)
	if h.Ifaces[iface].address(addr) != nil {
		return tcp.EINVAL
	}
	h.Routes = append(h.Routes, Route{Dst: addr.Masked(prefix), Prefix: prefix, Iface: iface})
	h.addAddress(iface, Addr6{Addr: addr, Prefix: prefix, PreferredUntil: timer.Never, ValidUntil: timer.Never})
	return 0
}

// addAddress adds a, which is tentative until nobody has objected: the first
// solicitation waits for up to a second, so that hosts that start together do
// not speak together (RFC 4862 §5.4.2).
func (h *Host) addAddress(iface uint32, a Addr6) {
	a.State, a.Left = AddrTentative, h.IP.DADTransmits
	a.At = h.env.Now + h.jitter(iface, &a.Addr, retransTimeNs)
	f := &h.Ifaces[iface]
	f.Addrs = append(f.Addrs, a)
	if a.Left == 0 { // nobody is asked
		h.begin(iface, &f.Addrs[len(f.Addrs)-1])
	}
	h.forgetWays()
	h.scheduleChores()
}

// begin makes an address usable.
func (h *Host) begin(iface uint32, a *Addr6) {
	a.State, a.At = AddrPreferred, timer.Never
	h.forgetWays()
	if a.Addr.IsLinkLocal() {
		h.linkReady(iface)
	}
}

// jitter returns a time below most that is always the same for an address.
func (h *Host) jitter(iface uint32, a *wire.Addr, most int64) int64 {
	x := mix(h.Secret[0], uint64(iface))
	for _, b := range a {
		x = mix(x, uint64(b))
	}
	return int64(x % uint64(most))
}

// address returns the interface's line of an address, or nil.
func (f *Iface) address(a wire.Addr) *Addr6 {
	for i := range f.Addrs {
		if f.Addrs[i].Addr == a {
			return &f.Addrs[i]
		}
	}
	return nil
}

// usable reports whether the interface has a, and nobody else does.
func (f *Iface) usable(a wire.Addr) bool {
	line := f.address(a)
	return line != nil && (line.State == AddrPreferred || line.State == AddrDeprecated)
}

// linkLocal returns the interface's link-local address, once it may be used.
func (f *Iface) linkLocal() (wire.Addr, bool) {
	for i := range f.Addrs {
		if a := &f.Addrs[i]; a.State == AddrPreferred && a.Addr.IsLinkLocal() {
			return a.Addr, true
		}
	}
	return wire.Addr{}, false
}

// isLocalIPv6 reports whether a packet to a is for this host: one of its
// addresses, or a group that it is in by itself (RFC 4291 §2.8).
func (h *Host) isLocalIPv6(a wire.Addr) bool {
	if !h.IP.IPv6 {
		return false
	}
	if !a.IsMulticast() {
		return h.isOwn(a) || a.IsLoopback()
	}
	if a == wire.AllNodes || a == wire.AllRouters && h.IP.Forward6 {
		return true
	}
	for i := range h.Ifaces {
		for _, own := range h.Ifaces[i].Addrs {
			if own.State != AddrDuplicate && own.Addr.SolicitedNode() == a {
				return true
			}
		}
	}
	return false
}

// linkOf returns the interface that a link-local address is reached by, as far
// as one can tell from the address alone: where it was heard of, else the first.
func (h *Host) linkOf(a wire.Addr) uint32 {
	for i := range h.Neighbors {
		if h.Neighbors[i].Addr == a {
			return h.Neighbors[i].Iface
		}
	}
	return 0
}

// sourceIPv6 chooses the address that packets to dst out of an interface come
// from: rules 1, 2, 3, 5 and 8 of RFC 6724 §5.
func (h *Host) sourceIPv6(iface uint32, dst wire.Addr) (best wire.Addr, ok bool) {
	var line *Addr6
	on := iface
	for i := range h.Ifaces {
		if uint32(i) != iface && dst.IsLinkLocal() {
			continue
		}
		for j := range h.Ifaces[i].Addrs {
			a := &h.Ifaces[i].Addrs[j]
			if a.State != AddrPreferred && a.State != AddrDeprecated {
				continue
			}
			if line == nil || betterSource(a, line, uint32(i) == iface, on == iface, &dst) {
				line, on = a, uint32(i)
			}
		}
	}
	if line == nil || line.Addr.IsLinkLocal() && !dst.IsLinkLocal() {
		return wire.Addr{}, false // a router would not pass it on (RFC 4291 §2.5.6)
	}
	return line.Addr, true
}

// betterSource reports whether a is to be preferred to b; here and there say
// whether they are of the outgoing interface.
func betterSource(a, b *Addr6, here, there bool, dst *wire.Addr) bool {
	switch {
	case a.Addr == *dst || b.Addr == *dst: // 1
		return a.Addr == *dst
	case a.Addr.IsLinkLocal() != b.Addr.IsLinkLocal(): // 2
		return a.Addr.IsLinkLocal() == dst.IsLinkLocal()
	case a.State != b.State: // 3
		return a.State == AddrPreferred
	case here != there: // 5
		return here
	}
	return min(a.Addr.CommonBits(*dst), a.Prefix) > min(b.Addr.CommonBits(*dst), b.Prefix) // 8
}

// pollAddress takes the next step of an address: it asks whether somebody has
// it, begins to use it, or grows old. It reports whether its time has run out.
func (h *Host) pollAddress(iface uint32, a *Addr6) (expired bool) {
	now := h.env.Now
	switch {
	case a.ValidUntil <= now:
		h.forgetWays()
		return true
	case a.State == AddrTentative && a.At <= now && a.Left > 0:
		a.Left--
		a.At = now + retransTimeNs
		h.sendSolicit(iface, wire.Addr{}, a.Addr.SolicitedNode(), a.Addr.SolicitedNode().GroupMAC(), a.Addr, event.DuplicateProbe)
	case a.State == AddrTentative && a.At <= now:
		h.begin(iface, a)
	}
	if a.State == AddrPreferred && a.PreferredUntil <= now {
		a.State = AddrDeprecated
	}
	return false
}

// nextStep returns when pollAddress has something to do.
func (a *Addr6) nextStep() int64 {
	at := a.ValidUntil
	switch a.State {
	case AddrTentative:
		at = min(at, a.At)
	case AddrPreferred:
		at = min(at, a.PreferredUntil)
	}
	return at
}

// duplicate gives up an address that somebody else has (RFC 4862 §5.4.5).
func (h *Host) duplicate(a *Addr6) {
	a.State, a.At, a.Left = AddrDuplicate, timer.Never, 0
	h.forgetWays()
	h.scheduleChores()
}

func (h *Host) dropRoutes(old func(*Route) bool) {
	kept := h.Routes[:0]
	for i := range h.Routes {
		if !old(&h.Routes[i]) {
			kept = append(kept, h.Routes[i])
		}
	}
	h.Routes = kept
	h.forgetWays()
}
