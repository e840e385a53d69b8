package filter

import "strings"

// Values of display filters: fields, parts of them, literals, arithmetic.

// binaries are the operators between two numbers, the loosest first.
var binaries = [...][]struct {
	sign string
	op   op
}{
	{{"|", opOr2}},
	{{"^", opXor2}},
	{{"&", opAnd2}, {"bitand", opAnd2}, {"bitwise_and", opAnd2}},
	{{"<<", opShl}, {">>", opShr}},
	{{"+", opAdd}, {"-", opSub}},
	{{"*", opMul}, {"/", opDiv}, {"%", opMod}},
}

// arith reads values that operators of this level or a tighter one join.
func (p *parser) arith(level int) *node {
	if level == len(binaries) {
		return p.unarySign()
	}
	n := p.arith(level + 1)
	for p.err == nil {
		o := opNumber
		for _, b := range binaries[level] {
			if p.is(b.sign) {
				o = b.op
			}
		}
		if o == opNumber {
			break
		}
		p.next()
		n = p.calculate(o, n, p.arith(level+1))
	}
	return n
}

// unarySign reads a value with a minus in front, or without.
func (p *parser) unarySign() *node {
	at := p.tok.at
	if p.take("+") {
		return p.signed(at, false)
	}
	if !p.take("-") {
		return p.primary()
	}
	return p.signed(at, true)
}

// signed reads the value behind a sign at offset at.
func (p *parser) signed(at int, minus bool) *node {
	if !p.nest() {
		return p.unexpected()
	}
	n := p.unarySign()
	p.depth--
	if !minus {
		return n
	}
	if n.op == opWord && !n.quoted && startsNumber(n.text) {
		n.text, n.at = "-"+n.text, at
		return n
	}
	if n = p.numeric(n, 0, kNumber); p.err != nil {
		return n
	}
	if n.op == opNumber {
		n.num, n.at = -n.num, at
		n.text = decimal(n.num)
		return n
	}
	return &node{op: opNeg, kind: n.kind, unit: n.unit, kids: []*node{n}, at: at, end: n.end, prefix: -1, constant: n.constant}
}

// primary reads one value, or a condition in parentheses.
func (p *parser) primary() *node {
	t := p.tok
	switch {
	case t.kind == tString:
		p.next()
		return &node{op: opWord, quoted: true, text: t.text, at: t.at, end: t.end, prefix: -1}
	case p.is("("), p.is("{"):
		return p.group(t)
	case t.kind == tWord && !isKeyword(t.text):
		p.next()
		return p.word(t)
	}
	return p.unexpected()
}

// isKeyword reports whether a word can be no value.
func isKeyword(word string) bool {
	switch word {
	case "and", "or", "xor", "not", "in", "contains", "matches", "eq", "ne", "lt", "le", "gt", "ge", "any", "all":
		return true
	}
	return false
}

func (p *parser) group(t token) *node {
	if !p.nest() {
		return p.unexpected()
	}
	p.next()
	var n *node
	if t.text == "(" {
		n = p.or()
		p.expect(")")
	} else {
		n = p.arith(0)
		p.expect("}")
	}
	p.depth--
	return n
}

// word reads on behind a word: a function, a field, else a literal.
func (p *parser) word(t token) *node {
	if p.is("(") {
		return p.call(t)
	}
	r := find(t.text)
	if r == nil {
		return &node{op: opWord, text: t.text, at: t.at, end: t.end, prefix: -1}
	}
	n := &node{op: opField, kind: r.kind, unit: r.unit, field: r, at: t.at, end: t.end, prefix: -1}
	if p.is("#") && p.tok.at == t.end {
		p.layerNumber(n)
	}
	for p.err == nil && p.is("[") && p.tok.at == n.end {
		n = p.slice(n)
	}
	return n
}

