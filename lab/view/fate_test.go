package view

import (
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/ui"
	"wirelab/lab/words"
)

// A packet that a person takes off the wire is not called lost, which is what the link does, and one that arrives damaged is not called well.
func TestWhatIsDroppedByHandIsNotCalledLost(t *testing.T) {
	for _, c := range []struct {
		lab  string
		act  lab.Action
		fate link.Fate
		said map[words.Lang]string
	}{
		{"four-way-close", lab.ActDrop, link.DroppedByHand, map[words.Lang]string{"en": "dropped by hand", "zh": "人为丢弃"}},
		{"lost-syn", 0, link.Lost, map[words.Lang]string{"en": "lost", "zh": "丢失"}},
		{"four-way-close", lab.ActCorrupt, link.Delivered, map[words.Lang]string{"en": "damaged on the way", "zh": "途中损坏"}},
	} {
		m := openLab(t, c.lab, 105*ms) // a SYN is on its way
		m.Select(0)
		var d Decode
		var p Packets
		r := newRig(t, 1400, 300, func(u *ui.UI, box ui.Rect) {
			d.Draw(u, box.CutLeft(500), m)
			p.Draw(u, box, m)
		})
		r.frame() // what was said before must not stay
		if c.act != 0 {
			proof, err := m.Lab.Proof(0)
			if err == nil {
				err = m.Lab.Do(lab.Operate{Proof: proof, Surgery: lab.Surgery{Action: c.act}})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		seek(t, m, 400*ms)
		if got := m.Lab.Trace.At(0).Fate; got != c.fate {
			t.Fatalf("%s: the fate is %s, want %s", c.lab, got.Key(), c.fate.Key())
		}
		for _, lang := range words.Langs {
			m.Lang = lang
			r.frame()
			r.frame()
			if n, _ := r.Find("decode/fate"); n.Name != "× "+c.said[lang] || m.Fate(0) != c.said[lang] {
				t.Errorf("%s: the details say %q, want %q", lang, n.Name, c.said[lang])
			}
			if !strings.HasSuffix(r.selected("packets"), "× "+c.said[lang]) {
				t.Errorf("%s: the list says %q", lang, r.selected("packets"))
			}
		}
	}
}

// The ladder shows a packet that a person holds where it is now, and predicts no arrival.
func TestAHeldPacketIsWhereItIsHeld(t *testing.T) {
	m := openLab(t, "four-way-close", 105*ms) // a SYN is half way
	proof, err := m.Lab.Proof(0)
	if err == nil {
		err = m.Lab.Do(lab.Operate{Proof: proof, Surgery: lab.Surgery{Action: lab.ActHold}})
	}
	if err != nil {
		t.Fatal(err)
	}
	seek(t, m, 500*ms)
	var d Ladder
	var body ui.Rect
	r := newRig(t, 500, 300, func(u *ui.UI, box ui.Rect) {
		body = box
		d.Draw(u, box, m)
	})
	for _, lang := range words.Langs {
		m.Lang = lang
		r.frame()
		r.frame()
		x0, _, x1, y1, _ := d.span(body, m, 0)
		from, _ := d.x(0)
		to, _ := d.x(1)
		if half := (from + to) / 2; x0 < from || x1 < half-10 || x1 > half+10 || y1 != d.y(body, m, m.Now()) {
			t.Errorf("the arrow goes from %v to %v, %v, between %v and %v", x0, x1, y1, from, to)
		}
		if n, ok := r.Find("ladder/p0"); !ok || !strings.Contains(n.Name, m.Say("view.held")) {
			t.Errorf("%s: it is called %q", lang, n.Name)
		}
	}
}
