package filter

import (
	"slices"
	"strings"
)

// Capture filters of tcpdump, pcap-filter(7). Each primitive is said in fields, in the order in which libpcap reads the bytes: the
// first that the frame lacks rejects it (strict). pcap looks at the outer headers only, hence the #1. And and or hold equally
// tight there and join from the left; not takes the next primitive.

// qualifiers stand before an address or a number; those left out are those of
// the primitive before ("port 80 or 443").
type qualifiers struct {
	proto, dir, kind string
	at, end          int
}

// capture reads the whole text. An empty one matches everything.
func (p *parser) capture() *node {
	p.begin()
	if p.err == nil && p.tok.kind == tEnd {
		return p.said("frame")
	}
	n := p.primitives()
	if p.err == nil && p.tok.kind != tEnd {
		return p.unexpected()
	}
	if p.err == nil && n.readsHeaders() {
		n = &node{op: opStrict, kids: []*node{n}}
	}
	return n
}

// readsHeaders reports whether it depends on the bytes of a frame.
func (n *node) readsHeaders() bool {
	return n.field != nil && n.field.layer > lFrame || slices.ContainsFunc(n.kids, (*node).readsHeaders)
}

func (p *parser) primitives() *node {
	n := p.negated()
	for p.err == nil {
		switch {
		case p.take("and", "&&"):
			n = join(opAnd, n, p.negated())
		case p.take("or", "||"):
			n = join(opOr, n, p.negated())
		default:
			return n
		}
	}
	return n
}

func (p *parser) negated() *node {
	if !p.take("not", "!") {
		return p.primitive()
	}
	if !p.nest() {
		return p.unexpected()
	}
	n := not(p.negated())
	p.depth--
	return n
}

// said returns what a display filter means. It is ours, so it has no mistakes;
// $0 stands for args[0] and so on.
func (p *parser) said(text string, args ...string) *node {
	q := parser{text: filled(text, args)}
	return p.heard(q.display(), &q)
}

// meant is said for a value.
func (p *parser) meant(text string, args ...string) *node {
	q := parser{text: filled(text, args)}
	q.begin()
	return p.heard(q.arith(0), &q)
}

func filled(text string, args []string) string {
	for i, a := range args {
		text = strings.ReplaceAll(text, "$"+number(i), a)
	}
	return text
}

// heard returns what q has read, unless that or something before was a mistake.
func (p *parser) heard(n *node, q *parser) *node {
	if p.err == nil && q.err != nil {
		return p.fail(p.tok.at, 0, q.err.What, q.err.Args...)
	}
	if p.err != nil {
		return p.unexpected()
	}
	return n
}

// What the words mean that stand alone, and those behind proto.
var captureProtos = []struct{ word, said string }{
	{"ip", "eth.type == 0x800"},
	{"ip6", "eth.type == 0x86dd"},
	{"arp", "eth.type == 0x806"},
	{"rarp", "eth.type == 0x8035"},
	{"tcp", isProto("6")},
	{"udp", isProto("17")},
	{"sctp", isProto("132")},
	{"icmp", "ip.proto#1 == 1"},
	{"igmp", "ip.proto#1 == 2"},
	{"icmp6", isProto6("58")},
	{"ah", isProto("51")},
	{"esp", isProto("50")},
	{"pim", isProto("103")},
	{"igrp", "ip.proto#1 == 9"},
	{"vrrp", "ip.proto#1 == 112"},
}

// isProto says that the packet carries protocol n.
func isProto(n string) string { return "ip.proto#1 == " + n + " or " + isProto6(n) }

// isProto6 looks behind a fragment header, but no other one, as libpcap does.
func isProto6(n string) string {
	return "ipv6.nxt#1 == " + n + " or (ipv6.nxt#1 == 44 and ipv6.fraghdr.nxt#1 == " + n + ")"
}

func saidProto(word string) (said string, ok bool) {
	for _, c := range captureProtos {
		if c.word == word {
			return c.said, true
		}
	}
	return "", false
}

