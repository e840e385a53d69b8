package lab

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirelab/lab/link"
	"wirelab/stack/problem"
	"wirelab/stack/timer"
)

// AddNode adds a node; the next number is its.
type AddNode struct {
	Name, Label string
	Kind        uint8
	X, Y        int32 // in stage units
}

// AddLink adds a link; the next number is its. Params are those from the first end, and from the second.
type AddLink struct {
	Ends   [2]LinkEnd
	Params [2]link.Params
}

// RemoveNode takes a node out, and all its links.
type RemoveNode struct{ Node uint32 }

// RemoveLink takes a link out.
type RemoveLink struct{ Link uint32 }

// Rename gives a node another name and label.
type Rename struct {
	Node        uint32
	Name, Label string
}

func (in AddNode) check(p *plan) error {
	if len(p.nodes) >= maxNodes {
		return problem.New("a lab has at most %d nodes", maxNodes)
	}
	if in.Kind > KindRouter {
		return problem.New("there is no kind %d of nodes in this version", in.Kind)
	}
	return p.checkName(in.Name, in.Label)
}

func (in AddNode) present(*Lab) error { return checkPlace(in.X, in.Y) }

func (in AddLink) check(p *plan) error {
	if len(p.ends) >= maxLinks {
		return problem.New("a lab has at most %d links", maxLinks)
	}
	for side := range in.Ends {
		if err := p.checkEnd(&in.Ends[side]); err != nil {
			return err
		}
	}
	if in.Ends[0].Node == in.Ends[1].Node {
		return problem.New("a link has two ends: it cannot lead from %s to itself", p.nodes[in.Ends[0].Node].Name)
	}
	for dir := range in.Params {
		if err := checkParams(&in.Params[dir]); err != nil {
			return err
		}
	}
	return nil
}

func (in RemoveNode) check(p *plan) error { return p.checkNode(in.Node) }
func (in RemoveLink) check(p *plan) error { return p.checkLink(in.Link) }

func (in Rename) check(p *plan) error {
	if err := p.checkNode(in.Node); err != nil {
		return err
	}
	if in.Name == p.nodes[in.Node].Name {
		return CheckLabel(problem.Word("a label"), in.Label)
	}
	return p.checkName(in.Name, in.Label)
}

const maxName = 63 // bytes, as in DNS (RFC 1035 §2.3.4)

// checkName says why a node cannot have this name and label in a network that looks like p, or nil.
func (p *plan) checkName(name, label string) error {
	if err := checkNodeName(name, label); err != nil {
		return err
	}
	if slices.ContainsFunc(p.nodes, func(n Node) bool { return n.Name == name }) {
		return problem.New("there is, or was, another node called %s; give it a name of its own", name)
	}
	return nil
}

// checkNodeName says why no node can have this name and label, or nil.
func checkNodeName(name, label string) error {
	switch {
	case name == "" || len(name) > maxName:
		return problem.New("a name has 1 to %d bytes; %q has %d", maxName, name[:min(len(name), maxName)], len(name))
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) || !utf8.ValidString(name):
		return problem.New("a name has no blanks, no line breaks and no signs that cannot be seen")
	case strings.ContainsAny(name, `*"'$`) || name[0] == '-':
		return problem.New("%s would be taken for something else where names are written: leave out * \" ' $ and a hyphen at the beginning", name)
	}
	return CheckLabel(problem.Word("a label"), label)
}

func (in AddNode) follow(p *plan) {
	p.changes = true
	in.X, in.Y = onStage(in.X, in.Y)
	p.nodes = append(p.nodes, Node{Name: in.Name, Label: in.Label, Kind: in.Kind, X: in.X, Y: in.Y})
	p.gone = append(p.gone, staysIn)
}

func (in AddLink) follow(p *plan) {
	p.changes = true
	p.ends = append(p.ends, [2]uint32{in.Ends[0].Node, in.Ends[1].Node})
	p.cut = append(p.cut, staysIn)
}

func (in RemoveNode) follow(p *plan) {
	p.changes = true
	p.gone[in.Node] = p.entries
	for i := range p.ends {
		if p.ends[i][0] == in.Node || p.ends[i][1] == in.Node {
			p.cut[i] = min(p.cut[i], p.entries)
		}
	}
}

func (in RemoveLink) follow(p *plan) {
	p.changes = true
	p.cut[in.Link] = p.entries
}

func (in Rename) follow(p *plan) {
	p.changes = true
	p.nodes[in.Node].Name, p.nodes[in.Node].Label = in.Name, in.Label
}

func (in AddNode) do(l *Lab) {
	l.rebuilt = true
	l.addNode(in.Name, in.Kind)
}

// do plugs a link in between nodes that run.
func (in AddLink) do(l *Lab) {
	l.rebuilt = true
	for side := range in.Ends {
		if id := in.Ends[side].Node; l.nodes[id].host != nil {
			l.touch(id)
		}
	}
	l.addLink(&Link{Ends: in.Ends, Params: in.Params})
	for side, end := range l.Links[len(l.Links)-1].Ends {
		l.onHost(end.Node, func(*node) { l.configure6(end.Node, end.Port, &in.Ends[side]) })
	}
	if l.Scenario.KnowsMAC {
		for id := range l.Present {
			l.nodes[id].kept = nil
		}
		_ = l.introduce() // or they are too many: then newcomers have to ask
	}
}

func (in RemoveNode) do(l *Lab) {
	l.cutLinks()
	l.powerOff(in.Node)
}

func (in RemoveLink) do(l *Lab) { l.cutLinks() }

func (in Rename) do(l *Lab) {
	l.rebuilt = true
	if l.nodes[in.Node].host == nil {
		l.Switches[in.Node].Name = in.Name
	} else {
		l.onHost(in.Node, func(n *node) { n.host.Name = in.Name })
	}
}

// cutLinks takes out the links that go with the entry that is being done.
func (l *Lab) cutLinks() {
	l.rebuilt = true
	for i := range uint32(len(l.Links)) {
		if l.plan.cut[i] == l.Inputs {
			l.cutLink(i)
		}
	}
}

// cutLink takes a link out: what is on its way over it falls off, and nothing gets through any more.
func (l *Lab) cutLink(id uint32) {
	k, env := &l.Links[id], l.wires()
	k.Cut(env)
	for dir := range k.Dir {
		l.Queue.Set(wayID(id, uint8(dir)), timer.Never)
		if end := k.Ends[dir]; l.nodes[end.Node].host == nil {
			l.Switches[end.Node].Forget(end.Port)
		}
	}
}

// powerOff ends a node. What stays is an empty one, so that the numbers of the others mean what they meant.
func (l *Lab) powerOff(id uint32) {
	n := &l.nodes[id]
	l.Queue.Set(nodeID(id), timer.Never)
	l.Switches[id] = link.Switch{Name: l.Switches[id].Name}
	n.ports, n.kept = nil, nil
	if n.host == nil {
		return
	}
	name := n.host.Name
	l.release(n)
	*n = newNode()
	n.host = l.newHost(id, name)
}
