package view

import (
	"slices"
	"strconv"

	"wirelab/lab"
	"wirelab/lab/ui"
)

// head shows who talks with whom and in which states, and lets one of some
// parts be chosen.
func (d *Connection) head(u *ui.UI, r *ui.Rect, parts []int, m *Model) {
	var tabs []ui.Tab
	widest, at := float32(0), 0
	for i, part := range parts {
		tab := ui.Tab{ID: partIDs[part], Label: m.Say(glued("view.part_", partIDs[part]))}
		if part == partStates && len(parts) == 2 {
			tab.Label = m.Say("view.part_pictures")
		}
		widest = max(widest, u.Width(tab.Label, ui.Body)+3*ui.Space1)
		if part <= d.part {
			at = i
		}
		tabs = append(tabs, tab)
	}
	width, height := widest*float32(len(tabs)), u.Grow(26)
	need := max(d.endWidth(u, 0), d.endWidth(u, 1))*2 + ui.Space3
	line := r.CutTop(u.LineHeight(ui.SmallBold)+u.LineHeight(ui.CodeTiny)+ui.Space3).InsetXY(ui.Space3, 0)
	half, before := min(line.W/2, max(need/2, u.Grow(200))), at
	if beside := line.W-width-ui.Space4 >= need; beside && len(tabs) > 0 {
		u.Segmented(line.CutRight(width).Center(width, height), "part", m.Say("view.connection"), tabs, &at)
		line.CutRight(ui.Space4)
		half = min(half, line.W/2)
	} else if len(tabs) > 0 {
		row := r.CutTop(height+ui.Space1).InsetXY(ui.Space3, 0)
		row.H -= ui.Space1
		u.Segmented(row, "part", m.Say("view.connection"), tabs, &at)
	}
	if at != before {
		d.part = parts[at]
	}
	u.HLine(r.X, r.Y-u.Pixel(), r.W, u.Theme.Line)
	d.chooser(u, ui.R(line.X, line.Y, min(2*half, line.W), line.H), m)
	d.headEnd(u, line.CutLeft(half), 0)
	d.headEnd(u, line.CutLeft(half), 1)
}

func (d *Connection) endWidth(u *ui.UI, i int) float32 {
	s := &d.ends[i]
	line := u.Grow(16) + ui.Space2 + u.ChipWidth("ESTABLISHED", ui.CodeTiny.Bold())
	if s.name != s.letter {
		line += u.Width(s.name, ui.SmallBold) + ui.Space2
	}
	return max(line, u.Width(s.address, ui.CodeTiny)+ui.Space1)
}

func (d *Connection) headEnd(u *ui.UI, r ui.Rect, i int) {
	t, s := &u.Theme, &d.ends[i]
	if s.unknown() {
		return
	}
	state := s.state()
	u.Node(ui.Spec{ID: [...]string{"end0", "end1"}[i], Rect: r, Role: ui.RoleText, Name: s.name, Value: state.String() + " " + s.address})
	r = r.InsetXY(0, ui.Space1)
	line := r.CutTop(u.LineHeight(ui.SmallBold) + 2)
	d.badge(u, line.CutLeft(u.Grow(16)).Center(u.Grow(16), u.Grow(16)), i)
	line.CutLeft(ui.Space2)
	chip := u.ChipWidth(state.String(), ui.CodeTiny.Bold())
	name := u.Width(s.name, ui.SmallBold)
	if room := max(0, line.W-chip-ui.Space2); name <= room || s.name != s.letter { // else the badge says it all
		u.Label(line.CutLeft(min(name, room)), [...]string{"name0", "name1"}[i], s.name, ui.SmallBold, ui.Left, t.Text)
		line.CutLeft(ui.Space2)
	}
	u.Chip(line.CutLeft(min(chip, line.W)), [...]string{"state0", "state1"}[i], state.String(), ui.CodeTiny.Bold(), stateColor(t, state))
	r.CutRight(ui.Space1)
	u.TextIn(r, s.address, ui.CodeTiny, ui.Left, t.Dim)
}

// badge marks an end: a disc with a letter for the one, a square for the other.
func (d *Connection) badge(u *ui.UI, r ui.Rect, i int) {
	t := &u.Theme
	radius := r.H / 2
	if i == 1 {
		radius = 3
	}
	u.RoundFill(r, radius, t.Text)
	style := ui.CodeTiny.Bold()
	if letters := d.ends[i].letter; u.Width(letters, style) > r.W*0.6 {
		style.Size *= 0.8
	}
	u.TextIn(r, d.ends[i].letter, style, ui.Middle, t.Panel)
}

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
	if c.lab == known.of && c.turns == known.turns && c.known == len(known.ends)+known.heard {
		return
	}
	*c = choice{lab: known.of, turns: known.turns, known: len(known.ends) + known.heard, items: c.items[:0], refs: c.refs[:0]}
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
