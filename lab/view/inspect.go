package view

import (
	"fmt"
	"strings"

	"wirelab/lab/link"
	"wirelab/lab/ui"
)

// Inspect shows every property of what was chosen, and lets each be edited in place. What is written goes to the lab
// as a command; what is wrong with it is said below its field.
type Inspect struct {
	of     Target
	rows   []property
	drafts map[string]*draft
	search string
}

// property is a row: a name, and a value for the whole or for each direction.
type property struct {
	id, name string
	cells    []cellOf
	head     bool          // it begins a group
	tip      func() string // what it is for; nil: that is plain
}

// cellOf is a value that can be edited: command, with %s for what is written, changes it. Takes is an example, or all that it
// may be, with | between.
type cellOf struct {
	id, value, command, takes string
	name                      string // without it, that of the row
}

// draft is what somebody is writing into a field.
type draft struct {
	text, was string
	focused   bool
}

// Draw draws the properties into r.
func (d *Inspect) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "inspect", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.inspect")})
	defer u.Leave()
	target := m.Chosen
	if target.Kind != OnNode && target.Kind != OnLink || !m.There(target) {
		target = Target{}
	}
	if d.of != target || d.drafts == nil {
		*d = Inspect{of: target, drafts: map[string]*draft{}}
		m.Problem = Problem{}
	}
	d.rows = d.rows[:0]
	switch target.Kind {
	case OnLink:
		d.link(m, target.Link)
	case OnNode:
		d.node(u, &r, m, target.Node)
	default:
		d.lab(u, &r, m)
	}
	u.ScrollArea(r, "properties", m.TargetName(target), func(r ui.Rect) float32 { return d.table(u, r.InsetXY(ui.Space4, 0), m) })
}

// lab lists what is true of the whole, and says what else can be chosen.
func (d *Inspect) lab(u *ui.UI, r *ui.Rect, m *Model) {
	hint := m.Say("view.inspect_none")
	line := r.CutTop(u.ParagraphHeight(hint, ui.Body, r.W-2*ui.Space4)+2*ui.Space3).InsetXY(ui.Space4, ui.Space3)
	u.Node(ui.Spec{ID: "nothing", Rect: line, Role: ui.RoleText, Name: hint})
	u.Paragraph(line, hint, ui.Body, u.Theme.Dim)
	const mib = 1 << 20
	d.rows = append(d.rows, property{name: m.Title, head: true, cells: []cellOf{{value: m.Say("setting.records", m.Lab.RecordBytes()/mib)}}},
		property{id: "memory", name: m.Say("setting.memory"), cells: []cellOf{{id: "memory", value: fmt.Sprint(m.Lab.RecordLimit / mib), command: "memory %s", takes: "384"}}})
}

// link lists all settings of both directions of a link.
func (d *Inspect) link(m *Model, i uint32) {
	k, ends := m.Lab.LinkAt(int(i)), m.Lab.EndsOf(i)
	d.rows = append(d.rows, property{name: m.TargetName(d.of), head: true, cells: []cellOf{{value: m.NodeName(ends[0]) + " →"}, {value: m.NodeName(ends[1]) + " →"}}})
	for j := range link.Settings {
		s := &link.Settings[j]
		p := property{id: s.Name, name: m.Say("setting." + s.Name)}
		for dir := range 2 {
			p.cells = append(p.cells, cellOf{fmt.Sprintf("%s-%d", s.Name, dir), s.Get(&k.Dir[dir].Params), fmt.Sprintf("link %d %s %%s dir %d", i, s.Name, dir), s.Takes,
				m.Say("setting.way", p.name, m.NodeName(ends[dir]), m.NodeName(ends[1-dir]))})
		}
		d.rows = append(d.rows, p)
	}
}

// node lists what a host or a switch is called, its addresses and its settings.
func (d *Inspect) node(u *ui.UI, r *ui.Rect, m *Model, id uint32) {
	name, h := m.NodeName(id), m.Lab.Host(id)
	d.rows = append(d.rows, property{name: name, head: true}, property{id: "name", name: m.Say("setting.name"), cells: []cellOf{{id: "name", value: name, command: "rename " + name + " %s", takes: "h1"}}})
	if h == nil {
		return
	}
	for i := range h.Ifaces {
		f := &h.Ifaces[i]
		value := ""
		if !f.Addr.IsZero() {
			value = fmt.Sprintf("%v/%d", f.Addr, f.Prefix)
		}
		for _, a := range f.Addrs {
			if !a.Auto && !a.Addr.IsLinkLocal() {
				value = strings.TrimSpace(fmt.Sprintf("%s %v/%d", value, a.Addr, a.Prefix))
			}
		}
		d.rows = append(d.rows, property{id: "address-" + f.Name, name: m.Say("setting.address", f.Name), cells: []cellOf{{id: "address-" + f.Name, value: value, command: "address " + name + " " + f.Name + " %s", takes: "10.0.0.1/24"}}})
	}
	d.sysctls(u, r, m, name, h)
}

