package lab

import (
	"slices"

	"wirelab/stack/problem"
)

// plan is the network as scenario and journal tell it, the past and the recorded future: what is added stays in it
// when it is taken out again, so that no number is ever given twice. It follows from those two, and is no state.
type plan struct {
	nodes   []Node
	ends    [][2]uint32 // of each link: the nodes
	gone    []uint64    // by node: how many entries of the journal it takes until it is taken out
	cut     []uint64    // by link: the same
	entries uint64      // of the journal, seen so far
	rules   int         // made by them
	changes bool        // one of them changes the plan
}

const staysIn = ^uint64(0)

// planOf returns the plan of a scenario with a journal that was checked.
func planOf(s *Scenario, journal []Entry) (p plan) {
	p.nodes = slices.Clone(s.Nodes)
	for i := range p.nodes {
		p.nodes[i].X, p.nodes[i].Y = onStage(p.nodes[i].X, p.nodes[i].Y)
	}
	for i := range s.Links {
		p.ends = append(p.ends, [2]uint32{s.Links[i].Ends[0].Node, s.Links[i].Ends[1].Node})
	}
	p.gone, p.cut = slices.Repeat([]uint64{staysIn}, len(p.nodes)), slices.Repeat([]uint64{staysIn}, len(p.ends))
	for i := range journal {
		p.apply(journal[i].Input)
	}
	return p
}

// apply follows an input that was checked.
func (p *plan) apply(in Input) {
	p.entries++
	if in, ok := in.(planner); ok {
		in.follow(p)
	}
}

// checkEnd says why a link cannot end there, or nil.
func (p *plan) checkEnd(e *LinkEnd) error {
	if err := p.checkNode(e.Node); err != nil {
		return err
	}
	return e.check(&p.nodes[e.Node])
}

func (p *plan) checkNode(id uint32) error {
	switch {
	case int(id) >= len(p.nodes):
		return problem.New("there is no node number %d", id)
	case p.gone[id] <= p.entries:
		return problem.New("%s was taken out of the lab", p.nodes[id].Name)
	}
	return nil
}

// checkHost says why id is no host, or nil.
func (p *plan) checkHost(id uint32) error {
	if err := p.checkNode(id); err != nil {
		return err
	}
	if !p.nodes[id].IsHost() {
		return problem.New("%s is no host", p.nodes[id].Name)
	}
	return nil
}

func (p *plan) checkLink(id uint32) error {
	switch {
	case int(id) >= len(p.ends):
		return problem.New("there is no link number %d", id)
	case p.cut[id] <= p.entries:
		return problem.New("the link %s was taken out of the lab", p.linkName(id))
	}
	return nil
}

func (p *plan) linkName(id uint32) string {
	return p.nodes[p.ends[id][0]].Name + "-" + p.nodes[p.ends[id][1]].Name
}

// Node returns what is known of a node, for looking at: name, label, kind and place. It may have been taken out since, or
// come later.
func (l *Lab) Node(id uint32) *Node { return &l.plan.nodes[id] }

// Nodes returns how many nodes there are or were by now; their ids count from zero.
func (l *Lab) Nodes() int { return len(l.nodes) }

// Ever returns how many nodes there are in all of history, those that come later included.
func (l *Lab) Ever() int { return len(l.plan.nodes) }

// Gone reports whether a node is not there now: it was taken out of the lab, or comes later.
func (l *Lab) Gone(id uint32) bool { return int(id) >= len(l.nodes) || l.plan.gone[id] <= l.Inputs }

// Cut reports whether a link is not there now.
func (l *Lab) Cut(id uint32) bool { return int(id) >= len(l.Links) || l.plan.cut[id] <= l.Inputs }

// Present ranges over the nodes that are there now.
func (l *Lab) Present(yield func(id uint32) bool) {
	for id := range uint32(len(l.nodes)) {
		if !l.Gone(id) && !yield(id) {
			return
		}
	}
}

// PresentLinks ranges over the links that are there now.
func (l *Lab) PresentLinks(yield func(i uint32) bool) {
	for i := range uint32(len(l.Links)) {
		if !l.Cut(i) && !yield(i) {
			return
		}
	}
}

// EndsOf returns the nodes at the ends of a link, which may have been taken out or come later.
func (l *Lab) EndsOf(link uint32) [2]uint32 { return l.plan.ends[link] }

// LinkName is how messages call a link: its ends.
func (l *Lab) LinkName(i uint32) string { return l.plan.linkName(i) }

// nameNow is what a node is called at this point of history; Node says what it is called in the end.
func (l *Lab) nameNow(id uint32) string {
	if h := l.nodes[id].host; h != nil {
		return h.Name
	}
	return l.Switches[id].Name
}

// linkNameNow is how filters call a link.
func (l *Lab) linkNameNow(i uint32) string {
	e := &l.Links[i].Ends
	return l.nameNow(e[0].Node) + "-" + l.nameNow(e[1].Node)
}

// Move puts a node elsewhere on the stage. Places belong to the document, not to history: they are as they were left,
// whatever the time.
func (l *Lab) Move(id uint32, x, y int32) {
	x, y = onStage(x, y)
	l.plan.nodes[id].X, l.plan.nodes[id].Y = x, y
	if int(id) < len(l.Scenario.Nodes) {
		n := &l.Scenario.Nodes[id]
		n.X, n.Y = x, y
		return
	}
	added := int(id) - len(l.Scenario.Nodes)
	for i := range l.Journal {
		if in, ok := l.Journal[i].Input.(AddNode); ok {
			if added == 0 {
				in.X, in.Y = x, y
				l.Journal[i].Input = in
			}
			added--
		}
	}
}
