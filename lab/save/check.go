package save

import (
	"reflect"

	"wirelab/lab"
	"wirelab/stack/problem"
)

// Limits on what a document holds besides its network and its journals.
const (
	MaxNotes    = 200
	MaxBranches = 1000
	maxSettings = 200 // of the window
	maxTime     = 1e18
)

// check says why a file cannot be, or nil. Whatever a file brings that is shown to a person is looked at here or by lab.New.
func (f *File) check() error {
	switch {
	case len(f.Notes) > MaxNotes:
		return problem.New("a lab has at most %d notes, this one has %d", MaxNotes, len(f.Notes))
	case len(f.Branches) > MaxBranches:
		return problem.New("a lab has at most %d branches, this one has %d", MaxBranches, len(f.Branches))
	case len(f.View) > maxSettings:
		return problem.New("a lab has at most %d settings of the window, this one has %d", maxSettings, len(f.View))
	}
	for _, label := range []struct {
		what problem.Word
		text string
	}{
		{problem.Word("a title"), f.Title}, {problem.Word("the name of a lesson"), f.Lesson}, {problem.Word("the name of an author"), f.Author}, {problem.Word("a language"), f.Lang}, {problem.Word("a state hash"), f.Hash},
	} {
		if err := lab.CheckLabel(label.what, label.text); err != nil {
			return err
		}
	}
	for i := range f.Notes {
		if err := lab.CheckNote(f.Notes[i].Text); err != nil {
			return err
		}
	}
	for i := range f.Branches {
		if err := lab.CheckLabel(problem.Word("the name of a branch"), f.Branches[i].Name); err != nil {
			return err
		}
		if err := checkPosition(f.Branches[i].At, f.Branches[i].Journal); err != nil {
			return problem.New("branch %d: %w", i+1, err)
		}
	}
	return checkPosition(f.At, f.Journal)
}

// checkPosition says why a lab with that journal cannot stand at a position, or nil.
func checkPosition(at lab.Position, journal []lab.Entry) error {
	if at.Inputs > uint64(len(journal)) {
		return problem.New("it stands behind entry %d of a journal of %d", at.Inputs, len(journal))
	}
	for _, t := range []int64{at.TimeNs, lastTime(journal)} {
		if t < 0 || t > maxTime {
			return problem.New("a time lies between 0 and 1000000000 s, not at %d ns", t)
		}
	}
	return nil
}

// lastTime is that of the last entry, which is the latest (lab.Load).
func lastTime(journal []lab.Entry) int64 {
	if len(journal) == 0 {
		return 0
	}
	return journal[len(journal)-1].At.TimeNs
}

// fits says that a file would be too large to be opened again, or nil.
func (f *File) fits(body []byte, doc *document) error {
	memory := f.memory(doc)
	if len(body) <= maxBody && memory <= maxDecoded {
		return nil
	}
	return problem.New("the lab is too large for a file: %d MB of %d, and %d MB of %d in memory; delete some of its branches",
		len(body)>>20, maxBody>>20, memory>>20, maxDecoded>>20)
}

// memory returns how many bytes a decoder spends on the file.
func (f *File) memory(doc *document) int {
	bytes := 0
	for _, k := range f.known(doc) {
		bytes += memoryOf(reflect.ValueOf(k.v).Elem())
	}
	for i := range f.unknown {
		bytes += len(f.unknown[i].raw)
	}
	entries := len(f.Journal)
	for i := range f.Branches {
		entries += len(f.Branches[i].Journal)
	}
	return bytes + entries*int(reflect.TypeFor[lab.Entry]().Size())
}
