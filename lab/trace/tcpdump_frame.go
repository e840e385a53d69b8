package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"

	"wirelab/stack/wire"
)

// Options are those of tcpdump that change what it says of a frame.
type Options struct {
	Verbose int           // how often -v is given
	Quiet   bool          // -q
	NoSums  bool          // -K; those of ICMP are checked nevertheless
	Named   bool          // without -n: ports and protocols by name
	Ether   bool          // -e: the caller has told the header of the link
	Bytes   bool          // the caller shows the bytes: -x, -X or -A
	Counted func(h *Head) // turns the numbers of a segment into those that are shown; nil: as they are
}

// Lines are what tcpdump says of a frame. Other than Words, it has the whole frame: it tells what HTTP says, and with -v what
// stands in the header of IP, whether checksums are right, and what packet an error of ICMP is about. Of length bytes, those of frame
// are there.
func Lines(frame []byte, length int, o *Options) []string {
	p := printer{Options: o}
	p.frame(frame, length)
	return strings.Split(string(p.b), "\n")
}

// printer writes what tcpdump says of a frame.
type printer struct {
	*Options
	b []byte
}

func (p *printer) say(text string)            { p.b = append(p.b, text...) }
func (p *printer) sayf(form string, a ...any) { p.b = fmt.Appendf(p.b, form, a...) }
func (p *printer) missing(what string)        { p.sayf(" [|%s]", what) }
func (p *printer) pair(src, dst wire.Addr)    { p.sayf("%s > %s: ", src, dst) }
func (p *printer) sums(whole bool) bool       { return p.Verbose > 0 && whole && !p.NoSums }

// network names the protocol, which -e has told already.
func (p *printer) network(name string) {
	if !p.Ether {
		p.say(name)
	}
}

func (p *printer) frame(frame []byte, length int) {
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		p.say("[|ether]")
		return
	}
	body := eth.Payload()
	switch eth.Type() {
	case wire.TypeIPv4:
		p.ipv4(body, length-wire.EthernetLen)
	case wire.TypeIPv6:
		p.ipv6(body, length-wire.EthernetLen)
	case wire.TypeARP:
		p.arp(frame)
	default:
		if !p.Ether {
			p.say(p.EtherWords(frame, length))
		}
		for _, row := range HexRows(body, true) {
			if !p.Quiet && !p.Bytes {
				p.say("\n\t" + row)
			}
		}
	}
}

// HexRows are bytes as -x shows them, sixteen to a row, with letters behind them as with -X.
func HexRows(b []byte, letters bool) (rows []string) {
	const digits = "0123456789abcdef"
	for at := 0; at < len(b); at += 16 {
		var room [80]byte // a fast link makes a hundred thousand rows a second: none goes through fmt
		row := append(room[:0], "0x"...)
		for shift := max(12, (bits.Len(uint(at))-1)&^3); shift >= 0; shift -= 4 {
			row = append(row, digits[at>>shift&15])
		}
		row = append(row, ": "...)
		start := len(row)
		bytes := b[at:min(at+16, len(b))]
		for i, c := range bytes {
			if i%2 == 0 {
				row = append(row, ' ')
			}
			row = append(row, digits[c>>4], digits[c&15])
		}
		for letters && len(row) < start+42 {
			row = append(row, ' ')
		}
		for _, c := range bytes {
			if c <= ' ' || c > '~' {
				c = '.'
			}
			if letters {
				row = append(row, c)
			}
		}
		rows = append(rows, string(row))
	}
	return rows
}

// EtherWords is the Ethernet header of a frame of length bytes, as -e shows it.
func (o *Options) EtherWords(frame []byte, length int) string {
	eth := wire.Ethernet(frame)
	return fmt.Sprintf("%s > %s, %s, length %d: ", o.MAC(eth.Src()), o.MAC(eth.Dst()), EtherType(eth.Type(), o.Quiet), length)
}

// MAC is an Ethernet address, with names also who made the interface.
func (o *Options) MAC(m wire.MAC) string { return macWords(m, o.Named) }

func macWords(m wire.MAC, named bool) string {
	switch {
	case !named:
		return m.String()
	case m == wire.Broadcast:
		return "Broadcast"
	case m[0] == 0 && m[1] == 0 && m[2] == 0:
		return m.String() + " (oui Ethernet)"
	}
	return m.String() + " (oui Unknown)"
}

// EtherType is a type of Ethernet frames as -e shows it.
func EtherType(t uint16, quiet bool) string {
	name, known := map[uint16]string{wire.TypeIPv4: "IPv4", wire.TypeIPv6: "IPv6", wire.TypeARP: "ARP"}[t]
	if !known {
		name = "Unknown"
	}
	switch {
	case quiet && known:
		return name
	case quiet:
		return fmt.Sprintf("Unknown Ethertype (0x%04x)", t)
	}
	return fmt.Sprintf("ethertype %s (0x%04x)", name, t)
}

