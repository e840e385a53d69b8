package ui

import (
	"image"

	"github.com/hajimehoshi/ebiten/v2"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// atlas keeps every glyph in one image, so that all text and all shapes go in one draw call. A glyph gets its place when it is
// first used; its pixels follow at the next draw. Nothing here needs a display before that.
type atlas struct {
	image    *ebiten.Image
	pictures map[glyphKey]picture
	pending  []pendingGlyph
	shelves  []shelf
	height   int
	full     bool
	// generation counts how often the atlas was emptied; pictures of older generations are void.
	generation int

	rasterizer vector.Rasterizer
	coverage   []uint8 // of one glyph, a byte a pixel
	pixels     []byte  // the same in the image's format
}

// glyphKey names one picture of a glyph: the font, the glyph in it, the size in quarters of a device pixel and the fraction of a
// pixel at which it begins.
type glyphKey struct {
	font     uint8
	phase    uint8 // in 64ths of a pixel
	quarters uint16
	index    sfnt.GlyphIndex
}

// picture says where a glyph stands in the atlas, how large it is, and where its corner is from the pen. A blank one has no size.
type picture struct{ x, y, w, h, left, top int16 }

type pendingGlyph struct {
	glyph glyphID
	key   glyphKey
	picture
}

// shelf is a row of the atlas: glyphs of about one height, side by side.
type shelf struct{ y, height, used int }

const (
	atlasSize = 2048
	// glyphGap keeps smooth sampling of one glyph from touching its neighbour.
	glyphGap = 1
)

func (a *atlas) clear() {
	a.pictures = make(map[glyphKey]picture, 1024)
	a.pending = a.pending[:0]
	a.shelves = a.shelves[:0]
	a.height = 0
	a.full = false
	a.generation++
	if a.image != nil {
		a.image.Clear()
	}
}

// find returns the picture of a glyph, giving it a place if it has none. When the atlas is full it fails, and the next frame
// starts with an empty one.
func (a *atlas) find(fonts *Fonts, g glyphID, key glyphKey) (picture, bool) {
	if p, ok := a.pictures[key]; ok {
		return p, true
	}
	p := picture{}
	if b := fonts.outline(g, pixels(key.quarters)).Bounds(); !b.Empty() {
		b = b.Add(fixed.Point26_6{X: fixed.Int26_6(key.phase)})
		left, top, right, bottom := b.Min.X.Floor(), b.Min.Y.Floor(), b.Max.X.Ceil(), b.Max.Y.Ceil()
		x, y, ok := a.allocate(right-left+glyphGap, bottom-top+glyphGap)
		if !ok {
			a.full = true
			return p, false
		}
		p = picture{int16(x), int16(y), int16(right - left), int16(bottom - top), int16(left), int16(top)}
		a.pending = append(a.pending, pendingGlyph{g, key, p})
	}
	a.pictures[key] = p
	return p, true
}

func (a *atlas) allocate(w, h int) (x, y int, ok bool) {
	for i := range a.shelves {
		s := &a.shelves[i]
		if s.height >= h && s.height <= h+h/4+2 && s.used+w <= atlasSize {
			s.used += w
			return s.used - w, s.y, true
		}
	}
	height := (h + 3) &^ 3
	if a.height+height > atlasSize || w > atlasSize {
		return 0, 0, false
	}
	a.shelves = append(a.shelves, shelf{a.height, height, w})
	a.height += height
	return 0, a.height - height, true
}

// flush paints the new glyphs into the image.
func (a *atlas) flush(fonts *Fonts) {
	if a.image == nil {
		// Unmanaged: the engine must not move it into a texture of its own choice.
		a.image = ebiten.NewImageWithOptions(image.Rect(0, 0, atlasSize, atlasSize), &ebiten.NewImageOptions{Unmanaged: true})
	}
	for _, p := range a.pending {
		a.rasterize(fonts.outline(p.glyph, pixels(p.key.quarters)), &p)
		x, y := int(p.x), int(p.y)
		a.image.SubImage(image.Rect(x, y, x+int(p.w), y+int(p.h))).(*ebiten.Image).WritePixels(a.pixels)
	}
	clear(a.pending)
	a.pending = a.pending[:0]
}

// rasterize makes the pixels of a glyph: white, as transparent as its edge is fine.
func (a *atlas) rasterize(outline sfnt.Segments, p *pendingGlyph) {
	w, h := int(p.w), int(p.h)
	at := func(q fixed.Point26_6) (x, y float32) {
		return float32(q.X+fixed.Int26_6(p.key.phase))/64 - float32(p.left), float32(q.Y)/64 - float32(p.top)
	}
	r := &a.rasterizer
	r.Reset(w, h)
	for i := range outline {
		s := &outline[i]
		x, y := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			r.ClosePath()
			r.MoveTo(x, y)
		case sfnt.SegmentOpLineTo:
			r.LineTo(x, y)
		case sfnt.SegmentOpQuadTo:
			x1, y1 := at(s.Args[1])
			r.QuadTo(x, y, x1, y1)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := at(s.Args[1])
			x2, y2 := at(s.Args[2])
			r.CubeTo(x, y, x1, y1, x2, y2)
		}
	}
	r.ClosePath()
	a.coverage = append(a.coverage[:0], make([]uint8, w*h)...)
	r.Draw(&image.Alpha{Pix: a.coverage, Stride: w, Rect: image.Rect(0, 0, w, h)}, image.Rect(0, 0, w, h), image.Opaque, image.Point{})
	a.pixels = a.pixels[:0]
	for _, c := range a.coverage {
		a.pixels = append(a.pixels, c, c, c, c)
	}
}

// pixels is a size in quarters of a pixel as the fonts want it.
func pixels(quarters uint16) fixed.Int26_6 { return fixed.Int26_6(quarters) * (64 / 4) }

// phase rounds the fraction of a pixel at which a glyph begins down to one of the steps that are drawn: eight pictures of small
// glyphs, whose spacing the eye would see jump, and one of those where a pixel is little.
func phase(x fixed.Int26_6, quarters uint16) uint8 {
	step := fixed.Int26_6(8)
	switch size := quarters / 4; {
	case size >= 66:
		step = 64
	case size >= 33:
		step = 32
	case size > 16:
		step = 16
	}
	return uint8((x & 63) / step * step)
}
