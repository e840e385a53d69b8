//go:build !js

package app

import (
	"slices"
	"strings"
	"testing"

	"wirelab/lab/ui"
)

// Whatever the size of window and text, every verb of the key sheet can be seen together with the heading of its group, and no
// other heading stands between them: no group is torn apart so that part of it has no heading, or one that has been scrolled away.
func TestKeysStandUnderTheirHeadings(t *testing.T) {
	for _, c := range []struct {
		w, h, text float32
		scrolls    bool
	}{{1280, 720, 1, false}, {1000, 480, 1, true}, {800, 560, 1, true}, {1280, 720, 1.4, true}, {400, 640, 1, true}} {
		r := newRig(t)
		r.w, r.h, r.UI.TextScale = c.w, c.h, c.text
		r.Perform("keys")
		r.frames(3)
		if _, scrolls := r.UI.Find("keys/sheet/bar"); scrolls != c.scrolls {
			t.Errorf("%vx%v, text %v: it scrolls: %v", c.w, c.h, c.text, scrolls)
		}
		seen := map[string]bool{}
		for range 300 {
			for id, head := range headings(r.UI, c.scrolls) {
				v := &verbs[slices.IndexFunc(verbs, func(v verb) bool { return v.id == id })]
				of := slices.IndexFunc(sheetGroups[:], func(g sheetGroup) bool { return g.on == v.on })
				seen[id] = seen[id] || head == r.Model.Say(sheetGroups[of].key)
			}
			r.do("keys/sheet", "scroll", "20")
		}
		for i := range verbs {
			if !seen[verbs[i].id] {
				t.Errorf("%vx%v, text %v: %s is never seen below the heading of its group", c.w, c.h, c.text, verbs[i].id)
			}
		}
	}
}

// headings tells of each verb that can be seen which heading is the next above it: in its column, or in any.
func headings(u *ui.UI, any bool) map[string]string {
	sheet, _ := u.Find("keys/sheet")
	var heads []ui.Node
	found := map[string]string{}
	for _, n := range u.Tree() {
		id, ok := strings.CutPrefix(n.ID, "keys/sheet/")
		whole := n.Bounds.Y > sheet.Bounds.Y-0.1 && n.Bounds.H > 21.9
		switch {
		case !ok || !whole:
		case strings.HasPrefix(id, "app.keys_"):
			heads = append(heads, n)
		case id != "bar":
			next := ui.Node{}
			for _, o := range heads {
				if o.Bounds.Y < n.Bounds.Y && (any || o.Bounds.X == n.Bounds.X) && o.Bounds.Y >= next.Bounds.Y {
					next = o
				}
			}
			found[id] = next.Name
		}
	}
	return found
}
