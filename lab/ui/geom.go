package ui

// Rect is a rectangle in logical pixels. Layout is by cutting: take a strip off one side, use it, go on with the rest.
type Rect struct{ X, Y, W, H float32 }

// R is short for a Rect literal.
func R(x, y, w, h float32) Rect { return Rect{x, y, w, h} }

// Right is the x just past the rectangle.
func (r Rect) Right() float32 { return r.X + r.W }

// Bottom is the y just past the rectangle.
func (r Rect) Bottom() float32 { return r.Y + r.H }

// CutTop removes a strip of height n from the top and returns it.
func (r *Rect) CutTop(n float32) Rect {
	n = clamp(n, 0, r.H)
	cut := Rect{r.X, r.Y, r.W, n}
	r.Y += n
	r.H -= n
	return cut
}

// CutBottom removes a strip of height n from the bottom and returns it.
func (r *Rect) CutBottom(n float32) Rect {
	n = clamp(n, 0, r.H)
	r.H -= n
	return Rect{r.X, r.Y + r.H, r.W, n}
}

// CutLeft removes a strip of width n from the left and returns it.
func (r *Rect) CutLeft(n float32) Rect {
	n = clamp(n, 0, r.W)
	cut := Rect{r.X, r.Y, n, r.H}
	r.X += n
	r.W -= n
	return cut
}

// CutRight removes a strip of width n from the right and returns it.
func (r *Rect) CutRight(n float32) Rect {
	n = clamp(n, 0, r.W)
	r.W -= n
	return Rect{r.X + r.W, r.Y, n, r.H}
}

// Inset shrinks by n on every side; a negative n grows.
func (r Rect) Inset(n float32) Rect { return r.InsetXY(n, n) }

// InsetXY shrinks by x on the left and right and by y above and below. It never turns inside out.
func (r Rect) InsetXY(x, y float32) Rect {
	x, y = Least(x, r.W/2), Least(y, r.H/2)
	return Rect{r.X + x, r.Y + y, r.W - 2*x, r.H - 2*y}
}

// Center returns a rectangle of the given size in the middle of r.
func (r Rect) Center(w, h float32) Rect { return Rect{r.X + (r.W-w)/2, r.Y + (r.H-h)/2, w, h} }

// Mid returns the middle point.
func (r Rect) Mid() (x, y float32) { return r.X + r.W/2, r.Y + r.H/2 }

// Offset moves the rectangle.
func (r Rect) Offset(dx, dy float32) Rect { return Rect{r.X + dx, r.Y + dy, r.W, r.H} }

// Contains says whether a point is inside; the right and bottom edges are outside.
func (r Rect) Contains(x, y float32) bool {
	return x >= r.X && y >= r.Y && x < r.X+r.W && y < r.Y+r.H
}

// Intersect returns what both rectangles cover; its size is zero when they do not meet.
func (r Rect) Intersect(o Rect) Rect {
	x0, y0 := Most(r.X, o.X), Most(r.Y, o.Y)
	x1, y1 := Least(r.Right(), o.Right()), Least(r.Bottom(), o.Bottom())
	return Rect{x0, y0, Most(0, x1-x0), Most(0, y1-y0)}
}

// Overlaps says whether two rectangles cover something together.
func (r Rect) Overlaps(o Rect) bool {
	return r.X < o.Right() && o.X < r.Right() && r.Y < o.Bottom() && o.Y < r.Bottom() && !r.Empty() && !o.Empty()
}

// Holds says whether all of another rectangle is inside.
func (r Rect) Holds(o Rect) bool {
	return o.X >= r.X && o.Y >= r.Y && o.Right() <= r.Right() && o.Bottom() <= r.Bottom()
}

// Empty says whether nothing is inside.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Within moves r, without resizing it, so that it lies inside o as far as possible: menus and tooltips stay on screen.
func (r Rect) Within(o Rect) Rect {
	r.X = max(o.X, min(r.X, o.Right()-r.W))
	r.Y = max(o.Y, min(r.Y, o.Bottom()-r.H))
	return r
}

func clamp(v, lo, hi float32) float32 { return Most(lo, Least(v, hi)) }

// Least is min for numbers that are never NaN: for those that may be, each use is a call in WebAssembly.
func Least(a, b float32) float32 {
	if a < b {
		return a
	}
	return b
}

// Most is max for numbers that are never NaN.
func Most(a, b float32) float32 {
	if a > b {
		return a
	}
	return b
}
