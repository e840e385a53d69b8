package view

import (
	"math"
	"slices"

	"wirelab/lab/ui"
)

// The time-sequence graph, after tcptrace: each segment stands where it was sent,
// from its first number to its last; below runs what was acknowledged, above what
// the receiver had room for.

func (d *Plots) sequence(u *ui.UI, c *chart, m *Model) {
	t := &u.Theme
	for i := range d.subjects {
		s := &d.subjects[i]
		if s.rank == 0 {
			c.add(s, &s.c.edge, "window", curve{word: m.Say("view.plot_window"), color: t.Syn, width: 1.25, dash: dash{5, 3}})
		}
		c.add(s, &s.c.una, "ack", curve{lead: true, color: t.Ok, width: 1.5})
	}
	d.look(c)
}

// look finds the numbers in sight. The edge of the window is left out where it is far above all that is sent.
func (d *Plots) look(c *chart) {
	v, r := &d.view, none()
	for i := range d.subjects {
		s := &d.subjects[i]
		r.take(s.c.una.between(v.from, min(v.to, s.till)))
		if f := s.c.flow; f != nil && s.rank == 0 {
			r.take(f.data.between(v.from, v.to))
			r.take(f.again.between(v.from, v.to))
		}
	}
	if r.empty() {
		r = reach{0, 1}
	}
	room := max(r.hi-r.lo, 1)
	edge := d.subjects[0].c.edge.between(v.from, min(v.to, d.subjects[0].till))
	if !edge.empty() && edge.hi < r.hi+0.6*room {
		r.hi = max(r.hi, edge.hi)
	}
	room = max(r.hi-r.lo, 1)
	c.reach = reach{max(0, r.lo-room*0.04), r.hi + room*0.06}
}

// fitSequence lays out the numbers in sight.
func (d *Plots) fitSequence(u *ui.UI, c *chart) scale {
	r := c.reach
	return fitLinear(r, c.plot.Y, c.plot.H, max(1, int(c.plot.H/(u.LineHeight(ui.CodeTiny)*2.4))))
}

// segments draws what the strong connection sent.
func (d *Plots) segments(u *ui.UI, p pen, c *chart, m *Model) {
	s, t := &d.subjects[0], &u.Theme
	f := s.c.flow
	if f == nil {
		return
	}
	d.spans(p, c, &f.sacks, s.now, t.Fin, 3)
	d.spans(p, c, &f.data, s.now, t.Data, 1.5)
	d.spans(p, c, &f.again, s.now, t.Warn, 2.5)
	d.flags(u, p, c, f, s.now)
	d.repeats(u, p, c, f, s.now)
	for _, tr := range [...]*track{&f.data, &f.again} {
		if m.Packet < 0 {
			break
		}
		if i := tr.find(uint32(m.Packet)); i >= 0 {
			d.ring(p, c, tr, i, t.Focus)
		}
	}
}

// nameEdge writes at the edge of the window what it is: above the line, or below where that is free of segments, as far right as
// there is a place.
func (d *Plots) nameEdge(u *ui.UI, p pen, c *chart, m *Model) {
	s, v := &d.subjects[0], &d.view
	edge, word := &s.c.edge, m.Say("view.plot_window")
	if len(edge.at) == 0 {
		return
	}
	w, h := u.Width(word, ui.Tiny), u.LineHeight(ui.Tiny)
	from := max(v.x, v.place(edge.at[0]))
	to := min(v.x+v.w, v.x+float32(d.step(s.till)-d.step(v.from))*ui.Stillness)
	const places = 40
	for i := range places {
		x := to - (to-from)*float32(i)/places - w
		line := edge.between(v.time(x-3), v.time(x+w+3))
		if x < from || line.empty() || c.scale.place(line.lo) < c.plot.Y {
			continue
		}
		above := ui.R(x, c.scale.place(line.hi)-h-1, w+1, h)
		below := ui.R(x, c.scale.place(line.lo)+2, w+1, h)
		for _, box := range [...]ui.Rect{above, below} {
			if box.Y >= c.plot.Y && box.Bottom() <= c.plot.Bottom() && d.free(c, box) {
				p.text(box, word, ui.Tiny, ui.Left, u.Theme.Syn.Mix(u.Theme.Text, 0.4))
				return
			}
		}
	}
}

// free says that in a box there is nothing of the segments, the acknowledgements and the words of flags.
func (d *Plots) free(c *chart, box ui.Rect) bool {
	from, to := d.view.time(box.X-3), d.view.time(box.Right()+3)
	s := &d.subjects[0]
	r := s.c.una.between(from, to)
	if f := s.c.flow; f != nil {
		for _, t := range [...]*track{&f.data, &f.again, &f.sacks} {
			r.take(t.extent(t.after(from-1), t.after(to)))
		}
	}
	apart := r.empty() || c.scale.place(r.hi) > box.Bottom() || c.scale.place(r.lo) < box.Y
	return apart && !slices.ContainsFunc(d.flagWords, box.Overlaps)
}

// ring marks a segment.
func (d *Plots) ring(p pen, c *chart, t *track, i int, ink ui.Color) {
	x, y0, y1 := d.view.place(t.at[i]), c.scale.place(t.hi[i]), c.scale.place(t.lo[i])
	p.begin(ink, 1.5, dash{})
	for _, q := range [...]ui.Point{{X: x - 4, Y: y0 - 3}, {X: x + 4, Y: y0 - 3}, {X: x + 4, Y: y1 + 3}, {X: x - 4, Y: y1 + 3}, {X: x - 4, Y: y0 - 3}} {
		p.to(q.X, q.Y)
	}
	p.end()
}

