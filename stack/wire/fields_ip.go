package wire

import (
	"fmt"
	"strings"
)

// IPv4 as fields, in the order of RFC 791 §3.1.

var ipv4Specs = []spec{
	{1, "ip.version", "Version", 0, 1, 0xf0, dec},
	{1, "ip.hdr_len", "Header Length", 0, 1, 0x0f, words32},
	{1, "ip.dsfield", "Differentiated Services Field", 1, 1, 0, func(v uint64) string {
		return fmt.Sprintf("0x%02x (DSCP: %s, ECN: %s)", v, dscpName(dscpShort, v>>2), ecnNames[v&3].short)
	}},
	{2, "ip.dsfield.dscp", "Differentiated Services Codepoint", 1, 1, 0xfc, func(v uint64) string {
		return fmt.Sprintf("%s (%d)", dscpName(dscpLong, v), v)
	}},
	{2, "ip.dsfield.ecn", "Explicit Congestion Notification", 1, 1, 0x03, func(v uint64) string {
		return fmt.Sprintf("%s (%d)", ecnNames[v].long, v)
	}},
	{1, "ip.len", "Total Length", 2, 2, 0, dec},
	{1, "ip.id", "Identification", 4, 2, 0, hex16dec},
	{1, "ip.flags", "Flags", 6, 1, 0xe0, ipFlagsText},
	{2, "ip.flags.rb", "Reserved bit", 6, 1, 0x80, isSet},
	{2, "ip.flags.df", "Don't fragment", 6, 1, 0x40, isSet},
	{2, "ip.flags.mf", "More fragments", 6, 1, 0x20, isSet},
	{1, "ip.frag_offset", "Fragment Offset", 6, 2, ipv4OffsetMask, func(v uint64) string { return dec(8 * v) }},
	{1, "ip.ttl", "Time to Live", 8, 1, 0, dec},
	{1, "ip.proto", "Protocol", 9, 1, 0, named(protocols)},
	{1, "ip.checksum", "Header Checksum", 10, 2, 0, hex16},
	{1, "ip.src", "Source Address", 12, 4, 0, ipText},
	{1, "ip.dst", "Destination Address", 16, 4, 0, ipText},
}

var protocols = []naming{
	{ProtoHopByHop, "IPv6 Hop-by-Hop Option"}, {ProtoICMP, "ICMP"}, {ProtoTCP, "TCP"}, {ProtoUDP, "UDP"},
	{ProtoRouting, "Routing Header for IPv6"}, {ProtoFragment, "Fragment Header for IPv6"}, {ProtoICMPv6, "ICMPv6"},
	{ProtoNone, "No Next Header for IPv6"}, {ProtoDestOptions, "Destination Options for IPv6"},
}

// ecnNames are the code points of RFC 3168 §5.
var ecnNames = [4]struct{ short, long string }{
	{"Not-ECT", "Not ECN-Capable Transport"},
	{"ECT(1)", "ECN-Capable Transport codepoint '01'"},
	{"ECT(0)", "ECN-Capable Transport codepoint '10'"},
	{"CE", "Congestion Experienced"},
}

// The words for default, class selectors, assured and expedited forwarding.
var (
	dscpShort = [4]string{"CS0", "CS%d", "AF%d%d", "EF PHB"}
	dscpLong  = [4]string{"Default", "Class Selector %d", "Assured Forwarding %d%d", "Expedited Forwarding"}
)

// dscpName names a code point: class selectors (RFC 2474 §4.2.2), assured
// forwarding (RFC 2597 §6), expedited forwarding (RFC 3246).
func dscpName(words [4]string, v uint64) string {
	class, drop := v>>3, v>>1&3
	switch {
	case v == 0:
		return words[0]
	case v&7 == 0:
		return fmt.Sprintf(words[1], class)
	case v&1 == 0 && 1 <= class && class <= 4:
		return fmt.Sprintf(words[2], class, drop)
	case v == 46:
		return words[3]
	}
	return "Unknown"
}

