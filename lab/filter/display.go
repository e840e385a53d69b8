package filter

// Wireshark's display filters. From the loosest to the tightest: or, xor, and,
// not, relations, then | ^ & << >> + - * / % and the minus in front. Braces and
// parentheses group values, parentheses conditions. Its matches and functions
// on strings are left out; | ^ << >> and a place in braces are ours.

// display reads the whole text.
func (p *parser) display() *node {
	p.begin()
	n := p.condition(p.or())
	if p.err == nil && p.tok.kind != tEnd {
		return p.unexpected()
	}
	return n
}

// nest counts how deep the parser stands in itself; false says it is too deep.
func (p *parser) nest() bool {
	p.depth++
	if p.depth > maxDepth {
		p.fail(p.tok.at, p.tok.end-p.tok.at, TooDeep, number(maxDepth))
	}
	return p.err == nil
}

// condition makes a condition of a value that stands alone: it is there; of
// arithmetic, it is not zero.
func (p *parser) condition(n *node) *node {
	if p.err != nil || n.isTest() {
		return n
	}
	test := &node{op: opExists, kids: []*node{n}, at: n.at, end: n.end}
	switch n.op {
	case opField, opSlice:
	case opWord:
		if !n.quoted && !startsNumber(n.text) {
			return p.unknownField(n)
		}
		return p.failAt(n, Constant, p.source(n))
	case opNumber:
		return p.failAt(n, Constant, p.source(n))
	default:
		test.op = opTrue
	}
	return test
}

func (p *parser) or() *node {
	return p.joined(opOr, "or", "||", func() *node {
		return p.joined(opXor, "xor", "^^", func() *node {
			return p.joined(opAnd, "and", "&&", p.not)
		})
	})
}

// joined reads operands that one of two signs joins.
func (p *parser) joined(o op, word, sign string, operand func() *node) *node {
	n := operand()
	if !p.is(word) && !p.is(sign) {
		return n
	}
	kids := []*node{p.condition(n)}
	for p.take(word, sign) {
		kids = append(kids, p.condition(operand()))
	}
	return join(o, kids...)
}

func (p *parser) not() *node {
	at := p.tok.at
	if !p.take("not", "!") {
		return p.relation()
	}
	if !p.nest() {
		return p.unexpected()
	}
	n := not(p.condition(p.not()))
	n.at = at
	p.depth--
	return n
}

// relations are the signs and words between two values. Of fields that a frame
// has more than once, those with all must hold for each value, the others for one.
var relations = []struct {
	sign, word, long string
	rel              relation
	all              bool
}{
	{"==", "eq", "any_eq", eq, false},
	{"!=", "ne", "all_ne", ne, true},
	{"===", "", "all_eq", eq, true},
	{"!==", "", "any_ne", ne, false},
	{"~=", "", "", ne, false},
	{">", "gt", "", gt, false},
	{">=", "ge", "", ge, false},
	{"<", "lt", "", lt, false},
	{"<=", "le", "", le, false},
}

// relation reads a value, or two and how they relate.
func (p *parser) relation() *node {
	at, all, stated := p.tok.at, false, false
	if p.is("any") || p.is("all") {
		all, stated = p.next().text == "all", true
	}
	left := p.arith(0)
	n := p.relate(left)
	if n == nil {
		if stated && p.err == nil {
			return p.fail(p.tok.at, p.tok.end-p.tok.at, Missing, "==")
		}
		return left
	}
	if stated {
		if n.op == opNot || n.op == opContains {
			return p.failAt(n, NotComparable)
		}
		n.all = all
	}
	n.at = at
	return n
}

// relate reads what stands behind the left value of a relation, or returns nil.
func (p *parser) relate(left *node) *node {
	switch {
	case p.err != nil:
		return nil
	case p.is("contains"), p.is("in"), p.is("not"), p.is("matches"), p.is("~"):
	default:
		for _, r := range relations {
			if p.is(r.sign) || p.tok.kind == tWord && (p.tok.text == r.word || p.tok.text == r.long) {
				p.next()
				return p.compare(left, p.arith(0), r.rel, r.all)
			}
		}
		return nil
	}
	switch t := p.next(); t.text {
	case "contains":
		return p.contains(left, p.arith(0))
	case "in":
		return p.in(left)
	case "not":
		if !p.take("in") {
			return p.unexpected()
		}
		return not(p.in(left))
	default:
		return p.fail(t.at, t.end-t.at, NoRegexp)
	}
}

// in reads the set behind the word in.
func (p *parser) in(left *node) *node {
	n := &node{op: opIn, kids: []*node{left}, at: left.at}
	if !p.value(left) || !p.comparable(left) {
		return left
	}
	p.expect("{")
	for p.err == nil && !p.is("}") && p.tok.kind != tEnd {
		it := item{lo: p.member(left)}
		if p.take("..") {
			it.hi = p.member(left)
			p.checkRange(&it)
		}
		n.items = append(n.items, it)
		p.take(",")
	}
	n.end = p.tok.end
	if len(n.items) == 0 && p.is("}") {
		return p.fail(p.tok.at, 1, Empty)
	}
	p.expect("}")
	return n
}

// member reads a value of a set, which must be like what is looked for in it.
func (p *parser) member(left *node) *node {
	n := p.unarySign()
	if !p.value(n) {
		return n
	}
	n = p.convert(n, left)
	if a, b := n.kind, left.kind; p.err != nil || a == b || a.isBytes() && b.isBytes() && (a == kBytes || a == kProto || b == kBytes || b == kProto) {
		return n
	} else if !a.isNumber() || !b.isNumber() {
		return p.failAt(n, Mismatch, p.source(n), p.source(left))
	}
	return p.alike(n, left)
}

// checkRange says so if nothing lies between the ends of a range.
func (p *parser) checkRange(it *item) {
	if p.err != nil {
		return
	}
	var m machine
	m.p = &Packet{}
	if it.lo.prefix >= 0 || it.hi.prefix >= 0 || m.order(it.lo, it.hi, value{n: it.lo.num}, value{n: it.hi.num}) > 0 {
		p.fail(it.lo.at, it.hi.end-it.lo.at, BadRange, p.source(it.lo), p.source(it.hi))
	}
}
