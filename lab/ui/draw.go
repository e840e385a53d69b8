package ui

import (
	"bytes"
	"image"
	"time"
	"unsafe"

	"github.com/hajimehoshi/ebiten/v2"
)

// Draw puts the frame on the screen, whose size must be in device pixels. A
// frame that looks like the last one is left out, which spares the graphics card
// all work if the program has called ebiten.SetScreenClearedEveryFrame(false).
func (u *UI) Draw(screen *ebiten.Image) {
	u.draws = 0
	if !ebiten.IsScreenClearedEveryFrame() {
		on := canvas{screen.Bounds(), u.letters.atlas.generation}
		same := u.before.onScreen && on == u.canvas && u.looksAsBefore()
		u.onScreen, u.canvas = true, on
		if same && u.Now < u.drawnAt+time.Second {
			return // once a second it is drawn anyway: nobody tells us what became of the window
		}
		u.drawnAt = u.Now
		screen.Clear()
	}
	if u.shader == nil {
		shader, err := ebiten.NewShader([]byte(shaderSource))
		if err != nil {
			panic(err) // the source is ours
		}
		u.shader = shader
	}
	u.draws = len(u.letters.atlas.pending)
	u.letters.atlas.flush(u.letters.fonts)
	options := ebiten.DrawTrianglesShaderOptions{}
	options.Images[0] = u.letters.atlas.image
	for i := range u.layers {
		if b := &u.layers[i]; len(b.indices) > 0 {
			screen.DrawTrianglesShader32(b.vertices, b.indices, u.shader, &options)
			u.draws++
		}
	}
	if u.Cursor != u.cursor {
		u.cursor = u.Cursor
		ebiten.SetCursorShape(u.Cursor)
	}
}

// canvas is what a frame is drawn on, and with.
type canvas struct {
	bounds image.Rectangle
	glyphs int // how often they got other places
}

// former is the frame before, as far as it is needed to tell whether this one looks the same.
type former struct {
	layers   [layerCount]batch
	onScreen bool // it is what the screen shows
}

// keepFormer makes this frame the former one, before the next begins.
func (u *UI) keepFormer() {
	u.layers, u.before.layers = u.before.layers, u.layers
	u.before.onScreen, u.onScreen = u.onScreen, false
}

// looksAsBefore says whether this frame draws what the former drew. Frames in which something moves differ early, so that it is
// found out soon.
func (u *UI) looksAsBefore() bool {
	for i := range u.layers {
		a, b := &u.layers[i], &u.before.layers[i]
		if !bytes.Equal(memory(a.vertices), memory(b.vertices)) || !bytes.Equal(memory(a.indices), memory(b.indices)) {
			return false
		}
	}
	return true
}

// memory is the bytes of a slice of plain numbers.
func memory[T ebiten.Vertex | uint32](s []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(*new(T))))
}
