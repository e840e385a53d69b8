package drill

import (
	"strconv"
	"strings"
)

// arithmetic is what stands between $(( and )): whole numbers of 64 bits, with the operators of C.
type arithmetic struct {
	text string
	pos  int
	vars []variable
	bad  bool
	deep int
}

// shellOperators by how strongly they bind, weakest first; within a level the longest stand first.
var shellOperators = [][]string{{"||"}, {"&&"}, {"|"}, {"^"}, {"&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"}}

// value returns the number, or false for what is no arithmetic.
func (a *arithmetic) value() (int64, bool) {
	v := a.binary(0)
	a.blanks()
	return v, !a.bad && a.pos == len(a.text)
}

func (a *arithmetic) blanks() {
	for a.pos < len(a.text) && strings.IndexByte(" \t\n", a.text[a.pos]) >= 0 {
		a.pos++
	}
}

// operator passes over one of a level.
func (a *arithmetic) operator(level int) string {
	a.blanks()
	rest := a.text[a.pos:]
	for _, o := range shellOperators[level] {
		if !strings.HasPrefix(rest, o) {
			continue
		}
		if next := rest[len(o):]; next != "" && len(o) == 1 && strings.IndexByte("|&<>=", next[0]) >= 0 {
			continue // the beginning of a longer one
		}
		a.pos += len(o)
		return o
	}
	return ""
}

func (a *arithmetic) binary(level int) int64 {
	if level == len(shellOperators) {
		return a.unary()
	}
	left := a.binary(level + 1)
	for !a.bad {
		o := a.operator(level)
		if o == "" {
			break
		}
		left = a.apply(o, left, a.binary(level+1))
	}
	return left
}

func (a *arithmetic) apply(o string, x, y int64) int64 {
	switch o {
	case "||":
		return int64(truth(x != 0 || y != 0))
	case "&&":
		return int64(truth(x != 0 && y != 0))
	case "|":
		return x | y
	case "^":
		return x ^ y
	case "&":
		return x & y
	case "==":
		return int64(truth(x == y))
	case "!=":
		return int64(truth(x != y))
	case "<=":
		return int64(truth(x <= y))
	case ">=":
		return int64(truth(x >= y))
	case "<":
		return int64(truth(x < y))
	case ">":
		return int64(truth(x > y))
	case "<<":
		return x << uint64(y&63)
	case ">>":
		return x >> uint64(y&63)
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	}
	if y == 0 {
		a.bad = true
		return 0
	}
	if o == "/" {
		return x / y
	}
	return x % y
}

// unary reads a number, a variable, or an operand with a sign or in parentheses.
func (a *arithmetic) unary() (v int64) {
	a.blanks()
	if a.deep++; a.pos >= len(a.text) || a.deep > maxDepth {
		a.bad = true
		return 0
	}
	defer func() { a.deep-- }()
	switch b := a.text[a.pos]; {
	case strings.IndexByte("-+~!", b) >= 0:
		a.pos++
		v = a.unary()
		return map[byte]int64{'-': -v, '+': v, '~': ^v, '!': int64(truth(v == 0))}[b]
	case b == '(':
		a.pos++
		v = a.binary(0)
		a.blanks()
		a.bad = a.bad || a.pos >= len(a.text) || a.text[a.pos] != ')'
		a.pos++
		return v
	}
	from := a.pos
	if a.text[a.pos] == '$' {
		a.pos++
		from++
	}
	for a.pos < len(a.text) && isWord(a.text[a.pos]) {
		a.pos++
	}
	word := a.text[from:a.pos]
	for i := len(a.vars) - 1; i >= 0; i-- {
		if a.vars[i].name == word {
			word = a.vars[i].value
			break
		}
	}
	v, err := strconv.ParseInt(word, 0, 64)
	a.bad = a.bad || err != nil
	return v
}
