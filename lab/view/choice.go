package view

import (
	"slices"
	"strconv"

	"wirelab/lab"
	"wirelab/lab/ui"
)

// choice is the menu of connections, made when one is added.
type choice struct {
	lab   *lab.Lab
	turns uint64
	known int
	items []ui.MenuItem
	refs  []ConnRef
}

// maxChoices is how many connections the menu offers, the newest of them.
const maxChoices = 16

// chooser makes the names of both ends a button that offers the connections of
// the lab, if there are several.
func (d *Connection) chooser(u *ui.UI, r ui.Rect, m *Model) {
	d.choice.update(&d.known, m)
	if len(d.choice.items) < 2 {
		return
	}
	it := u.Node(ui.Spec{ID: "choose", Rect: r, Role: ui.RoleButton, Name: m.Say("view.choose_connection"), Actions: ui.CanPress | ui.CanFocus,
		Keys: ui.KeysPress})
	if it.Hover {
		u.RoundFill(r.Inset(2), ui.RadiusControl, u.Theme.Raised)
	}
	u.DrawIcon(ui.R(r.Right()-u.Grow(20), r.Y, u.Grow(16), r.H).Center(u.Grow(14), u.Grow(14)), ui.IconChevronDown, u.Theme.Dim)
	it.Rect = r.Inset(2)
	u.FocusRing(it, ui.RadiusControl)
	u.Tooltip(it, m.Say("view.choose_connection"), "")
	if it.Clicked {
		u.OpenMenu("connections", r.X, r.Bottom())
	}
	if chosen := u.Menu("connections", m.Say("view.choose_connection"), d.choice.items); chosen != "" {
		if i, err := strconv.Atoi(chosen); err == nil && i < len(d.choice.refs) {
			m.Conn = d.choice.refs[i]
		}
	}
}

// update lists each connection once, by the end that opened it.
func (c *choice) update(known *conns, m *Model) {
	if c.lab == known.of && c.turns == known.turns && c.known == len(known.ends) {
		return
	}
	*c = choice{lab: known.of, turns: known.turns, known: len(known.ends), items: c.items[:0], refs: c.refs[:0]}
	for _, e := range slices.Backward(known.ends) {
		if len(c.refs) == maxChoices {
			break
		}
		if e.listener || !e.named || e.passive && known.peer(e) != nil {
			continue
		}
		label := m.NodeName(e.ref.Host) + " " + endAddress(e.local) + " ↔ " + endAddress(e.remote)
		c.items = append(c.items, ui.MenuItem{ID: strconv.Itoa(len(c.refs)), Label: label})
		c.refs = append(c.refs, e.ref)
	}
}
