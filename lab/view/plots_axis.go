package view

import (
	"math"
	"strconv"

	"wirelab/lab/ui"
)

// stretch is the time that the plots show, and where.
type stretch struct {
	from, to int64
	x, w     float32
}

func (s *stretch) place(ns int64) float32 {
	return s.x + s.w*float32(float64(ns-s.from)/float64(max(s.to-s.from, 1)))
}

// time returns the instant at x, the inverse of place.
func (s *stretch) time(x float32) int64 {
	return s.from + int64(math.Round(float64(x-s.x)/float64(max(s.w, 1))*float64(s.to-s.from)))
}

// scale is the axis of values of a chart.
type scale struct {
	lo, hi float64
	step   float64 // between ticks; zero on a logarithmic axis
	y, h   float32
}

func (s *scale) place(v float64) float32 {
	lo, hi := s.lo, s.hi
	if s.step == 0 {
		lo, hi, v = math.Log(lo), math.Log(hi), math.Log(max(v, s.lo/1000))
	}
	k := (v - lo) / (hi - lo)
	return s.y + s.h - s.h*float32(min(max(k, -4), 5)) // far beyond the chart is far enough
}

// round125 returns the step of 1, 2 or 5 that is not less than v.
func round125(v float64) float64 {
	if v <= 0 || math.IsInf(v, 0) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range [...]float64{1, 2, 5} {
		if k*unit >= v*(1-1e-9) {
			return k * unit
		}
	}
	return 10 * unit
}

// fitLinear lays values out over a height with room for so many ticks, at whole numbers.
func fitLinear(r reach, y, h float32, ticks int) scale {
	if r.empty() {
		r = reach{0, 1}
	}
	if r.hi <= r.lo {
		r.hi = r.lo + 1
	}
	step := round125((r.hi - r.lo) / float64(max(ticks, 1)))
	for step > (r.hi-r.lo)*0.95 {
		step = round125(step / 2.6) // one tick besides that at the ground
	}
	step = max(step, 1)
	fine := max(step/5, 1)
	if r.lo <= 0 {
		r.hi = math.Ceil(r.hi*1.04/fine-1e-9) * fine // so that the chart is still while values grow a little
	}
	return scale{r.lo, r.hi, step, y, h}
}

// fitLog lays values out by their logarithm, between steps of 1, 2 and 5.
func fitLog(r reach, y, h float32) scale {
	if r.empty() || r.hi <= 0 {
		r = reach{0.01, 1}
	}
	lo := max(r.lo, r.hi/1e6)
	low := round125(lo)
	for low > lo*1.0001 {
		low = round125(low / 2.6)
	}
	hi := round125(r.hi * 1.0001)
	if hi <= low {
		hi = round125(low * 1.5)
	}
	return scale{low, hi, 0, y, h}
}

// ticks calls do with the values of ticks that stand at least so far apart.
func (s *scale) ticks(apart float32, do func(v float64, y float32)) {
	if s.step > 0 {
		step := s.step
		for s.place(s.lo)-s.place(s.lo+step) < apart && round125(step*1.5) <= s.hi-s.lo {
			step = round125(step * 1.5)
		}
		for v := math.Ceil(s.lo/step-1e-9) * step; v <= s.hi*(1+1e-9); v += step {
			do(v, s.place(v))
		}
		return
	}
	last := float32(math.Inf(1))
	for v := s.lo; v <= s.hi*1.0001; v = round125(v * 1.5) {
		if y := s.place(v); last-y >= apart {
			do(v, y)
			last = y
		}
	}
}

// timeStep returns the step between ticks of time, and how many digits behind the point tell them apart.
func timeStep(span int64, ticks int) (step int64, digits int) {
	step = max(int64(round125(float64(span)/float64(max(ticks, 1)))), 1)
	for k := step; k%1_000_000_000 != 0 && digits < 9; k *= 10 {
		digits++
	}
	return step, digits
}

// instantWords writes an instant with its unit.
func instantWords(ns int64, digits int) string {
	if digits == 0 {
		return strconv.FormatInt(ns/1_000_000_000, 10) + " s"
	}
	return Instant(ns, digits) + " s"
}

// timeAxis draws the times below all charts.
func (d *Plots) timeAxis(u *ui.UI, p pen, r ui.Rect) {
	t, v := &u.Theme, &d.view
	style := ui.CodeTiny
	_, digits := timeStep(v.to-v.from, 6)
	width := u.Width(d.memo.words(wordsInstant+wordKind(digits), float64(v.to)), style) + 2*ui.Space3
	step, digits := timeStep(v.to-v.from, int(v.w/width))
	for ns := max((v.from+step-1)/step, 0) * step; ns <= v.to; ns += step {
		x := v.place(ns)
		p.fill(ui.R(x, r.Y, u.Pixel(), 4), t.LineStrong)
		s := d.memo.words(wordsInstant+wordKind(digits), float64(ns))
		w := u.Width(s, style)
		box := ui.R(x-w/2, r.Y+4, w+1, r.H-4)
		if box.X >= r.X && box.Right() <= r.Right()+4 {
			p.text(box, s, style, ui.Left, t.Dim)
		}
	}
}

// memo remembers what numbers are in words, so that a frame that shows the same numbers writes none anew.
type memo map[memoKey]string

type memoKey struct {
	kind wordKind
	v    float64
}

// wordKind says how a number is written.
type wordKind uint8

const (
	wordsWhole   wordKind = iota
	wordsSpan             // seconds
	wordsRate             // bit/s
	wordsInstant          // ns, plus how many digits behind the point
)

const maxMemo = 2000

func (m *memo) words(kind wordKind, v float64) string {
	key := memoKey{kind, v}
	if s, ok := (*m)[key]; ok {
		return s
	}
	if *m == nil || len(*m) > maxMemo {
		*m = memo{}
	}
	var s string
	switch kind {
	case wordsWhole:
		s = thousands(uint64(max(math.Round(v), 0)))
	case wordsSpan:
		s = Span(int64(math.Round(v * 1e9)))
	case wordsRate:
		s = rate(uint64(max(v, 0)))
	default:
		s = instantWords(int64(v), int(kind-wordsInstant))
	}
	(*m)[key] = s
	return s
}
