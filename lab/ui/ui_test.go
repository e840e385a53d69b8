package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// rig runs frames without a display.
type rig struct {
	*UI
	in   Input
	body func(u *UI)
}

func newRig(t testing.TB, body func(u *UI)) *rig {
	t.Helper()
	var data [5][]byte
	for i, name := range []string{"inter-regular.otf", "inter-semibold.otf", "jetbrains-mono-regular.ttf", "jetbrains-mono-bold.ttf", "notosans-sc.otf"} {
		var err error
		if data[i], err = os.ReadFile(filepath.Join("..", "..", "static", "fonts", name)); err != nil {
			t.Fatal(err)
		}
	}
	fonts, err := NewFonts(data[0], data[1], data[2], data[3], data[4])
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{UI: New(fonts), body: body}
	r.ReduceMotion = true
	r.frame()
	return r
}

// frame runs one frame and forgets what is only true for a moment.
func (r *rig) frame() {
	r.in.Now += 16 * time.Millisecond
	r.Begin(&r.in, 800, 600, 1)
	r.body(r.UI)
	r.End()
	r.in.Keys, r.in.Chars, r.in.WheelY, r.in.LongPress = nil, nil, 0, false
}

func (r *rig) move(x, y float32) { r.in.X, r.in.Y = x, y; r.frame() }

func (r *rig) click(x, y float32) { r.button(Primary, x, y) }

func (r *rig) button(button int, x, y float32) {
	r.move(x, y)
	r.in.Down[button] = true
	r.frame()
	r.in.Down[button] = false
	r.frame()
}

func (r *rig) drag(x0, y0, x1, y1 float32) {
	r.move(x0, y0)
	r.in.Down[Primary] = true
	r.frame()
	r.move((x0+x1)/2, (y0+y1)/2)
	r.move(x1, y1)
	r.in.Down[Primary] = false
	r.frame()
}

func (r *rig) key(keys ...ebiten.Key) {
	for _, k := range keys {
		r.in.Keys = []KeyPress{{Key: k}}
		r.frame()
	}
}

func (r *rig) command(k ebiten.Key) {
	r.in.Command = true
	r.key(k)
	r.in.Command = false
}

func (r *rig) typed(s string) {
	r.in.Chars = []rune(s)
	r.frame()
}

func (r *rig) do(t *testing.T, id, what, value string) {
	t.Helper()
	if err := r.Do(id, what, value); err != nil {
		t.Fatal(err)
	}
	r.frame()
	r.frame()
}

func TestButtonReactsToPointerKeyboardAndDo(t *testing.T) {
	clicks, other := 0, 0
	r := newRig(t, func(u *UI) {
		if u.Button(R(10, 10, 100, 32), "save", "Save") {
			clicks++
		}
		if u.Button(R(10, 50, 100, 32), "open", "Open") {
			other++
		}
	})
	r.click(20, 20)
	if clicks != 1 {
		t.Errorf("after a click: %d", clicks)
	}
	r.drag(20, 20, 300, 300)
	if clicks != 1 {
		t.Errorf("letting go elsewhere is no click: %d", clicks)
	}
	r.key(ebiten.KeySpace)
	if clicks != 1 {
		t.Error("a button that was clicked must leave the space bar alone")
	}
	r.key(ebiten.KeyTab, ebiten.KeyEnter)
	if clicks+other != 2 {
		t.Error("Tab and Enter do not press")
	}
	r.do(t, "open", "press", "")
	if other == 0 {
		t.Error("Do does not press")
	}
	err := r.Do("sav", "press", "")
	if err == nil || !strings.Contains(err.Error(), "near it: save") {
		t.Errorf("the error names what is near: %v", err)
	}
}

func TestTopmostWins(t *testing.T) {
	var below, above, over int
	r := newRig(t, func(u *UI) {
		u.Overlay(func() {
			if u.Button(R(0, 0, 30, 30), "overlay", "") {
				over++
			}
		})
		if u.Button(R(0, 0, 100, 100), "below", "") {
			below++
		}
		if u.Button(R(20, 20, 60, 60), "above", "") {
			above++
		}
	})
	r.click(50, 50)
	r.click(5, 90)
	r.click(25, 25)
	if below != 1 || above != 1 || over != 1 {
		t.Errorf("below %d, above %d, overlay %d; each was clicked once", below, above, over)
	}
}

func TestClippedWidgetsAreNotHit(t *testing.T) {
	n := 0
	r := newRig(t, func(u *UI) {
		u.PushClip(R(0, 0, 50, 50))
		if u.Button(R(0, 0, 100, 100), "b", "") {
			n++
		}
		u.PopClip()
	})
	r.click(80, 80)
	r.click(40, 40)
	if n != 1 {
		t.Errorf("%d clicks arrived, only one was inside the clip", n)
	}
}

