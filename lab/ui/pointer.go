package ui

import "time"

// How the pointer finds widgets: by what was drawn in the last frame, the topmost first.

// hit is where a widget can be reached by the pointer.
type hit struct {
	key                   ID
	rect                  Rect
	layer                 int
	node                  int // in the tree
	scrolls, drags, solid bool
	presses               bool // or takes the keyboard, or a value
}

// pointer is what the pointer is doing.
type pointer struct {
	x, y           float32
	down           [3]bool
	hot, active    ID
	button         int
	startX, startY float32
	dx, dy         float32
	dragging       bool
	clicked        ID
	clickButton    int
	double         bool
	released       ID
	pressed        ID // went down in this frame
	lastClick      ID
	lastTime       time.Duration
	wheel          ID // who gets the wheel
	wheelX, wheelY float32
	hotSince       time.Duration
	finger         ID // what a finger scrolls
}

// topmost finds what lies under a point in the last frame: of the highest layer, the last one drawn.
func (u *UI) topmost(x, y float32) (at hit, wheel ID) {
	for layer := layerCount - 1; layer >= 0; layer-- {
		for i := len(u.oldHits) - 1; i >= 0; i-- {
			h := u.oldHits[i]
			if h.layer != layer || !h.rect.Contains(x, y) {
				continue
			}
			if at.key == 0 {
				at = h
			}
			if h.scrolls {
				return at, h.key
			}
			if h.solid {
				return at, 0
			}
		}
	}
	return at, 0
}

func (u *UI) updatePointer() {
	p, in := &u.pointer, u.Input
	p.dx, p.dy = in.X-p.x, in.Y-p.y
	p.x, p.y = in.X, in.Y
	p.clicked, p.released, p.pressed, p.double = 0, 0, 0, false
	p.wheelX, p.wheelY = in.WheelX, in.WheelY
	if in.Blurred || in.Pinch > 0 { // what the first of two fingers pressed, it lets be
		in.Down = [3]bool{}
		p.active, p.dragging, p.finger = 0, false, 0
	}
	at, wheel := u.topmost(in.X, in.Y)
	if in.Outside {
		at, wheel = hit{}, 0
	}
	p.wheel = wheel
	meant := at // what is only clicked: what is dragged is what the finger lies on
	if in.Touch && !in.Outside {
		meant = u.aim(at, in.X, in.Y)
		if !at.drags {
			at = meant
		}
	}
	if at.key != p.hot {
		p.hot, p.hotSince = at.key, u.Now
	}
	for button := range in.Down {
		switch was := p.down[button]; {
		case in.Down[button] && !was && p.active == 0:
			u.press(at, button)
		case !in.Down[button] && was && p.button == button && (p.active != 0 || p.finger != 0):
			u.release(at, meant)
		}
	}
	p.down = in.Down
	u.drag(at)
	if in.LongPress && !p.dragging && p.active != 0 {
		p.clicked, p.clickButton = p.active, Secondary
		if p.active == at.key {
			p.clicked = meant.key
		}
		p.active = 0
	}
}

func (u *UI) press(at hit, button int) {
	p := &u.pointer
	p.active, p.button, p.pressed = at.key, button, at.key
	p.startX, p.startY, p.dx, p.dy = p.x, p.y, 0, 0
	p.dragging = false
	u.focus.ring = false
	u.tip.hidden = at.key
}

func (u *UI) release(at, meant hit) {
	p := &u.pointer
	if p.dragging {
		p.released = p.active
	} else if at.key == p.active && p.active != 0 {
		p.clicked, p.clickButton = meant.key, p.button
		p.double = p.button == Primary && p.lastClick == p.clicked && u.Now-p.lastTime < doubleTime
		p.lastClick, p.lastTime = p.clicked, u.Now
		if p.double {
			p.lastClick = 0
		}
	}
	p.active, p.dragging, p.finger = 0, false, 0
}

// drag decides when a press becomes a drag. A finger that drags what cannot be dragged scrolls what is behind it.
func (u *UI) drag(at hit) {
	p := &u.pointer
	if p.finger != 0 {
		p.wheel, p.wheelX, p.wheelY = p.finger, -p.dx, -p.dy
		return
	}
	if p.active == 0 || p.dragging {
		return
	}
	slop := float32(dragSlop)
	if u.Input.Touch {
		slop = touchSlop
	}
	if _, _, way := direction(p.startX, p.startY, p.x, p.y); way < slop {
		return
	}
	p.dragging = true
	if !u.Input.Touch {
		return
	}
	start, wheel := u.topmost(p.startX, p.startY)
	if !start.drags {
		start = u.aim(start, p.startX, p.startY)
	}
	if !start.drags && wheel != 0 {
		p.finger, p.active, p.dragging = wheel, 0, false
	}
}

// meetPointer fills in what the pointer did to the widget.
func (u *UI) meetPointer(it *Interaction, s *Spec) {
	p := &u.pointer
	it.Hover = p.hot == it.Key && (p.active == 0 || p.active == it.Key)
	it.Down = p.pressed == it.Key && p.button == Primary
	it.Pressed = p.active == it.Key && p.button == Primary
	it.Dragging = it.Pressed && p.dragging
	it.Panning = p.active == it.Key && p.button != Primary && p.dragging
	it.Released = p.released == it.Key
	if it.Pressed || it.Panning {
		it.DX, it.DY, it.StartX, it.StartY = p.dx, p.dy, p.startX, p.startY
	}
	if p.clicked == it.Key {
		it.Clicked = p.clickButton == Primary
		it.RightClicked = p.clickButton == Secondary
		it.DoubleClicked = it.Clicked && p.double
	}
	if p.wheel == it.Key {
		it.WheelX, it.WheelY, it.Pinch = p.wheelX, p.wheelY, u.Input.Pinch
	}
	if it.Hover || it.Pressed {
		u.Cursor = max(u.Cursor, s.Cursor)
	}
}
