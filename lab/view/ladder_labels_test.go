package view

import (
	"slices"
	"strings"
	"testing"

	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/stack/event"
)

// Whatever the room between the axes: no label is cut off, none lies on another, and of every arrow enough can be seen.
func TestLabelsLeaveTheirArrows(t *testing.T) {
	for _, c := range []struct {
		lab string
		at  int64
	}{{"home-network", 300 * ms}, {"home-network", 3100 * ms}, {"home-network", 3300 * ms}, {"four-way-close", 400 * ms}, {"lost-syn", 4000 * ms}} {
		m := openLab(t, c.lab, c.at)
		var d Ladder
		r := newRig(t, 511, 273, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
		for _, size := range [][3]float32{{240, 273, 1}, {300, 600, 1}, {390, 800, 1}, {511, 273, 1}, {511, 273, 1.4}, {768, 470, 1}, {768, 470, 2}, {1200, 900, 1}} {
			r.w, r.h, r.TextScale = size[0], size[1], size[2]
			r.frame()
			for i, l := range d.labels {
				n := d.shown[l.k]
				letters := Letters(&m.Lab.Trace.At(n).Head)
				if !strings.HasPrefix(l.words, m.Label(n)) && l.words != m.capsuleOf(n) && l.words != letters {
					t.Errorf("%s at %v: packet %d is labelled %q", c.lab, size, n+1, l.words)
				}
				if r.Width(l.words, ui.CodeTiny) > l.r.W-4 {
					t.Errorf("%s at %v: %q is cut off", c.lab, size, l.words)
				}
				if own := d.lines[l.k]; own.within(l.r) == 0 {
					x, y := l.r.Mid()
					y0 := own.y0 + (own.y1-own.y0)*(x-own.x0)/(own.x1-own.x0)
					between := arrowLine{x0: x, y0: y, x1: x, y1: y0}
					for k, o := range d.lines {
						if k != l.k && crosses(o, between) {
							t.Errorf("%s at %v: the arrow of packet %d lies between %q and its own", c.lab, size, d.shown[k]+1, l.words)
						}
					}
				}
				if slices.ContainsFunc(d.labels[:i], func(o label) bool { return o.r.Overlaps(l.r) }) {
					t.Errorf("%s at %v: %q lies on other words", c.lab, size, l.words)
				}
			}
			for k, l := range d.lines {
				hidden := float32(0)
				for _, o := range d.labels {
					hidden += l.within(o.r)
				}
				if hidden > mostHidden+0.01 {
					t.Errorf("%s at %v: labels hide %.2f of the arrow of packet %d", c.lab, size, hidden, d.shown[k]+1)
				}
			}
			if size[0] > 500 && size[1] > 400 && len(d.labels) < 8 && c.at > 300*ms && c.lab != "lost-syn" {
				t.Errorf("%s at %v: there are only %d labels", c.lab, size, len(d.labels))
			}
		}
	}
}

// crosses reports whether a line crosses one that goes straight up or down.
func crosses(l, upright arrowLine) bool {
	share := (upright.x0 - l.x0) / (l.x1 - l.x0)
	y := l.y0 + (l.y1-l.y0)*share
	return share > 0 && share < 1 && y > min(upright.y0, upright.y1) && y < max(upright.y0, upright.y1)
}

// A packet that a switch and a router pass on is labelled on one of its arrows; the others can be pressed, and say what it is, all the
// same.
func TestAPacketIsLabelledOnce(t *testing.T) {
	m := openLab(t, "home-network", 3330*ms)
	var d Ladder
	r := newRig(t, 768, 1400, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	r.frame()
	labels := map[event.Why]int{}
	for _, i := range d.shown {
		labels[origin(m, i)] += 0
	}
	for _, l := range d.labels {
		labels[origin(m, d.shown[l.k])]++
		fits := l.r.W+20 < d.columns[1].x-d.columns[0].x
		for _, c := range d.columns {
			if fits && l.r.X < c.x+4 && c.x-4 < l.r.Right() {
				t.Errorf("%q stands on the axis of %s", l.words, m.NodeName(c.node))
			}
		}
	}
	if len(labels) < 15 || len(d.shown) < 2*len(labels) {
		t.Fatalf("%d packets are shown in %d arrows", len(labels), len(d.shown))
	}
	for why, n := range labels {
		if n != 1 {
			t.Errorf("a packet that was sent because of %s is labelled %d times", why.Reason.Key(), n)
		}
	}
	for k, i := range d.shown {
		id := "ladder/" + m.phrases(i).nodeID(i)
		n, ok := r.Find(id)
		if !ok || n.Value != m.Words(i) || !strings.HasPrefix(n.Name, m.Label(i)) || n.Bounds.Empty() {
			t.Errorf("arrow %d is %q, %q at %v", i+1, n.Name, n.Value, n.Bounds)
			continue
		}
		if d.lines[k].labelled {
			continue
		}
		r.do(t, id, "press", "")
		if m.Packet != int64(i) || !d.lines[k].labelled {
			t.Errorf("arrow %d was pressed, and %d is chosen", i+1, m.Packet+1)
		}
		m.Select(-1)
		r.frame()
	}
}

func TestWithin(t *testing.T) {
	l := arrowLine{x0: 10, y0: 0, x1: 110, y1: 50}
	for _, c := range []struct {
		r    ui.Rect
		want float32
	}{
		{ui.R(0, -10, 200, 100), 1},
		{ui.R(60, -10, 200, 100), 0.5},
		{ui.R(0, 40, 200, 100), 0.2},
		{ui.R(35, 0, 50, 50), 0.5},
		{ui.R(35, 0, 50, 5), 0},
		{ui.R(200, 0, 50, 50), 0},
	} {
		if got := l.within(c.r); abs(got-c.want) > 1e-5 {
			t.Errorf("%v: %v, want %v", c.r, got, c.want)
		}
	}
	flat := arrowLine{x0: 110, y0: 20, x1: 10, y1: 20}
	if a, b := flat.within(ui.R(10, 0, 25, 40)), flat.within(ui.R(10, 21, 25, 40)); a != 0.25 || b != 0 {
		t.Errorf("of a line without slope %v and %v", a, b)
	}
}

// Names of hosts without room are cut to letters, not to dots.
func TestBeginningOfAName(t *testing.T) {
	newRig(t, 400, 300, func(u *ui.UI, _ ui.Rect) {
		for _, c := range []struct {
			name, letters, want string
		}{{"PC", "PC", "PC"}, {"Switch", "Swi", "Swi"}, {"Switch", "S", "S"}, {"Switch", "", "S"}, {"a-very-long-name", "a-very-l", "a-very-long-name"}, {"服务器", "服务", "服务"}} {
			if got := beginning(u, c.name, ui.Tiny, u.Width(c.letters, ui.Tiny)); got != c.want {
				t.Errorf("%s in the room of %q is %q, want %q", c.name, c.letters, got, c.want)
			}
		}
	}).frame()
}

// A FIN that carries bytes says which, as data does.
func TestAFINSaysWhichBytesItCarries(t *testing.T) {
	m := openLossy(t)
	labels := map[string]bool{}
	for i := range m.Lab.Trace.Len() {
		labels[m.Label(i)] = true
	}
	for _, want := range []string{"FIN 7:11(4) ack 8", "FIN 11 ack 8"} {
		if !labels[want] {
			t.Errorf("nothing is called %q", want)
		}
	}
}

// openLossy opens the textbook's session with a link that loses half of what it carries from 150 ms on.
func openLossy(t *testing.T) *Model {
	t.Helper()
	s := session.New()
	err := s.Example("four-way-close")
	if err == nil {
		err = s.Lab().SeekTo(150 * ms)
	}
	if err == nil {
		err = s.Command("link 0 loss 50%")
	}
	if err == nil {
		err = s.Lab().SeekTo(4000 * ms)
	}
	if err != nil {
		t.Fatal(err)
	}
	m := &Model{Lang: "en"}
	m.Look(s.Lab())
	return m
}
