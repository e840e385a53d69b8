//go:build !js

package ui

import (
	"image"

	"github.com/hajimehoshi/ebiten/v2/exp/textinput"
)

// UsePlatformText lets the operating system's input methods type into text fields. Call it once, before the game runs; without
// it, text comes from Input.Chars.
func (u *UI) UsePlatformText() {
	m := &platformMethod{}
	m.composer.OnNewSession = m.newSession
	m.composer.OnComposition = func(c *textinput.Composition) { m.editor.Composition = c.Text() }
	m.composer.OnCommit = m.commit
	u.text.method = m
}

type platformMethod struct {
	composer textinput.Composer
	editor   *editor
	caret    image.Rectangle
	text     string // what the field held when the session began
}

func (m *platformMethod) update(e *editor, caret Rect, scale float32) bool {
	m.editor = e
	x, y := int(caret.X*scale), int(caret.Y*scale)
	m.caret = image.Rect(x, y, x+1, y+int(caret.H*scale))
	handled, err := m.composer.Update()
	return err == nil && handled
}

func (m *platformMethod) stop() {
	if m.editor != nil {
		m.composer.Cancel()
	}
}

func (m *platformMethod) newSession() *textinput.SessionOptions {
	start, end := m.editor.selection()
	m.text = m.editor.Text
	return &textinput.SessionOptions{CaretBounds: m.caret, TextBeforeCaret: m.text[:start], TextAfterCaret: m.text[end:]}
}

// commit inserts the text; some methods replace what stands around the caret as well.
func (m *platformMethod) commit(c *textinput.Commit) {
	if before, after := c.IsSurroundingTextReplaced(); (before || after) && m.text == m.editor.Text {
		head, tail := c.SurroundingText()
		m.editor.remember(false)
		m.editor.Text = head + c.Text() + tail
		m.editor.Caret = len(head) + len(c.Text())
		m.editor.Anchor = m.editor.Caret
		return
	}
	if typed := oneLine(c.Text()); typed != "" {
		m.editor.Insert(typed)
	}
}

// wheelStep is logical pixels for a unit of the engine's wheel: a notch.
const wheelStep = 80