// layerNumber reads the number of the header that is meant, behind a #.
func (p *parser) layerNumber(n *node) {
	at := p.tok.at
	p.next()
	v, ok := parseInt(p.tok.text)
	if !ok || v < 1 || v > maxLayers || n.field.layer == lNone || p.tok.kind != tWord {
		p.fail(at, p.tok.end-at, NoLayer, p.text[at:p.tok.end])
		return
	}
	n.layer, n.end = uint8(v), p.tok.end
	p.next()
}

// functions, by name. strict( ) is how a capture filter is written.
var functions = []struct {
	name string
	op   op
}{{"len", opLen}, {"count", opCount}, {"uint", opUint}, {"strict", opStrict}}

// call reads a function and its argument.
func (p *parser) call(t token) *node {
	for _, f := range functions {
		if f.name != t.text {
			continue
		}
		arg := p.group(p.tok)
		if p.err != nil {
			return arg
		}
		if f.op == opStrict {
			arg = p.condition(arg)
			return &node{op: opStrict, kids: []*node{arg}, at: t.at, end: arg.end}
		}
		if arg.op != opField && arg.op != opSlice || f.op != opCount && !arg.kind.isBytes() {
			return p.failAt(arg, NoSlice, p.source(arg))
		}
		return &node{op: f.op, kind: kNumber, kids: []*node{arg}, at: t.at, end: arg.end, prefix: -1}
	}
	return p.fail(t.at, t.end-t.at, UnknownFunction, t.text)
}

// slice reads a part of n in square brackets: [first:length], [first-last],
// [index], [:length], [first:], [{expression}:length].
func (p *parser) slice(n *node) *node {
	at := p.tok.at
	if !n.kind.isBytes() {
		return p.failAt(n, NoSlice, p.source(n))
	}
	s := &node{op: opSlice, kind: kBytes, kids: []*node{n}, size: 1, at: n.at, prefix: -1}
	i := at + 1
	if i < len(p.text) && p.text[i] == '{' {
		p.scan(i)
		s.kids = append(s.kids, p.numeric(p.group(p.tok), 0, kNumber))
		if p.err != nil {
			return n
		}
		i = p.tok.at
	} else if i = p.skip(i); i < len(p.text) && p.text[i] != ':' {
		s.num, i = p.sliceInt(i)
	}
	ok := p.sliceEnd(s, &i)
	if i = p.skip(i); p.err == nil && (!ok || i >= len(p.text) || p.text[i] != ']' || s.num < 0 && s.size > -s.num) {
		i = min(i+1, len(p.text))
		return p.fail(at, i-at, BadSlice, p.text[at:i])
	}
	if p.err == nil {
		s.end = i + 1
		p.scan(s.end)
	}
	return s
}

// sliceEnd reads how far the slice goes.
func (p *parser) sliceEnd(s *node, i *int) bool {
	*i = p.skip(*i)
	if *i >= len(p.text) {
		return false
	}
	switch p.text[*i] {
	case ':':
		*i = p.skip(*i + 1)
		if s.size = 0; *i < len(p.text) && p.text[*i] != ']' {
			s.size, *i = p.sliceInt(*i)
			return s.size > 0
		}
	case '-':
		var last int64
		last, *i = p.sliceInt(p.skip(*i + 1))
		s.size = last - s.num + 1
		return len(s.kids) == 1 && last < 0 == (s.num < 0) && s.size > 0
	}
	return true
}

func (p *parser) skip(i int) int {
	for i < len(p.text) && p.text[i] == ' ' {
		i++
	}
	return i
}

// sliceInt reads a number of at most 16 bits at offset i and returns what is behind it.
// Where none stands, what is read of the slice up to there is the mistake.
func (p *parser) sliceInt(i int) (v int64, next int) {
	next = i
	for next < len(p.text) && (p.text[next] == '-' && next == i || isWord(p.text[next])) {
		next++
	}
	v, ok := parseInt(p.text[i:next])
	if !ok || v > 0xffff || v < -0xffff {
		from := i
		if next == i {
			from = strings.LastIndexByte(p.text[:i], '[')
		}
		p.fail(from, next-from, BadSlice, p.text[from:next])
	}
	return v, next
}
