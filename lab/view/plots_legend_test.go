package view

import (
	"slices"
	"strings"
	"testing"

	"wirelab/lab/ui"
	"wirelab/lab/words"
)

// placed is a word that a recorder noted, and where.
type placed struct {
	word string
	at   ui.Rect
}

// words returns what was written.
func (p *recorder) words() (all []placed) {
	for i, what := range p.what {
		if word, _, text := strings.Cut(what, "{"); text && what != "to" {
			all = append(all, placed{word, ui.R(p.where[4*i], p.where[4*i+1], p.where[4*i+2], p.where[4*i+3])})
		}
	}
	return all
}

// openBulk is a transfer with loss.
func openBulk(t *testing.T, lang words.Lang) *Model {
	m := &Model{Lang: lang, Packet: -1}
	m.Look(bulkLab(t, 3, 20_000))
	seek(t, m, 1500*ms)
	return m
}

// The strokes of the time-sequence graph are in its legend, as far as there are any of them, in both languages.
func TestTheLegendHasTheStrokes(t *testing.T) {
	for lang, want := range map[words.Lang][]string{"en": {"segment", "ack", "window", "sent again", "SACK", "lost"}, "zh": {"报文段", "ack", "窗口", "重传", "SACK", "丢失"}} {
		m := openBulk(t, lang)
		d, rig := shownPlots(t, m, 1280, 700)
		var names []string
		for _, e := range d.charts[chartSequence].legend.entries {
			names = append(names, e.name)
		}
		if !slices.Equal(names, want) && !slices.Equal(names, slices.Concat(want[:2], []string{m.Say("view.plot_window_above")}, want[3:])) {
			t.Errorf("%s: the legend has %q, want %q", lang, names, want)
		}
		drawn := new(recorder)
		d.drawLegend(rig.UI, drawn, &d.charts[chartSequence], m)
		for _, name := range want[:2] {
			if !slices.ContainsFunc(drawn.words(), func(w placed) bool { return w.word == name }) {
				t.Errorf("%s: %q is not written", lang, name)
			}
		}
	}
	d, _ := shownPlots(t, openLab(t, "four-way-close", 250*ms), 1280, 700)
	for _, e := range d.charts[chartSequence].legend.entries {
		if e.curve < 0 && e.sign != signSegment {
			t.Errorf("where nothing was lost the legend has %q", e.name)
		}
	}
}

// Whatever the size: each entry of a legend stands in it, apart from the others and from the chart, or is counted and named.
func TestLegendsLeaveNothingOut(t *testing.T) {
	m := openBulk(t, "en")
	other := bulkLab(t, 5, 1000)
	if err := other.SeekTo(1500 * ms); err != nil {
		t.Fatal(err)
	}
	m.LayOver(Future{"other", other})
	d, r := shownPlots(t, m, 900, 600)
	wrapped, counted := 0, 0
	for _, lang := range words.Langs {
		m.Lang = lang
		for _, scale := range []float32{1, 1.4, 2} {
			r.TextScale = scale
			for _, size := range [][2]float32{{300, 160}, {511, 265}, {511, 600}, {900, 180}, {1280, 700}} {
				r.w, r.h = size[0], size[1]
				r.frame()
				r.frame()
				for k := range d.charts {
					c := &d.charts[k]
					if !c.shown {
						continue
					}
					checkLegend(t, c, r, size)
					wrapped += c.legend.rows - 1
					counted += len(c.legend.entries) - c.legend.shown
				}
			}
		}
	}
	if wrapped < 5 || counted < 5 {
		t.Errorf("%d rows were added, %d entries counted", wrapped, counted)
	}
}

