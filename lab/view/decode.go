package view

import "wirelab/lab/ui"

// Decode shows what is in the selected packet: its decode tree in Wireshark's
// words.
type Decode struct {
	selected int
	of       int64
}

// Draw draws the decode tree into r.
func (d *Decode) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "decode", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.decode")})
	defer u.Leave()
	_, fields := m.Frame()
	if m.Packet < 0 {
		words := m.Say("view.decode_none")
		u.Node(ui.Spec{ID: "nothing", Rect: r, Role: ui.RoleText, Name: words})
		u.Paragraph(r.InsetXY(ui.Space4, ui.Space3), words, ui.Body, u.Theme.Dim)
		return
	}
	if d.of != m.Packet {
		d.of, d.selected = m.Packet, -1
	}
	out := u.List(r, "fields", m.Say("view.decode"), len(fields), u.Grow(ui.RowHeight), &d.selected, func(row ui.Row) string {
		f := &fields[row.Index]
		in := row.Rect.InsetXY(ui.Space3, 0)
		in.CutLeft(float32(f.Depth) * ui.Space4)
		w := u.TextIn(in, f.Name, ui.Small, ui.Left, u.Theme.Text)
		in.CutLeft(w + ui.Space2)
		u.TextIn(in, f.Text, ui.CodeSmall, ui.Left, u.Theme.Dim)
		return f.Name + " " + f.Text
	})
	if out.Changed && d.selected >= 0 {
		m.Bytes = [2]int{fields[d.selected].Start, fields[d.selected].End}
	}
}
