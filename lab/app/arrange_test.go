//go:build !js

package app

import (
	"strings"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/ui"
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

// What is pasted or added by key after the picture was moved stands where it is seen: not behind the terminal or the hint, nor on
// another card.
func TestNewCardsAreSeen(t *testing.T) {
	for _, way := range [][2]float32{{0, 110}, {0, -110}, {-300, 0}, {260, 60}, {2000, 2000}} {
		r := newRig(t)
		r.example("four-way-close")
		stage := r.find("stage").Bounds
		r.drag(stage.X+stage.W/2, stage.Bottom()-20, way[0], way[1])
		r.Model.Chosen = view.Target{Kind: view.OnNode, Node: 1}
		r.key(true, ebiten.KeyC, ebiten.KeyV, ebiten.KeyV)
		r.Perform("add_host")
		r.settle()
		for _, name := range []string{"h1", "h2", "h3"} {
			n := r.find("stage/node-" + name).Bounds
			whole := ui.Rect{}
			for _, o := range r.UI.Tree() {
				if o.ID == "card" || o.ID == "stage/tools" || strings.HasPrefix(o.ID, "stage/node-") && o.ID != "stage/node-"+name && !strings.Contains(o.ID[len("stage/node-"):], "/") {
					if n.Overlaps(o.Bounds) {
						t.Errorf("moved by %v: %s at %v lies on %s at %v", way, name, n, o.ID, o.Bounds)
					}
				}
				if o.ID == "stage" {
					whole = o.Bounds
				}
			}
			if terminal := r.find("terminal").Bounds; n.W < 100 || n.H < 40 || n.Overlaps(terminal) || n.Bottom() > whole.Bottom() {
				t.Errorf("moved by %v: %s at %v is not seen whole", way, name, n)
			}
		}
	}
}

// drag moves what is at a place by so much.
func (r *rig) drag(x, y, dx, dy float32) {
	r.in.Outside, r.in.X, r.in.Y = false, x, y
	r.frames(1)
	r.in.Down[ui.Primary] = true
	r.frames(1)
	for _, share := range []float32{0.5, 1} {
		r.in.X, r.in.Y = x+dx*share, y+dy*share
		r.frames(1)
	}
	r.in.Down[ui.Primary] = false
	r.frames(2)
	r.in.Outside = true
}
