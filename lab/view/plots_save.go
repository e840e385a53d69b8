package view

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"wirelab/lab/ui"
)

// svg returns what is shown as a picture on a light ground, with a title.
func (d *Plots) svg(u *ui.UI, m *Model) []byte {
	theme := u.Theme
	u.Theme = ui.Light
	defer func() { u.Theme = theme }()
	d.prepare(u, m)
	box := d.foot
	for k := range d.charts {
		if c := &d.charts[k]; c.shown {
			box.Y = min(box.Y, c.box.Y)
		}
	}
	box.H = d.foot.Bottom() - box.Y
	const margin = ui.Space4
	head := u.LineHeight(ui.Title) + ui.Space2
	page := ui.R(box.X-margin, box.Y-head-margin, box.W+2*margin, box.H+head+2*margin)
	title := m.Title
	for i := range d.subjects {
		title += " · " + strings.TrimSpace(d.subjects[i].letter+" "+d.subjectName(i, m))
	}
	p := &svgPen{scale: u.TextScale}
	p.fill(page, u.Theme.Panel)
	p.text(ui.R(box.X, page.Y+margin/2, box.W, head), title, ui.Title, ui.Left, u.Theme.Text)
	d.draw(u, p, m)
	return p.picture(page, title)
}

// subjectName is what a subject is called.
func (d *Plots) subjectName(i int, m *Model) string {
	if s := &d.subjects[i]; s.future != "" {
		return s.future
	}
	return d.subjects[i].c.label
}

// csv returns the points of all series that are shown, within the stretch that is shown.
func (d *Plots) csv() []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	row := func(at int64, series string, v float64) {
		w.Write([]string{Instant(at, 9), series, strconv.FormatFloat(v, 'f', -1, 64)}) // a buffer takes everything
	}
	points := func(name string, t *track, v func(i int) float64) {
		for i, j := t.after(d.view.from-1), t.after(d.view.to); i < j; i++ {
			row(t.at[i], name, v(i))
		}
	}
	w.Write([]string{"time_s", "series", "value"})
	for k := range d.charts {
		c := &d.charts[k]
		if !c.shown {
			continue
		}
		for i := range c.curves {
			s := &c.curves[i]
			name := d.lettered(c, s, s.name)
			if c.kind == chartQueue {
				name = "queue " + s.name
			}
			points(name, s.t, func(i int) float64 { return s.t.lo[i] })
		}
		if f := d.subjects[0].c.flow; c.kind == chartSequence && f != nil {
			for _, s := range [...]struct {
				name string
				t    *track
			}{{"segment", &f.data}, {"retransmission", &f.again}, {"sack", &f.sacks}} {
				points(s.name, s.t, func(i int) float64 { return s.t.lo[i] })
				points(s.name+" end", s.t, func(i int) float64 { return s.t.hi[i] })
			}
			for _, k := range f.flags {
				if k.kind == flagLost && k.at >= d.view.from && k.at <= d.view.to {
					row(k.at, "lost", k.lo)
				}
			}
		}
	}
	w.Flush()
	return out.Bytes()
}
