package ui

import (
	"unicode"
	"unicode/utf8"
)

// editor is a line of text being edited. It knows nothing of pixels. Offsets are in bytes and stand between characters.
type editor struct {
	Text          string
	Caret, Anchor int // the selection lies between them
	// Composition is what an input method has not settled yet; it stands at the caret and is not part of Text.
	Composition string

	undo, redo []edit
	typing     bool // the last change was typing, which undo takes back as one
}

type edit struct {
	text          string
	caret, anchor int
}

const maxUndo = 100

// selection returns the selected bytes, start before end.
func (e *editor) selection() (start, end int) { return min(e.Caret, e.Anchor), max(e.Caret, e.Anchor) }

// Selected returns the selected text.
func (e *editor) Selected() string {
	start, end := e.selection()
	return e.Text[start:end]
}

// Set replaces everything, as a step that can be undone.
func (e *editor) Set(text string) {
	if text == e.Text {
		return
	}
	e.remember(false)
	e.Text = text
	e.Caret, e.Anchor = len(text), len(text)
}

// Insert replaces the selection.
func (e *editor) Insert(text string) {
	if text == "" && e.Caret == e.Anchor {
		return
	}
	e.remember(utf8.RuneCountInString(text) == 1 && text != " ")
	start, end := e.selection()
	e.Text = e.Text[:start] + text + e.Text[end:]
	e.Caret = start + len(text)
	e.Anchor = e.Caret
}

// remember keeps the present for undo. Letters typed one after the other are one step.
func (e *editor) remember(typing bool) {
	if typing && e.typing && e.Caret == e.Anchor {
		return
	}
	e.typing = typing
	e.undo = append(e.undo, edit{e.Text, e.Caret, e.Anchor})
	if len(e.undo) > maxUndo {
		e.undo = e.undo[1:]
	}
	e.redo = e.redo[:0]
}

// Undo and Redo go through the steps.
func (e *editor) Undo() { e.swap(&e.undo, &e.redo) }

// Redo takes back an Undo.
func (e *editor) Redo() { e.swap(&e.redo, &e.undo) }

func (e *editor) swap(from, to *[]edit) {
	if len(*from) == 0 {
		return
	}
	last := (*from)[len(*from)-1]
	*from = (*from)[:len(*from)-1]
	*to = append(*to, edit{e.Text, e.Caret, e.Anchor})
	e.Text, e.Caret, e.Anchor = last.text, last.caret, last.anchor
	e.typing = false
}

// Move puts the caret at an offset; with extend it drags the selection along.
func (e *editor) Move(to int, extend bool) {
	e.Caret = max(0, min(to, len(e.Text)))
	if !extend {
		e.Anchor = e.Caret
	}
	e.typing = false
}

// Left returns the offset one character, or one word, before the caret; Right the one after it.
func (e *editor) Left(word bool) int {
	at := e.Caret
	for at > 0 {
		r, size := utf8.DecodeLastRuneInString(e.Text[:at])
		at -= size
		if !word || isWide(r) {
			break
		}
		before, _ := utf8.DecodeLastRuneInString(e.Text[:at])
		if !isSpace(r) && (at == 0 || isWord(before) != isWord(r) || isSpace(before)) {
			break
		}
	}
	return at
}

// Right is the offset one character, or one word, after the caret.
func (e *editor) Right(word bool) int {
	at := e.Caret
	for at < len(e.Text) {
		r, size := utf8.DecodeRuneInString(e.Text[at:])
		at += size
		if !word || isWide(r) {
			break
		}
		after, _ := utf8.DecodeRuneInString(e.Text[at:])
		if !isSpace(r) && (at == len(e.Text) || isWord(after) != isWord(r) || isSpace(after)) {
			break
		}
	}
	return at
}

// selectWord selects the word around the caret.
func (e *editor) selectWord() {
	start, end := e.Caret, e.Caret
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(e.Text[:start])
		if !isWord(r) {
			break
		}
		start -= size
	}
	for end < len(e.Text) {
		r, size := utf8.DecodeRuneInString(e.Text[end:])
		if !isWord(r) {
			break
		}
		end += size
	}
	e.Anchor, e.Caret = start, end
}

// selectAll selects everything.
func (e *editor) selectAll() { e.Anchor, e.Caret = 0, len(e.Text) }

// Delete removes the selection or, without one, what lies between the caret and an offset.
func (e *editor) Delete(to int) {
	if e.Caret == e.Anchor {
		e.Anchor = to
	}
	e.Insert("")
}

// settle keeps the offsets inside the text, which may have been replaced from outside.
func (e *editor) settle() {
	e.Caret, e.Anchor = e.inside(e.Caret), e.inside(e.Anchor)
}

func (e *editor) inside(at int) int {
	at = max(0, min(at, len(e.Text)))
	for at > 0 && at < len(e.Text) && !utf8.RuneStart(e.Text[at]) {
		at--
	}
	return at
}

func isSpace(r rune) bool { return unicode.IsSpace(r) }

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
