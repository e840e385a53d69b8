package ui

// Picture keeps what was drawn of something that seldom changes: the frames in which it looks the same neither copy it nor look
// at it to find that out. It is for what only looks: widgets, overlays and what moves by itself have no place in it.
type Picture[K comparable] struct {
	of    K
	on    ground
	drawn kept
}

// ground is what the look of everything depends on.
type ground struct {
	theme            Theme
	scale, textScale float32
	clip             bounds
	glyphs           int // how often they got other places
}

// Draw shows what draw draws, without calling it if that was of the same key. The key must say everything that the look depends
// on but for theme, scales and clip.
func (p *Picture[K]) Draw(u *UI, of K, draw func()) {
	out, on := u.out, ground{u.Theme, u.scale, u.TextScale, u.out.clip, u.letters.atlas.generation}
	if p.drawn.version == 0 || p.of != of || p.on != on {
		p.of, p.on = of, on
		p.drawn.version++
		p.drawn.reset(out.clip)
		u.out = &p.drawn.batch
		draw()
		u.out = out
	}
	out.splice(&p.drawn)
}
