package filter

// Comparisons of numbers in capture filters: proto[place:size], len, constants
// and arithmetic modulo 2^32.

var arithmetic = [...][]struct {
	sign string
	op   op
}{
	{{"|", opOr2}}, {{"^", opXor2}}, {{"&", opAnd2}}, {{"<<", opShl}, {">>", opShr}}, {{"+", opAdd}, {"-", opSub}}, {{"*", opMul}, {"/", opDiv}, {"%", opMod}},
}

// expression is a number of a capture filter: what it is, and what must hold of
// the packet for that to be there.
type expression struct {
	n      *node
	guards []*node
}

// comparison reads two numbers and how they relate.
func (p *parser) comparison() *node {
	l := p.sum(0)
	rel := eq
	switch {
	case p.take("=", "=="):
	case p.take("!="):
		rel = ne
	case p.take("<"):
		rel = lt
	case p.take("<="):
		rel = le
	case p.take(">"):
		rel = gt
	case p.take(">="):
		rel = ge
	default:
		return p.unexpected()
	}
	r := p.sum(0)
	if p.err != nil {
		return p.unexpected()
	}
	var kids []*node
	for _, g := range append(l.guards, r.guards...) {
		kids = appendNew(kids, g)
	}
	test := &node{op: opCompare, rel: rel, all: rel == ne, kids: []*node{l.n, r.n}}
	if l.n.constant && r.n.constant {
		var m machine
		m.p = &Packet{}
		test = p.said(choose(m.test(test), "frame", "not frame"))
	}
	return join(opAnd, append(kids, test)...)
}

// appendNew appends a condition that is not among kids yet.
func appendNew(kids []*node, n *node) []*node {
	text := string(n.print(nil, 0))
	for _, k := range kids {
		if string(k.print(nil, 0)) == text {
			return kids
		}
	}
	return append(kids, n)
}

func (p *parser) sum(level int) expression {
	if level == len(arithmetic) {
		return p.term()
	}
	l := p.sum(level + 1)
	for p.err == nil {
		o := opNumber
		for _, a := range arithmetic[level] {
			if p.is(a.sign) {
				o = a.op
			}
		}
		if o == opNumber {
			break
		}
		at := p.next().at
		r := p.sum(level + 1)
		if (o == opDiv || o == opMod) && r.n.constant && r.n.num == 0 {
			p.fail(at, 1, DivideByZero)
		}
		l = p.calculated(o, l, r)
	}
	return l
}

// calculated joins two numbers; results that could leave 32 bits are cut to them.
func (p *parser) calculated(o op, l, r expression) expression {
	n := &node{op: o, kind: kNumber, kids: []*node{l.n, r.n}, prefix: -1}
	if l.n.constant && r.n.constant && p.err == nil {
		v, _ := o.apply(l.n.num, r.n.num)
		return expression{n: literal(v)}
	}
	if o == opAdd || o == opSub || o == opMul || o == opShl {
		n = cut(n)
	}
	return expression{n, append(append([]*node{}, l.guards...), r.guards...)}
}

// cut returns n modulo 2^32.
func cut(n *node) *node {
	mask := literal(0xffffffff)
	mask.text = "0xffffffff"
	return &node{op: opAnd2, kind: kNumber, kids: []*node{n, mask}, prefix: -1}
}

func literal(v int64) *node {
	v &= 0xffffffff
	return &node{op: opNumber, kind: kNumber, num: v, text: decimal(v), constant: true, prefix: -1}
}

// term reads one number.
func (p *parser) term() expression {
	zero := expression{n: literal(0)}
	t := p.tok
	switch {
	case p.is("-"):
		if !p.nest() {
			return zero
		}
		p.next()
		e := p.term()
		p.depth--
		if e.n.constant {
			return expression{n: literal(-e.n.num)}
		}
		return expression{cut(&node{op: opNeg, kind: kNumber, kids: []*node{e.n}, prefix: -1}), e.guards}
	case p.is("("):
		if !p.nest() {
			return zero
		}
		p.next()
		e := p.sum(0)
		p.expect(")")
		p.depth--
		return e
	case t.kind != tWord:
		p.unexpected()
		return zero
	}
	p.next()
	if p.is("[") {
		return p.load(t)
	}
	if t.text == "len" {
		return expression{n: p.meant("frame.len")}
	}
	v, ok := p.dashed(t)
	if !ok {
		if isQualifierProto(t.text) {
			p.fail(t.at, t.end-t.at, NoIndex, t.text)
		} else {
			p.fail(t.at, t.end-t.at, NotNumber, t.text, "this side of a comparison")
		}
	}
	return expression{n: literal(v)}
}

// dashed returns the value of a word, which may go on behind a dash: tcp-syn.
func (p *parser) dashed(t token) (int64, bool) {
	name := t.text
	ahead := parser{text: p.text, tok: p.tok, place: p.place}
	for ahead.is("-") && ahead.tok.at == t.end {
		ahead.next()
		if ahead.tok.kind != tWord || ahead.tok.at != t.end+1 {
			break
		}
		t = ahead.next()
		name += "-" + t.text
		if v, ok := named(name); ok {
			p.tok = ahead.tok
			return v, true
		}
	}
	return constant(name)
}

