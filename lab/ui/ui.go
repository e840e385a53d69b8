// Package ui is the widget toolkit of the lab, on Ebitengine: immediate mode, a draw call for each part that changed, no knowledge of networks.
//
// Start with gallery/main.go, which shows every widget, then read on here. A frame is
//
//	u.Begin(reader.Read(now, scale), width, height, scale)
//	bar := screen.CutTop(44)
//	if u.Button(bar.CutLeft(80), "save", "Save", ui.Opt{Key: "S"}) { … }
//	u.End()
//	u.Draw(screenImage)
//
// Where things are: geom.go (layout by cutting rectangles), tokens.go (colours, type, spacing), shader.go, batch.go, shape.go,
// sheet.go and draw.go (how pixels come about), fonts.go, atlas.go, text.go and paragraph.go (words), input.go and reader.go (what the user does),
// node.go, pointer.go, focus.go and tree.go (how a widget meets the pointer, the keyboard,
// tests and screen readers), then one file for each widget.
//
// Everything up to Draw works without a display, so widgets are tested by feeding Input and reading Tree.
package ui

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// UI is the state of the toolkit between frames. Make one with New.
type UI struct {
	// Theme holds the colours; assign Dark or Light at any time.
	Theme Theme
	// TextScale makes all text larger or smaller, 0.8 to 2.
	TextScale float32
	// Foot is how much of the foot of the window messages leave free.
	Foot float32
	// ReduceMotion stops everything that moves only to please.
	ReduceMotion bool
	// Words are what widgets call parts of their own, in the language of the window.
	Words Words
	// Now is the clock of the current frame, for animation of widgets only.
	Now time.Duration
	// Input is what the current frame reacts to.
	Input *Input
	// Cursor is the shape that the pointer should have after this frame.
	Cursor ebiten.CursorShapeType
	// Clipboard is where copy and paste go. The default works inside the program only.
	Clipboard Clipboard
	// Bridge, when set, is where text comes from instead of the keyboard: the hidden text area of a web page.
	Bridge TextBridge

	scale   float32
	screen  Rect
	letters typesetter
	area    scrollArea
	elided  map[elideKey]string
	wrapped map[elideKey][]string
	layers  [layerCount]batch
	sheets  []*batch // between the base and the other layers
	out     *batch   // the layer or sheet that is written to
	outs    []*batch // those that were before sheets
	shader  *ebiten.Shader
	options ebiten.DrawTrianglesShaderOptions
	cursor  ebiten.CursorShapeType

	ids    []ID // the path to where we are
	names  map[ID]string
	recent [1 << 10]naming
	states map[ID]*stateBox
	frame  int

	nodes   []Node // of this frame
	shown   []Node // of the last one
	parent  int
	hits    []hit
	oldHits []hit
	focuses []ID // what can be focused, in order
	modal   int  // how deep in dialogs and menus we are
	top     int  // the deepest of the last frame
	newTop  int
	dialog  Rect // of this frame; none: no width

	pointer pointer
	focus   focus
	queue   []action // asked for by Do
	acting  []action // being carried out in this frame
	tip     tip
	toasts  []toast
	menu    openMenu
	text    textSession
	lively  bool
	held    heldKeys

	draws     int // what the last Draw asked of the engine
	before    former
	onScreen  bool // this frame was drawn, or is no other than what was
	canvas    canvas
	paintedAt time.Duration
}

// Words are the names of what widgets add by themselves. Without them such a part is called as the widget is.
type Words struct {
	Close     string // the cross of a dialog
	ScrollBar string // with {0} for what it scrolls
}

type stateBox struct {
	value any
	frame int
}

// The layers, from the back to the front.
const (
	layerBase  = iota
	layerFloat // grips that lie over the panels on both sides
	layerOverlay
	layerTop // tooltips and toasts
	layerCount
)

// New prepares a toolkit that writes with the given fonts.
func New(fonts *Fonts) *UI {
	u := &UI{
		Theme: Dark, TextScale: 1, scale: 1, Clipboard: &memoryClipboard{},
		elided: map[elideKey]string{}, wrapped: map[elideKey][]string{},
		names: map[ID]string{}, states: map[ID]*stateBox{},
	}
	u.letters = typesetter{fonts: fonts, version: -1}
	u.out = &u.layers[layerBase]
	return u
}

