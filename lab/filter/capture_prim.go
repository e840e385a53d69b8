package filter

import (
	"strconv"
	"strings"

	"wirelab/stack/wire"
)

// The primitives of capture filters: what stands behind the qualifiers.

// special reads the primitives that have no address or number, or take a plain
// one; nil if there is none.
func (p *parser) special(q *qualifiers) *node {
	t := p.tok
	switch t.text {
	case "broadcast", "multicast":
		p.next()
		return p.toMany(q, t)
	case "less", "greater":
		p.next()
		v, ok := parseInt(p.tok.text)
		if !ok || v < 0 {
			return p.fail(p.tok.at, p.tok.end-p.tok.at, NotNumber, p.tok.text, "the length of a frame")
		}
		p.next()
		return p.said("frame.len "+either(t.text == "less", "<=", ">=")+" $0", decimal(v))
	case "gateway", "protochain", "vlan", "mpls", "pppoes", "geneve", "inbound", "outbound", "ifname", "on":
		return p.unexpected()
	}
	return nil
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// toMany reads broadcast and multicast.
func (p *parser) toMany(q *qualifiers, t token) *node {
	switch {
	case q.dir != "" || q.kind != "":
	case t.text == "broadcast" && (q.proto == "" || q.proto == "ether"):
		return p.said("eth.dst == ff:ff:ff:ff:ff:ff")
	case t.text == "broadcast" && q.proto == "ip":
		return p.fail(t.at, t.end-t.at, NoNetmask)
	case t.text == "multicast" && (q.proto == "" || q.proto == "ether"):
		return p.said("eth.dst.ig == 1")
	case t.text == "multicast" && q.proto == "ip":
		return p.said("ip.dst#1 >= 224.0.0.0")
	case t.text == "multicast" && q.proto == "ip6":
		return p.said("ipv6.dst#1 == ff00::/8")
	}
	return p.fail(q.at, q.end-q.at, BadQualifier, p.text[q.at:max(q.end, q.at)], t.text)
}

// identified reads the address or number that q qualifies.
func (p *parser) identified(q *qualifiers) *node {
	p.take("\\") // before words that would have a meaning
	t := p.tok
	if t.kind != tWord {
		return p.unexpected()
	}
	p.next()
	switch q.kind {
	case "port", "portrange":
		return p.port(q, t)
	case "proto":
		return p.protoNumber(q, t)
	case "net":
		return p.net(q, t)
	}
	if q.proto == "ether" {
		return p.etherHost(q, t)
	}
	return p.host(q, t)
}

// badQualifier says that the qualifiers do not fit what they stand before.
func (p *parser) badQualifier(q *qualifiers, t token) *node {
	return p.fail(q.at, max(q.end-q.at, 0), BadQualifier, q.proto+either(q.proto != "" && q.dir != "", " ", "")+q.dir, t.text)
}

// directed says a condition on the source, the destination, either or both.
// $0 stands for the field, which each, src and dst name; without one for each, src and dst are asked one by one.
func (p *parser) directed(dir, said, each, src, dst string, args ...string) *node {
	of := func(field string) *node { return p.said(said, append([]string{field}, args...)...) }
	switch dir {
	case "src":
		return of(src)
	case "dst":
		return of(dst)
	case "and":
		return join(opAnd, of(src), of(dst))
	}
	if each == "" {
		return join(opOr, of(src), of(dst))
	}
	return of(each)
}

// host reads an IP address.
func (p *parser) host(q *qualifiers, t token) *node {
	if t.text == "" || q.kind == "" && q.dir == "" && q.proto == "" && !looksLikeAddress(t.text) {
		return p.fail(t.at, t.end-t.at, Unexpected, t.text)
	}
	if strings.Contains(t.text, "/") {
		return p.net(q, t)
	}
	if len(t.text) > 2 && strings.Count(t.text, ":")+strings.Count(t.text, "-") == 5 && parseBytes(&node{text: t.text}) != nil {
		return p.badQualifier(q, t)
	}
	if _, err := wire.ParseAddr(t.text); err != nil {
		if q.kind != "host" && strings.Count(t.text, ".") < 3 && startsNumber(t.text) && !strings.Contains(t.text, ":") {
			return p.net(q, t)
		}
		return p.fail(t.at, t.end-t.at, NoResolve, t.text)
	}
	return p.addressed(q, t, t.text)
}

func looksLikeAddress(s string) bool {
	return isHex(s[0]) && strings.Contains(s, ":") || strings.HasPrefix(s, "::") || isDigit(s[0])
}

// addressed says that an address or a network is the source or destination.
func (p *parser) addressed(q *qualifiers, t token, text string) *node {
	six := strings.Contains(text, ":")
	switch {
	case q.proto != "" && q.proto != "ip" && q.proto != "ip6" && q.proto != "arp" && q.proto != "rarp",
		six && q.proto != "" && q.proto != "ip6", !six && q.proto == "ip6":
		return p.badQualifier(q, t)
	case six:
		return p.directed(q.dir, "$0 == $1", "ipv6.addr#1", "ipv6.src#1", "ipv6.dst#1", text)
	}
	ip := p.directed(q.dir, "$0 == $1", "ip.addr#1", "ip.src#1", "ip.dst#1", text)
	if q.proto == "ip" {
		return ip
	}
	arp := p.directed(q.dir, "$0 == $1", "", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", text)
	switch q.proto {
	case "arp":
		return arp
	case "rarp":
		return join(opAnd, p.said("eth.type == 0x8035"), arp)
	}
	return join(opOr, ip, arp)
}

// etherHost reads an Ethernet address.
func (p *parser) etherHost(q *qualifiers, t token) *node {
	b := parseBytes(&node{text: t.text})
	if len(b) != 6 {
		return p.fail(t.at, t.end-t.at, NotMAC, t.text)
	}
	return p.directed(q.dir, "$0 == $1", "eth.addr", "eth.src", "eth.dst", pairs(b))
}

// net reads a network: 10.0.0.0/8, 10.0.0.0 mask 255.0.0.0, 10, fe80::/10.
func (p *parser) net(q *qualifiers, t token) *node {
	host, bits, has := strings.Cut(t.text, "/")
	prefix := 8 * (strings.Count(host, ".") + 1)
	for strings.Count(host, ".") < 3 && !strings.Contains(host, ":") {
		host += ".0"
	}
	a, err := wire.ParseAddr(host)
	most := 32
	if strings.Contains(host, ":") {
		prefix, most = 128, 128
	}
	end := t.end
	if has {
		n, err := strconv.ParseUint(bits, 10, 8)
		prefix = int(n)
		has = err == nil
	} else if has = true; p.is("mask") && most == 32 {
		p.next()
		end = p.tok.end
		prefix, has = maskBits(p.tok.text)
		p.next()
	}
	if err != nil || !has || prefix > most {
		return p.fail(t.at, end-t.at, BadNet, p.text[t.at:end])
	}
	bitsOfAddr := prefix
	if most == 32 {
		bitsOfAddr += 96
	}
	if masked := a.Masked(uint8(bitsOfAddr)); most == 32 && masked.As4() != a.As4() || most == 128 && masked != a {
		if most == 32 {
			masked = wire.From4(masked.As4())
		}
		return p.fail(t.at, end-t.at, HostBits, p.text[t.at:end], masked.String()+"/"+number(prefix))
	}
	n := node{}
	kind := kIPv4
	if most == 128 {
		kind = kIPv6
	}
	setAddress(&n, a, kind)
	return p.addressed(q, t, n.text+"/"+number(prefix))
}

// maskBits returns how many bits a network mask has.
func maskBits(s string) (int, bool) {
	a, err := wire.ParseAddr(s)
	if err != nil || !a.Is4() {
		return 0, false
	}
	n := 0
	for v := a.As4(); v&(1<<31) != 0; v <<= 1 {
		n++
	}
	return n, a.As4() == uint32(0xffffffff<<(32-n))
}

// ports are the names of services that people type (IANA).
var ports = []naming{{7, "echo"}, {20, "ftp-data"}, {20, "ftpdata"}, {21, "ftp"}, {22, "ssh"}, {23, "telnet"}, {25, "smtp"}, {53, "domain"}, {67, "bootps"},
	{68, "bootpc"}, {69, "tftp"}, {80, "http"}, {110, "pop3"}, {123, "ntp"}, {143, "imap"}, {161, "snmp"}, {179, "bgp"}, {443, "https"}, {514, "syslog"}}

func portOf(s string) (int64, bool) {
	for _, n := range ports {
		if n.name == s {
			return n.v, true
		}
	}
	v, ok := parseInt(s)
	return v, ok && v >= 0 && v <= 0xffff
}

// port reads a port or a range of them.
func (p *parser) port(q *qualifiers, t token) *node {
	lo, ok := portOf(t.text)
	hi := lo
	end := t.end
	if p.is("-") {
		p.next()
		if name := p.tok; q.kind == "portrange" {
			var known bool
			if hi, known = portOf(name.text); !known {
				return p.fail(name.at, name.end-name.at, BadPort, name.text)
			}
		} else { // a name with a dash
			lo, ok = portOf(t.text + "-" + name.text)
			hi = lo
		}
		end = p.next().end
	}
	if !ok {
		return p.fail(t.at, end-t.at, BadPort, p.text[t.at:end])
	}
	said := "$0 == $1"
	if hi != lo {
		lo, hi = min(lo, hi), max(lo, hi)
		said = "$0 in {$1..$2}"
	}
	switch q.proto {
	case "", "tcp", "udp":
	default:
		return p.badQualifier(q, t)
	}
	var kids []*node
	for _, proto := range []struct{ name, number string }{{"tcp", "6"}, {"udp", "17"}} {
		if q.proto == "" || q.proto == proto.name {
			is := p.said("ip.proto#1 == $0 or ipv6.nxt#1 == $0", proto.number)
			test := p.directed(q.dir, said, proto.name+".port#1", proto.name+".srcport#1", proto.name+".dstport#1", decimal(lo), decimal(hi))
			kids = append(kids, join(opAnd, is, test))
		}
	}
	return join(opOr, kids...)
}

// protoNumber reads a protocol's number or name.
func (p *parser) protoNumber(q *qualifiers, t token) *node {
	v, ok := parseInt(t.text)
	name := func(e *enum, alias string) {
		if found, known := e.find(alias); known && !ok {
			v, ok = found.v, true
		}
	}
	switch {
	case q.dir != "":
		return p.badQualifier(q, t)
	case q.proto == "ether":
		name(etherTypes, t.text)
		name(&enum{list: []naming{{wire.TypeIPv4, "ip"}, {wire.TypeIPv6, "ip6"}, {0x8035, "rarp"}}}, t.text)
	default:
		name(protocols, t.text)
		name(&enum{list: []naming{{wire.ProtoICMPv6, "icmp6"}, {wire.ProtoICMPv6, "ipv6-icmp"}, {2, "igmp"}, {132, "sctp"}}}, t.text)
	}
	if !ok || v < 0 || v > 0xffff || q.proto != "ether" && v > 0xff {
		return p.fail(t.at, t.end-t.at, NotNumber, t.text, "a protocol")
	}
	switch n := decimal(v); q.proto {
	case "":
		return p.said(isProto(n))
	case "ether":
		return p.said("eth.type == $0", n)
	case "ip":
		return p.said("ip.proto#1 == $0", n)
	case "ip6":
		return p.said(isProto6(n))
	}
	return p.badQualifier(q, t)
}
