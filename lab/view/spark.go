package view

import (
	"slices"

	"wirelab/lab"
	"wirelab/lab/ui"
	"wirelab/stack/event"
)

const (
	sparkValues = 24   // that a sparkline shows
	sparkLooked = 2000 // records that are searched for them
)

// lastValues appends the last values that a variable took in the first n changes of an end, the oldest first.
func (e *connEnd) lastValues(dst []uint32, l *lab.Lab, v event.Var, n int) []uint32 {
	from := len(dst)
	for i := n - 1; i >= max(0, n-sparkLooked) && len(dst)-from < sparkValues; i-- {
		if record := int(e.changes[i]); record >= l.Log.First() {
			if x, ok := l.Log.Value(record, v); ok {
				dst = append(dst, x)
			}
		}
	}
	slices.Reverse(dst[from:])
	return dst
}

// sparkline draws how a value came to be what it is, as steps.
func sparkline(u *ui.UI, r ui.Rect, values []uint32) {
	if len(values) < 2 {
		return
	}
	lo, hi := slices.Min(values), slices.Max(values)
	step := r.W / float32(sparkValues)
	x := r.Right() - step*float32(len(values))
	at := func(v uint32) float32 { return r.Bottom() - r.H*float32(v-lo)/float32(max(hi-lo, 1)) }
	color := u.Theme.Data.Alpha(0.75)
	for i, v := range values {
		y := at(v)
		if i > 0 {
			u.Line(x, at(values[i-1]), x, y, 1, color)
		}
		u.Line(x, y, x+step, y, 1, color)
		x += step
	}
}
