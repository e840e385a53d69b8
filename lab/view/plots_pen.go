package view

import (
	"fmt"
	"html"
	"strings"

	"wirelab/lab/ui"
)

// pen is what charts are drawn with: on the screen, or into a file.
type pen interface {
	clip(r ui.Rect)
	unclip()
	fill(r ui.Rect, c ui.Color)
	disc(x, y, radius float32, c ui.Color)
	// begin, to and end draw a line from corner to corner. A dash of zero is a solid line.
	begin(c ui.Color, width float32, d dash)
	to(x, y float32)
	end()
	text(r ui.Rect, s string, style ui.Style, align ui.Align, c ui.Color)
}

// dash is a pattern: how long it is drawn, and how long not.
type dash struct{ on, off float32 }

func line(p pen, x0, y0, x1, y1, width float32, c ui.Color) {
	p.begin(c, width, dash{})
	p.to(x0, y0)
	p.to(x1, y1)
	p.end()
}

// screenPen draws on the screen.
type screenPen struct {
	u     *ui.UI
	c     ui.Color
	width float32
	d     dash
	x, y  float32
	begun bool
	way   float32 // so far, for the pattern to go on around corners
	rise  reach32 // of what goes up and down at x and is not drawn yet
	from  float32 // where a step to x began that is not drawn yet,
	owed  bool    // if there is one
}

// reach32 is a stretch of a column of pixels; empty where it has no length.
type reach32 struct{ top, bottom float32 }

func (p *screenPen) clip(r ui.Rect)                        { p.u.PushClip(r) }
func (p *screenPen) unclip()                               { p.u.PopClip() }
func (p *screenPen) fill(r ui.Rect, c ui.Color)            { p.u.Fill(r, c) }
func (p *screenPen) disc(x, y, radius float32, c ui.Color) { p.u.Circle(x, y, radius, c) }
func (p *screenPen) end()                                  { p.stand() }

func (p *screenPen) begin(c ui.Color, width float32, d dash) {
	p.c, p.width, p.d, p.begun, p.way = c, width, d, false, 0
}

func (p *screenPen) to(x, y float32) {
	switch {
	case !p.begun:
		p.rise = reach32{y, y}
	case p.d.on > 0:
		p.u.Dash(p.x, p.y, x, y, p.width, p.d.on, p.d.off, p.way, p.c)
		p.way += abs(x-p.x) + abs(y-p.y) // lines with patterns go along the axes
	case x == p.x && p.c&0xff == 0xff: // where it goes up and down is one stroke, and cannot be told from several
		p.rise = reach32{min(p.rise.top, y), max(p.rise.bottom, y)}
	default:
		next := p.rise.top < p.rise.bottom && y == p.y && x-p.x <= p.width && p.c&0xff == 0xff // strokes that touch need no step between
		p.stand()
		if p.from, p.owed = p.x, next; !next {
			p.u.Line(p.x, p.y, x, y, p.width, p.c)
		}
		p.rise = reach32{y, y}
	}
	p.x, p.y, p.begun = x, y, true
}

// stand draws what goes up and down, or the step that led to where nothing does.
func (p *screenPen) stand() {
	switch {
	case p.d.on > 0:
	case p.rise.top < p.rise.bottom:
		p.u.Line(p.x, p.rise.top, p.x, p.rise.bottom, p.width, p.c)
	case p.owed:
		p.u.Line(p.from, p.y, p.x, p.y, p.width, p.c)
	}
	p.rise, p.owed = reach32{}, false
}

func (p *screenPen) text(r ui.Rect, s string, style ui.Style, align ui.Align, c ui.Color) {
	p.u.TextIn(r, s, style, align, c)
}

// svgPen writes a picture that scales: every line is one path.
type svgPen struct {
	scale float32 // of text
	out   strings.Builder
	clips int
	style string // of the path that is open
	path  []byte
	last  string
}

func (p *svgPen) clip(r ui.Rect) {
	p.clips++
	fmt.Fprintf(&p.out, "<clipPath id=\"c%d\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></clipPath><g clip-path=\"url(#c%d)\">\n", p.clips, r.X, r.Y, r.W, r.H, p.clips)
}

func (p *svgPen) unclip() { p.out.WriteString("</g>\n") }

func (p *svgPen) fill(r ui.Rect, c ui.Color) {
	fmt.Fprintf(&p.out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" %s/>\n", r.X, r.Y, r.W, max(r.H, 0.5), svgColor("fill", c))
}

func (p *svgPen) disc(x, y, radius float32, c ui.Color) {
	fmt.Fprintf(&p.out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" %s/>\n", x, y, radius, svgColor("fill", c))
}

func (p *svgPen) begin(c ui.Color, width float32, d dash) {
	p.style = fmt.Sprintf("%s stroke-width=\"%.1f\"", svgColor("stroke", c), width)
	if d.on > 0 {
		p.style += fmt.Sprintf(" stroke-dasharray=\"%.0f %.0f\"", d.on, d.off)
	}
	p.path, p.last = p.path[:0], ""
}

func (p *svgPen) to(x, y float32) {
	place := fmt.Sprintf("%.1f %.1f", x, y)
	switch {
	case len(p.path) == 0:
		p.path = append(append(p.path, 'M'), place...)
	case place != p.last:
		p.path = append(append(p.path, 'L'), place...)
	}
	p.last = place
}

func (p *svgPen) end() {
	if len(p.path) > 0 {
		fmt.Fprintf(&p.out, "<path d=\"%s\" fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\" %s/>\n", p.path, p.style)
	}
}

func (p *svgPen) text(r ui.Rect, s string, style ui.Style, align ui.Align, c ui.Color) {
	x, anchor := r.X, "start"
	switch align {
	case ui.Middle:
		x, anchor = r.X+r.W/2, "middle"
	case ui.Right:
		x, anchor = r.Right(), "end"
	}
	family := "Inter, 'Noto Sans SC', sans-serif"
	if style.Face&^1 == ui.Mono {
		family = "'JetBrains Mono', 'Noto Sans SC', monospace"
	}
	weight, size := "", style.Size*p.scale
	if style.Face&1 != 0 {
		weight = ` font-weight="600"`
	}
	fmt.Fprintf(&p.out, "<text x=\"%.1f\" y=\"%.1f\" font-family=\"%s\" font-size=\"%.1f\" text-anchor=\"%s\"%s %s>%s</text>\n",
		x, r.Y+r.H/2+size*0.365, family, size, anchor, weight, svgColor("fill", c), html.EscapeString(s))
}

// picture returns the file: what was drawn inside a page.
func (p *svgPen) picture(page ui.Rect, title string) []byte {
	head := fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"%.0f %.0f %.0f %.0f\">\n<title>%s</title>\n",
		page.W, page.H, page.X, page.Y, page.W, page.H, html.EscapeString(title))
	return []byte(head + p.out.String() + "</svg>\n")
}

func svgColor(what string, c ui.Color) string {
	s := fmt.Sprintf("%s=\"#%06x\"", what, uint32(c)>>8)
	if a := uint32(c) & 0xff; a < 0xff {
		s += fmt.Sprintf(" %s-opacity=\"%.2f\"", what, float64(a)/255)
	}
	return s
}
