//go:build !js

package browser

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// touch says where the fingers are from now on; those that are not named have left.
func (b *tab) touch(way input.TouchType, fingers ...point) {
	b.Helper()
	points := []*input.TouchPoint{}
	for i, f := range fingers {
		points = append(points, &input.TouchPoint{X: f.x, Y: f.y, ID: float64(i + 1)})
	}
	b.run(string(way), chromedp.ActionFunc(func(ctx context.Context) error { return input.DispatchTouchEvent(way, points).Do(ctx) }))
	b.frames(1)
}

// dragFinger puts a finger down at the first point, goes through the others and lifts it.
func (b *tab) dragFinger(way ...point) {
	b.Helper()
	b.unhurried(func() {
		b.touch(input.TouchStart, way[0])
		for _, at := range way[1:] {
			b.touch(input.TouchMove, at)
		}
		b.touch(input.TouchEnd)
	})
}

func (b *tab) tap(at point) {
	b.Helper()
	b.dragFinger(at)
}

// pinch puts two fingers down beside a point, one soon after the other, and moves them from one distance to another.
func (b *tab) pinch(at point, from, to float64) {
	b.Helper()
	b.unhurried(func() {
		b.touch(input.TouchStart, at.plus(-from, 0))
		b.touch(input.TouchStart, at.plus(-from, 0), at.plus(from, 0))
		b.touch(input.TouchMove, at.plus(-(from+to)/2, 0), at.plus((from+to)/2, 0))
		b.touch(input.TouchMove, at.plus(-to, 0), at.plus(to, 0))
		b.touch(input.TouchEnd)
	})
}

// Fingers do on the stage what a mouse does: a tap chooses, a long press opens the menu, a card is dragged, the ground is
// moved, two fingers zoom; and a list goes along with one.
func TestTheStageUnderFingers(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?example=four-way-close&lang=en")
	b.eval(waitShown, nil)
	b.tapAndRest()
	b.pinchAndPan()
	b.scrollAList()
	b.noComplaints()
}

// What is chosen on the stage has a knob.
const knobA, knobB = "stage/node-A/knob", "stage/node-B/knob"

// fingerPlaces are the middle of A's card, the head of B's, and a place where nothing is.
func (w *twin) fingerPlaces(t *testing.T) (a, b, ground point) {
	return w.middle(t, "stage/node-A"), w.middle(t, "stage/node-B").plus(0, -20), w.middle(t, "stage/link0").plus(0, 110)
}

func (b *tab) tapAndRest() {
	b.Helper()
	w := b.twin()
	card, _, ground := w.fingerPlaces(b.T)
	b.until(gone(knobA))
	b.tap(card)
	b.until(there(knobA))
	b.tap(ground)
	b.until(gone(knobA))
	b.unhurried(func() { // the system wants the finger for itself: that is no tap, and the next one counts
		b.touch(input.TouchStart, card)
		b.touch(input.TouchCancel)
	})
	b.frames(20)
	b.eval(`if (!(`+gone(knobA)+`)) throw new Error('a touch that was cancelled chose a card')`, nil)
	b.tap(card)
	b.until(there(knobA))
	b.tap(ground)
	b.until(gone(knobA))

	b.touch(input.TouchStart, card)
	b.until(there("stage/node-A/menu")) // while the finger rests
	b.touch(input.TouchEnd)
	w.do(b.T, "stage/node-A", "menu")
	b.tap(w.middle(b.T, "stage/node-A/menu/rename"))
	b.until(there("prompt/words"))
	b.keys("Escape", "Escape")
	b.until(gone("prompt"))

	b.touch(input.TouchStart, ground)
	b.until(there("stage/stage.menu"))
	b.touch(input.TouchEnd)
	b.keys("Escape")
	b.until(gone("stage/stage.menu"))
}

func (b *tab) pinchAndPan() {
	b.Helper()
	w := b.twin()
	cardA, cardB, ground := w.fingerPlaces(b.T)
	b.dragFinger(cardA, cardA.plus(30, -10), cardA.plus(40, 40))
	w.lies(b.T, b.twin(), "A", cardA.plus(40, 40))
	b.keys("f")

	b.tap(ground) // nothing is chosen
	b.until(gone(knobA))
	b.pinch(cardB, 60, 130) // towards B: A goes out of sight
	b.until(gone("stage/node-A"))
	b.until(there("stage/node-B"))
	b.pinch(cardB, 130, 60)
	b.until(there("stage/node-A"))
	b.until(gone(knobB)) // neither finger was a tap

	b.dragFinger(ground, ground.plus(-100, 0), ground.plus(-350, 0))
	b.until(gone("stage/node-A"))
	b.dragFinger(ground.plus(-300, 0), ground.plus(-200, 0), ground.plus(50, 0))
	b.until(there("stage/node-A"))
}

// scrollAList drags a list, which chooses nothing, and taps a row, which does.
func (b *tab) scrollAList() {
	b.Helper()
	b.eval(`await wirelab.seek(70)`, nil)
	b.keys("2")
	const rows = `[...document.querySelectorAll('#mirror [data-id^="packets/list/"][role=option]')]`
	b.until(rows + `.length > 4`)
	b.eval(`window.top_ = `+rows+`[0].dataset.id`, nil)
	w := b.twin()
	x, y := w.rect(b.T, "packets/list").Mid()
	at := point{float64(x), float64(y)}
	b.dragFinger(at.plus(0, -80), at.plus(0, -40), at.plus(0, 80))
	b.until(rows + `[0].dataset.id !== window.top_`)
	b.eval(`if (`+rows+`.some((r) => r.ariaSelected === 'true')) throw new Error('the drag chose a row')`, nil)
	b.tap(at)
	b.until(rows + `.some((r) => r.ariaSelected === 'true')`)
}
