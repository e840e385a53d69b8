package filter

import (
	"bytes"
	"cmp"
	"strings"

	"wirelab/stack/wire"
)

// test reports whether a condition holds.
func (m *machine) test(n *node) bool {
	switch n.op {
	case opAnd:
		for _, k := range n.kids {
			if !m.test(k) {
				return false
			}
		}
		return true
	case opOr:
		for _, k := range n.kids {
			if m.test(k) {
				return true
			}
		}
		return false
	case opXor:
		odd := false
		for _, k := range n.kids {
			odd = odd != m.test(k)
		}
		return odd
	case opNot:
		return !m.test(n.kids[0])
	case opStrict:
		return m.strict(n.kids[0])
	}
	base := m.top
	ok := m.relation(n, base)
	m.top = base
	return ok
}

// strict is test for capture filters: headers stand where those read them, and the first read beyond the frame rejects it.
func (m *machine) strict(n *node) bool {
	outside, bytes := m.outside, m.bytes
	m.outside = false
	m.view(true)
	ok := m.test(n) && !m.outside
	m.view(bytes)
	m.outside = outside
	return ok
}

// view says whose headers are meant from now on: those of capture filters, or of display filters.
func (m *machine) view(bytes bool) {
	if m.bytes != bytes {
		m.bytes, m.walked, m.n = bytes, false, 0
	}
}

// relation is test for conditions about values, which it leaves on the stack.
func (m *machine) relation(n *node, base int) bool {
	m.values(n.kids[0])
	mid := m.top
	switch n.op {
	case opExists:
		return mid > base
	case opTrue:
		for _, v := range m.vals[base:mid] {
			if v.n != 0 {
				return true
			}
		}
		return false
	case opIn:
		return m.in(n, base, mid)
	}
	m.values(n.kids[1])
	if mid == base || m.top == mid {
		return false
	}
	for i := base; i < mid; i++ {
		for k := mid; k < m.top; k++ {
			holds := false
			if n.op == opContains {
				holds = m.contains(n, m.vals[i], m.vals[k])
			} else {
				holds = n.rel.holds(m.order(n.kids[0], n.kids[1], m.vals[i], m.vals[k]))
			}
			if holds != n.all {
				return holds
			}
		}
	}
	return n.all
}

// in reports whether one of the values at [base, mid), or each if n.all, lies in the set.
func (m *machine) in(n *node, base, mid int) bool {
	for i := base; i < mid; i++ {
		found := false
		for k := 0; k < len(n.items) && !found; k++ {
			found = m.within(n.kids[0], &n.items[k], m.vals[i])
		}
		if found != n.all {
			return found
		}
	}
	return n.all && mid > base
}

func (m *machine) within(of *node, it *item, v value) bool {
	if it.hi == nil {
		return m.order(of, it.lo, v, value{n: it.lo.num}) == 0
	}
	return m.order(of, it.lo, v, value{n: it.lo.num}) >= 0 && m.order(of, it.hi, v, value{n: it.hi.num}) <= 0
}

// holds reports whether the relation holds between two values of that order.
func (r relation) holds(order int) bool {
	switch r {
	case eq:
		return order == 0
	case ne:
		return order != 0
	case lt:
		return order < 0
	case le:
		return order <= 0
	case gt:
		return order > 0
	}
	return order >= 0
}

// order compares value v of node a with value w of node b, which are alike.
func (m *machine) order(a, b *node, v, w value) int {
	switch {
	case a.kind.isNumber():
		return cmp.Compare(v.n, w.n)
	case a.kind == kDomain:
		var x, y nameRoom
		return bytes.Compare(m.name(&x, a, v), m.name(&y, b, w))
	case a.kind == kText:
		return strings.Compare(m.textOf(a), m.textOf(b))
	}
	x, y := m.bytesOf(a, v), m.bytesOf(b, w)
	if b.prefix >= 0 {
		return comparePrefix(x, y, b.prefix)
	}
	return bytes.Compare(x, y)
}

// comparePrefix compares the first n bits of two addresses of the same length.
func comparePrefix(x, y []byte, n int) int {
	whole := n / 8
	if c := bytes.Compare(x[:whole], y[:whole]); c != 0 || n%8 == 0 {
		return c
	}
	shift := 8 - n%8
	return cmp.Compare(x[whole]>>shift, y[whole]>>shift)
}

func (m *machine) contains(n *node, v, w value) bool {
	a, b := n.kids[0], n.kids[1]
	if a.kind == kDomain || b.kind == kDomain {
		var x, y nameRoom
		return bytes.Contains(m.name(&x, a, v), m.name(&y, b, w))
	}
	if a.kind == kText {
		return strings.Contains(m.textOf(a), m.textOf(b))
	}
	if a.op == opField && a.kind == kProto {
		v.end = int32(v.n)
	}
	return bytes.Contains(m.bytesOf(a, v), m.bytesOf(b, w))
}

func (m *machine) bytesOf(n *node, v value) []byte {
	if n.op == opBytes {
		return n.bytes
	}
	return m.frame[v.at:v.end]
}

// nameRoom has room for any name of DNS, so that comparing one allocates nothing.
type nameRoom [4 * 255]byte

// name returns a name of DNS, or the text that it is compared with.
func (m *machine) name(room *nameRoom, n *node, v value) []byte {
	if n.op == opField && n.kind == kDomain {
		b, _, _ := wire.DNS(m.frame[v.n:]).AppendName(room[:0], int(v.at)-int(v.n))
		return b
	}
	return append(room[:0], m.textOf(n)...)
}

func (m *machine) textOf(n *node) string {
	switch {
	case n.op == opText:
		return n.text
	case n.field.rows != nil:
		return m.packetText(n.field.rows[0].arg)
	}
	text, _ := m.p.Facts.Text(n.field.fact)
	return text
}

// values pushes all values that an expression has.
func (m *machine) values(n *node) {
	switch n.op {
	case opField:
		m.field(n.field, n.layer)
	case opNumber, opBytes, opText:
		m.number(n.num)
	case opSlice:
		m.slices(n)
	case opCount:
		base := m.top
		m.values(n.kids[0])
		count := m.top - base
		m.top = base
		m.number(int64(count))
	case opUint, opLen, opNeg:
		base := m.top
		m.values(n.kids[0])
		end := m.top
		m.top = base
		for i := base; i < end; i++ {
			m.unary(n, m.vals[i])
		}
	default:
		m.binary(n)
	}
}
