package filter

import "strings"

// Completion is a proposal for what stands, or could stand, at a place of a
// display filter.
type Completion struct {
	Text    string // to be put in the place of [At, At+Len)
	About   string // what it is, in English; "" if the text says it
	At, Len int
}

// place is what can stand where a person types.
type place uint8

const (
	atOperand place = iota
	atOperator
	atValue
	atSet  // behind in
	atJoin // behind a whole condition
)

// completer reads a filter up to the cursor.
type completer struct {
	parser
	where  place
	field  *ref // that stands to the left
	inSet  bool
	out    []Completion
	prefix string
	span   [2]int
}

// Complete proposes what can stand at offset at of a display filter: fields,
// operators that fit the field before, values of a field that has names for them.
func Complete(text string, at int) []Completion {
	if len(text) > maxText {
		return nil
	}
	at = min(max(at, 0), len(text))
	c := completer{parser: parser{text: text[:at]}}
	c.scan(0)
	for c.err == nil && c.tok.kind != tEnd {
		if c.tok.kind == tWord && c.tok.end == at {
			break
		}
		c.step(c.next())
	}
	switch {
	case c.err != nil && c.err.What == OpenString && c.where == atValue:
		c.span[0], c.prefix = c.err.At, strings.TrimPrefix(text[c.err.At:at], `"`)
	case c.err != nil:
		return nil
	default:
		c.span[0], c.prefix = min(c.tok.at, at), c.tok.text
	}
	c.span[1] = at
	for c.span[1] < len(text) && (isWord(text[c.span[1]]) || text[c.span[1]] == '.') {
		c.span[1]++
	}
	c.propose()
	return c.out
}

// step moves on behind a token.
func (c *completer) step(t token) {
	switch {
	case t.kind == tWord && c.where != atOperand && c.where != atValue || t.kind == tSymbol:
		c.sign(t.text)
	case t.kind == tWord && isKeyword(t.text): // not, any, all
		c.where = atOperand
	case c.where == atValue:
		c.where = atJoin
	default:
		c.where, c.field = atOperator, find(t.text)
	}
}

// sign moves on behind an operator.
func (c *completer) sign(text string) {
	switch text {
	case "and", "or", "xor", "not", "&&", "||", "^^", "!", "(":
		c.where, c.inSet = atOperand, false
	case "in":
		c.where = atSet
	case "{":
		c.inSet = c.where == atSet
		c.where = atOperand
		if c.inSet {
			c.where = atValue
		}
	case ",", "..":
		if c.inSet {
			c.where = atValue
		}
	case "}", ")":
		c.where, c.inSet = atJoin, false
	case "[":
		for c.err == nil && c.tok.kind != tEnd && !c.is("]") {
			c.next()
		}
		c.next()
		c.field = &ref{kind: kBytes}
	case "+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>":
		c.where = atOperand
	case "#":
		c.next()
	default:
		c.where = atValue
	}
}

// propose gathers what fits.
func (c *completer) propose() {
	switch c.where {
	case atOperand:
		each(func(r *ref) bool {
			c.offer(r.key, r.name)
			return true
		})
		c.offer("not", "")
	case atOperator:
		c.operators()
		fallthrough
	case atJoin:
		c.offer("and", "")
		c.offer("or", "")
		c.offer("xor", "")
	case atSet:
		c.offer("{", "")
	case atValue:
		c.values()
	}
}

func (c *completer) operators() {
	r := c.field
	if r == nil || r.kind == kNone {
		return
	}
	if r.kind != kProto {
		c.offer("==", "")
		c.offer("!=", "")
	}
	if r.kind.isNumber() && r.kind != kBool {
		for _, sign := range [...]string{"<", "<=", ">", ">=", "&"} {
			c.offer(sign, "")
		}
	}
	if r.kind != kProto && r.kind != kBool {
		c.offer("in", "")
	}
	if r.kind.isBytes() || r.kind.isText() {
		c.offer("contains", "")
	}
}

func (c *completer) values() {
	switch {
	case c.field == nil:
	case c.field.names != nil:
		for i := 0; ; i++ {
			n, ok := c.field.names.at(i)
			if !ok {
				return
			}
			c.offer(quote(n.name), "")
		}
	case c.field.kind == kBool:
		c.offer("1", "true")
		c.offer("0", "false")
	}
}

// offer proposes a text if it begins with what was typed.
func (c *completer) offer(text, about string) {
	bare := strings.TrimPrefix(text, `"`)
	if n := len(c.prefix); n <= len(bare) && strings.EqualFold(bare[:n], c.prefix) {
		c.out = append(c.out, Completion{text, about, c.span[0], c.span[1] - c.span[0]})
	}
}
