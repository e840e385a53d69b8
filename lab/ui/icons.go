package ui

import "math"

// Icon is a small picture made of strokes, so that no icon font is needed.
type Icon uint8

// The icons.
const (
	NoIcon Icon = iota
	IconPlay
	IconPause
	IconStep
	IconSkipBack
	IconSkipForward
	IconBack
	IconSearch
	IconOpen
	IconSave
	IconShare
	IconSun
	IconMoon
	IconExpand
	IconClose
	IconPlus
	IconMinus
	IconCheck
	IconMore
	IconInfo
	IconWarn
	IconEdit
	IconUndo
	IconBranch
	IconTerminal
	IconChevronDown
	IconChevronRight
	IconChevronUp
	IconChevronLeft
	IconHost
	IconSwitch
	IconRouter
	IconCloud
	IconLink
	iconCount
)

// pen draws on a grid of 16 by 16.
type pen struct {
	u     *UI
	x, y  float32
	k     float32
	width float32
	c     Color
}

func (p pen) line(points ...float32) {
	for i := 2; i+1 < len(points); i += 2 {
		p.u.Line(p.x+points[i-2]*p.k, p.y+points[i-1]*p.k, p.x+points[i]*p.k, p.y+points[i+1]*p.k, p.width, p.c)
	}
}

func (p pen) solid(points ...float32) {
	var corners [8]Point
	n := 0
	for i := 0; i+1 < len(points); i += 2 {
		corners[n] = Point{p.x + points[i]*p.k, p.y + points[i+1]*p.k}
		n++
	}
	p.u.Poly(corners[:n], p.c)
}

func (p pen) box(x, y, w, h, radius float32) {
	p.u.RoundStroke(Rect{p.x + x*p.k, p.y + y*p.k, w * p.k, h * p.k}, radius*p.k, p.width, p.c)
}

func (p pen) bar(x, y, w, h float32) {
	p.u.RoundFill(Rect{p.x + x*p.k, p.y + y*p.k, w * p.k, h * p.k}, 0.6*p.k, p.c)
}

func (p pen) ring(x, y, radius float32) {
	p.u.Ring(p.x+x*p.k, p.y+y*p.k, radius*p.k, p.width, p.c)
}

func (p pen) dot(x, y, radius float32) { p.u.Circle(p.x+x*p.k, p.y+y*p.k, radius*p.k, p.c) }

func (p pen) arc(x, y, radius, from, to float32) {
	p.u.Arc(p.x+x*p.k, p.y+y*p.k, radius*p.k, p.width, from, to, p.c)
}

// DrawIcon draws an icon into the largest square of r.
func (u *UI) DrawIcon(r Rect, icon Icon, c Color) {
	size := min(r.W, r.H)
	r = r.Center(size, size)
	if icon == NoIcon || int(icon) >= len(iconDrawings) || !u.Visible(r) {
		return
	}
	k := size / 16
	iconDrawings[icon](pen{u, r.X, r.Y, k, max(1.4*k, u.Pixel()), c})
}

