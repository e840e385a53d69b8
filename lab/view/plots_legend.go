package view

import (
	"strings"
	"time"

	"wirelab/lab/ui"
	"wirelab/lab/words"
)

// spoken is what a screen reader hears of a chart, written anew when it changes.
type spoken struct {
	at     int64
	due    time.Duration // while it plays, it is written a few times a second
	lang   words.Lang
	values []float64
	words  string
}

// instant returns the time that legends tell of: that under the pointer, else now.
func (d *Plots) instant(m *Model) int64 {
	if d.over {
		return d.at
	}
	return m.Now()
}

// legend writes above a chart what its lines are, and their values.
func (d *Plots) legend(u *ui.UI, p pen, c *chart, m *Model) {
	t := &u.Theme
	r := c.box
	r = r.CutTop(u.Grow(chartHead))
	title := m.Say("view.plot_" + chartIDs[c.kind])
	w := min(u.Width(title, ui.SmallBold)+1, r.W)
	p.text(r.CutLeft(w), title, ui.SmallBold, ui.Left, t.Text)
	r.CutLeft(ui.Space1 + 2)
	if unit := c.kind.unit(m); unit != "" && r.W > u.Grow(380) {
		p.text(r.CutLeft(u.Width(unit, ui.Tiny)+1), unit, ui.Tiny, ui.Left, t.Dim)
	}
	r.CutLeft(ui.Space3)
	for rank := range d.subjects {
		for i := len(c.curves) - 1; i >= 0; i-- { // what is drawn on top first
			if k := &c.curves[i]; k.of.rank == rank && !d.entry(u, p, c, k, &r, m) {
				return
			}
		}
	}
}

// entry writes a line of a chart and its value into the legend, if there is room; where that is short, it says at least which it is.
func (d *Plots) entry(u *ui.UI, p pen, c *chart, k *curve, r *ui.Rect, m *Model) bool {
	t := &u.Theme
	value := "–"
	if v, ok := k.t.value(min(d.instant(m), k.of.till)); ok {
		value = d.memo.words(c.kind.value(), v)
	}
	name := d.titled(c, k)
	sample, words := u.Grow(18), u.Width(name, ui.Tiny)+1
	widest := max(u.Width(value, ui.CodeTiny), u.Width("0000", ui.CodeTiny)) + 1
	said := sample+words+widest+2*ui.Space1 <= r.W
	if !said && sample+words+ui.Space1 > r.W {
		return false
	}
	k.sample(p, r.CutLeft(sample))
	r.CutLeft(ui.Space1)
	p.text(r.CutLeft(words), name, ui.Tiny, ui.Left, t.Dim)
	r.CutLeft(ui.Space1)
	if said {
		p.text(r.CutLeft(widest), value, ui.CodeTiny, ui.Left, t.Text)
	}
	r.CutLeft(ui.Space3)
	return true
}

// titled is the name of a line, with the letter of its connection. A queue is nobody's.
func (d *Plots) titled(c *chart, k *curve) string {
	if k.of.letter == "" || c.kind == chartQueue {
		return k.name
	}
	return d.phrase(k.of.letter, k.name, func() string { return k.of.letter + " " + k.name })
}

// sentence says what a chart shows at an instant.
func (d *Plots) sentence(c *chart, now time.Duration, m *Model) string {
	s, at := &c.spoken, d.instant(m)
	if m.Playing && s.words != "" && now < s.due {
		return s.words
	}
	s.due = now + 250*time.Millisecond
	same, n := s.at == at && s.lang == m.Lang && s.words != "", 0
	for i := range c.curves {
		v, _ := c.curves[i].t.value(min(at, c.curves[i].of.till))
		if n == len(s.values) {
			s.values, same = append(s.values, v), false
		}
		same = same && s.values[n] == v
		s.values[n] = v
		n++
	}
	if same && n == len(s.values) {
		return s.words
	}
	s.values = s.values[:n]
	s.at, s.lang = at, m.Lang
	var parts []string
	for i := range c.curves {
		k := &c.curves[i]
		if _, ok := k.t.value(min(at, k.of.till)); ok {
			parts = append(parts, d.titled(c, k)+" "+d.memo.words(c.kind.value(), s.values[i]))
		}
	}
	if len(parts) == 0 {
		s.words = m.Say("view.plot_nothing", instantWords(at, 3))
	} else {
		s.words = m.Say("view.plot_says", strings.Join(parts, ", "), instantWords(at, 3))
	}
	return s.words
}
