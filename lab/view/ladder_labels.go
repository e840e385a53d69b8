package view

import (
	"slices"

	"wirelab/lab/link"
	"wirelab/lab/ui"
)

// label writes a packet's numbers on its arrow, at the first place along it
// where no other words stand.
func (d *Ladder) label(u *ui.UI, body ui.Rect, m *Model, i uint64) {
	x0, y0, x1, y1, ok := d.span(body, m, i)
	if !ok {
		return
	}
	t := &u.Theme
	c := m.Lab.Trace.At(i)
	words := m.Label(i)
	full := words
	if c.Why.Xmit > 1 {
		full += " · " + m.Say("reason."+c.Why.Reason.Key())
	}
	if c.Fate == link.Lost {
		x1, y1 = x0+(x1-x0)*2, y0+(y1-y0)*2
	}
	if c.Fate.BeforeWire() {
		x1, y1 = x0+(x1-x0)/max(m.share(c), shortest), y0+10
	}
	style := ui.CodeTiny
	h, most := u.LineHeight(style)-1, abs(x1-x0)-8
	places := placesAlong
	if c.Fate != link.Delivered {
		places = placesBeside
	}
	var r ui.Rect
	free := false
	if w := u.Width(full, style) + 6; w < most*0.6 { // the arrow must still be seen
		r, free = d.freePlace(places, x0, y0, x1, y1, w, h)
	}
	if free {
		words = full
	} else {
		r, free = d.freePlace(places, x0, y0, x1, y1, min(u.Width(words, style)+6, most), h)
	}
	selected := int64(i) == m.Packet
	if !free && !selected {
		return
	}
	d.labels = append(d.labels, r)
	it := u.Node(ui.Spec{ID: m.phrases(i).nodeID(i), Rect: r, Role: ui.RoleButton, Name: words, Value: m.Words(i), Actions: ui.CanPress | ui.CanMenu})
	m.Menu(u, it, m.phrases(i).menuID(i), Target{Kind: OnPacket, Packet: i})
	ink := t.Text
	switch {
	case selected:
		ink = t.Focus
	case c.Start > m.Now():
		ink = t.Faint
	case c.Fate != link.Delivered:
		ink = t.Rst
	}
	ground := t.Panel
	if it.Hover {
		ground = t.Raised
	}
	u.RoundFill(r, 3, ground.Alpha(0.92))
	u.TextIn(r.InsetXY(2, 0), words, style, ui.Middle, ink)
	if it.Hover || it.Focused {
		u.Tooltip(it, m.Words(i)+"\n"+m.Why(c.Why), "")
	}
}

// Places of a label along its arrow, in the order in which they are tried; the
// cross in the middle of a lost one stays clear.
var (
	placesAlong  = []float32{0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8}
	placesBeside = []float32{0.27, 0.76, 0.24, 0.8}
)

func (d *Ladder) freePlace(places []float32, x0, y0, x1, y1, w, h float32) (ui.Rect, bool) {
	var first ui.Rect
	for j, k := range places {
		x, y := x0+(x1-x0)*k, y0+(y1-y0)*k
		r := ui.R(x-w/2, y-h/2, w, h)
		if j == 0 {
			first = r
		}
		if r.X < min(x0, x1) || r.Right() > max(x0, x1) {
			continue
		}
		if !slices.ContainsFunc(d.labels, func(o ui.Rect) bool { return !o.Intersect(r).Empty() }) {
			return r, true
		}
	}
	return first, false
}
