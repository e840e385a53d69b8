//go:build js

// Command wasm is the browser program: it starts the lab in the page and connects the two.
package main

import (
	"image/color"
	"log"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/wasm/bridge"
	"wirelab/wasm/page"
)

// frame is the game until lab/app is there: it shows that the canvas works.
type frame struct{ shown bool }

func (f *frame) Update() error { return nil }

func (f *frame) Draw(screen *ebiten.Image) {
	screen.Fill(color.RGBA{0x0f, 0x14, 0x1b, 0xff})
	if !f.shown {
		f.shown = true
		page.Shown()
	}
}

func (f *frame) Layout(w, h int) (int, int) {
	scale := page.Scale()
	return int(float64(w) * scale), int(float64(h) * scale)
}

func main() {
	session := notYet{}
	contract := bridge.New(session, func() any { return struct{}{} })
	openFirst(session, page.ReadQuery())
	keepWork(session, func(err error) { log.Print("autosave: ", err) })
	page.WatchKeys()
	page.Started(contract.Func())
	page.FocusCanvas()
	if err := ebiten.RunGame(&frame{}); err != nil {
		log.Fatal(err)
	}
}
