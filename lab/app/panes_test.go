//go:build !js

package app

import (
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab"
)

// A view goes to another pane, fills the window, is closed and comes back; a file remembers all of it.
func TestPanes(t *testing.T) {
	r := newRig(t)
	r.do("upper-pane/more", "press", "")
	r.do("upper-pane/menu/decode", "press", "")
	if r.panes[0].shown != "decode" || len(r.panes[1].holds) != 3 {
		t.Fatalf("%+v", r.panes)
	}
	r.do("upper-pane/full", "press", "")
	if _, ok := r.UI.Find("stage"); ok {
		t.Error("a view that has all the room leaves some to the stage")
	}
	r.key(false, ebiten.KeyM)
	r.do("lower-pane/more", "press", "")
	r.do("lower-pane/menu/close", "press", "")
	if _, ok := r.UI.Find("lower-pane"); ok {
		t.Error("a pane cannot be closed")
	}
	r.do("across", "set", "0.5")
	data, err := r.Session.Save()
	if err != nil {
		t.Fatal(err)
	}
	again := newRig(t)
	if err := again.Session.Open(data); err != nil {
		t.Fatal(err)
	}
	again.settle()
	if p := again.panes; p[0].shown != "decode" || !p[1].closed || again.across != 0.5 {
		t.Errorf("opened again, the window is %+v, %v", p, again.across)
	}
	again.key(false, ebiten.Key3)
	if p := again.panes[1]; p.closed || p.shown != "connection" {
		t.Errorf("its key does not bring a view back: %+v", p)
	}
}

// What a file says of the window may be nonsense.
func TestArrangeNonsense(t *testing.T) {
	r := newRig(t)
	for _, s := range []lab.Setting{{Name: "upper", Value: ""}, {Name: "upper", Value: "nobody ladder ladder -"}, {Name: "lower", Value: "-ladder ladder packets why connection decode timers program"},
		{Name: "across", Value: "-5"}, {Name: "down", Value: "1e9"}, {Name: "colour", Value: "pink"}} {
		r.arrange([]lab.Setting{s})
		r.settle()
		for _, k := range []ebiten.Key{ebiten.Key1, ebiten.Key7} {
			r.key(false, k)
		}
	}
}
