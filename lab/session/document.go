package session

import (
	"slices"
	"strconv"

	"wirelab/lab"
	"wirelab/lab/lesson"
	"wirelab/lab/save"
	"wirelab/lab/words"
	"wirelab/stack/problem"
)

// document is a lab with what was done to it, as one piece of work: opening another lab keeps it, and undo brings it back.
type document struct {
	id         string    // of the work in the library
	file       save.File // title, notes, branches, keys of later versions; the rest of it is as it was opened or put aside
	changed    bool      // somebody did more than look
	untouched  bool      // nobody asked for it: a session has to begin with something
	undo, redo []version
	again      []lab.Entry // while it is put aside: entries that wait to be done again
}

// Work says which piece of work is open.
type Work struct {
	ID      string
	Title   string // as Session.Title
	Example string // the built-in lab that it was made from; empty: none
	Changed bool   // somebody did more than look: it belongs in the library
}

// Revision tells states of the open work apart: if it is the same, Save returns the same bytes, but for the window's settings.
type Revision struct {
	ID    string
	Edits uint64
	At    lab.Position
}

// maxBefore bounds how many works undo brings back.
const maxBefore = 20

// Current returns the open work.
func (s *Session) Current() Work {
	return Work{ID: s.id, Title: s.Title(), Example: s.lessonName(), Changed: s.changed}
}

// Untouched reports whether the open lab is the one that a session begins with: nobody asked for it, and nobody changed it.
func (s *Session) Untouched() bool { return s.untouched && !s.changed }

// Revision returns the revision of the open work.
func (s *Session) Revision() Revision { return Revision{s.id, s.edits, s.lab.Position()} }

// touch notes that the work differs from what was saved of it.
func (s *Session) touch() { s.edits, s.changed = s.edits+1, true }

// Open opens a .lab file as a new work; what was open stays open if it cannot.
func (s *Session) Open(data []byte) error { return s.OpenWork(s.newID(), data, false) }

// OpenWork opens a work of the library, by its id. changed says whether somebody did more than look at it before.
func (s *Session) OpenWork(id string, data []byte, changed bool) error {
	f, err := save.Decode(data)
	if err != nil {
		return &Error{"bad_file", err}
	}
	l, err := labOf(f)
	if err != nil {
		return &Error{"bad_file", err}
	}
	s.put(l, document{id: id, file: *f, changed: changed})
	s.goal = &goal{at: f.At, exact: true, opened: true, hash: f.Hash}
	return nil
}

// labOf builds the lab of a file, at time zero.
func labOf(f *save.File) (*lab.Lab, error) {
	l, err := lab.New(f.Scenario)
	if err != nil {
		return nil, problem.New("the file holds a lab that cannot be built: %v", err)
	}
	if err := l.Load(f.Journal); err != nil {
		return nil, problem.New("the file's journal cannot be replayed: %v", err)
	}
	return l, nil
}

// Example opens a built-in lab as a new work.
func (s *Session) Example(name string) error {
	l, err := lesson.Builtin(name)
	if err != nil {
		return &Error{"not_found", err}
	}
	s.put(l, document{id: s.newID(), file: save.File{Title: name, Lesson: name}})
	return nil
}

// blank is the title of a lab that nobody has named yet.
const blank = "blank"

// Blank opens a lab in which there is nothing yet, as a new work.
func (s *Session) Blank() error {
	l, err := lab.New(lab.Scenario{Seed: 1})
	if err != nil {
		return &Error{"failed", err}
	}
	s.put(l, document{id: s.newID(), file: save.File{Title: blank}})
	return nil
}

// put opens another document. The one that was open can be brought back by undo.
func (s *Session) put(l *lab.Lab, d document) {
	s.leave()
	if s.lab != nil && !s.Untouched() {
		s.before = append(s.before, s.aside())
		s.before = s.before[max(0, len(s.before)-maxBefore):]
	}
	s.after = nil
	s.show(l, d)
}

func (s *Session) leave() {
	if s.Leaving != nil && s.lab != nil {
		s.Leaving()
	}
}

// show makes a document the open one, at time zero.
func (s *Session) show(l *lab.Lab, d document) {
	s.lab, s.document = l, d
	s.playing, s.goal, s.err, s.owed, s.departed = false, nil, nil, 0, nil
	s.size = size{}
	s.edits++
}

