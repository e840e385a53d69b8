package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// What an IPv6 router says of itself (RFC 4861 §6.2), as radvd does on Linux.

const (
	maxInitialAdverts    = 3
	initialIntervalNs    = 16_000_000_000
	minDelayBetweenNs    = 3_000_000_000
	maxAdvertDelayNs     = 500_000_000
	maxAdvertIntervalSec = 1800
)

// RouterConf is what is advertised on an interface, with the names of RFC 4861 §6.2.1.
type RouterConf struct {
	On          bool
	Sent        uint8 // advertisements so far, as far as it matters: the first ones come sooner
	CurHopLimit uint8
	LifetimeSec uint16 // AdvDefaultLifetime; zero: not a default router
	IntervalSec uint16 // MaxRtrAdvInterval
	LinkMTU     uint32 // zero: not said
	At          int64  // of the next advertisement
	SentAt      int64
	Prefixes    []wire.PrefixInfo
}

// DefaultRouterConf advertises one prefix, with radvd's numbers.
func DefaultRouterConf(prefix wire.Addr) RouterConf {
	return RouterConf{CurHopLimit: 64, LifetimeSec: 1800, IntervalSec: 600, Prefixes: []wire.PrefixInfo{{
		Prefix: prefix, Bits: 64, Flags: wire.PrefixOnLink | wire.PrefixAutonomous, ValidSec: 86400, PreferredSec: 14400,
	}}}
}

// Advertise makes the host an IPv6 router that speaks on an interface.
func (h *Host) Advertise(iface uint32, c RouterConf) tcp.Errno {
	if int(iface) >= len(h.Ifaces) || c.IntervalSec < 4 || c.IntervalSec > maxAdvertIntervalSec || len(c.Prefixes) > 16 {
		return tcp.EINVAL
	}
	h.IP.Forward6 = true
	h.setIPv6(true)
	h.forgetWays()
	f := &h.Ifaces[iface]
	f.Router = c
	f.Router.On, f.Router.Sent, f.Router.At = true, 0, timer.Never
	f.Auto = idleAutoConf
	if _, ok := f.linkLocal(); ok {
		f.Router.At = h.env.Now
	}
	h.scheduleChores()
	return 0
}

// inputRouterSolicit answers, with an advertisement to all, soon (RFC 4861 §6.2.6).
func (h *Host) inputRouterSolicit(p *packet, opts []byte) {
	f := &h.Ifaces[p.iface]
	mac := wire.FindNDOption(opts, wire.NDSourceMAC, wire.NDMACLen)
	if !f.Router.On || p.src.IsZero() && mac != nil {
		return
	}
	if !p.src.IsZero() {
		h.heardSource(p, mac, false)
	}
	if _, ok := f.linkLocal(); !ok {
		return
	}
	at := h.env.Now + h.jitter(p.iface, &p.src, maxAdvertDelayNs)
	if f.Router.Sent > 0 {
		at = max(at, f.Router.SentAt+minDelayBetweenNs)
	}
	f.Router.At = min(f.Router.At, at)
	h.scheduleChores()
}

// advertiseRouter sends an advertisement (RFC 4861 §4.2) and sets the time of
// the next one.
func (h *Host) advertiseRouter(iface uint32) {
	f := &h.Ifaces[iface]
	r := &f.Router
	interval := int64(r.IntervalSec) * secondNs
	if r.Sent < maxInitialAdverts {
		r.Sent++
		interval = min(interval, initialIntervalNs)
	}
	r.SentAt, r.At = h.env.Now, h.env.Now+interval
	src, ok := f.linkLocal()
	if !ok {
		return
	}
	n := wire.RouterAdvertLen + wire.NDMACLen + wire.NDPrefixLen*len(r.Prefixes)
	if r.LinkMTU != 0 {
		n += wire.NDMTULen
	}
	dst := wire.AllNodes
	frame, b := h.newPacket(&dst, n)
	a := wire.RouterAdvert{HopLimit: r.CurHopLimit, Lifetime: r.LifetimeSec}
	rest := a.Put(b[wire.ICMPLen:])
	b = b[wire.RouterAdvertLen:]
	wire.PutNDMAC(b, wire.NDSourceMAC, f.MAC)
	b = b[wire.NDMACLen:]
	if r.LinkMTU != 0 {
		wire.PutNDMTU(b, r.LinkMTU)
		b = b[wire.NDMTULen:]
	}
	for i := range r.Prefixes {
		r.Prefixes[i].Put(b[i*wire.NDPrefixLen:])
	}
	h.sendND(iface, frame, src, dst, dst.GroupMAC(), wire.ICMPv6RouterAdvert, rest, event.RouterIs)
}
