package ui

// Color is 0xRRGGBBAA, not premultiplied.
type Color uint32

// RGB makes an opaque colour of 0xRRGGBB.
func RGB(hex uint32) Color { return Color(hex<<8 | 0xff) }

// Alpha returns the colour with its opacity multiplied by a, 0 to 1.
func (c Color) Alpha(a float32) Color {
	return c&^0xff | Color(float32(c&0xff)*clamp(a, 0, 1)+0.5)
}

// Mix goes from c to o as t goes from 0 to 1.
func (c Color) Mix(o Color, t float32) Color {
	var out Color
	for shift := 0; shift < 32; shift += 8 {
		a, b := float32(c>>shift&0xff), float32(o>>shift&0xff)
		out |= Color(a+(b-a)*clamp(t, 0, 1)+0.5) << shift
	}
	return out
}

// premultiplied returns the colour as the shader wants it.
func (c Color) premultiplied() (r, g, b, a float32) {
	a = float32(c&0xff) / 255
	k := a / 255
	return float32(c>>24&0xff) * k, float32(c>>16&0xff) * k, float32(c>>8&0xff) * k, a
}

// Theme is the set of colours of the lab. Chrome is grey; colour is kept for facts. The names of the five kinds of segment are
// only names here: this package does not know what they mean.
type Theme struct {
	Dark bool

	Bg, Stage, Panel, Raised Color // surfaces, from the back to the front
	Line, LineStrong         Color // rules and borders
	Text, Dim, Faint         Color // words; Faint is never for what must be read

	Syn, Ack, Data, Fin, Rst Color // kinds of segment, and the states they lead to
	Ok, Warn, Focus          Color // delivered, retransmitted, selected

	Accent, OnAccent Color // the one primary action, and words on it
	Shadow, Scrim    Color // under floating cards; behind dialogs
}

// Dark is the theme for screens.
var Dark = Theme{
	Dark: true,
	Bg:   RGB(0x0d1117), Stage: RGB(0x0f141b), Panel: RGB(0x151b23), Raised: RGB(0x1c2430),
	Line: RGB(0x273140), LineStrong: RGB(0x344052),
	Text: RGB(0xe8edf4), Dim: RGB(0x93a1b3), Faint: RGB(0x5d6b7e),
	Syn: RGB(0xf2b632), Ack: RGB(0x8fa3bd), Data: RGB(0x4fb4ff), Fin: RGB(0xb692ff), Rst: RGB(0xff6b57),
	Ok: RGB(0x4fd1a5), Warn: RGB(0xff9d42), Focus: RGB(0x6ee7ff),
	Accent: RGB(0x4fb4ff), OnAccent: RGB(0x0a1420),
	Shadow: 0x00000073, Scrim: 0x05080c99,
}

// Light is the theme for projectors and paper.
var Light = Theme{
	Bg: RGB(0xf3f5f8), Stage: RGB(0xfbfcfd), Panel: RGB(0xffffff), Raised: RGB(0xeef2f6),
	Line: RGB(0xdbe2ea), LineStrong: RGB(0xc3cedb),
	Text: RGB(0x18212d), Dim: RGB(0x566577), Faint: RGB(0x8b99aa),
	Syn: RGB(0xb97900), Ack: RGB(0x60748c), Data: RGB(0x0b73c9), Fin: RGB(0x7547d8), Rst: RGB(0xcf3520),
	Ok: RGB(0x0e8a63), Warn: RGB(0xc55f00), Focus: RGB(0x0a84a5),
	Accent: RGB(0x0b73c9), OnAccent: RGB(0xffffff),
	Shadow: 0x1f2d3d2e, Scrim: 0x18212d59,
}

// On returns the colour of words that stand on a fill of colour c: white in the light theme where it can be read, else the end
// that can be read better.
func (t *Theme) On(c Color) Color {
	dark, light := RGB(0x04080d), RGB(0xffffff)
	onLight := contrast(light, c)
	if !t.Dark && onLight >= 4.5 || onLight > contrast(dark, c) {
		return light
	}
	return dark
}

// Block is the fill for a solid block of colour c with words on it, as a capsule: in the light theme c is taken towards black
// until white words can be read on it.
func (t *Theme) Block(c Color) Color {
	for k := float32(0); !t.Dark && k < 1; k += 0.04 {
		if fill := c.Mix(RGB(0), k); contrast(RGB(0xffffff), fill) >= 4.5 {
			return fill
		}
	}
	return c
}

// Tint is a quiet fill for a chip or badge of colour c on the panel.
func (t *Theme) Tint(c Color) Color {
	if t.Dark {
		return t.Panel.Mix(c, 0.24)
	}
	return t.Panel.Mix(c, 0.16)
}

// OnTint is the colour of words on Tint(c): the colour itself, taken towards the text where it would be too weak to read.
func (t *Theme) OnTint(c Color) Color {
	fill := t.Tint(c)
	for k := float32(0); k <= 1; k += 0.125 {
		if mixed := c.Mix(t.Text, k); contrast(mixed, fill) >= 4.5 {
			return mixed
		}
	}
	return t.Text
}

// Spacing, on a grid of four, radii and the heights of controls, in logical pixels.
const (
	Space1 = 4
	Space2 = 8
	Space3 = 12
	Space4 = 16
	Space6 = 24

	RadiusSmall   = 4
	RadiusControl = 6
	RadiusCard    = 12

	ControlHeight = 32
	RowHeight     = 24
	TabHeight     = 36
)

// Face is a typeface and weight.
type Face uint8

// The faces. Each falls back to the Chinese one.
const (
	Sans Face = iota
	SansBold
	Mono
	MonoBold
	faceCount
)

// Style is how text is set: a face and a size in logical pixels at text scale 1.
type Style struct {
	Face Face
	Size float32
}

// The type scale.
var (
	Tiny  = Style{Sans, 11}
	Small = Style{Sans, 12}
	Body  = Style{Sans, 13}
	Lead  = Style{Sans, 15}

	SmallBold = Style{SansBold, 12}
	BodyBold  = Style{SansBold, 13}
	Title     = Style{SansBold, 15}
	Heading   = Style{SansBold, 17}

	CodeTiny  = Style{Mono, 11}
	CodeSmall = Style{Mono, 12}
	Code      = Style{Mono, 13}
	CodeBold  = Style{MonoBold, 13}
	Clock     = Style{MonoBold, 17}
)

// Bold returns the style in its heavier weight.
func (s Style) Bold() Style {
	s.Face |= 1
	return s
}

const lineHeight = 1.35
