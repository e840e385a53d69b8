package ui

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// TextBridge is a place outside the canvas where text is really typed: the hidden text area of a web page, which brings input
// methods, on-screen keyboards and the clipboard. Places are in logical pixels of the canvas, offsets in UTF-16 units.
type TextBridge interface {
	Show(x, y, height float64, value string, anchor, caret int, multiline bool)
	MoveTo(x, y, height float64)
	Hide()
}

// BridgeText is what a TextBridge reports after each change.
type BridgeText struct {
	Value            string
	Anchor, Caret    int
	Composing        bool
	CompositionStart int
}

// Clipboard is where text is copied to.
type Clipboard interface {
	ReadText() string
	WriteText(string)
}

type memoryClipboard struct{ text string }

func (c *memoryClipboard) ReadText() string   { return c.text }
func (c *memoryClipboard) WriteText(s string) { c.text = s }
func oneLine(s string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
}

// method is an input method of the operating system.
type method interface {
	// update gives the editor what was typed; it returns true when the keys of this frame belong to the method.
	update(e *editor, caret Rect, scale float32) bool
	// stop ends a composition.
	stop()
}

// textSession is the one field that is being typed into.
type textSession struct {
	id      ID
	frame   int // when it was last seen
	editor  *editor
	caret   Rect
	restart bool // the caret was moved by the pointer: whoever composes must start again
	method  method
	shown   bool // the bridge is open
	sent    editor
	arrived []BridgeText
}

func (t *textSession) composing() bool { return t.editor != nil && t.editor.Composition != "" }

// BridgeText takes what the page's text area holds now. It is called from the page's events, between frames.
func (u *UI) BridgeText(b BridgeText) {
	if u.text.shown {
		u.text.arrived = append(u.text.arrived, b)
	}
}

// updateText forgets what arrives for a field that no longer has the focus.
func (u *UI) updateText() {
	if u.text.id != u.focus.id {
		u.text.arrived = u.text.arrived[:0]
	}
}

// editText lets the user type into e. It returns true when the keys of this frame are taken.
func (u *UI) editText(id ID, e *editor, caret Rect) bool {
	t := &u.text
	if t.id != id || t.editor != e {
		u.stopText()
		t.id, t.editor, t.restart = id, e, true
	}
	t.frame = u.frame
	moved := t.caret != caret
	t.caret = caret
	switch {
	case u.Bridge != nil:
		u.bridgeText(e, caret, moved)
		return e.Composition != ""
	case t.method != nil:
		if t.restart {
			t.method.stop()
		}
		t.restart = false
		return t.method.update(e, caret, u.scale)
	}
	if !u.Input.Command {
		for _, r := range u.Input.Chars {
			e.Insert(string(r))
		}
	}
	return false
}

// bridgeText takes what arrived and sends what changed on this side.
func (u *UI) bridgeText(e *editor, caret Rect, moved bool) {
	t := &u.text
	for _, b := range t.arrived {
		e.apply(b)
		t.sent = editor{Text: e.Text, Caret: e.Caret, Anchor: e.Anchor}
	}
	t.arrived = t.arrived[:0]
	same := t.sent.Text == e.Text && t.sent.Caret == e.Caret && t.sent.Anchor == e.Anchor
	x, y, h := float64(caret.X), float64(caret.Y), float64(caret.H)
	switch {
	case !t.shown || !same || t.restart && e.Composition == "":
		u.Bridge.Show(x, y, h, e.Text, utf16Offset(e.Text, e.Anchor), utf16Offset(e.Text, e.Caret), false)
		t.shown = true
		t.sent = editor{Text: e.Text, Caret: e.Caret, Anchor: e.Anchor}
	case moved:
		u.Bridge.MoveTo(x, y, h)
	}
	t.restart = false
}

// apply makes the editor hold what the page's text area holds; what is still being composed is kept apart.
func (e *editor) apply(b BridgeText) {
	e.Composition = ""
	text := oneLine(b.Value)
	anchor, caret := byteOffset(text, b.Anchor), byteOffset(text, b.Caret)
	if b.Composing {
		start := min(byteOffset(text, b.CompositionStart), caret)
		e.Composition = text[start:caret]
		text = text[:start] + text[caret:]
		anchor, caret = start, start
	}
	if text != e.Text {
		e.remember(len(text) == len(e.Text)+1)
		e.Text = text
	}
	e.Anchor, e.Caret = anchor, caret
}

// endText ends typing when the field was not there in this frame or has lost the focus.
func (u *UI) endText() {
	if t := &u.text; t.id != 0 && (t.frame != u.frame || u.focus.id != t.id) {
		u.stopText()
	}
}

func (u *UI) stopText() {
	t := &u.text
	if t.method != nil && t.editor != nil {
		t.method.stop()
	}
	if t.editor != nil {
		t.editor.Composition = ""
	}
	if t.shown && u.Bridge != nil {
		u.Bridge.Hide()
	}
	t.id, t.editor, t.shown = 0, nil, false
	t.arrived = t.arrived[:0]
}

func utf16Offset(s string, bytes int) int {
	n := 0
	for _, r := range s[:bytes] {
		n += utf16.RuneLen(r)
	}
	return n
}

func byteOffset(s string, units int) int {
	at := 0
	for at < len(s) && units > 0 {
		r, size := utf8.DecodeRuneInString(s[at:])
		units -= max(1, utf16.RuneLen(r))
		at += size
	}
	return at
}
