package view

import (
	"testing"

	"wirelab/lab"
	"wirelab/lab/ui"
)

// Only what lies below a whole card that is drawn later, and is still there, is left out.
func TestWhatIsBuriedBelowCards(t *testing.T) {
	m := &Model{Lang: "en"}
	m.Look(bulkLab(t, 1, 0))
	s := Stage{size: 1, cards: []ui.Rect{ui.R(0, 0, 100, 100), ui.R(0, 40, 100, 100), ui.R(300, 0, 100, 100)}}
	r := newRig(t, 600, 400, func(*ui.UI, ui.Rect) {})
	for _, k := range []struct {
		id   uint32
		r    ui.Rect
		want bool
	}{
		{0, ui.R(20, 60, 60, 30), true},
		{0, ui.R(20, 30, 60, 30), false}, // it sticks out at the top
		{0, ui.R(2, 60, 60, 30), false},  // where the other card's corner is round
		{1, ui.R(20, 60, 60, 30), false}, // of the upper one
	} {
		if got := s.buried(r.UI, m, k.id, k.r); got != k.want {
			t.Errorf("%v of card %d is buried: %v", k.r, k.id, got)
		}
	}
	if err := m.Lab.Do(lab.RemoveNode{Node: 1}); err != nil {
		t.Fatal(err)
	}
	if s.buried(r.UI, m, 0, ui.R(20, 60, 60, 30)) {
		t.Error("a card that was taken out hides another")
	}
}
