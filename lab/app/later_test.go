//go:build !js

package app

import (
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/view"
)

// What is done while a seek is not complete is done once it is, where it leads, and nothing that was typed is lost meanwhile.
func TestInputWaitsForASeek(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	r.settle()
	r.Session.Exec("B", "sink 9 &")
	r.Session.Exec("A", "source 192.168.1.123 9 &")
	r.Session.Seek(100)
	if r.frames(1); !r.Session.Busy() {
		t.Fatal("nothing goes on")
	}
	entries := len(r.Session.Lab().Journal)
	r.Model.Ask(view.Ask{Kind: view.AskExec, Node: 0, Text: "ss -s"})
	r.in.Shift = true
	r.key(false, ebiten.KeyH)
	r.in.Shift = false
	r.settle()
	r.frames(3)
	if now := r.Session.Lab().Position().TimeNs; now != 100e9 || len(r.Session.Lab().Journal) != entries+2 {
		t.Errorf("at %d ns with %d entries, before %d", now, len(r.Session.Lab().Journal), entries)
	}
}
