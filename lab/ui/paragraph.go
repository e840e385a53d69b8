package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Align is where a line stands in its rectangle.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Middle
	Right
)

// TextIn writes one line in the middle of r's height. What does not fit is cut off and marked by an ellipsis.
func (u *UI) TextIn(r Rect, s string, style Style, align Align, c Color) float32 {
	run := u.letters.set(s, u.faceKey(style))
	if run.width > (r.W+0.01)*u.scale {
		run = u.letters.set(u.elide(s, style, r.W), u.faceKey(style))
	}
	w, x := run.width/u.scale, r.X
	switch align {
	case Middle:
		x += (r.W - w) / 2
	case Right:
		x += r.W - w
	}
	u.write(x, r.Y+(r.H-u.LineHeight(style))/2, run, style, c)
	return w
}

type elideKey struct {
	text  string
	face  faceKey
	width int32
}

// elide shortens s to a width in logical pixels.
func (u *UI) elide(s string, style Style, width float32) string {
	if s == "" || u.Width(s, style) <= width+0.01 {
		return s
	}
	key := elideKey{s, u.faceKey(style), int32(width * u.scale)}
	if short, ok := u.elided[key]; ok {
		return short
	}
	if len(u.elided) > maxRuns {
		clear(u.elided)
	}
	short := ""
	if room := width - u.Width("…", style); room >= 0 {
		end := u.offsetAt(s, style, room)
		for end > 0 && u.xAt(s, style, end) > room {
			_, size := utf8.DecodeLastRuneInString(s[:end])
			end -= size
		}
		short = strings.TrimRight(s[:end], " ") + "…"
	}
	key.text = strings.Clone(s)
	u.elided[key] = short
	return short
}

// Paragraph writes text in lines of r's width, from its top, and returns the height that they take. Lines beyond r are
// written too; push a clip to hide them.
func (u *UI) Paragraph(r Rect, s string, style Style, c Color) float32 {
	y := r.Y
	for _, line := range u.wrap(s, style, r.W) {
		u.Text(r.X, y, line, style, c)
		y += u.LineHeight(style)
	}
	return y - r.Y
}

// ParagraphHeight is the height that Paragraph would take.
func (u *UI) ParagraphHeight(s string, style Style, width float32) float32 {
	return float32(len(u.wrap(s, style, width))) * u.LineHeight(style)
}

// wrap breaks text into lines of at most the given width: at spaces, and between Chinese characters but not before closing or
// after opening punctuation. The result is cached and must not be changed.
func (u *UI) wrap(s string, style Style, width float32) []string {
	key := elideKey{s, u.faceKey(style), int32(width * u.scale)}
	if lines, ok := u.wrapped[key]; ok {
		return lines
	}
	if len(u.wrapped) > 500 {
		clear(u.wrapped)
	}
	var lines []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		lines = u.wrapLine(lines, paragraph, style, width)
	}
	key.text = strings.Clone(s)
	u.wrapped[key] = lines
	return lines
}

func (u *UI) wrapLine(lines []string, s string, style Style, width float32) []string {
	for {
		if u.Width(s, style) <= width {
			return append(lines, s)
		}
		limit := u.offsetAt(s, style, width)
		for limit > 0 && u.xAt(s, style, limit) > width {
			_, size := utf8.DecodeLastRuneInString(s[:limit])
			limit -= size
		}
		if limit == 0 {
			_, limit = utf8.DecodeRuneInString(s)
		}
		end := breakBefore(s, limit)
		lines = append(lines, strings.TrimRight(s[:end], " "))
		s = strings.TrimLeft(s[end:], " ")
		if s == "" {
			return lines
		}
	}
}

// breakBefore returns the last offset up to limit at which a line may end, or limit itself when a word is longer than a line.
func breakBefore(s string, limit int) int {
	for at := limit; at > 0; {
		before, size := utf8.DecodeLastRuneInString(s[:at])
		after, _ := utf8.DecodeRuneInString(s[at:])
		if mayBreak(before, after) {
			return at
		}
		at -= size
	}
	return limit
}

func mayBreak(before, after rune) bool {
	switch {
	case after == ' ':
		return true
	case before == ' ' || before == '-':
		return true
	case strings.ContainsRune("，。、；：？！）》」』】〉”’…%", after), strings.ContainsRune("（《「『【〈“‘", before):
		return false
	}
	return isWide(before) || isWide(after)
}

// isWide says whether a rune is a character that needs no space beside it.
func isWide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}
