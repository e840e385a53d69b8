//go:build js

package page

import (
	"strconv"
	"syscall/js"
)

// Text is what the hidden textarea holds. Offsets count UTF-16 units, as browsers do; Composing is true while an input
// method (Chinese, Japanese …) has not yet settled the text between CompositionStart and Caret.
type Text struct {
	Value            string
	Anchor, Caret    int
	Composing        bool
	CompositionStart int
}

// TextInput is the hidden textarea through which all text enters: it brings input methods, dictation, paste and
// on-screen keyboards, which a canvas cannot. Keys that are not text are passed on to the canvas.
type TextInput struct {
	area     js.Value
	open     bool
	multi    bool
	start    int
	onChange func(Text)
}

// NewTextInput prepares the page's textarea. onChange is called after each change.
func NewTextInput(onChange func(Text)) *TextInput {
	t := &TextInput{area: document.Call("getElementById", "text-input"), onChange: onChange}
	composing := false
	changed := forever(func(js.Value) { t.report(composing) })
	t.area.Call("addEventListener", "input", changed)
	t.area.Call("addEventListener", "select", changed)
	t.area.Call("addEventListener", "compositionstart", forever(func(js.Value) {
		composing, t.start = true, t.area.Get("selectionStart").Int()
	}))
	t.area.Call("addEventListener", "compositionend", forever(func(js.Value) {
		composing = false
		t.report(false)
	}))
	pass := forever(func(e js.Value) {
		switch {
		case !t.open || composing || e.Get("isComposing").Bool():
		case modifies(e.Get("key").String()):
			copyToCanvas(e) // the text area needs it too
		case t.passes(e):
			toCanvas(e)
		}
	})
	t.area.Call("addEventListener", "keydown", pass)
	t.area.Call("addEventListener", "keyup", pass)
	return t
}

// Show begins text entry at a place given in CSS pixels, where input methods open their window.
func (t *TextInput) Show(x, y, height float64, value string, anchor, caret int, multiline bool) {
	t.multi = multiline
	if t.area.Get("value").String() != value {
		t.area.Set("value", value)
	}
	t.area.Call("setSelectionRange", min(anchor, caret), max(anchor, caret), direction(anchor, caret))
	t.MoveTo(x, y, height)
	if !t.open {
		t.open = true
		t.keepFocus(true)
		t.area.Call("focus", map[string]any{"preventScroll": true})
	}
}

// MoveTo follows the caret, so that the candidates of an input method stand beside it.
func (t *TextInput) MoveTo(x, y, height float64) {
	style := t.area.Get("style")
	style.Set("left", pixels(x))
	style.Set("top", pixels(y))
	style.Set("height", pixels(height))
}

// Hide ends text entry and gives the keys back to the canvas.
func (t *TextInput) Hide() {
	if !t.open {
		return
	}
	t.open = false
	t.keepFocus(false)
	t.area.Set("value", "")
	t.area.Call("blur")
	FocusCanvas()
}

func (t *TextInput) report(composing bool) {
	if !t.open || t.onChange == nil {
		return
	}
	start, end := t.area.Get("selectionStart").Int(), t.area.Get("selectionEnd").Int()
	text := Text{Value: t.area.Get("value").String(), Anchor: start, Caret: end, Composing: composing, CompositionStart: end}
	if t.area.Get("selectionDirection").String() == "backward" {
		text.Anchor, text.Caret = end, start
	}
	if composing {
		text.CompositionStart = t.start
	}
	t.onChange(text)
}

// passes says which keys the lab must see while text is entered: those that end or leave the field, and commands.
func (t *TextInput) passes(e js.Value) bool {
	switch e.Get("key").String() {
	case "Escape", "Tab", "PageUp", "PageDown", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10":
		return true
	case "Enter", "ArrowUp", "ArrowDown":
		return !t.multi
	case "s", "o", "k", "S", "O", "K", "=", "+", "-", "0": // a browser would search and zoom
		return e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool()
	}
	return false
}

// modifies says which keys only change what others do.
func modifies(key string) bool {
	return key == "Control" || key == "Meta" || key == "Shift" || key == "Alt"
}

// toCanvas gives the canvas a copy of a key event, instead of where it went.
func toCanvas(e js.Value) {
	e.Call("preventDefault")
	copyToCanvas(e)
}

func copyToCanvas(e js.Value) {
	clone := window.Get("KeyboardEvent").New(e.Get("type"), map[string]any{
		"key": e.Get("key"), "code": e.Get("code"), "location": e.Get("location"), "repeat": e.Get("repeat"),
		"ctrlKey": e.Get("ctrlKey"), "shiftKey": e.Get("shiftKey"), "altKey": e.Get("altKey"), "metaKey": e.Get("metaKey"),
	})
	if canvas := canvas(); canvas.Truthy() {
		canvas.Call("dispatchEvent", clone)
	}
}

// keepFocus stops the engine from taking the focus at every key and click (it calls canvas.focus()), which would end a
// composition and close on-screen keyboards.
func (t *TextInput) keepFocus(on bool) {
	canvas := canvas()
	if !canvas.Truthy() {
		return
	}
	if on {
		canvas.Set("focus", ignore)
	} else {
		canvas.Delete("focus")
	}
}

var ignore = js.FuncOf(func(js.Value, []js.Value) any { return nil })

func direction(anchor, caret int) string {
	if caret < anchor {
		return "backward"
	}
	return "forward"
}

func pixels(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) + "px" }