// inputsBy returns how many journal entries come by a time.
func (s *Session) inputsBy(timeNs int64) (n uint64) {
	for n < uint64(len(s.lab.Journal)) && s.lab.Journal[n].At.TimeNs <= timeNs {
		n++
	}
	return n
}

// aside returns the open document as it is put aside: with scenario, journal and position in its file.
func (s *Session) aside() document {
	d := s.document
	d.file = s.whole()
	if s.Unfinished() {
		d.again = s.goal.again
	}
	return d
}

// whole returns the file of the open document as it stands.
func (s *Session) whole() save.File {
	f := s.file
	f.Scenario, f.Journal, f.At = s.lab.Scenario, s.lab.Journal, s.lab.Position()
	switch {
	case s.goal == nil || s.goal.until != nil:
		f.Hash = s.hash()
	case s.goal.exact: // it is on its way there
		f.At, f.Hash = s.goal.at, s.goal.hash
	default:
		f.At, f.Hash = lab.Position{TimeNs: s.goal.at.TimeNs, Inputs: s.inputsBy(s.goal.at.TimeNs)}, ""
	}
	f.Lang, f.Engine = string(s.lang), lab.Engine
	if s.Window != nil {
		f.View = s.Window()
	}
	return f
}

// bringBack opens the document that was put aside last in from, and puts the open one aside in to.
func (s *Session) bringBack(from, to *[]document) error {
	d := (*from)[len(*from)-1]
	l, err := labOf(&d.file)
	if err != nil {
		return &Error{"failed", err}
	}
	s.leave()
	*from, *to = (*from)[:len(*from)-1], append(*to, s.aside())
	s.show(l, d)
	l.JumpTo(d.file.At)
	s.goal = &goal{at: d.file.At, exact: true, again: d.again}
	return nil
}

// Previous returns the title of the work that undo would bring back now, if it would.
func (s *Session) Previous() (title string, ok bool) {
	if len(s.undo) > 0 || len(s.before) == 0 {
		return "", false
	}
	return s.TitleOf(&s.before[len(s.before)-1].file), true
}

// Reopen brings back the work that was open before the present one, as undo does once nothing else is left to take back.
func (s *Session) Reopen() error {
	if len(s.before) == 0 {
		return failKey("not_found", "session.no_previous")
	}
	return s.bringBack(&s.before, &s.after)
}

// Forget drops the work that was put aside under an id: it was deleted, or cannot be brought back any more.
func (s *Session) Forget(id string) {
	gone := func(d document) bool { return d.id == id }
	s.before, s.after = slices.DeleteFunc(s.before, gone), slices.DeleteFunc(s.after, gone)
}

// Detach makes the open work another one: somebody else has it open, too, and both go on.
func (s *Session) Detach() {
	s.id = s.newID()
	s.file.Title = words.Get(s.lang, "session.copy_of", s.Title())
	s.edits++
}

// NewIDs has makeID return the ids of new works, which nobody has; without it they are unique in this session alone.
func (s *Session) NewIDs(makeID func() string) {
	s.makeID = makeID
	if s.Untouched() {
		s.id = makeID()
	}
}

// FreshID returns an id that no work has.
func (s *Session) FreshID() string { return s.newID() }

// newID returns the id of a new work.
func (s *Session) newID() string {
	if s.makeID != nil {
		return s.makeID()
	}
	s.ids++
	return "work-" + strconv.Itoa(s.ids)
}

// Title returns the lab's title in the session's language.
func (s *Session) Title() string { return s.TitleOf(&s.file) }

// TitleOf returns the title of a file in the session's language.
func (s *Session) TitleOf(f *save.File) string {
	if lesson.Has(f.Title) || f.Title == blank {
		return words.Get(s.lang, "lab."+f.Title)
	}
	return f.Title
}

// Retitle gives the open lab another title.
func (s *Session) Retitle(title string) error {
	if title == "" {
		return fail("bad_argument", "a title has at least one character")
	}
	if err := lab.CheckLabel(problem.Word("a title"), title); err != nil {
		return &Error{"bad_argument", err}
	}
	s.revise(func(f *save.File) func(*save.File) {
		was := f.Title
		f.Title = title
		return func(f *save.File) { f.Title = was }
	})
	return nil
}
