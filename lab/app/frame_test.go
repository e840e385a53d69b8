//go:build !js

package app

import (
	"strings"
	"testing"
	"time"

	"wirelab/lab/ui"
)

// workload opens the lab of the workload frame, and returns what builds its i-th frame.
func workload(t testing.TB) (w *FrameBench, frame func(i int)) {
	t.Helper()
	fonts, err := Fonts()
	if err == nil {
		w, err = NewFrameBench(fonts, 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w, func(i int) {
		w.Frame(&ui.Input{Now: time.Duration(i) * time.Second / 60, Outside: true}, frameWidth, frameHeight, 1)
	}
}

// What a frame of the workload costs without its drawing: go test -bench Frame -cpuprofile …
func BenchmarkFrame(b *testing.B) {
	_, frame := workload(b)
	for i := range framesWarm {
		frame(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		frame(framesWarm + i)
	}
}

// However many packets are under way, none of the words on them lie upon others.
func TestWordsOnPacketsAreApart(t *testing.T) {
	w, frame := workload(t)
	for i := range 40 {
		frame(i)
		var seen []ui.Node
		for _, n := range w.UI.Tree() {
			if !strings.HasPrefix(n.ID, "stage/packets/") {
				continue
			}
			for _, o := range seen {
				if n.Bounds.Overlaps(o.Bounds) {
					t.Fatalf("frame %d: %s at %v lies on %s at %v", i, n.Name, n.Bounds, o.Name, o.Bounds)
				}
			}
			seen = append(seen, n)
		}
		if len(seen) < 50 {
			t.Fatalf("frame %d: only %d packets have words", i, len(seen))
		}
	}
}
