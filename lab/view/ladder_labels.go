package view

import (
	"slices"

	"wirelab/lab/link"
	"wirelab/lab/ui"
)

// A label stands on its arrow, at the first place along it where no other words stand. Where that would hide too much of an arrow it
// stands beside it or says less, but at least of which kind the packet is. A packet that is passed on is labelled once.

// arrowLine is an arrow as it is drawn, and which share of it labels hide.
type arrowLine struct {
	x0, y0, x1, y1 float32
	hidden         float32
	labelled       bool
}

// mostHidden is how much of an arrow labels may hide, and mostCrossed how much one of another arrow may: the rest must still lead the
// eye from end to end.
const (
	mostHidden  = 0.6
	mostCrossed = 0.25
)

// label is what stands on arrow k of those that are shown.
type label struct {
	k     int
	r     ui.Rect
	words string
}

// words puts labels on the arrows, and makes the others be found by the pointer all the same.
func (d *Ladder) words(u *ui.UI, m *Model) {
	d.rankHops(m)
	d.labels = d.labels[:0]
	for from := 0; from < len(d.hops); {
		to := from
		for labelled := false; to < len(d.hops) && d.hops[to].of == d.hops[from].of; to++ {
			labelled = labelled || d.label(u, m, d.hops[to].k)
		}
		from = to
	}
	d.handles(u, m)
	for i := range d.labels {
		d.write(u, m, &d.labels[i])
	}
}

// label finds room for the words of arrow k, as many of them as there is room for.
func (d *Ladder) label(u *ui.UI, m *Model, k int) bool {
	i, line := d.shown[k], &d.lines[k]
	c := m.Lab.Trace.At(i)
	way, sides := *line, [...][]float32{placesAlong, nil}
	switch {
	case c.Fate == link.Lost:
		way.x1, way.y1, sides = line.x0+(line.x1-line.x0)*2, line.y0+(line.y1-line.y0)*2, [...][]float32{placesBefore, placesBehind}
	case c.Fate.BeforeWire():
		way.x1, way.y1, sides = line.x0+(line.x1-line.x0)/max(m.share(c), shortest), line.y0+10, [...][]float32{placesBehind, placesBefore}
	}
	h, letters := u.LineHeight(ui.CodeTiny)-1, Letters(&c.Head)
	choice := [...]string{m.Label(i), m.capsuleOf(i), letters}
	if more := m.plight(i); more != "" {
		for k := range choice {
			choice[k] = glued(choice[k], " · "+more)
		}
	}
	if c.Why.Xmit > 1 {
		full := glued(choice[0], " · "+m.Say("reason."+c.Why.Reason.Key()))
		if r, ok := d.freePlace(k, way, sides[0], u.Width(full, ui.CodeTiny)+6, h, false); ok {
			d.put(k, r, full)
			return true
		}
	}
	for _, places := range sides {
		for n, words := range choice {
			if n > 0 && words == choice[n-1] {
				continue
			}
			for _, beside := range [...]bool{false, true} {
				if r, ok := d.freePlace(k, way, places, u.Width(words, ui.CodeTiny)+6, h, beside); ok {
					d.put(k, r, words)
					return true
				}
			}
		}
	}
	if int64(i) != m.Packet {
		return false
	}
	w := u.Width(letters, ui.CodeTiny) + 6
	d.put(k, ui.R((way.x0+way.x1-w)/2, min(way.y0, way.y1)-h-1, w, h), letters)
	return true
}

// plight is what a label says besides of a packet that is on its way in another state than it was sent in, or "".
func (m *Model) plight(i uint64) string {
	switch c := m.Lab.Trace.At(i); {
	case m.Held(i):
		return m.Say("view.held")
	case c.Fate == link.Delivered && c.Flip != 0:
		return m.Fate(i)
	}
	return ""
}

// Places of a label along its arrow, in the order in which they are tried; of one that is lost first those before the cross in the
// middle, which stays clear: how it would have gone on is not drawn.
var (
	placesAlong  = []float32{0.5, 0.38, 0.62, 0.25, 0.75, 0.2, 0.8}
	placesBefore = []float32{0.27, 0.24, 0.2}
	placesBehind = []float32{0.76, 0.8}
)

// freePlace finds room for words on a way, or beside it, above or below.
func (d *Ladder) freePlace(k int, way arrowLine, places []float32, w, h float32, beside bool) (ui.Rect, bool) {
	left, right := min(way.x0, way.x1)+8, max(way.x0, way.x1)-8 // the head stays clear
	if beside {
		left, right = left-6, right+6
	}
	if w > right-left {
		return ui.Rect{}, false
	}
	offsets := []float32{0}
	if beside {
		rise := abs(way.y1-way.y0) / (right - left) * w / 2
		if rise > h {
			return ui.Rect{}, false // too far off to be seen as one with it
		}
		offsets = []float32{-rise - h/2 - 1, rise + h/2 + 1}
	}
	var across ui.Rect // an axis in between: where there is nothing better
	for _, share := range places {
		x, y := way.x0+(way.x1-way.x0)*share, way.y0+(way.y1-way.y0)*share
		for _, dy := range offsets {
			r := ui.R(x-w/2, y-h/2+dy, w, h)
			if r.X < left || r.Right() > right || d.taken(r) || d.hides(k, r) || beside && d.parted(k, r, y) {
				continue
			}
			if !slices.ContainsFunc(d.columns, func(c column) bool { return r.X < c.x+5 && c.x-5 < r.Right() }) {
				return r, true
			}
			if across.Empty() {
				across = r
			}
		}
	}
	return across, !across.Empty()
}