func TestDialogIsModalAndGivesTheFocusBack(t *testing.T) {
	open, behind, inside, shortcuts := false, 0, 0, 0
	r := newRig(t, func(u *UI) {
		if u.Shortcut(false, false, ebiten.KeyS) {
			shortcuts++
		}
		if u.Button(R(0, 0, 800, 600), "behind", "") {
			behind++
		}
		u.Dialog("dialog", "Title", 300, 200, &open, func(r Rect) {
			if u.Button(r.CutTop(32), "ok", "OK") {
				inside++
			}
		})
	})
	r.key(ebiten.KeyTab)
	open = true
	r.frame()
	r.click(10, 590) // outside: closes, and nothing else
	if open || behind != 0 {
		t.Errorf("open %v, behind %d", open, behind)
	}
	open = true
	r.frame()
	r.frame()
	r.key(ebiten.KeyS)
	if shortcuts != 0 {
		t.Error("a shortcut worked behind the dialog")
	}
	if err := r.Do("behind", "press", ""); err == nil {
		t.Error("Do reached behind the dialog")
	}
	r.do(t, "dialog/ok", "press", "")
	r.key(ebiten.KeyEscape)
	if inside != 1 || open {
		t.Errorf("inside %d, open %v", inside, open)
	}
	r.frame()
	r.frame()
	if !r.focused("behind") {
		t.Error("the focus did not come back")
	}
}

func (r *rig) focused(id string) bool {
	n, ok := r.Find(id)
	return ok && n.Flags&Focused != 0
}

func TestMenu(t *testing.T) {
	items := []MenuItem{{ID: "a", Label: "A"}, {}, {ID: "b", Label: "B", Disabled: true}, {ID: "c", Label: "C"}}
	chosen := ""
	r := newRig(t, func(u *UI) {
		it := u.Node(Spec{ID: "stage", Rect: R(0, 0, 800, 600), Role: RoleImage, Actions: CanMenu})
		if id := u.ContextMenu(it, "verbs", "Verbs", items); id != "" {
			chosen = id
		}
	})
	r.button(Secondary, 100, 100)
	r.key(ebiten.KeyArrowDown, ebiten.KeyArrowDown, ebiten.KeyEnter)
	if chosen != "c" {
		t.Errorf("by keys, past the rule and what is disabled: %q", chosen)
	}
	r.button(Secondary, 100, 100)
	n, ok := r.Find("verbs/a")
	if !ok {
		t.Fatalf("no item in the tree: %+v", r.Tree())
	}
	r.click(n.Bounds.Mid())
	if chosen != "a" || r.MenuOpen("verbs") {
		t.Errorf("by pointer: %q", chosen)
	}
	r.frame()
	r.in.LongPress, r.in.Touch, r.in.Down[Primary] = false, true, true
	r.frame()
	r.in.LongPress = true
	r.frame()
	r.in.Down[Primary] = false
	r.frame()
	if _, ok := r.Find("verbs/a"); !ok {
		t.Error("a long press opens no menu")
	}
}

func TestSplitterMovesByPointerAndKeys(t *testing.T) {
	share := float32(0.5)
	r := newRig(t, func(u *UI) {
		left, right := u.SplitX(R(0, 0, 800, 600), "split", "Split", &share, 100, 100)
		u.Button(left, "l", "")
		u.Button(right, "r", "")
	})
	r.drag(400, 300, 600, 300)
	if share != 0.75 {
		t.Errorf("dragged to %v", share)
	}
	r.key(ebiten.KeyArrowLeft)
	if share >= 0.75 {
		t.Error("the arrows do not move it")
	}
	r.drag(share*800, 300, 799, 300)
	if share*800 != 700 {
		t.Errorf("the right side shrank below its least: %v", share*800)
	}
}

func TestShortcutsLeaveTypingAlone(t *testing.T) {
	text, plain, command := "", 0, 0
	r := newRig(t, func(u *UI) {
		if u.Shortcut(false, false, ebiten.KeyP) {
			plain++
		}
		if u.Shortcut(true, false, ebiten.KeyS) {
			command++
		}
		u.TextField(R(0, 0, 200, 32), "field", "Field", &text, FieldOpt{})
	})
	r.key(ebiten.KeyP)
	r.click(10, 10)
	r.key(ebiten.KeyP)
	r.command(ebiten.KeyS)
	if plain != 1 || command != 1 {
		t.Errorf("plain %d, with command %d; both want 1", plain, command)
	}
}

// Whoever clicks into a field and types at once, in frames that take long, types
// into the field.
func TestKeysWaitForTheClick(t *testing.T) {
	text, shortcuts := "", 0
	r := newRig(t, func(u *UI) {
		u.TextField(R(10, 10, 200, 32), "field", "Field", &text, FieldOpt{})
		if u.Shortcut(false, false, ebiten.KeyL) {
			shortcuts++
		}
	})
	r.move(50, 25)
	r.in.Down[Primary] = true
	r.in.Keys, r.in.Chars = []KeyPress{{Key: ebiten.KeyL}}, []rune("l")
	r.frame()
	r.in.Down[Primary] = false
	r.in.Keys, r.in.Chars = []KeyPress{{Key: ebiten.KeyL}}, []rune("s")
	for range 5 {
		r.frame()
	}
	if text != "ls" || shortcuts != 0 {
		t.Errorf("the field holds %q, and %d shortcuts worked", text, shortcuts)
	}
}
