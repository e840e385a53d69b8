package filter

// op is what a node does.
type op uint8

const (
	// conditions
	opAnd op = iota // all kids
	opOr            // any of them
	opXor           // an odd number of them
	opNot
	opStrict   // its kid as a capture filter: machine.strict
	opExists   // its kid has a value
	opTrue     // it has one that is not zero
	opCompare  // how the values of its two kids relate
	opContains // the first has the second in it
	opIn       // the first has a value in items
	// values
	opField
	opSlice // kids[0]: of what; kids[1], if there: from where
	opUint  // bytes as a number, in network byte order
	opLen   // how many bytes
	opCount // how many values
	opNeg
	opAdd
	opSub
	opMul
	opDiv
	opMod
	opAnd2
	opOr2
	opXor2
	opShl
	opShr
	opNumber // constants
	opBytes
	opText
	opWord // a literal whose kind depends on what it is compared with
)

// relation is a comparison.
type relation uint8

const (
	eq relation = iota
	ne
	lt
	le
	gt
	ge
)

// node is an expression. The tree is finite and does not change once built.
type node struct {
	op       op
	kind     kind // of the value
	rel      relation
	all      bool  // the relation must hold between all values, not only some
	quoted   bool  // a literal in double quotes
	layer    uint8 // number of the header that a field is of; 0: all
	at, end  int   // where it stands in the text
	kids     []*node
	items    []item
	field    *ref
	num      int64 // constant; where a slice begins
	size     int64 // of a slice; 0: up to the end
	bytes    []byte
	prefix   int // how many bits of bytes count, -1: all
	text     string
	unit     int64 // ns that the number counts, 0 if it is no time
	constant bool
}

// item is an element of a set: one value, or a range that includes both ends.
type item struct{ lo, hi *node }

func (n *node) isTest() bool { return n.op <= opIn }

// depth returns how many nodes stand within each other.
func (n *node) depth() int {
	deepest := 0
	for _, k := range n.kids {
		deepest = max(deepest, k.depth())
	}
	return deepest + 1
}

// uses returns what the expression asks about.
func (n *node) uses() (u Uses) {
	for _, k := range n.kids {
		u |= k.uses()
	}
	if r := n.field; r != nil {
		u |= r.uses()
	}
	return u
}

func (r *ref) uses() Uses {
	switch {
	case r.fact == FactTime, r.layer == lFrame && r.kind == kTime:
		return UsesTime
	case r.fact == FactHost:
		return UsesHost
	case r.rows == nil:
		return UsesConn
	case r.layer == lNone:
		return UsesPacket
	}
	if first := &r.rows[0]; first.from == computed {
		switch first.arg {
		case cNumber:
			return UsesPacket
		case cStream, cSeq, cAck, cNextSeq, cWindow, cRetransmission:
			return UsesFrame | UsesPacket
		}
	}
	return UsesFrame
}

// join returns kids joined by and, or, xor; those that are so joined already
// become kids of the new one.
func join(o op, kids ...*node) *node {
	n := &node{op: o}
	for _, k := range kids {
		if k.op == o {
			n.kids = append(n.kids, k.kids...)
		} else {
			n.kids = append(n.kids, k)
		}
	}
	if len(n.kids) == 1 {
		return n.kids[0]
	}
	n.at, n.end = n.kids[0].at, n.kids[len(n.kids)-1].end
	return n
}

func not(k *node) *node { return &node{op: opNot, kids: []*node{k}, at: k.at, end: k.end} }
