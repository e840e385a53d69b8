//go:build !js

package app

import (
	"strings"
	"testing"

	"wirelab/lab/ui"
	"wirelab/lab/words"
)

// Whatever the size of window and text: cards are apart from each other and from the tools, no two controls of a row lie on each other
// or outside the window, and what to do next is offered.
func TestEverythingHasItsPlace(t *testing.T) {
	for _, c := range []struct {
		w, h, text float32
		cards      bool // five of them have room, however small they are
	}{
		{1280, 720, 0.8, true}, {1280, 720, 1, true}, {1280, 720, 1.4, true}, {1280, 720, 2, true}, {1920, 1080, 2, true},
		{1000, 480, 1, true}, {1000, 480, 2, true}, {800, 560, 1.4, true}, {800, 560, 1, true}, {390, 844, 1, true}, {390, 844, 1.4, true}, {390, 844, 2, true},
	} {
		for _, lang := range []words.Lang{words.English, words.Chinese} {
			r := newRig(t)
			r.w, r.h, r.UI.TextScale, r.Model.Lang = c.w, c.h, c.text, lang
			r.example("home-network")
			if err := r.Session.Seek(3.1); err != nil {
				t.Fatal(err)
			}
			r.settle()
			if c.cards {
				apart(t, r, "stage/node-", "stage/tools")
			}
			apart(t, r, "bar/")
			apart(t, r, "time/")
			next := false
			for _, n := range r.UI.Tree() {
				next = next || n.ID == "card/next" || n.ID == "bar/next" || n.ID == "next"
			}
			if !next {
				t.Errorf("%vx%v, text %v: nothing is offered to be done next", c.w, c.h, c.text)
			}
		}
	}
}

// A small window has less of a large text scale; that comes back with the room, whatever was asked for in between.
func TestLargeTextInASmallWindow(t *testing.T) {
	r := newRig(t)
	r.UI.TextScale = 2
	for _, c := range []struct{ h, want float32 }{{720, 2}, {480, 480. / leastRows}, {200, 1}, {720, 2}} {
		r.h = c.h
		if r.frames(2); r.UI.TextScale != c.want {
			t.Errorf("in a window %v high the text scale is %v, want %v", c.h, r.UI.TextScale, c.want)
		}
	}
	r.w = 390
	if r.frames(2); r.UI.TextScale != 390./leastColumns {
		t.Errorf("in a window 390 wide the text scale is %v", r.UI.TextScale)
	}
	r.w, r.h = 1280, 480
	r.frames(2)
	r.Perform("smaller")
	r.frames(2)
	if want := float32(480. / leastRows / 1.1); r.UI.TextScale != want {
		t.Errorf("smaller than %v is %v, want %v", float32(480./leastRows), r.UI.TextScale, want)
	}
	r.Perform("normal")
	if r.frames(2); r.UI.TextScale != 1 {
		t.Errorf("the usual text scale is %v", r.UI.TextScale)
	}
}

// apart checks that the widgets whose names begin so, and have nothing further below, are apart and on the screen.
func apart(t *testing.T, r *rig, prefixes ...string) {
	t.Helper()
	var all []ui.Node
	for _, n := range r.UI.Tree() {
		for _, p := range prefixes {
			rest, ok := strings.CutPrefix(n.ID, p)
			if !ok || strings.Contains(rest, "/") {
				continue
			}
			if n.Bounds.X < 0 || n.Bounds.Right() > r.w || n.Bounds.W <= 0 {
				t.Errorf("%vx%v, text %v: %s at %v is not on the screen", r.w, r.h, r.UI.TextScale, n.ID, n.Bounds)
			}
			for _, o := range all {
				if n.Bounds.Inset(0.5).Overlaps(o.Bounds.Inset(0.5)) {
					t.Errorf("%vx%v, text %v: %s at %v lies on %s at %v", r.w, r.h, r.UI.TextScale, n.ID, n.Bounds, o.ID, o.Bounds)
				}
			}
			all = append(all, n)
		}
	}
}

// On a phone what was done can be undone, and other futures can be taken, by hand.
func TestHistoryOnAPhone(t *testing.T) {
	for _, text := range []float32{1, 1.4} {
		r := newRig(t)
		r.w, r.h, r.UI.TextScale = 390, 844, text
		r.example("four-way-close")
		if err := r.Session.Seek(4); err != nil {
			t.Fatal(err)
		}
		r.settle()
		r.Perform("drop")
		r.do("time/start", "press", "")
		r.Perform("add_host")
		r.settle()
		r.find("time/history")
		apart(t, r, "time/")
	}
}

// In a low window the sentence of the lesson can be read, and one pane has the room that two would waste.
func TestALowWindow(t *testing.T) {
	for _, c := range []struct {
		w, h, text float32
		lower      bool
	}{{1000, 480, 1, false}, {1280, 720, 1, true}, {1280, 720, 1.4, false}} {
		r := newRig(t)
		r.w, r.h, r.UI.TextScale = c.w, c.h, c.text
		r.example("lost-syn")
		r.Perform("continue")
		r.settle()
		card, ok := r.UI.Find("card")
		if !ok || card.Name == "" || card.Name != r.about() {
			t.Errorf("%vx%v, text %v: the card says %q", c.w, c.h, c.text, card.Name)
		}
		if _, lower := r.UI.Find("lower"); lower != c.lower {
			t.Errorf("%vx%v, text %v: a lower pane: %v", c.w, c.h, c.text, lower)
		}
	}
}

// However small the window, whoever asks for a terminal gets a line to type on.
func TestATerminalThatIsAskedFor(t *testing.T) {
	for _, c := range []struct{ w, h, text float32 }{{390, 844, 1}, {390, 844, 1.4}, {390, 844, 2}, {844, 390, 1}, {1280, 720, 2}, {1000, 480, 2}} {
		for _, ask := range []func(r *rig){
			func(r *rig) { r.do("terminal/hosts/Phone", "press", "") },
			func(r *rig) { r.Perform("type") },
			func(r *rig) { r.do("terminal/fold", "press", "") },
		} {
			r := newRig(t)
			r.w, r.h, r.UI.TextScale = c.w, c.h, c.text
			r.example("home-network")
			r.settle()
			if _, there := r.UI.Find("terminal/of-PC/input"); there {
				continue
			}
			ask(r)
			r.frames(3)
			_, pc := r.UI.Find("terminal/of-PC/input")
			if _, phone := r.UI.Find("terminal/of-Phone/input"); !pc && !phone {
				t.Errorf("%vx%v, text %v: there is no line to type on", c.w, c.h, c.text)
			}
		}
	}
}
