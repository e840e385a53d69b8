package view

import (
	"sort"
	"strings"

	"wirelab/lab/ui"
	"wirelab/stack/wire"
)

// The tree of a packet's fields.

// isOpen says whether what lies in a field is shown. At first only the layers
// that a lesson is about are: the addresses of the cable are seldom asked for,
// and of a datagram that can be read, what it carries.
func (d *Decode) isOpen(f *wire.Field) bool {
	if open, known := d.open[f.Key]; known {
		return open
	}
	return f.Depth == 0 && f.Key != "eth" && f.Key != "ip" && !(f.Key == "udp" && d.carries)
}

// hasInside says whether fields lie in field i.
func hasInside(fields []wire.Field, i int) bool {
	return i+1 < len(fields) && fields[i+1].Depth > fields[i].Depth
}

// shownFields appends the fields that no folded one hides.
func shownFields(dst []int, fields []wire.Field, open func(*wire.Field) bool) []int {
	for i := 0; i < len(fields); {
		dst = append(dst, i)
		if folded := !open(&fields[i]); folded {
			depth := fields[i].Depth
			for i++; i < len(fields) && fields[i].Depth > depth; i++ {
			}
			continue
		}
		i++
	}
	return dst
}

// rowOf returns the row of a field, or of the folded one that hides it.
func rowOf(rows []int, field int) int { return sort.SearchInts(rows, field+1) - 1 }

// tree draws the fields and returns the one under the pointer, -1 for none.
func (d *Decode) tree(u *ui.UI, r ui.Rect, fields []wire.Field, m *Model) int {
	d.rows = shownFields(d.rows[:0], fields, d.isOpen)
	row, over := -1, -1
	if d.field >= 0 {
		row = rowOf(d.rows, d.field)
	}
	lit := -1
	if d.over >= 0 {
		lit = rowOf(d.rows, d.over)
	}
	out := u.List(r, "fields", m.Say("view.fields"), len(d.rows), u.Grow(decodeRow), &row, func(row ui.Row) string {
		i := d.rows[row.Index]
		if row.Hover {
			over = i
		}
		d.treeRow(u, row, i, row.Index == lit, fields)
		return d.names[i]
	}, ui.ListOpt{Tree: func(row int) ui.Flags { return d.flags(fields, d.rows[row]) }})
	if out.Changed && row >= 0 {
		d.field, d.key = d.rows[row], fields[d.rows[row]].Key
		m.Bytes = [2]int{fields[d.field].Start, fields[d.field].End}
	}
	if out.Opened >= 0 {
		d.toggle(fields, d.rows[out.Opened])
	}
	if out.Sideways != 0 && d.field >= 0 {
		d.sideways(fields, d.rows[rowOf(d.rows, d.field)], out.Sideways, m)
	}
	return over
}

func (d *Decode) flags(fields []wire.Field, i int) ui.Flags {
	switch {
	case !hasInside(fields, i):
		return 0
	case d.isOpen(&fields[i]):
		return ui.Expanded
	}
	return ui.Collapsed
}

func (d *Decode) toggle(fields []wire.Field, i int) {
	if hasInside(fields, i) {
		d.open[fields[i].Key] = !d.isOpen(&fields[i])
	}
}

// sideways unfolds and goes in, or folds and goes out, as trees do.
func (d *Decode) sideways(fields []wire.Field, i, way int, m *Model) {
	open := hasInside(fields, i) && d.isOpen(&fields[i])
	switch {
	case way < 0 && !open && fields[i].Depth > 0:
		d.pick(fields, ancestor(fields, i, fields[i].Depth-1), m)
	case way > 0 && open:
		d.pick(fields, i+1, m)
	case open == (way < 0):
		d.toggle(fields, i)
	}
}

func (d *Decode) treeRow(u *ui.UI, row ui.Row, i int, lit bool, fields []wire.Field) {
	t, f := &u.Theme, &fields[i]
	if lit && !row.Selected && !row.Hover {
		u.Fill(row.Rect, t.Panel.Mix(t.Focus, 0.12))
	}
	name, value := ui.Small, ui.CodeSmall
	if row.Rect.W < u.Grow(260) { // so that the longest number still stands behind the longest name
		name, value = ui.Tiny, ui.CodeTiny
	}
	r := row.Rect.InsetXY(ui.Space1, 0)
	r.CutLeft(float32(f.Depth) * u.Grow(ui.Space2))
	arrow := r.CutLeft(u.Grow(12))
	if hasInside(fields, i) {
		icon := ui.IconChevronRight
		if d.isOpen(f) {
			icon = ui.IconChevronDown
		}
		u.DrawIcon(arrow.Center(u.Grow(12), u.Grow(12)), icon, t.Dim)
		if row.Item.Clicked && row.Item.X < arrow.Right() {
			d.toggle(fields, i)
		}
	}
	ink, dim := t.Text, t.Dim
	if f.Bad || hidesBad(fields, i, d.isOpen(f)) {
		u.DrawIcon(r.CutLeft(u.Grow(16)).Center(u.Grow(14), u.Grow(14)), ui.IconWarn, t.Rst)
		ink = t.Rst
	}
	if f.Depth == 0 {
		r.CutLeft(u.TextIn(r, f.Name, ui.SmallBold, ui.Left, ink) + ui.Space2)
		u.TextIn(r, f.Text, ui.CodeTiny, ui.Left, dim)
	} else {
		r.CutLeft(u.TextIn(r, f.Name, name, ui.Left, dim) + 6)
		u.TextIn(r, f.Text, value, ui.Left, ink)
	}
	if row.Hover {
		tip := d.names[i]
		if !strings.HasPrefix(f.Key, ".") { // else no filter knows it
			tip += "\n" + f.Key
		}
		u.Tooltip(row.Item, tip, "")
	}
}

// hidesBad says whether a folded field hides a bad one.
func hidesBad(fields []wire.Field, i int, open bool) bool {
	if open {
		return false
	}
	for k := i + 1; k < len(fields) && fields[k].Depth > fields[i].Depth; k++ {
		if fields[k].Bad {
			return true
		}
	}
	return false
}
