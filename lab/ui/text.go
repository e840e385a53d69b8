package ui

import (
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/image/math/fixed"
)

// faceKey is a face at a size in device pixels, in quarters: a zooming stage must not fill the caches with sizes.
type faceKey struct {
	face     Face
	quarters uint16
}

// run is a line of text that was set: glyphs at whole device pixels, relative to the start of the baseline.
type run struct {
	of         runKey
	glyphs     []glyph
	width      float32
	generation int
	lastUsed   int
}

type glyph struct {
	glyphID
	key     glyphKey
	picture // once the run has its place in the atlas
	pen     int16
	heavy   bool    // bold, of a face that has no bold
	start   int32   // where in the string it begins
	origin  float32 // where along the line it begins
}

type runKey struct {
	text string
	face faceKey
}

// typesetter sets each string once and remembers it for as long as it is used.
type typesetter struct {
	fonts   *Fonts
	version int
	runs    map[runKey]*run
	recent  [1 << 11]*run // each in the one place where it may stand: most are asked for in every frame
	atlas   atlas
	frame   int
	lacking bool // a Chinese character was shown that the fonts do not have
}

const (
	// maxRuns bounds the cache; beyond it, runs that were not used for runAge frames go.
	maxRuns = 6000
	runAge  = 120
)

func (t *typesetter) begin() {
	t.frame++
	if t.version != t.fonts.version {
		t.version = t.fonts.version
		t.runs = make(map[runKey]*run)
		clear(t.recent[:])
		t.atlas.clear()
	}
	if t.atlas.full {
		t.atlas.clear()
	}
	if len(t.runs) > maxRuns && t.frame%30 == 0 {
		for key, r := range t.runs {
			if t.frame-r.lastUsed > runAge {
				delete(t.runs, key)
			}
		}
	}
}

// set returns the run of a string, from the cache if it can.
func (t *typesetter) set(s string, key faceKey) *run {
	k := &t.recent[recentPlace(s, key)]
	if r := *k; r != nil && r.of.face == key && r.of.text == s {
		r.lastUsed = t.frame
		return r
	}
	r, ok := t.runs[runKey{s, key}]
	if !ok {
		r = t.build(s, key)
		r.of = runKey{strings.Clone(s), key} // it outlives the call, the string of a caller may be part of something large
		t.runs[r.of] = r
	}
	*k, r.lastUsed = r, t.frame
	return r
}

// recentPlace is where the run of a string may be found soonest. Strings that are alike differ at their ends and in the middle.
func recentPlace(s string, key faceKey) uint32 {
	h := uint32(key.quarters)<<8 ^ uint32(key.face)<<4 ^ uint32(len(s))
	if n := len(s); n > 0 {
		h = h*31 + uint32(s[0])
		h = h*31 + uint32(s[n/2])
		h = h*31 + uint32(s[n-1-n/4])
		h = h*31 + uint32(s[max(n-2, 0)])
		h = h*31 + uint32(s[n-1])
	}
	return h * 0x9e3779b1 >> (32 - 11)
}

func (t *typesetter) build(s string, key faceKey) *run {
	size := pixels(key.quarters)
	r := &run{glyphs: make([]glyph, 0, utf8.RuneCountInString(s)), generation: -1}
	var pen fixed.Int26_6
	var before glyphID
	for i, c := range s {
		if invisible(c) {
			continue
		}
		g := t.fonts.find(key.face, c)
		pen += t.fonts.kern(before, g, size)
		t.lacking = t.lacking || g.index == 0 && isWide(c)
		r.glyphs = append(r.glyphs, glyph{
			glyphID: g, key: glyphKey{g.face.id, phase(pen, key.quarters), key.quarters, g.index},
			pen: int16(pen.Floor()), heavy: key.face&1 != 0 && isWide(c), start: int32(i), origin: float32(pen) / 64,
		})
		pen += t.fonts.advance(g, size)
		before = g
	}
	r.width = float32(pen) / 64
	return r
}

// place makes sure that every glyph of a run stands in the atlas.
func (t *typesetter) place(r *run) {
	if r.generation == t.atlas.generation {
		return
	}
	complete := true
	for i := range r.glyphs {
		g := &r.glyphs[i]
		at, ok := t.atlas.find(t.fonts, g.glyphID, g.key)
		g.picture, complete = at, complete && ok
	}
	if complete {
		r.generation = t.atlas.generation
	}
}

// Lacking reports whether a Chinese character was shown that the fonts do not
// have: it is time to fetch the full face.
func (u *UI) Lacking() bool { return u.letters.lacking }

