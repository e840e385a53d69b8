package ui

import (
	"testing"
)

// painted says which sheets must be painted after a change: a letter for each, "*" for everything.
func (r *rig) painted(change func()) (which string) {
	r.frame()
	change()
	r.frame()
	r.choose(false)
	if r.layers[layerBase].painted {
		which = "*"
	}
	for i, b := range r.sheets {
		if b.painted {
			which += string(rune('a' + i))
		}
	}
	return which
}

// Only what looks otherwise is painted again, with what lies above it; what may be seen through is never painted twice.
func TestSheetsArePaintedWhenTheyLookOtherwise(t *testing.T) {
	var words, floats string
	var at, bar, moved float32
	inner := R(10, 10, 100, 30)
	float := R(0, 0, 0, 0)
	r := newRig(t, func(u *UI) {
		u.Fill(u.Screen(), u.Theme.Bg)
		u.Fill(R(0, 300, 50+bar, 10), u.Theme.Line)
		u.PushSheet(R(0, 0, 200, 100), u.Theme.Panel) // a
		u.Fill(R(150+at, 50, 20, 20), u.Theme.Text)
		u.PushSheet(inner, u.Theme.Panel) // b, above a
		u.TextIn(inner, words, Body, Left, u.Theme.Text)
		u.PopSheet()
		u.PopSheet()
		u.PushSheet(R(200, 0, 100, 100+moved), u.Theme.Stage) // c
		u.Fill(R(190, 10, 20+at, 20), u.Theme.Text)           // a part of it is hidden
		u.PopSheet()
		u.Overlay(func() { u.TextIn(float, floats, Body, Left, u.Theme.Text) })
	})
	for _, c := range []struct {
		name   string
		change func()
		want   string
	}{
		{"nothing", func() {}, ""},
		{"words", func() { words = "words" }, "b"},
		{"other words", func() { words = "worse" }, "b"},
		{"something under a sheet", func() { at = 30 }, "abc"},
		{"what is hidden", func() { at = 29 }, "abc"},
		{"the base", func() { bar = 1 }, "*abc"},
		{"the place of a sheet", func() { moved = 1 }, "*abc"},
		{"the theme", func() { r.Theme = Light }, "*abc"},
		{"something floats", func() { float, floats = R(220, 10, 60, 20), "tip" }, "*abc"},
		{"it still does", func() {}, ""},
		{"words elsewhere", func() { words = "again" }, "b"},
		{"words below it", func() { float.X, at = 30, 0 }, "*abc"},
		{"it lies over what changes", func() { words = "still" }, "*abc"},
		{"nothing again", func() {}, ""},
	} {
		if got := r.painted(c.change); got != c.want {
			t.Errorf("%s: painted %q, want %q", c.name, got, c.want)
		}
	}
	if r.choose(true); !r.layers[layerTop].painted || !r.sheets[0].painted {
		t.Error("a new window is not painted whole")
	}
}

// A sheet on something that floats is a part of it.
func TestASheetInADialogFloats(t *testing.T) {
	r := newRig(t, func(u *UI) {
		u.Overlay(func() {
			u.PushSheet(R(10, 10, 50, 50), u.Theme.Panel)
			u.Fill(R(0, 0, 100, 100), u.Theme.Text)
			u.PopSheet()
			u.Fill(R(300, 0, 10, 10), u.Theme.Text)
		})
	})
	if r.frame(); len(r.sheets) != 0 {
		t.Fatalf("%d sheets", len(r.sheets))
	}
	if e := r.layers[layerOverlay].extent(); e.x0 != 10 || e.y0 < 0 && e.y0 > -2 || e.x1 < 310 {
		t.Errorf("it covers %v", e)
	}
}

// Everything of the frame before counts, to the last number.
func TestAChangeIsFoundWhereverItIs(t *testing.T) {
	var a, b batch
	for _, x := range []*batch{&a, &b} {
		x.reset(bounds{0, 0, 100, 100})
		for i := range 5 {
			x.box(float32(20+i), 20, 5, 5, 1, 0, paint{color: RGB(0xffffff)})
		}
		x.emit(make([]corner, 3), paint{color: RGB(1)})
	}
	if !a.looksLike(&b) {
		t.Fatal("the same is taken for another")
	}
	for i := range a.vertices {
		was := a.vertices[i]
		a.vertices[i].Custom3++
		if a.looksLike(&b) {
			t.Errorf("vertex %d is not compared", i)
		}
		a.vertices[i] = was
	}
	for i := range a.indices {
		a.indices[i] ^= 1
		if a.looksLike(&b) {
			t.Errorf("index %d of %d is not compared", i, len(a.indices))
		}
		a.indices[i] ^= 1
	}
	var p kept
	for _, x := range []*batch{&a, &b} {
		x.splice(&p)
		x.box(50, 50, 5, 5, 1, 0, paint{color: RGB(0xffffff)})
	}
	if !a.looksLike(&b) {
		t.Error("the same picture is taken for another")
	}
	if b.splices[0].of = new(kept); a.looksLike(&b) {
		t.Error("another picture is not noticed")
	}
	b.splices[0] = a.splices[0]
	if b.splices[0].version++; a.looksLike(&b) {
		t.Error("a picture drawn anew is not noticed")
	}
	b.splices[0] = a.splices[0]
	if b.splices[0].index--; a.looksLike(&b) {
		t.Error("a picture behind something else is not noticed")
	}
	b.splices[0] = a.splices[0]
	if a.vertices = a.vertices[1:]; a.looksLike(&b) {
		t.Error("a missing vertex is not noticed")
	}
}

func TestWhatHardlyMovesIsStill(t *testing.T) {
	r := newRig(t, func(*UI) {})
	for x := float32(-3); x < 500; x += 0.37 {
		if at := r.Still(x); abs(at-x) > Stillness/r.scale/2+1e-4 || r.Still(at) != at {
			t.Errorf("%v is drawn at %v", x, at)
		}
	}
}
