package ui

import "github.com/hajimehoshi/ebiten/v2"

// Keys are groups of keys that a focused widget uses itself.
type Keys uint8

// The groups.
const (
	KeysPress   Keys = 1 << iota // Enter and Space
	KeysUpDown                   // arrows, page up and down, home and end
	KeysSideway                  // arrows
	KeysText                     // everything that types
	KeysTab                      // Tab, to complete what is typed
)

// focus is where the keyboard goes.
type focus struct {
	id ID
	// leave says that the focused widget had no use for Tab.
	leave bool
	ring  bool // shown only when the keyboard put it there
	// keys are those that the focused widget used in the last frame, next those of this one.
	keys, next Keys
	// before holds what had the focus when each dialog or menu opened.
	before []ID
}

func (u *UI) updateFocus() {
	f := &u.focus
	f.keys, f.next = f.next, 0
	for len(f.before) > u.top {
		f.id = f.before[len(f.before)-1]
		f.before = f.before[:len(f.before)-1]
	}
	if p := &u.pointer; p.active != 0 && p.pressed == p.active || p.active == 0 && u.Input.Down[Primary] && !p.dragging {
		if !u.focusable(p.active) {
			f.id = 0
		}
	}
	if f.leave {
		f.leave = false
		u.moveFocus()
	}
	if completes := f.keys&KeysTab != 0 && !u.Input.Shift; !completes && (f.keys&KeysText == 0 || !u.text.composing()) {
		if u.takeKey(ebiten.KeyTab) {
			u.moveFocus()
		}
	}
}

func (u *UI) focusable(id ID) bool {
	for _, other := range u.focuses {
		if other == id {
			return true
		}
	}
	return false
}

func (u *UI) moveFocus() {
	n := len(u.focuses)
	if n == 0 {
		return
	}
	step, at := 1, -1
	if u.Input.Shift {
		step, at = -1, n
	}
	for i, id := range u.focuses {
		if id == u.focus.id {
			at = i
		}
	}
	u.focus.id, u.focus.ring = u.focuses[((at+step)%n+n)%n], true
}

// meetFocus fills in what the keyboard does to the widget.
func (u *UI) meetFocus(it *Interaction, s *Spec) {
	f := &u.focus
	if s.Actions&CanFocus != 0 && it.Down && !it.covered {
		f.id = it.Key
	}
	if f.id != it.Key || it.covered {
		return
	}
	it.Focused, it.FocusRing = true, f.ring
	keys := s.Keys
	if !f.ring && keys&KeysPress != 0 {
		// A button that was clicked must not take the space bar from whoever uses it as a shortcut.
		keys &^= KeysPress
	}
	f.next = keys
	if keys&KeysPress != 0 && (u.takeKey(ebiten.KeyEnter) || u.takeKey(ebiten.KeySpace) || u.takeKey(ebiten.KeyNumpadEnter)) {
		it.Clicked = true
	}
}

// SetFocus gives the keyboard to the widget with this id under the current path.
func (u *UI) SetFocus(id string) { u.focus.id, u.focus.ring = u.id(id), false }

// FocusRing draws the mark of the keyboard around a widget that has it.
func (u *UI) FocusRing(it Interaction, radius float32) {
	if it.Focused && it.FocusRing {
		u.RoundStroke(it.Rect.Inset(-2), radius+2, 2, u.Theme.Focus)
	}
}

// takeKey says whether a key went down (or repeats) and keeps it from everybody else.
func (u *UI) takeKey(key ebiten.Key) bool {
	for i, k := range u.Input.Keys {
		if k.Key == key {
			u.Input.Keys = append(u.Input.Keys[:i], u.Input.Keys[i+1:]...)
			return true
		}
	}
	return false
}

// Shortcut says whether a key was pressed with exactly these modifiers. Keys that repeat count only with the arrows. What is
// typed into a field is no shortcut, unless it is held with Control or Command; nor is what a focused widget uses itself, or
// anything behind a dialog.
func (u *UI) Shortcut(command, shift bool, key ebiten.Key) bool {
	in := u.Input
	if u.modal < u.top || in.Command != command || in.Shift != shift || in.Alt {
		return false
	}
	if !command && u.used(key) {
		return false
	}
	for _, k := range in.Keys {
		if k.Key == key && (!k.Repeat || key >= ebiten.KeyArrowDown && key <= ebiten.KeyArrowUp) {
			return u.takeKey(key)
		}
	}
	return false
}

// used says whether the focused widget uses a key itself.
func (u *UI) used(key ebiten.Key) bool {
	keys := u.focus.keys
	switch key {
	case ebiten.KeyEscape, ebiten.KeyF1, ebiten.KeyF2, ebiten.KeyF3, ebiten.KeyF4, ebiten.KeyF5, ebiten.KeyF6, ebiten.KeyF7, ebiten.KeyF8:
		return false
	case ebiten.KeyEnter, ebiten.KeySpace, ebiten.KeyNumpadEnter:
		return keys&(KeysPress|KeysText) != 0
	case ebiten.KeyArrowUp, ebiten.KeyArrowDown, ebiten.KeyPageUp, ebiten.KeyPageDown:
		return keys&(KeysUpDown|KeysText) != 0
	case ebiten.KeyHome, ebiten.KeyEnd:
		return keys&(KeysUpDown|KeysSideway|KeysText) != 0
	case ebiten.KeyArrowLeft, ebiten.KeyArrowRight:
		return keys&(KeysSideway|KeysText) != 0
	}
	return keys&KeysText != 0
}

// heldKeys is what was typed during a click.
type heldKeys struct {
	keys  []KeyPress
	chars []rune
	until int // a frame
}

// holdKeys keeps what is typed during a click until it is known where the
// keyboard goes from then on: where frames are slow, people type faster.
func (u *UI) holdKeys() {
	p, in, h := &u.pointer, u.Input, &u.held
	if p.active != 0 && !p.dragging || p.clicked != 0 {
		h.until = u.frame + 1
	}
	h.keys, h.chars = append(h.keys, in.Keys...), append(h.chars, in.Chars...)
	in.Keys, in.Chars = in.Keys[:0], in.Chars[:0]
	if u.frame >= h.until || in.Blurred {
		in.Keys, in.Chars = append(in.Keys, h.keys...), append(in.Chars, h.chars...)
		h.keys, h.chars = h.keys[:0], h.chars[:0]
	}
}
