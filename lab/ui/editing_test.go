package ui

import (
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
)

func TestTextFieldEdits(t *testing.T) {
	text, submitted := "", ""
	r := newRig(t, func(u *UI) {
		if u.TextField(R(10, 10, 200, 32), "field", "Field", &text, FieldOpt{}).Submitted {
			submitted = text
		}
	})
	want := func(s string) {
		t.Helper()
		if text != s {
			t.Errorf("%q, want %q", text, s)
		}
	}
	r.click(20, 20)
	r.typed("hello 世界")
	want("hello 世界")
	r.key(ebiten.KeyBackspace)
	want("hello 世")
	r.key(ebiten.KeyHome, ebiten.KeyDelete)
	want("ello 世")
	r.in.Shift = true
	r.key(ebiten.KeyEnd)
	r.in.Shift = false
	r.command(ebiten.KeyX)
	want("")
	r.command(ebiten.KeyV)
	r.command(ebiten.KeyV)
	want("ello 世ello 世")
	r.command(ebiten.KeyZ)
	want("ello 世")
	r.command(ebiten.KeyY)
	want("ello 世ello 世")
	r.key(ebiten.KeyEnter)
	if submitted != text {
		t.Errorf("submitted %q", submitted)
	}
	r.do(t, "field", "set", "from outside")
	want("from outside")
	text = "x"
	r.frame()
	r.typed("y")
	want("xy")
}

func TestUndoTakesATypedWordBackAtOnce(t *testing.T) {
	var e editor
	for _, r := range "word" {
		e.Insert(string(r))
	}
	e.Insert(" ")
	e.Insert("x")
	e.Undo()
	e.Undo()
	if e.Text != "word" {
		t.Errorf("%q", e.Text)
	}
	e.Undo()
	if e.Text != "" {
		t.Errorf("%q", e.Text)
	}
}

func TestWordsAreSteppedOver(t *testing.T) {
	e := editor{Text: "tcp.port == 80 世界"}
	var stops []int
	for e.Caret < len(e.Text) {
		e.Move(e.Right(true), false)
		stops = append(stops, e.Caret)
	}
	if len(stops) != 7 { // tcp . port == 80, and each Chinese character
		t.Errorf("stops %v", stops)
	}
	for e.Caret > 0 {
		before := e.Caret
		e.Move(e.Left(true), false)
		if e.Caret >= before {
			t.Fatal("stuck")
		}
	}
}

type fakeBridge struct {
	shown         int
	value         string
	anchor, caret int
	open          bool
}

func (b *fakeBridge) Show(_, _, _ float64, value string, anchor, caret int, _ bool) {
	b.shown++
	b.value, b.anchor, b.caret, b.open = value, anchor, caret, true
}
func (b *fakeBridge) MoveTo(_, _, _ float64) {}
func (b *fakeBridge) Hide()                  { b.open = false }

func TestBridgeCarriesTextAndComposition(t *testing.T) {
	text := "a😀b"
	b := &fakeBridge{}
	r := newRig(t, func(u *UI) { u.TextField(R(10, 10, 200, 32), "field", "Field", &text, FieldOpt{}) })
	r.Bridge = b
	r.click(190, 20)
	if !b.open || b.value != text || b.caret != 4 {
		t.Fatalf("offsets count UTF-16 units: %+v", b)
	}
	shown := b.shown
	r.BridgeText(BridgeText{Value: "a😀bni", Anchor: 6, Caret: 6, Composing: true, CompositionStart: 4})
	r.frame()
	if text != "a😀b" {
		t.Errorf("what is not settled is not text: %q", text)
	}
	r.BridgeText(BridgeText{Value: "a😀b你", Anchor: 5, Caret: 5})
	r.frame()
	r.frame()
	if text != "a😀b你" || b.shown != shown {
		t.Errorf("%q, shown %d times after %d", text, b.shown, shown)
	}
	r.click(500, 500)
	r.frame()
	if b.open {
		t.Error("the bridge stays open without focus")
	}
}
