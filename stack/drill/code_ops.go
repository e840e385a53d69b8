package drill

import "strings"

// value is what an expression gives: a whole number, a string or a tuple.
type value struct {
	kind byte // 'n', 's' or 't'
	num  int64
	text string
	list []value
}

func (v value) String() string {
	switch v.kind {
	case 's':
		return v.text
	case 't':
		parts := make([]string, len(v.list))
		for i := range v.list {
			parts[i] = v.list[i].String()
		}
		return "(" + strings.Join(parts, ", ") + ")"
	}
	return itoa(v.num)
}

// truthy is what Python takes for true.
func (v value) truthy() bool {
	switch v.kind {
	case 's':
		return v.text != ""
	case 't':
		return len(v.list) > 0
	}
	return v.num != 0
}

func number(n int64) value { return value{kind: 'n', num: n} }

// comparison is a chain a < b < c.
func (in *interpreter) comparison(n *node) (value, error) {
	left, err := in.eval(&n.kids[0])
	if err != nil {
		return left, err
	}
	for i, op := range n.ops {
		right, err := in.eval(&n.kids[i+1])
		if err != nil {
			return right, err
		}
		ok, err := in.compare(op, left, right)
		if err != nil || !ok {
			return number(0), err
		}
		left = right
	}
	return number(1), nil
}

func (in *interpreter) compare(op string, a, b value) (bool, error) {
	if op == "in" && b.kind == 't' {
		for _, v := range b.list {
			if v.kind == a.kind && v.String() == a.String() {
				return true, nil
			}
		}
		return false, nil
	}
	equal := a.kind == b.kind && a.String() == b.String()
	switch op {
	case "==", "is":
		return equal, nil
	case "!=":
		return !equal, nil
	}
	if a.kind != 'n' || b.kind != 'n' {
		return false, cannot(in.line, "%s between things that are no numbers", op)
	}
	switch op {
	case "<":
		return a.num < b.num, nil
	case "<=":
		return a.num <= b.num, nil
	case ">":
		return a.num > b.num, nil
	case ">=":
		return a.num >= b.num, nil
	}
	return false, cannot(in.line, "%s in code", op)
}

func (in *interpreter) unary(op string, v value) (value, error) {
	if v.kind != 'n' {
		return v, cannot(in.line, "%s in code", op)
	}
	switch op {
	case "unary -":
		return number(-v.num), nil
	case "unary ~":
		return number(^v.num), nil
	}
	return v, nil
}

// arithmetic is Python's for whole numbers: // and % round down. 'fmt' % values
// only makes messages, so it gives the format.
func (in *interpreter) arithmetic(op string, a, b value) (value, error) {
	if a.kind == 's' && (op == "%" || op == "+") {
		return a, nil
	}
	if a.kind != 'n' || b.kind != 'n' {
		return a, cannot(in.line, "%s of things that are no numbers", op)
	}
	x, y := a.num, b.num
	switch op {
	case "+":
		return number(x + y), nil
	case "-":
		return number(x - y), nil
	case "*":
		return number(x * y), nil
	case "|":
		return number(x | y), nil
	case "&":
		return number(x & y), nil
	case "^":
		return number(x ^ y), nil
	case "<<", ">>":
		if y < 0 || y > 62 {
			return a, cannot(in.line, "a shift by %d", y)
		}
		if op == "<<" {
			return number(x << y), nil
		}
		return number(x >> y), nil
	}
	return in.divide(op, x, y)
}

func (in *interpreter) divide(op string, x, y int64) (value, error) {
	if y == 0 {
		return value{}, failed(in.line, "a number to divide by", "zero")
	}
	q, rest := x/y, x%y
	if rest != 0 && (rest < 0) != (y < 0) {
		q, rest = q-1, rest+y
	}
	switch {
	case op == "//":
		return number(q), nil
	case op == "%":
		return number(rest), nil
	case op == "/" && rest == 0:
		return number(q), nil
	}
	return value{}, cannot(in.line, "a fraction, %d%s%d", x, op, y)
}
