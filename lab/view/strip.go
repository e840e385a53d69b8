package view

import (
	"fmt"
	"math"

	"wirelab/lab"
	"wirelab/lab/ui"
	"wirelab/stack/timer"
)

// strip draws all of the recording, and lets it be scrubbed.
func (d *TimeLine) strip(u *ui.UI, r ui.Rect, m *Model) {
	t := &u.Theme
	it := u.Enter(ui.Spec{ID: "strip", Rect: r, Role: ui.RoleSlider, Name: m.Say("view.timeline"), Value: m.clock(),
		Range:   ui.Range{Max: float32(max(m.End(), m.Now())) / 1e9, Now: float32(m.Now()) / 1e9},
		Actions: ui.CanDrag | ui.CanFocus | ui.CanSet | ui.CanPress})
	defer u.Leave()
	u.RoundFill(r, ui.RadiusControl, t.Bg)
	u.RoundStroke(r, ui.RadiusControl, 0, t.Line)
	u.FocusRing(it, ui.RadiusControl)
	if it.Set {
		var s float64
		if _, err := fmt.Sscanf(it.Value, "%g", &s); err == nil && s >= 0 {
			m.Ask(Ask{Kind: AskSeek, TimeNs: int64(s*1e9 + 0.5)})
		}
	}
	in := r.InsetXY(ui.Space3, 3)
	w := &m.index.line
	end := m.lineEnd()
	if end == 0 {
		u.TextIn(in, m.Say("view.strip_empty"), ui.Small, ui.Middle, t.Dim)
		return
	}
	if far := ui.Stillness * end / float64(max(in.W, 1)); math.Abs(end-d.end) > far {
		d.end = end
	}
	place := func(ns int64) float32 { return in.X + in.W*float32(w.at(ns)/d.end) }
	now := u.Still(place(m.Now()))
	d.density(u, in, m, d.end, now)
	d.signs.Draw(u, d.signsNow(in, m), func() {
		d.ticks(u, in, m, place)
		d.marks(u, in, m, place)
	})
	d.inputs(u, in, m, place)
	d.chosen(u, in, m, place)
	u.Fill(ui.R(now-1, r.Y+1, 2, in.Bottom()-timesHeight(u)-r.Y), t.Focus) // not through the times
	u.Poly([]ui.Point{{X: now - 6, Y: r.Y - 1}, {X: now + 6, Y: r.Y - 1}, {X: now, Y: r.Y + 7}}, t.Focus)
	if it.Down {
		m.Ask(Ask{Kind: AskGrab})
	}
	if it.Pressed && (it.Down || it.DX != 0) {
		k := min(max((it.X-in.X)/in.W, 0), 1)
		length := float64(k) * end
		at := w.time(length)
		if length >= max(w.end().at, w.at(m.Now())) { // beyond are only the lanes of other futures
			at = max(w.end().ns, m.Now())
		}
		m.Ask(Ask{Kind: AskSeek, TimeNs: at})
	}
}

// signsLook is what times and marks on the strip depend on. Knots and marks are only added to; what is cut off makes a turn.
type signsLook struct {
	lab         *lab.Lab
	turns       uint64
	in          ui.Rect
	end         float64
	knots, step int
	last        string // the time at the end
	marks, past int
}

func (d *TimeLine) signsNow(in ui.Rect, m *Model) signsLook {
	x, now := &m.index, m.Now()
	k := signsLook{lab: m.Lab, turns: x.turns, in: in, end: d.end, step: max(1, x.line.len()/maxTicks), last: tickWords(max(x.line.end().ns, now)), marks: len(x.marks)}
	k.knots = x.line.len() / k.step
	for i := 0; i < len(x.marks); i += markStep(x.marks) {
		if x.marks[i].at <= now {
			k.past++
		}
	}
	return k
}

// maxTicks is how many knots are looked at for times to write, maxMarks how many marks are drawn.
const (
	maxTicks = 200
	maxMarks = 400
)

// timesHeight is that of the times below the density.
func timesHeight(u *ui.UI) float32 { return u.Grow(12) }

func markStep(marks []mark) int { return max(1, len(marks)/maxMarks) }