// words32 shows a header length, which counts words of 32 bits.
func words32(v uint64) string { return fmt.Sprintf("%d bytes (%d)", 4*v, v) }

func ipFlagsText(v uint64) string {
	text := fmt.Sprintf("0x%x", v)
	for i, name := range [...]string{"Reserved bit", "Don't fragment", "More fragments"} {
		if v&(4>>i) != 0 {
			text += ", " + name
		}
	}
	return text
}

// ipv4 describes the packet at [at, end) and returns where it says it ends.
func (d *decoder) ipv4(at, end int) (next int) {
	d.open("ip", "Internet Protocol Version 4", at, min(at+IPv4Len, end))
	if !d.header(ipv4Specs, at, end) {
		return end
	}
	p := IPv4(d.frame[at:end])
	d.out[d.layer].Text = fmt.Sprintf("Src: %s, Dst: %s", p.Src(), p.Dst())
	if !d.ipv4Plausible(p) {
		d.checksum("ip.checksum", "Header checksum status", sumUnverified, 0)
		d.data(at+IPv4Len, end)
		return end
	}
	body, stop := at+p.HeaderLen(), at+p.TotalLen()
	d.whole = stop <= end && !p.IsFragment()
	if stop > end && !d.quoted {
		d.fault("ip.len", "truncated: "+count(end-at, "byte")+" are here")
	}
	stop = min(stop, end)
	d.ipv4Sum(p)
	d.ipv4Options(at+IPv4Len, body, stop)
	if body < stop {
		u := upper{src: p.Src(), dst: p.Dst(), proto: p.Protocol(), length: p.TotalLen() - p.HeaderLen()}
		d.transport(u, p.FragOffset() == 0, body, stop)
	}
	return stop
}

// ipv4Plausible reports whether the packet's numbers let one read on; they are
// those that ParseIPv4 refuses.
func (d *decoder) ipv4Plausible(p IPv4) bool {
	switch {
	case p[0]>>4 != 4:
		d.fault("ip.version", "must be 4")
	case p.HeaderLen() < IPv4Len:
		d.fault("ip.hdr_len", "less than the least, 20")
	case p.TotalLen() < p.HeaderLen():
		d.fault("ip.len", "less than the header")
	default:
		return true
	}
	return false
}

func (d *decoder) ipv4Sum(p IPv4) {
	state, want := sumUnverified, uint16(0)
	if n := p.HeaderLen(); n <= len(p) {
		state, want = stateOf(p.ChecksumOK()), Sum(0).AddBytes(p[:10]).AddBytes(p[12:n]).Fold()
	}
	d.checksum("ip.checksum", "Header checksum status", state, want)
}

// ipv4Options describes options as they stand: nothing here sends or reads any.
// Wireshark has no name for the list as a whole; ip.options is ours.
func (d *decoder) ipv4Options(at, body, end int) {
	if at == body {
		return
	}
	here := min(body, end)
	d.out[d.layer].End = here
	d.add(1, "ip.options", "Options", strings.TrimSpace("("+count(body-at, "byte")+") "+hexText(d.frame[at:here])), at, here)
	if here < body {
		d.cut(here, here, body-here)
	}
}

// upper is what IP says of the payload it carries.
type upper struct {
	src, dst Addr
	proto    uint8
	length   int
}

// transport describes the payload at [at, end), unless it is a fragment that
// begins in the middle of something.
func (d *decoder) transport(p upper, begins bool, at, end int) {
	switch v4 := p.src.Is4(); {
	case !begins:
		d.data(at, end)
	case p.proto == ProtoICMP && v4:
		d.icmp(at, end)
	case p.proto == ProtoICMPv6 && !v4:
		d.icmpv6(p, at, end)
	case p.proto == ProtoUDP:
		d.udp(p, at, end)
	case p.proto == ProtoTCP:
		d.tcp(p, at, end)
	default:
		d.data(at, end)
	}
}
