package filter

// How tightly conditions hold together, for parentheses.
const (
	looseOr = iota
	looseXor
	looseAnd
	looseNot
	looseTest
)

func (n *node) tightness() int {
	switch n.op {
	case opOr:
		return looseOr
	case opXor:
		return looseXor
	case opAnd:
		return looseAnd
	case opNot:
		return looseNot
	}
	return looseTest
}

// print appends n as a display filter, in parentheses if it is looser than
// where it stands demands.
func (n *node) print(b []byte, least int) []byte {
	if n.isTest() && n.tightness() < least {
		return append(n.print(append(b, '('), 0), ')')
	}
	switch n.op {
	case opAnd:
		return n.list(b, " and ", looseAnd+1)
	case opOr:
		return n.list(b, " or ", looseOr+1)
	case opXor:
		return n.list(b, " xor ", looseXor+1)
	case opNot:
		return n.kids[0].print(append(b, "not "...), looseNot)
	case opStrict:
		return append(n.kids[0].print(append(b, "strict("...), 0), ')')
	case opExists, opTrue:
		return n.kids[0].operand(b)
	case opCompare:
		b = n.kids[0].operand(n.quantifier(b))
		b = append(b, n.sign()...)
		return n.kids[1].operand(b)
	case opContains:
		return n.kids[1].operand(append(n.kids[0].operand(b), " contains "...))
	}
	return n.set(b)
}

func (n *node) list(b []byte, sign string, least int) []byte {
	for i, k := range n.kids {
		if i > 0 {
			b = append(b, sign...)
		}
		b = k.print(b, least)
	}
	return b
}

// quantifier appends "all " or "any " where the sign does not say it.
func (n *node) quantifier(b []byte) []byte {
	switch {
	case n.all && (n.op == opIn || n.rel >= lt):
		return append(b, "all "...)
	}
	return b
}

func (n *node) sign() string {
	switch {
	case n.rel == eq && n.all:
		return " === "
	case n.rel == ne && !n.all:
		return " !== "
	}
	return [...]string{" == ", " != ", " < ", " <= ", " > ", " >= "}[n.rel]
}

func (n *node) set(b []byte) []byte {
	b = n.kids[0].operand(n.quantifier(b))
	b = append(b, " in {"...)
	for i, it := range n.items {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = it.lo.operand(b)
		if it.hi != nil {
			b = it.hi.operand(append(b, ".."...))
		}
	}
	return append(b, '}')
}

// operand appends a value; arithmetic within arithmetic stands in braces.
func (n *node) operand(b []byte) []byte {
	switch n.op {
	case opField:
		b = append(b, n.field.key...)
		if n.layer != 0 {
			b = append(append(b, '#'), decimal(int64(n.layer))...)
		}
		return b
	case opSlice:
		return n.part(b)
	case opUint:
		return append(n.kids[0].operand(append(b, "uint("...)), ')')
	case opLen:
		return append(n.kids[0].operand(append(b, "len("...)), ')')
	case opCount:
		return append(n.kids[0].operand(append(b, "count("...)), ')')
	case opNumber, opBytes:
		return append(b, n.text...)
	case opText, opWord:
		return append(b, quote(n.text)...)
	case opNeg:
		return n.kids[0].grouped(append(b, '-'))
	}
	b = n.kids[0].grouped(b)
	b = append(append(append(b, ' '), n.op.sign()...), ' ')
	return n.kids[1].grouped(b)
}

func (n *node) grouped(b []byte) []byte {
	if n.op >= opNeg && n.op <= opShr {
		return append(n.operand(append(b, '{')), '}')
	}
	return n.operand(b)
}

func (o op) sign() string {
	for _, level := range binaries {
		for _, s := range level {
			if s.op == o {
				return s.sign
			}
		}
	}
	return ""
}

// part appends a slice.
func (n *node) part(b []byte) []byte {
	b = append(n.kids[0].operand(b), '[')
	if len(n.kids) == 2 {
		b = append(n.kids[1].operand(append(b, '{')), '}')
	} else {
		b = append(b, decimal(n.num)...)
	}
	b = append(b, ':')
	if n.size > 0 {
		b = append(b, decimal(n.size)...)
	}
	return append(b, ']')
}
