package view

import (
	"testing"

	"wirelab/lab/ui"
)

// A proposal can be taken by hand, and one types on.
func TestAProposalIsPressed(t *testing.T) {
	m := openLab(t, "four-way-close", 400*ms)
	for _, touch := range []bool{false, true} {
		var p Packets
		r := newRig(t, 700, 400, func(u *ui.UI, box ui.Rect) { p.Draw(u, box, m) })
		r.do(t, "packets/filter", "set", "tcp.fl")
		r.do(t, "packets/filter", "focus", "")
		var of ui.Node
		for _, n := range r.Tree() {
			if n.Role == ui.RoleListItem && n.Name == "tcp.flags.syn" {
				of = n
			}
		}
		if of.Bounds.Empty() {
			t.Fatal("tcp.flags.syn is not proposed")
		}
		x, y := of.Bounds.Mid()
		r.in.Touch, r.in.Outside, r.in.X, r.in.Y = touch, false, x, y
		if !touch { // a finger is nowhere before it is down
			r.frame()
		}
		r.in.Down[ui.Primary] = true
		r.frame()
		r.in.Down[ui.Primary], r.in.Outside = false, touch
		r.frame()
		r.frame()
		if n, _ := r.Find("packets/filter"); n.Value != "tcp.flags.syn" || n.Flags&ui.Focused == 0 {
			t.Errorf("touch %v: the field says %q, and has the keyboard: %v", touch, n.Value, n.Flags&ui.Focused != 0)
		}
	}
}
