package ui

// Digits writes ASCII text that changes all the time, such as a clock: sign by sign, each of which was set once,
// instead of setting every text that comes along. It returns the width.
func (u *UI) Digits(r Rect, s string, style Style, c Color) float32 {
	x, y := r.X, r.Y+(r.H-u.LineHeight(style))/2
	for i := range len(s) {
		sign := s[i : i+1]
		u.Text(x, y, sign, style, c)
		x += u.Width(sign, style)
	}
	return x - r.X
}

// DigitsWidth is the width of what Digits writes.
func (u *UI) DigitsWidth(s string, style Style) (w float32) {
	for i := range len(s) {
		w += u.Width(s[i:i+1], style)
	}
	return w
}
