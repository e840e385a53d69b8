package view

import (
	"sort"

	"wirelab/lab/ui"
	"wirelab/lab/words"
)

// While a lab plays, a chart grows by far less than a pixel from frame to frame. It is drawn anew when it would look otherwise.

// still says that a stretch differs from another by less than can be seen.
func (s *stretch) still(o stretch) bool {
	far := ui.Stillness * float64(s.to-s.from) / float64(max(s.w, 1))
	return s.w > 0 && max(s.from-o.from, o.from-s.from, s.to-o.to, o.to-s.to) <= int64(far)
}

// chartLook is what the picture of a chart depends on.
type chartLook struct {
	view      stretch
	scale     scale
	box, plot ui.Rect
	gutter    float32
	lang      words.Lang
	packet    int64  // that is ringed
	known     [2]int // ends and those with names: with them, who is whose peer changes
	series    [maxSeries]seriesLook
}

// maxSeries is enough for two of each direction that is shown, and the marks of the first.
const maxSeries = 2*(maxWith+maxFutures+1) + 4

// seriesLook is what a series contributes. Series only grow, and what is cut off begins as others: those that were are kept here,
// so none takes the place of another.
type seriesLook struct {
	of        *track
	n, past   int
	now, till int32 // where those stand, in steps that cannot be seen
}

// lookOf returns what the picture of a chart depends on now.
func (d *Plots) lookOf(c *chart, m *Model) (k chartLook) {
	k = chartLook{view: d.view, scale: c.scale, box: c.box, plot: c.plot, gutter: d.gutter, lang: m.Lang, packet: m.Packet,
		known: [2]int{len(d.here.known.ends), d.here.named}}
	for i := range d.there {
		k.known[0] += len(d.there[i].known.ends)
		k.known[1] += d.there[i].named
	}
	rest := k.series[:]
	add := func(s *subject, t *track) {
		rest[0] = seriesLook{t, len(t.at), t.after(s.now), d.step(s.now), d.step(s.till)}
		rest = rest[1:]
	}
	for i := range c.curves {
		add(c.curves[i].of, c.curves[i].t)
	}
	s := &d.subjects[0]
	switch f := s.c.flow; {
	case c.kind == chartGoodput:
		for i := range d.subjects {
			add(&d.subjects[i], &d.subjects[i].c.got)
		}
	case c.kind == chartSequence && f != nil:
		add(s, &f.data)
		add(s, &f.again)
		add(s, &f.sacks)
		rest[0] = seriesLook{n: len(f.flags), past: sort.Search(len(f.flags), func(i int) bool { return f.flags[i].at > s.now })}
	}
	return k
}

// step is where an instant stands, in steps that cannot be seen.
func (d *Plots) step(ns int64) int32 {
	return int32(d.view.place(min(max(ns, d.view.from), d.view.to)) / ui.Stillness)
}
