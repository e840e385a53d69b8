package ui

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// MenuItem is one line of a menu. An item without an id is a rule between groups.
type MenuItem struct {
	ID, Label string
	Key       string // the key that does the same
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
		u.openAt(u.id(id), Rect{it.X, it.Y, 0, 0})
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
	r := u.menuRect(items)
	back := u.Node(Spec{ID: id + ".outside", Rect: u.screen, Role: RoleGroup, Actions: CanPress, Solid: true})
	u.Enter(Spec{ID: id, Rect: r, Role: RoleMenu, Name: name, Solid: true})
	defer u.Leave()
	if back.Down || back.RightClicked || u.takeKey(ebiten.KeyEscape) || u.takeKey(ebiten.KeyTab) {
		u.menu = openMenu{}
		return ""
	}
	u.menuKeys(items)
	t := &u.Theme
	u.Shadow(r.Offset(0, 4), RadiusControl+2, 16, t.Shadow)
	u.RoundFill(r, RadiusControl+2, t.Raised)
	u.RoundStroke(r, RadiusControl+2, 0, t.LineStrong)
	inner := r.Inset(Space1)
	chosen := ""
	for i := range items {
		if items[i].ID == "" {
			rule := inner.CutTop(9)
			u.HLine(rule.X, rule.Y+4, rule.W, t.LineStrong)
		} else if u.menuItem(inner.CutTop(u.Grow(menuRow)), &items[i], i) {
			chosen = items[i].ID
		}
	}
	if chosen != "" {
		u.menu = openMenu{}
	}
	return chosen
}

const menuRow = 28

func (u *UI) menuRect(items []MenuItem) Rect {
	w, h := float32(140), float32(2*Space1)
	for i := range items {
		if items[i].ID == "" {
			h += 9
			continue
		}
		h += u.Grow(menuRow)
		line := u.Width(items[i].Label, Body) + 24 + 3*Space3
		if items[i].Key != "" {
			line += u.keyWidth(items[i].Key) + Space4
		}
		w = max(w, line)
	}
	a := u.menu.anchor
	w = max(min(w, u.screen.W-2*Space2), a.W)
	r := Rect{a.X, a.Bottom() + 2, w, h}
	if r.Bottom() > u.screen.Bottom()-Space1 && a.Y-h-2 > 0 {
		r.Y = a.Y - h - 2
	}
	return r.Within(u.screen.Inset(Space1))
}

func (u *UI) menuKeys(items []MenuItem) {
	step := 0
	if u.takeKey(ebiten.KeyArrowDown) {
		step = 1
	} else if u.takeKey(ebiten.KeyArrowUp) {
		step = -1
	}
	if step == 0 {
		return
	}
	at := u.menu.at
	if at < 0 && step < 0 {
		at = 0
	}
	for range items {
		at = (at + step + len(items)) % len(items)
		if items[at].ID != "" && !items[at].Disabled {
			u.menu.at = at
			return
		}
	}
}

func (u *UI) menuItem(r Rect, item *MenuItem, i int) bool {
	t := &u.Theme
	it := u.Node(Spec{ID: item.ID, Rect: r, Role: RoleMenuItem, Name: item.Label, Value: item.Key, Actions: CanPress,
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
	u.TextIn(inner, item.Label, Body, Left, ink)
	enter := u.menu.at == i && !item.Disabled && (u.takeKey(ebiten.KeyEnter) || u.takeKey(ebiten.KeySpace))
	return it.Clicked || enter
}
