//go:build !js

package browser

import (
	"testing"
	"time"

	"wirelab/lab"
	"wirelab/lab/app"
	"wirelab/lab/session"
	"wirelab/lab/ui"
)

// twin is the same program without a browser, with the lab of a page open. It tells where on the canvas a widget lies, which
// the page itself does not say, and what the page's file remembers.
type twin struct {
	*app.App
	now  time.Duration
	w, h float32
}

// twin opens what the page would save. The stage shows all of the lab there, as it does in a page in which nobody moved it.
func (b *tab) twin() *twin {
	b.Helper()
	var data []byte // base64, as encoding/json reads bytes
	b.eval(`return btoa(String.fromCharCode(...await wirelab.save()))`, &data)
	var size [2]float32
	b.eval(`return [innerWidth, innerHeight]`, &size)
	w, err := newTwin(data, size)
	if err != nil {
		b.Fatal(err)
	}
	return w
}

func newTwin(data []byte, size [2]float32) (*twin, error) {
	fonts, err := app.Fonts()
	if err != nil {
		return nil, err
	}
	s := session.New()
	if err := s.Open(data); err != nil {
		return nil, err
	}
	for s.Busy() {
		s.Work(time.Second)
	}
	w := &twin{App: app.New(app.Options{Session: s, Fonts: fonts, Still: true}, app.Platform{Scale: func() float32 { return 1 }}), w: size[0], h: size[1]}
	w.frames(3)
	return w, nil
}

func (w *twin) frames(n int) {
	for range n {
		w.now += time.Second / 60
		w.Frame(&ui.Input{Now: w.now, Outside: true}, w.w, w.h, 1)
	}
}

// do does something to a widget of the twin, so that what it opens lies where it does in the page.
func (w *twin) do(t *testing.T, id, what string) {
	t.Helper()
	if err := w.UI.Do(id, what, ""); err != nil {
		t.Fatal(err)
	}
	w.frames(3)
}

// rect is where a widget lies, in pixels of the page.
func (w *twin) rect(t *testing.T, id string) ui.Rect {
	t.Helper()
	n, ok := w.UI.Find(id)
	if !ok || n.Bounds.Empty() {
		t.Fatalf("the twin shows no %s", id)
	}
	return n.Bounds
}

// middle is the middle of a widget.
func (w *twin) middle(t *testing.T, id string) point {
	t.Helper()
	x, y := w.rect(t, id).Mid()
	return point{float64(x), float64(y)}
}

// node is the node of a name, as the file has it.
func (w *twin) node(t *testing.T, name string) lab.Node {
	t.Helper()
	l := w.Session.Lab()
	for id := range l.Present {
		if n := l.Node(id); n.Name == name {
			return *n
		}
	}
	t.Fatalf("the file has no %s", name)
	return lab.Node{}
}

// ground says where on the ground of the stage, in its own units, a point of the page lies.
func (w *twin) ground(t *testing.T, p point) (x, y float64) {
	t.Helper()
	a, b := w.node(t, "A"), w.node(t, "B")
	pa, pb := w.middle(t, "stage/node-A"), w.middle(t, "stage/node-B")
	zoom := (pb.x - pa.x) / float64(b.X-a.X)
	return float64(a.X) + (p.x-pa.x)/zoom, float64(a.Y) + (p.y-pa.y)/zoom
}

func (w *twin) links() (n int) {
	for range w.Session.Lab().PresentLinks {
		n++
	}
	return n
}
