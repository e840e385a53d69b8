package filter

// What is compared must be alike. A literal takes the kind of what it is
// compared with: 10 is a number, a byte or seconds.

// value reports whether n is a value, and says so if it is a condition.
func (p *parser) value(n *node) bool {
	if p.err == nil && n.isTest() {
		p.failAt(n, NotComparable)
	}
	return p.err == nil
}

// comparable reports whether n has values of its own, and says so if not.
func (p *parser) comparable(n *node) bool {
	switch {
	case p.err != nil:
	case n.op == opWord && !n.quoted && !startsNumber(n.text):
		p.unknownField(n)
	case n.op == opWord || n.constant:
		p.failAt(n, Constant, p.source(n))
	case n.kind == kNone:
		p.failAt(n, NoValue, p.source(n))
	}
	return p.err == nil
}

// compare relates two values.
func (p *parser) compare(l, r *node, rel relation, all bool) *node {
	if !p.value(l) || !p.value(r) {
		return l
	}
	if l.op == opWord && r.op != opWord && !r.constant {
		if !p.comparable(r) {
			return l
		}
		l = p.convert(l, r)
	} else {
		if !p.comparable(l) {
			return l
		}
		r = p.convert(r, l)
	}
	if p.err != nil {
		return l
	}
	l, r = p.alike(l, r), p.alike(r, l)
	if p.err == nil && (l.prefix >= 0 && r.constant || r.kind == kNone) {
		return p.failAt(r, NoValue, p.source(r))
	}
	if l.prefix >= 0 { // the side with the prefix stands on the right
		l, r, rel = r, l, mirrored[rel]
	}
	return &node{op: opCompare, rel: rel, all: all, kids: []*node{l, r}, at: min(l.at, r.at), end: max(l.end, r.end)}
}

// mirrored says what holds between b and a if a relation holds between a and b.
var mirrored = [...]relation{eq: eq, ne: ne, lt: gt, le: ge, gt: lt, ge: le}

// alike returns n, as a number if it is bytes and the other a number, and says
// so if the two cannot be compared.
func (p *parser) alike(n, other *node) *node {
	a, b := n.kind, other.kind
	switch {
	case p.err != nil:
		return n
	case a.isNumber() && b.isNumber():
		if n.unit == other.unit || n.unit == 0 || other.unit == 0 {
			return n
		}
	case (a == kBytes || a == kProto) && b.isNumber():
		return asNumber(n)
	case a.isNumber() && (b == kBytes || b == kProto), a == b:
		return n
	case a.isBytes() && b.isBytes() && (a == kBytes || a == kProto || b == kBytes || b == kProto):
		return n
	}
	return p.fail(min(n.at, other.at), max(n.end, other.end)-min(n.at, other.at), Mismatch, p.source(n), p.source(other))
}

// asNumber returns the number that bytes are.
func asNumber(n *node) *node {
	return &node{op: opUint, kind: kNumber, kids: []*node{n}, at: n.at, end: n.end, prefix: -1}
}

// contains asks for bytes within bytes, or text within text.
func (p *parser) contains(l, r *node) *node {
	if !p.value(l) || !p.value(r) || !p.comparable(l) {
		return l
	}
	if !l.kind.isBytes() && !l.kind.isText() {
		return p.failAt(l, NoSlice, p.source(l))
	}
	if r.op == opWord {
		like := node{kind: kBytes}
		if l.kind.isText() {
			like.kind = kText
		}
		r = p.convert(r, &like)
	}
	if p.err == nil && l.kind.isText() != r.kind.isText() || r.kind.isNumber() || r.kind == kNone {
		p.fail(l.at, r.end-l.at, Mismatch, p.source(l), p.source(r))
	}
	return &node{op: opContains, kids: []*node{l, r}, at: l.at, end: r.end}
}

// numeric returns n as an operand of arithmetic, beside one with a unit.
func (p *parser) numeric(n *node, unit int64, kind kind) *node {
	switch {
	case !p.value(n):
		return n
	case n.op == opWord:
		return p.convert(n, &node{op: opNumber, kind: kind, unit: unit, at: n.at, end: n.end})
	case n.kind.isNumber():
		return n
	case n.kind == kBytes || n.kind == kProto:
		return asNumber(n)
	case n.kind == kNone:
		return p.failAt(n, NoValue, p.source(n))
	}
	return p.failAt(n, NotNumber, p.source(n), "an operand")
}

// calculate joins two numbers by an operator.
func (p *parser) calculate(o op, l, r *node) *node {
	if !p.value(l) || !p.value(r) {
		return l
	}
	if l.op == opWord && !l.quoted && !startsNumber(l.text) {
		return p.unknownField(l)
	}
	sum := o == opAdd || o == opSub
	l = p.beside(l, r, sum)
	r = p.beside(r, l, sum)
	if p.err != nil {
		return l
	}
	n := &node{op: o, kind: kNumber, kids: []*node{l, r}, at: l.at, end: r.end, prefix: -1, constant: l.constant && r.constant}
	if o == opDiv || o == opMod {
		if r.op == opNumber && r.num == 0 {
			return p.failAt(r, DivideByZero)
		}
	}
	if sum && l.unit != 0 && r.unit != 0 && l.unit != r.unit {
		return p.fail(l.at, r.end-l.at, Mismatch, p.source(l), p.source(r))
	}
	if of := l; sum || o == opMul || o == opDiv || o == opMod {
		if of.unit == 0 && o != opDiv && o != opMod {
			of = r
		}
		n.kind, n.unit = of.kind, of.unit
	}
	if n.kind == kBool {
		n.kind = kNumber
	}
	return n
}

// beside is numeric for the operand n beside another one.
func (p *parser) beside(n, other *node, sum bool) *node {
	if sum && (other.kind == kTime || other.unit != 0) {
		return p.numeric(n, other.unit, other.kind)
	}
	return p.numeric(n, 0, kNumber)
}

// unknownField says that a word is no field, and which one is like it.
func (p *parser) unknownField(n *node) *node {
	best, least := "", 4
	each(func(r *ref) bool {
		if d := distance(n.text, r.key, least); d < least && d < len(n.text) {
			best, least = r.key, d
		}
		return true
	})
	if best == "" {
		return p.failAt(n, UnknownField, p.source(n))
	}
	return p.failAt(n, SimilarField, p.source(n), best)
}

// Similar returns the word of a list that is most like another one, "" if none is like it.
func Similar(word string, words []string) string {
	best, least := "", min(4, len(word))
	for _, w := range words {
		if d := distance(word, w, least); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance returns how many letters must be changed, put in or left out to make
// b of a, or most if there are as many (Wagner and Fischer 1974).
func distance(a, b string, most int) int {
	if len(a) > 40 || len(b) > 40 || len(a)-len(b) >= most || len(b)-len(a) >= most {
		return most
	}
	var row [41]int
	for k := range row {
		row[k] = k
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for k := range len(b) {
			change := corner
			if a[i] != b[k] {
				change++
			}
			corner = row[k+1]
			row[k+1] = min(change, row[k]+1, row[k+1]+1)
		}
	}
	return min(row[len(b)], most)
}
