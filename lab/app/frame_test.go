//go:build !js

package app

import (
	"testing"
	"time"

	"wirelab/lab/ui"
)

// What a frame of the workload costs without its drawing: go test -bench Frame -cpuprofile …
func BenchmarkFrame(b *testing.B) {
	fonts, err := Fonts()
	if err != nil {
		b.Fatal(err)
	}
	w, err := NewFrameBench(fonts, 1)
	if err != nil {
		b.Fatal(err)
	}
	frame := func(i int) {
		w.Frame(&ui.Input{Now: time.Duration(i) * time.Second / 60, Outside: true}, frameWidth, frameHeight, 1)
	}
	for i := range framesWarm {
		frame(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		frame(framesWarm + i)
	}
}
