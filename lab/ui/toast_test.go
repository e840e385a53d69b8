package ui

import "testing"

// Toasts cover no part of an open dialog that has room below, and never its foot, where its buttons are.
func TestToastsLeaveADialogAlone(t *testing.T) {
	for _, c := range []struct {
		height     float32 // of the dialog
		toasts     int
		overlapped bool
	}{{150, 1, false}, {150, 2, false}, {1000, 1, true}, {1000, 3, true}} {
		open := true
		texts := []string{"one is open", "two is open", "three is open"}
		r := newRig(t, func(u *UI) {
			u.Foot = 100
			u.Dialog("dialog", "Dialog", 300, c.height, &open, func(Rect) {})
		})
		for _, text := range texts[:c.toasts] {
			r.ToastAction(text, ToneInfo, "Undo", func() {})
		}
		r.frame()
		r.frame()
		var dialog Rect
		var toasts []Rect
		for _, n := range r.Tree() {
			switch {
			case n.ID == "dialog":
				dialog = n.Bounds
			case n.Role == RoleStatus:
				toasts = append(toasts, n.Bounds)
			}
		}
		if len(toasts) != c.toasts || dialog.W == 0 {
			t.Fatalf("%d toasts and the dialog %v", len(toasts), dialog)
		}
		for _, at := range toasts {
			if at.Y < 0 || at.Bottom() > r.screen.Bottom() || !c.overlapped && at.Y < dialog.Bottom() || at.Bottom() > dialog.Bottom()-60 && at.Y < dialog.Bottom() {
				t.Errorf("a dialog %v high: a toast at %v, the dialog at %v", c.height, at, dialog)
			}
		}
	}
}
