package ui

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// Input is everything that a frame may react to. Reader fills it from Ebitengine; tests fill it themselves.
type Input struct {
	// Now is the time since the program began, for repeats, delays and animation of widgets only.
	Now time.Duration
	// X and Y are the pointer in logical pixels; it is Outside when there is none.
	X, Y    float32
	Outside bool
	// Down says which of the buttons are held: Primary, Secondary, Auxiliary.
	Down [3]bool
	// Touch says that the pointer is a finger.
	Touch bool
	// LongPress is true in the one frame in which a finger has rested long enough.
	LongPress bool
	// WheelX and WheelY are in logical pixels, positive to the right and down.
	WheelX, WheelY float32
	// Pinch is the factor by which two fingers moved apart since the last frame, around X, Y; 0 when there are not two.
	Pinch float32
	// Keys are the keys that went down or repeat.
	Keys []KeyPress
	// Chars are the characters typed, when no input method or text bridge delivers them.
	Chars []rune
	// The modifiers. Command is Control, or Meta on a Mac.
	Shift, Command, Alt bool
	// Blurred says that the window has lost the keyboard, or the system has taken the pointer away: nothing is held any more.
	Blurred bool
}

// KeyPress is a key that went down, or that repeats because it is held.
type KeyPress struct {
	Key    ebiten.Key
	Repeat bool
}

// The buttons of a mouse, as indices of Input.Down.
const (
	Primary = iota
	Secondary
	Auxiliary
)

// Times and distances of input.
const (
	repeatDelay    = 400 * time.Millisecond
	repeatInterval = 40 * time.Millisecond
	longPressTime  = 500 * time.Millisecond
	doubleTime     = 400 * time.Millisecond
	tooltipDelay   = 500 * time.Millisecond
	dragSlop       = 5
	touchSlop      = 10
)
