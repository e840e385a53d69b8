package sweep

import (
	"slices"

	"wirelab/lab"
	"wirelab/lab/link"
)

// change is a lab that is about to be built with something else about it. Where the journal sets what is swept over, the swept value
// takes the place of the journal's: a setting of a host, or that parameter of a link, keeps it for as long as the lab runs. What
// programs set, such as sysctl -w or tc typed at a terminal, counts from then on.
type change struct {
	plan     *Plan
	scenario lab.Scenario
	drops    []lab.Rule
	sysctls  []sysctl
	links    []linkSetting
	rules    []ruleSetting
}

// sysctl is a value of a setting of one host.
type sysctl struct {
	node        uint32
	name, value string
}

// linkSetting is a value of a parameter of both directions of one link.
type linkSetting struct {
	link    uint32
	setting *link.Setting
	value   string
}

// ruleSetting changes a rule of the journal, by its number counted from 0.
type ruleSetting struct {
	rule int
	set  func(*lab.Rule)
}

// change returns the lab as it is, to be changed.
func (p *Plan) change() *change { return &change{plan: p, scenario: p.Scenario} }

// lab builds the changed lab, with its whole journal ahead.
func (c *change) lab() (*lab.Lab, error) {
	c.changeScenario()
	l, err := lab.New(c.scenario)
	if err != nil {
		return nil, err
	}
	l.NoCheckpoints()
	return l, l.Load(c.journal(c.plan.Journal))
}

// changeScenario gives what is there from the start its values: a host has them before anything happens on it.
func (c *change) changeScenario() {
	c.scenario.Nodes, c.scenario.Links = slices.Clone(c.scenario.Nodes), slices.Clone(c.scenario.Links)
	for _, s := range c.sysctls {
		if int(s.node) < len(c.scenario.Nodes) {
			n := &c.scenario.Nodes[s.node]
			n.Sysctls = append(slices.Clip(n.Sysctls), lab.Setting{Name: s.name, Value: s.value})
		}
	}
	for i := range c.scenario.Links {
		c.setLink(uint32(i), &c.scenario.Links[i].Params[0])
		c.setLink(uint32(i), &c.scenario.Links[i].Params[1])
	}
}

// setLink gives the parameters of one direction of a link their values, which were read before.
func (c *change) setLink(id uint32, p *link.Params) {
	for _, s := range c.links {
		if s.link == id {
			_ = s.setting.Set(p, s.value)
		}
	}
}

// journal returns the entries of a journal, changed. Rules that drop packets come before all of them, and settings of a host right
// behind the entry that adds it.
func (c *change) journal(entries []lab.Entry) (out []lab.Entry) {
	for _, r := range c.drops {
		out = append(out, lab.Entry{At: lab.Position{Order: 1}, Input: lab.AddRule{Rule: r}})
	}
	nodes, links, rules := uint32(len(c.scenario.Nodes)), uint32(len(c.scenario.Links)), 0
	for _, e := range entries {
		switch in := e.Input.(type) {
		case lab.AddNode:
			out = append(out, e)
			out = append(out, c.settingsOf(nodes, e.At)...)
			nodes++
			continue
		case lab.AddLink:
			c.setLink(links, &in.Params[0])
			c.setLink(links, &in.Params[1])
			e.Input = in
			links++
		case lab.SetLink:
			c.setLink(in.Link, &in.Params)
			e.Input = in
		case lab.SetSysctl:
			for _, s := range c.sysctls {
				if s.node == in.Node && s.name == in.Name {
					in.Value = s.value
				}
			}
			e.Input = in
		case lab.AddRule:
			for _, s := range c.rules {
				if s.rule == rules {
					s.set(&in.Rule)
				}
			}
			e.Input = in
			rules++
		case lab.RemoveRule:
			in.Number += uint64(len(c.drops))
			e.Input = in
		}
		out = append(out, e)
	}
	return out
}

// settingsOf returns the entries that give a host its values as soon as it is there.
func (c *change) settingsOf(node uint32, at lab.Position) (entries []lab.Entry) {
	for _, s := range c.sysctls {
		if s.node == node {
			entries = append(entries, lab.Entry{At: at, Input: lab.SetSysctl{Node: node, Name: s.name, Value: s.value}})
		}
	}
	return entries
}
