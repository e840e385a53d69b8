package view

import (
	"slices"

	"wirelab/lab"
	"wirelab/lab/ui"
)

// Plots shows how a connection went over time, in charts that share one axis and
// one cursor: its windows, its times, what it delivered, the queues on its way,
// and each of its segments. Other connections, and other futures, can be laid
// over it.
//
// Where things are: plots_track.go (series), plots_records.go (what the trace
// tells) and plots_curves.go (what the log tells), plots_charts.go,
// plots_sequence.go, plots_legend.go and plots_spoken.go (the charts), plots_axis.go, plots_lines.go and plots_pen.go
// (how they are drawn) and plots_still.go (when), plots_hand.go (zooming, pressing), plots_bar.go (what is
// chosen), plots_save.go (files).
type Plots struct {
	of        *lab.Lab
	here      plotted
	there     [maxFutures]plotted // of other futures
	loading   bool
	order     []chartKind // those that are on, the one switched on last at the end
	charts    [chartKinds]chart
	subjects  []subject // the first is the one that is drawn strong
	with      []ConnRef // laid over it
	turned    ConnRef   // the end whose direction a person wants to see
	view      stretch
	zoomed    bool // by hand
	at        int64
	over      bool // the pointer is over a chart: at is there, not now
	menuAt    int64
	near      int64 // the segment near the pointer, -1: none
	gutter    float32
	foot      ui.Rect // where the times stand
	busy      []*queue
	flagWords []ui.Rect // of the flags in sight, as they were drawn last
	phrases   map[[2]string]string
	memo      memo
	pen       screenPen
}

// subject is a direction of a connection that is plotted.
type subject struct {
	c      *curves
	x      *plotted
	letter string
	rank   int
	future string // that it is of, if it is another one
	now    int64  // what is later is ahead
	till   int64  // what is later is unknown
}

const (
	maxWith  = 3
	forever  = 1 << 62
	leastGap = 1000 // ns that a chart shows at least
)

// Draw draws the plots into r.
func (d *Plots) Draw(u *ui.UI, r ui.Rect, m *Model) {
	if d.of != m.Lab {
		*d = Plots{of: m.Lab, order: d.order, memo: d.memo, here: plotted{}}
	}
	if d.order == nil {
		d.order = []chartKind{chartQueue, chartGoodput, chartTimes, chartWindows, chartSequence}
	}
	u.Enter(ui.Spec{ID: "plots", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.plots")})
	defer u.Leave()
	u.PushClip(r)
	defer u.PopClip()
	d.loading = d.here.update(m.Lab)
	for i := range m.Futures {
		d.loading = d.there[i].update(m.Futures[i].Lab) || d.loading
	}
	d.choose(m)
	if len(d.subjects) == 0 {
		hollow(u, r, m.nothingYet("view.plots_none"))
		return
	}
	d.bar(u, r.CutTop(u.Grow(ui.ControlHeight)+ui.Space1), m)
	d.follow(m)
	d.lay(u, r, m)
	d.hand(u, r, m)
	d.prepare(u, m)
	d.pen.u = u
	d.show(u, m)
	d.cursors(u, m)
	d.nodes(u, m)
}

// choose decides whose series are shown: those of the selected connection, else of the newest, in the direction that
// carries more; then those that are laid over it.
func (d *Plots) choose(m *Model) {
	d.subjects = d.subjects[:0]
	e := d.strong(m)
	if e == nil {
		return
	}
	d.add(&d.here, e, m)
	for _, ref := range d.with {
		if o := d.here.known.by[ref]; o != nil && o != e {
			d.add(&d.here, d.way(o, m), m)
		}
	}
	for i := range m.Futures {
		if o := d.there[i].like(e); o != nil {
			d.add(&d.there[i], o, m)
			d.subjects[len(d.subjects)-1].future = m.Futures[i].Name
		}
	}
	if len(d.subjects) == 1 {
		d.subjects[0].letter = ""
	}
}

// add shows a direction of a connection.
func (d *Plots) add(x *plotted, e *connEnd, m *Model) {
	c := x.curvesOf(e, m)
	rank := len(d.subjects)
	s := subject{c: c, x: x, rank: rank, letter: "ABCDEFGH"[rank : rank+1], now: m.Now(), till: x.until}
	if x != &d.here {
		s.now = forever
	}
	if c.over() {
		s.till = min(s.till, c.active())
	}
	d.subjects = append(d.subjects, s)
}

// strong returns the end that is shown first.
func (d *Plots) strong(m *Model) *connEnd {
	x := &d.here.known
	e := x.by[m.Conn]
	if e == nil || e.listener {
		e = d.newest(m)
	}
	if e == nil {
		return nil
	}
	return d.way(e, m)
}

// newest returns the connection that began last by now, else the first that is ahead.
func (d *Plots) newest(m *Model) *connEnd {
	count := int(m.Lab.Log.Count)
	var best *connEnd
	for _, e := range d.here.known.ends {
		if e.listener || best != nil && !e.begun(count) {
			continue
		}
		best = e
	}
	return best
}

// way returns the end of a connection that sent more, or the one that a person turned to.
func (d *Plots) way(e *connEnd, m *Model) *connEnd {
	p := d.here.curvesOf(e, m).peer
	if p == nil || p.listener {
		return e
	}
	switch d.turned {
	case e.ref:
		return e
	case p.ref:
		return p
	}
	if d.here.sentBy(p) > d.here.sentBy(e) || d.here.sentBy(p) == d.here.sentBy(e) && e.passive {
		return p
	}
	return e
}

// sentBy returns how far an end's sequence numbers have come.
func (x *plotted) sentBy(e *connEnd) int64 {
	if f := x.flowOf(e); f != nil {
		return f.next
	}
	return 0
}

// like returns the end in another future that is the same as e: between the same endpoints, and of those the same in order.
func (x *plotted) like(e *connEnd) *connEnd {
	var best *connEnd
	for _, o := range x.known.ends {
		if !o.listener && o.local == e.local && o.remote == e.remote && (best == nil || o.ref.Gen <= e.ref.Gen) {
			best = o
		}
	}
	return best
}

// follow shows all there is, unless a person has zoomed.
func (d *Plots) follow(m *Model) {
	if !d.zoomed {
		if all := d.all(m); !d.view.still(all) {
			d.view.from, d.view.to = all.from, all.to
		}
	}
}

// all returns all the time in which something happened, with a margin.
func (d *Plots) all(m *Model) stretch {
	from, to := int64(forever), int64(0)
	for i := range d.subjects {
		s := &d.subjects[i]
		from, to = min(from, s.c.una.at[0]), max(to, s.till)
	}
	span := max(to-from, 1_000_000)
	return stretch{from: max(0, from-span/50), to: to + span/50}
}

// press switches a chart on or off. One that is on, but for which there was no room, gets the room of another.
func (d *Plots) press(k chartKind) {
	if d.isOn(k) && !d.charts[k].shown {
		d.toggle(k)
	}
	d.toggle(k)
}

// isOn says whether a chart is switched on.
func (d *Plots) isOn(k chartKind) bool { return slices.Contains(d.order, k) }

// toggle switches a chart on or off.
func (d *Plots) toggle(k chartKind) {
	if i := slices.Index(d.order, k); i >= 0 {
		d.order = slices.Delete(d.order, i, i+1)
		return
	}
	d.order = append(d.order, k)
}
