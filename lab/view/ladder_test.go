package view

import (
	"slices"
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

// A packet that is chosen in another view comes into sight, and when time moves on now does.
func TestTheLadderShowsWhatIsChosen(t *testing.T) {
	m := openLab(t, "home-network", 3100*ms)
	var d Ladder
	r := newRig(t, 511, 273, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	sees := func(i uint64) bool { return slices.Contains(d.shown, i) }
	last := m.Lab.Trace.Len() - 1
	r.frame()
	if sees(0) || !sees(last) {
		t.Fatal("at first now is seen")
	}
	for _, i := range []uint64{0, 20, last, 3} {
		m.Select(int64(i))
		r.frame()
		r.frame()
		if !sees(i) {
			t.Errorf("packet %d is chosen, and %d to %d are seen", i+1, d.shown[0]+1, d.shown[len(d.shown)-1]+1)
		}
	}
	seek(t, m, 3105*ms)
	r.frame()
	r.frame()
	if !sees(last) || sees(3) {
		t.Error("time has moved, and now is not seen")
	}
	other := Ladder{}
	d = other
	m.Select(0)
	r.frame()
	r.frame()
	if !sees(0) {
		t.Error("the ladder is opened, and what was chosen is not seen")
	}
}
