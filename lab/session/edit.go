package session

import (
	"slices"

	"wirelab/lab"
	"wirelab/lab/save"
	"wirelab/stack/problem"
)

// Edits of the document: title, notes and branches. They stand in no journal, and undo takes them back as it does inputs.

// revise makes an edit: it changes a file and returns what changes it back.
func (s *Session) revise(edit func(*save.File) (back func(*save.File))) {
	back := edit(&s.file)
	s.remember(version{back: back, again: func(f *save.File) { edit(f) }})
}

// Notes returns what stands on the stage besides the network.
func (s *Session) Notes() []save.Note { return s.file.Notes }

// SetNotes puts other notes there.
func (s *Session) SetNotes(notes []save.Note) error {
	if len(notes) > save.MaxNotes {
		return fail("bad_argument", "a lab has at most %d notes", save.MaxNotes)
	}
	for i := range notes {
		if err := lab.CheckNote(notes[i].Text); err != nil {
			return &Error{"bad_argument", err}
		}
	}
	notes = slices.Clone(notes)
	s.revise(func(f *save.File) func(*save.File) {
		was := f.Notes
		f.Notes = notes
		return func(f *save.File) { f.Notes = was }
	})
	return nil
}

// Branches returns the futures that were left, in the order in which they were.
func (s *Session) Branches() []save.Branch { return s.file.Branches }

func (s *Session) checkBranch(i int) error {
	if i < 0 || i >= len(s.file.Branches) {
		return fail("not_found", "there is no branch %d; there are %d", i, len(s.file.Branches))
	}
	return nil
}

// NameBranch gives branch i a name.
func (s *Session) NameBranch(i int, name string) error {
	if err := s.checkBranch(i); err != nil {
		return err
	}
	if err := lab.CheckLabel(problem.Word("the name of a branch"), name); err != nil {
		return &Error{"bad_argument", err}
	}
	s.revise(func(f *save.File) func(*save.File) {
		was := f.Branches[i].Name
		f.Branches[i].Name = name
		return func(f *save.File) {
			if i < len(f.Branches) {
				f.Branches[i].Name = was
			}
		}
	})
	return nil
}

// DeleteBranch deletes branch i.
func (s *Session) DeleteBranch(i int) error {
	if err := s.checkBranch(i); err != nil {
		return err
	}
	s.revise(func(f *save.File) func(*save.File) {
		was := f.Branches[min(i, len(f.Branches)-1)]
		f.Branches = slices.Delete(slices.Clone(f.Branches), i, i+1)
		return func(f *save.File) { f.Branches = slices.Insert(slices.Clone(f.Branches), min(i, len(f.Branches)), was) }
	})
	s.size = size{}
	return nil
}