// table draws the rows and returns their height.
func (d *Inspect) table(u *ui.UI, r ui.Rect, m *Model) float32 {
	t := &u.Theme
	top, height := r.Y, u.Grow(28)
	r.Y += ui.Space2
	for i := range d.rows {
		p := &d.rows[i]
		row := ui.R(r.X, r.Y, r.W, height)
		r.Y += height + 2
		if p.id != "" && m.Problem.ID != "" && strings.HasPrefix(m.Problem.ID, p.id) {
			words := m.Problem.Text
			line := ui.R(r.X, r.Y, r.W, u.ParagraphHeight(words, ui.Small, r.W))
			u.Node(ui.Spec{ID: "problem", Rect: line, Role: ui.RoleStatus, Name: words})
			u.Paragraph(line, words, ui.Small, t.Rst)
			r.Y += line.H + ui.Space2
		}
		if !u.Visible(row) {
			continue
		}
		d.row(u, row, m, p)
	}
	return r.Y - top + ui.Space2
}

func (d *Inspect) row(u *ui.UI, row ui.Rect, m *Model, p *property) {
	t := &u.Theme
	style, ink := ui.Small, t.Dim
	if p.head {
		style, ink = ui.BodyBold, t.Text
		u.HLine(row.X, row.Bottom(), row.W, t.Line)
	}
	wide, share := row.W >= u.Grow(900), float32(0.44)
	if wide {
		share = 0.26
	}
	name := row.CutLeft(row.W * share)
	u.TextIn(name, p.name, style, ui.Left, ink)
	tip := ""
	if p.tip != nil {
		tip = p.tip()
		it := u.Node(ui.Spec{ID: glued(p.id, ".name"), Rect: name, Role: ui.RoleText, Name: p.name, Value: tip, Actions: ui.CanPress})
		u.Tooltip(it, tip, "")
		if it.Clicked {
			u.SetFocus(p.id)
		}
	}
	if len(p.cells) == 0 {
		return
	}
	if wide && len(p.cells) == 1 { // there is room to say what it is for without being asked
		u.TextIn(row.CutRight(row.W-u.Grow(260)).InsetXY(ui.Space3, 0), tip, ui.Small, ui.Left, t.Dim)
	}
	width := row.W / float32(len(p.cells))
	for i := range p.cells {
		box := row.CutLeft(width)
		box.CutLeft(ui.Space1)
		if p.head {
			u.TextIn(box.InsetXY(ui.Space2, 0), p.cells[i].value, ui.SmallBold, ui.Left, t.Text)
			continue
		}
		if c := &p.cells[i]; strings.Contains(c.takes, "|") {
			d.choice(u, box.InsetXY(0, 1), m, c, p.name, tip)
		} else {
			d.cell(u, box.InsetXY(0, 1), m, c, p.name, tip)
		}
	}
}

// cell is one field: it shows the value until somebody writes, and takes what is written on Enter or when it is left.
func (d *Inspect) cell(u *ui.UI, r ui.Rect, m *Model, c *cellOf, name, tip string) {
	k := d.drafts[c.id]
	if k == nil {
		k = &draft{text: c.value, was: c.value}
		d.drafts[c.id] = k
	}
	if k.was != c.value || !k.focused && m.Problem.ID != c.id { // it changed elsewhere, or nobody writes
		k.text, k.was = c.value, c.value
	}
	out := u.TextField(r, c.id, c.called(name), &k.text, ui.FieldOpt{Mono: true, Tip: tip, Style: ui.CodeSmall, Placeholder: c.takes, Bad: m.Problem.ID == c.id})
	left := k.focused && !out.Focused
	k.focused = out.Focused
	switch {
	case out.Cancelled:
		k.text = c.value
		m.Problem = Problem{}
	case (out.Submitted || left) && k.text != c.value:
		m.Problem = Problem{ID: c.id}
		m.Ask(Ask{Kind: AskCommand, Text: fmt.Sprintf(c.command, k.text), ID: c.id})
	}
}

// choice is a value that is one of few.
func (d *Inspect) choice(u *ui.UI, r ui.Rect, m *Model, c *cellOf, name, tip string) {
	items := func() (items []ui.MenuItem) {
		for v := range strings.SplitSeq(c.takes, "|") {
			items = append(items, ui.MenuItem{ID: v, Label: v, Checked: v == c.value})
		}
		return items
	}
	if v := u.Dropdown(r, c.id, c.value, items, ui.Opt{Name: c.called(name), Tip: tip, Style: ui.CodeSmall}); v != "" && v != c.value {
		m.Problem = Problem{ID: c.id}
		m.Ask(Ask{Kind: AskCommand, Text: fmt.Sprintf(c.command, v), ID: c.id})
	}
}

// called is what a reader calls it: as its row, unless that has several.
func (c *cellOf) called(row string) string {
	if c.name != "" {
		return c.name
	}
	return row
}
