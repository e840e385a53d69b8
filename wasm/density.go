//go:build js

package main

import (
	"syscall/js"
	_ "unsafe" // for go:linkname

	"wirelab/wasm/page"
)

// The engine reads the pixel density once and keeps it. When the page is zoomed
// or dragged to another display it would go on drawing at the old one, so what
// it keeps is forgotten here. It has no other way in; a browser test changes the
// density and looks at the canvas, and sees it if a new engine has one.
//
//go:linkname theMonitor github.com/hajimehoshi/ebiten/v2/internal/ui.theMonitor
var theMonitor *struct{ deviceScaleFactor float64 }

// density returns the device pixels per CSS pixel, and lets the engine know when
// that changes.
func density() func() float32 {
	last := page.Scale()
	return func() float32 {
		now := page.Scale()
		if now != last && theMonitor != nil {
			last, theMonitor.deviceScaleFactor = now, 0
			window := js.Global()
			window.Call("dispatchEvent", window.Get("Event").New("resize"))
		}
		return float32(last)
	}
}
