package filter

import (
	"strconv"
	"strings"

	"wirelab/stack/wire"
)

// What the qualifiers of capture filters stand before: networks, ports, protocols.

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
			test := p.directed(q.dir, said, proto.name+".srcport#1", proto.name+".dstport#1", decimal(lo), decimal(hi))
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
