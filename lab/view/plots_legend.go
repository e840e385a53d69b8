package view

import (
	"math"
	"strings"

	"wirelab/lab/ui"
)

// legend says what the lines and marks of a chart are, in rows above it.
type legend struct {
	rows    int
	entries []entry
	shown   int // of the entries; the others are named where the pointer rests on what says how many they are
	more    ui.Rect
}

// entry is a line or a mark in a legend.
type entry struct {
	curve int // in the chart; -1: it is a mark
	sign  signKind
	name  string
	least float32 // room for the name, so that the legend stands still when it changes
	value float32 // room for the value; zero for a mark
	at    ui.Rect
	said  bool // there was room for the value
}

// signKind is a mark of the time-sequence graph.
type signKind uint8

const (
	signSegment signKind = iota
	signAgain
	signSack
	signLost
	signKinds
)

const (
	sampleWidth = 18
	leastPlot   = 48 // of a chart, where its legend takes another row
)

// instant returns the time that legends tell of: that under the pointer, else now.
func (d *Plots) instant(m *Model) int64 {
	if d.over {
		return d.at
	}
	return m.Now()
}

// list collects what a legend has: what a chart is about first.
func (d *Plots) list(u *ui.UI, c *chart, m *Model) {
	g := &c.legend
	g.entries = g.entries[:0]
	marks := c.marks(d.subjects[0].c.flow)
	if marks[signSegment] {
		g.entries = append(g.entries, entry{curve: -1, sign: signSegment, name: m.Say("view.plot_segment")})
	}
	for rank := range d.subjects {
		for i := len(c.curves) - 1; i >= 0; i-- { // what is drawn on top first
			k := &c.curves[i]
			if k.of.rank != rank {
				continue
			}
			e := entry{curve: i, name: d.titled(c, k), value: c.kind.widest(u, k.t)}
			if v, ok := d.valueAt(k, m); k.t == &d.subjects[0].c.edge {
				above := d.lettered(c, k, m.Say("view.plot_window_above"))
				if e.least = u.Width(above, ui.Tiny); ok && v > c.reach.hi {
					e.name = above
				}
			}
			g.entries = append(g.entries, e)
		}
		if rank > 0 {
			continue
		}
		for k := signAgain; k < signKinds; k++ {
			if marks[k] {
				g.entries = append(g.entries, entry{curve: -1, sign: k, name: [...]string{signAgain: m.Say("view.plot_again"), signSack: "SACK", signLost: m.Say("view.plot_lost")}[k]})
			}
		}
	}
}

// marks says which marks a chart has.
func (c *chart) marks(f *flow) (has [signKinds]bool) {
	if c.kind != chartSequence || f == nil {
		return has
	}
	has[signSegment], has[signAgain], has[signSack] = len(f.data.at) > 0, len(f.again.at) > 0, len(f.sacks.at) > 0
	for i := range f.flags {
		if f.flags[i].kind == flagLost {
			has[signLost] = true
			break
		}
	}
	return has
}

// widest is the room for a value of a series: for all that it takes on, so that the legend stands still.
func (k chartKind) widest(u *ui.UI, t *track) float32 {
	letters := 4
	switch k.value() {
	case wordsSpan:
		letters = len("0.00 ms")
	case wordsRate:
		letters = len("0.00 Mbit/s")
	default:
		if r := t.extent(0, len(t.at)); !r.empty() && r.hi >= 1 {
			digits := 1 + int(math.Log10(r.hi))
			letters = max(letters, digits+(digits-1)/3)
		}
	}
	return u.Width("0", ui.CodeTiny)*float32(letters) + 1
}

// layLegend gives the entries their places: in one row beside the title, in more where the chart is high enough. What finds no
// place even so is counted at the end.
func (d *Plots) layLegend(u *ui.UI, c *chart, m *Model) {
	d.list(u, c, m)
	g, head := &c.legend, u.Grow(chartHead)
	most := max(1, int((c.box.H-headGap-ui.Space2-u.Grow(leastPlot))/head))
	g.rows, g.shown, g.more = 1, 0, ui.Rect{}
	row := ui.R(c.box.X, c.box.Y, c.box.W, head)
	row.CutLeft(d.titleWidth(u, c, m) + ui.Space3)
	fresh := false // nothing stands in the row
	for i := range g.entries {
		e := &g.entries[i]
		words := u.Grow(sampleWidth) + ui.Space1 + max(u.Width(e.name, ui.Tiny), e.least) + 1
		full := words
		if e.value > 0 {
			full += ui.Space1 + e.value
		}
		for full > row.W && g.rows < most && !fresh {
			g.rows++
			row, fresh = ui.R(c.box.X, row.Y+head, c.box.W, head), true
		}
		rest := float32(0)
		if g.rows == most && i < len(g.entries)-1 {
			rest = ui.Space3 + u.Width("+00", ui.Tiny) + 1
		}
		switch {
		case full+rest <= row.W:
			e.at, e.said = row.CutLeft(full), e.value > 0
		case words+rest <= row.W:
			e.at, e.said = row.CutLeft(words), false
		default:
			g.more = row.CutLeft(u.Width("+00", ui.Tiny) + 1)
			return
		}
		row.CutLeft(ui.Space3)
		g.shown, fresh = i+1, false
	}
}

