package filter

// Numbers are 64 bits wide and wrap around, like Go's. An expression over a
// field that a frame has twice has two values; one over a field that it does
// not have has none.

// unary pushes what an operator with one operand makes of a value.
func (m *machine) unary(n *node, v value) {
	switch n.op {
	case opLen:
		m.number(int64(v.end - v.at))
	case opNeg:
		m.number(-v.n)
	default:
		if v.end-v.at > 8 {
			return
		}
		x := int64(0)
		for _, b := range m.frame[v.at:v.end] {
			x = x<<8 | int64(b)
		}
		m.number(x)
	}
}

// slices pushes a part of each value of its first kid. What is not all there has no value.
func (m *machine) slices(n *node) {
	first := n.num
	if len(n.kids) == 2 {
		base := m.top
		m.values(n.kids[1])
		if m.top == base {
			return
		}
		first = m.vals[base].n
		m.top = base
		if first < 0 {
			m.outside = true
			return
		}
	}
	base := m.top
	m.values(n.kids[0])
	end := m.top
	m.top = base
	for i := base; i < end; i++ {
		v := m.vals[i]
		from, length := first, int64(v.end-v.at)
		if from < 0 {
			from += length
		}
		size := n.size
		if size == 0 {
			size = length - from
		}
		if from < 0 || from > length || size < 1 || size > length-from {
			m.outside = true
			continue
		}
		at := v.at + int32(from)
		m.push(value{at: at, end: at + int32(size)})
	}
}

// binary pushes the results for all pairs of values. They are gathered behind
// the operands and then moved down.
func (m *machine) binary(n *node) {
	base := m.top
	m.values(n.kids[0])
	mid := m.top
	m.values(n.kids[1])
	end := m.top
	for i := base; i < mid; i++ {
		for k := mid; k < end; k++ {
			if v, ok := n.op.apply(m.vals[i].n, m.vals[k].n); ok {
				m.number(v)
			} else {
				m.outside = true
			}
		}
	}
	m.top = base + copy(m.vals[base:], m.vals[end:m.top])
}

// apply returns false for a division by zero.
func (o op) apply(a, b int64) (int64, bool) {
	switch o {
	case opAdd:
		return a + b, true
	case opSub:
		return a - b, true
	case opMul:
		return a * b, true
	case opAnd2:
		return a & b, true
	case opOr2:
		return a | b, true
	case opXor2:
		return a ^ b, true
	case opShl:
		return a << uint64(b), true // by 64 and more, and by less than 0: nothing is left
	case opShr:
		return int64(uint64(a) >> uint64(b)), true
	}
	if b == 0 {
		return 0, false
	}
	if o == opDiv {
		return a / b, true
	}
	return a % b, true
}
