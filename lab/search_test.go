package lab

import (
	"slices"
	"testing"

	"wirelab/lab/filter"
	"wirelab/lab/trace"
)

// A search finds what was recorded, in slices or at once, and goes on when more is recorded.
func TestSearch(t *testing.T) {
	l := newLab(t, twoHosts(20_000, "sink 7 &"))
	l.mustExec(t, 0, "source 10.0.0.2 7 300000")
	l.mustSeek(t, 2*second)
	for _, c := range []struct {
		text string
		is   func(*trace.Crossing) bool
	}{
		{"tcp.len > 0", func(c *trace.Crossing) bool { return c.Length > 0 && c.Proto == trace.TCP }},
		{"wl.xmit > 1", func(c *trace.Crossing) bool { return c.Why.Xmit > 1 }},
		{`ip.src == 10.0.0.2 && tcp`, func(c *trace.Crossing) bool { return c.Link == 0 && c.Dir == 1 && c.Proto == trace.TCP }},
	} {
		f, err := filter.Display(c.text)
		if err != nil {
			t.Fatal(err)
		}
		s := l.Search(f)
		want := func() (all []uint64) {
			for i := range l.Trace.Len() {
				if c.is(l.Trace.At(i)) {
					all = append(all, i)
				}
			}
			return all
		}
		for !s.Step(10) {
		}
		if w := want(); !slices.Equal(s.Found, w) || len(w) == 0 {
			t.Errorf("%s: found %v, want %v", c.text, s.Found, w)
		}
		l.mustExec(t, 0, "source 10.0.0.2 7 50000")
		l.mustSeek(t, l.Clock+5*second)
		for !s.Step(10) {
		}
		if w := want(); !slices.Equal(s.Found, w) {
			t.Errorf("%s: when more was recorded: found %v, want %v", c.text, s.Found, w)
		}
		l.mustSeek(t, second)
		l.mustExec(t, 0, "ping -c 1 10.0.0.2")
		if !s.Stale() {
			t.Error("the future was cut off, and the search does not know")
		}
		s.Close()
	}
}