func (d *Ladder) taken(r ui.Rect) bool {
	return slices.ContainsFunc(d.labels, func(o label) bool { return o.r.Overlaps(r) })
}

// near is how many arrows before and after one in time are looked at, which a label may hide.
const near = 40

func (d *Ladder) nearby(k int) []arrowLine {
	return d.lines[max(0, k-near):min(len(d.lines), k+near+1)]
}

// hides reports whether a label of arrow k would hide too much of an arrow.
func (d *Ladder) hides(k int, r ui.Rect) bool {
	lines := d.nearby(k)
	for i := range lines {
		o := &lines[i]
		if share := o.within(r); share > 0 && (o.hidden+share > mostHidden || o != &d.lines[k] && share > mostCrossed) {
			return true
		}
	}
	return false
}

// parted reports whether another arrow lies between a label and arrow k, beside whose height y it stands, or below the label: whose
// words they are could not be seen.
func (d *Ladder) parted(k int, r ui.Rect, y float32) bool {
	top := min(r.Y, y)
	r = ui.R(r.X, top, r.W, max(r.Bottom(), y)-top)
	return slices.ContainsFunc(d.nearby(k), func(o arrowLine) bool { return o != d.lines[k] && o.within(r) > 0 })
}

func (d *Ladder) put(k int, r ui.Rect, words string) {
	d.lines[k].labelled = true
	d.labels = append(d.labels, label{k, r, words})
	lines := d.nearby(k)
	for i := range lines {
		lines[i].hidden += lines[i].within(r)
	}
}

// within is the share of a line that lies within r (Liang and Barsky).
func (l *arrowLine) within(r ui.Rect) float32 {
	if max(l.y0, l.y1) < r.Y || min(l.y0, l.y1) > r.Bottom() {
		return 0 // most of them
	}
	from, to := float32(0), float32(1)
	for _, side := range [...][2]float32{
		{l.x0 - l.x1, l.x0 - r.X}, {l.x1 - l.x0, r.Right() - l.x0}, {l.y0 - l.y1, l.y0 - r.Y}, {l.y1 - l.y0, r.Bottom() - l.y0},
	} {
		switch p, q := side[0], side[1]; {
		case p == 0 && q < 0:
			return 0
		case p < 0:
			from = max(from, q/p)
		case p > 0:
			to = min(to, q/p)
		}
	}
	return max(0, to-from)
}

// write draws a label and makes it a widget.
func (d *Ladder) write(u *ui.UI, m *Model, l *label) {
	i := d.shown[l.k]
	it := d.packet(u, m, i, l.r, l.words)
	t := &u.Theme
	c := m.Lab.Trace.At(i)
	ink := t.Text
	switch {
	case int64(i) == m.Packet:
		ink = t.Focus
	case c.Start > m.Now():
		ink = t.Faint
	case !sound(c):
		ink = t.Rst
	}
	ground := t.Panel
	if it.Hover {
		ground = t.Raised
	}
	u.RoundFill(l.r, 3, ground.Alpha(0.92))
	u.TextIn(l.r.InsetXY(2, 0), l.words, ui.CodeTiny, ui.Middle, ink)
}

// packet makes a place on the ladder stand for crossing i, which is called what a label of any length would say.
func (d *Ladder) packet(u *ui.UI, m *Model, i uint64, r ui.Rect, words string) ui.Interaction {
	if name := m.Label(i); len(words) < len(name) {
		words = name
	}
	it := u.Node(ui.Spec{ID: m.phrases(i).nodeID(i), Rect: r, Role: ui.RoleButton, Name: words, Value: m.Words(i), Actions: ui.CanPress | ui.CanMenu})
	m.Menu(u, it, m.phrases(i).menuID(i), Target{Kind: OnPacket, Packet: i})
	if it.Hover || it.Focused {
		u.Tooltip(it, m.Words(i)+"\n"+m.Why(i), "")
	}
	return it
}

// handles lets arrows without a label be pressed where they are drawn, as far as they are apart.
func (d *Ladder) handles(u *ui.UI, m *Model) {
	const thin, thick = 3, 12
	d.cores = d.cores[:0]
	for k := range d.lines {
		l := &d.lines[k]
		if l.labelled {
			continue
		}
		var x, y float32
		var core ui.Rect
		if !slices.ContainsFunc(placesAlong, func(share float32) bool {
			x, y = l.x0+(l.x1-l.x0)*share, l.y0+(l.y1-l.y0)*share
			core = ui.R(x, y, 0, 0).InsetXY(-2*thin, -thin/2.)
			return !d.taken(core) && !slices.ContainsFunc(d.cores, core.Overlaps)
		}) {
			continue
		}
		d.cores = append(d.cores, core)
		share := min(1, thick/max(abs(l.y1-l.y0), 1))
		r := ui.R(x, y, 0, 0).InsetXY(-abs(l.x1-l.x0)*share/2, -thick/2)
		if it := d.packet(u, m, d.shown[k], r, ""); it.Hover || it.Focused {
			u.Line(l.x0, l.y0, l.x1, l.y1, 2.5, u.Theme.Text)
		}
	}
}
