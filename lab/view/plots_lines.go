package view

import (
	"math"

	"wirelab/lab/ui"
)

// form is how a series is drawn.
type form uint8

const (
	formSteps form = iota
	formArea       // steps, filled to the ground
	formDots
)

// curve is a series in a chart.
type curve struct {
	of    *subject
	t     *track
	name  string
	word  string // what it is called in the chart, if that is a word and no name
	form  form
	color ui.Color
	width float32
	dash  dash
	lead  bool // each subject has one in the chart: its letter stands on it
}

// faint is how much is left of the colour of what lies ahead of now.
const faint = 0.35

// draw draws a series: what lies ahead of now pale.
func (k *curve) draw(p pen, v *stretch, s *scale) {
	now, till := k.of.now, k.of.till
	for _, part := range [...]struct {
		from, to int64
		c        ui.Color
	}{{v.from, min(now, till, v.to), k.color}, {max(now, v.from), min(till, v.to), k.color.Alpha(faint)}} {
		switch {
		case part.to <= part.from:
		case k.form == formDots:
			k.dots(p, v, s, part.from, part.to, part.c)
		default:
			k.steps(p, v, s, part.from, part.to, part.c)
		}
	}
}

// pixelColumn returns the end of the points that share the pixel column of point i, and where that stands.
func pixelColumn(t *track, v *stretch, i int, to int64) (j int, x float32) {
	x = v.place(t.at[i])
	edge := v.time(float32(math.Floor(float64(x))) + 1)
	return max(i+1, t.after(min(edge-1, to))), x
}

// steps draws what held from one instant to another, column by column.
func (k *curve) steps(p pen, v *stretch, s *scale, from, to int64, c ui.Color) {
	t := k.t
	i := t.after(from)
	if i == 0 {
		if len(t.at) == 0 || t.at[0] > to {
			return
		}
		i, from = 1, t.at[0]
	}
	y := s.place(t.lo[i-1])
	if k.form == formArea {
		k.area(p, v, s, i, from, to, c)
	}
	p.begin(c, k.width, k.dash)
	p.to(v.place(from), y)
	for i < len(t.at) && t.at[i] <= to {
		j, x := pixelColumn(t, v, i, to)
		p.to(x, y)
		if j > i+1 {
			r := t.extent(i, j)
			p.to(x, s.place(r.lo))
			p.to(x, s.place(r.hi))
		}
		y = s.place(t.lo[j-1])
		p.to(x, y)
		i = j
	}
	p.to(v.place(to), y)
	p.end()
}

// area fills what is below.
func (k *curve) area(p pen, v *stretch, s *scale, i int, from, to int64, c ui.Color) {
	t, ground, fill := k.t, s.y+s.h, c.Alpha(0.16)
	x, y := v.place(from), s.place(t.lo[i-1])
	for ; i < len(t.at) && t.at[i] <= to; x, y = v.place(t.at[i-1]), s.place(t.lo[i-1]) {
		next, _ := pixelColumn(t, v, i, to)
		p.fill(ui.R(x, y, v.place(t.at[i])-x, ground-y), fill)
		if at := v.place(t.at[i]); next > i+1 && v.place(t.at[next-1]) > at {
			top := s.place(t.extent(i, next).hi)
			p.fill(ui.R(at, top, v.place(t.at[next-1])-at, ground-top), fill)
		}
		i = next
	}
	p.fill(ui.R(x, y, v.place(to)-x, ground-y), fill)
}

// dots draws single measurements; where many share a column, their range.
func (k *curve) dots(p pen, v *stretch, s *scale, from, to int64, c ui.Color) {
	t := k.t
	for i := t.after(from - 1); i < len(t.at) && t.at[i] <= to; {
		j, x := pixelColumn(t, v, i, to)
		r := t.extent(i, j)
		hi, lo := s.place(r.hi), s.place(r.lo)
		p.disc(x, lo, k.width, c)
		if lo-hi > 2 {
			p.disc(x, hi, k.width, c)
			line(p, x, lo, x, hi, 1, c)
		}
		i = j
	}
}

// tag writes the letter of a subject on its line.
func (k *curve) tag(u *ui.UI, p pen, v *stretch, s *scale) {
	from, to := v.from, min(v.to, k.of.till)
	if n := len(k.t.at); n == 0 || k.t.at[0] > to {
		return
	}
	from = max(from, k.t.at[0])
	at := from + int64(float64(to-from)*(0.3+0.14*float64(k.of.rank)))
	value, ok := k.t.value(at)
	if !ok || to <= from {
		return
	}
	x, y, size := v.place(at), s.place(value), u.LineHeight(ui.CodeTiny)
	box := ui.R(x-size/2, y-size/2, size, size)
	p.fill(box, u.Theme.Panel.Alpha(0.85))
	p.text(box, k.of.letter, ui.CodeTiny.Bold(), ui.Middle, u.Theme.Text)
}

// sample draws a short piece of the line, for a legend.
func (k *curve) sample(p pen, r ui.Rect) {
	x, y := r.Mid()
	switch k.form {
	case formDots:
		p.disc(r.X+3, y, k.width, k.color)
		p.disc(x, y, k.width, k.color)
		p.disc(r.Right()-3, y, k.width, k.color)
		return
	case formArea:
		p.fill(ui.R(r.X, y, r.W, r.H/3), k.color.Alpha(0.16))
	}
	p.begin(k.color, k.width, k.dash)
	p.to(r.X, y)
	p.to(r.Right(), y)
	p.end()
}
