package view

import (
	"math"
	"slices"

	"wirelab/lab/ui"
)

// Free returns how far new cards that would stand at some places have to be shifted, all alike, to stand where they are seen
// and lie on nothing: as little as can be. It says false if there is no such room.
func (s *Stage) Free(u *ui.UI, m *Model, places []Place) (by Place, ok bool) {
	if !s.moved || s.of != m.Lab {
		return Place{}, true // all that there is will be shown
	}
	taken := []ui.Rect{s.toolBar(u, s.ground, m)}
	for id := range m.Lab.Present {
		if int(id) < len(s.cards) {
			taken = append(taken, s.cards[id])
		}
	}
	var group []ui.Rect
	box := ui.Rect{}
	for i, p := range places {
		group = append(group, s.newCard(p))
		if i == 0 {
			box = group[0]
		}
		box = around(box, group[i])
	}
	free := func(dx, dy float32) bool {
		return !slices.ContainsFunc(group, func(r ui.Rect) bool {
			r = r.Offset(dx, dy).Inset(-ui.Space2)
			return slices.ContainsFunc(taken, r.Overlaps)
		})
	}
	dx, dy, ok := nearestShift(box, s.area.Inset(ui.Space2), free)
	if !ok {
		return Place{}, false
	}
	x, y := s.onStage(dx, dy)
	return Place{int32(math.Round(float64(x))), int32(math.Round(float64(y)))}, true
}

// newCard is where a card without connections would be drawn.
func (s *Stage) newCard(p Place) ui.Rect {
	x, y := s.project(s.ground, float32(p.X), float32(p.Y))
	w, h := s.cardWidth()*s.size, cardTall*s.size
	return ui.R(x-w/2, y-h/2, w, h)
}

func around(a, b ui.Rect) ui.Rect {
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return ui.R(x, y, max(a.Right(), b.Right())-x, max(a.Bottom(), b.Bottom())-y)
}

// nearestShift tries all places of a box within an area, a few pixels apart, and what is nearest to where the box is.
func nearestShift(box, area ui.Rect, free func(dx, dy float32) bool) (dx, dy float32, ok bool) {
	const step = 12
	within := func(v, low, high float32) bool { return v >= low && v <= high }
	if within(box.X, area.X, area.Right()-box.W) && within(box.Y, area.Y, area.Bottom()-box.H) && free(0, 0) {
		return 0, 0, true
	}
	least := float32(math.MaxFloat32)
	for x := area.X; x <= area.Right()-box.W; x += step {
		for y := area.Y; y <= area.Bottom()-box.H; y += step {
			sx, sy := x-box.X, y-box.Y
			if far := sx*sx + sy*sy; far < least && free(sx, sy) {
				dx, dy, least, ok = sx, sy, far, true
			}
		}
	}
	return dx, dy, ok
}