// spans draws stretches of numbers, one for a column of pixels; where segments stand apart, with caps.
func (d *Plots) spans(p pen, c *chart, t *track, now int64, ink ui.Color, width float32) {
	v, s := &d.view, &c.scale
	const cap = 2.5
	last := float32(math.Inf(-1))
	for i := t.after(v.from - 1); i < len(t.at) && t.at[i] <= v.to; {
		j, x := pixelColumn(t, v, i, v.to)
		r := t.extent(i, j)
		y0, y1 := s.place(r.hi), s.place(r.lo)
		if y1-y0 < 1.5 {
			y0, y1 = (y0+y1)/2-0.75, (y0+y1)/2+0.75
		}
		color := ink
		if t.at[i] > now {
			color = ink.Alpha(faint)
		}
		line(p, x, y0, x, y1, width, color)
		if apart := x - last; j == i+1 && apart > 3*cap && y1-y0 > 6 && width < 3 {
			line(p, x-cap, y0, x+cap, y0, 1, color)
			line(p, x-cap, y1, x+cap, y1, 1, color)
		}
		last, i = x, j
	}
}

// apart is how far marks must stand from each other to be told apart.
const apart = 9

// repeats writes an R beside what was sent again, where that lies on no flag's word.
func (d *Plots) repeats(u *ui.UI, p pen, c *chart, f *flow, now int64) {
	v, t := &d.view, &f.again
	const letter = "R"
	gap, style := u.Grow(apart), ui.CodeTiny.Bold()
	w, h := u.Width(letter, style), u.LineHeight(style)
	for i := t.after(v.from - 1); i < len(t.at) && t.at[i] <= v.to; {
		x := v.place(t.at[i])
		color := u.Theme.Warn
		if t.at[i] > now {
			color = color.Alpha(faint)
		}
		box := ui.R(x+2, c.scale.place(t.hi[i])-h+2, w, h)
		for _, dx := range [...]float32{0, -w - 4} { // without a place, the stroke is still thicker and of another colour
			if side := box.Offset(dx, 0); !slices.ContainsFunc(d.flagWords, side.Overlaps) {
				p.text(side, letter, style, ui.Left, color)
				break
			}
		}
		i = max(i+1, t.after(v.time(x+gap)-1))
	}
}

// flags draws a cross on what was lost, and the names of what opens and closes.
func (d *Plots) flags(u *ui.UI, p pen, c *chart, f *flow, now int64) {
	v := &d.view
	first := func(ns int64) int {
		i, _ := slices.BinarySearchFunc(f.flags, ns, func(k flag, ns int64) int {
			if k.at < ns {
				return -1
			}
			return 1
		})
		return i
	}
	d.flagWords = d.flagWords[:0]
	crossed, named := float32(math.Inf(-1)), float32(math.Inf(-1))
	for i := first(v.from); i < len(f.flags) && f.flags[i].at <= v.to; {
		k := &f.flags[i]
		x, y := v.place(k.at), c.scale.place((k.lo+k.hi)/2)
		alpha := float32(1)
		if k.at > now {
			alpha = faint
		}
		switch {
		case k.kind == flagLost && x-crossed >= 4:
			ink := u.Theme.Rst.Alpha(alpha)
			line(p, x-4, y-4, x+4, y+4, 2, ink)
			line(p, x-4, y+4, x+4, y-4, 2, ink)
			crossed = x
		case k.kind != flagLost && x-named >= u.Grow(30):
			w, h := u.Width(flagLabels[k.kind], ui.CodeTiny), u.LineHeight(ui.CodeTiny)
			box := ui.R(x+4, y-h-1, w, h)
			if box.Y < c.plot.Y-2 {
				box.Y = y + 3
			}
			if box.Right() > c.plot.Right() {
				box.X = x - 4 - w
			}
			d.flagWords = append(d.flagWords, box)
			p.text(box, flagLabels[k.kind], ui.CodeTiny, ui.Left, u.Theme.Text.Alpha(alpha))
			named = x
		}
		i++
		if i < len(f.flags) && v.place(f.flags[i].at) < x+1 && i > first(k.at)+8 {
			i = max(i, first(v.time(x+1))) // what shares a column with many looks like them
		}
	}
}

// pick returns the crossing of the segment near a point, or -1.
func (d *Plots) pick(c *chart, x, y float32) int64 {
	f := d.subjects[0].c.flow
	if f == nil {
		return -1
	}
	v, best, found := &d.view, float32(9), int64(-1)
	for _, t := range [...]*track{&f.again, &f.data} {
		i, j := t.after(v.time(x-7)-1), t.after(v.time(x+7))
		if many := 600; j-i > many { // those in the column of the pointer
			mid := t.after(v.time(x) - 1)
			i, j = max(i, mid-many/2), min(j, mid+many/2)
		}
		for ; i < j; i++ {
			y0, y1 := c.scale.place(t.hi[i]), c.scale.place(t.lo[i])
			far := abs(v.place(t.at[i])-x) + max(0, y0-y, y-y1)
			if far < best {
				best, found = far, int64(t.id[i])
			}
		}
	}
	return found
}
