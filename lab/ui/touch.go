package ui

// A finger covers more than many widgets are large. Where it meets none of them exactly it means the nearest, if it would lie
// within that were it as large as a fingertip. A mouse points exactly.

const (
	fingertip = 44 // pixels
	// crampedTip is as much as the parts get of what can be pressed itself, or little would be left of that.
	crampedTip = 24
)

// aim returns what a finger means that meets at.
func (u *UI) aim(at hit, x, y float32) hit {
	size, inside := float32(fingertip), at.key != 0
	if inside && at.presses && !at.scrolls {
		size = crampedTip
	}
	best, least := at, float32(fingertip*fingertip)
	for _, h := range u.oldHits {
		if !h.presses || h.rect.Contains(x, y) || inside && (h.layer != at.layer || !u.near(&at, &h)) {
			continue // what contains the point lies below, or it would have been met
		}
		if n := &u.shown[h.node]; n.Flags&(Disabled|Covered) != 0 || h.rect.Empty() {
			continue
		}
		if !h.rect.InsetXY(min(0, (h.rect.W-size)/2), min(0, (h.rect.H-size)/2)).Contains(x, y) {
			continue
		}
		dx, dy := max(h.rect.X-x, x-h.rect.Right(), 0), max(h.rect.Y-y, y-h.rect.Bottom(), 0)
		if far := dx*dx + dy*dy; far <= least { // of equals, what was drawn last lies above
			best, least = h, far
		}
	}
	return best
}

// near says whether h may be meant where at was met: at is a ground that is scrolled, or h is a part of it.
func (u *UI) near(at, h *hit) bool {
	if at.scrolls {
		return true
	}
	for n := u.shown[h.node].Parent; n >= 0; n = u.shown[n].Parent {
		if n == at.node {
			return true
		}
	}
	return false
}
