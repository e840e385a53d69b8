package session

import (
	"wirelab/lab"
	"wirelab/lab/save"
)

// size is how much of what a file may hold the open lab takes: at most so much, as it is measured only now and then.
type size struct {
	save.Fill
	measured bool
	warned   bool
}

// nearlyFull is the part of a file, in percent, beyond which a person is told.
const nearlyFull = 80

// room says why an input cannot be done because no file would hold the lab then, or nil. rows is how many journal entries it adds, those
// of a branch that is kept included.
func (s *Session) room(in lab.Input, rows int) error {
	k, more := &s.size, save.CostOf(in, rows)
	if !k.measured || k.Plus(more).Percent() >= nearlyFull {
		f := s.file
		f.Scenario, f.Journal = s.lab.Scenario, s.lab.Journal
		k.Fill, k.measured = f.Fill(), true
	}
	next := k.Plus(more)
	if next.Percent() > 100 {
		return failKey("too_large", "session.full")
	}
	k.Fill = next
	if next.Percent() < nearlyFull {
		k.warned = false
	} else if !k.warned {
		k.warned = true
		s.notices = append(s.notices, failKey("nearly_full", "session.nearly_full", next.Percent()))
	}
	return nil
}

// Tell has a person told something.
func (s *Session) Tell(notice error) { s.notices = append(s.notices, notice) }

// Notices returns what a person is to be told, once.
func (s *Session) Notices() []error {
	n := s.notices
	s.notices = nil
	return n
}
