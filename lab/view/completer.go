package view

import (
	"wirelab/lab/filter"
	"wirelab/lab/ui"
)

// completer proposes how a display filter may go on, below the field in which it is typed.
type completer struct {
	of       string
	items    []filter.Completion
	at       int
	accepted string // what was completed last: it is proposed no further
}

const maxProposals = 8

// update shows the proposals while the field has the keyboard, and takes one over on Tab, on Enter after an arrow, or when it is pressed.
func (c *completer) update(u *ui.UI, field ui.Rect, m *Model, text *string, in ui.FieldResult) {
	if !in.Focused && len(c.items) > 0 { // a press takes the keyboard from the field: maybe one on a proposal
		pressed := -1
		u.Overlay(func() { pressed = c.list(u, field, m) })
		if pressed >= 0 {
			c.take(text, pressed)
			u.SetFocus("filter")
		}
	}
	if !in.Focused || *text == "" || *text == c.accepted {
		c.items = nil
		return
	}
	if c.of != *text {
		c.of, c.at = *text, -1
		c.items = filter.Complete(*text, len(*text))
		c.items = c.items[:min(len(c.items), maxProposals)]
		if len(c.items) == 1 && c.items[0].Text == (*text)[c.items[0].At:] {
			c.items = nil // it is written already
		}
	}
	if len(c.items) == 0 {
		return
	}
	switch {
	case in.Down:
		c.at = (c.at + 1) % len(c.items)
	case in.Up:
		c.at = (c.at + len(c.items)) % (len(c.items) + 1)
		if c.at == len(c.items) {
			c.at = -1
		}
	case in.Cancelled:
		c.items = nil
		return
	}
	pressed := -1
	u.Overlay(func() { pressed = c.list(u, field, m) })
	switch {
	case pressed >= 0:
		c.take(text, pressed)
	case in.Tab:
		c.take(text, max(c.at, 0))
	case in.Submitted && c.at >= 0:
		c.take(text, c.at)
	case in.Submitted:
		c.items, c.accepted = nil, *text
	}
}

// take puts proposal i in its place.
func (c *completer) take(text *string, i int) {
	k := &c.items[i]
	*text = (*text)[:k.At] + k.Text + (*text)[k.At+k.Len:]
	c.items, c.accepted, c.of = nil, *text, *text
}

// list draws the proposals and returns the one that was pressed, or -1.
func (c *completer) list(u *ui.UI, field ui.Rect, m *Model) int {
	t := &u.Theme
	row, w := u.Grow(24), float32(0)
	for i := range c.items {
		w = max(w, u.Width(c.items[i].Text, ui.CodeSmall)+u.Width(c.items[i].About, ui.Tiny)+5*ui.Space3)
	}
	box := ui.R(field.X, field.Bottom()+2, min(max(w, 180), field.W), row*float32(len(c.items))+2*ui.Space1)
	u.Enter(ui.Spec{ID: "proposals", Rect: box, Role: ui.RoleList, Name: m.Say("view.proposals"), Solid: true})
	defer u.Leave()
	u.Shadow(box.Offset(0, 3), ui.RadiusControl, 12, t.Shadow)
	u.RoundFill(box, ui.RadiusControl, t.Raised)
	u.RoundStroke(box, ui.RadiusControl, 0, t.LineStrong)
	in, pressed := box.Inset(ui.Space1), -1
	for i := range c.items {
		line := in.CutTop(row)
		flags := ui.Flags(0)
		if i == c.at {
			flags = ui.Selected
		}
		it := u.Node(ui.Spec{ID: "proposal", Index: i + 1, Rect: line, Role: ui.RoleListItem, Name: c.items[i].Text, Value: c.items[i].About, Actions: ui.CanPress, Flags: flags})
		ink, dim := t.Text, t.Dim
		switch {
		case i == c.at:
			u.RoundFill(line, ui.RadiusSmall, t.Accent)
			ink, dim = t.OnAccent, t.OnAccent
		case it.Hover:
			u.RoundFill(line, ui.RadiusSmall, t.Panel)
		}
		line = line.InsetXY(ui.Space2, 0)
		used := u.TextIn(line, c.items[i].Text, ui.CodeSmall, ui.Left, ink)
		line.CutLeft(used + ui.Space3)
		u.TextIn(line, c.items[i].About, ui.Tiny, ui.Left, dim)
		if it.Down || it.Clicked {
			pressed = i
		}
	}
	return pressed
}