func (p *printer) arp(frame []byte) {
	s := Summarize(frame)
	s.Named = p.Named
	if s.Proto != ARP {
		p.network("ARP, ")
		p.missing("arp")
		return
	}
	words := strings.TrimPrefix(arpWords(&s), "ARP, ")
	if p.network("ARP, "); p.Verbose > 0 {
		p.say("Ethernet (len 6), IPv4 (len 4), ")
	}
	if a, _ := wire.ParseARP(frame[wire.EthernetLen:]); s.Flags == wire.ARPRequest && !bytes.Equal(a[18:24], make([]byte, 6)) {
		words = strings.Replace(words, " tell ", fmt.Sprintf(" (%s) tell ", p.MAC(wire.MAC(a[18:24]))), 1)
	}
	p.say(words)
}

// packet is the body of a packet of IP: what is there of it, and how long it is.
type packet struct {
	src, dst wire.Addr
	body     []byte
	length   int
	fragment bool // a part of it only
}

// ipv4 tells of a packet of which b is there; length is how long it may be.
func (p *printer) ipv4(b []byte, length int) {
	p.network("IP ")
	if len(b) < wire.IPv4Len {
		p.missing("ip")
		return
	}
	h := wire.IPv4(b)
	header, total := h.HeaderLen(), h.TotalLen()
	switch {
	case header < wire.IPv4Len:
		p.sayf("bad-hlen %d", header)
		return
	case total < header:
		p.sayf("bad-len %d", total)
		return
	case total > length:
		p.sayf("truncated-ip - %d bytes missing! ", total-length)
	}
	if p.Verbose > 0 {
		p.ipv4Header(h, min(header, len(b)))
	}
	u := packet{src: h.Src(), dst: h.Dst(), length: total - header, fragment: h.IsFragment(), body: b[min(header, len(b)):min(max(total, header), len(b))]}
	if h.FragOffset() == 0 {
		p.upper(h.Protocol(), &u, "")
		return
	}
	p.sayf("%s > %s: ", u.src, u.dst)
	p.protocol(h.Protocol())
}

// protocol names a protocol that nothing more is told about.
func (p *printer) protocol(n uint8) {
	if name, ok := netProtocols[n]; ok && p.Named {
		p.say(name)
		return
	}
	p.sayf("ip-proto-%d", n)
}

// netProtocols are the names of /etc/protocols.
var netProtocols = map[uint8]string{0: "ip", wire.ProtoICMP: "icmp", 2: "igmp", 4: "ipencap", wire.ProtoTCP: "tcp", wire.ProtoUDP: "udp", 41: "ipv6",
	47: "gre", 50: "esp", 51: "ah", wire.ProtoICMPv6: "ipv6-icmp", 89: "ospf", 103: "pim", 112: "vrrp", 132: "sctp"}

// upper tells what a packet carries; frag stands before it if that is a part of an IPv6 packet.
func (p *printer) upper(proto uint8, u *packet, frag string) {
	s := Summary{Named: p.Named}
	s.Src.Addr, s.Dst.Addr = u.src, u.dst
	switch proto {
	case wire.ProtoTCP:
		p.tcp(&s, u, frag)
		return
	case wire.ProtoUDP:
		p.udp(&s, u, frag)
		return
	}
	p.pair(u.src, u.dst)
	p.say(frag)
	switch {
	case proto == wire.ProtoICMP && u.src.Is4():
		p.icmp(&s, u)
	case proto == wire.ProtoICMPv6:
		p.icmp6(&s, u)
	default:
		p.say(" ")
		p.protocol(proto)
		p.sayf(" %d", u.length)
	}
}

// rightSum returns the checksum that should stand at a place of b.
func rightSum(pseudo wire.Sum, b []byte, at int) uint16 {
	b = bytes.Clone(b)
	b[at], b[at+1] = 0, 0
	return pseudo.AddBytes(b).Fold()
}

// protoNames are those of the header of IP with -v.
var protoNames = map[uint8]string{0: "Options", wire.ProtoICMP: "ICMP", 2: "IGMP", 4: "IPIP", wire.ProtoTCP: "TCP", wire.ProtoUDP: "UDP", 41: "IPv6", 43: "Routing",
	wire.ProtoFragment: "Fragment", 47: "GRE", 50: "ESP", 51: "AH", wire.ProtoICMPv6: "ICMPv6", 89: "OSPF", 103: "PIM", 112: "VRRP", 132: "SCTP"}

