package ui

import (
	"math"
	"slices"

	"github.com/hajimehoshi/ebiten/v2"
)

// batch collects everything of one layer in painter's order. Clipping happens here, on the CPU, so that clip rectangles never
// split the draw call.
type batch struct {
	vertices []ebiten.Vertex
	indices  []uint32
	clip     bounds
	clips    []bounds

	// The last colour, as the shader wants it.
	color                   Color
	red, green, blue, alpha float32
}

// bounds is a rectangle by its edges, in device pixels.
type bounds struct{ x0, y0, x1, y1 float32 }

// corner is a vertex while it is being clipped: its place, its source position and its coverage.
type corner struct{ x, y, s, t, k float32 }

// paint is what all corners of a polygon share.
type paint struct {
	color      Color
	a, b, c, w float32 // the custom numbers of the shader
}

func (b *batch) reset(w, h float32) {
	b.vertices = b.vertices[:0]
	b.indices = b.indices[:0]
	b.clips = b.clips[:0]
	b.clip = bounds{0, 0, w, h}
}

func (b *batch) pushClip(c bounds) {
	b.clips = append(b.clips, b.clip)
	b.clip = bounds{max(b.clip.x0, c.x0), max(b.clip.y0, c.y0), min(b.clip.x1, c.x1), min(b.clip.y1, c.y1)}
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

// emit is the hottest loop of a frame: it writes in place instead of appending vertex by vertex.
func (b *batch) emit(q []corner, p paint) {
	if p.color != b.color || b.alpha == 0 {
		b.color = p.color
		b.red, b.green, b.blue, b.alpha = p.color.premultiplied()
	}
	n := len(b.vertices)
	b.vertices = slices.Grow(b.vertices, len(q))[:n+len(q)]
	out := b.vertices[n:]
	for i := range q {
		c, v := &q[i], &out[i]
		v.DstX, v.DstY, v.SrcX, v.SrcY = c.x, c.y, c.s, c.t
		v.ColorR, v.ColorG, v.ColorB, v.ColorA = b.red, b.green, b.blue, b.alpha
		v.Custom0, v.Custom1, v.Custom2, v.Custom3 = p.a, p.b, p.c, p.w
		if p.w == modeConvex {
			v.Custom0 = c.k
		}
	}
	first := uint32(n)
	if len(q) == 4 {
		b.indices = append(b.indices, first, first+1, first+2, first, first+2, first+3)
		return
	}
	for i := uint32(2); i < uint32(len(q)); i++ {
		b.indices = append(b.indices, first, first+i-1, first+i)
	}
}

// box adds a rounded box or its outline, its centre and half sizes in device pixels, turned by the given direction.
func (b *batch) box(cx, cy, hw, hh, dirX, dirY float32, p paint) {
	ew, eh := hw+1, hh+1
	if p.w <= modeShadow {
		blur := modeShadow - p.w
		ew, eh = hw+blur, hh+blur
	}
	var q [4]corner
	for i, s := range [4][2]float32{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		lx, ly := s[0]*ew, s[1]*eh
		q[i] = corner{cx + lx*dirX - ly*dirY, cy + lx*dirY + ly*dirX, lx, ly, 1}
	}
	p.a, p.b = hw, hh
	p.c = min(p.c, hw, hh)
	b.quad(&q, p)
}

func minmax4(a, b, c, d float32) (lo, hi float32) { return min(a, b, c, d), max(a, b, c, d) }

func round(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }
