package ui

import (
	"math"
	"slices"

	"github.com/hajimehoshi/ebiten/v2"
)

// batch collects everything of one layer in painter's order. Clipping happens here, on the CPU, so that clip rectangles never
// split the draw call. Pictures that are kept are not copied into it: they stand between its runs.
type batch struct {
	vertices []ebiten.Vertex
	indices  []uint32 // counted from the first vertex of the run
	base     int      // that vertex
	splices  []splice
	area     bounds // nothing lies outside
	clip     bounds
	clips    []bounds
	painted  bool // in this frame

	inks [64]ink // colours as the shader wants them, each in the one place where it may stand
}

// splice is a picture between two runs of a batch.
type splice struct {
	vertex, index int // where the run before it ends
	of            *kept
	version       int
}

// kept is what a picture consists of, and which of its looks that is.
type kept struct {
	batch
	version int
}

// splice puts a picture into painter's order.
func (b *batch) splice(of *kept) {
	b.splices = append(b.splices, splice{len(b.vertices), len(b.indices), of, of.version})
	b.base = len(b.vertices)
}

// runs goes through the triangles in painter's order, those of pictures included.
func (b *batch) runs(f func(vertices []ebiten.Vertex, indices []uint32)) {
	vertex, index := 0, 0
	for i := range b.splices {
		s := &b.splices[i]
		f(b.vertices[vertex:s.vertex], b.indices[index:s.index])
		s.of.runs(f)
		vertex, index = s.vertex, s.index
	}
	f(b.vertices[vertex:], b.indices[index:])
}

// ink is a colour, premultiplied.
type ink struct {
	of         Color
	r, g, b, a float32
}

// ink returns a colour as the shader wants it.
func (b *batch) ink(c Color) *ink {
	k := &b.inks[uint32(c)*0x9e3779b1>>26]
	if k.of != c {
		k.of = c
		k.r, k.g, k.b, k.a = c.premultiplied()
	}
	return k
}

// bounds is a rectangle by its edges, in device pixels.
type bounds struct{ x0, y0, x1, y1 float32 }

func (a bounds) meet(b bounds) bounds {
	return bounds{Most(a.x0, b.x0), Most(a.y0, b.y0), Least(a.x1, b.x1), Least(a.y1, b.y1)}
}

func (a bounds) empty() bool { return a.x0 >= a.x1 || a.y0 >= a.y1 }

// corner is a vertex while it is being clipped: its place, its source position and its coverage.
type corner struct{ x, y, s, t, k float32 }

// paint is what all corners of a polygon share.
type paint struct {
	color      Color
	a, b, c, w float32 // the custom numbers of the shader
}

func (b *batch) reset(area bounds) {
	b.vertices = b.vertices[:0]
	b.indices = b.indices[:0]
	b.splices, b.base = b.splices[:0], 0
	b.clips = b.clips[:0]
	b.clip, b.area = area, area
}

func (b *batch) pushClip(c bounds) {
	b.clips = append(b.clips, b.clip)
	b.clip = b.clip.meet(c)
}

func (b *batch) popClip() {
	b.clip = b.clips[len(b.clips)-1]
	b.clips = b.clips[:len(b.clips)-1]
}

// quad adds four corners, clipped.
func (b *batch) quad(q *[4]corner, p paint) {
	x0, x1 := minmax4(q[0].x, q[1].x, q[2].x, q[3].x)
	y0, y1 := minmax4(q[0].y, q[1].y, q[2].y, q[3].y)
	c := b.clip
	if x1 <= c.x0 || y1 <= c.y0 || x0 >= c.x1 || y0 >= c.y1 || p.color&0xff == 0 {
		return
	}
	if x0 >= c.x0 && y0 >= c.y0 && x1 <= c.x1 && y1 <= c.y1 {
		b.emit(q[:], p)
		return
	}
	b.clipped(q[:], p)
}

// convex adds a convex polygon of up to maxCorners corners, clipped.
func (b *batch) convex(q []corner, p paint) {
	if len(q) >= 3 && p.color&0xff != 0 {
		b.clipped(q, p)
	}
}

const maxCorners = 32

// clipped cuts a polygon at the four edges of the clip rectangle in turn (Sutherland and Hodgman).
func (b *batch) clipped(q []corner, p paint) {
	var front, back [maxCorners + 4]corner
	in := front[:copy(front[:], q)]
	out := back[:0]
	for edge := 0; edge < 4 && len(in) > 0; edge++ {
		out = out[:0]
		prev := in[len(in)-1]
		dPrev := b.inside(edge, prev)
		for _, cur := range in {
			d := b.inside(edge, cur)
			if (d >= 0) != (dPrev >= 0) {
				out = append(out, between(prev, cur, dPrev/(dPrev-d)))
			}
			if d >= 0 {
				out = append(out, cur)
			}
			prev, dPrev = cur, d
		}
		in, out = out, in
	}
	if len(in) >= 3 {
		b.emit(in, p)
	}
}

func (b *batch) inside(edge int, c corner) float32 {
	switch edge {
	case 0:
		return c.x - b.clip.x0
	case 1:
		return b.clip.x1 - c.x
	case 2:
		return c.y - b.clip.y0
	}
	return b.clip.y1 - c.y
}

func between(a, b corner, t float32) corner {
	return corner{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t, a.s + (b.s-a.s)*t, a.t + (b.t-a.t)*t, a.k + (b.k-a.k)*t}
}

