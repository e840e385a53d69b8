package sweep

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirelab/lab"
)

// cast is everything that is ever there in a lab, whether it stands in the scenario or the journal adds it.
type cast struct {
	nodes []member
	links []line
	rules int // that the journal makes
}

// member is a node. A switch has no settings.
type member struct {
	names   []string // one after the other; the last is the final one
	host    bool
	addedNs int64 // 0: it is there from the start
	entry   int   // of the journal, that adds it; -1: it stands in the scenario
}

// line is a link.
type line struct {
	ends    [2]uint32
	addedNs int64
}

// castOf follows the journal of a lab.
func castOf(s *lab.Scenario, journal []lab.Entry) *cast {
	c := new(cast)
	for i := range s.Nodes {
		c.nodes = append(c.nodes, member{names: []string{s.Nodes[i].Name}, host: s.Nodes[i].IsHost(), entry: -1})
	}
	for i := range s.Links {
		c.links = append(c.links, line{ends: [2]uint32{s.Links[i].Ends[0].Node, s.Links[i].Ends[1].Node}})
	}
	for i, e := range journal {
		switch in := e.Input.(type) {
		case lab.AddNode:
			node := lab.Node{Kind: in.Kind}
			c.nodes = append(c.nodes, member{names: []string{in.Name}, host: node.IsHost(), addedNs: e.At.TimeNs, entry: i})
		case lab.AddLink:
			c.links = append(c.links, line{[2]uint32{in.Ends[0].Node, in.Ends[1].Node}, e.At.TimeNs})
		case lab.Rename:
			if m := &c.nodes[in.Node]; m.name() != in.Name {
				m.names = append(m.names, in.Name)
			}
		case lab.AddRule:
			c.rules++
		}
	}
	return c
}

// name returns what a node is called in the end.
func (m *member) name() string { return m.names[len(m.names)-1] }

// host returns the numbers of the hosts that a name means: the one that has it in the end, else the one that had it once. "*" means all
// that are ever there.
func (c *cast) host(name string) ([]uint32, error) {
	var all, once []uint32
	for i := range c.nodes {
		m := &c.nodes[i]
		switch {
		case name == "*" && m.host:
			all = append(all, uint32(i))
		case m.name() == name && !m.host:
			return nil, fmt.Errorf("%s is a switch, which has no settings; there are %s", name, c.hostNames())
		case m.name() == name:
			return []uint32{uint32(i)}, nil
		case m.host && slices.Contains(m.names, name):
			once = append(once, uint32(i))
		}
	}
	switch {
	case name == "*" && len(all) > 0:
		return all, nil
	case len(once) == 1:
		return once, nil
	case len(once) > 1:
		return nil, fmt.Errorf("more than one host was called %s; take the names that they have in the end: %s", name, c.hostNames())
	case c.hostNames() == "":
		return nil, fmt.Errorf("the lab has no hosts, so %s has no settings to sweep over", name)
	}
	return nil, fmt.Errorf("there is no host %q; there are %s", name, c.hostNames())
}

// hostNames lists the hosts.
func (c *cast) hostNames() string {
	var names []string
	for i := range c.nodes {
		if m := &c.nodes[i]; m.host {
			names = append(names, m.name()+added(m.addedNs))
		}
	}
	return list(names)
}

// link returns the numbers of the links that a text means: one by its number, those between two nodes by their names, or all.
func (c *cast) link(which string) (found []uint32, err error) {
	if len(c.links) == 0 {
		return nil, fmt.Errorf("the lab has no links, so there is nothing to change about link %s", which)
	}
	n, bad := strconv.Atoi(which)
	if bad == nil && n >= 0 && n < len(c.links) {
		return []uint32{uint32(n)}, nil
	}
	for i := range c.links {
		if which == "*" || c.joins(&c.links[i], which) {
			found = append(found, uint32(i))
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no link %s; there are %s", which, c.linkNames())
	}
	return found, nil
}

// joins reports whether a link is called so by its ends, in either order, by any names that they ever had.
func (c *cast) joins(l *line, which string) bool {
	for _, a := range c.nodes[l.ends[0]].names {
		for _, b := range c.nodes[l.ends[1]].names {
			if which == a+"-"+b || which == b+"-"+a {
				return true
			}
		}
	}
	return false
}

// linkNames lists the links.
func (c *cast) linkNames() string {
	var names []string
	for i := range c.links {
		l := &c.links[i]
		names = append(names, fmt.Sprintf("%d (%s-%s%s)", i, c.nodes[l.ends[0]].name(), c.nodes[l.ends[1]].name(), strings.NewReplacer(" (", ", ", ")", "").Replace(added(l.addedNs))))
	}
	return list(names)
}

// added says since when something is there, nothing if it is from the start.
func added(ns int64) string {
	if ns == 0 {
		return ""
	}
	return " (added at " + lab.InstantText(ns) + ")"
}

const mostNames = 20 // that a message lists

// list joins the names of what there is.
func list(names []string) string {
	if more := len(names) - mostNames; more > 0 {
		names = append(names[:mostNames:mostNames], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}
