package ui

import (
	"image"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
)

// atlas keeps every glyph in one image, so that all text and all shapes go in one draw call. A glyph gets its place when it is
// first used; its pixels follow at the next draw. Nothing here needs a display before that.
type atlas struct {
	image   *ebiten.Image
	places  map[glyphKey]place
	pending []pendingGlyph
	shelves []shelf
	height  int
	full    bool
	// generation counts how often the atlas was emptied; places of older generations are void.
	generation int
}

// glyphKey names one picture of a glyph. The rune stands for the face that the text fell back to.
type glyphKey struct {
	face    faceKey
	gid     uint32
	first   rune
	sub, up uint8
}

type place struct{ x, y int16 }

type pendingGlyph struct {
	glyph text.LazyGlyph
	at    place
}

// shelf is a row of the atlas: glyphs of about one height, side by side.
type shelf struct{ y, height, used int }

const (
	atlasSize = 2048
	// glyphGap keeps smooth sampling of one glyph from touching its neighbour.
	glyphGap = 1
)

func (a *atlas) clear() {
	a.places = make(map[glyphKey]place, 1024)
	a.pending = a.pending[:0]
	a.shelves = a.shelves[:0]
	a.height = 0
	a.full = false
	a.generation++
	if a.image != nil {
		a.image.Clear()
	}
}

// find returns where a glyph stands, giving it a place if it has none. When the atlas is full it fails, and the next frame
// starts with an empty one.
func (a *atlas) find(key glyphKey, g *text.LazyGlyph) (place, bool) {
	if p, ok := a.places[key]; ok {
		return p, true
	}
	p, ok := a.allocate(g.ImageBounds.Dx()+glyphGap, g.ImageBounds.Dy()+glyphGap)
	if !ok {
		a.full = true
		return place{}, false
	}
	a.places[key] = p
	a.pending = append(a.pending, pendingGlyph{*g, p})
	return p, true
}

func (a *atlas) allocate(w, h int) (place, bool) {
	for i := range a.shelves {
		s := &a.shelves[i]
		if s.height >= h && s.height <= h+h/4+2 && s.used+w <= atlasSize {
			s.used += w
			return place{int16(s.used - w), int16(s.y)}, true
		}
	}
	height := (h + 3) &^ 3
	if a.height+height > atlasSize || w > atlasSize {
		return place{}, false
	}
	a.shelves = append(a.shelves, shelf{a.height, height, w})
	a.height += height
	return place{0, int16(a.height - height)}, true
}

// flush paints the new glyphs into the image.
func (a *atlas) flush() {
	if a.image == nil {
		// Unmanaged: the engine must not move it into a texture of its own choice.
		a.image = ebiten.NewImageWithOptions(image.Rect(0, 0, atlasSize, atlasSize), &ebiten.NewImageOptions{Unmanaged: true})
	}
	options := ebiten.DrawImageOptions{Blend: ebiten.BlendCopy}
	for i := range a.pending {
		p := &a.pending[i]
		if picture := p.glyph.Image(); picture != nil { // blank glyphs have none
			options.GeoM.Reset()
			options.GeoM.Translate(float64(p.at.x), float64(p.at.y))
			a.image.DrawImage(picture, &options)
		}
		*p = pendingGlyph{}
	}
	a.pending = a.pending[:0]
}

// subpixel returns the fraction of a pixel at which a glyph is drawn, in the steps that the text package uses (it draws eight
// pictures of small glyphs, fewer of large ones).
func subpixel(origin, faceHeight float64) uint8 {
	steps := 8
	switch {
	case faceHeight >= 80:
		steps = 1
	case faceHeight >= 40:
		steps = 2
	case faceHeight >= 20:
		steps = 4
	}
	unit := 64 / steps
	fixed := int(math.Floor(origin*64 + 0.01))
	return uint8(((fixed%64 + 64) % 64) / unit)
}
