package view

import (
	"cmp"
	"slices"

	"wirelab/lab/ui"
)

// chartKind is one of the charts, in the order in which they stand.
type chartKind uint8

const (
	chartWindows chartKind = iota
	chartTimes
	chartGoodput
	chartQueue
	chartSequence
	chartKinds
)

var chartIDs = [chartKinds]string{"windows", "times", "goodput", "queue", "sequence"}

// chart is what is drawn of one.
type chart struct {
	kind   chartKind
	shown  bool
	box    ui.Rect // with its title and its words
	plot   ui.Rect
	scale  scale
	curves []curve
	legend legend
	reach  reach                           // of the sequence chart: the numbers in sight
	rates  [maxWith + maxFutures + 1]track // of the goodput chart: for the stretch that is shown
	spoken spoken

	picture ui.Picture[chartLook]
}

// value is how the numbers of a chart are written.
func (k chartKind) value() wordKind {
	return [...]wordKind{wordsWhole, wordsSpan, wordsRate, wordsWhole, wordsWhole}[k]
}

// unit is what the numbers of a chart count, where they do not say so themselves.
func (k chartKind) unit(m *Model) string {
	switch k {
	case chartWindows:
		return m.Say("view.plot_segments")
	case chartQueue:
		return m.Say("view.plot_packets")
	case chartSequence:
		return m.Say("view.plot_bytes")
	}
	return ""
}

const (
	chartHead  = 18
	headGap    = 4 // between the heading and the chart: the topmost tick stands beside its line, and reaches above it
	leastChart = 74
	timeHeight = 22
)

// lay gives the charts their places: as many as fit, those that were switched on last.
func (d *Plots) lay(u *ui.UI, r ui.Rect, m *Model) {
	r = r.InsetXY(ui.Space2, 0)
	foot := r.CutBottom(u.Grow(timeHeight))
	fit := max(1, int(r.H/u.Grow(leastChart)))
	shown := d.order[max(0, len(d.order)-fit):]
	weight := func(k chartKind) float32 {
		if k == chartSequence {
			return 2
		}
		return 1
	}
	total := float32(0)
	for _, k := range shown {
		total += weight(k)
	}
	height := r.H
	for k := range d.charts {
		c := &d.charts[k]
		c.kind, c.shown = chartKind(k), slices.Contains(shown, chartKind(k))
		if c.shown {
			c.box = r.CutTop(height * weight(c.kind) / total)
		}
	}
	d.foot = foot
}

// prepare finds what each chart shows, and lays its values out.
func (d *Plots) prepare(u *ui.UI, m *Model) {
	d.view.x, d.view.w = d.foot.X+d.gutter, max(d.foot.W-d.gutter-ui.Space2, 1)
	for k := range d.charts {
		c := &d.charts[k]
		if !c.shown {
			continue
		}
		c.curves = c.curves[:0]
		switch c.kind {
		case chartWindows:
			d.windows(u, c)
		case chartTimes:
			d.times(u, c)
		case chartGoodput:
			d.goodput(u, c, m)
		case chartQueue:
			d.queues(u, c, m)
		case chartSequence:
			d.sequence(u, c, m)
		}
		d.layLegend(u, c, m)
		c.plot = c.box
		c.plot.CutTop(u.Grow(chartHead)*float32(c.legend.rows) + headGap)
		c.plot.CutBottom(ui.Space2)
		c.plot.X, c.plot.W = d.view.x, d.view.w
		d.fit(u, c)
	}
	widest := u.Width("000 ms", ui.CodeTiny)
	for k := range d.charts {
		if c := &d.charts[k]; c.shown {
			c.scale.ticks(u.LineHeight(ui.CodeTiny)*1.5, func(v float64, _ float32) {
				widest = max(widest, u.Width(d.memo.words(c.kind.value(), v), ui.CodeTiny))
			})
		}
	}
	if gutter := widest + ui.Space2; gutter != d.gutter {
		d.gutter = gutter // the next frame has it; this one is a few pixels off
		d.view.x, d.view.w = d.foot.X+d.gutter, max(d.foot.W-d.gutter-ui.Space2, 1)
		for k := range d.charts {
			d.charts[k].plot.X, d.charts[k].plot.W = d.view.x, d.view.w
		}
	}
}

