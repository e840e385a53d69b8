package view

import (
	"testing"

	"wirelab/lab/ui"
)

// Crossings that share a place have their own words, and widths follow the scale of text.
func TestPhrases(t *testing.T) {
	m := openLab(t, "four-way-close", 250*ms)
	const far = 2 + maxPhrases
	if a, b := m.phrases(2).nodeID(2), m.phrases(far).nodeID(far); a != "p2" || b != "p8194" || m.phrases(2).menuID(2) != "p2.menu" {
		t.Errorf("ids %s, %s and %s", a, b, m.phrases(2).menuID(2))
	}
	r := newRig(t, 600, 400, func(*ui.UI, ui.Rect) {})
	for _, scale := range []float32{1, 1.5, 1} {
		r.TextScale = scale
		for _, style := range []ui.Style{ui.CodeSmall, ui.Title} {
			words := m.capsuleOf(1)
			if got, want := m.phrases(1).capsuleWidth(r.UI, style), r.Width(words, style); got != want || want == 0 {
				t.Errorf("%q at scale %v is %v wide, want %v", words, scale, got, want)
			}
		}
	}
}
