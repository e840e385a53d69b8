package ui

import "github.com/hajimehoshi/ebiten/v2"

// Picture keeps what was drawn of something that seldom changes, to copy it into the frames in which it looks the same. It is for
// what only looks: widgets, overlays and what moves by itself have no place in it.
type Picture[K comparable] struct {
	of       K
	on       ground
	kept     bool
	vertices []ebiten.Vertex
	indices  []uint32 // counted from the first of these vertices
}

// ground is what the look of everything depends on.
type ground struct {
	theme            Theme
	scale, textScale float32
	clip             bounds
	glyphs           int // how often they got other places
}

// Draw draws what draw draws, or copies it if that was of the same key. The key must say everything that the look depends on
// but for theme, scales and clip.
func (p *Picture[K]) Draw(u *UI, of K, draw func()) {
	b, on := u.out, ground{u.Theme, u.scale, u.TextScale, u.out.clip, u.letters.atlas.generation}
	first := uint32(len(b.vertices))
	if p.kept && p.of == of && p.on == on {
		b.vertices = append(b.vertices, p.vertices...)
		for _, i := range p.indices {
			b.indices = append(b.indices, first+i)
		}
		return
	}
	from := len(b.indices)
	draw()
	p.of, p.on, p.kept = of, on, true
	p.vertices = append(p.vertices[:0], b.vertices[first:]...)
	p.indices = p.indices[:0]
	for _, i := range b.indices[from:] {
		p.indices = append(p.indices, i-first)
	}
}