// density draws how much was sent when.
func (d *TimeLine) density(u *ui.UI, in ui.Rect, m *Model, end float64, now float32) {
	h := &m.index.density
	if len(h.buckets) == 0 {
		return
	}
	t := &u.Theme
	const bar = 3
	base, most := in.Bottom()-timesHeight(u), uint32(1)
	d.bars = d.bars[:0]
	for x := in.X; x < in.Right(); x += bar + 1 {
		n := h.between(float64(x-in.X)/float64(in.W)*end, float64(x+bar+1-in.X)/float64(in.W)*end)
		d.bars = append(d.bars, n)
		most = max(most, n)
	}
	whole := math.Log2(1 + float64(most))
	for i, n := range d.bars {
		if n == 0 {
			continue
		}
		x := in.X + float32(i)*(bar+1)
		height := max(3, (base-in.Y-8)*float32(math.Log2(1+float64(n))/whole))
		color := t.Data
		if x > now {
			color = t.LineStrong
		}
		u.Fill(ui.R(x, base-height, bar, height), color)
	}
	u.Fill(ui.R(in.X, base, in.W, 1), t.Line)
}

// tick is the last time that was written, and of which instant.
type tick struct {
	words string
	ns    int64
}

// next returns how the next time is written: what would read the same says how much later it is.
func (k *tick) next(ns int64) string {
	if words := tickWords(ns); words != k.words {
		*k = tick{words, ns}
		return words
	}
	return glued("+", Span(ns-k.ns))
}

// ticks writes times below the strip where there is room.
func (d *TimeLine) ticks(u *ui.UI, in ui.Rect, m *Model, place func(int64) float32) {
	w := &m.index.line
	last, height := in.X-4, timesHeight(u)
	var said tick
	step := max(1, w.len()/maxTicks)
	for i := 0; i < w.len(); i += step {
		k := w.knot(i)
		x := place(k.ns)
		words := tickWords(k.ns)
		half := u.Width(words, ui.CodeTiny)/2 + 10
		if x-half < last || x+half > in.Right()+20 {
			continue
		}
		u.TextIn(ui.R(x-half, in.Bottom()-height, 2*half, height+1), said.next(k.ns), ui.CodeTiny, ui.Middle, u.Theme.Dim)
		last = x + half
	}
	end := max(w.end().ns, m.Now())
	words := said.next(end)
	if width := u.Width(words, ui.CodeTiny); place(end)-width-4 > last {
		u.TextIn(ui.R(place(end)-width-4, in.Bottom()-height, width, height+1), words, ui.CodeTiny, ui.Right, u.Theme.Dim)
	}
}

// marks draws losses and repeats above the density.
func (d *TimeLine) marks(u *ui.UI, in ui.Rect, m *Model, place func(int64) float32) {
	t := &u.Theme
	for i := 0; i < len(m.index.marks); i += markStep(m.index.marks) {
		k := &m.index.marks[i]
		x := place(k.at)
		color := t.Rst
		if k.kind == markRepeat {
			color = t.Warn
		}
		if k.at > m.Now() {
			color = color.Alpha(0.5)
		}
		y := in.Y + 4
		if k.kind == markLoss {
			u.Line(x-3, y-3, x+3, y+3, 1.5, color)
			u.Line(x-3, y+3, x+3, y-3, 1.5, color)
		} else {
			u.Ring(x, y, 3.5, 1.5, color)
		}
	}
}

// chosen marks when the chosen packet was sent.
func (d *TimeLine) chosen(u *ui.UI, in ui.Rect, m *Model, place func(int64) float32) {
	if m.Packet < 0 || !m.Lab.Trace.Has(uint64(m.Packet)) {
		return
	}
	x, base := u.Still(place(m.Lab.Trace.At(uint64(m.Packet)).Start)), in.Bottom()-timesHeight(u)
	u.Fill(ui.R(x-0.5, in.Y+10, 1, base-in.Y-10), u.Theme.Focus)
	u.Circle(x, base, 4, u.Theme.Bg)
	u.Ring(x, base, 3.5, 1.5, u.Theme.Focus)
}

// inputs points at what somebody did.
func (d *TimeLine) inputs(u *ui.UI, in ui.Rect, m *Model, place func(int64) float32) {
	for i := range m.Lab.Journal {
		e := &m.Lab.Journal[i]
		if e.At.TimeNs > max(m.index.line.end().ns, m.Now()) || e.At.TimeNs == timer.Never {
			break
		}
		x, y := place(e.At.TimeNs), in.Bottom()-timesHeight(u)
		u.Poly([]ui.Point{{X: x - 3, Y: y}, {X: x + 3, Y: y}, {X: x, Y: y - 5}}, u.Theme.Text)
	}
}
