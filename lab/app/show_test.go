//go:build !js

package app

import (
	"testing"

	"wirelab/lab/session"
)

// Whatever pieces of the window are asked for, it is drawn, at every size; what shows is one of them; and a piece that there is not is told of.
func TestAnyPiecesOfTheWindow(t *testing.T) {
	fonts, err := Fonts()
	if err != nil {
		t.Fatal(err)
	}
	pieces := append(pieces(), "nonsense", "")
	for mask := range 1 << len(pieces) {
		var show []string
		for i, p := range pieces {
			if mask>>i&1 == 1 {
				show = append(show, p)
			}
		}
		if len(show) > 2 && mask%997 != 0 { // all single ones and pairs, and some more
			continue
		}
		r := newRig(t)
		r.App = New(Options{Session: session.New(), Fonts: fonts, Show: show, Still: true}, Platform{Scale: func() float32 { return 1 }})
		for _, size := range [][2]float32{{1280, 720}, {390, 844}, {844, 390}} {
			r.w, r.h = size[0], size[1]
			r.frames(3)
		}
		for i := range r.panes {
			if p := &r.panes[i]; len(p.holds) > 0 && !p.closed && !r.shows(p.shown) {
				t.Errorf("%q: a pane shows %s", show, p.shown)
			}
		}
		bad := mask>>(len(pieces)-2) != 0
		if says := r.says("no part of the window"); says != bad {
			t.Errorf("%q: told: %v", show, says)
		}
	}
}
