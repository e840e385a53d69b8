package ui

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// MenuItem is one line of a menu. An item without an id is a rule between groups.
type MenuItem struct {
	ID, Label string
	Key       string // the key that does the same
	Hint      string // said besides, at the end of the line
	Icon      Icon
	Disabled  bool
	Checked   bool
}

// openMenu is the one menu that is open.
type openMenu struct {
	id     ID
	anchor Rect // the menu stands below it, or above when there is no room
	at     int  // the item that the keyboard is on
	since  time.Duration
	scroll scrolling // where the window has not the height for all items
}

// OpenMenu opens the menu with this id under the current path at a place; Menu shows it.
func (u *UI) OpenMenu(id string, x, y float32) { u.openAt(u.id(id), Rect{x, y, 0, 0}) }

func (u *UI) openAt(id ID, anchor Rect) {
	u.menu = openMenu{id: id, anchor: anchor, at: -1, since: u.Now}
	u.focus.before = append(u.focus.before, u.focus.id)
	u.focus.id = 0
	u.newTop = max(u.newTop, u.modal+1)
}

// MenuOpen says whether the menu with this id is open.
func (u *UI) MenuOpen(id string) bool { return u.menu.id == u.id(id) }

// Dropdown is a button that opens a menu; it returns the id of the item that was chosen, or nothing. Items is asked only
// while the menu is open.
func (u *UI) Dropdown(r Rect, id, label string, items func() []MenuItem, opts ...Opt) string {
	o := option(opts)
	o.Arrow = true
	menu := u.id(id + ".menu")
	o.Selected = o.Selected || u.menu.id == menu
	it := u.ButtonNode(r, id, label, o)
	if it.Clicked {
		u.openAt(menu, r)
	}
	if u.menu.id == menu {
		return u.Menu(id+".menu", label, items())
	}
	return ""
}

// ContextMenu is Menu that opens where the node was clicked with the other button, or pressed for long.
func (u *UI) ContextMenu(it Interaction, id, name string, items []MenuItem) string {
	if it.RightClicked {
		at := Rect{it.X, it.Y, 0, 0}
		if !it.Rect.Contains(it.X, it.Y) { // asked for by a key
			at = it.Rect
		}
		u.openAt(u.id(id), at)
	}
	return u.Menu(id, name, items)
}

// Menu shows the menu with this id if it is open, and returns the id of the item that was chosen, or nothing.
func (u *UI) Menu(id, name string, items []MenuItem) string {
	key := u.id(id)
	if u.menu.id != key {
		return ""
	}
	chosen := ""
	u.modal++
	u.newTop = max(u.newTop, u.modal)
	u.Overlay(func() { chosen = u.menuBody(id, name, items) })
	u.modal--
	return chosen
}

func (u *UI) menuBody(id, name string, items []MenuItem) string {
	r, content := u.menuRect(items)
	back := u.Node(Spec{ID: id + ".outside", Rect: u.screen, Role: RoleGroup, Actions: CanPress, Solid: true})
	it := u.Enter(Spec{ID: id, Rect: r, Role: RoleMenu, Name: name, Solid: true, Actions: CanScroll})
	defer u.Leave()
	if back.Down || back.RightClicked || u.takeKey(ebiten.KeyEscape) || u.takeKey(ebiten.KeyTab) {
		u.menu = openMenu{}
		return ""
	}
	inner, scroll := r.Inset(Space1), &u.menu.scroll
	u.scrollBy(scroll, it, float64(content), inner.H)
	if u.menuKeys(items) {
		scroll.y = max(min(scroll.y, float64(u.menuHeight(items[:u.menu.at]))), float64(u.menuHeight(items[:u.menu.at+1])-inner.H))
	}
	t := &u.Theme
	u.Shadow(r.Offset(0, 4), RadiusControl+2, 16, t.Shadow)
	u.RoundFill(r, RadiusControl+2, t.Raised)
	u.RoundStroke(r, RadiusControl+2, 0, t.LineStrong)
	u.PushClip(inner)
	u.scrollBar(inner, scroll, float64(content))
	inner.Y -= float32(scroll.y)
	inner.H = content
	if content > r.H {
		inner.W -= thumbWidth
	}
	chosen := ""
	for i := range items {
		if items[i].ID == "" {
			rule := inner.CutTop(menuRule)
			u.HLine(rule.X, rule.Y+4, rule.W, t.LineStrong)
		} else if u.menuItem(inner.CutTop(u.Grow(menuRow)), &items[i], i) {
			chosen = items[i].ID
		}
	}
	u.PopClip()
	if chosen != "" {
		u.menu = openMenu{}
	}
	return chosen
}

