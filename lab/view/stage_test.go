package view

import (
	"strings"
	"testing"

	"wirelab/lab/link"
	"wirelab/lab/ui"
)

// Where there is room in one direction only, things are spread in that direction; a hand that drags something keeps hold of it.
func TestAStageWithLittleRoom(t *testing.T) {
	m := &Model{Lang: "en"}
	l := bulkLab(t, 1, 0)
	l.Node(0).X, l.Node(0).Y, l.Node(1).X, l.Node(1).Y = 0, 0, 400, 300
	m.Look(l)
	var s Stage
	for _, room := range []ui.Rect{ui.R(0, 0, 1200, 800), ui.R(0, 0, 500, 180), ui.R(0, 0, 180, 700), ui.R(10, 120, 300, 160)} {
		var all ui.Rect
		r := newRig(t, 1200, 800, func(u *ui.UI, r ui.Rect) {
			all = r
			s.Draw(u, r, room, m)
		})
		a, b := s.cards[0], s.cards[1]
		across, down := room.W-a.W > 400*leastZoom, room.H-a.H > 300*leastZoom
		if across && (a.X < room.X || b.Right() > room.Right()) || down && (a.Y < room.Y || b.Bottom() > room.Bottom()) {
			t.Errorf("in %v the cards are at %v and %v", room, a, b)
		}
		if spare := room.W - (b.Right() - a.X); across && s.zoom*s.wide < leastSize && spare > 2*ui.Space4 {
			t.Errorf("in %v there is a room of %v left beside cards at %v and %v", room, spare, a, b)
		}
		x, y := s.project(all, 123, 45)
		if x, y = s.unproject(all, x, y); abs(x-123) > 0.01 || abs(y-45) > 0.01 {
			t.Errorf("in %v the place 123, 45 comes back as %v, %v", room, x, y)
		}
		var dx, dy int32
		for range 50 {
			x, y := s.dragged(ui.Interaction{DX: 1, DY: -1})
			dx, dy = dx+x, dy+y
		}
		if w, h := float32(dx)*s.zoom*s.wide, float32(dy)*s.zoom*s.tall; abs(w-50) > 1.5 || abs(h+50) > 1.5 {
			t.Errorf("in %v a hand that goes 50 to the right and up takes things %v and %v with it", room, w, h)
		}
		r.frame()
	}
}

// Where a link has no room for all its words, what it loses is said before how long it takes, and in which direction.
func TestForemostOfALink(t *testing.T) {
	m := &Model{Lang: "en"}
	slow, lossy, worse := link.Params{DelayNs: 10_000_000}, link.Params{DelayNs: 1_000_000, LossPPM: 50_000}, link.Params{LossPPM: 1_000_000}
	for _, c := range []struct {
		there, back link.Params
		want        string
	}{{slow, slow, "10 ms"}, {link.Params{}, slow, "10 ms"}, {lossy, slow, "→ 5% loss"}, {slow, lossy, "← 5% loss"}, {lossy, lossy, "5% loss"}, {lossy, worse, "← 100% loss"}} {
		if got := foremost(m, &c.there, &c.back); strings.ReplaceAll(got, "\u00a0", " ") != c.want {
			t.Errorf("%+v and %+v: %q, want %q", c.there, c.back, got, c.want)
		}
	}
}

// What is lost is drawn above what is not.
func TestALossLiesOnTop(t *testing.T) {
	s, goTo := transfer(t, "link 0 loss 2%")
	m := &Model{Lang: "en"}
	m.Look(s.Lab())
	var stage Stage
	r := newRig(t, 900, 500, func(u *ui.UI, r ui.Rect) { stage.Draw(u, r, r, m) })
	among := 0
	for at := 1.1; at < 1.6; at += 0.007 {
		goTo(at)
		m.Look(s.Lab())
		r.frame()
		r.frame()
		whole, lost := 0, 0
		for _, n := range r.Tree() {
			switch {
			case !strings.HasPrefix(n.ID, "stage/packets/p"):
			case n.Value == m.Say("fate.lost"):
				lost++
			case lost > 0:
				t.Fatalf("at %v s %s lies above a loss", at, n.Name)
			default:
				whole++
			}
		}
		if whole > 0 && lost > 0 {
			among++
		}
	}
	if among < 3 {
		t.Errorf("only at %d instants is there a loss among others", among)
	}
}