// fit lays the values of a chart out by what is in sight.
func (d *Plots) fit(u *ui.UI, c *chart) {
	r := none()
	for i := range c.curves {
		k := &c.curves[i]
		from := d.view.from
		if k.form == formDots {
			from--
		}
		r.take(k.t.between(from, min(d.view.to, k.of.till)))
	}
	y, h := c.plot.Y, c.plot.H
	ticks := max(1, int(h/(u.LineHeight(ui.CodeTiny)*2.2)))
	switch c.kind {
	case chartTimes:
		c.scale = fitLog(r, y, h)
	case chartSequence:
		c.scale = d.fitSequence(u, c)
	default:
		if !r.empty() {
			r = reach{0, r.hi}
		}
		c.scale = fitLinear(r, y, h, ticks)
	}
}

// dashes are the patterns of what is laid over, by rank.
var dashes = [maxWith + maxFutures + 1]dash{{}, {10, 4}, {5, 3}, {2, 3}, {12, 3}, {7, 2}, {3, 6}}

// add adds a series of a subject; of those laid over, each has its own pattern.
func (c *chart) add(s *subject, t *track, name string, k curve) {
	k.of, k.t, k.name = s, t, name
	if s.rank > 0 {
		k.dash, k.width = dashes[s.rank], 1.5
		if k.form == formArea {
			k.form = formSteps
		}
	}
	c.curves = append(c.curves, k)
}

func (d *Plots) windows(u *ui.UI, c *chart) {
	t := &u.Theme
	for i := range d.subjects {
		s := &d.subjects[i]
		if s.rank == 0 {
			c.add(s, &s.c.pipe, "pipe", curve{form: formArea, color: t.Ok, width: 1})
			c.add(s, &s.c.flight, "flight", curve{color: t.Syn, width: 1.25, dash: dash{2, 2}})
			c.add(s, &s.c.ssthresh, "ssthresh", curve{color: t.Fin, width: 1.5, dash: dash{6, 4}})
		}
		c.add(s, &s.c.cwnd, "cwnd", curve{lead: true, color: t.Data, width: 2})
	}
}

func (d *Plots) times(u *ui.UI, c *chart) {
	t := &u.Theme
	for i := range d.subjects {
		s := &d.subjects[i]
		if s.rank == 0 {
			c.add(s, &s.c.rto, "RTO", curve{color: t.Warn, width: 1.5, dash: dash{6, 4}})
		}
		c.add(s, &s.c.srtt, "SRTT", curve{lead: true, color: t.Data, width: 2})
		if s.rank == 0 {
			c.add(s, &s.c.rtt, "RTT", curve{form: formDots, color: t.Ack.Mix(t.Text, 0.4), width: 1.7})
		}
	}
}

// goodput counts what came in order at the receiver, in stretches of time that are some pixels wide.
func (d *Plots) goodput(u *ui.UI, c *chart, m *Model) {
	for i := range d.subjects {
		s := &d.subjects[i]
		rates := &c.rates[i]
		rates.reset()
		bits(rates, &s.c.got, d.view.from, min(d.view.to, s.till), d.bin())
		c.add(s, rates, d.per(m), curve{lead: true, form: formArea, color: u.Theme.Ok, width: 1.5})
	}
}

// per says over how long goodput is counted.
func (d *Plots) per(m *Model) string {
	span := d.memo.words(wordsSpan, float64(d.bin())/1e9)
	return d.phrase(string(m.Lang), span, func() string { return m.Say("view.plot_per", span) })
}

// bin returns over how long goodput is counted: some pixels, and some arrivals, or it would be now one segment and now two.
func (d *Plots) bin() int64 {
	const pixels, arrivals = 8, 12
	usual := d.subjects[0].c.got.gap(d.view.from, d.view.to)
	return max(int64(round125(max(float64(d.view.to-d.view.from)*pixels/float64(max(d.view.w, pixels)), float64(usual*arrivals)))), 1)
}

// bits adds to a track how many bits a second came in each whole bin between two instants, the last one open.
func bits(to, got *track, from, until, bin int64) {
	first := from - from%bin
	before, _ := got.value(first)
	for at := first; at < until; at += bin {
		sum, _ := got.value(min(at+bin, until))
		to.add(at, (sum-before)*8/(float64(bin)/1e9))
		before = sum
	}
}

// reset forgets all points, and keeps their memory.
func (t *track) reset() {
	t.at, t.lo = t.at[:0], t.lo[:0]
	for i := range t.tiers {
		t.tiers[i] = t.tiers[i][:0]
	}
}

