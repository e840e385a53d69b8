package ui

import "testing"

// A frame looks as before only if all that is drawn is as it was in the frame before.
func TestAFrameThatLooksAsBefore(t *testing.T) {
	words, at := "words", float32(10)
	r := newRig(t, func(u *UI) {
		u.Fill(R(0, 0, 50, 50), u.Theme.Bg)
		u.Overlay(func() { u.TextIn(R(at, 10, 90, 30), words, Body, Left, u.Theme.Text) })
	})
	for name, change := range map[string]func(){
		"theme": func() { r.Theme = Light },
		"words": func() { words = "worse" },
		"place": func() { at++ },
	} {
		r.frame()
		r.onScreen = true
		r.frame()
		if !r.looksAsBefore() || !r.before.onScreen || r.onScreen {
			t.Errorf("before %s: the same frame again is taken for another", name)
		}
		change()
		if r.frame(); r.looksAsBefore() || r.before.onScreen {
			t.Errorf("%s: another frame is taken for the same", name)
		}
	}
}