func protoName(p uint8) string {
	if name, ok := protoNames[p]; ok {
		return name
	}
	return "unknown"
}

// ipv4Header is the header with -v.
func (p *printer) ipv4Header(h wire.IPv4, there int) {
	p.sayf("(tos 0x%x%s", h.TOS(), [...]string{"", ",ECT(1)", ",ECT(0)", ",CE"}[h.TOS()&3])
	if h.TTL() > 0 {
		p.sayf(", ttl %d", h.TTL())
	}
	var flags []string
	for i, name := range []string{"+", "DF", "rsvd"} {
		if h.Flags()&(0x2000<<i) != 0 {
			flags = append(flags, name)
		}
	}
	if flags == nil {
		flags = []string{"none"}
	}
	p.sayf(", id %d, offset %d, flags [%s], proto %s (%d), length %d", h.ID(), h.FragOffset(), strings.Join(flags, ", "), protoName(h.Protocol()), h.Protocol(), h.TotalLen())
	if there > wire.IPv4Len {
		p.say(", options (")
		p.ipv4Options(h[wire.IPv4Len:there])
		p.say(")")
	}
	if there == h.HeaderLen() && !p.NoSums && !h.ChecksumOK() {
		p.sayf(", bad cksum %x (->%x)!", h.Checksum(), rightSum(0, h[:there], 10))
	}
	p.say(")\n    ")
}

var ipOptions = map[uint8]string{0: "EOL", 1: "NOP", 7: "RR", 68: "timestamp", 130: "security", 131: "LSRR", 137: "SSRR", 148: "RA"}

func (p *printer) ipv4Options(b []byte) {
	for sep := ""; len(b) > 0; sep = "," {
		kind, n := b[0], 1
		name, known := ipOptions[kind]
		if !known {
			name = fmt.Sprintf("unknown %d", kind)
		}
		p.say(sep + name)
		if kind > 1 {
			if len(b) < 2 || int(b[1]) < 2 || int(b[1]) > len(b) {
				p.missing("ip")
				return
			}
			n = int(b[1])
		}
		switch kind {
		case 0:
			return
		case 7, 131, 137:
			if n < 3 {
				p.sayf(" [bad length %d]", n)
				break
			}
			for at := 3; at+4 <= n; at += 4 {
				mark := ""
				if int(b[2]) == at+1 {
					mark = ","
				}
				p.sayf("%s %s", mark, wire.From4(binary.BigEndian.Uint32(b[at:])))
			}
		case 148:
			if n == 4 && binary.BigEndian.Uint16(b[2:]) != 0 {
				p.sayf(" value %d", binary.BigEndian.Uint16(b[2:]))
			}
		}
		b = b[n:]
	}
}

// ipv6 tells of a packet of which b is there; length is how long it may be.
func (p *printer) ipv6(b []byte, length int) {
	p.network("IP6 ")
	if len(b) < wire.IPv6Len || b[0]>>4 != 6 {
		p.missing("ip6")
		return
	}
	h := wire.IPv6(b)
	if total := wire.IPv6Len + int(h.PayloadLen()); total > length {
		p.sayf("truncated-ip6 - %d bytes missing!", total-length)
	} else {
		length = total
		h = h[:min(total, len(h))]
	}
	if p.Verbose > 0 {
		p.say("(")
		if c := h.TrafficClass(); c != 0 {
			p.sayf("class 0x%02x, ", c)
		}
		if f := binary.BigEndian.Uint32(h) & 0xfffff; f != 0 {
			p.sayf("flowlabel 0x%05x, ", f)
		}
		p.sayf("hlim %d, next-header %s (%d) payload length: %d) ", h.HopLimit(), protoName(h.NextHeader()), h.NextHeader(), h.PayloadLen())
	}
	c := h.Skip()
	u := packet{src: h.Src(), dst: h.Dst(), length: length - c.At}
	if c.Fault.Drop || c.At > len(h) {
		p.pair(u.src, u.dst)
		p.missing("ip6")
		return
	}
	u.body = h[c.At:]
	if c.FragAt == 0 {
		p.upper(c.Proto, &u, "")
		return
	}
	f := wire.Fragment(h[c.FragAt:])
	frag := fmt.Sprintf("%d|%d", f.Offset(), u.length)
	if p.Verbose > 0 {
		frag = fmt.Sprintf("0x%08x:%s", f.ID(), frag)
	}
	if u.fragment = true; f.Offset() > 0 {
		p.pair(u.src, u.dst)
		p.sayf("frag (%s)", frag)
		return
	}
	p.upper(c.Proto, &u, "frag ("+frag+") ")
}
