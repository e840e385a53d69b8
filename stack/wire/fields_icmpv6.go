package wire

import "fmt"

// ICMPv6 (RFC 4443) and neighbour discovery (RFC 4861 §4) as fields.

var icmpv6Specs = []spec{
	{1, "icmpv6.type", "Type", 0, 1, 0, func(v uint64) string { return fmt.Sprintf("%s (%d)", icmpv6KindOf(uint8(v)).name, v) }},
	{1, "icmpv6.code", "Code", 1, 1, 0, dec},
	{1, "icmpv6.checksum", "Checksum", 2, 2, 0, hex16},
}

// icmpv6Kind says how a type of message is read.
type icmpv6Kind struct {
	typ    uint8
	name   string
	codes  []string
	specs  []spec // behind the checksum
	quotes bool   // the body is the beginning of a packet
	nd     bool   // options of neighbour discovery follow
}

var (
	icmpv6Reserved  = []spec{{1, "icmpv6.reserved", "Reserved", 4, 4, 0, hex32}}
	icmpv6EchoSpecs = []spec{
		{1, "icmpv6.echo.identifier", "Identifier", 4, 2, 0, hex16},
		{1, "icmpv6.echo.sequence_number", "Sequence", 6, 2, 0, dec},
	}
)

func hex32(v uint64) string { return fmt.Sprintf("%08x", v) }

var icmpv6Kinds = []icmpv6Kind{
	{ICMPv6Unreachable, "Destination Unreachable", []string{
		"no route to destination", "Administratively prohibited", "Beyond scope of source address", "Address unreachable",
		"Port unreachable", "Source address failed ingress/egress policy", "Reject route to destination",
	}, icmpv6Reserved, true, false},
	{ICMPv6TooBig, "Packet Too Big", nil, []spec{{1, "icmpv6.mtu", "MTU", 4, 4, 0, dec}}, true, false},
	{ICMPv6TimeExceeded, "Time Exceeded", []string{"hop limit exceeded in transit", "fragment reassembly time exceeded"}, icmpv6Reserved, true, false},
	{ICMPv6ParamProblem, "Parameter Problem", []string{
		"erroneous header field encountered", "unrecognized Next Header type encountered", "unrecognized IPv6 option encountered",
	}, []spec{{1, "icmpv6.pointer", "Pointer", 4, 4, 0, dec}}, true, false},
	{ICMPv6Echo, "Echo (ping) request", nil, icmpv6EchoSpecs, false, false},
	{ICMPv6EchoReply, "Echo (ping) reply", nil, icmpv6EchoSpecs, false, false},
	{ICMPv6RouterSolicit, "Router Solicitation", nil, icmpv6Reserved, false, true},
	{ICMPv6RouterAdvert, "Router Advertisement", nil, []spec{
		{1, "icmpv6.nd.ra.cur_hop_limit", "Cur hop limit", 4, 1, 0, dec},
		{1, "icmpv6.nd.ra.flag", "Flags", 5, 1, 0, hex8},
		{2, "icmpv6.nd.ra.flag.m", "Managed address configuration", 5, 1, 0x80, isSet},
		{2, "icmpv6.nd.ra.flag.o", "Other configuration", 5, 1, 0x40, isSet},
		{1, "icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", 6, 2, 0, dec},
		{1, "icmpv6.nd.ra.reachable_time", "Reachable time (ms)", 8, 4, 0, dec},
		{1, "icmpv6.nd.ra.retrans_timer", "Retrans timer (ms)", 12, 4, 0, dec},
	}, false, true},
	{ICMPv6NeighborSolicit, "Neighbor Solicitation", nil, []spec{
		icmpv6Reserved[0],
		{1, "icmpv6.nd.ns.target_address", "Target Address", 8, 16, 0, nil},
	}, false, true},
	{ICMPv6NeighborAdvert, "Neighbor Advertisement", nil, []spec{
		{1, "icmpv6.nd.na.flag", "Flags", 4, 4, 0, hex32},
		{2, "icmpv6.nd.na.flag.r", "Router", 4, 1, 0x80, isSet},
		{2, "icmpv6.nd.na.flag.s", "Solicited", 4, 1, 0x40, isSet},
		{2, "icmpv6.nd.na.flag.o", "Override", 4, 1, 0x20, isSet},
		{1, "icmpv6.nd.na.target_address", "Target Address", 8, 16, 0, nil},
	}, false, true},
	{ICMPv6Redirect, "Redirect", nil, []spec{
		icmpv6Reserved[0],
		{1, "icmpv6.nd.rd.target_address", "Target Address", 8, 16, 0, nil},
		{1, "icmpv6.rd.na.destination_address", "Destination Address", 24, 16, 0, nil},
	}, false, true},
}

func hex8(v uint64) string { return fmt.Sprintf("0x%02x", v) }