func (u *UI) faceKey(style Style) faceKey {
	return faceKey{style.Face, uint16(max(4, style.Size*u.TextScale*u.scale*4+0.5))}
}

// Width is the first result of Measure.
func (u *UI) Width(s string, style Style) float32 {
	return u.letters.set(s, u.faceKey(style)).width / u.scale
}

// LineHeight is the distance between lines of a style.
func (u *UI) LineHeight(style Style) float32 { return style.Size * u.TextScale * lineHeight }

// Grow is how large something of n logical pixels must be to keep up with the text: rows, controls, icons.
func (u *UI) Grow(n float32) float32 { return n * max(1, u.TextScale) }

// baseline is how far below the top of a line box the letters stand. It follows from the height of capitals, which is nearly
// the same in all our faces, so that words and numbers set beside each other share their baseline.
func (u *UI) baseline(style Style) float32 {
	return u.LineHeight(style)/2 + style.Size*u.TextScale*0.365
}

// Text writes a line whose line box starts at (x, y) and returns its width.
func (u *UI) Text(x, y float32, s string, style Style, c Color) float32 {
	r := u.letters.set(s, u.faceKey(style))
	u.write(x, y, r, style, c)
	return r.width / u.scale
}

func (u *UI) write(x, y float32, r *run, style Style, c Color) {
	u.letters.place(r)
	left, base := round(x*u.scale), round((y+u.baseline(style))*u.scale)
	clip := &u.out.clip
	if base+2*style.Size*u.scale < clip.y0 || base-2*style.Size*u.scale*u.TextScale > clip.y1 || left > clip.x1 {
		return
	}
	for i := range r.glyphs {
		g := &r.glyphs[i]
		if g.w == 0 {
			continue
		}
		x, y := left+float32(g.pen+g.left), base+float32(g.top)
		u.out.glyph(x, y, &g.picture, 0, c)
		if g.heavy {
			// There is one weight of Chinese; a second print, moved by a fraction of a pixel, makes the heavier one.
			wide := g.picture
			wide.w++
			u.out.glyph(x+style.Size*u.TextScale*u.scale*0.035, y, &wide, 1, c)
		}
	}
}

// TextTurned writes a line centred on (cx, cy), turned clockwise by an angle in radians.
func (u *UI) TextTurned(cx, cy, angle float32, s string, style Style, c Color) {
	r := u.letters.set(s, u.faceKey(style))
	u.letters.place(r)
	sin64, cos64 := math.Sincos(float64(angle))
	sin, cos := float32(sin64), float32(cos64)
	p := paint{color: c, a: 1, w: modeGlyph}
	ox, oy := cx*u.scale, cy*u.scale
	if upright := sin > 0.999 || sin < -0.999; upright {
		p.a, ox, oy, sin, cos = 0, round(ox), round(oy), round(sin), 0
	}
	left, base := round(-r.width/2), round(style.Size*u.TextScale*0.365*u.scale)
	for i := range r.glyphs {
		g := &r.glyphs[i]
		if g.w == 0 {
			continue
		}
		var q [4]corner
		for j, k := range [4][2]float32{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
			w, h := k[0]*float32(g.w), k[1]*float32(g.h)
			lx, ly := left+float32(g.pen+g.left)+w, base+float32(g.top)+h
			q[j] = corner{ox + lx*cos - ly*sin, oy + lx*sin + ly*cos, float32(g.x) + w, float32(g.y) + h, 1}
		}
		u.out.quad(&q, p)
	}
}

// offsetAt returns the byte offset of s whose left edge is nearest to x logical pixels from the start.
func (u *UI) offsetAt(s string, style Style, x float32) int {
	r := u.letters.set(s, u.faceKey(style))
	x *= u.scale
	for i := range r.glyphs {
		end, next := r.width, len(s)
		if i+1 < len(r.glyphs) {
			end, next = r.glyphs[i+1].origin, int(r.glyphs[i+1].start)
		}
		if x < (r.glyphs[i].origin+end)/2 {
			return int(r.glyphs[i].start)
		}
		if x < end {
			return next
		}
	}
	return len(s)
}

// xAt returns where the byte offset of s stands, in logical pixels from the start.
func (u *UI) xAt(s string, style Style, offset int) float32 {
	r := u.letters.set(s, u.faceKey(style))
	for i := range r.glyphs {
		if int(r.glyphs[i].start) >= offset {
			return r.glyphs[i].origin / u.scale
		}
	}
	return r.width / u.scale
}