// titleWidth is that of a chart's title and unit.
func (d *Plots) titleWidth(u *ui.UI, c *chart, m *Model) float32 {
	w := min(u.Width(m.Say("view.plot_"+chartIDs[c.kind]), ui.SmallBold)+1, c.box.W) + ui.Space1 + 2
	if unit := c.kind.unit(m); unit != "" && c.box.W > u.Grow(380) {
		w += u.Width(unit, ui.Tiny) + 1
	}
	return w
}

// drawLegend writes above a chart what its lines and marks are, and the values of the lines.
func (d *Plots) drawLegend(u *ui.UI, p pen, c *chart, m *Model) {
	t, g := &u.Theme, &c.legend
	r := ui.R(c.box.X, c.box.Y, c.box.W, u.Grow(chartHead))
	title := m.Say("view.plot_" + chartIDs[c.kind])
	p.text(r.CutLeft(min(u.Width(title, ui.SmallBold)+1, r.W)), title, ui.SmallBold, ui.Left, t.Text)
	r.CutLeft(ui.Space1 + 2)
	if unit := c.kind.unit(m); unit != "" && c.box.W > u.Grow(380) {
		p.text(r.CutLeft(u.Width(unit, ui.Tiny)+1), unit, ui.Tiny, ui.Left, t.Dim)
	}
	for i := range g.entries[:g.shown] {
		d.entry(u, p, c, &g.entries[i], m)
	}
	if g.more.W > 0 {
		p.text(g.more, d.moreWords(c), ui.Tiny, ui.Left, t.Text)
	}
}

// entry draws an entry of a legend.
func (d *Plots) entry(u *ui.UI, p pen, c *chart, e *entry, m *Model) {
	t, r := &u.Theme, e.at
	sample := r.CutLeft(u.Grow(sampleWidth))
	r.CutLeft(ui.Space1)
	if e.curve < 0 {
		e.sign.sample(u, p, sample)
	} else {
		c.curves[e.curve].sample(p, sample)
	}
	p.text(r.CutLeft(u.Width(e.name, ui.Tiny)+1), e.name, ui.Tiny, ui.Left, t.Dim)
	if e.said {
		r.CutLeft(ui.Space1)
		p.text(r, d.valueOf(c, e, m), ui.CodeTiny, ui.Left, t.Text)
	}
}

// valueOf says what a line is at the instant that legends tell of.
func (d *Plots) valueOf(c *chart, e *entry, m *Model) string {
	if v, ok := d.valueAt(&c.curves[e.curve], m); ok {
		return d.memo.words(c.kind.value(), v)
	}
	return "–"
}

// valueAt returns the value of a line at the instant that legends tell of.
func (d *Plots) valueAt(k *curve, m *Model) (float64, bool) {
	return k.t.value(min(d.instant(m), k.of.till))
}

// sample draws a mark, for a legend.
func (k signKind) sample(u *ui.UI, p pen, r ui.Rect) {
	t := &u.Theme
	x, y := r.Mid()
	switch k {
	case signSegment:
		for i := range 3 {
			x, y := x+float32(i-1)*6, y-float32(i-1)*2
			line(p, x, y-4, x, y+4, 1.5, t.Data)
			line(p, x-2, y-4, x+2, y-4, 1, t.Data)
			line(p, x-2, y+4, x+2, y+4, 1, t.Data)
		}
	case signAgain:
		line(p, x-3, y-5, x-3, y+5, 2.5, t.Warn)
		w := u.Width("R", ui.CodeTiny.Bold())
		p.text(ui.R(x, r.Y, w+1, r.H), "R", ui.CodeTiny.Bold(), ui.Left, t.Warn)
	case signSack:
		line(p, x, y-5, x, y+5, 3, t.Fin)
	case signLost:
		line(p, x-4, y-4, x+4, y+4, 2, t.Rst)
		line(p, x-4, y+4, x+4, y-4, 2, t.Rst)
	}
}

// moreWords counts the entries that found no place.
func (d *Plots) moreWords(c *chart) string {
	return glued("+", d.memo.words(wordsWhole, float64(len(c.legend.entries)-c.legend.shown)))
}

// more names the entries of a legend that found no place, where they are counted; under the pointer with their values.
func (d *Plots) more(u *ui.UI, c *chart, m *Model) {
	g := &c.legend
	if g.more.W == 0 {
		return
	}
	names := ""
	for i := range g.entries[g.shown:] {
		if i > 0 {
			names = glued(names, "\n")
		}
		names = glued(names, g.entries[g.shown+i].name)
	}
	it := u.Node(ui.Spec{ID: glued(chartIDs[c.kind], "-more"), Rect: g.more, Role: ui.RoleText, Name: d.moreWords(c), Value: names, Actions: ui.CanFocus})
	if it.Hover {
		names = ""
		for i := g.shown; i < len(g.entries); i++ {
			e := &g.entries[i]
			if names += e.name; e.curve >= 0 {
				names += " " + d.valueOf(c, e, m)
			}
			names += "\n"
		}
		names = strings.TrimSuffix(names, "\n")
	}
	u.Tooltip(it, names, "")
}

// titled is what a line is called, with the letter of its connection.
func (d *Plots) titled(c *chart, k *curve) string {
	if k.word != "" {
		return d.lettered(c, k, k.word)
	}
	return d.lettered(c, k, k.name)
}

// lettered puts the letter of a line's connection before a name. A queue is nobody's.
func (d *Plots) lettered(c *chart, k *curve, name string) string {
	if k.of.letter == "" || c.kind == chartQueue {
		return name
	}
	return d.phrase(k.of.letter, name, func() string { return k.of.letter + " " + name })
}
