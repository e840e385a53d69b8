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
		return p.everybody(q, t)
	case "less", "greater":
		p.next()
		v, ok := parseInt(p.tok.text)
		if !ok || v < 0 {
			return p.fail(p.tok.at, p.tok.end-p.tok.at, NotNumber, p.tok.text, "the length of a frame")
		}
		p.next()
		return p.said("frame.len "+choose(t.text == "less", "<=", ">=")+" $0", decimal(v))
	case "vlan":
		p.next()
		return p.tagged()
	case "inbound", "outbound":
		if p.at == nil {
			return p.fail(t.at, t.end-t.at, NoSide, t.text)
		}
		p.next()
		return p.said(choose(t.text == "inbound", "wl.dir == 0", "wl.dir == 1"))
	case "gateway", "protochain", "mpls", "pppoes", "pppoed", "geneve", "ifname", "on", "iso", "stp", "netbeui", "ipx", "atalk", "aarp", "decnet", "lat", "moprc", "mopdl":
		return p.fail(t.at, t.end-t.at, NotAsked, t.text)
	}
	return nil
}

// choose returns a or b.
func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// tagged reads the number of a VLAN, if there is one: the tag stands in place of the type (IEEE 802.1Q).
func (p *parser) tagged() *node {
	p.vlan = true
	tag := "eth.type == 0x8100 or eth.type == 0x88a8 or eth.type == 0x9100"
	if p.tok.kind != tWord || isJoin(p.tok.text) {
		return p.said(tag)
	}
	t := p.tok
	n, ok := parseInt(t.text)
	if !ok || n < 0 || n > 4095 {
		return p.fail(t.at, t.end-t.at, NotNumber, t.text, "a VLAN from 0 to 4095")
	}
	p.next()
	return p.said("("+tag+") and uint(frame[14:2]) & 0xfff == $0", decimal(n))
}

// needsUntagged fails at a primitive behind vlan that asks about headers.
func (p *parser) needsUntagged() bool {
	switch p.tok.text {
	case "inbound", "outbound", "less", "greater", "len":
		return false
	}
	if p.vlan {
		p.fail(p.tok.at, p.tok.end-p.tok.at, BehindVLAN, p.tok.text)
	}
	return p.vlan
}

// everybody reads broadcast and multicast.
func (p *parser) everybody(q *qualifiers, t token) *node {
	switch {
	case q.dir != "" || q.kind != "":
	case t.text == "broadcast" && (q.proto == "" || q.proto == "ether"):
		return p.said("eth.dst == ff:ff:ff:ff:ff:ff")
	case t.text == "broadcast" && q.proto == "ip":
		if p.at == nil || !p.at.Masked {
			return p.fail(t.at, t.end-t.at, NoNetmask)
		}
		host := decimal(int64(^p.at.Netmask))
		return p.said("eth.type == 0x800 and (uint(ip#1[16:4]) & $0 == 0 or uint(ip#1[16:4]) & $0 == $0)", host)
	case t.text == "multicast" && (q.proto == "" || q.proto == "ether"):
		return p.said("eth.dst.ig == 1")
	case t.text == "multicast" && q.proto == "ip":
		return p.said("uint(ip#1[16:1]) >= 224")
	case t.text == "multicast" && q.proto == "ip6":
		return p.said("uint(ipv6#1[24:1]) == 255")
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
	return p.fail(q.at, max(q.end-q.at, 0), BadQualifier, q.proto+choose(q.proto != "" && q.dir != "", " ", "")+q.dir, t.text)
}

// directed says a condition on the source, the destination, either or both. $0 stands for the field, which src and dst name.
func (p *parser) directed(dir, said, src, dst string, args ...string) *node {
	of := func(field string) *node { return p.said(said, append([]string{field}, args...)...) }
	switch dir {
	case "src":
		return of(src)
	case "dst":
		return of(dst)
	case "and":
		return join(opAnd, of(src), of(dst))
	}
	return join(opOr, of(src), of(dst))
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

// addressed6 says that an address or a network of IPv6 is the source or destination, word by word: libpcap reads no further than the
// first that differs.
func (p *parser) addressed6(dir, text string) *node {
	host, bits, has := strings.Cut(text, "/")
	a, err := wire.ParseAddr(host)
	prefix, bad := strconv.Atoi(bits)
	if !has {
		prefix, bad = 128, nil
	}
	if err != nil || bad != nil {
		panic("filter: " + text) // whoever calls has read it
	}
	words := func(at int) *node {
		var kids []*node
		for i := 0; i < 16 && 8*i < prefix; i += 4 {
			mask := uint32(0xffffffff) << max(32-(prefix-8*i), 0)
			word := "uint(ipv6#1[" + number(at+i) + ":4])"
			if mask != 0xffffffff {
				word += " & " + decimal(int64(mask))
			}
			kids = append(kids, p.said(word+" == $0", decimal(int64(be.Uint32(a[i:])))))
		}
		if len(kids) == 0 { // ::/0
			return p.said("eth.type == 0x86dd")
		}
		return join(opAnd, kids...)
	}
	const src, dst = 8, 24
	switch dir {
	case "src":
		return words(src)
	case "dst":
		return words(dst)
	case "and":
		return join(opAnd, words(src), words(dst))
	}
	return join(opOr, words(src), words(dst))
}

// addressed says that an address or a network is the source or destination.
func (p *parser) addressed(q *qualifiers, t token, text string) *node {
	six := strings.Contains(text, ":")
	switch {
	case q.proto != "" && q.proto != "ip" && q.proto != "ip6" && q.proto != "arp" && q.proto != "rarp",
		six && q.proto != "" && q.proto != "ip6", !six && q.proto == "ip6":
		return p.badQualifier(q, t)
	case six:
		return p.addressed6(q.dir, text)
	}
	ip := p.directed(q.dir, "$0 == $1", "ip.src#1", "ip.dst#1", text)
	if q.proto == "ip" {
		return ip
	}
	arp := p.directed(q.dir, "$0 == $1", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", text)
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
	return p.directed(q.dir, "$0 == $1", "eth.src", "eth.dst", pairs(b))
}