func checkLegend(t *testing.T, c *chart, r *rig, size [2]float32) {
	t.Helper()
	g := &c.legend
	var boxes []ui.Rect
	for _, e := range g.entries[:g.shown] {
		boxes = append(boxes, e.at)
	}
	if g.shown < len(g.entries) {
		boxes = append(boxes, g.more)
		if got, ok := r.Find("plots/" + chartIDs[c.kind] + "-more"); !ok || len(strings.Split(got.Value, "\n")) != len(g.entries)-g.shown || !strings.Contains(got.Value, g.entries[g.shown].name) {
			t.Errorf("%v, text %v: %d of %d entries of %s are shown, and the rest is called %q", size, r.TextScale, g.shown, len(g.entries), chartIDs[c.kind], got.Value)
		}
	}
	for i, b := range boxes {
		if b.Right() > c.box.Right()+0.5 || b.Bottom() > c.plot.Y || b.Empty() {
			t.Errorf("%v, text %v: in %s an entry stands at %v, the chart at %v", size, r.TextScale, chartIDs[c.kind], b, c.plot)
		}
		if slices.ContainsFunc(boxes[:i], b.Overlaps) {
			t.Errorf("%v, text %v: in %s two entries stand at %v", size, r.TextScale, chartIDs[c.kind], b)
		}
	}
}

// The pointer rests on what counts the entries, not on the charts below it.
func TestTheRestOfALegendTakesThePointer(t *testing.T) {
	m := openBulk(t, "en")
	d, r := shownPlots(t, m, 320, 130)
	c := &d.charts[chartSequence]
	if c.legend.more.Empty() {
		t.Fatalf("all %d entries found a place", len(c.legend.entries))
	}
	x, y := c.legend.more.Mid()
	r.in.Outside, r.in.X, r.in.Y = false, x, y
	r.frame()
	r.frame()
	if d.over {
		t.Error("the pointer is taken to be over the chart")
	}
}

// The number at the topmost line of a chart keeps off the heading.
func TestTicksKeepOffTheHeading(t *testing.T) {
	m := openBulk(t, "en")
	d, r := shownPlots(t, m, 900, 600)
	for _, scale := range []float32{1, 1.4, 2} {
		r.TextScale = scale
		for h := 150 * scale; h < 900; h += 13 {
			r.h = h
			r.frame()
			r.frame()
			for k := range d.charts {
				c := &d.charts[k]
				if !c.shown {
					continue
				}
				heading, drawn := new(recorder), new(recorder)
				d.drawLegend(r.UI, heading, c, m)
				d.chart(r.UI, drawn, c, m)
				box := heading.words()[0].at
				bottom := box.Y + box.H/2 + r.LineHeight(ui.SmallBold)/2
				for _, w := range drawn.words() {
					if w.at.X == c.box.X && w.at.Y < bottom+2 {
						t.Fatalf("%v high, text %v: %q of %s begins at %v, the heading ends at %v", h, scale, w.word, chartIDs[k], w.at.Y, bottom)
					}
				}
			}
		}
	}
}

// The edge of the window has its name at the line, off what else is drawn; where the line is out of sight, the legend says so.
func TestTheEdgeOfTheWindowIsNamed(t *testing.T) {
	m := openBulk(t, "en")
	d, r := shownPlots(t, m, 900, 600)
	named, above := 0, 0
	for at := int64(60); at < 1500; at += 60 {
		seek(t, m, at*ms)
		r.frame()
		r.frame()
		c, drawn := &d.charts[chartSequence], new(recorder)
		d.chart(r.UI, drawn, c, m)
		all := drawn.words()
		i := slices.IndexFunc(all, func(w placed) bool { return w.word == "window" })
		v, _ := d.subjects[0].c.edge.value(at * ms)
		beyond := v > c.reach.hi
		if beyond != slices.ContainsFunc(c.legend.entries, func(e entry) bool { return e.name == "window, above" }) {
			t.Errorf("at %d ms the legend is wrong about where the window is", at)
		}
		if beyond {
			above++
		}
		if i < 0 {
			continue
		}
		named++
		for k, w := range all {
			if k != i && (w.word == "SYN" || w.word == "FIN") && w.at.Overlaps(all[i].at) {
				t.Errorf("at %d ms the name of the window lies on %s", at, w.word)
			}
		}
		from, to := d.view.time(all[i].at.X), d.view.time(all[i].at.Right())
		line := d.subjects[0].c.edge.between(from, to)
		if gap := max(c.scale.place(line.hi)-all[i].at.Bottom(), all[i].at.Y-c.scale.place(line.lo)); gap < 0 || gap > 14 {
			t.Errorf("at %d ms the name of the window is %v off its line", at, gap)
		}
	}
	if named < 5 || above < 5 {
		t.Errorf("the window was named %d times, above the chart %d times", named, above)
	}
}
