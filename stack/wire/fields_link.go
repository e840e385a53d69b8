package wire

import "fmt"

// Ethernet II and ARP as fields.

var ethernetSpecs = []spec{
	{1, "eth.dst", "Destination", 0, 6, 0, macText},
	{2, "eth.dst.lg", "LG bit", 0, 1, 2, lgText},
	{2, "eth.dst.ig", "IG bit", 0, 1, 1, igText},
	{1, "eth.src", "Source", 6, 6, 0, macText},
	{2, "eth.src.lg", "LG bit", 6, 1, 2, lgText},
	{2, "eth.src.ig", "IG bit", 6, 1, 1, igText},
	{1, "eth.type", "Type", 12, 2, 0, func(v uint64) string {
		return fmt.Sprintf("%s (0x%04x)", nameOf(etherTypes, v), v)
	}},
}

var etherTypes = []naming{{TypeIPv4, "IPv4"}, {TypeARP, "ARP"}, {TypeIPv6, "IPv6"}}

func lgText(v uint64) string {
	return [...]string{"Globally unique address", "Locally administered address"}[v]
}

func igText(v uint64) string {
	return [...]string{"Individual address (unicast)", "Group address (multicast or broadcast)"}[v]
}

// maxLength8023 is the largest value of the type field that means a length
// (IEEE 802.3 §3.2.6).
const maxLength8023 = 1500

func (d *decoder) ethernet() {
	end := len(d.frame)
	d.open("eth", "Ethernet II", 0, min(EthernetLen, end))
	if !d.header(ethernetSpecs, 0, end) {
		return
	}
	e := Ethernet(d.frame)
	d.out[d.layer].Text = fmt.Sprintf("Src: %s, Dst: %s", e.Src(), e.Dst())
	switch n := int(e.Type()); {
	case n == TypeARP:
		d.trailer(d.arp(EthernetLen, end))
	case n == TypeIPv4:
		d.trailer(d.ipv4(EthernetLen, end))
	case n == TypeIPv6:
		d.trailer(d.ipv6(EthernetLen, end))
	case n <= maxLength8023:
		d.trailer(d.ieee8023(n, end))
	default:
		d.data(EthernetLen, end)
	}
}

// ieee8023 describes a frame that has a length in place of a type.
func (d *decoder) ieee8023(length, end int) (next int) {
	d.out[d.layer].Name = "IEEE 802.3 Ethernet"
	f := &d.out[d.find("eth.type")]
	f.Key, f.Name, f.Text = "eth.len", "Length", dec(uint64(length))
	next = EthernetLen + length
	if next > end {
		d.fault("eth.len", "truncated: "+count(end-EthernetLen, "byte")+" are here")
		next = end
	}
	d.data(EthernetLen, next)
	return next
}

// trailer describes what stands behind the packet: the zeros that fill a frame
// up to Ethernet's least length, and anything else.
func (d *decoder) trailer(at int) {
	const least = 60 // without the frame check sequence
	end := len(d.frame)
	if at < least && least <= end && allZero(d.frame[at:least]) {
		d.behind("eth.padding", "Padding", at, least)
		at = least
	}
	if at < end {
		d.behind("eth.trailer", "Trailer", at, end)
	}
}

func (d *decoder) behind(key, name string, at, end int) {
	d.open(key, name, at, end)
	d.out[d.layer].Text = hexText(d.frame[at:end])
}

func allZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

var arpSpecs = []spec{
	{1, "arp.hw.type", "Hardware type", 0, 2, 0, named([]naming{{1, "Ethernet"}})},
	{1, "arp.proto.type", "Protocol type", 2, 2, 0, ethernetSpecs[6].show},
	{1, "arp.hw.size", "Hardware size", 4, 1, 0, dec},
	{1, "arp.proto.size", "Protocol size", 5, 1, 0, dec},
	{1, "arp.opcode", "Opcode", 6, 2, 0, named(arpOps)},
}

var arpOps = []naming{{ARPRequest, "request"}, {ARPReply, "reply"}}

// arpAddressSpecs are those of IPv4 over Ethernet, the one kind that ParseARP takes.
var arpAddressSpecs = []spec{
	{1, "arp.src.hw_mac", "Sender MAC address", 8, 6, 0, macText},
	{1, "arp.src.proto_ipv4", "Sender IP address", 14, 4, 0, ipText},
	{1, "arp.dst.hw_mac", "Target MAC address", 18, 6, 0, macText},
	{1, "arp.dst.proto_ipv4", "Target IP address", 24, 4, 0, ipText},
}

func (d *decoder) arp(at, end int) (next int) {
	d.open("arp", "Address Resolution Protocol", at, min(at+ARPLen, end))
	layer := d.layer
	if !d.header(arpSpecs, at, end) {
		return end
	}
	a := ARP(d.frame[at:end])
	d.out[layer].Text = nameOf(arpOps, uint64(a.Op()))
	if be.Uint16(a[0:]) == 1 && be.Uint16(a[2:]) == TypeIPv4 && a[4] == 6 && a[5] == 4 {
		d.header(arpAddressSpecs, at, end)
		return min(at+ARPLen, end)
	}
	return d.arpOther(at, end, int(a[4]), int(a[5]))
}

// arpOther describes the addresses of another kind of ARP, whose sizes the
// packet itself gives.
func (d *decoder) arpOther(at, end, hw, proto int) (next int) {
	next = at + 8
	for _, f := range [...]struct {
		key, name string
		size      int
	}{
		{"arp.src.hw", "Sender hardware address", hw},
		{"arp.src.proto", "Sender protocol address", proto},
		{"arp.dst.hw", "Target hardware address", hw},
		{"arp.dst.proto", "Target protocol address", proto},
	} {
		if next+f.size > end {
			d.out[d.layer].End = end
			d.cut(next, end, at+8+2*hw+2*proto-end)
			return end
		}
		d.add(1, f.key, f.name, hexText(d.frame[next:next+f.size]), next, next+f.size)
		next += f.size
	}
	d.out[d.layer].End = next
	return next
}
