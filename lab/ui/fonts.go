package ui

import (
	"bytes"
	"fmt"
	"unicode"

	"github.com/hajimehoshi/ebiten/v2/text/v2"
)

// Fonts holds the four faces and the Chinese one that all of them fall back to.
type Fonts struct {
	sources [faceCount]*text.GoTextFaceSource
	cjk     *text.GoTextFaceSource
	// version counts changes, so that whoever has shaped text knows to do it again.
	version int
}

// NewFonts reads the faces. Any of them may be a subset; cjk may be nil.
func NewFonts(sans, sansBold, mono, monoBold, cjk []byte) (*Fonts, error) {
	f := &Fonts{}
	for i, data := range [faceCount][]byte{sans, sansBold, mono, monoBold} {
		source, err := text.NewGoTextFaceSource(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("font %d: %w", i, err)
		}
		f.sources[i] = source
	}
	if cjk == nil {
		return f, nil
	}
	return f, f.AddCJK(cjk)
}

// AddCJK puts a Chinese face in the place of the one before: the full one, when it has arrived. It may be called at any time
// between frames.
func (f *Fonts) AddCJK(data []byte) error {
	source, err := text.NewGoTextFaceSource(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("the Chinese font: %w", err)
	}
	f.cjk = source
	f.version++
	return nil
}

var tabular = text.MustParseTag("tnum")

// face makes a face of a size in device pixels.
func (f *Fonts) face(face Face, size float32) text.Face {
	latin := &text.GoTextFace{Source: f.sources[face], Size: float64(size)}
	if face == Sans || face == SansBold {
		// Numbers that change must not make their neighbours jump.
		latin.SetFeature(tabular, 1)
	}
	faces := []text.Face{latin}
	if face == Mono || face == MonoBold {
		// The signs of keys, such as that of Enter, are only in the other family.
		faces = append(faces, &text.GoTextFace{Source: f.sources[face-Mono], Size: float64(size)})
	}
	if f.cjk != nil {
		faces = append(faces, &text.GoTextFace{Source: f.cjk, Size: float64(size)})
	}
	all, err := text.NewMultiFace(faces...)
	if err != nil {
		return latin // the faces disagree about direction: they never do
	}
	return all
}

// Missing lists the characters of s that no face has, each once: a reason to fetch the full Chinese face, or a fault in a test.
func (f *Fonts) Missing(s string) []rune {
	face := f.face(Sans, 16)
	var missing []rune
	var glyphs []text.LazyGlyph
	seen := map[rune]bool{}
	for _, r := range s {
		if seen[r] || unicode.IsControl(r) {
			continue
		}
		seen[r] = true
		glyphs = text.AppendLazyGlyphs(glyphs[:0], string(r), face, nil)
		for i := range glyphs {
			if glyphs[i].GID == 0 {
				missing = append(missing, r)
			}
		}
	}
	return missing
}
