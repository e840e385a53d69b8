package ui

import (
	"strconv"

	"github.com/hajimehoshi/ebiten/v2"
)

// SplitX divides r by an upright bar that can be dragged or moved with the arrows. Share is the part of the left side; neither
// side gets smaller than its least.
func (u *UI) SplitX(r Rect, id, name string, share *float32, leastLeft, leastRight float32) (left, right Rect) {
	at := u.split(r, id, name, share, leastLeft, leastRight, true)
	left = r.CutLeft(at)
	u.VLine(r.X, r.Y, r.H, u.Theme.Line)
	r.CutLeft(u.Pixel())
	return left, r
}

// SplitY divides r by a level bar; share is the part of the top.
func (u *UI) SplitY(r Rect, id, name string, share *float32, leastTop, leastBottom float32) (top, bottom Rect) {
	at := u.split(r, id, name, share, leastTop, leastBottom, false)
	top = r.CutTop(at)
	u.HLine(r.X, r.Y, r.W, u.Theme.Line)
	r.CutTop(u.Pixel())
	return top, r
}

// splitGrip is how wide the invisible part of a bar is that the pointer catches; it lies above both sides.
const splitGrip = 8

func (u *UI) split(r Rect, id, name string, share *float32, leastA, leastB float32, upright bool) float32 {
	size, cursor := r.H, ebiten.CursorShapeNSResize
	if upright {
		size, cursor = r.W, ebiten.CursorShapeEWResize
	}
	limit := func(at float32) float32 { return round(max(min(leastA, size/2), min(at, size-min(leastB, size/2)))) }
	at := limit(*share * size)
	grip := Rect{r.X, r.Y + at - splitGrip/2, r.W, splitGrip}
	if upright {
		grip = Rect{r.X + at - splitGrip/2, r.Y, splitGrip, r.H}
	}
	it := u.Node(Spec{Raised: true, ID: id, Rect: grip, Role: RoleSplitter, Name: name, Value: percent(*share), Range: Range{0, 1, *share}, Keys: KeysSideway | KeysUpDown,
		Actions: CanDrag | CanSet | CanFocus, Cursor: cursor})
	moved := at
	switch {
	case it.Dragging && upright:
		moved = it.X - r.X
	case it.Dragging:
		moved = it.Y - r.Y
	case it.Set:
		if v, err := strconv.ParseFloat(it.Value, 32); err == nil {
			moved = float32(v) * size
		}
	case it.Focused && (u.takeKey(ebiten.KeyArrowLeft) || u.takeKey(ebiten.KeyArrowUp)):
		moved = at - 16
	case it.Focused && (u.takeKey(ebiten.KeyArrowRight) || u.takeKey(ebiten.KeyArrowDown)):
		moved = at + 16
	}
	if moved != at && size > 0 {
		at = limit(moved)
		*share = at / size
	}
	if it.Hover || it.Dragging || it.FocusRing {
		bar := Rect{r.X, r.Y + at - 1, r.W, 2}
		if upright {
			bar = Rect{r.X + at - 1, r.Y, 2, r.H}
		}
		before := u.out
		u.out = &u.layers[layerFloat]
		u.Fill(bar, u.Theme.Accent)
		u.out = before
	}
	return at
}

func percent(share float32) string { return strconv.Itoa(int(share*100+0.5)) + "%" }