// constant returns the value of a number or of one of pcap's names.
func constant(word string) (int64, bool) {
	if v, ok := named(word); ok {
		return v, true
	}
	v, ok := parseInt(word)
	return v, ok && v >= 0 && v <= 0xffffffff
}

func named(word string) (int64, bool) {
	for _, c := range constants {
		if c.name == word {
			return c.v, true
		}
	}
	return 0, false
}

// constants are the names of pcap-filter(7).
var constants = []naming{
	{13, "tcpflags"}, {1, "tcp-fin"}, {2, "tcp-syn"}, {4, "tcp-rst"}, {8, "tcp-push"}, {16, "tcp-ack"}, {32, "tcp-urg"}, {64, "tcp-ece"}, {128, "tcp-cwr"},
	{0, "icmptype"}, {1, "icmpcode"}, {0, "icmp-echoreply"}, {3, "icmp-unreach"}, {4, "icmp-sourcequench"}, {5, "icmp-redirect"}, {8, "icmp-echo"},
	{9, "icmp-routeradvert"}, {10, "icmp-routersolicit"}, {11, "icmp-timxceed"}, {12, "icmp-paramprob"}, {13, "icmp-tstamp"}, {14, "icmp-tstampreply"},
	{15, "icmp-ireq"}, {16, "icmp-ireqreply"}, {17, "icmp-maskreq"}, {18, "icmp-maskreply"},
	{0, "icmp6type"}, {1, "icmp6code"}, {1, "icmp6-destinationunreach"}, {2, "icmp6-packettoobig"}, {3, "icmp6-timeexceeded"}, {4, "icmp6-parameterproblem"},
	{128, "icmp6-echo"}, {129, "icmp6-echoreply"}, {133, "icmp6-routersolicit"}, {134, "icmp6-routeradvert"}, {135, "icmp6-neighborsolicit"},
	{136, "icmp6-neighboradvert"}, {137, "icmp6-redirect"},
}

// loadable says where the bytes of a protocol begin in the frame, and on what condition.
var loadable = []struct {
	proto, guard, base string
	header             int64 // bytes that are always there
	field              string
}{
	{"ether", "", "0", 14, "frame"},
	{"ip", "eth.type == 0x800", "14", 20, "ip#1"},
	{"ip6", "eth.type == 0x86dd", "14", 40, "ipv6#1"},
	{"arp", "eth.type == 0x806", "14", 28, "arp"},
	{"rarp", "eth.type == 0x8035", "14", 0, ""},
	{"tcp", "ip.proto#1 == 6 and ip.frag_offset#1 == 0", "14 + ip.hdr_len#1", 20, "tcp#1"},
	{"udp", "ip.proto#1 == 17 and ip.frag_offset#1 == 0", "14 + ip.hdr_len#1", 8, "udp#1"},
	{"icmp", "ip.proto#1 == 1 and ip.frag_offset#1 == 0", "14 + ip.hdr_len#1", 8, "icmp#1"},
	{"igmp", "ip.proto#1 == 2 and ip.frag_offset#1 == 0", "14 + ip.hdr_len#1", 0, ""},
	{"sctp", "ip.proto#1 == 132 and ip.frag_offset#1 == 0", "14 + ip.hdr_len#1", 0, ""},
	{"icmp6", "ipv6.nxt#1 == 58", "54", 4, "icmpv6#1"},
}

// load reads proto[place:size].
func (p *parser) load(t token) expression {
	zero := expression{n: literal(0)}
	outside := p.place
	p.place = true
	p.next()
	if !p.nest() {
		return zero
	}
	place := p.sum(0)
	p.depth--
	size := int64(1)
	if p.take(":") {
		var ok bool
		if size, ok = parseInt(p.tok.text); p.err == nil && (!ok || size != 1 && size != 2 && size != 4) {
			p.fail(p.tok.at, p.tok.end-p.tok.at, BadSize, p.tok.text)
		}
		p.next()
	}
	p.place = outside
	p.expect("]")
	for _, l := range loadable {
		if l.proto != t.text || p.err != nil {
			continue
		}
		var guards []*node
		if l.guard != "" {
			guards = append(guards, p.said(l.guard))
		}
		guards = append(guards, place.guards...)
		return expression{p.loaded(l.field, l.base, l.header, place.n, size), guards}
	}
	if p.err == nil {
		p.fail(t.at, t.end-t.at, UnknownWord, t.text, "protocols with bytes", "ether, ip, ip6, arp, tcp, udp, icmp, icmp6")
	}
	return zero
}

// loaded says which bytes are meant: of the header if they are surely in it,
// else of the frame.
func (p *parser) loaded(field, base string, header int64, place *node, size int64) *node {
	if place.constant && place.num+size <= header {
		return asNumber(p.meant("$0[$1:$2]", field, place.text, decimal(size)))
	}
	part := p.meant("frame[{$0}:$1]", base, decimal(size))
	if p.err != nil {
		return part
	}
	part.kids[1] = cut(&node{op: opAdd, kind: kNumber, kids: []*node{part.kids[1], place}, prefix: -1})
	return asNumber(part)
}
