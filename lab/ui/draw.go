package ui

import (
	"encoding/binary"
	"image"
	"time"
	"unsafe"

	"github.com/cespare/xxhash/v2"
	"github.com/hajimehoshi/ebiten/v2"
)

// Draw puts the frame on the screen, whose size must be in device pixels. A
// frame that looks like the last one is left out, which spares the graphics card
// all work if the program has called ebiten.SetScreenClearedEveryFrame(false).
func (u *UI) Draw(screen *ebiten.Image) {
	u.draws = 0
	if !ebiten.IsScreenClearedEveryFrame() {
		look := u.look(screen.Bounds())
		if look == u.drawn && u.Now < u.drawnAt+time.Second {
			return // once a second it is drawn anyway: nobody tells us what became of the window
		}
		u.drawn, u.drawnAt = look, u.Now
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

// look is a hash of all that Draw would draw.
func (u *UI) look(screen image.Rectangle) uint64 {
	d := xxhash.New()
	var head [24]byte
	for i, v := range [...]int{screen.Dx(), screen.Dy(), u.letters.atlas.generation} {
		binary.LittleEndian.PutUint64(head[8*i:], uint64(v))
	}
	d.Write(head[:])
	for i := range u.layers {
		d.Write(memory(u.layers[i].vertices))
		d.Write(memory(u.layers[i].indices))
	}
	return d.Sum64()
}

// memory is the bytes of a slice of plain numbers.
func memory[T ebiten.Vertex | uint32](s []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(*new(T))))
}
