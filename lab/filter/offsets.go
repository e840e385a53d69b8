package filter

import "wirelab/stack/wire"

// Where capture filters look for headers, as libpcap compiles them: at the offsets that the outermost headers imply. They heed no
// length and no version that a header states, and a header that is not there has an offset all the same; what is read there lies
// beyond the frame, and rejects it. tcpdump -d shows the reads.

// offsets finds the outermost headers.
func (m *machine) offsets() {
	end := len(m.frame)
	m.add(lFrame, 0, end, end)
	m.add(lEth, 0, wire.EthernetLen, end)
	switch be16(m.frame, 12, end) {
	case wire.TypeARP:
		m.add(lARP, wire.EthernetLen, end, end)
	case wire.TypeIPv4:
		m.add(lIP, wire.EthernetLen, end, end)
		m.above4(end)
	case wire.TypeIPv6:
		m.add(lIP6, wire.EthernetLen, end, end)
		m.above6(end)
	}
}

// above4 finds the header behind that of IPv4, unless the packet is a fragment that begins elsewhere.
func (m *machine) above4(end int) {
	const fragment, protocol = wire.EthernetLen + 6, wire.EthernetLen + 9
	if protocol >= end || be16(m.frame, fragment, end)&0x1fff != 0 {
		return
	}
	m.upper(m.frame[protocol], wire.ProtoICMP, lICMP, wire.EthernetLen+4*int(m.frame[wire.EthernetLen]&15), end)
}

// above6 finds the header behind that of IPv6.
func (m *machine) above6(end int) {
	const next, body = wire.EthernetLen + 6, wire.EthernetLen + wire.IPv6Len
	switch {
	case next >= end:
	case m.frame[next] == wire.ProtoFragment:
		m.add(lFragment, min(body, end), end, end)
	default:
		m.upper(m.frame[next], wire.ProtoICMPv6, lICMP6, body, end)
	}
}

// upper adds the header of a protocol that capture filters look into; icmp is the number of the one that only this version of IP has.
func (m *machine) upper(number, icmp uint8, layer proto, at, end int) {
	switch number {
	case wire.ProtoTCP:
		layer = lTCP
	case wire.ProtoUDP:
		layer = lUDP
	case icmp:
	default:
		return
	}
	m.add(layer, min(at, end), end, end)
}
