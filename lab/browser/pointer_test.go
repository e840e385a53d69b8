//go:build !js

package browser

import (
	"context"
	"math"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// point is a place on the page, in its pixels.
type point struct{ x, y float64 }

func (p point) plus(dx, dy float64) point { return point{p.x + dx, p.y + dy} }

func (b *tab) mouse(way input.MouseType, at point) {
	b.Helper()
	e := input.DispatchMouseEvent(way, at.x, at.y)
	if way != input.MouseMoved {
		e = e.WithButton(input.Left).WithClickCount(1)
	}
	b.run(string(way), chromedp.ActionFunc(func(ctx context.Context) error { return e.Do(ctx) }))
	b.frames(1)
}

// dragMouse presses at the first point, goes through the others and lets go at the last.
func (b *tab) dragMouse(way ...point) {
	b.Helper()
	b.mouse(input.MouseMoved, way[0])
	b.mouse(input.MousePressed, way[0])
	for _, at := range way[1:] {
		b.mouse(input.MouseMoved, at)
	}
	b.mouse(input.MouseReleased, way[len(way)-1])
}

// lies fails unless the file says that a node lies where a point of the page was when w was looked at.
func (w *twin) lies(t *testing.T, after *twin, name string, at point) {
	t.Helper()
	x, y := w.ground(t, at)
	n := after.node(t, name)
	if math.Abs(float64(n.X)-x) > 2 || math.Abs(float64(n.Y)-y) > 2 {
		t.Errorf("%s lies at %d, %d; want %.0f, %.0f", name, n.X, n.Y, x, y)
	}
}

// A lab is built with the mouse: a card is dragged, a router comes from the tools, a link is drawn from knob to card. The
// file has all of it.
func TestTheStageIsBuiltWithTheMouse(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?example=four-way-close&lang=en")
	b.eval(waitShown, nil)

	before := b.twin()
	card := before.middle(t, "stage/node-A")
	b.dragMouse(card, card.plus(20, 10), card.plus(60, 70))
	after := b.twin()
	before.lies(t, after, "A", card.plus(60, 70))
	before.lies(t, after, "B", before.middle(t, "stage/node-B"))

	b.keys("f") // the whole lab, as the twin shows it
	before = b.twin()
	tool, place := before.middle(t, "stage/tools/add_router"), before.middle(t, "stage/link0").plus(0, 100)
	b.dragMouse(tool, place.plus(20, 5), place)
	b.until(there("stage/node-r1"))
	before.lies(t, b.twin(), "r1", place)

	b.keys("f")
	before = b.twin()
	before.do(t, "stage/node-r1", "press") // the knob is on what is chosen, or under the mouse
	knob, ground, to := before.middle(t, "stage/node-r1/knob"), before.middle(t, "stage/link0").plus(0, 40), before.middle(t, "stage/node-B")
	b.dragMouse(knob, ground)
	if n := b.twin().links(); n != 1 {
		t.Fatalf("a link that was drawn to nowhere: there are %d", n)
	}
	b.dragMouse(knob, to.plus(-20, 5), to)
	b.until(`document.querySelector('#mirror [data-id="stage/link1"]')?.textContent.startsWith('r1 – B')`)
	if n := b.twin().links(); n != 2 {
		t.Errorf("the file has %d links", n)
	}
	b.shot("built")
	b.noComplaints()
}
