package session

import (
	"time"

	"wirelab/lab"
	"wirelab/lab/save"
)

// Compare runs branch i and the lab as it stands, each to the later of the two times at which they were left, and says where
// they part and what came of it: A is the lab as it stands, B the branch.
func (s *Session) Compare(i int) (*lab.Difference, error) {
	c, err := s.BeginCompare(i)
	if err != nil {
		return nil, err
	}
	for !c.Done {
		c.Step(time.Hour)
	}
	if c.Err != nil {
		return nil, &Error{"failed", c.Err}
	}
	return &c.Difference, nil
}

// BeginCompare begins to compare branch i with what is open, for a window that must not stand still meanwhile.
func (s *Session) BeginCompare(i int) (*Comparison, error) {
	if err := s.checkBranch(i); err != nil {
		return nil, err
	}
	c, err := newComparison(s.lab.Scenario, save.Branch{At: s.lab.Position(), Journal: s.lab.Journal}, s.lab.Scenario, s.file.Branches[i])
	if err != nil {
		return nil, &Error{"failed", err}
	}
	if t := &s.lab.Trace; t.Len() > t.First() { // as far as is known here already
		c.until = max(c.until, t.At(t.Len()-1).Offered)
	}
	return c, nil
}

// ForkOf returns when branch i parts from what is open, in ns.
func (s *Session) ForkOf(i int) int64 {
	b := &s.file.Branches[i]
	for k := range min(len(b.Journal), len(s.lab.Journal)) {
		if !b.Journal[k].Same(&s.lab.Journal[k]) {
			return min(b.Journal[k].At.TimeNs, s.lab.Journal[k].At.TimeNs)
		}
	}
	switch at := len(b.Journal); {
	case at < len(s.lab.Journal):
		return s.lab.Journal[at].At.TimeNs
	case at > len(s.lab.Journal):
		return b.Journal[len(s.lab.Journal)].At.TimeNs
	}
	return b.At.TimeNs
}

// Comparison runs two histories side by side.
type Comparison struct {
	Done       bool
	Err        error
	Difference lab.Difference // once it is done
	labs       [2]*lab.Lab
	until      int64
}

func newComparison(a lab.Scenario, ha save.Branch, b lab.Scenario, hb save.Branch) (c *Comparison, err error) {
	c = &Comparison{until: max(ha.At.TimeNs, hb.At.TimeNs)}
	for i, h := range [2]struct {
		s lab.Scenario
		b save.Branch
	}{{a, ha}, {b, hb}} {
		if c.labs[i], err = lab.New(h.s); err == nil {
			c.labs[i].NoCheckpoints()
			err = c.labs[i].Load(h.b.Journal)
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Step runs both for at most about budget.
func (c *Comparison) Step(budget time.Duration) {
	start := time.Now()
	for _, l := range c.labs {
		for done := false; !done && c.Err == nil; {
			if time.Since(start) >= budget {
				return
			}
			done, c.Err = l.Advance(c.until, chunk)
		}
	}
	if !c.Done && c.Err == nil {
		c.Difference = lab.Compare(c.labs[0], c.labs[1])
	}
	c.Done = true
}

// Share returns how much of the work is done, 0 to 1.
func (c *Comparison) Share() float32 {
	sum := c.labs[0].Position().TimeNs + c.labs[1].Position().TimeNs
	return float32(float64(sum) / float64(2*max(c.until, 1)))
}

// Other returns the lab of the branch, with its records.
func (c *Comparison) Other() *lab.Lab { return c.labs[1] }

// Difference compares two histories, each run to the later of their times.
func Difference(a lab.Scenario, ha save.Branch, b lab.Scenario, hb save.Branch) (*lab.Difference, error) {
	c, err := newComparison(a, ha, b, hb)
	if err != nil {
		return nil, err
	}
	for !c.Done {
		c.Step(time.Hour)
	}
	return &c.Difference, c.Err
}
