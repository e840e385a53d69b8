package ui

import (
	"fmt"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Fonts holds the four faces and the Chinese one that all of them fall back to. Letters are set one after the other with their
// kerning, which is all that the languages of the interface need: a shaping engine for every script of the world would be a
// sixth of the download.
type Fonts struct {
	faces  [faceCount]*typeface
	cjk    *typeface
	buffer sfnt.Buffer
	// version counts changes, so that whoever has set text knows to do it again.
	version int
}

// typeface is one font file.
type typeface struct {
	*sfnt.Font
	id uint8 // names it in the keys of caches
}

// glyphID is a glyph of one of the fonts: index 0 is the box that stands for a character that no font has.
type glyphID struct {
	face  *typeface
	index sfnt.GlyphIndex
}

// NewFonts reads the faces. Any of them may be a subset; cjk may be nil.
func NewFonts(sans, sansBold, mono, monoBold, cjk []byte) (*Fonts, error) {
	f := &Fonts{}
	for i, data := range [faceCount][]byte{sans, sansBold, mono, monoBold} {
		parsed, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("font %d: %w", i, err)
		}
		f.faces[i] = &typeface{parsed, uint8(i)}
	}
	if cjk == nil {
		return f, nil
	}
	return f, f.AddCJK(cjk)
}

// AddCJK puts a Chinese face in the place of the one before: the full one, when it has arrived. It may be called at any time
// between frames.
func (f *Fonts) AddCJK(data []byte) error {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return fmt.Errorf("the Chinese font: %w", err)
	}
	f.cjk = &typeface{parsed, uint8(faceCount)}
	f.version++
	return nil
}

// find returns the glyph of a character: of the face itself, or of the first that has it of those it falls back to.
func (f *Fonts) find(face Face, r rune) glyphID {
	order := [3]*typeface{f.faces[face], nil, f.cjk}
	if face == Mono || face == MonoBold {
		order[1] = f.faces[face-Mono] // the signs of keys, such as that of Enter, are only in the other family
	}
	for _, t := range order {
		if t == nil {
			continue
		}
		if index, err := t.GlyphIndex(&f.buffer, r); err == nil && index != 0 {
			return glyphID{t, index}
		}
	}
	return glyphID{f.faces[face], 0}
}

// advance is how far a glyph moves the pen at a size in device pixels. A damaged font gives no room: its letters overlap.
func (f *Fonts) advance(g glyphID, size fixed.Int26_6) fixed.Int26_6 {
	a, err := g.face.GlyphAdvance(&f.buffer, g.index, size, font.HintingNone)
	if err != nil {
		return 0
	}
	return a
}

// kern is what the pen moves between two glyphs that stand side by side.
func (f *Fonts) kern(left, right glyphID, size fixed.Int26_6) fixed.Int26_6 {
	if left.face == nil || left.face != right.face {
		return 0
	}
	k, err := left.face.Kern(&f.buffer, left.index, right.index, size, font.HintingNone)
	if err != nil {
		return 0 // the usual case: the pair is not in the table
	}
	return k
}

// outline is the shape of a glyph, y downwards from the baseline. It is valid until the next call.
func (f *Fonts) outline(g glyphID, size fixed.Int26_6) sfnt.Segments {
	segments, err := g.face.LoadGlyph(&f.buffer, g.index, size, nil)
	if err != nil {
		return nil
	}
	return segments
}

// invisible characters have neither a glyph nor a width.
func invisible(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// Missing lists the characters of s that no face has, each once: a reason to fetch the full Chinese face, or a fault in a test.
func (f *Fonts) Missing(s string) []rune {
	var missing []rune
	seen := map[rune]bool{}
	for _, r := range s {
		if seen[r] || invisible(r) {
			continue
		}
		seen[r] = true
		if f.find(Sans, r).index == 0 {
			missing = append(missing, r)
		}
	}
	return missing
}
