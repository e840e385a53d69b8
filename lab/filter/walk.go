package filter

import (
	"encoding/binary"

	"wirelab/stack/wire"
)

var be = binary.BigEndian

// machine is what looking at one packet needs. It lives on the stack.
type machine struct {
	p       *Packet
	frame   []byte
	walked  bool
	bytes   bool // headers stand where a capture filter reads them, which asks for bytes and not for fields
	outside bool // bytes were asked for that the frame does not have
	n, top  int
	layers  [maxLayers]layer
	vals    [maxValues]value
}

// What is beyond is not looked at: no frame that a host sends comes near.
const (
	maxLayers = 16
	maxValues = 64
)

// layer is a header in the frame.
type layer struct {
	proto  proto
	nr     uint8 // 1 for the first of its kind, 2 for the next …
	ip     uint8 // index of the IP header around it
	whole  bool  // its packet is here from end to end
	quoted bool  // an ICMP error carries it
	at     int32 // where it begins
	body   int32 // where the header ends, or what there is of it
	end    int32 // where the packet says that its payload ends, or the frame does
	stated int32 // how many bytes IP says it and its payload have
}

// add appends a layer and returns it; one beyond the limit is not kept.
func (m *machine) add(p proto, at, body, end int) *layer {
	i := m.n
	if i == maxLayers {
		i--
	} else {
		m.n++
	}
	nr := uint8(1)
	for k := range i {
		if m.layers[k].proto == p {
			nr++
		}
	}
	m.layers[i] = layer{proto: p, nr: nr, at: int32(at), body: int32(min(body, end)), end: int32(end)}
	return &m.layers[i]
}

// least is how many bytes of a header there must be for its fields to be there: Wireshark 4.0 shows no less.
var least = [...]int32{lFrame: 0, lEth: 0, lARP: 2, lIP: 1, lIP6: 0, lHopByHop: 2, lDestOpts: 2, lRouting: 0, lFragment: wire.FragmentLen,
	lICMP: 6, lICMP6: 0, lUDP: 4, lTCP: 4, lData: 1, lDNS: 1, lDHCP: 1}

// cut reports whether so little is there of a header that it has no fields.
func (l *layer) cut() bool { return l.end-l.at < least[l.proto] }

// walk finds the headers of the frame, as wire.Fields does, or as capture filters do.
func (m *machine) walk() {
	if m.walked {
		return
	}
	m.walked = true
	if m.bytes {
		m.offsets()
		return
	}
	end := len(m.frame)
	m.add(lFrame, 0, end, end)
	if end == 0 {
		return
	}
	m.add(lEth, 0, wire.EthernetLen, end)
	if end < wire.EthernetLen {
		return
	}
	switch n := be.Uint16(m.frame[12:]); {
	case n == wire.TypeARP:
		m.add(lARP, wire.EthernetLen, wire.EthernetLen+wire.ARPLen, end)
	case n == wire.TypeIPv4:
		m.ip4(wire.EthernetLen, end, false)
	case n == wire.TypeIPv6:
		m.ip6(wire.EthernetLen, end, false)
	default:
		m.data(wire.EthernetLen, end)
	}
}

func (m *machine) data(at, end int) {
	if at < end {
		m.add(lData, at, end, end)
	}
}

// ip4 walks the IPv4 packet at [at, end); one that an ICMP error quotes holds
// no further quotation.
func (m *machine) ip4(at, end int, quoted bool) {
	l := m.add(lIP, at, at+wire.IPv4Len, end)
	p := wire.IPv4(m.frame[at:end])
	if n, contradicts := believed(p); contradicts {
		l.end = int32(at + n)
		m.data(at+wire.IPv4Len, end)
		return
	}
	if end-at < wire.IPv4Len {
		return
	}
	stop := min(at+p.TotalLen(), end)
	body := min(at+p.HeaderLen(), stop)
	l.body, l.end = int32(body), int32(stop)
	l.whole = at+p.TotalLen() <= end && !p.IsFragment()
	u := upper{proto: p.Protocol(), ip: uint8(m.n - 1), whole: l.whole, quoted: quoted, v4: true, stated: p.TotalLen() - p.HeaderLen()}
	m.transport(&u, p.FragOffset() == 0, body, stop)
}

// believed reports whether a header of IPv4, or what there is of it, contradicts itself. Then Wireshark reads n bytes of it, up to where
// it does.
func believed(p wire.IPv4) (n int, contradicts bool) {
	const length = 4 // behind the total length
	switch {
	case len(p) > 0 && (p[0]>>4 != 4 || p.HeaderLen() < wire.IPv4Len):
		return 1, true
	case len(p) >= length && p.TotalLen() < p.HeaderLen():
		return length, true
	}
	return 0, false
}

