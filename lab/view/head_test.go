package view

import (
	"testing"

	"wirelab/lab/ui"
)

// Beside the badge of each end stands the name of its host, however short it is; only where there is no room does a badge that
// says it all stand alone.
func TestNamesStandBesideTheirBadges(t *testing.T) {
	for _, c := range []struct {
		lab   string
		at    int64
		names [2]string
		w     float32
		bare  bool
	}{
		{"home-network", 3100 * ms, [2]string{"PC", "Server"}, 511, false},
		{"four-way-close", 250 * ms, [2]string{"A", "B"}, 511, false},
		{"four-way-close", 250 * ms, [2]string{"", ""}, 262, true},
	} {
		m := openLab(t, c.lab, c.at)
		var d Connection
		r := newRig(t, c.w, 206, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
		for i, want := range c.names {
			id := string(rune('0' + i))
			name, ok := r.Find("connection/name" + id)
			state, there := r.Find("connection/state" + id)
			if ok == c.bare || name.Name != want || !there {
				t.Errorf("%s, %v wide: end %d is called %q, want %q", c.lab, c.w, i, name.Name, want)
			}
			if ok && name.Bounds.Overlaps(state.Bounds) {
				t.Errorf("%s, %v wide: the name of end %d lies on its state", c.lab, c.w, i)
			}
			if state.Bounds.W < r.ChipWidth(state.Name, ui.CodeTiny.Bold())-0.1 {
				t.Errorf("%s, %v wide: %s is cut off", c.lab, c.w, state.Name)
			}
		}
	}
}
