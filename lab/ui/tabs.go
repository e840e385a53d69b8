package ui

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// Tab is one of a row of tabs or segments.
type Tab struct {
	ID, Label string
	Badge     string // a count after the label
	Key, Tip  string
	Icon      Icon
}

// Tabs is a row of tabs; it returns true when it changed *at. The arrows move between tabs while one has the focus.
func (u *UI) Tabs(r Rect, id, name string, tabs []Tab, at *int) bool {
	before := *at
	t := &u.Theme
	u.Enter(Spec{ID: id, Rect: r, Role: RoleTabList, Name: name})
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, t.Line)
	var under Rect
	for i := range tabs {
		w := u.TabWidth(&tabs[i])
		cell := r.CutLeft(w)
		if u.tab(cell, &tabs[i], i, len(tabs), at) {
			under = cell
		}
	}
	if !under.Empty() {
		x := u.ease("x", under.X, 140*time.Millisecond)
		w := u.ease("w", under.W, 140*time.Millisecond)
		u.RoundFill(Rect{x + Space1, under.Bottom() - 2, w - 2*Space1, 2}, 1, t.Accent)
	}
	u.Leave()
	return *at != before
}

// TabWidth is how wide a tab is.
func (u *UI) TabWidth(tab *Tab) float32 {
	w := u.Width(tab.Label, BodyBold) + 2*Space3
	if tab.Icon != NoIcon {
		w += u.Grow(14) + 6
	}
	if tab.Badge != "" {
		w += u.Width(tab.Badge, Small) + 6
	}
	return w
}

// tab draws one and says whether it is the selected one.
func (u *UI) tab(r Rect, tab *Tab, i, n int, at *int) bool {
	t := &u.Theme
	it := u.Node(Spec{ID: tab.ID, Rect: r, Role: RoleTab, Name: tab.Label, Value: tab.Badge, Actions: CanPress | CanFocus,
		Keys: KeysPress | KeysSideway, Flags: flagIf(*at == i, Selected), Cursor: ebiten.CursorShapePointer})
	if it.Clicked {
		*at = i
	}
	u.sideways(it, i, n, at)
	style, ink := Body, t.Dim.Mix(t.Text, u.hoverLift(it))
	if *at == i {
		style, ink = BodyBold, t.Text
	}
	inner := r.InsetXY(Space3, 0)
	if tab.Icon != NoIcon {
		u.DrawIcon(inner.CutLeft(u.Grow(14)), tab.Icon, ink)
		inner.CutLeft(6)
	}
	badge := Rect{}
	if tab.Badge != "" {
		badge = inner.CutRight(u.Width(tab.Badge, Small))
		inner.CutRight(6)
	}
	u.TextIn(inner, tab.Label, style, Left, ink)
	if tab.Badge != "" {
		u.TextIn(badge, tab.Badge, Small, Left, t.Dim)
	}
	it.Rect = r.InsetXY(2, 4)
	u.FocusRing(it, RadiusSmall)
	if tab.Key != "" || tab.Tip != "" {
		u.Tooltip(it, orElse(tab.Tip, tab.Label), tab.Key)
	}
	return *at == i
}

// sideways moves the selection among equals with the arrow keys.
func (u *UI) sideways(it Interaction, i, n int, at *int) {
	if !it.Focused || *at != i {
		return
	}
	to := i
	if u.takeKey(ebiten.KeyArrowRight) {
		to = (i + 1) % n
	} else if u.takeKey(ebiten.KeyArrowLeft) {
		to = (i + n - 1) % n
	}
	if to != i {
		*at = to
		u.focusSibling(it.Key, to-i)
	}
}

// focusSibling moves the focus by some places among what can be focused; what is ahead is known from the last frame.
func (u *UI) focusSibling(from ID, by int) {
	for i, h := range u.oldHits {
		if to := i + by; h.key == from && to >= 0 && to < len(u.oldHits) {
			u.focus.id = u.oldHits[to].key
			return
		}
	}
}

// Segmented is a row of which one is chosen, all in one frame; it returns true when it changed *at.
func (u *UI) Segmented(r Rect, id, name string, tabs []Tab, at *int) bool {
	if len(tabs) == 0 {
		return false
	}
	before := *at
	t := &u.Theme
	u.Enter(Spec{ID: id, Rect: r, Role: RoleRadios, Name: name})
	u.RoundFill(r, RadiusControl, t.Bg)
	u.RoundStroke(r, RadiusControl, 0, t.Line)
	w := r.W / float32(len(tabs))
	x := u.ease("x", r.X+float32(*at)*w, 140*time.Millisecond)
	chosen := Rect{x, r.Y, w, r.H}.Inset(2)
	u.RoundFill(chosen, RadiusSmall, t.Raised.Mix(t.LineStrong, 0.35))
	for i := range tabs {
		tab := &tabs[i]
		cell := Rect{r.X + float32(i)*w, r.Y, w, r.H}
		it := u.Node(Spec{ID: tab.ID, Rect: cell, Role: RoleRadio, Name: tab.Label, Actions: CanPress | CanFocus,
			Keys: KeysPress | KeysSideway, Flags: flagIf(*at == i, Checked), Cursor: ebiten.CursorShapePointer})
		if it.Clicked {
			*at = i
		}
		u.sideways(it, i, len(tabs), at)
		ink := t.Dim.Mix(t.Text, u.hoverLift(it))
		if *at == i {
			ink = t.Text
		}
		if tab.Icon != NoIcon {
			u.DrawIcon(cell.Center(16, 16), tab.Icon, ink)
		} else {
			u.TextIn(cell.InsetXY(Space1, 0), tab.Label, Body, Middle, ink)
		}
		it.Rect = cell.Inset(2)
		u.FocusRing(it, RadiusSmall)
		if tab.Key != "" || tab.Tip != "" {
			u.Tooltip(it, orElse(tab.Tip, tab.Label), tab.Key)
		}
	}
	u.Leave()
	return *at != before
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
