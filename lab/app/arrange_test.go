//go:build !js

package app

import (
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/view"
)

// Nodes are copied with the links between them, laid out without lying on each other, aligned and taken out together.
func TestSeveralNodesAtOnce(t *testing.T) {
	r := newRig(t)
	r.example("home-network")
	l := r.Session.Lab()
	nodes, links := l.Nodes(), len(l.Links)
	r.do("stage/node-PC", "press", "")
	r.in.Shift = true
	r.do("stage/node-Switch", "press", "")
	r.do("stage/node-Phone", "press", "")
	r.in.Shift = false
	if len(r.Model.Many) != 3 {
		t.Fatalf("%v are chosen", r.Model.Many)
	}
	r.key(true, ebiten.KeyC, ebiten.KeyV)
	if l.Nodes() != nodes+3 || len(l.Links) != links+2 || l.LinkAt(links).Dir[0].Params != l.LinkAt(0).Dir[0].Params {
		t.Errorf("pasted: %d nodes, %d links", l.Nodes(), len(l.Links))
	}
	r.Perform("row")
	y := l.Node(uint32(nodes)).Y
	for i := range uint32(3) {
		if l.Node(uint32(nodes)+i).Y != y {
			t.Error("they do not stand in a row")
		}
	}
	r.Model.Chosen = view.Target{Kind: view.OnNode, Node: uint32(nodes)}
	r.key(false, ebiten.KeyDelete)
	for i := range uint32(3) {
		if !l.Gone(uint32(nodes) + i) {
			t.Error("a node that was to be taken out is there")
		}
	}
	r.Perform("layout")
	for a := range l.Present {
		for b := range l.Present {
			if p, q := l.Node(a), l.Node(b); a < b && max(p.X-q.X, q.X-p.X) < 150 && max(p.Y-q.Y, q.Y-p.Y) < 60 {
				t.Errorf("%s and %s lie on each other: %d,%d and %d,%d", p.Name, q.Name, p.X, p.Y, q.X, q.Y)
			}
		}
	}
}

// A note is written, dragged to its place, kept in the file, and taken away again.
func TestNotes(t *testing.T) {
	r := newRig(t)
	r.Perform("note")
	r.settle()
	r.do("prompt/words", "set", "看这里: 3 segments")
	r.do("prompt/ok", "press", "")
	if !r.says("看这里: 3 segments") {
		t.Fatal("the note is not on the stage")
	}
	data, err := r.Session.Save()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Session.Open(data); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.do("stage/note0", "menu", "")
	r.do("stage/note0.menu/remove", "press", "")
	if r.says("看这里: 3 segments") {
		t.Error("the note cannot be taken away")
	}
}

// What stands in a row becomes a column and a row again, and no card ever lies on another.
func TestARowBecomesAColumn(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	l := r.Session.Lab()
	for _, id := range []string{"column", "row", "column"} {
		r.Perform(id)
		a, b := l.Node(0), l.Node(1)
		dx, dy := max(a.X-b.X, b.X-a.X), max(a.Y-b.Y, b.Y-a.Y)
		if (id == "column") != (dx == 0 && dy >= 100) || (id == "row") != (dy == 0 && dx >= 180) {
			t.Errorf("a %s: %d,%d and %d,%d", id, a.X, a.Y, b.X, b.Y)
		}
	}
}
