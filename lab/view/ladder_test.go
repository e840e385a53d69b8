package view

import (
	"testing"

	"wirelab/lab/session"
	"wirelab/lab/ui"
)

// Where data waits in a queue, the ACKs that were offered behind it are on the
// ladder too, although they leave before it.
func TestTheLadderShowsBothWaysBehindAQueue(t *testing.T) {
	s := session.New()
	if err := s.Example("lost-syn"); err != nil {
		t.Fatal(err)
	}
	l := s.Lab()
	for _, step := range []struct {
		at         int64
		host, line string
	}{{5, "A", "exit"}, {6, "B", "sink 6000 &"}, {7, "A", "source 192.168.1.123 6000 50000000"}} {
		if err := l.SeekTo(step.at * 1_000_000_000); err != nil {
			t.Fatal(err)
		}
		if err := s.Exec(step.host, step.line); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.SeekTo(8_490_000_000); err != nil {
		t.Fatal(err)
	}
	if waiting := l.LinkAt(0).Dir[0].Waiting.Len(); waiting < 10 {
		t.Fatalf("%d frames wait", waiting)
	}
	var d Ladder
	m := &Model{}
	m.Look(l)
	newRig(t, 500, 300, func(u *ui.UI, r ui.Rect) { d.Draw(u, r, m) })
	var ways [2]int
	for _, i := range d.shown {
		ways[l.Trace.At(i).Dir]++
	}
	if ways[0] < 5 || ways[1] < 3 {
		t.Errorf("arrows there and back: %v", ways)
	}
}
