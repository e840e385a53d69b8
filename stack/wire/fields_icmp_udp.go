package wire

import "fmt"

// ICMP (RFC 792) and UDP (RFC 768) as fields.

var icmpSpecs = []spec{
	{1, "icmp.type", "Type", 0, 1, 0, func(v uint64) string { return fmt.Sprintf("%d (%s)", v, icmpKindOf(uint8(v)).name) }},
	{1, "icmp.code", "Code", 1, 1, 0, dec},
	{1, "icmp.checksum", "Checksum", 2, 2, 0, hex16},
}

var (
	icmpEchoSpecs = []spec{
		{1, "icmp.ident", "Identifier (BE)", 4, 2, 0, dechex16},
		{1, "icmp.seq", "Sequence Number (BE)", 6, 2, 0, dechex16},
	}
	icmpUnusedSpecs = []spec{
		{1, "icmp.unused", "Unused", 4, 4, 0, func(v uint64) string { return fmt.Sprintf("%08x", v) }},
	}
	// icmpMTUSpecs are those of "fragmentation needed" (RFC 1191 §4).
	icmpMTUSpecs = []spec{
		{1, "icmp.unused", "Unused", 4, 2, 0, func(v uint64) string { return fmt.Sprintf("%04x", v) }},
		{1, "icmp.mtu", "MTU of next hop", 6, 2, 0, dec},
	}
	icmpGatewaySpecs = []spec{{1, "icmp.redir_gw", "Gateway Address", 4, 4, 0, ipText}}
)

// icmpKind says how a type of message is read.
type icmpKind struct {
	typ    uint8
	name   string
	codes  []string // by number
	specs  []spec   // of the header's second half
	quotes bool     // the body is the beginning of a packet
}

var icmpKinds = []icmpKind{
	{ICMPEchoReply, "Echo (ping) reply", nil, icmpEchoSpecs, false},
	{ICMPUnreachable, "Destination unreachable", []string{
		"Network unreachable", "Host unreachable", "Protocol unreachable", "Port unreachable", "Fragmentation needed",
	}, icmpUnusedSpecs, true},
	{5, "Redirect", []string{"Redirect for network", "Redirect for host"}, icmpGatewaySpecs, true},
	{ICMPEcho, "Echo (ping) request", nil, icmpEchoSpecs, false},
	{ICMPTimeExceeded, "Time-to-live exceeded", []string{
		"Time to live exceeded in transit", "Fragment reassembly time exceeded",
	}, icmpUnusedSpecs, true},
	{ICMPParamProblem, "Parameter problem", []string{"Pointer indicates the error", "Missing a required option", "Bad length"},
		[]spec{{1, "icmp.pointer", "Pointer", 4, 1, 0, dec}, {1, "icmp.unused", "Unused", 5, 3, 0, func(v uint64) string { return fmt.Sprintf("%06x", v) }}}, true},
}

func icmpKindOf(typ uint8) icmpKind {
	for _, k := range icmpKinds {
		if k.typ == typ {
			return k
		}
	}
	return icmpKind{typ: typ, name: "Unknown", specs: icmpUnusedSpecs}
}

func (d *decoder) icmp(at, end int) {
	d.open("icmp", "Internet Control Message Protocol", at, min(at+ICMPLen, end))
	layer := d.layer
	if !d.header(icmpSpecs, at, end) {
		return
	}
	m := ICMP(d.frame[at:end])
	kind := icmpKindOf(m.Type())
	d.out[layer].Text = kind.name
	if int(m.Code()) < len(kind.codes) {
		d.out[d.find("icmp.code")].Text += " (" + kind.codes[m.Code()] + ")"
	}
	state, want := sumUnverified, uint16(0)
	if d.whole {
		state, want = stateOf(m.ChecksumOK()), Sum(0).AddBytes(m[:2]).AddBytes(m[4:]).Fold()
	}
	d.checksum("icmp.checksum", "Checksum Status", state, want)
	if m.Type() == ICMPUnreachable && m.Code() == CodeFragNeeded {
		kind.specs = icmpMTUSpecs
	}
	if !d.header(kind.specs, at, end) {
		return
	}
	if kind.quotes && !d.quoted && at+ICMPLen < end {
		d.out[layer].End = end
		d.quotation(at+ICMPLen, end)
		return
	}
	d.data(at+ICMPLen, end)
}

// quotation describes the packet in an ICMP error, one level down.
func (d *decoder) quotation(at, end int) {
	d.depth, d.quoted = d.depth+1, true
	next := end
	if d.frame[at]>>4 == 6 {
		next = d.ipv6(at, end)
	} else {
		next = d.ipv4(at, end)
	}
	d.data(next, end)
	d.depth, d.quoted = d.depth-1, false
}

var udpSpecs = []spec{
	{1, "udp.srcport", "Source Port", 0, 2, 0, dec},
	{1, "udp.dstport", "Destination Port", 2, 2, 0, dec},
	{1, "udp.length", "Length", 4, 2, 0, dec},
	{1, "udp.checksum", "Checksum", 6, 2, 0, hex16},
}

func (d *decoder) udp(p upper, at, end int) {
	d.open("udp", "User Datagram Protocol", at, min(at+UDPLen, end))
	layer := d.layer
	if !d.header(udpSpecs, at, end) {
		return
	}
	u := UDP(d.frame[at:end])
	d.out[layer].Text = fmt.Sprintf("Src Port: %d, Dst Port: %d", u.SrcPort(), u.DstPort())
	stop := at + u.Length()
	switch {
	case u.Length() < UDPLen:
		d.fault("udp.length", "less than the least, 8")
		stop = end
	case stop > end && d.whole:
		d.fault("udp.length", "more than the packet holds, "+dec(uint64(len(u))))
		stop = end
	}
	d.udpSum(p, u)
	stop = min(stop, end)
	switch from, to, length := u.SrcPort(), u.DstPort(), stop-at-UDPLen; {
	case IsDNS(from, to, length):
		d.dns(at+UDPLen, stop)
	case IsDHCP(from, to, length):
		d.dhcp(at+UDPLen, stop)
	default:
		d.data(at+UDPLen, stop)
	}
	d.data(stop, end) // the surplus area (RFC 9868 §5)
}

func (d *decoder) udpSum(p upper, b []byte) {
	state, want := sumUnverified, uint16(0)
	u, ok := ParseUDP(b)
	switch {
	case UDP(b).Checksum() == 0 && p.src.Is4():
		state = sumNotPresent
	case ok && d.whole:
		want = PseudoSum(&p.src, &p.dst, ProtoUDP, len(u)).AddBytes(u[:6]).AddBytes(u[8:]).Fold()
		if want == 0 {
			want = 0xffff
		}
		state = stateOf(u.Checksum() != 0 && u.ChecksumOK(&p.src, &p.dst))
	}
	d.checksum("udp.checksum", "Checksum Status", state, want)
}
