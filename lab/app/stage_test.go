//go:build !js

package app

import (
	"strings"
	"testing"

	"wirelab/lab/ui"
)

// Where cards are close together, what a packet is stands beside its link, on no card.
func TestPacketsCoverNoCards(t *testing.T) {
	for _, c := range []struct{ w, h, text float32 }{{390, 844, 1}, {390, 844, 2}, {800, 560, 1.4}, {1280, 720, 1}} {
		r := newRig(t)
		r.w, r.h, r.UI.TextScale = c.w, c.h, c.text
		r.example("home-network")
		seen := 0
		for at := 3.0; at < 3.2; at += 0.0052 {
			if err := r.Session.Seek(at); err != nil {
				t.Fatal(err)
			}
			r.settle()
			var cards, packets []ui.Node
			for _, n := range r.UI.Tree() {
				if rest, ok := strings.CutPrefix(n.ID, "stage/node-"); ok && !strings.Contains(rest, "/") {
					cards = append(cards, n)
				}
				if strings.HasPrefix(n.ID, "stage/packets/") {
					packets = append(packets, n)
				}
			}
			for _, p := range packets {
				seen++
				for _, n := range cards {
					if p.Bounds.Inset(2).Overlaps(n.Bounds) {
						t.Errorf("%vx%v, text %v, at %.4f s: %s at %v lies on %s at %v", c.w, c.h, c.text, at, p.Name, p.Bounds, n.Name, n.Bounds)
					}
				}
			}
		}
		if seen < 20 {
			t.Errorf("%vx%v, text %v: only %d packets were seen", c.w, c.h, c.text, seen)
		}
	}
}