const menuRow, menuRule, menuWidest = 28, 9, 460

func (u *UI) menuHeight(items []MenuItem) (h float32) {
	for i := range items {
		if items[i].ID == "" {
			h += menuRule
		} else {
			h += u.Grow(menuRow)
		}
	}
	return h
}

// menuRect is where the menu stands, within the window, and how high all of its items are.
func (u *UI) menuRect(items []MenuItem) (r Rect, content float32) {
	w := float32(140)
	for i := range items {
		if items[i].ID == "" {
			continue
		}
		line := u.Width(items[i].Label, Body) + 24 + 3*Space3
		if items[i].Key != "" {
			line += u.keyWidth(items[i].Key) + Space4
		}
		if items[i].Hint != "" {
			line += u.Width(items[i].Hint, Small) + Space4
		}
		w = max(w, line)
	}
	w = min(w, u.Grow(menuWidest))
	a := u.menu.anchor
	w = max(min(w, u.screen.W-2*Space2), a.W)
	content = u.menuHeight(items)
	h := min(content+2*Space1, u.screen.H-2*Space1)
	r = Rect{a.X, a.Bottom() + 2, w, h}
	if r.Bottom() > u.screen.Bottom()-Space1 && a.Y-h-2 > 0 {
		r.Y = a.Y - h - 2
	}
	return r.Within(u.screen.Inset(Space1)), content
}

// menuKeys moves to another item by the arrow keys, and says whether it did.
func (u *UI) menuKeys(items []MenuItem) bool {
	step := 0
	if u.takeKey(ebiten.KeyArrowDown) {
		step = 1
	} else if u.takeKey(ebiten.KeyArrowUp) {
		step = -1
	}
	if step == 0 {
		return false
	}
	at := u.menu.at
	if at < 0 && step < 0 {
		at = 0
	}
	for range items {
		at = (at + step + len(items)) % len(items)
		if items[at].ID != "" && !items[at].Disabled {
			u.menu.at = at
			return true
		}
	}
	return false
}

func (u *UI) menuItem(r Rect, item *MenuItem, i int) bool {
	t := &u.Theme
	it := u.Node(Spec{ID: item.ID, Rect: r, Role: RoleMenuItem, Name: item.Label, Value: orElse(item.Key, item.Hint), Actions: CanPress,
		Flags: flagIf(item.Disabled, Disabled) | flagIf(item.Checked, Checked) | flagIf(u.menu.at == i, Focused)})
	if it.Hover && (u.pointer.dx != 0 || u.pointer.dy != 0) {
		u.menu.at = i
	}
	ink, dim := t.Text, t.Dim
	if item.Disabled {
		ink, dim = t.Faint, t.Faint
	}
	if u.menu.at == i {
		u.RoundFill(r, RadiusSmall, t.Accent)
		ink, dim = t.OnAccent, t.OnAccent
	}
	inner := r.InsetXY(Space2, 0)
	mark := inner.CutLeft(16).Center(14, 14)
	inner.CutLeft(Space2)
	switch {
	case item.Checked:
		u.DrawIcon(mark, IconCheck, ink)
	case item.Icon != NoIcon:
		u.DrawIcon(mark, item.Icon, dim)
	}
	if item.Key != "" {
		u.TextIn(inner.CutRight(u.keyWidth(item.Key)), item.Key, CodeSmall, Right, dim)
		inner.CutRight(Space2)
	}
	if item.Hint != "" {
		w := u.Width(item.Hint, Small)
		u.TextIn(inner.CutRight(w), item.Hint, Small, Right, dim)
		inner.CutRight(Space4)
	}
	u.TextIn(inner, item.Label, Body, Left, ink)
	enter := u.menu.at == i && !item.Disabled && (u.takeKey(ebiten.KeyEnter) || u.takeKey(ebiten.KeySpace))
	return it.Clicked || enter
}
