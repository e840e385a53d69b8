package drill

import (
	"slices"
	"strings"
)

// Call is a system call and what it must return.
type Call struct {
	Name   string
	Args   []Expr
	Result Expr
	Errno  string // symbol, or ""
}

// ExprKind says what an argument is.
type ExprKind uint8

// Kinds of arguments.
const (
	Ellipsis ExprKind = iota // ...: the runner supplies it, or does not care
	Int
	Word   // a symbol
	Or     // symbols and numbers joined by |
	String // "…"
	List   // […]: values by pointer
	Struct // {…}: fields, or values in order
	Apply  // name(…), such as htons(80)
)

// Expr is an argument of a call, or a result.
type Expr struct {
	Kind   ExprKind
	Int    int64
	Text   string // of Word, String, and the name of Apply
	List   []Expr // of Or, List, Apply; values without a name in Struct
	Fields []Field
	Line   int
}

// Field is name=value in a Struct; Size is what stands in name(…)=.
type Field struct {
	Name  string
	Size  []Expr
	Value Expr
}

// call reads name(args) = result [ERRNO (text)] [(note)].
func (c *cursor) call() (*Call, error) {
	k := &Call{}
	var err error
	if k.Name, err = c.word(); err != nil {
		return nil, err
	}
	if err := c.expect("(", "behind the name of a call"); err != nil {
		return nil, err
	}
	if k.Args, err = c.list(")", 0); err != nil {
		return nil, err
	}
	if err := c.expect("=", "in front of the result"); err != nil {
		return nil, err
	}
	if k.Result, err = c.expr(0); err != nil {
		return nil, err
	}
	if err := c.skip(); err != nil {
		return nil, err
	}
	if c.peekWord() != "" {
		if k.Errno, err = c.word(); err != nil {
			return nil, err
		}
		if k.Errno[0] != 'E' {
			return nil, c.errorf("expected an error such as EAGAIN behind the result, not %q", k.Errno)
		}
	}
	return k, c.notes()
}

// notes passes over the (text) behind a result.
func (c *cursor) notes() error {
	for range 2 {
		if err := c.skip(); err != nil {
			return err
		}
		if !c.sees("(") {
			return nil
		}
		depth, n := 0, 0
		for ; ; n++ {
			switch c.at(n) {
			case '(':
				depth++
			case ')':
				depth--
			case 0, '\n':
				return c.errorf("the note ( has no end on its line")
			}
			if depth == 0 {
				break
			}
		}
		c.advance(n + 1)
	}
	return nil
}

// list reads values up to the closing mark.
func (c *cursor) list(closing string, depth int) (values []Expr, err error) {
	if ok, err := c.accept(closing); err != nil || ok {
		return nil, err
	}
	for {
		v, err := c.expr(depth + 1)
		if err != nil {
			return nil, err
		}
		if values = append(values, v); len(values) > maxValues {
			return nil, c.errorf("more than %d values in a list", maxValues)
		}
		ok, err := c.accept(",")
		if err != nil {
			return nil, err
		}
		if !ok {
			return values, c.expect(closing, "or a comma behind a value")
		}
	}
}

// expr reads a value, or several joined by |.
func (c *cursor) expr(depth int) (Expr, error) {
	if depth > maxDepth {
		return Expr{}, c.errorf("arguments nested more than %d deep", maxDepth)
	}
	first, err := c.value(depth)
	if err != nil {
		return first, err
	}
	or := Expr{Kind: Or, Line: first.Line}
	for len(or.List) < maxValues {
		ok, err := c.accept("|")
		if err != nil {
			return first, err
		}
		if !ok {
			break
		}
		next, err := c.value(depth)
		if err != nil {
			return first, err
		}
		or.List = append(or.List, next)
	}
	if or.List == nil {
		return first, nil
	}
	or.List = append([]Expr{first}, or.List...)
	for _, v := range or.List {
		if v.Kind != Word && v.Kind != Int {
			return or, c.errorf("only numbers and symbols can be joined by |")
		}
	}
	return or, nil
}

func (c *cursor) value(depth int) (e Expr, err error) {
	if err = c.skip(); err != nil {
		return e, err
	}
	e.Line = c.line
	switch b := c.at(0); {
	case c.sees("..."):
		c.advance(3)
	case b == '"':
		e.Kind = String
		e.Text, err = c.strings()
	case b == '[':
		c.advance(1)
		e.Kind = List
		e.List, err = c.list("]", depth)
	case b == '{':
		c.advance(1)
		e.Kind = Struct
		err = c.fields(&e, depth)
	case isLetter(b), b == '&' && isLetter(c.at(1)): // &sin6_addr: where a result goes
		if b == '&' {
			c.advance(1)
		}
		if e.Text, err = c.word(); err != nil {
			return e, err
		}
		e.Kind = Word
		if ok, err := c.accept("("); err != nil || ok {
			e.Kind = Apply
			if err == nil {
				e.List, err = c.list(")", depth)
			}
			return e, err
		}
	default:
		e.Kind = Int
		e.Int, err = c.number("an argument")
	}
	return e, err
}

// strings reads "a" "b" as "ab".
func (c *cursor) strings() (string, error) {
	var all strings.Builder
	for c.sees(`"`) {
		s, err := c.quoted(`"`, `"`)
		if err != nil {
			return "", err
		}
		if s, err = c.unescape(s); err != nil {
			return "", err
		}
		all.WriteString(s)
		if err := c.skip(); err != nil {
			return "", err
		}
	}
	return all.String(), nil
}

// fields reads name=value, name(size)=value or plain values up to }.
func (c *cursor) fields(e *Expr, depth int) error {
	if ok, err := c.accept("}"); err != nil || ok {
		return err
	}
	for len(e.Fields)+len(e.List) < maxValues {
		v, err := c.expr(depth + 1)
		if err != nil {
			return err
		}
		named, err := c.accept("=")
		switch {
		case err != nil:
			return err
		case named && v.Kind != Word && v.Kind != Apply:
			return c.errorf("expected the name of a field in front of =")
		case named:
			f := Field{Name: v.Text, Size: v.List}
			if f.Value, err = c.expr(depth + 1); err != nil {
				return err
			}
			e.Fields = append(e.Fields, f)
		default:
			e.List = append(e.List, v)
		}
		ok, err := c.accept(",")
		if err != nil {
			return err
		}
		if !ok {
			return c.expect("}", "or a comma behind a field")
		}
	}
	return c.errorf("more than %d fields", maxValues)
}

// either returns the value of a field that has two names, or nil.
func (e *Expr) either(a, b string) *Expr {
	if f := e.field(a); f != nil {
		return f
	}
	return e.field(b)
}

// onlyFields refuses fields that nobody would look at.
func (e *Expr) onlyFields(what string, known ...string) error {
	for i := range e.Fields {
		if !slices.Contains(known, e.Fields[i].Name) {
			return cannot(e.Line, "%s in %s", e.Fields[i].Name, what)
		}
	}
	return nil
}

// field returns the value of a field, or nil.
func (e *Expr) field(name string) *Expr {
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			return &e.Fields[i].Value
		}
	}
	return nil
}