var iconDrawings = [iconCount]func(pen){
	NoIcon:          func(pen) {},
	IconPlay:        func(p pen) { p.solid(4.5, 2.5, 13, 8, 4.5, 13.5) },
	IconPause:       func(p pen) { p.bar(4, 3, 2.8, 10); p.bar(9.2, 3, 2.8, 10) },
	IconStep:        func(p pen) { p.solid(3, 3, 10, 8, 3, 13); p.bar(11.2, 3, 1.8, 10) },
	IconSkipBack:    func(p pen) { p.solid(13, 3, 13, 13, 6, 8); p.bar(3, 3, 1.8, 10) },
	IconSkipForward: func(p pen) { p.solid(1.5, 3, 8, 8, 1.5, 13); p.solid(8, 3, 14.5, 8, 8, 13) },
	IconBack:        func(p pen) { p.solid(11.5, 3, 11.5, 13, 4, 8) },
	IconSearch:      func(p pen) { p.ring(7, 7, 4.6); p.line(10.4, 10.4, 14, 14) },
	IconOpen: func(p pen) {
		p.line(2, 12.5, 2, 3.5, 6, 3.5, 7.5, 5.5, 13, 5.5, 13, 7.5)
		p.line(2, 12.5, 4.2, 7.5, 14.6, 7.5, 12.6, 12.5, 2, 12.5)
	},
	IconSave: func(p pen) {
		p.line(8, 2, 8, 10, 4.8, 6.8)
		p.line(8, 10, 11.2, 6.8)
		p.line(2.5, 10.5, 2.5, 13.5, 13.5, 13.5, 13.5, 10.5)
	},
	IconShare: func(p pen) {
		p.line(8, 10, 8, 2, 4.8, 5.2)
		p.line(8, 2, 11.2, 5.2)
		p.line(2.5, 9, 2.5, 13.5, 13.5, 13.5, 13.5, 9)
	},
	IconSun:  drawSun,
	IconMoon: drawMoon,
	IconExpand: func(p pen) {
		p.line(9.5, 2.5, 13.5, 2.5, 13.5, 6.5)
		p.line(13.5, 2.5, 9.5, 6.5)
		p.line(6.5, 13.5, 2.5, 13.5, 2.5, 9.5)
		p.line(2.5, 13.5, 6.5, 9.5)
	},
	IconClose: func(p pen) { p.line(4, 4, 12, 12); p.line(12, 4, 4, 12) },
	IconPlus:  func(p pen) { p.line(8, 3, 8, 13); p.line(3, 8, 13, 8) },
	IconMinus: func(p pen) { p.line(3, 8, 13, 8) },
	IconCheck: func(p pen) { p.line(3, 8.5, 6.5, 12, 13, 4.5) },
	IconMore:  func(p pen) { p.dot(3, 8, 1.3); p.dot(8, 8, 1.3); p.dot(13, 8, 1.3) },
	IconInfo:  func(p pen) { p.ring(8, 8, 6.5); p.line(8, 7.5, 8, 11); p.dot(8, 5, 0.9) },
	IconWarn: func(p pen) {
		p.line(8, 2.5, 14.2, 13.3, 1.8, 13.3, 8, 2.5)
		p.line(8, 6.5, 8, 9.5)
		p.dot(8, 11.4, 0.8)
	},
	IconEdit: func(p pen) { p.line(3, 13, 3.8, 9.8, 10.8, 2.8, 13.2, 5.2, 6.2, 12.2, 3, 13) },
	IconUndo: func(p pen) {
		p.line(6, 3, 3, 6, 6, 9)
		p.line(3, 6, 9.5, 6)
		p.arc(9.5, 9.5, 3.5, -math.Pi/2, math.Pi/2)
		p.line(9.5, 13, 6, 13)
	},
	IconBranch: func(p pen) {
		p.ring(4, 3.5, 1.9)
		p.ring(4, 12.5, 1.9)
		p.ring(12, 5.5, 1.9)
		p.line(4, 5.5, 4, 10.5)
		p.line(12, 7.5, 11, 9, 4, 9.8)
	},
	IconTerminal: func(p pen) {
		p.box(1.5, 2.5, 13, 11, 2)
		p.line(4.3, 6, 6.5, 8, 4.3, 10)
		p.line(8, 10.2, 11, 10.2)
	},
	IconChevronDown:  func(p pen) { p.line(4, 6, 8, 10, 12, 6) },
	IconChevronRight: func(p pen) { p.line(6, 4, 10, 8, 6, 12) },
	IconChevronUp:    func(p pen) { p.line(4, 10, 8, 6, 12, 10) },
	IconChevronLeft:  func(p pen) { p.line(10, 4, 6, 8, 10, 12) },
	IconHost:         func(p pen) { p.box(2, 2.5, 12, 8.5, 1.5); p.line(8, 11, 8, 13.5); p.line(5, 13.5, 11, 13.5) },
	IconSwitch: func(p pen) {
		p.box(1.5, 4.5, 13, 7, 1.5)
		p.dot(4.5, 8, 0.9)
		p.dot(8, 8, 0.9)
		p.dot(11.5, 8, 0.9)
	},
	IconRouter: func(p pen) {
		p.ring(8, 8, 6.3)
		p.line(8, 4, 8, 12)
		p.line(4, 8, 12, 8)
		p.line(6.6, 5.4, 8, 4, 9.4, 5.4)
		p.line(6.6, 10.6, 8, 12, 9.4, 10.6)
	},
	IconCloud: func(p pen) {
		p.arc(5, 9, 3, math.Pi/2, math.Pi*1.42)
		p.arc(8.4, 6.8, 3.6, math.Pi*1.05, math.Pi*1.86)
		p.arc(11.6, 9.4, 2.6, -math.Pi*0.46, math.Pi/2)
		p.line(5, 12, 11.6, 12)
	},
	IconLink: func(p pen) { p.dot(3, 8, 1.8); p.dot(13, 8, 1.8); p.line(3, 8, 13, 8) },
}

func drawSun(p pen) {
	p.ring(8, 8, 3.2)
	for i := range 8 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 4)
		s, c := float32(sin), float32(cos)
		p.line(8+5.2*c, 8+5.2*s, 8+6.8*c, 8+6.8*s)
	}
}

// drawMoon joins two arcs at the tips of the crescent.
func drawMoon(p pen) {
	p.arc(8, 8, 5.6, 0.10*math.Pi, 1.40*math.Pi)
	p.arc(10.6, 5.4, 4.6, 0.30*math.Pi, 1.20*math.Pi)
}
