package view

import (
	"slices"

	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack/wire"
)

// Decode shows what is in the selected packet: why it was sent, its fields in
// Wireshark's words as a tree, and its bytes. Field and bytes light up together.
type Decode struct {
	of      decodeKey
	said    decodeWords
	names   []string        // of the fields, with their values
	carries bool            // the datagram is one of DNS or DHCP
	open    map[string]bool // what was folded or unfolded, by the field's key
	rows    []int           // the fields that are shown
	field   int             // the selected one, -1: none
	key     string          // its key, to find it in the next packet
	over    int             // the field under the pointer in the last frame, -1: none
	dump    hexDump
	marks   hexMarks
}

// decodeKey is what the words of a packet depend on.
type decodeKey struct {
	turns  uint64
	packet int64
	frame  *byte
	lang   words.Lang
}

// decodeWords is what is said above the fields.
type decodeWords struct {
	head, time, why, fate string
	kind                  Kind
}

const decodeRow = 20 // height of a field

// Draw draws the packet's details into r.
func (d *Decode) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "decode", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.decode")})
	defer u.Leave()
	u.PushClip(r)
	defer u.PopClip()
	frame, fields := m.Frame()
	if m.Packet < 0 {
		d.of, d.field, d.over = decodeKey{packet: -1}, -1, -1
		words := m.Say("view.decode_none")
		u.Node(ui.Spec{ID: "nothing", Rect: r, Role: ui.RoleText, Name: words})
		u.Paragraph(r.InsetXY(ui.Space4, ui.Space3), words, ui.Body, u.Theme.Dim)
		return
	}
	d.take(frame, fields, m)
	d.head(u, r.CutTop(2*u.LineHeight(ui.Small)+ui.Space3))
	p := decodePlaces(r, hexWidth(u, 16), hexWidth(u, 8), u.LineHeight(ui.CodeTiny)+1, u.Grow(1), len(frame))
	over := d.tree(u, p.tree, fields, m)
	switch {
	case p.hex.Empty():
		d.over = -1
		return
	case p.beside:
		u.VLine(p.hex.X, p.hex.Y, p.hex.H, u.Theme.Line)
	default:
		u.HLine(p.hex.X, p.hex.Y, p.hex.W, u.Theme.Line)
	}
	d.over = d.hex(u, p, frame, fields, over, m)
}

// take notices that another packet is shown, and keeps to the same field.
func (d *Decode) take(frame []byte, fields []wire.Field, m *Model) {
	of := decodeKey{turns: m.Lab.Trace.Turns, packet: m.Packet, lang: m.Lang}
	if len(frame) > 0 {
		of.frame = &frame[0]
	}
	if of == d.of {
		return
	}
	if d.of.packet != of.packet || d.of.frame != of.frame {
		d.field = slices.IndexFunc(fields, func(f wire.Field) bool { return f.Key == d.key })
		d.over, d.dump.width = -1, 0
		if d.field >= 0 {
			m.Bytes = [2]int{fields[d.field].Start, fields[d.field].End}
		}
	}
	d.of = of
	if d.open == nil {
		d.open = map[string]bool{}
	}
	d.said = decodeSay(m)
	d.names, d.marks.bad, d.carries = d.names[:0], d.marks.bad[:0], false
	for i := range fields {
		f := &fields[i]
		d.names = append(d.names, f.Name+": "+f.Text)
		d.carries = d.carries || f.Key == "dns" || f.Key == "dhcp"
		if f.Bad && f.End > f.Start {
			d.marks.bad = append(d.marks.bad, [2]int{f.Start, f.End})
		}
	}
}

func decodeSay(m *Model) decodeWords {
	i := uint64(m.Packet)
	c := m.Lab.Trace.At(i)
	said := decodeWords{kind: kindOf(&c.Head), head: m.headline(i), time: Instant(c.Offered, 6) + " s", why: m.Why(i)}
	if !sound(c) {
		said.fate = "× " + m.Fate(i)
	}
	return said
}

// Fate says what became of a crossing: lost is what the link lost, all else has a name of its own.
func (m *Model) Fate(i uint64) string {
	c := m.Lab.Trace.At(i)
	if c.Fate == link.Delivered && c.Flip != 0 {
		return m.Say("fate.damaged")
	}
	return m.Say(glued("fate.", c.Fate.Key()))
}

// sound reports whether a crossing arrives as it was sent.
func sound(c *trace.Crossing) bool { return c.Fate == link.Delivered && c.Flip == 0 }

