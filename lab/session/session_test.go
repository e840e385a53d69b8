package session

import (
	"errors"
	"strings"
	"testing"
	"time"
	"wirelab/lab"
)

// finish works until nothing is left to do.
func finish(t *testing.T, s *Session) {
	t.Helper()
	for s.Busy() {
		s.Work(time.Second)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestSaveAndOpenKeepThePositionAndTheHash(t *testing.T) {
	s := New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	s.Seek(0.25)
	finish(t, s)
	for range 3 { // into the middle of things
		s.Step("event")
	}
	want := s.Status()
	b, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	other := New()
	if err := other.Open(b); err != nil {
		t.Fatal(err)
	}
	finish(t, other)
	if got := other.Status(); got != want {
		t.Errorf("opened\n%+v, saved\n%+v", got, want)
	}
	for _, x := range []*Session{s, other} {
		x.Seek(5)
		finish(t, x)
	}
	if s.Status() != other.Status() {
		t.Error("the futures differ")
	}
}

func TestABadFileLeavesTheLabOpen(t *testing.T) {
	s := New()
	before := s.Status()
	var e *Error
	if err := s.Open([]byte("nonsense")); !errors.As(err, &e) || e.Code != "bad_file" {
		t.Errorf("err = %v", err)
	}
	if s.Status() != before {
		t.Error("the open lab changed")
	}
}

func TestSteps(t *testing.T) {
	s := New()
	var flags []string
	for range 3 {
		if err := s.Step("packet"); err != nil {
			t.Fatal(err)
		}
		finish(t, s)
		flags = append(flags, time.Duration(s.Status().TimeNs).Truncate(time.Millisecond).String())
	}
	if got := strings.Join(flags, " "); got != "100ms 110ms 120ms" {
		t.Errorf("packets at %s", got)
	}
	txt, err := s.Export("txt")
	if err != nil || strings.Count(string(txt), "\n") != 3 {
		t.Errorf("%v\n%s", err, txt)
	}
	s.Seek(0)
	finish(t, s)
	s.Step("state")
	finish(t, s)
	if at := s.Status().TimeNs; at != 100_000_000 {
		t.Errorf("the first state change is at %d", at)
	}
	s.Seek(0.11)
	finish(t, s)
	s.Step("syscall") // connect comes back with the SYN-ACK
	finish(t, s)
	if out, _ := s.Output("A"); !strings.HasSuffix(out, "connect(3, 192.168.1.123:7788) = 0\n") || s.Status().TimeNs < 120_000_000 {
		t.Errorf("at %d ns the terminal of A says\n%s", s.Status().TimeNs, out)
	}
}

func TestSentencesOfFailures(t *testing.T) {
	s := New()
	for _, c := range []struct {
		err  error
		says string
	}{
		{s.Example("x"), "handshake-capture"}, {s.Exec("Z", "ping"), "A, B"}, {s.Step("x"), "packet"}, {s.Seek(-1), "0 and"},
		{s.Speed(0), "speed"}, {s.Lang("fr"), "en and zh"}, {s.Run("x"), "no field x"}, {s.Run("10 minutes"), "10s"},
	} {
		var e *Error
		if !errors.As(c.err, &e) || e.Code == "" || !strings.Contains(e.Error(), c.says) {
			t.Errorf("%v lacks %q", c.err, c.says)
		}
	}
}

// What was done can be taken back; a future that was left is kept, in the file too.
func TestUndoAndBranches(t *testing.T) {
	s := New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	s.Seek(60)
	finish(t, s)
	first := s.Status()
	s.Seek(0.15) // the client is connected, and types "hello" at 0.2 s
	finish(t, s)
	before := s.Status()
	if err := s.Exec("A", "another line"); err != nil {
		t.Fatal(err)
	}
	if len(s.Branches()) != 1 {
		t.Fatalf("%d branches", len(s.Branches()))
	}
	s.Seek(60)
	finish(t, s)
	second := s.Status()

	swap := func(what string, f func() (bool, error), want Status) {
		t.Helper()
		if ok, err := f(); !ok || err != nil {
			t.Fatal(what, ok, err)
		}
		finish(t, s)
		if got := s.Status(); got != want {
			t.Errorf("after %s\n%+v, want\n%+v", what, got, want)
		}
	}
	swap("undo", s.Undo, before)
	if ok, _ := s.Undo(); ok {
		t.Error("there is more to undo than was done")
	}
	swap("redo", s.Redo, second)

	b, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	s = New()
	if err := s.Open(b); err != nil {
		t.Fatal(err)
	}
	finish(t, s)
	for _, want := range [][2]Status{{before, first}, {second, second}} {
		if err := s.Switch(0); err != nil {
			t.Fatal(err)
		}
		finish(t, s)
		if got := s.Status(); got != want[0] {
			t.Errorf("taken up\n%+v, left\n%+v", got, want[0])
		}
		s.Seek(60)
		finish(t, s)
		if got := s.Status(); got != want[1] {
			t.Errorf("at the end of the branch\n%+v, want\n%+v", got, want[1])
		}
	}
	var e *Error
	if err := s.Switch(7); !errors.As(err, &e) || e.Code != "not_found" {
		t.Errorf("branch 7: %v", err)
	}
}

// What tcpdump prints of a refused connection: the RST is the first segment with
// an ACK, so its numbers are not relative yet.
func TestARefusedConnectionInTcpdumpsWords(t *testing.T) {
	s := New()
	if err := s.Exec("B", "nc 192.168.1.116 9"); err != nil {
		t.Fatal(err)
	}
	s.Seek(0.05)
	finish(t, s)
	text, err := s.Export("txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "Flags [S], seq 1739326486,") || !strings.HasSuffix(lines[1], "Flags [R.], seq 0, ack 1739326487, win 0, length 0") {
		t.Errorf("the capture is\n%s", text)
	}
}

// A session runs until something becomes true, or a timer fires; a condition that is never met ends with the lab at rest.
func TestRunUntilAndTimers(t *testing.T) {
	s := New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	finish := func(err error) lab.Position {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for s.Busy() {
			s.Work(time.Second)
		}
		if err := s.Err(); err != nil {
			t.Fatal(err)
		}
		return s.Lab().Position()
	}
	finish(s.Run("tcp.flags.fin == 1"))
	if c := s.Lab().Trace.At(s.Lab().Trace.Len() - 1); c.Flags&1 == 0 {
		t.Errorf("it stands behind %+v", c.Head)
	}
	at := finish(s.Step("timer"))
	if fired := finish(s.Step("timer")); fired.TimeNs < at.TimeNs {
		t.Errorf("a timer fired at %d, before %d", fired.TimeNs, at.TimeNs)
	}
	finish(s.Run(`tcb.state == "TIME_WAIT"`))
	if end := finish(s.Run("tcb.cwnd > 100000")); end.TimeNs < 60e9 {
		t.Errorf("it gave up at %d ns, before everything was over", end.TimeNs)
	}
}

// A future that was seen is kept when another begins, also if nobody had typed anything in it.
func TestWhatWasSeenIsKept(t *testing.T) {
	s := New()
	to := func(ns int64) {
		s.SeekNs(ns)
		for s.Busy() {
			s.Work(time.Second)
		}
	}
	to(2e9)
	if err := s.Command("link 0 delay 30ms"); err != nil || len(s.Branches()) != 0 {
		t.Errorf("at the end of what was seen: %d branches, %v", len(s.Branches()), err)
	}
	to(1e9)
	if err := s.Command("link 0 delay 50ms"); err != nil || len(s.Branches()) != 1 {
		t.Errorf("behind the end: %d branches, %v", len(s.Branches()), err)
	}
}
