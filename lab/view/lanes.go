package view

import (
	"fmt"

	"wirelab/lab/ui"
)

// Lanes are the futures that were left: each is a line below the strip, from where it parted to how far it was seen.

const (
	laneHeight = 15
	maxLanes   = 3 // the latest; the menu of the history has more
)

// Branch is another future of the lab, where it parts from this one, where it was left and how far it was seen.
type Branch struct {
	Name   string
	ForkNs int64
	TimeNs int64
	SeenNs int64
}

// BranchName is what a future is called.
func (m *Model) BranchName(i int) string {
	if b := &m.Branches[i]; b.Name != "" {
		return b.Name
	}
	return m.Say("view.branch", i+1, Span(m.Branches[i].TimeNs))
}

func (m *Model) lanes() int { return min(len(m.Branches), maxLanes) }

// lineEnd is the length of the time line: it goes to the end of what was recorded, and of the futures that have a lane.
func (m *Model) lineEnd() float64 {
	w := &m.index.line
	end := max(w.end().at, w.at(m.Now()))
	for _, b := range m.Branches[len(m.Branches)-m.lanes():] {
		end = max(end, w.at(b.SeenNs))
	}
	return end
}

// lanes draws them, and offers what can be done with each.
func (d *TimeLine) lanes(u *ui.UI, r ui.Rect, m *Model) {
	n := m.lanes()
	if n == 0 || r.H < laneHeight {
		return
	}
	t := &u.Theme
	in := r.InsetXY(ui.Space3, 0)
	w := &m.index.line
	end := max(m.lineEnd(), 1e-9)
	place := func(ns int64) float32 { return in.X + in.W*float32(min(w.at(ns)/end, 1)) }
	for k := range n {
		i := len(m.Branches) - n + k
		b := &m.Branches[i]
		row := ui.R(r.X, r.Y+float32(k)*u.Grow(laneHeight), r.W, u.Grow(laneHeight))
		y := row.Y + row.H/2
		x0, x1 := place(b.ForkNs), place(b.SeenNs)
		name := m.BranchName(i)
		style := ui.Tiny
		words := u.Width(name, style)
		x1 = max(x1, x0+14)
		it := u.Node(ui.Spec{ID: fmt.Sprintf("branch%d", i), Rect: row, Role: ui.RoleButton, Name: name, Value: m.Say("view.branch_value", Span(b.ForkNs), Span(b.SeenNs)),
			Actions: ui.CanPress | ui.CanFocus | ui.CanMenu, Keys: ui.KeysPress})
		ink := t.LineStrong.Mix(t.Dim, 0.5)
		if it.Hover {
			u.RoundFill(row, ui.RadiusSmall, t.Raised)
			ink = t.Fin
		}
		u.Line(x0, y-row.H*0.45, x0+5, y, 1.5, ink)
		u.Butt(x0+5, y, x1, y, 2, ink)
		u.Circle(x1, y, 3, ink)
		at := x1 + ui.Space2
		if at+words > in.Right() {
			at = x0 - words - ui.Space2
		}
		label := ui.R(max(at, in.X), row.Y+(row.H-u.LineHeight(style))/2, words, u.LineHeight(style))
		if at < in.X { // there is no room beside the line, which must not strike the words through
			ground := t.Panel
			if it.Hover {
				ground = t.Raised
			}
			u.Fill(label.InsetXY(-ui.Space1, 1), ground)
		}
		u.Text(label.X, label.Y, name, style, t.Dim)
		u.FocusRing(it, ui.RadiusSmall)
		u.Tooltip(it, m.Say("view.branch_tip"), "")
		d.laneMenu(u, m, it, i)
	}
}

func (d *TimeLine) laneMenu(u *ui.UI, m *Model, it ui.Interaction, i int) {
	items := []ui.MenuItem{
		{ID: "take", Label: m.Say("view.branch_take"), Icon: ui.IconBranch},
		{ID: "compare", Label: m.Say("view.branch_compare")},
		{ID: "name", Label: m.Say("view.branch_name"), Icon: ui.IconEdit},
		{ID: "delete", Label: m.Say("view.branch_delete"), Icon: ui.IconClose},
	}
	if it.Clicked {
		it.RightClicked = true
	}
	switch u.ContextMenu(it, fmt.Sprintf("branch%d.menu", i), m.BranchName(i), items) {
	case "take":
		m.Ask(Ask{Kind: AskBranch, Branch: i})
	case "compare":
		m.Ask(Ask{Kind: AskCompare, Branch: i})
	case "name":
		m.Ask(Ask{Kind: AskNameBranch, Branch: i})
	case "delete":
		m.Ask(Ask{Kind: AskDeleteBranch, Branch: i})
	}
}