func icmpv6KindOf(typ uint8) *icmpv6Kind {
	for i := range icmpv6Kinds {
		if icmpv6Kinds[i].typ == typ {
			return &icmpv6Kinds[i]
		}
	}
	return &icmpv6Kind{typ: typ, name: "Unknown", specs: icmpv6Reserved}
}

func (d *decoder) icmpv6(p upper, at, end int) {
	d.open("icmpv6", "Internet Control Message Protocol v6", at, min(at+ICMPLen, end))
	layer := d.layer
	if !d.header(icmpv6Specs, at, end) {
		return
	}
	m := ICMPv6(d.frame[at:end])
	kind := icmpv6KindOf(m.Type())
	d.out[layer].Text = kind.name
	if int(m.Code()) < len(kind.codes) {
		d.out[d.find("icmpv6.code")].Text += " (" + kind.codes[m.Code()] + ")"
	}
	state, want := sumUnverified, uint16(0)
	if d.whole {
		state = stateOf(m.ChecksumOK(&p.src, &p.dst))
		want = PseudoSum(&p.src, &p.dst, ProtoICMPv6, len(m)).AddBytes(m[:2]).AddBytes(m[4:]).Fold()
	}
	d.checksum("icmpv6.checksum", "Checksum Status", state, want)
	d.out[layer].End = min(at+need(kind.specs), end)
	if !d.header(kind.specs, at, end) {
		return
	}
	body := at + need(kind.specs)
	switch {
	case kind.quotes && !d.quoted && body < end:
		d.out[layer].End = end
		d.quotation(body, end)
	case kind.nd:
		d.out[layer].End = end
		d.ndOptions(body, end)
	default:
		d.data(body, end)
	}
}

// ndKind says how a kind of option is read.
type ndKind struct {
	kind  uint8
	name  string
	least int
	specs []spec
}

var ndKinds = []ndKind{
	{NDSourceMAC, "Source link-layer address", NDMACLen, []spec{{2, "icmpv6.opt.src_linkaddr", "Source Link-layer address", 2, 6, 0, macText}}},
	{NDTargetMAC, "Target link-layer address", NDMACLen, []spec{{2, "icmpv6.opt.target_linkaddr", "Target Link-layer address", 2, 6, 0, macText}}},
	{NDPrefix, "Prefix information", NDPrefixLen, []spec{
		{2, "icmpv6.opt.prefix.length", "Prefix Length", 2, 1, 0, dec},
		{2, "icmpv6.opt.prefix.flag", "Flag", 3, 1, 0, hex8},
		{3, "icmpv6.opt.prefix.flag.l", "On-link flag(L)", 3, 1, PrefixOnLink, isSet},
		{3, "icmpv6.opt.prefix.flag.a", "Autonomous address-configuration flag(A)", 3, 1, PrefixAutonomous, isSet},
		{2, "icmpv6.opt.prefix.valid_lifetime", "Valid Lifetime", 4, 4, 0, lifetimeText},
		{2, "icmpv6.opt.prefix.preferred_lifetime", "Preferred Lifetime", 8, 4, 0, lifetimeText},
		{2, "icmpv6.opt.reserved", "Reserved", 12, 4, 0, hex32},
		{2, "icmpv6.opt.prefix", "Prefix", 16, 16, 0, nil},
	}},
	{NDRedirected, "Redirected header", 8, nil},
	{NDMTU, "MTU", NDMTULen, []spec{
		{2, "icmpv6.opt.reserved", "Reserved", 2, 2, 0, hex16},
		{2, "icmpv6.opt.mtu", "MTU", 4, 4, 0, dec},
	}},
}

func lifetimeText(v uint64) string {
	if v == 0xffffffff {
		return "Infinity"
	}
	return dec(v)
}

// ndOptions describes options of neighbour discovery at [at, end).
func (d *decoder) ndOptions(at, end int) {
	for at < end {
		kind := ndKind{name: "Unknown"}
		for _, k := range ndKinds {
			if k.kind == d.frame[at] {
				kind = k
			}
		}
		next := end
		if at+2 <= end {
			next = at + 8*int(d.frame[at+1])
		}
		d.add(1, "icmpv6.opt", "ICMPv6 Option", kind.name, at, min(max(next, at+1), end))
		i := len(d.out) - 1
		d.add(2, "icmpv6.opt.type", "Type", fmt.Sprintf("%s (%d)", kind.name, d.frame[at]), at, at+1)
		switch {
		case at+2 > end || next > end:
			d.out[i].Text, d.out[i].Bad = kind.name+" [truncated]", !d.quoted
			return
		case next == at:
			d.out[i].Text, d.out[i].Bad, d.out[i].End = kind.name+" [a length of zero]", true, end
			return
		}
		d.add(2, "icmpv6.opt.length", "Length", fmt.Sprintf("%d (%d bytes)", (next-at)/8, next-at), at+1, at+2)
		if next-at >= kind.least {
			d.header(kind.specs, at, next)
		} else {
			d.out[i].Text, d.out[i].Bad = kind.name+" [too short]", true
		}
		at = next
	}
}
