package view

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/ui"
	"wirelab/lab/words"
)

// rig runs frames of a view without a display.
type rig struct {
	*ui.UI
	in   ui.Input
	w, h float32
	body func(u *ui.UI, r ui.Rect)
}

func newRig(t testing.TB, w, h float32, body func(u *ui.UI, r ui.Rect)) *rig {
	t.Helper()
	var data [5][]byte
	for i, name := range []string{"inter-regular.otf", "inter-semibold.otf", "jetbrains-mono-regular.ttf", "jetbrains-mono-bold.ttf", "notosans-sc.otf"} {
		var err error
		if data[i], err = os.ReadFile(filepath.Join("..", "..", "static", "fonts", name)); err != nil {
			t.Fatal(err)
		}
	}
	fonts, err := ui.NewFonts(data[0], data[1], data[2], data[3], data[4])
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{UI: ui.New(fonts), w: w, h: h, body: body}
	r.ReduceMotion = true
	r.in.Outside = true
	r.frame()
	return r
}

func (r *rig) frame() {
	r.in.Now += 16 * time.Millisecond
	screen := r.Begin(&r.in, r.w, r.h, 1)
	r.body(r.UI, screen)
	r.End()
	r.in.Keys = nil
}

// do makes a widget react, and lets the frame after show it.
func (r *rig) do(t *testing.T, id, what, value string) {
	t.Helper()
	if err := r.Do(id, what, value); err != nil {
		t.Fatal(err)
	}
	r.frame()
	r.frame()
}

func (r *rig) key(k ebiten.Key) {
	r.in.Keys = []ui.KeyPress{{Key: k}}
	r.frame()
	r.frame()
}

// selected returns the name of the row that is selected under an id.
func (r *rig) selected(under string) string {
	for _, n := range r.Tree() {
		if strings.HasPrefix(n.ID, under+"/") && n.Flags&ui.Selected != 0 {
			return n.Name
		}
	}
	return ""
}

func (r *rig) value(t *testing.T, id string) string {
	t.Helper()
	n, ok := r.Find(id)
	if !ok {
		t.Fatalf("there is no %s", id)
	}
	return n.Value
}