// emit adds a convex polygon as it is.
func (b *batch) emit(q []corner, p paint) {
	n := len(b.vertices)
	b.vertices = slices.Grow(b.vertices, len(q))[:n+len(q)]
	out, k := b.vertices[n:], b.ink(p.color)
	for i := range q {
		c, v := &q[i], &out[i]
		v.DstX, v.DstY, v.SrcX, v.SrcY = c.x, c.y, c.s, c.t
		v.ColorR, v.ColorG, v.ColorB, v.ColorA = k.r, k.g, k.b, k.a
		v.Custom0, v.Custom1, v.Custom2, v.Custom3 = p.a, p.b, p.c, p.w
		if p.w == modeConvex {
			v.Custom0 = c.k
		}
	}
	first := uint32(n - b.base)
	for i := uint32(2); i < uint32(len(q)); i++ {
		b.indices = append(b.indices, first, first+i-1, first+i)
	}
}

// box adds a rounded box or its outline, its centre and half sizes in device pixels, turned by the given direction. Most of what
// a frame draws are boxes, so those that no clip cuts are written in place.
func (b *batch) box(cx, cy, hw, hh, dirX, dirY float32, p paint) {
	ew, eh := hw+1, hh+1
	if p.w <= modeShadow {
		blur := modeShadow - p.w
		ew, eh = hw+blur, hh+blur
	}
	p.a, p.b = hw, hh
	p.c = Least(p.c, Least(hw, hh))
	b.turned(cx, cy, ew, eh, dirX, dirY, &p)
}

// turned adds a rectangle around a centre, turned by a direction; its source positions are counted from the centre.
func (b *batch) turned(cx, cy, ew, eh, dirX, dirY float32, p *paint) {
	ux, uy, vx, vy := ew*dirX, ew*dirY, eh*dirX, eh*dirY
	rx, ry := abs(ux)+abs(vy), abs(uy)+abs(vx)
	c := &b.clip
	if cx+rx <= c.x0 || cy+ry <= c.y0 || cx-rx >= c.x1 || cy-ry >= c.y1 || p.color&0xff == 0 {
		return
	}
	if cx-rx < c.x0 || cy-ry < c.y0 || cx+rx > c.x1 || cy+ry > c.y1 {
		b.clipped([]corner{{cx - ux + vy, cy - uy - vx, -ew, -eh, 1}, {cx + ux + vy, cy + uy - vx, ew, -eh, 1},
			{cx + ux - vy, cy + uy + vx, ew, eh, 1}, {cx - ux - vy, cy - uy + vx, -ew, eh, 1}}, *p)
		return
	}
	q := b.four()
	q[0].DstX, q[0].DstY, q[0].SrcX, q[0].SrcY = cx-ux+vy, cy-uy-vx, -ew, -eh
	q[1].DstX, q[1].DstY, q[1].SrcX, q[1].SrcY = cx+ux+vy, cy+uy-vx, ew, -eh
	q[2].DstX, q[2].DstY, q[2].SrcX, q[2].SrcY = cx+ux-vy, cy+uy+vx, ew, eh
	q[3].DstX, q[3].DstY, q[3].SrcX, q[3].SrcY = cx-ux-vy, cy-uy+vx, -ew, eh
	b.finish(q, p)
}

// glyph adds a picture of the atlas, its left upper corner at (x, y). It is smooth where it does not stand on whole pixels.
func (b *batch) glyph(x, y float32, of *picture, smooth float32, c Color) {
	p := paint{color: c, a: smooth, w: modeGlyph}
	x1, y1 := x+float32(of.w), y+float32(of.h)
	s0, t0 := float32(of.x), float32(of.y)
	s1, t1 := s0+float32(of.w), t0+float32(of.h)
	if k := &b.clip; x < k.x0 || y < k.y0 || x1 > k.x1 || y1 > k.y1 || c&0xff == 0 {
		b.quad(&[4]corner{{x, y, s0, t0, 1}, {x1, y, s1, t0, 1}, {x1, y1, s1, t1, 1}, {x, y1, s0, t1, 1}}, p)
		return
	}
	q := b.four()
	q[0].DstX, q[0].DstY, q[0].SrcX, q[0].SrcY = x, y, s0, t0
	q[1].DstX, q[1].DstY, q[1].SrcX, q[1].SrcY = x1, y, s1, t0
	q[2].DstX, q[2].DstY, q[2].SrcX, q[2].SrcY = x1, y1, s1, t1
	q[3].DstX, q[3].DstY, q[3].SrcX, q[3].SrcY = x, y1, s0, t1
	b.finish(q, &p)
}

// finish writes what all corners share.
func (b *batch) finish(q *[4]ebiten.Vertex, p *paint) {
	k := b.ink(p.color)
	for i := range q {
		v := &q[i]
		v.ColorR, v.ColorG, v.ColorB, v.ColorA = k.r, k.g, k.b, k.a
		v.Custom0, v.Custom1, v.Custom2, v.Custom3 = p.a, p.b, p.c, p.w
	}
}

// four makes room for four vertices, with the indices of two triangles.
func (b *batch) four() *[4]ebiten.Vertex {
	n := len(b.vertices)
	b.vertices = slices.Grow(b.vertices, 4)[:n+4]
	i := uint32(n - b.base)
	b.indices = append(b.indices, i, i+1, i+2, i, i+2, i+3)
	return (*[4]ebiten.Vertex)(b.vertices[n:])
}

func abs(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ (1 << 31)) }

func minmax4(a, b, c, d float32) (lo, hi float32) {
	return Least(Least(a, b), Least(c, d)), Most(Most(a, b), Most(c, d))
}

func round(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }
