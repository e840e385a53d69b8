package ui

import (
	"image"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// Draw puts the frame on the screen, whose size must be in device pixels. What of it looks like the last one is left out, which
// spares the graphics card all work while nothing moves, if the program has called ebiten.SetScreenClearedEveryFrame(false).
func (u *UI) Draw(screen *ebiten.Image) {
	u.draws = 0
	cleared, on := ebiten.IsScreenClearedEveryFrame(), canvas{screen.Bounds(), u.letters.atlas.generation}
	// Once a second all is painted anyway: nobody tells us what became of the window.
	late := u.Now >= u.paintedAt+time.Second
	u.choose(cleared || late || on != u.canvas || !u.before.onScreen)
	u.onScreen, u.canvas = true, on
	if u.layers[layerBase].painted && !cleared {
		u.paintedAt = u.Now
		screen.Clear()
	}
	u.draws = len(u.letters.atlas.pending)
	u.each(func(b *batch) {
		if b.painted {
			u.paint(screen, b)
		}
	})
	if u.Cursor != u.cursor {
		u.cursor = u.Cursor
		ebiten.SetCursorShape(u.Cursor)
	}
}

// DrawWhole puts all of the frame on an image of the same size, whatever that shows.
func (u *UI) DrawWhole(on *ebiten.Image) {
	u.each(func(b *batch) { u.paint(on, b) })
}

// each goes through what a frame consists of, from the back to the front.
func (u *UI) each(f func(*batch)) {
	f(&u.layers[layerBase])
	for _, b := range u.sheets {
		f(b)
	}
	for i := layerBase + 1; i < layerCount; i++ {
		f(&u.layers[i])
	}
}

func (u *UI) paint(on *ebiten.Image, b *batch) {
	if len(b.indices) == 0 && len(b.splices) == 0 {
		return
	}
	if u.shader == nil {
		shader, err := ebiten.NewShader([]byte(shaderSource))
		if err != nil {
			panic(err) // the source is ours
		}
		u.shader = shader
	}
	u.letters.atlas.flush(u.letters.fonts)
	u.options.Images[0] = u.letters.atlas.image
	b.runs(func(vertices []ebiten.Vertex, indices []uint32) {
		if len(indices) > 0 {
			on.DrawTrianglesShader32(vertices, indices, u.shader, &u.options)
			u.draws++
		}
	})
}

// canvas is what a frame is drawn on, and with.
type canvas struct {
	bounds image.Rectangle
	glyphs int // how often they got other places
}
