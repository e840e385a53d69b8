// Package sweep reruns one lab many times with something else each time: another seed, another packet
// lost, another value of a setting. It works on labs of any origin: what the journal adds is found like what the
// scenario has. Runs do not know of each other, so they can be spread over
// cores and, in shards, over machines; what they print concatenates.
//
// It may import lab and what lies below it; it starts goroutines. Start reading at Plan, then change.go.
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

// maxRuns bounds a sweep, so that a slip of the finger does not ask for a year.
const maxRuns = 1_000_000

// Plan is a lab and what to change about it: the runs are all combinations of the axes' values, the last one fastest.
type Plan struct {
	Scenario lab.Scenario
	Journal  []lab.Entry
	Until    *int64 // ns, where each run ends; nil: where it comes to rest (lab.RunToRest)
	Match    string // which packets a drop counts, as a filter; empty: all
	Axes     []Axis

	cast *cast
}

// Axis is one thing that changes, and its values.
type Axis struct {
	Name   string
	Values []string
	apply  func(c *change, value string) error
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
	if p.cast == nil {
		p.cast = castOf(&p.Scenario, p.Journal)
	}
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
	if n := p.Runs(); n > maxRuns {
		return fmt.Errorf("that makes %d runs; a sweep has at most %d", n, maxRuns)
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
	if who, what, ok := cutSysctl(name); ok {
		return p.sysctlAxis(who, what)
	}
	who, what, _ := strings.Cut(name, ".")
	switch {
	case name == "seed":
		return setSeed, nil
	case name == "drop":
		return p.setDrop, nil
	case who == "link" && what != "":
		return p.linkAxis(what)
	case who == "rule" && what != "":
		return p.ruleAxis(what)
	case what != "":
		return nil, p.noSetting(name)
	}
	return nil, fmt.Errorf("there is nothing to sweep over called %q; there are seed, drop, link.NUMBER.SETTING, link.NODE-NODE.SETTING, rule.NUMBER and HOST.SYSCTL, of which link.* and * mean all", name)
}

// noSetting says what is wrong with HOST.WHAT, which is no setting: if there is a host, what; else that there is none.
func (p *Plan) noSetting(name string) error {
	for at, c := range name {
		if c != '.' {
			continue
		}
		if _, err := p.cast.host(name[:at]); err == nil {
			return stack.CheckSysctl(name[at+1:], "")
		}
	}
	who, _, _ := strings.Cut(name, ".")
	_, err := p.cast.host(who)
	return err
}

// cutSysctl parts HOST.SYSCTL. Both may have dots in them; the setting is one that there is, the longest that fits.
func cutSysctl(name string) (who, what string, ok bool) {
	for _, s := range stack.Sysctls() {
		if before, found := strings.CutSuffix(name, "."+s); found && before != "" && len(s) > len(what) {
			who, what, ok = before, s, true
		}
	}
	return who, what, ok
}

func setSeed(c *change, value string) (err error) {
	c.scenario.Seed, err = strconv.ParseUint(value, 10, 64)
	if err != nil {
		return fmt.Errorf("a seed is a whole number, not %q", value)
	}
	return nil
}

// never is the number of a packet that does not come: a rule for it counts, and does not act.
const never = 1 << 63

// setDrop loses the n-th packet that is offered to a link. Zero is none, to compare with.
func (p *Plan) setDrop(c *change, value string) error {
	n, err := strconv.ParseUint(value, 10, 62)
	if err != nil {
		return fmt.Errorf("packets are counted from 1; %q is no number", value)
	}
	if n == 0 {
		return nil
	}
	c.drops = append(c.drops, lab.Rule{Filter: p.Match, Nth: n, Surgery: lab.Surgery{Action: lab.ActDrop}})
	return nil
}

// linkAxis changes a parameter of both directions of links.
func (p *Plan) linkAxis(what string) (func(*change, string) error, error) {
	dot := strings.LastIndexByte(what, '.')
	if dot < 0 {
		return nil, fmt.Errorf("link.%s lacks a setting; write link.0.delay, link.A-B.loss or link.*.rate", what)
	}
	s, err := link.FindSetting(what[dot+1:])
	if err != nil {
		return nil, err
	}
	ids, err := p.cast.link(what[:dot])
	if err != nil {
		return nil, err
	}
	return func(c *change, value string) error {
		if err := s.Set(new(link.Params), value); err != nil {
			return err
		}
		for _, id := range ids {
			c.links = append(c.links, linkSetting{id, s, value})
		}
		return nil
	}, nil
}

// sysctlAxis changes a setting of hosts.
func (p *Plan) sysctlAxis(who, name string) (func(*change, string) error, error) {
	ids, err := p.cast.host(who)
	if err != nil {
		return nil, err
	}
	return func(c *change, value string) error {
		if err := stack.CheckSysctl(name, value); err != nil {
			return err
		}
		for _, id := range ids {
			c.sysctls = append(c.sysctls, sysctl{id, name, value})
		}
		return nil
	}, nil
}

// ruleAxis changes a rule that somebody made, counted from 1 as in the window: whether it acts at all, on which packet, or how likely.
func (p *Plan) ruleAxis(what string) (func(*change, string) error, error) {
	number, field, _ := strings.Cut(what, ".")
	n, err := strconv.Atoi(number)
	switch {
	case p.cast.rules == 0:
		return nil, fmt.Errorf("the lab has no rules, so there is nothing to change about rule %s", number)
	case err != nil || n < 1 || n > p.cast.rules:
		return nil, fmt.Errorf("there is no rule %s; there are 1 to %d", number, p.cast.rules)
	case !slices.Contains([]string{"", "nth", "chance"}, field):
		return nil, fmt.Errorf("a rule has no setting %q; there are rule.%d=on,off, rule.%d.nth=1-50 and rule.%d.chance=1%%,10%%", field, n, n, n)
	}
	return func(c *change, value string) error {
		set, err := readRule(field, value)
		if err == nil {
			c.rules = append(c.rules, ruleSetting{n - 1, set})
		}
		return err
	}, nil
}

// readRule reads a value of a field of a rule.
func readRule(field, value string) (func(*lab.Rule), error) {
	switch field {
	case "nth":
		n, err := strconv.ParseUint(value, 10, 62)
		if err != nil || n == 0 {
			return nil, fmt.Errorf("packets are counted from 1; %q is no number", value)
		}
		return func(r *lab.Rule) { r.Nth, r.PPM = n, 0 }, nil
	case "chance":
		ppm, err := link.ParseShare(value)
		if err != nil || ppm == 0 {
			return nil, fmt.Errorf("a chance is a share such as 10%%, and more than none, not %q", value)
		}
		return func(r *lab.Rule) { r.Nth, r.PPM = 0, ppm }, nil
	}
	switch value {
	case "on":
		return func(*lab.Rule) {}, nil
	case "off":
		return func(r *lab.Rule) { r.Nth = never }, nil
	}
	return nil, fmt.Errorf("a rule is on or off, not %q", value)
}

// everyPacket lists the packets of the lab as it is, and none.
func (p *Plan) everyPacket() ([]string, error) {
	c := p.change()
	c.drops = []lab.Rule{{Filter: p.Match, Nth: never, Surgery: lab.Surgery{Action: lab.ActDrop}}}
	l, err := c.lab()
	if err != nil {
		return nil, err
	}
	if _, err := p.end(l); err != nil {
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
		if step == 0 || to < from || (to-from)/step >= maxRuns {
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