// primitive reads one condition.
func (p *parser) primitive() *node {
	if p.err != nil {
		return p.unexpected()
	}
	if p.is("(") {
		if n, ok := p.parenthesis(); ok {
			return n
		}
		return p.comparison()
	}
	if p.needsUntagged() {
		return p.unexpected()
	}
	if p.arithmeticAhead() {
		return p.comparison()
	}
	q, stated := p.qualify()
	if p.err != nil {
		return p.unexpected()
	}
	if p.tok.kind == tWord || p.tok.kind == tString || p.is("\\") {
		if n := p.special(&q); n != nil {
			return n
		}
	}
	switch {
	case p.is("(") && stated && (q.kind != "" || q.dir != ""):
		p.last = q
		if n, ok := p.parenthesis(); ok {
			return n
		}
		return p.unexpected() // a number has no host and no direction
	case p.is("\\"), p.tok.kind == tWord && !isJoin(p.tok.text):
		if !stated {
			q = p.last
		}
		p.last = q
		return p.identified(&q)
	case stated && q.dir == "" && q.kind == "":
		if said, ok := saidProto(q.proto); ok {
			p.last = q
			return p.said(said)
		}
	}
	if stated && p.tok.kind == tEnd {
		return p.fail(p.tok.at, 0, NoOperand)
	}
	return p.unexpected()
}

func isJoin(word string) bool { return word == "and" || word == "or" || word == "not" }

// parenthesis reads conditions in parentheses; false if there is arithmetic in them.
func (p *parser) parenthesis() (*node, bool) {
	if p.parenthesisedNumber() {
		return nil, false
	}
	if !p.nest() {
		return p.unexpected(), true
	}
	p.next()
	n := p.primitives()
	p.expect(")")
	p.depth--
	return n, true
}

// parenthesisedNumber looks behind the closing parenthesis: only arithmetic
// goes on there with an operator.
func (p *parser) parenthesisedNumber() bool {
	open := 0
	q := parser{text: p.text, tok: p.tok}
	for q.err == nil && q.tok.kind != tEnd {
		switch q.next().text {
		case "(":
			open++
		case ")":
			open--
		}
		if open == 0 {
			return q.operatorAhead()
		}
	}
	return false
}

// operatorAhead reports whether a number goes on here, or is compared.
func (p *parser) operatorAhead() bool {
	if p.tok.kind != tSymbol {
		return false
	}
	switch p.tok.text {
	case "<", "<=", ">", ">=", "=", "==", "!=", "+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>":
		return true
	}
	return false
}

// arithmeticAhead reports whether a comparison of numbers begins here.
func (p *parser) arithmeticAhead() bool {
	if p.is("-") {
		return true
	}
	if p.tok.kind != tWord {
		return false
	}
	q := parser{text: p.text, tok: p.tok}
	word := q.next().text
	if q.is("[") {
		return true
	}
	_, known := constant(word)
	return (known || word == "len") && q.operatorAhead()
}

// qualify reads the qualifiers in front of an address or a number.
func (p *parser) qualify() (q qualifiers, stated bool) {
	q.at = p.tok.at
	for p.err == nil && p.tok.kind == tWord {
		switch w := p.tok.text; {
		case q.dir == "" && q.kind == "" && q.proto == "" && isQualifierProto(w):
			q.proto = w
		case q.dir == "" && q.kind == "" && (w == "src" || w == "dst"):
			p.direction(&q)
			stated = true
			continue
		case q.kind == "" && isKind(w):
			q.kind = w
		default:
			return q, stated
		}
		stated = true
		q.end = p.next().end
	}
	return q, stated
}

// direction reads src, dst, src or dst, src and dst.
func (p *parser) direction(q *qualifiers) {
	q.dir = p.tok.text
	q.end = p.next().end
	ahead := parser{text: p.text, tok: p.tok}
	sign := ahead.next().text
	if other := ahead.next().text; (sign == "or" || sign == "and") && (other == "src" || other == "dst") && other != q.dir {
		p.next()
		q.end = p.next().end
		q.dir = sign
	}
}

func isQualifierProto(w string) bool {
	_, ok := saidProto(w)
	return ok || w == "ether"
}

func isKind(w string) bool {
	switch w {
	case "host", "net", "port", "portrange", "proto":
		return true
	}
	return false
}