// Begin starts a frame. Width and height are in logical pixels, scale is device pixels per logical pixel.
func (u *UI) Begin(in *Input, w, h, scale float32) Rect {
	u.frame++
	u.Input, u.Now, u.scale = in, in.Now, max(scale, 0.25)
	u.TextScale = clamp(u.TextScale, 0.8, 2)
	u.screen = Rect{0, 0, w, h}
	u.letters.begin()
	u.keepFormer()
	for i := range u.layers {
		u.layers[i].reset(bounds{0, 0, w * u.scale, h * u.scale})
	}
	u.out, u.sheets, u.outs = &u.layers[layerBase], u.sheets[:0], u.outs[:0]
	u.ids = append(u.ids[:0], 1)
	if len(u.names) > 100_000 {
		clear(u.recent[:])
		clear(u.names) // rows of long lists were scrolled through; the names that are needed come back in this frame
	}
	u.nodes, u.shown = u.shown[:0], u.nodes
	u.hits, u.oldHits = u.oldHits[:0], u.hits
	u.parent, u.modal, u.top, u.newTop = -1, 0, u.newTop, 0
	u.dialog = Rect{}
	u.acting, u.queue = u.queue, u.acting[:0]
	u.Cursor, u.lively = ebiten.CursorShapeDefault, false
	u.updatePointer()
	u.holdKeys()
	u.updateFocus()
	u.updateText()
	u.focuses = u.focuses[:0]
	return u.screen
}

// End finishes a frame: tooltips and toasts, and the state of widgets that are gone is forgotten.
func (u *UI) End() {
	u.drawToasts()
	u.drawTip()
	u.endText()
	if u.frame%300 != 0 {
		return
	}
	for id, box := range u.states {
		if u.frame-box.frame > 1200 {
			delete(u.states, id)
		}
	}
}

// Screen is the whole window.
func (u *UI) Screen() Rect { return u.screen }

// Scale is device pixels per logical pixel.
func (u *UI) Scale() float32 { return u.scale }

// Stats counts what the frame was made of. Painted are the triangles that Draw did not leave out.
type Stats struct{ Vertices, Triangles, Painted, Nodes, Runs, Glyphs, Draws int }

// Stats returns the counts of the current frame.
func (u *UI) Stats() Stats {
	s := Stats{Nodes: len(u.nodes), Runs: len(u.letters.runs), Glyphs: len(u.letters.atlas.pictures), Draws: u.draws}
	u.each(func(b *batch) {
		b.runs(func(vertices []ebiten.Vertex, indices []uint32) {
			s.Vertices += len(vertices)
			s.Triangles += len(indices) / 3
			if b.painted {
				s.Painted += len(indices) / 3
			}
		})
	})
	return s
}

// PushClip confines drawing and pointing to r until PopClip.
func (u *UI) PushClip(r Rect) {
	u.out.pushClip(u.device(r))
}

// device is the rectangle of device pixels nearest to r.
func (u *UI) device(r Rect) bounds {
	cx, cy, hw, hh := u.snap(r)
	return bounds{cx - hw, cy - hh, cx + hw, cy + hh}
}

// PopClip undoes the last PushClip.
func (u *UI) PopClip() { u.out.popClip() }

// clipRect is the current clip in logical pixels.
func (u *UI) clipRect() Rect {
	c := u.out.clip
	return Rect{c.x0 / u.scale, c.y0 / u.scale, Most(0, c.x1-c.x0) / u.scale, Most(0, c.y1-c.y0) / u.scale}
}

// Visible says whether any of r can be seen, so that the rest need not be built.
func (u *UI) Visible(r Rect) bool { return !r.Intersect(u.clipRect()).Empty() }

// Overlay draws what f draws above everything else and outside all clips: menus, popups, dialogs.
func (u *UI) Overlay(f func()) {
	before := u.out
	u.out = &u.layers[layerOverlay]
	u.out.pushClip(bounds{0, 0, u.screen.W * u.scale, u.screen.H * u.scale})
	f()
	u.out.popClip()
	u.out = before
}

func (u *UI) layer() int {
	for i := range u.layers {
		if u.out == &u.layers[i] {
			return i
		}
	}
	return layerBase
}

// stateIn returns the memory of a widget under the current path, made by its zero value at first.
func stateIn[T any](u *UI, id string) *T { return stateOf[T](u, u.id(id)) }

func stateOf[T any](u *UI, id ID) *T {
	if box, ok := u.states[id]; ok {
		if v, ok := box.value.(*T); ok {
			box.frame = u.frame
			return v
		}
	}
	v := new(T)
	u.states[id] = &stateBox{v, u.frame}
	return v
}

// ease moves a remembered number towards target within the given time, faster at first, and returns it. The result depends on
// the clock, not on the number of frames.
func (u *UI) ease(id string, target float32, over time.Duration) float32 {
	type ease struct {
		from, to float32
		start    time.Duration
		begun    bool
	}
	e := stateOf[ease](u, u.id(id)+1)
	if !e.begun {
		*e = ease{target, target, u.Now - over, true}
	}
	t := clamp(float32(u.Now-e.start)/float32(max(over, 1)), 0, 1)
	at := e.from + (e.to-e.from)*(1-(1-t)*(1-t)*(1-t))
	if target != e.to {
		*e = ease{at, target, u.Now, true}
		t = 0
	}
	if u.ReduceMotion {
		return target
	}
	u.lively = u.lively || t < 1
	return at
}
