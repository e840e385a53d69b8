package ui

import (
	"strconv"

	"github.com/hajimehoshi/ebiten/v2"
)

// Slider chooses a number between lo and hi. Shown is the value in words, for the tree; the caller draws it where it likes.
// It returns true when it changed *v.
func (u *UI) Slider(r Rect, id, name, shown string, v *float32, lo, hi, step float32) bool {
	before := *v
	it := u.Node(Spec{ID: id, Rect: r, Role: RoleSlider, Name: name, Value: shown, Range: Range{lo, hi, *v}, Actions: CanDrag | CanSet | CanFocus | CanPress,
		Keys: KeysSideway | KeysUpDown, Cursor: ebiten.CursorShapePointer})
	const knob = 8
	track := r.InsetXY(knob, 0)
	switch {
	case it.Pressed && track.W > 0:
		*v = lo + (hi-lo)*(it.X-track.X)/track.W
	case it.Set:
		if set, err := strconv.ParseFloat(it.Value, 32); err == nil {
			*v = float32(set)
		}
	case it.Focused:
		u.slideKeys(v, lo, hi, step)
	}
	if step > 0 && *v != before {
		*v = lo + round((*v-lo)/step)*step
	}
	*v = clamp(*v, lo, hi)
	t := &u.Theme
	y := r.Y + r.H/2
	share := float32(0)
	if hi > lo {
		share = (*v - lo) / (hi - lo)
	}
	x := track.X + track.W*share
	u.RoundFill(Rect{track.X, y - 2, track.W, 4}, 2, t.LineStrong)
	u.RoundFill(Rect{track.X, y - 2, x - track.X, 4}, 2, t.Accent)
	grow := u.hoverLift(it)
	u.Circle(x, y, 7+grow, t.Accent)
	u.Circle(x, y, 4.5+grow, t.Panel)
	it.Rect = Rect{x - knob, y - knob, 2 * knob, 2 * knob}
	u.FocusRing(it, knob)
	return *v != before
}

func (u *UI) slideKeys(v *float32, lo, hi, step float32) {
	if step <= 0 {
		step = (hi - lo) / 100
	}
	switch {
	case u.takeKey(ebiten.KeyArrowRight), u.takeKey(ebiten.KeyArrowUp):
		*v += step
	case u.takeKey(ebiten.KeyArrowLeft), u.takeKey(ebiten.KeyArrowDown):
		*v -= step
	case u.takeKey(ebiten.KeyHome):
		*v = lo
	case u.takeKey(ebiten.KeyEnd):
		*v = hi
	}
}
