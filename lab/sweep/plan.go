// Package sweep reruns one lab many times with something else each time: another seed, another packet
// lost, another value of a setting. Runs do not know of each other, so they can be spread over
// cores and, in shards, over machines; what they print concatenates.
//
// It may import lab and what lies below it; it starts goroutines. Start reading at Plan.
package sweep

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack"
)

// MaxRuns bounds a sweep, so that a slip of the finger does not ask for a year.
const MaxRuns = 1_000_000

// Plan is a lab and what to change about it: the runs are all combinations of the axes' values, the last one fastest.
type Plan struct {
	Scenario lab.Scenario
	Journal  []lab.Entry
	UntilNs  int64
	Match    string // which packets a drop counts, as a filter; empty: all
	Axes     []Axis
}

// Axis is one thing that changes, and its values.
type Axis struct {
	Name   string
	Values []string
	apply  func(c *change, value string) error
}

// change is a lab that is about to be built.
type change struct {
	scenario lab.Scenario
	rules    []lab.Rule
}

// Runs returns how many there are.
func (p *Plan) Runs() int {
	n := 1
	for i := range p.Axes {
		n *= len(p.Axes[i].Values)
	}
	return n
}

// Over adds an axis: NAME=VALUES, with values such as 1,2,5 or 1-50 or 10-100/10.
func (p *Plan) Over(text string) error {
	name, list, _ := strings.Cut(text, "=")
	a := Axis{Name: name}
	var err error
	if a.apply, err = p.axis(name); err != nil {
		return err
	}
	if a.Values, err = values(list); err == nil && name == "drop" && list == "" {
		a.Values, err = p.everyPacket()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(a.Values) == 0 {
		return fmt.Errorf("%s needs values, such as %s=1-10 or %s=1,2,5", name, name, name)
	}
	p.Axes = append(p.Axes, a)
	if n := p.Runs(); n > MaxRuns {
		return fmt.Errorf("that makes %d runs; a sweep has at most %d", n, MaxRuns)
	}
	c := p.change()
	for _, v := range a.Values {
		if err := a.apply(c, v); err != nil {
			return err
		}
	}
	return nil
}

// axis finds out what a name means.
func (p *Plan) axis(name string) (func(*change, string) error, error) {
	switch who, what, _ := strings.Cut(name, "."); {
	case name == "seed":
		return setSeed, nil
	case name == "drop":
		return p.setDrop, nil
	case who == "link" && what != "":
		return p.linkAxis(what)
	case what != "":
		return p.sysctlAxis(who, what)
	}
	return nil, fmt.Errorf("there is nothing to sweep over called %q; there are seed, drop, link.NUMBER.SETTING and HOST.SYSCTL, of which NUMBER and HOST may be *", name)
}

func setSeed(c *change, value string) (err error) {
	c.scenario.Seed, err = strconv.ParseUint(value, 10, 64)
	if err != nil {
		return fmt.Errorf("a seed is a whole number, not %q", value)
	}
	return nil
}

// setDrop loses the n-th packet that is offered to a link.
func (p *Plan) setDrop(c *change, value string) error {
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		return fmt.Errorf("packets are counted from 1; %q is no number", value)
	}
	if n > 0 { // none, to compare with
		c.rules = append(c.rules, lab.Rule{Filter: p.Match, Nth: n, Surgery: lab.Surgery{Action: lab.ActDrop}})
	}
	return nil
}

func (p *Plan) linkAxis(what string) (func(*change, string) error, error) {
	number, setting, _ := strings.Cut(what, ".")
	s, err := link.FindSetting(setting)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(number)
	if number != "*" && (err != nil || n < 0 || n >= len(p.Scenario.Links)) {
		return nil, fmt.Errorf("there is no link number %s; there are 0 to %d", number, len(p.Scenario.Links)-1)
	}
	return func(c *change, value string) error {
		for i := range c.scenario.Links {
			if number != "*" && i != n {
				continue
			}
			for d := range c.scenario.Links[i].Params {
				if err := s.Set(&c.scenario.Links[i].Params[d], value); err != nil {
					return err
				}
			}
		}
		return nil
	}, nil
}

func (p *Plan) sysctlAxis(who, name string) (func(*change, string) error, error) {
	if who != "*" && !slices.ContainsFunc(p.Scenario.Nodes, func(n lab.Node) bool { return n.Name == who && n.IsHost() }) {
		return nil, fmt.Errorf("there is no host %q", who)
	}
	return func(c *change, value string) error {
		if err := stack.CheckSysctl(name, value); err != nil {
			return err
		}
		for i := range c.scenario.Nodes {
			if n := &c.scenario.Nodes[i]; n.IsHost() && (who == "*" || n.Name == who) {
				n.Sysctls = append(slices.Clip(n.Sysctls), lab.Setting{Name: name, Value: value})
			}
		}
		return nil
	}, nil
}

// change returns a copy of the scenario to be changed.
func (p *Plan) change() *change {
	c := &change{scenario: p.Scenario}
	c.scenario.Nodes = slices.Clone(p.Scenario.Nodes)
	c.scenario.Links = slices.Clone(p.Scenario.Links)
	return c
}

// everyPacket lists the packets of the lab as it is, and none.
func (p *Plan) everyPacket() ([]string, error) {
	c := p.change()
	c.rules = []lab.Rule{{Filter: p.Match, Nth: 1 << 63, Surgery: lab.Surgery{Action: lab.ActDrop}}} // it counts, and never acts
	l, _, err := p.build(c)
	if err != nil {
		return nil, err
	}
	return values(fmt.Sprintf("0-%d", l.Rules[0].Seen))
}

// values reads a list of words and of ranges with an optional step.
func values(list string) (all []string, err error) {
	if list == "" {
		return nil, nil
	}
	for word := range strings.SplitSeq(list, ",") {
		from, to, step, ok := span(word)
		if !ok {
			all = append(all, word)
			continue
		}
		if step == 0 || to < from || (to-from)/step >= MaxRuns {
			return nil, fmt.Errorf("%q is no range that ends; write it as 1-50, or as 10-100/10", word)
		}
		for v := from; v <= to; v += step {
			all = append(all, strconv.FormatUint(v, 10))
		}
	}
	if slices.Contains(all, "") {
		return nil, errors.New("there is an empty value between two commas")
	}
	return all, nil
}

// span reads a range of numbers.
func span(word string) (from, to, step uint64, ok bool) {
	word, by, stepped := strings.Cut(word, "/")
	a, b, ranged := strings.Cut(word, "-")
	from, err1 := strconv.ParseUint(a, 10, 62)
	to, err2 := strconv.ParseUint(b, 10, 62)
	step = 1
	var err3 error
	if stepped {
		step, err3 = strconv.ParseUint(by, 10, 62)
	}
	return from, to, step, ranged && err1 == nil && err2 == nil && err3 == nil
}
