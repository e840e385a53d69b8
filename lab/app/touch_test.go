//go:build !js

package app

import (
	"testing"

	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// tap puts a finger beside a widget, by so much from its middle, and lifts it.
func (r *rig) tap(id string, dx, dy float32) {
	x, y := r.find(id).Bounds.Mid()
	r.in.Outside, r.in.Touch, r.in.X, r.in.Y = false, true, x+dx, y+dy
	r.in.Down[ui.Primary] = true
	r.frames(1)
	r.in.Down[ui.Primary] = false
	r.frames(1)
	r.in.Outside, r.in.Touch = true, false
	r.settle()
}

// On a phone the small controls are reached by a finger that lands beside them; the middle of a card is the card.
func TestSmallControlsUnderAFinger(t *testing.T) {
	r := newRig(t)
	r.w, r.h = 390, 844
	r.example("four-way-close")
	if err := r.Session.Seek(0.25); err != nil {
		t.Fatal(err)
	}
	r.settle()
	dark := r.UI.Theme.Dark
	if r.tap("bar/theme", 0, 20); r.UI.Theme.Dark == dark {
		t.Error("theme")
	}
	if r.tap("upper-pane/full", 8, 20); !r.full {
		t.Error("full view")
	}
	if r.tap("upper-pane/full", 0, -15); r.full {
		t.Error("full view, and back")
	}
	r.tap("stage/link0", 0, -18)
	r.find("stage/link0.menu")
	r.do("stage/link0.menu/link_properties", "press", "")
	if r.tap("stage/node-A/conn0", 0, 10); !r.Model.Conn.Set {
		t.Error("the badge of a connection")
	}
	if r.tap("stage/node-A", 0, 0); r.Model.Chosen.Kind != view.OnNode || r.Model.Chosen.Node != 0 {
		t.Errorf("the middle of a card chooses %+v", r.Model.Chosen)
	}
	if r.tap("terminal/fold", 0, 18); !r.terminal.Closed {
		t.Error("folding the terminal")
	}
}
