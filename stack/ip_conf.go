package stack

import (
	"slices"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// IPConf is how a host handles what lies below TCP and UDP, with Linux's
// defaults.
type IPConf struct {
	FragTimeNs, Frag6TimeNs int64
	FragHighBytes           uint32
	ICMPRateNs              int64 // between errors to one host
	ReachableNs             int64 // how long a neighbour's answer is believed, on average
	EchoIgnoreAll           bool
	EchoIgnoreBroadcasts    bool
	IPv6                    bool // off until somebody asks for it, so that a lab of IPv4 shows nothing else
	Forward6                bool
	AcceptRA                bool
	MTUExpiresNs            int64 // what ICMP told of a path holds
	MinPathMTU              uint32
	DADTransmits            uint8
	HopLimit                uint8
	AutoFlowLabels          uint8 // net.ipv6.auto_flowlabels
}

func defaultIPConf() IPConf {
	return IPConf{
		FragTimeNs: 30_000 * ms, Frag6TimeNs: 60_000 * ms, FragHighBytes: 4 << 20, ICMPRateNs: 1000 * ms, ReachableNs: 30_000 * ms,
		EchoIgnoreBroadcasts: true, AcceptRA: true, DADTransmits: 1, HopLimit: 64, AutoFlowLabels: labelsOn,
		MTUExpiresNs: mtuExpiresNs, MinPathMTU: minPathMTU,
	}
}

// ipSysctls are the settings of IPConf. Linux keeps some of them once per
// interface; here they hold for all.
var ipSysctls = []sysctl{
	{"net.ipv4.ipfrag_time", 0, 3600, func(h *Host) int64 { return h.IP.FragTimeNs / (1000 * ms) }, func(h *Host, v int64) { h.IP.FragTimeNs = v * 1000 * ms }},
	{"net.ipv4.ipfrag_high_thresh", 0, 1 << 30, func(h *Host) int64 { return int64(h.IP.FragHighBytes) }, func(h *Host, v int64) { h.IP.FragHighBytes = uint32(v) }},
	{"net.ipv4.icmp_ratelimit", 0, 3_600_000, func(h *Host) int64 { return h.IP.ICMPRateNs / ms }, func(h *Host, v int64) { h.IP.ICMPRateNs = v * ms }},
	flag("net.ipv4.icmp_echo_ignore_all", func(h *Host) *bool { return &h.IP.EchoIgnoreAll }),
	flag("net.ipv4.icmp_echo_ignore_broadcasts", func(h *Host) *bool { return &h.IP.EchoIgnoreBroadcasts }),
	{"net.ipv4.neigh.default.base_reachable_time_ms", 1, 86_400_000, func(h *Host) int64 { return h.IP.ReachableNs / ms }, func(h *Host, v int64) { h.IP.ReachableNs = v * ms }},
	{"net.ipv6.conf.all.disable_ipv6", 0, 1, func(h *Host) int64 { return truth(!h.IP.IPv6) }, func(h *Host, v int64) { h.setIPv6(v == 0) }},
	{"net.ipv6.conf.all.forwarding", 0, 1, func(h *Host) int64 { return truth(h.IP.Forward6) }, func(h *Host, v int64) { h.IP.Forward6 = v != 0; h.forgetWays() }},
	flag("net.ipv6.conf.all.accept_ra", func(h *Host) *bool { return &h.IP.AcceptRA }),
	{"net.ipv6.conf.all.dad_transmits", 0, 16, func(h *Host) int64 { return int64(h.IP.DADTransmits) }, func(h *Host, v int64) { h.IP.DADTransmits = uint8(v) }},
	{"net.ipv6.conf.all.hop_limit", 1, 255, func(h *Host) int64 { return int64(h.IP.HopLimit) }, func(h *Host, v int64) { h.IP.HopLimit = uint8(v) }},
	{"net.ipv6.auto_flowlabels", labelsOff, labelsForced, func(h *Host) int64 { return int64(h.IP.AutoFlowLabels) }, func(h *Host, v int64) { h.IP.AutoFlowLabels = uint8(v) }},
	{"net.ipv6.ip6frag_time", 0, 3600, func(h *Host) int64 { return h.IP.Frag6TimeNs / (1000 * ms) }, func(h *Host, v int64) { h.IP.Frag6TimeNs = v * 1000 * ms }},
}

// flag is a setting that is on or off.
func flag(name string, of func(*Host) *bool) sysctl {
	return sysctl{name, 0, 1, func(h *Host) int64 { return truth(*of(h)) }, func(h *Host, v int64) { *of(h) = v != 0 }}
}

// AddRoute adds a static route by way of a neighbour on one of the host's
// networks. No address with a prefix of 0 stands for the default route.
func (h *Host) AddRoute(dst wire.Addr, prefix uint8, via wire.Addr) tcp.Errno {
	if dst.IsZero() && prefix == 0 && via.Is4() {
		dst = wire.From4(0)
	}
	if dst.Is4() != via.Is4() && !via.IsZero() || prefix > 128 || dst.Is4() && prefix > 32 {
		return tcp.EINVAL
	}
	w := h.way(via)
	if via.IsZero() || !w.reachable || w.hop != via {
		return tcp.ENETUNREACH
	}
	h.Routes = append(h.Routes, Route{Dst: dst, Prefix: prefix, Via: via, Iface: w.iface})
	h.forgetWays()
	return 0
}

// Introduce writes the addresses that peer has on networks of h into h's
// table of neighbours, for labs in which nobody wants to see ARP or neighbour discovery.
func (h *Host) Introduce(peer *Host) {
	for t := range peer.Ifaces {
		theirs := &peer.Ifaces[t]
		for i := range h.Ifaces {
			if !h.Ifaces[i].shares(theirs) {
				continue
			}
			h.know(uint32(i), theirs.Addr, theirs.MAC)
			for k := range theirs.Addrs {
				h.know(uint32(i), theirs.Addrs[k].Addr, theirs.MAC)
			}
		}
	}
}

// shares reports whether two interfaces have addresses in one network, of either version of IP.
func (f *Iface) shares(o *Iface) bool {
	if f.Addr.Is4() && o.Addr.Is4() && o.Addr.InPrefix(f.Addr, f.Prefix) {
		return true
	}
	for i := range f.Addrs {
		for k := range o.Addrs {
			if a, b := &f.Addrs[i], &o.Addrs[k]; !a.Addr.IsLinkLocal() && b.Addr.InPrefix(a.Addr, a.Prefix) {
				return true
			}
		}
	}
	return false
}

func (h *Host) know(iface uint32, a wire.Addr, mac wire.MAC) {
	if !a.IsZero() && !slices.ContainsFunc(h.Neighbors, func(n Neighbor) bool { return n.Addr == a && n.Iface == iface }) {
		h.Neighbors = append(h.Neighbors, Neighbor{Addr: a, MAC: mac, Iface: iface, Known: true, Retry: tcp.Never})
	}
}
