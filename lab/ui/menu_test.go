package ui

import (
	"fmt"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
)

// In a low window all items of a long menu can be reached, by keys and by the wheel, and none is drawn outside.
func TestALongMenuScrolls(t *testing.T) {
	var items []MenuItem
	for i := range 40 {
		items = append(items, MenuItem{ID: fmt.Sprintf("i%d", i), Label: "an item"})
		if i%5 == 4 {
			items = append(items, MenuItem{})
		}
	}
	chosen := ""
	button := R(20, 30, 40, 20)
	r := newRig(t, func(u *UI) {
		it := u.Node(Spec{ID: "thing", Rect: button, Role: RoleButton, Actions: CanPress | CanMenu})
		it.RightClicked = it.RightClicked || it.Clicked // as a press on a link does
		if id := u.ContextMenu(it, "verbs", "Verbs", items); id != "" {
			chosen = id
		}
	})
	seen := func(id string) bool {
		menu, _ := r.Find("verbs")
		n, ok := r.Find("verbs/" + id)
		return ok && n.Bounds.Intersect(menu.Bounds).H > n.Bounds.H/2
	}
	open := func() {
		r.frame()
		r.frame()
		if err := r.Do("thing", "press", ""); err != nil {
			t.Fatal(err)
		}
		r.frame()
		r.frame()
	}
	open()
	menu, ok := r.Find("verbs")
	if !ok || menu.Bounds.Y < 0 || menu.Bounds.Bottom() > r.Screen().Bottom() || menu.Bounds.X != button.X {
		t.Fatalf("the menu stands at %v", menu.Bounds)
	}
	if !seen("i0") || seen("i39") {
		t.Errorf("at first the first item is seen: %v, the last: %v", seen("i0"), seen("i39"))
	}
	r.in.X, r.in.Y, r.in.WheelY = 60, 100, 1e5
	r.frame()
	r.frame()
	if seen("i0") || !seen("i39") {
		t.Errorf("after the wheel the first item is seen: %v, the last: %v", seen("i0"), seen("i39"))
	}
	n, _ := r.Find("verbs/i39")
	if r.click(n.Bounds.Mid()); chosen != "i39" {
		t.Errorf("a click on the last item chose %q", chosen)
	}
	open()
	for range 40 {
		r.key(ebiten.KeyArrowDown)
		r.frame()
		if !seen(items[r.menu.at].ID) {
			t.Fatalf("item %s is not seen when the keys come to it", items[r.menu.at].ID)
		}
	}
	if r.key(ebiten.KeyEnter); chosen != "i39" {
		t.Errorf("the keys chose %q", chosen)
	}
}
