package view

import (
	"slices"
	"testing"

	"wirelab/lab/session"
	"wirelab/lab/ui"
)

// A link is drawn from the knob of a card to another, however fast the hand is.
func TestALinkIsDrawnByAQuickHand(t *testing.T) {
	for _, steps := range []int{1, 2, 40} {
		s := session.New()
		if err := s.Blank(); err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"add host a", "add host b"} {
			if err := s.Command(line); err != nil {
				t.Fatal(err)
			}
		}
		m := &Model{Lang: "en"}
		m.Look(s.Lab())
		stage := &Stage{}
		r := newRig(t, 900, 500, func(u *ui.UI, box ui.Rect) { stage.Draw(u, box, box, m) })
		a, _ := r.Find("stage/node-a")
		b, _ := r.Find("stage/node-b")
		x, y := a.Bounds.Right()-4, a.Bounds.Bottom()-4
		r.in.Outside, r.in.X, r.in.Y = false, x, y
		r.frame()
		r.frame()
		r.in.Down[ui.Primary] = true
		r.frame()
		tx, ty := b.Bounds.Mid()
		for i := range steps {
			share := float32(i+1) / float32(steps)
			r.in.X, r.in.Y = x+(tx-x)*share, y+(ty-y)*share
			r.frame()
		}
		r.frame()
		r.in.Down[ui.Primary] = false
		r.frame()
		r.frame()
		if !slices.ContainsFunc(m.Asks, func(k Ask) bool { return k.Kind == AskLinkUp && k.Node == 0 && k.Target.Node == 1 }) {
			t.Errorf("in %d steps: no link is asked for: %v", steps, m.Asks)
		}
	}
}
