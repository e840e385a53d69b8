package lab

import (
	"wirelab/stack"
	"wirelab/stack/problem"
)

// Exec types a line at the terminal of a host.
type Exec struct {
	Node uint32
	Line string
}

// Interrupt presses ^C at the terminal of a host.
type Interrupt struct{ Node uint32 }

// EndInput presses ^D at the terminal of a host.
type EndInput struct{ Node uint32 }

// SetSysctl gives a setting of a host a value.
type SetSysctl struct {
	Node        uint32
	Name, Value string
}

// SetAddress gives an interface the addresses of End instead of those that it has; End.Node means nothing.
type SetAddress struct {
	Node, Iface uint32
	End         LinkEnd
}

// maxLine bounds a line that somebody types, in bytes.
const maxLine = 4096

func checkLine(text string) error {
	if len(text) > maxLine {
		return problem.New("a line has at most %d bytes, this one has %d", maxLine, len(text))
	}
	if hasControl(text) {
		return problem.New("a line has no line breaks or other control characters; type one line after the other")
	}
	return nil
}

// hasControl is strings.ContainsFunc(s, unicode.IsControl), fast: a journal may have hundreds of thousands of lines.
func hasControl(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == 0x7f || c == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0 {
			return true
		}
	}
	return false
}

func (in Exec) check(p *plan) error {
	if err := p.checkHost(in.Node); err != nil {
		return err
	}
	return checkLine(in.Line)
}

func (in Interrupt) check(p *plan) error { return p.checkHost(in.Node) }
func (in EndInput) check(p *plan) error  { return p.checkHost(in.Node) }

func (in SetSysctl) check(p *plan) error {
	if err := p.checkHost(in.Node); err != nil {
		return err
	}
	if err := checkLine(in.Name + in.Value); err != nil {
		return err
	}
	return stack.CheckSysctl(in.Name, in.Value)
}

func (in SetAddress) check(p *plan) error {
	if err := p.checkHost(in.Node); err != nil {
		return err
	}
	return in.End.check(&p.nodes[in.Node])
}

func (in SetAddress) present(l *Lab) error {
	if n := &l.nodes[in.Node]; int(in.Iface) >= len(n.ports) {
		return problem.New("%s has no interface number %d; it has %d", n.host.Name, in.Iface, len(n.ports))
	}
	return nil
}

func (in Exec) do(l *Lab) {
	l.onHost(in.Node, func(n *node) { n.machine.Exec(&l.sys, in.Line) })
}

func (in Interrupt) do(l *Lab) {
	l.onHost(in.Node, func(n *node) { n.machine.Interrupt(&l.sys) })
}

func (in EndInput) do(l *Lab) {
	l.onHost(in.Node, func(n *node) { n.machine.EndInput(&l.sys) })
}

func (in SetSysctl) do(l *Lab) {
	l.onHost(in.Node, func(n *node) { n.host.SetSysctl(in.Name, in.Value) })
}

func (in SetAddress) do(l *Lab) {
	l.onHost(in.Node, func(n *node) { n.setAddresses(in.Iface, &in.End) })
}
