package ui

import "math"

// Shapes. All of them take logical pixels; boxes that stand upright are snapped to device pixels, so that edges are sharp.

// Pixel is the width of one device pixel in logical pixels: the thinnest line.
func (u *UI) Pixel() float32 { return 1 / u.scale }

// snap returns the device rectangle nearest to r. A rectangle with some size keeps at least one pixel.
func (u *UI) snap(r Rect) (cx, cy, hw, hh float32) {
	x0, y0 := round(r.X*u.scale), round(r.Y*u.scale)
	x1, y1 := round(r.Right()*u.scale), round(r.Bottom()*u.scale)
	if r.W > 0 {
		x1 = Most(x1, x0+1)
	}
	if r.H > 0 {
		y1 = Most(y1, y0+1)
	}
	return (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2
}

// Fill paints a rectangle.
func (u *UI) Fill(r Rect, c Color) { u.RoundFill(r, 0, c) }

// RoundFill paints a rectangle with round corners. A radius of half its height makes a pill.
func (u *UI) RoundFill(r Rect, radius float32, c Color) {
	if r.Empty() {
		return
	}
	cx, cy, hw, hh := u.snap(r)
	u.out.box(cx, cy, hw, hh, 1, 0, paint{color: c, c: radius * u.scale})
}

// RoundStroke paints the outline of a rectangle, just inside its edge. A width of 0 means one device pixel.
func (u *UI) RoundStroke(r Rect, radius, width float32, c Color) {
	if r.Empty() {
		return
	}
	cx, cy, hw, hh := u.snap(r)
	u.out.box(cx, cy, hw, hh, 1, 0, paint{color: c, c: radius * u.scale, w: u.strokeWidth(width)})
}

// strokeWidth gives whole device pixels, for outlines that stand upright.
func (u *UI) strokeWidth(width float32) float32 { return Most(1, round(width*u.scale)) }

// Shadow paints a soft shadow around a box; draw the box over it.
func (u *UI) Shadow(r Rect, radius, blur float32, c Color) {
	cx, cy, hw, hh := u.snap(r)
	u.out.box(cx, cy, hw, hh, 1, 0, paint{color: c, c: radius*u.scale + 1, w: modeShadow - blur*u.scale})
}

// HLine paints a rule of one device pixel along the top of r, VLine along its left side.
func (u *UI) HLine(x, y, w float32, c Color) { u.Fill(Rect{x, y, w, u.Pixel() * 0.99}, c) }

// VLine paints a vertical rule of one device pixel.
func (u *UI) VLine(x, y, h float32, c Color) { u.Fill(Rect{x, y, u.Pixel() * 0.99, h}, c) }

// Line paints a straight stroke with round ends.
func (u *UI) Line(x0, y0, x1, y1, width float32, c Color) {
	u.stroke(x0, y0, x1, y1, width, width/2, c)
}

// Butt paints a straight stroke that ends exactly at its two points.
func (u *UI) Butt(x0, y0, x1, y1, width float32, c Color) { u.stroke(x0, y0, x1, y1, width, 0, c) }

func (u *UI) stroke(x0, y0, x1, y1, width, capLength float32, c Color) {
	dx, dy, length := direction(x0, y0, x1, y1)
	s := u.scale
	half := Most(width, u.Pixel()) / 2 * s
	u.out.box((x0+x1)/2*s, (y0+y1)/2*s, length/2*s+capLength*s, half, dx, dy, paint{color: c, c: capLength * s})
}

func direction(x0, y0, x1, y1 float32) (dx, dy, length float32) {
	dx, dy = x1-x0, y1-y0
	length = float32(math.Hypot(float64(dx), float64(dy)))
	if length == 0 {
		return 1, 0, 0
	}
	return dx / length, dy / length, length
}

// Dash paints a dashed line. The pattern starts at phase, so that it can be made to move.
func (u *UI) Dash(x0, y0, x1, y1, width, on, off, phase float32, c Color) {
	dx, dy, length := direction(x0, y0, x1, y1)
	period := on + off
	if period <= 0 || length/period > 4000 {
		u.Butt(x0, y0, x1, y1, width, c)
		return
	}
	start := -float32(math.Mod(float64(phase), float64(period)))
	for at := start; at < length; at += period {
		from, to := max(at, 0), min(at+on, length)
		if to > from {
			u.Butt(x0+dx*from, y0+dy*from, x0+dx*to, y0+dy*to, width, c)
		}
	}
}

// RoundDash paints a dashed outline: four dashed sides and four quarter arcs.
func (u *UI) RoundDash(r Rect, radius, width, on, off float32, c Color) {
	radius = min(radius, r.W/2, r.H/2)
	x0, y0, x1, y1 := r.X+width/2, r.Y+width/2, r.Right()-width/2, r.Bottom()-width/2
	u.Dash(x0+radius, y0, x1-radius, y0, width, on, off, 0, c)
	u.Dash(x1, y0+radius, x1, y1-radius, width, on, off, 0, c)
	u.Dash(x1-radius, y1, x0+radius, y1, width, on, off, 0, c)
	u.Dash(x0, y1-radius, x0, y0+radius, width, on, off, 0, c)
	if radius < 1 {
		return
	}
	for i, at := range [4][2]float32{{x1 - radius, y1 - radius}, {x0 + radius, y1 - radius}, {x0 + radius, y0 + radius}, {x1 - radius, y0 + radius}} {
		from := float32(i)*math.Pi/2 + 0.35
		u.Arc(at[0], at[1], radius, width, from, from+math.Pi/2-0.7, c)
	}
}

// Circle paints a disc.
func (u *UI) Circle(cx, cy, radius float32, c Color) {
	s := u.scale
	u.out.box(cx*s, cy*s, radius*s, radius*s, 1, 0, paint{color: c, c: radius * s})
}

// Ring paints a circle's outline; the stroke lies inside the radius.
func (u *UI) Ring(cx, cy, radius, width float32, c Color) {
	s := u.scale
	u.out.box(cx*s, cy*s, radius*s, radius*s, 1, 0, paint{color: c, c: radius * s, w: max(1, width*s)})
}

// Trail paints n dots of the given height that fade away, from (x, y) on in a direction of length 1.
func (u *UI) Trail(x, y, dirX, dirY, height, pitch float32, n int, c Color) {
	s := u.scale
	half := height*2/3 + float32(n-1)*pitch/2
	p := paint{color: c, a: half * s, b: height / 2 * s, c: pitch * s, w: modeTrail}
	along := half - height*2/3
	u.out.turned((x+dirX*along)*s, (y+dirY*along)*s, p.a+1, p.b+1, dirX, dirY, &p)
}

// Grid paints dots of one logical pixel all over r; one of them is at (x, y).
func (u *UI) Grid(r Rect, x, y, pitch float32, c Color) {
	cx, cy, hw, hh := u.snap(r)
	ox, oy := cx-round(x*u.scale), cy-round(y*u.scale)
	u.out.quad(&[4]corner{{cx - hw, cy - hh, ox - hw, oy - hh, 1}, {cx + hw, cy - hh, ox + hw, oy - hh, 1},
		{cx + hw, cy + hh, ox + hw, oy + hh, 1}, {cx - hw, cy + hh, ox - hw, oy + hh, 1}},
		paint{color: c, a: pitch * u.scale, b: max(1, round(u.scale)), w: modeGrid})
}

// Arc paints a part of a ring, its radius measured to the middle of the stroke. Angles are radians, 0 to the right, growing
// clockwise; the ends are round. From -π/2 to -π/2+2π·left it is a timer that shrinks.
func (u *UI) Arc(cx, cy, radius, width, from, to float32, c Color) {
	if to <= from {
		return
	}
	s := u.scale
	half := min((to-from)/2, math.Pi+0.001)
	sin, cos := math.Sincos(float64(from+to) / 2)
	dirX, dirY := float32(cos), float32(sin)
	reach := (radius+width/2)*s + 1
	var q [4]corner
	for i, k := range [4][2]float32{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		lx, ly := k[0]*reach, k[1]*reach
		q[i] = corner{cx*s + lx*dirX - ly*dirY, cy*s + lx*dirY + ly*dirX, lx, ly, 1}
	}
	u.out.quad(&q, paint{color: c, a: radius * s, b: max(0.5, width/2*s), c: half, w: modeArc})
}

// Point is a place in logical pixels.
type Point struct{ X, Y float32 }

// Polyline paints connected strokes with round joints.
func (u *UI) Polyline(points []Point, width float32, c Color) {
	for i := 1; i < len(points); i++ {
		u.Line(points[i-1].X, points[i-1].Y, points[i].X, points[i].Y, width, c)
	}
}

// Poly paints a convex polygon of at most 32 corners with soft edges: the inside shrunk by half a device pixel, and a feather
// of one pixel around it.
func (u *UI) Poly(points []Point, c Color) {
	n := len(points)
	if n < 3 || n > maxCorners {
		return
	}
	var inner, outer [maxCorners]corner
	turn := float32(1)
	if area(points) < 0 {
		turn = -1
	}
	for i, p := range points {
		before, after := points[(i+n-1)%n], points[(i+1)%n]
		ax, ay, _ := direction(before.X, before.Y, p.X, p.Y)
		bx, by, _ := direction(p.X, p.Y, after.X, after.Y)
		// The mitre: the sum of the two outward normals, as long as it takes to move both edges by half a pixel.
		nx, ny := turn*(ay+by), -turn*(ax+bx)
		k := 1 / max(0.25, 1+ax*bx+ay*by)
		nx, ny = nx*k/2, ny*k/2
		x, y := p.X*u.scale, p.Y*u.scale
		inner[i] = corner{x - nx, y - ny, 0, 0, 1}
		outer[i] = corner{x + nx, y + ny, 0, 0, 0}
	}
	p := paint{color: c, w: modeConvex}
	u.out.convex(inner[:n], p)
	for i := range points {
		j := (i + 1) % n
		u.out.quad(&[4]corner{inner[i], inner[j], outer[j], outer[i]}, p)
	}
}

// area is twice the signed area: positive when the corners run clockwise on screen.
func area(points []Point) float32 {
	var sum float32
	for i, p := range points {
		q := points[(i+1)%len(points)]
		sum += p.X*q.Y - q.X*p.Y
	}
	return sum
}

// ArrowHead paints a filled head whose tip is at (x, y), for a line that comes from (fromX, fromY).
func (u *UI) ArrowHead(x, y, fromX, fromY, size float32, c Color) {
	dx, dy, _ := direction(fromX, fromY, x, y)
	bx, by := x-dx*size, y-dy*size
	half := size * 0.55
	u.Poly([]Point{{x, y}, {bx - dy*half, by + dx*half}, {bx + dy*half, by - dx*half}}, c)
}

// Octagon paints a stop sign inscribed in r; Flag a box whose right end (or left, when it flies that way) comes to a point.
func (u *UI) Octagon(r Rect, c Color) {
	k := min(r.W, r.H) * 0.29
	x0, y0, x1, y1 := r.X, r.Y, r.Right(), r.Bottom()
	u.Poly([]Point{{x0 + k, y0}, {x1 - k, y0}, {x1, y0 + k}, {x1, y1 - k}, {x1 - k, y1}, {x0 + k, y1}, {x0, y1 - k}, {x0, y0 + k}}, c)
}

// Flag paints a pointed flag.
func (u *UI) Flag(r Rect, leftwards bool, c Color) {
	k := min(r.H/2, r.W)
	x0, y0, x1, y1, mid := r.X, r.Y, r.Right(), r.Bottom(), r.Y+r.H/2
	if leftwards {
		u.Poly([]Point{{x1, y1}, {x0 + k, y1}, {x0, mid}, {x0 + k, y0}, {x1, y0}}, c)
		return
	}
	u.Poly([]Point{{x0, y0}, {x1 - k, y0}, {x1, mid}, {x1 - k, y1}, {x0, y1}}, c)
}
