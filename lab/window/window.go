//go:build !js && !headless

// Package window is the window as the desktop program links it. With the build tag headless there is none, and the
// program is the command line alone: static, and without a need for a display, a library or a file. It imports lab/app.
package window

import "wirelab/lab/app"

// Open opens the window with the lab in a file, or with the work of last time. It is nil in a program without the window.
var Open = app.OpenWindow

// BenchFrame measures frames of the window. It is nil in a program without the window.
var BenchFrame = app.BenchFrame
