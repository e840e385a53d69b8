//go:build !js

package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
)

// A person who sees nothing steps through a handshake and hears who sent what, what arrived, and the states.
func TestAHandshakeCanBeHeard(t *testing.T) {
	for lang, want := range map[string]string{
		"en": "A: SYN_SENT. A sent SYN to B. SYN arrived at B. B: SYN_RCVD. B sent SYN ACK to A. SYN ACK arrived at A. A: ESTABLISHED. A sent ACK to B. ACK arrived at B. B: ESTABLISHED.",
		"zh": "A：SYN_SENT。 A 向 B 发送 SYN。 SYN 到达 B。 B：SYN_RCVD。 B 向 A 发送 SYN ACK。 SYN ACK 到达 A。 A：ESTABLISHED。 A 向 B 发送 ACK。 ACK 到达 B。 B：ESTABLISHED。",
	} {
		r := newRig(t)
		var heard []string
		r.Say = func(sentence string) { heard = append(heard, sentence) }
		if err := r.Session.Lang(lang); err != nil {
			t.Fatal(err)
		}
		r.example("handshake-capture")
		heard = nil
		for range 3 {
			r.key(false, ebiten.KeyArrowRight)
		}
		r.key(false, ebiten.KeyPeriod, ebiten.KeyPeriod, ebiten.KeyPeriod)
		if got := strings.Join(heard, " "); got != want {
			t.Errorf("heard\n%s\nwant\n%s", got, want)
		}
		heard = nil
		r.key(false, ebiten.KeyHome)
		if len(heard) != 0 {
			t.Errorf("back at the start: %q", heard)
		}
	}
}

// Much at once is a summary, and what is lost is said to be lost.
func TestMuchIsHeardInShort(t *testing.T) {
	r := newRig(t)
	var heard []string
	r.Say = func(sentence string) { heard = append(heard, sentence) }
	r.example("lost-syn")
	heard = nil
	for range 2 {
		r.key(false, ebiten.KeyArrowRight)
	}
	if !slices.Contains(heard, "SYN from A to B was lost.") || !slices.Contains(heard, "A sent SYN to B again.") {
		t.Errorf("heard %q", heard)
	}
	heard = nil
	if err := r.Session.Seek(60); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if len(heard) != 1 || !strings.HasPrefix(heard[0], "At 60 seconds: ") {
		t.Errorf("a minute later heard %q", heard)
	}
}