// head says which packet it is, and why it was sent.
func (d *Decode) head(u *ui.UI, r ui.Rect) {
	t, s := &u.Theme, &d.said
	u.Node(ui.Spec{ID: "head", Rect: r, Role: ui.RoleText, Name: s.head + " " + s.fate, Value: s.time + " " + s.why})
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, t.Line)
	r = r.InsetXY(ui.Space3, ui.Space1)
	line := r.CutTop(u.LineHeight(ui.Small) + 2)
	s.kind.swatch(u, line.CutLeft(14))
	line.CutLeft(ui.Space2)
	u.TextIn(line.CutRight(min(u.Width(s.time, ui.CodeSmall), line.W)), s.time, ui.CodeSmall, ui.Right, t.Dim)
	line.CutRight(ui.Space2)
	if s.fate != "" {
		w := min(u.ChipWidth(s.fate, ui.Tiny), line.W)
		u.Chip(line.CutRight(w).Center(w, line.H-2), "fate", s.fate, ui.Tiny, t.Rst)
		line.CutRight(ui.Space2)
	}
	u.TextIn(line, s.head, ui.CodeSmall.Bold(), ui.Left, t.Text)
	u.TextIn(r, s.why, ui.Small, ui.Left, t.Dim)
}

// places is where tree and dump stand.
type places struct {
	tree, hex ui.Rect
	width     int // bytes in a line of the dump
	beside    bool
}

// decodePlaces shares r between the tree and the dump, whose lines of sixteen
// and of eight bytes have the widths w16 and w8: side by side if the tree keeps
// enough room, one above the other if there is height for it.
func decodePlaces(r ui.Rect, w16, w8, line, grow float32, bytes int) places {
	const bar = 10 // the scroll bar's
	height := func(width int) float32 { return float32((bytes+width-1)/width)*line + 2*ui.Space1 }
	beside := func(w float32, width int) places {
		p := places{tree: r, width: width, beside: true}
		if height(width) > r.H {
			w += bar
		}
		p.hex = p.tree.CutRight(w)
		return p
	}
	below := func(width int) places {
		p := places{tree: r, width: width}
		if r.H >= 110*grow { // else there is room for one only
			p.hex = p.tree.CutBottom(min(height(width), r.H*0.45))
		}
		return p
	}
	switch {
	case r.W-w16-bar >= 480*grow:
		return beside(w16, 16)
	case r.H >= 300*grow && r.W >= w16+bar:
		return below(16)
	case r.W-w16-bar >= 280*grow:
		return beside(w16, 16)
	case r.W-w8-bar >= 220*grow:
		return beside(w8, 8)
	case r.W >= w16+bar:
		return below(16)
	}
	return below(8)
}

// hex draws the dump and returns the field whose byte the pointer is at, -1 for
// none; over is the one that it is at in the tree.
func (d *Decode) hex(u *ui.UI, p places, frame []byte, fields []wire.Field, over int, m *Model) int {
	if d.dump.width != p.width {
		d.dump.width = p.width
		d.dump.lines = hexLines(d.dump.lines[:0], frame, p.width)
		d.dump.shown = [2]int{}
	}
	value := ""
	d.marks.layer, d.marks.selected, d.marks.hover = [2]int{}, m.Bytes, [2]int{}
	if d.field >= 0 {
		value = d.names[d.field]
		layer := &fields[ancestor(fields, d.field, 0)]
		d.marks.layer = [2]int{layer.Start, layer.End}
	}
	if over < 0 {
		over = d.over
	}
	if over >= 0 {
		d.marks.hover = [2]int{fields[over].Start, fields[over].End}
	}
	out := d.dump.draw(u, p.hex, m.Say("view.bytes"), value, len(frame), &d.marks)
	if out.over < 0 {
		return -1
	}
	i := byteOwner(fields, out.over)
	if i >= 0 {
		out.it.Rect = ui.R(out.it.X, out.it.Y-ui.Space2, 1, 2*ui.Space2) // beside the byte
		u.Tooltip(out.it, d.names[i], "")
		if out.clicked {
			d.pick(fields, i, m)
		}
	}
	return i
}

// pick selects a field, and unfolds what it lies in.
func (d *Decode) pick(fields []wire.Field, i int, m *Model) {
	d.field, d.key = i, fields[i].Key
	m.Bytes = [2]int{fields[i].Start, fields[i].End}
	for depth := range fields[i].Depth {
		d.open[fields[ancestor(fields, i, depth)].Key] = true
	}
}

// ancestor returns the field at a depth that field i lies in, or i itself.
func ancestor(fields []wire.Field, i int, depth uint8) int {
	for fields[i].Depth > depth {
		i--
	}
	return i
}