func (m *machine) ip6(at, end int, quoted bool) {
	l := m.add(lIP6, at, at+wire.IPv6Len, end)
	if end-at < wire.IPv6Len {
		return
	}
	p := wire.IPv6(m.frame[at:end])
	if p[0]>>4 != 6 {
		m.data(at+wire.IPv6Len, end)
		return
	}
	body := at + wire.IPv6Len
	stop := min(body+p.PayloadLen(), end)
	l.end = int32(stop)
	l.whole = body+p.PayloadLen() <= end
	u := upper{proto: p.NextHeader(), ip: uint8(m.n - 1), whole: l.whole, quoted: quoted, stated: p.PayloadLen()}
	m.extensions(&u, body, stop)
}

// extensions walks the headers between IPv6 and the upper layer (RFC 8200 §4).
func (m *machine) extensions(u *upper, at, end int) {
	begins := true
	for begins {
		kind := lNone
		switch u.proto {
		case wire.ProtoHopByHop:
			kind = lHopByHop
		case wire.ProtoDestOptions:
			kind = lDestOpts
		case wire.ProtoRouting:
			kind = lRouting
		case wire.ProtoFragment:
			kind = lFragment
		}
		if kind == lNone {
			break
		}
		length := 8
		if kind != lFragment && at+2 <= end {
			length += 8 * int(m.frame[at+1])
		}
		m.add(kind, at, at+length, end)
		if at+length > end {
			return
		}
		if kind == lFragment {
			f := wire.Fragment(m.frame[at:end])
			begins = f.Offset() == 0
			u.whole = u.whole && begins && !f.More()
		}
		u.proto, at, u.stated = m.frame[at], at+length, u.stated-length
	}
	m.transport(u, begins, at, end)
}

// upper is what IP says of the payload it carries.
type upper struct {
	proto, ip         uint8
	whole, quoted, v4 bool
	stated            int
}

// transport walks the payload at [at, end), unless it is a fragment that begins
// in the middle of something.
func (m *machine) transport(u *upper, begins bool, at, end int) {
	var l *layer
	switch {
	case !begins:
		m.data(at, end)
		return
	case u.proto == wire.ProtoTCP:
		l = m.add(lTCP, at, m.tcpBody(at, end), end)
	case u.proto == wire.ProtoUDP:
		l = m.add(lUDP, at, at+wire.UDPLen, end)
	case u.proto == wire.ProtoICMP && u.v4:
		l = m.add(lICMP, at, at+wire.ICMPLen, end)
	case u.proto == wire.ProtoICMPv6 && !u.v4:
		l = m.add(lICMP6, at, m.icmp6Body(at, end), end)
	default:
		m.data(at, end)
		return
	}
	l.ip, l.whole, l.quoted, l.stated = u.ip, u.whole, u.quoted, int32(min(u.stated, end-at))
	m.payload(l, u.quoted)
}

// tcpBody returns where the segment's header ends, by its data offset.
func (m *machine) tcpBody(at, end int) int {
	if end-at < wire.TCPLen {
		return end
	}
	return at + max(wire.TCP(m.frame[at:end]).HeaderLen(), wire.TCPLen)
}

// icmp6Body returns where a message ends, or the packet begins that it quotes.
func (m *machine) icmp6Body(at, end int) int {
	if at < end && m.frame[at] < wire.ICMPv6RouterSolicit {
		return at + wire.ICMPLen
	}
	return end
}

// payload walks what is in l.
func (m *machine) payload(l *layer, quoted bool) {
	at, body, end := int(l.at), int(l.body), int(l.end)
	switch l.proto {
	case lICMP:
		if l.cut() {
			return
		} else if t := m.frame[at]; !quoted && (t == wire.ICMPUnreachable || t == wire.ICMPRedirect || t == wire.ICMPTimeExceeded || t == wire.ICMPParamProblem) {
			m.ip4(body, end, true)
			return
		}
	case lICMP6:
		if at < end && !quoted && m.frame[at] < 128 {
			m.ip6(body, end, true)
			return
		}
	case lUDP:
		if n := int(be16(m.frame, at+4, end)); n >= wire.UDPLen {
			end = min(end, at+n)
		}
		from, to := be16(m.frame, at, end), be16(m.frame, at+2, end)
		switch {
		case wire.IsDNS(from, to, end-body):
			m.add(lDNS, body, end, end)
			return
		case wire.IsDHCP(from, to, end-body):
			m.add(lDHCP, body, end, end)
			return
		}
	}
	m.data(body, end)
}

// be16 returns the number at offset at, or zero if that is beyond end.
func be16(b []byte, at, end int) uint16 {
	if at+2 > end {
		return 0
	}
	return be.Uint16(b[at:])
}