func TestDecodeLightsUpBytesAndFields(t *testing.T) {
	m := openLab(t, "four-way-close", 250*ms)
	m.Select(3)
	var d Decode
	r := newRig(t, 511, 206, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	for at, want := range map[string]struct {
		bytes [2]int
		field string
	}{
		"47": {[2]int{46, 48}, "Flags: 0x018 (PSH, ACK)"},
		"40": {[2]int{38, 42}, "Sequence Number: 3626544837"},
		"16": {[2]int{16, 18}, "Total Length: 58"}, // its layer was folded
	} {
		r.do(t, "decode/hex/bytes", "set", at)
		if got := r.selected("decode/fields"); m.Bytes != want.bytes || got != want.field {
			t.Errorf("byte %s: selected %q with bytes %v, want %q with %v", at, got, m.Bytes, want.field, want.bytes)
		}
	}
	r.do(t, "decode/hex/bytes", "set", "47")
	r.do(t, "decode/fields", "focus", "")
	for _, step := range []struct {
		key  ebiten.Key
		want string
	}{
		{ebiten.KeyArrowDown, "Window: 502"},
		{ebiten.KeyArrowUp, "Flags: 0x018 (PSH, ACK)"},
		{ebiten.KeyArrowRight, "Flags: 0x018 (PSH, ACK)"}, // unfolds
		{ebiten.KeyArrowRight, "Reserved: Not set"},
		{ebiten.KeyArrowLeft, "Flags: 0x018 (PSH, ACK)"},
		{ebiten.KeyArrowLeft, "Flags: 0x018 (PSH, ACK)"}, // folds
		{ebiten.KeyArrowDown, "Window: 502"},
	} {
		r.key(step.key)
		if got := r.selected("decode/fields"); got != step.want {
			t.Errorf("after %v: %q, want %q", step.key, got, step.want)
		}
	}
	m.Select(4) // the same field of the next packet
	r.frame()
	r.frame()
	if got := r.selected("decode/fields"); got != "Window: 510" || m.Bytes != [2]int{48, 50} {
		t.Errorf("in the next packet %q with bytes %v is selected", got, m.Bytes)
	}
	m.Select(-1)
	r.frame()
	if _, ok := r.Find("decode/nothing"); !ok {
		t.Error("with nothing selected it must say what to do")
	}
}

func TestConnectionShowsWhatFits(t *testing.T) {
	m := openLab(t, "four-way-close", 315*ms)
	var d Connection
	r := newRig(t, 511, 206, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	if got := r.value(t, "connection/machine/CLOSE_WAIT"); got != "B " {
		t.Errorf("in CLOSE_WAIT is %q", got)
	}
	r.do(t, "connection/machine/CLOSE_WAIT", "press", "")
	if got := m.Label(uint64(m.Packet)); got != "FIN 7 ack 7" {
		t.Errorf("what led into CLOSE_WAIT: %q", got)
	}
	r.do(t, "connection/part/windows", "press", "")
	if n, _ := r.Find("connection/windows/forth/send/1"); n.Name != "FIN" {
		t.Errorf("A's FIN is on its way, and its window says %q", n.Name)
	}
	r.do(t, "connection/windows/forth/send/1", "press", "")
	if got := m.Label(uint64(m.Packet)); got != "FIN 7 ack 7" {
		t.Errorf("what was pressed at A's FIN travels in %q", got)
	}
	seek(t, m, 375*ms) // B has said bye and closed
	r.frame()
	for at, want := range map[string]string{
		"connection/windows/forth/receive/0": "read 1–6",
		"connection/windows/back/send/1":     "in flight 7–10", "connection/windows/back/send/2": "FIN",
	} {
		if n, _ := r.Find(at); n.Name != want {
			t.Errorf("%s says %q, want %q", at, n.Name, want)
		}
	}
	for id, want := range map[string]string{"back/send/1": "7:11(4) ack 8", "back/send/2": "FIN 11 ack 8"} {
		r.do(t, "connection/windows/"+id, "press", "")
		if got := m.Label(uint64(m.Packet)); got != want {
			t.Errorf("what was pressed at %s travels in %q, want %q", id, got, want)
		}
	}
	r.do(t, "connection/part/variables", "press", "")
	if n, _ := r.Find("connection/variables/2"); !strings.HasPrefix(n.Name, "SND.NXT 8 ") {
		t.Errorf("the third variable is %q", n.Name)
	}
	r.w, r.h = 1000, 600
	r.frame()
	for _, id := range []string{"connection/machine", "connection/windows", "connection/variables"} {
		if _, ok := r.Find(id); !ok {
			t.Errorf("where there is room, %s is missing", id)
		}
	}
}

// Every widget has a name, in both languages and at sizes down to nothing, and
// a frame in which nothing changes makes few allocations.
func TestViewsAtAllSizes(t *testing.T) {
	m := openLab(t, "four-way-close", 315*ms)
	m.Select(4)
	var d Decode
	var c Connection
	var p Packets
	r := newRig(t, 500, 250, func(u *ui.UI, box ui.Rect) {
		left := box.CutLeft(box.W / 3)
		p.Draw(u, left, m)
		c.Draw(u, box.CutLeft(box.W/2), m)
		d.Draw(u, box, m)
	})
	for _, lang := range words.Langs {
		m.Lang = lang
		for _, scale := range []float32{0.8, 1, 1.5, 2} {
			r.TextScale = scale
			for _, size := range [][2]float32{{0, 0}, {60, 30}, {900, 100}, {1500, 250}, {1600, 700}, {3600, 900}} {
				r.w, r.h = size[0], size[1]
				for part := range len(partIDs) {
					c.part = part
					r.frame()
				}
				for _, n := range r.Tree() {
					if n.Name == "" && n.Role != ui.RoleGroup && n.Actions != 0 || strings.HasPrefix(n.Name, "[") {
						t.Errorf("%s, %v: the %s %s is called %q", lang, size, n.Role, n.ID, n.Name)
					}
				}
			}
		}
	}
	r.frame()
	if n := testing.AllocsPerRun(20, r.frame); n > 100 {
		t.Errorf("a frame makes %v allocations", n)
	}
}
