package session

import (
	"wirelab/lab"
	"wirelab/lab/save"
)

// Compare runs branch i and the lab as it stands, each to the later of the two times at which they were left, and says where
// they part and what came of it: A is the lab as it stands, B the branch.
func (s *Session) Compare(i int) (*lab.Difference, error) {
	if i < 0 || i >= len(s.file.Branches) {
		return nil, fail("not_found", "there is no branch %d; there are %d", i, len(s.file.Branches))
	}
	here, b := save.Branch{At: s.lab.Position(), Journal: s.lab.Journal}, s.file.Branches[i]
	d, err := Difference(s.lab.Scenario, here, s.lab.Scenario, b)
	if err != nil {
		return nil, fail("failed", "%v", err)
	}
	return d, nil
}

// NameBranch gives branch i a name of at most 100 bytes.
func (s *Session) NameBranch(i int, name string) error {
	if i < 0 || i >= len(s.file.Branches) {
		return fail("not_found", "there is no branch %d; there are %d", i, len(s.file.Branches))
	}
	if len(name) > 100 {
		return fail("bad_argument", "a name has at most 100 bytes, this one has %d", len(name))
	}
	s.file.Branches[i].Name = name
	return nil
}

// Difference compares two histories, each run to the later of their times.
func Difference(a lab.Scenario, ha save.Branch, b lab.Scenario, hb save.Branch) (*lab.Difference, error) {
	until := max(ha.At.TimeNs, hb.At.TimeNs)
	one, err := history(a, ha, until)
	if err != nil {
		return nil, err
	}
	other, err := history(b, hb, until)
	if err != nil {
		return nil, err
	}
	d := lab.Compare(one, other)
	return &d, nil
}

// history runs a lab with the journal of a branch.
func history(s lab.Scenario, b save.Branch, until int64) (*lab.Lab, error) {
	l, err := lab.New(s)
	if err != nil {
		return nil, err
	}
	l.NoCheckpoints()
	if err := l.Load(b.Journal); err != nil {
		return nil, err
	}
	return l, l.SeekTo(until)
}
