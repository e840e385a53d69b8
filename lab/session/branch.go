package session

import (
	"slices"
	"time"

	"wirelab/lab"
	"wirelab/lab/save"
)

// patience is how long something that is done waits for a seek to be complete:
// it belongs where the seek leads, not on the way.
const patience = 2 * time.Second

// SetPatience sets how long an input waits for a seek to be complete before it fails with ErrBusy. A window, which must not stand still,
// tries again in a later frame instead.
func (s *Session) SetPatience(d time.Duration) { s.patience = d }

// version is what undo goes back to: a journal and where the lab stood in it. Journals share their beginnings, so that many versions cost
// little. Or it is where nodes stood on the stage, or an edit of the document; then the journal is left alone.
type version struct {
	journal     []lab.Entry
	at          lab.Position
	places      []Place
	drag        int // that moved them
	back, again func(*save.File)
}

func (s *Session) version() version { return version{journal: s.lab.Journal, at: s.lab.Position()} }

// Limits of what undo remembers.
const (
	maxUndo        = 1000
	maxUndoEntries = 1_000_000 // of all journals
)

// remember puts a version on the stack that undo takes from.
func (s *Session) remember(v version) {
	s.undo, s.redo, s.after = append(s.undo, v), nil, nil
	first, entries := max(0, len(s.undo)-maxUndo), 0
	for i := len(s.undo) - 1; i > first; i-- {
		if entries += len(s.undo[i].journal); entries > maxUndoEntries {
			first = i
		}
	}
	s.undo = s.undo[first:]
	s.touch()
}

// ErrBusy says that a seek is not complete yet.
var ErrBusy = fail("busy", "the lab is still on its way to an instant; do that again when it is there")

// Do does an input and writes it into the journal. Where more lies ahead, typed or seen, another future
// begins; the one that was ahead is kept as a branch.
func (s *Session) Do(in lab.Input) error {
	if s.Work(s.patience); s.goal != nil {
		return ErrBusy
	}
	before, seen := s.version(), s.lab.Furthest()
	ahead, rows := s.lab.Ahead() || before.at.Before(seen), 1
	if ahead {
		rows += len(before.journal)
	}
	if err := s.room(in, rows); err != nil {
		return err
	}
	if err := s.lab.Do(in); err != nil {
		return &Error{"bad_argument", err}
	}
	if ahead {
		s.keep(before, seen)
	}
	s.remember(before)
	return nil
}

// Change is Do for what is no turn of the story but a change of the world in which it is told: a rule, a setting, another
// network. All that was done later is done in the new branch, too, at its time, though what it meets there may be
// another past; what makes no sense there is left out. Work does it, in slices. Several inputs are one change: one branch, one
// step of undo.
func (s *Session) Change(inputs ...lab.Input) error {
	if s.Work(s.patience); s.goal != nil {
		return ErrBusy
	}
	later := slices.Clone(s.lab.Journal[s.lab.Position().Inputs:])
	if err := s.Do(inputs[0]); err != nil {
		return err
	}
	for _, in := range inputs[1:] {
		if err := s.lab.Do(in); err != nil {
			return &Error{"bad_argument", err}
		}
	}
	if len(later) == 0 {
		return nil
	}
	at := s.lab.Position()
	s.err, s.goal = nil, &goal{at: at, exact: true, again: later}
	s.Work(s.patience)
	return nil
}

func (s *Session) keep(v version, seen lab.Position) {
	s.file.Branches = append(s.file.Branches, save.Branch{At: v.at, Journal: v.journal, SeenNs: seen.TimeNs})
}

// Switch takes up branch i where it was left, and keeps what is left by that.
func (s *Session) Switch(i int) error {
	if err := s.checkBranch(i); err != nil {
		return err
	}
	b := s.file.Branches[i]
	now, seen := s.version(), s.lab.Furthest()
	if err := s.turn(version{journal: b.Journal, at: b.At}); err != nil {
		return err
	}
	s.file.Branches = slices.Delete(slices.Clone(s.file.Branches), i, i+1)
	s.keep(now, seen)
	s.undo, s.redo, s.after = nil, nil, nil
	s.touch()
	return nil
}

// CanUndo and CanRedo report whether there is something to take back, or to do again.
func (s *Session) CanUndo() bool { return len(s.undo)+len(s.before) > 0 }
func (s *Session) CanRedo() bool { return len(s.redo)+len(s.after) > 0 }

// Undo takes back what was done last, in the open work or by opening it. It reports whether there was anything.
func (s *Session) Undo() (bool, error) { return s.takeBack(&s.undo, &s.redo, &s.before, &s.after) }

// Redo does again what Undo took back.
func (s *Session) Redo() (bool, error) { return s.takeBack(&s.redo, &s.undo, &s.after, &s.before) }

func (s *Session) takeBack(from, to *[]version, works, others *[]document) (bool, error) {
	if s.Work(s.patience); s.Unfinished() {
		return false, ErrBusy
	}
	if len(*from) == 0 && len(*works) > 0 {
		return true, s.bringBack(works, others)
	}
	return s.swap(from, to)
}

func (s *Session) swap(from, to *[]version) (bool, error) {
	n := len(*from)
	if n == 0 {
		return false, nil
	}
	v, now := (*from)[n-1], s.version()
	if v.back != nil {
		now = version{back: v.again, again: v.back}
		v.back(&s.file)
	} else if v.places != nil {
		now = version{places: s.places(v.places)}
		s.place(v.places)
	} else if err := s.turn(v); err != nil {
		return false, err
	}
	*from, *to = (*from)[:n-1], append(*to, now)
	s.touch()
	return true, nil
}

// turn goes to a position of another journal.
func (s *Session) turn(v version) error {
	s.Pause()
	if err := s.lab.Turn(v.journal); err != nil {
		return &Error{"failed", err}
	}
	s.lab.JumpTo(v.at)
	s.err, s.goal = nil, &goal{at: v.at, exact: true}
	return nil
}
