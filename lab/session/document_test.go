package session

import (
	"fmt"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/save"
)

// must carries out commands; HOST$ begins what is typed at a host.
func must(t *testing.T, s *Session, lines ...string) {
	t.Helper()
	for _, line := range lines {
		host, typed, exec := strings.Cut(line, "$ ")
		err := error(nil)
		if exec {
			err = s.Exec(host, typed)
		} else {
			err = s.Command(line)
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		finish(t, s)
	}
}

func undo(t *testing.T, s *Session, step func() (bool, error)) {
	t.Helper()
	if done, err := step(); !done || err != nil {
		t.Fatalf("%v, %v", done, err)
	}
	finish(t, s)
}

// Opening something else takes nothing away: undo brings the work back as it was, with what can be undone in it, and redo opens the other
// again.
func TestUndoBringsTheWorkBack(t *testing.T) {
	s := New()
	s.Example("lost-syn")
	s.Seek(2)
	finish(t, s)
	must(t, s, "add host mine", "A$ ping -c 1 192.168.1.123")
	s.Seek(5)
	finish(t, s)
	want, work := s.Status(), s.Current()
	if !work.Changed || work.Example != "lost-syn" {
		t.Errorf("%+v", work)
	}
	file, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() error{
		"an example":    func() error { return s.Example("four-way-close") },
		"an empty lab":  s.Blank,
		"a file":        func() error { return s.Open(file) },
		"another work":  func() error { return s.OpenWork("elsewhere", file, true) },
		"the same once": func() error { return s.Example("lost-syn") },
	} {
		if err := open(); err != nil {
			t.Fatal(err)
		}
		finish(t, s)
		other := s.Current()
		if other.ID == work.ID || s.CanRedo() {
			t.Errorf("%s: the open work is %+v", name, other)
		}
		if title, ok := s.Previous(); !ok || title != work.Title {
			t.Errorf("%s: undo would bring back %q", name, title)
		}
		undo(t, s, s.Undo)
		if s.Status() != want || s.Current() != work {
			t.Errorf("%s: undo brings back %+v\n%+v, want %+v\n%+v", name, s.Current(), s.Status(), work, want)
		}
		undo(t, s, s.Redo)
		if s.Current() != other {
			t.Errorf("%s: redo opens %+v, want %+v", name, s.Current(), other)
		}
		undo(t, s, s.Undo)
	}
	undo(t, s, s.Undo)
	undo(t, s, s.Undo)
	if n := s.Lab().Ever(); n != 2 {
		t.Errorf("what was done in the work cannot be undone any more: %d nodes", n)
	}
}

// What is done in a work that was opened is undone before the work before it comes back; a new input ends redo.
func TestUndoInOrder(t *testing.T) {
	s := New()
	s.Example("lost-syn")
	must(t, s, "add host first")
	first := s.Current()
	s.Blank()
	second := s.Current()
	must(t, s, "add host a", "add host b")
	for _, want := range []struct {
		id    string
		nodes int
	}{{second.ID, 1}, {second.ID, 0}, {first.ID, 3}, {first.ID, 2}} {
		undo(t, s, s.Undo)
		if s.Current().ID != want.id || s.Lab().Ever() != want.nodes {
			t.Errorf("%s with %d nodes, want %s with %d", s.Current().ID, s.Lab().Ever(), want.id, want.nodes)
		}
	}
	must(t, s, "add host other")
	if s.CanRedo() {
		t.Error("another input leaves something to redo")
	}
}

// A change whose later entries still wait to be done again loses none of them when another lab is opened meanwhile, or when it is saved.
func TestNothingThatWaitsIsLost(t *testing.T) {
	s := New()
	s.Example("four-way-close")
	s.Seek(3)
	finish(t, s)
	for i := range 40 {
		must(t, s, fmt.Sprintf("A$ ping -c 1 192.168.1.12%d", i%10))
		s.Seek(3 + float64(i)/10)
		finish(t, s)
	}
	entries := len(s.lab.Journal)
	s.Seek(0.05)
	finish(t, s)
	s.goal = &goal{at: s.lab.Position(), exact: true, again: append([]lab.Entry(nil), s.lab.Journal...)}
	if err := s.lab.Do(lab.SetSysctl{Name: "net.ipv4.tcp_sack", Value: "0"}); err != nil {
		t.Fatal(err)
	}
	s.Pause()
	s.Example("lost-syn")
	undo(t, s, s.Undo)
	if n := len(s.lab.Journal); n != entries+1 {
		t.Errorf("%d entries, want %d", n, entries+1)
	}
}

// Title, notes and branches are a part of the work: each edit is one step of undo.
func TestEditsOfTheDocument(t *testing.T) {
	s := New()
	s.Example("lost-syn")
	s.Seek(10)
	finish(t, s)
	s.Seek(5)
	finish(t, s)
	must(t, s, "A$ ss") // leaves a branch
	state := func() string {
		names := ""
		for _, b := range s.Branches() {
			names += fmt.Sprintf(" %q:%d", b.Name, b.At.TimeNs)
		}
		return fmt.Sprintf("%s|%v|%s", s.Title(), s.Notes(), names)
	}
	states := []string{state()}
	for _, edit := range []func() error{
		func() error { return s.Retitle("我的实验") },
		func() error { return s.SetNotes([]save.Note{{Text: "one"}, {Text: "two\nlines"}}) },
		func() error { return s.NameBranch(0, "as it was") },
		func() error { return s.SetNotes(nil) },
		func() error { return s.DeleteBranch(0) },
	} {
		if err := edit(); err != nil {
			t.Fatal(err)
		}
		states = append(states, state())
	}
	for i := len(states) - 2; i >= 0; i-- {
		if undo(t, s, s.Undo); state() != states[i] {
			t.Errorf("undo comes to %s, want %s", state(), states[i])
		}
	}
	for i := 1; i < len(states); i++ {
		if undo(t, s, s.Redo); state() != states[i] {
			t.Errorf("redo comes to %s, want %s", state(), states[i])
		}
	}
	for _, bad := range []error{s.Retitle(""), s.Retitle("a\nb"), s.Retitle(strings.Repeat("长", 201)), s.Retitle("\u202eexe"), s.NameBranch(7, "x"), s.DeleteBranch(-1),
		s.SetNotes([]save.Note{{Text: strings.Repeat("x", 4001)}}), s.SetNotes(make([]save.Note, 201)), s.SetNotes([]save.Note{{Text: "\x1b[2J"}})} {
		if bad == nil {
			t.Error("an edit that makes no sense was taken")
		}
	}
	if err := s.Retitle(strings.Repeat("长", 200)); err != nil {
		t.Error(err)
	}
}

// Branches share what they have in common: seventy edits before a long recorded future take little.
func TestBranchesShare(t *testing.T) {
	s := New()
	s.Example("handshake-capture")
	s.Seek(1)
	finish(t, s)
	const later = 1500
	for i := range later {
		if err := s.lab.Do(lab.SetSysctl{Name: "net.ipv4.tcp_sack", Value: fmt.Sprint(i % 2)}); err != nil {
			t.Fatal(err)
		}
	}
	s.Seek(0.5)
	finish(t, s)
	for i := range 70 {
		if err := s.Change(lab.SetSysctl{Node: 1, Name: "net.ipv4.tcp_sack", Value: fmt.Sprint(i % 2)}); err != nil {
			t.Fatal(err)
		}
		finish(t, s)
	}
	if n := len(s.Branches()); n != 70 {
		t.Fatalf("%d branches", n)
	}
	data, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	if f := s.whole(); len(data) > 200_000 || f.Fill().Percent() > 40 {
		t.Errorf("%d bytes, %d %% of a file: %+v", len(data), f.Fill().Percent(), f.Fill())
	}
	o := opened(t, data)
	for i := range o.Branches() {
		if a, b := s.Branches()[i].Journal, o.Branches()[i].Journal; len(a) != len(b) || !a[len(a)-1].Same(&b[len(b)-1]) {
			t.Fatalf("branch %d came back with %d entries, not %d", i, len(b), len(a))
		}
	}
}

// A lab that grows is told in time, and ends before it could not be saved: what Save writes, Open takes.
func TestALabIsNeverTooLargeToSave(t *testing.T) {
	s := New()
	s.Blank()
	must(t, s, "add host a", "add host b", "add link a b 10.0.0.1/24 10.0.0.2/24")
	told, frame := 0, make([]byte, 60_000)
	for i := 0; ; i++ {
		for k := range frame { // nothing that deflates
			frame[k] = byte((k*2654435761 + i*40503) >> 7)
		}
		err := s.Do(lab.Inject{Frame: string(frame)})
		for _, n := range s.Notices() {
			if told++; !strings.Contains(n.Error(), "% of what a file can hold") {
				t.Error(n)
			}
		}
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Code != "too_large" {
				t.Fatal(err)
			}
			break
		}
		if i > 2000 {
			t.Fatal("it never ends")
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	if f := s.whole(); f.Fill().Percent() < 95 {
		t.Errorf("it ended at %d %%", f.Fill().Percent())
	}
	data, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	if err := New().Open(data); err != nil {
		t.Errorf("%d bytes: %v", len(data), err)
	}
}
