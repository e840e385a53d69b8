package ui

import "testing"

// What the first of two fingers pressed is neither clicked nor dragged on.
func TestASecondFingerEndsAPress(t *testing.T) {
	clicked, dragged := false, false
	r := newRig(t, func(u *UI) {
		it := u.Node(Spec{ID: "ground", Rect: R(0, 0, 400, 400), Role: RoleGroup, Name: "ground", Actions: CanPress | CanDrag | CanScroll})
		clicked, dragged = clicked || it.Clicked, dragged || it.Dragging
	})
	r.in.Touch, r.in.Down[Primary] = true, true
	r.move(100, 100)
	r.in.Down[Primary] = false
	for _, r.in.Pinch = range []float32{1, 1.5, 2} {
		r.move(150, 100)
	}
	r.in.Pinch = 0
	r.frame()
	if clicked || dragged {
		t.Errorf("clicked: %v, dragged: %v", clicked, dragged)
	}
}
