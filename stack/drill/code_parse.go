package drill

import (
	"strings"
)

// The code between %{ and }% is a small part of Python: assert, print, simple
// assignments, and expressions over whole numbers.

// node is an expression: an operator over others, a number, a name, a string
// or a tuple.
type node struct {
	op   string // "num", "name", "str", "tuple", "call", "cmp", or the operator
	num  int64
	text string
	kids []node
	ops  []string // of cmp: one between every two kids
}

// statement is one line of code.
type statement struct {
	kind   string // "assert", "print", "=", or an assignment such as "+="
	name   string // of an assignment
	exprs  []node
	line   int
	source string
}

// statements reads a snippet.
func statements(code *Shell) (all []statement, err error) {
	c := &pycursor{cursor: cursor{text: code.Text, line: code.Line}}
	for {
		if err := c.separators(); err != nil {
			return nil, err
		}
		if c.end() {
			return all, nil
		}
		s := statement{line: c.line}
		from := c.pos
		c.terms = 0
		if err := c.statement(&s); err != nil {
			return nil, err
		}
		s.source = strings.Join(strings.Fields(c.text[from:c.pos]), " ")
		all = append(all, s)
		c.blanks()
		if !c.end() && c.at(0) != ';' && c.at(0) != '\n' && c.at(0) != '#' {
			return nil, cannot(c.line, "code that goes on with %s", c.here())
		}
	}
}

// pycursor reads Python; inside brackets the end of a line means nothing.
type pycursor struct {
	cursor
	depth  int // of brackets
	nested int
	terms  int // of the statement
}

// separators passes over what may stand between statements.
func (c *pycursor) separators() error {
	for !c.end() {
		switch b := c.at(0); {
		case b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == ';':
			c.advance(1)
		case b == '#':
			c.comment()
		default:
			return nil
		}
	}
	return nil
}

func (c *pycursor) comment() {
	for !c.end() && c.at(0) != '\n' {
		c.advance(1)
	}
}

// blanks passes over what may stand inside a statement.
func (c *pycursor) blanks() {
	for !c.end() {
		switch b := c.at(0); {
		case b == ' ' || b == '\t' || b == '\r' || b == '\n' && c.depth > 0:
			c.advance(1)
		case b == '\\' && c.at(1) == '\n':
			c.advance(2)
		case b == '#' && c.depth > 0:
			c.comment()
		default:
			return
		}
	}
}

// take passes over s if it stands here, as a whole word if it is one.
func (c *pycursor) take(s string) bool {
	c.blanks()
	if !c.sees(s) || isLetter(s[0]) && isWord(c.at(len(s))) {
		return false
	}
	c.advance(len(s))
	return true
}

var assignments = []string{"+=", "-=", "*=", "|=", "&=", "="}

func (c *pycursor) statement(s *statement) (err error) {
	switch w := c.peekWord(); w {
	case "assert":
		c.advance(len(w))
		s.kind = w
		return c.exprList(s)
	case "pass":
		c.advance(len(w))
		s.kind = w
		return nil
	case "if", "for", "while", "def", "import", "from", "class", "with", "try", "del", "return", "raise", "global", "lambda":
		return cannot(c.line, "%s in code is not there", w)
	case "":
	default:
		from := c.pos
		c.advance(len(w))
		c.blanks()
		if w == "print" && c.at(0) == '(' {
			c.pos = from
			s.kind = w
			return c.exprList(s)
		}
		for _, op := range assignments {
			if c.sees(op) && !c.sees("==") {
				c.advance(len(op))
				s.kind, s.name = op, w
				return c.exprList(s)
			}
		}
		c.pos = from
	}
	s.kind = "expr"
	return c.exprList(s)
}

// exprList reads EXPR[, EXPR].
func (c *pycursor) exprList(s *statement) error {
	for {
		e, err := c.binary(0)
		if err != nil {
			return err
		}
		s.exprs = append(s.exprs, e)
		if !c.take(",") {
			return nil
		}
	}
}

