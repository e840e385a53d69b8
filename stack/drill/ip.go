package drill

import (
	"wirelab/stack/wire"
)

// ipPacket is what the runner looks at in a packet of either version of IP.
type ipPacket struct {
	v6       bool
	sumOK    bool // of the header; IPv6 has none
	src, dst wire.Addr
	proto    uint8
	tos, ttl uint8 // of IPv6: traffic class, hop limit
	flow     uint32
	body     []byte
}

// parseIP takes the IP header off a packet; false if it is none.
func parseIP(b []byte) (p ipPacket, ok bool) {
	if v4, ok := wire.ParseIPv4(b); ok {
		return ipPacket{sumOK: v4.ChecksumOK(), src: v4.Src(), dst: v4.Dst(), proto: v4.Protocol(), tos: v4.TOS(), ttl: v4.TTL(), body: v4.Payload()}, true
	}
	v6, ok := wire.ParseIPv6(b)
	if !ok {
		return p, false
	}
	return ipPacket{true, true, v6.Src(), v6.Dst(), v6.NextHeader(), v6.TrafficClass(), v6.HopLimit(), v6.FlowLabel(), v6.Payload()}, true
}

// isICMP reports whether the packet carries the ICMP of its version of IP.
func (p *ipPacket) isICMP() bool { return p.proto == icmpOf(p.v6) }

func icmpOf(v6 bool) uint8 {
	if v6 {
		return wire.ProtoICMPv6
	}
	return wire.ProtoICMP
}

// v6 reports whether the flow runs over IPv6.
func (f *flow) v6() bool { return !f.remote.Addr.Is4() }

// put writes the header in front of its body, which then fills b to the end.
func (p *ipPacket) put(b []byte, id uint16) {
	if p.v6 {
		h := wire.IPv6Header{Src: p.src, Dst: p.dst, Length: len(b) - wire.IPv6Len, FlowLabel: p.flow, TrafficClass: p.tos, Next: p.proto, HopLimit: p.ttl}
		h.Put(b)
		return
	}
	h := wire.IPv4Header{Src: p.src, Dst: p.dst, Length: len(b), ID: id, Flags: wire.IPv4DF, TOS: p.tos, TTL: p.ttl, Protocol: p.proto}
	h.Put(b)
}

func ipHeaderLen(v6 bool) int {
	if v6 {
		return wire.IPv6Len
	}
	return wire.IPv4Len
}

// etherType is that of a version of IP.
func etherType(v6 bool) uint16 {
	if v6 {
		return wire.TypeIPv6
	}
	return wire.TypeIPv4
}