const maxQueues = 3

// queues shows the directions of links that the connection takes where most packets wait.
func (d *Plots) queues(u *ui.UI, c *chart, m *Model) {
	s := &d.subjects[0]
	d.busy = d.busy[:0]
	take := func(f *flow) {
		if f == nil {
			return
		}
		for _, dir := range f.dirs {
			if q := d.here.queue(dir); !slices.Contains(d.busy, q) {
				d.busy = append(d.busy, q)
			}
		}
	}
	take(s.c.flow)
	if s.c.peer != nil {
		take(d.here.flowOf(s.c.peer))
	}
	most := func(q *queue) float64 { return q.long.extent(0, len(q.long.at)).hi }
	slices.SortStableFunc(d.busy, func(a, b *queue) int { return cmp.Or(cmp.Compare(most(b), most(a)), cmp.Compare(a.dir, b.dir)) })
	d.busy = d.busy[:min(len(d.busy), maxQueues)]
	t := &u.Theme
	looks := [maxQueues]curve{{color: t.Syn, width: 1.25}, {color: t.Data, width: 1.5, dash: dash{6, 3}}, {color: t.Fin, width: 1.5, dash: dash{2, 3}}}
	for i, q := range d.busy {
		if i > 0 && len(q.long.at) == 0 {
			break
		}
		c.add(s, &q.long, d.linkName(q, m), looks[i])
	}
}

// linkName is what a direction of a link is called.
func (d *Plots) linkName(q *queue, m *Model) string {
	ends := m.Lab.EndsOf(q.dir / 2)
	from, to := m.NodeName(ends[q.dir&1]), m.NodeName(ends[1-q.dir&1])
	return d.phrase(from, to, func() string { return from + " → " + to })
}

// phrase returns words that are made of two, and makes them once.
func (d *Plots) phrase(a, b string, write func() string) string {
	key := [2]string{a, b}
	s, ok := d.phrases[key]
	if !ok {
		if d.phrases == nil || len(d.phrases) > maxMemo {
			d.phrases = map[[2]string]string{}
		}
		s = write()
		d.phrases[key] = s
	}
	return s
}

// draw draws all charts and the axis of time.
func (d *Plots) draw(u *ui.UI, p pen, m *Model) {
	for k := range d.charts {
		if c := &d.charts[k]; c.shown {
			d.chart(u, p, c, m)
			d.drawLegend(u, p, c, m)
		}
	}
	d.timeAxis(u, p, d.foot)
}

// show is draw for the screen, where charts that look as before are not drawn anew.
func (d *Plots) show(u *ui.UI, m *Model) {
	for k := range d.charts {
		if c := &d.charts[k]; c.shown {
			c.picture.Draw(u, d.lookOf(c, m), func() { d.chart(u, &d.pen, c, m) })
			d.drawLegend(u, &d.pen, c, m)
		}
	}
	d.timeAxis(u, &d.pen, d.foot)
}

// chart draws an axis and what stands on it.
func (d *Plots) chart(u *ui.UI, p pen, c *chart, m *Model) {
	t := &u.Theme
	c.scale.ticks(u.LineHeight(ui.CodeTiny)*1.5, func(v float64, y float32) {
		p.fill(ui.R(c.plot.X, y, c.plot.W, u.Pixel()), t.Line)
		h := u.LineHeight(ui.CodeTiny)
		p.text(ui.R(c.box.X, max(y-h/2, c.plot.Y-2), d.gutter-ui.Space1, h), d.memo.words(c.kind.value(), v), ui.CodeTiny, ui.Right, t.Dim)
	})
	p.fill(ui.R(c.plot.X, c.plot.Bottom(), c.plot.W, u.Pixel()), t.LineStrong)
	p.clip(ui.R(c.plot.X, c.plot.Y-4, c.plot.W+1, c.plot.H+8))
	for i := range c.curves {
		c.curves[i].draw(p, &d.view, &c.scale)
	}
	if c.kind == chartSequence {
		d.segments(u, p, c, m)
		d.nameEdge(u, p, c, m)
	}
	for i := range c.curves {
		if k := &c.curves[i]; k.lead && k.of.letter != "" {
			k.tag(u, p, &d.view, &c.scale)
		}
	}
	p.unclip()
}