// levels are Python's binary operators, loosest first; a comparison chain
// stands between "not" and "|".
var levels = [][]string{{"or"}, {"and"}, {"not"}, {"<=", ">=", "==", "!=", "<", ">", "in", "is"}, {"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "//", "/", "%"}}

const compareLevel = 3

func (c *pycursor) binary(level int) (node, error) {
	c.nested++
	defer func() { c.nested-- }()
	if c.nested > maxDepth*len(levels) {
		return node{}, cannot(c.line, "expressions nested more than %d deep", maxDepth)
	}
	if level == len(levels) {
		return c.unary()
	}
	if levels[level][0] == "not" {
		if c.take("not") {
			kid, err := c.binary(level)
			return node{op: "not", kids: []node{kid}}, err
		}
		return c.binary(level + 1)
	}
	left, err := c.binary(level + 1)
	if err != nil {
		return left, err
	}
	chain := node{op: "cmp", kids: []node{left}}
	for {
		op := c.operator(level)
		if op == "" {
			break
		}
		right, err := c.binary(level + 1)
		if err != nil {
			return right, err
		}
		if level == compareLevel {
			chain.kids, chain.ops = append(chain.kids, right), append(chain.ops, op)
		} else {
			left = node{op: op, kids: []node{left, right}}
		}
	}
	if chain.ops != nil {
		return chain, nil
	}
	return left, nil
}

// operator takes an operator of a level, if one stands here.
func (c *pycursor) operator(level int) string {
	c.blanks()
	for _, op := range levels[level] {
		switch {
		case (op == "<" || op == ">") && c.at(1) == op[0]: // a shift
		case op == "*" && c.at(1) == '*':
		case c.take(op):
			return op
		}
	}
	return ""
}

func (c *pycursor) unary() (node, error) {
	for _, op := range []string{"-", "+", "~"} {
		if c.take(op) {
			c.nested++
			defer func() { c.nested-- }()
			if c.nested > maxDepth*len(levels) {
				return node{}, cannot(c.line, "expressions nested more than %d deep", maxDepth)
			}
			kid, err := c.unary()
			return node{op: "unary " + op, kids: []node{kid}}, err
		}
	}
	return c.atom()
}

// atom reads a number, a name, a call, a string, or something in brackets.
func (c *pycursor) atom() (n node, err error) {
	c.blanks()
	if c.terms++; c.terms > maxTerms {
		return n, cannot(c.line, "a statement of more than %d terms", maxTerms)
	}
	switch b := c.at(0); {
	case isDigit(b):
		n.op = "num"
		if n.num, err = c.number("a number"); err == nil && (c.at(0) == '.' || isLetter(c.at(0))) {
			err = cannot(c.line, "fractions in code are not there")
		}
		if _, ok := err.(*SyntaxError); ok {
			err = cannot(c.line, "the number in code")
		}
	case b == '\'' || b == '"':
		return c.stringAtom()
	case isLetter(b):
		n.op, n.text = "name", c.peekWord()
		c.advance(len(n.text))
		if c.at(0) == '(' {
			n.op = "call"
			n.kids, _, err = c.bracket()
		}
	case b == '(':
		var tuple bool
		var kids []node
		if kids, tuple, err = c.bracket(); err == nil && len(kids) == 1 && !tuple {
			return kids[0], nil
		}
		n.op, n.kids = "tuple", kids
	default:
		err = cannot(c.line, "code with %s where a value must stand", c.here())
	}
	if err == nil && (c.at(0) == '[' || c.at(0) == '.') {
		err = cannot(c.line, "%q behind a value in code", c.at(0))
	}
	return n, err
}

func (c *pycursor) stringAtom() (n node, err error) {
	n.op = "str"
	for c.at(0) == '\'' || c.at(0) == '"' {
		q := c.text[c.pos : c.pos+1]
		s, err := c.quoted(q, q)
		if err != nil {
			return n, cannot(c.line, "a string in code that has no end")
		}
		n.text += s
		c.blanks()
	}
	return n, nil
}

// bracket reads (a, b): its values, and whether there is a comma.
func (c *pycursor) bracket() (kids []node, comma bool, err error) {
	c.advance(1)
	c.depth++
	defer func() { c.depth-- }()
	for !c.take(")") {
		if len(kids) > 0 && !comma {
			return nil, false, cannot(c.line, "code with %s in brackets", c.here())
		}
		e, err := c.binary(0)
		if err != nil {
			return nil, false, err
		}
		kids = append(kids, e)
		if comma = c.take(","); !comma {
			if !c.take(")") {
				return nil, false, cannot(c.line, "code with %s in brackets", c.here())
			}
			return kids, len(kids) > 1, nil
		}
	}
	return kids, comma, nil
}
