package drill

import (
	"fmt"
	"strings"
)

// interpreter runs the snippets of a script in order; names live on between them.
type interpreter struct {
	r     *runner
	snap  *snapshot
	line  int
	names []binding
	seen  []binding // values of names that the present statement looked at
}

type binding struct {
	name  string
	value value
}

// runCode runs the snippets; it comes after the script, as their verdict is
// the last one.
func (r *runner) runCode() error {
	in := &interpreter{r: r}
	for i := range r.snapshots {
		in.snap = &r.snapshots[i]
		all, err := statements(in.snap.code)
		if err != nil {
			return err
		}
		for j := range all {
			if err := in.run(&all[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *interpreter) run(s *statement) error {
	in.line, in.seen = s.line, nil
	if s.kind == "pass" {
		return nil
	}
	v, err := in.eval(&s.exprs[0])
	if err != nil {
		return err
	}
	switch s.kind {
	case "assert":
		if v.truthy() {
			return nil
		}
		return failed(s.line, s.source, in.values())
	case "print", "expr":
		return nil
	case "=":
		in.assign(s.name, v)
		return nil
	}
	old, err := in.eval(&node{op: "name", text: s.name})
	if err == nil {
		v, err = in.arithmetic(strings.TrimSuffix(s.kind, "="), old, v)
		in.assign(s.name, v)
	}
	return err
}

// values lists what the names in a failed assertion stood for.
func (in *interpreter) values() string {
	var parts []string
	for _, n := range in.seen {
		if _, constant := infoConstants[n.name]; !constant {
			parts = append(parts, n.name+" = "+n.value.String())
		}
	}
	if parts == nil {
		return "something else"
	}
	return strings.Join(parts, ", ")
}

func (in *interpreter) assign(name string, v value) {
	for i := range in.names {
		if in.names[i].name == name {
			in.names[i].value = v
			return
		}
	}
	in.names = append(in.names, binding{name, v})
}

func (in *interpreter) eval(n *node) (value, error) {
	switch n.op {
	case "num":
		return number(n.num), nil
	case "str":
		return value{kind: 's', text: n.text}, nil
	case "name":
		return in.name(n.text)
	case "tuple":
		t := value{kind: 't'}
		for i := range n.kids {
			v, err := in.eval(&n.kids[i])
			if err != nil {
				return v, err
			}
			t.list = append(t.list, v)
		}
		return t, nil
	case "call":
		return in.call(n)
	case "cmp":
		return in.comparison(n)
	}
	left, err := in.eval(&n.kids[0])
	switch {
	case err != nil:
		return left, err
	case n.op == "not":
		return number(int64(truth(!left.truthy()))), nil
	case n.op == "or" && left.truthy(), n.op == "and" && !left.truthy():
		return left, nil
	case n.op == "or" || n.op == "and":
		return in.eval(&n.kids[1])
	case len(n.kids) == 1:
		return in.unary(n.op, left)
	}
	right, err := in.eval(&n.kids[1])
	if err != nil {
		return right, err
	}
	return in.arithmetic(n.op, left, right)
}

func (in *interpreter) name(name string) (value, error) {
	v, ok := in.resolve(name)
	if !ok {
		if strings.HasPrefix(name, "tcpi_") || strings.HasPrefix(name, "SK_MEMINFO") {
			return v, cannot(in.line, "%s of TCP_INFO is not there", name)
		}
		return v, cannot(in.line, "the name %s in code is not known", name)
	}
	for i := range in.seen {
		if in.seen[i].name == name {
			return v, nil
		}
	}
	in.seen = append(in.seen, binding{name, v})
	return v, nil
}

// resolve returns the value of a name: the script's own, True and False,
// TCP_INFO's and its constants.
func (in *interpreter) resolve(name string) (value, bool) {
	for i := range in.names {
		if in.names[i].name == name {
			return in.names[i].value, true
		}
	}
	switch name {
	case "True":
		return number(1), true
	case "False", "None":
		return number(0), true
	}
	if v, ok := in.snap.lookup(name); ok {
		return number(v), true
	}
	if rest, ok := strings.CutPrefix(name, "TCPI_"); ok && in.r.opts.Switches.Consts {
		if v, ok := infoConstants["TCP_"+rest]; ok {
			in.r.used("consts")
			return number(v), true
		}
	}
	return value{}, false
}

func (in *interpreter) call(n *node) (value, error) {
	var args []value
	for i := range n.kids {
		v, err := in.eval(&n.kids[i])
		if err != nil {
			return v, err
		}
		args = append(args, v)
	}
	switch {
	case n.text == "print", n.text == "str" && len(args) == 1, n.text == "hex" && len(args) == 1, n.text == "repr" && len(args) == 1:
		return value{kind: 's', text: fmt.Sprint(args)}, nil
	case n.text == "abs" && len(args) == 1 && args[0].kind == 'n':
		return number(max(args[0].num, -args[0].num)), nil
	case n.text == "int" && len(args) == 1 && args[0].kind == 'n':
		return args[0], nil
	case (n.text == "min" || n.text == "max") && len(args) > 0:
		best := args[0].num
		for _, v := range args {
			if v.kind != 'n' {
				return v, cannot(in.line, "%s() of something that is no number", n.text)
			}
			if (n.text == "min") == (v.num < best) {
				best = v.num
			}
		}
		return number(best), nil
	}
	return value{}, cannot(in.line, "%s() in code is not there", n.text)
}
