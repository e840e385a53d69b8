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

// tap puts a finger down and lifts it.
func (r *rig) tap(x, y float32) {
	r.in.Touch, r.in.X, r.in.Y = true, x, y
	r.in.Down[Primary] = true
	r.frame()
	r.in.Down[Primary] = false
	r.frame()
}

// A finger reaches a small control within a fingertip of its middle, the nearest of several; not one that is disabled, nor through
// a dialog. It drags the ground from there, and leaves most of a card to the card. A mouse is exact.
func TestAFingerReachesSmallControls(t *testing.T) {
	clicked, dragged, dialog := map[string]int{}, false, false
	button := func(u *UI, r Rect, id string) {
		if u.Button(r, id, id) {
			clicked[id]++
		}
	}
	r := newRig(t, func(u *UI) {
		button(u, R(20, 20, 20, 20), "one")
		button(u, R(50, 20, 20, 20), "two")
		u.Button(R(100, 20, 20, 20), "off", "off", Opt{Disabled: true})
		it := u.Enter(Spec{ID: "ground", Rect: R(0, 100, 400, 400), Role: RoleGroup, Name: "ground", Actions: CanPress | CanDrag | CanScroll})
		button(u, R(20, 120, 80, 14), "label")
		card := u.Enter(Spec{ID: "card", Rect: R(200, 200, 100, 100), Role: RoleGroup, Name: "card", Actions: CanPress | CanDrag})
		button(u, R(210, 270, 66, 14), "badge")
		u.Leave()
		u.Leave()
		if card.Clicked {
			clicked["card"]++
		}
		if it.Clicked {
			clicked["ground"]++
		}
		dragged = dragged || it.Dragging
		u.Dialog("dialog", "Dialog", 200, 100, &dialog, func(Rect) {})
	})
	for _, c := range []struct {
		x, y   float32
		finger string
		mouse  string
	}{
		{30, 30, "one", "one"}, {30, 10, "one", ""}, {43, 30, "one", ""}, {47, 30, "two", ""}, {30, 60, "", ""}, {110, 48, "", ""},
		{60, 113, "label", "ground"}, {60, 140, "label", "ground"}, {60, 152, "ground", "ground"},
		{240, 266, "badge", "card"}, {240, 250, "card", "card"}, {190, 250, "ground", "ground"},
	} {
		clear(clicked)
		if r.tap(c.x, c.y); len(clicked) > 1 || c.finger != "" && clicked[c.finger] != 1 || c.finger == "" && len(clicked) > 0 {
			t.Errorf("a finger at %v, %v presses %v, want %q", c.x, c.y, clicked, c.finger)
		}
		clear(clicked)
		r.in.Touch = false
		if r.click(c.x, c.y); len(clicked) > 1 || c.mouse != "" && clicked[c.mouse] != 1 || c.mouse == "" && len(clicked) > 0 {
			t.Errorf("the mouse at %v, %v presses %v, want %q", c.x, c.y, clicked, c.mouse)
		}
	}
	clear(clicked)
	r.in.Touch = true
	if r.drag(60, 140, 160, 300); !dragged || len(clicked) > 0 {
		t.Errorf("the ground was dragged: %v; pressed: %v", dragged, clicked)
	}
	dialog = true
	r.frame()
	r.frame()
	if r.tap(30, 10); len(clicked) > 0 || dialog {
		t.Errorf("beside a dialog: pressed %v; it is open: %v", clicked, dialog)
	}
}
