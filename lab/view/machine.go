package view

import (
	"math"
	"slices"

	"wirelab/lab/ui"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// leastMachine is the height below which the state machine scrolls.
const leastMachine = 136

// machine draws the state machine with the way that both ends have taken.
func (d *Connection) machine(u *ui.UI, r ui.Rect, m *Model) {
	u.ScrollArea(r, "machine", m.Say("view.part_states"), func(in ui.Rect) float32 {
		in.H = max(r.H, u.Grow(leastMachine))
		d.states(u, in, m)
		return in.H
	})
}

// stateStyle is the largest in which all columns of boxes fit: in a view of full size, for a hall, larger than other small print.
func stateStyle(u *ui.UI, width, height float32) ui.Style {
	const letters, gaps = 53, 5*14 + 12*ui.Space1 // of the longest names of each column
	style := ui.CodeTiny
	fits := (width - gaps) / letters / u.Width("0", style) * style.Size
	if height >= u.Grow(200) && fits >= ui.Code.Size*1.4 { // with room for the words at the arrows
		style = ui.Code
	}
	style.Size = max(8.5, min(style.Size, float32(int(2*fits))/2))
	return style
}

func (d *Connection) states(u *ui.UI, r ui.Rect, m *Model) {
	in := r.InsetXY(ui.Space4, ui.Space3)
	in.CutTop(ui.Space1) // the marks of the ends reach beyond the boxes
	in = in.Center(min(in.W, u.Grow(760)), min(in.H, u.Grow(230)))
	var b boxes
	d.style = stateStyle(u, in.W, in.H)
	b.layOut(in, u.Width("0", d.style), min(u.Grow(26), in.H/3.6))
	var taken [2][len(transitions)]bool
	var at [2]int
	for i := range d.ends {
		taken[i], at[i] = visits(d.ends[i].path)
		if d.ends[i].unknown() {
			at[i] = -1
		}
	}
	for k := range transitions {
		if !taken[0][k] && !taken[1][k] {
			b.arrow(u, k, 0, 1, false, u.Theme.LineStrong)
		}
	}
	for k := range transitions {
		both := float32(0)
		if taken[0][k] && taken[1][k] {
			both = 2.5
		}
		if taken[0][k] {
			b.arrow(u, k, -both, 2, false, u.Theme.Text)
		}
		if taken[1][k] {
			b.arrow(u, k, both, 2, true, u.Theme.Text)
		}
	}
	for i := range b {
		d.box(u, &b, i, at, m)
	}
	d.eventWords(u, r.Inset(2), &b, &taken)
}

// eventWords writes at the arrows what makes the transition, where there is
// room; at those that were taken first.
func (d *Connection) eventWords(u *ui.UI, area ui.Rect, b *boxes, taken *[2][len(transitions)]bool) {
	t := &u.Theme
	d.labels = append(d.labels[:0], b[:]...)
	for _, gone := range [...]bool{true, false} {
		for k := range transitions {
			if (taken[0][k] || taken[1][k]) != gone || transitions[k] == aroundClosed {
				continue
			}
			x0, y0, x1, y1 := b.line(k)
			w, h := u.Width(events[k], ui.CodeTiny)+4, u.LineHeight(ui.CodeTiny)
			x, y := (x0+x1)/2, (y0+y1)/2
			r := ui.R(x-w/2, y-h/2, w, h)
			room := abs(y1-y0) >= h+24 || abs(x1-x0) >= w+60
			if flat := abs(y1-y0) < 1; flat {
				r.Y -= h/2 + 4
				room = abs(x1-x0) >= w+16
			}
			r = r.Within(area)
			if !room || slices.ContainsFunc(d.labels, func(o ui.Rect) bool { return !o.Intersect(r).Empty() }) {
				continue
			}
			d.labels = append(d.labels, r)
			ink := t.Dim
			if gone {
				ink = t.Text
			}
			u.RoundFill(r, 3, t.Panel.Alpha(0.9))
			u.TextIn(r, events[k], ui.CodeTiny, ui.Middle, ink)
		}
	}
}

// arrow draws a transition, moved aside by some pixels; that from LISTEN to
// SYN_SENT goes around CLOSED, which stands between them.
func (b *boxes) arrow(u *ui.UI, k int, aside, width float32, dashed bool, c ui.Color) {
	stroke := func(x0, y0, x1, y1 float32) {
		if dashed {
			u.Dash(x0, y0, x1, y1, width, 5, 3, 0, c)
			return
		}
		u.Line(x0, y0, x1, y1, width, c)
	}
	size := 5 + width
	if transitions[k] == aroundClosed {
		from, to := b[tcp.Listen], b[tcp.SynSent]
		x, y0, y1 := from.X-ui.Space2+aside, from.Y+from.H/2, to.Y+to.H/2
		stroke(from.X, y0, x, y0)
		stroke(x, y0, x, y1)
		stroke(x, y1, to.X-size+1, y1)
		u.ArrowHead(to.X, y1, x, y1, size, c)
		return
	}
	x0, y0, x1, y1 := b.line(k)
	dx, dy := x1-x0, y1-y0
	n := max(float32(math.Hypot(float64(dx), float64(dy))), 1)
	dx, dy = dx/n, dy/n
	x0, x1, y0, y1 = x0-dy*aside, x1-dy*aside, y0+dx*aside, y1+dx*aside
	stroke(x0, y0, x1-dx*(size-1), y1-dy*(size-1))
	u.ArrowHead(x1, y1, x0, y0, size, c)
}

// box draws a state, and who is in it.
func (d *Connection) box(u *ui.UI, b *boxes, i int, at [2]int, m *Model) {
	t, r, state := &u.Theme, b[i], tcp.State(i)
	if i == ended {
		state = tcp.Closed
	}
	here := at[0] == i || at[1] == i
	who := ""
	for k := range d.ends {
		if at[k] == i {
			who += d.ends[k].name + " "
		}
	}
	id := state.String()
	if i == ended {
		id += "-end"
	}
	it := u.Node(ui.Spec{ID: id, Rect: r, Role: ui.RoleButton, Name: state.String(), Value: who, Actions: ui.CanPress})
	if it.Clicked {
		d.entered(i, m)
	}
	ground, edge, ink, style := t.Panel, t.LineStrong, t.Dim, d.style
	if d.been(i) {
		edge, ink = t.Dim, t.Text
	}
	if here {
		c := stateColor(t, state)
		ground, edge, ink, style = t.Tint(c), c, t.OnTint(c), d.style.Bold()
	}
	if it.Hover {
		ground = ground.Mix(t.Text, 0.06)
	}
	u.RoundFill(r, ui.RadiusSmall, ground)
	u.RoundStroke(r, ui.RadiusSmall, 0, edge)
	if here {
		u.RoundStroke(r, ui.RadiusSmall, 1.5, edge)
	}
	u.TextIn(r.InsetXY(1, 0), state.String(), style, ui.Middle, ink)
	size := u.Grow(16)
	if at[0] == i {
		d.badge(u, ui.R(r.X-size*0.4, r.Y-size*0.6, size, size), 0)
	}
	if at[1] == i {
		d.badge(u, ui.R(r.Right()-size*0.6, r.Y-size*0.6, size, size), 1)
	}
	u.Tooltip(it, m.Say("state."+state.String()), "")
}

// entered selects the packet that led an end into a box, last if there are two.
func (d *Connection) entered(box int, m *Model) {
	best := int32(-1)
	var of *connEnd
	for i := range d.ends {
		s := &d.ends[i]
		for k := range s.upTo {
			state, ok := m.Lab.Log.Value(int(s.end.changes[k]), event.VarState)
			if ok && (int(state) == box || state == uint32(tcp.Closed) && box == ended) && s.end.changes[k] > best {
				best, of = s.end.changes[k], s.end
			}
		}
	}
	if best < 0 {
		return
	}
	if crossing, ok := of.packetOf(m.Lab, int(best)); ok {
		m.Select(int64(crossing))
	}
}

// been says whether an end went through a box.
func (d *Connection) been(box int) bool {
	for i := range d.ends {
		path := d.ends[i].path
		for k, s := range path {
			if int(s) == box && (s != tcp.Closed || k == 0) {
				return true
			}
		}
	}
	return false
}
