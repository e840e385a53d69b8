package filter

import "wirelab/stack/wire"

// Payloads and checksums.

// payloadOf pushes the bytes behind the header of UDP or TCP, if there are any.
func (m *machine) payloadOf(l *layer) {
	end := l.end
	if l.proto == lUDP {
		if n := int32(be16(m.frame, int(l.at)+4, int(l.end))); n >= wire.UDPLen {
			end = min(end, l.at+n)
		}
	}
	if l.body < end {
		m.push(value{at: l.body, end: end})
	}
}

// sum pushes the state of a checksum.
func (m *machine) sum(l *layer) {
	b := m.frame[l.at:l.end]
	if len(b) < sumEnd(l.proto) {
		return
	}
	state := int64(sumUnverified)
	switch l.proto {
	case lIP:
		p := wire.IPv4(b)
		if n := p.HeaderLen(); p[0]>>4 == 4 && n >= wire.IPv4Len && n <= len(p) {
			state = sumOf(p.ChecksumOK())
		}
	case lICMP:
		if len(b) >= wire.ICMPLen && l.whole {
			state = sumOf(wire.ICMP(b).ChecksumOK())
		}
	default:
		state = m.sumAbove(l, b)
	}
	m.number(state)
}

// sumEnd returns where in a header its checksum ends.
func sumEnd(p proto) int {
	switch p {
	case lIP:
		return 12
	case lTCP:
		return 18
	case lUDP:
		return 8
	case lICMP6:
		return 4
	}
	return 0 // one of ICMP has a state as soon as there is any field
}

// sumAbove is sum for the protocols whose checksum covers the addresses.
func (m *machine) sumAbove(l *layer, b []byte) int64 {
	src, dst := m.addresses(&m.layers[l.ip])
	switch {
	case l.proto == lUDP && len(b) >= wire.UDPLen && wire.UDP(b).Checksum() == 0 && src.Is4():
		return sumAbsent
	case !l.whole:
		return sumUnverified
	case l.proto == lTCP && len(b) >= wire.TCPLen:
		return sumOf(wire.TCP(b).ChecksumOK(&src, &dst))
	case l.proto == lICMP6 && len(b) >= wire.ICMPLen:
		return sumOf(wire.ICMPv6(b).ChecksumOK(&src, &dst))
	case l.proto == lUDP:
		if u, ok := wire.ParseUDP(b); ok {
			return sumOf(u.Checksum() != 0 && u.ChecksumOK(&src, &dst))
		}
	}
	return sumUnverified
}

func sumOf(ok bool) int64 {
	if ok {
		return sumGood
	}
	return sumBad
}

// addresses returns those of an IP header, which is there in full.
func (m *machine) addresses(l *layer) (src, dst wire.Addr) {
	if b := m.frame[l.at:]; l.proto == lIP {
		return wire.IPv4(b).Src(), wire.IPv4(b).Dst()
	} else {
		return wire.IPv6(b).Src(), wire.IPv6(b).Dst()
	}
}
