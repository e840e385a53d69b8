package ui

import (
	"math"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"
)

// Reader gathers the input of Ebitengine. Call Read once in each Update; the game's Layout must return device pixels.
type Reader struct {
	input   Input
	repeats [ebiten.KeyMax + 1]time.Duration // when each held key repeats next
	keys    []ebiten.Key
	touches []ebiten.TouchID

	finger      ebiten.TouchID
	fingerSince time.Duration
	fingerX     float32
	fingerY     float32
	fingerRests bool
	spread      float32
	pinching    bool
	letGo       bool
}

// LetGo says that the system has taken the pointer away: what it pressed is let be at the next Read.
func (r *Reader) LetGo() { r.letGo = true }

// Read returns what happened since the last call. The result is reused by the next one.
func (r *Reader) Read(now time.Duration, scale float32) *Input {
	keys, chars := r.input.Keys[:0], r.input.Chars[:0]
	wasTouch := r.input.Touch
	x, y := r.input.X, r.input.Y
	r.input = Input{Now: now, Keys: keys, Chars: chars}
	if r.input.Blurred, r.letGo = r.letGo, false; !ebiten.IsFocused() {
		// A key whose release the window will not see would be held for ever.
		r.input.Blurred = true
		clear(r.repeats[:])
	}
	r.readKeys(now)
	r.touches = ebiten.AppendTouchIDs(r.touches[:0])
	switch {
	case len(r.touches) >= 2:
		r.readPinch(scale)
	case len(r.touches) == 1 && !r.pinching:
		r.readFinger(now, scale)
	case len(r.touches) == 0:
		r.pinching = false
		r.readMouse(scale)
		if wasTouch {
			// The finger left: it lets go where it was, whatever a mouse may say.
			r.input.Touch, r.input.X, r.input.Y = true, x, y
			r.input.Down = [3]bool{}
			r.input.Outside = r.fingerSince < 0
			r.fingerSince = -1
			r.input.Touch = !r.input.Outside
		}
	}
	return &r.input
}

func (r *Reader) readKeys(now time.Duration) {
	in := &r.input
	if in.Blurred {
		return
	}
	in.Shift = ebiten.IsKeyPressed(ebiten.KeyShift)
	in.Alt = ebiten.IsKeyPressed(ebiten.KeyAlt)
	in.Command = ebiten.IsKeyPressed(ebiten.KeyControl) || ebiten.IsKeyPressed(ebiten.KeyMeta)
	in.Chars = ebiten.AppendInputChars(in.Chars)
	r.keys = inpututil.AppendJustPressedKeys(r.keys[:0])
	for _, key := range r.keys {
		in.Keys = append(in.Keys, KeyPress{Key: key})
		r.repeats[key] = now + repeatDelay
	}
	r.keys = inpututil.AppendPressedKeys(r.keys[:0])
	for _, key := range r.keys {
		if at := r.repeats[key]; at > 0 && now >= at {
			in.Keys = append(in.Keys, KeyPress{Key: key, Repeat: true})
			r.repeats[key] = now + repeatInterval
		}
	}
}

func (r *Reader) readMouse(scale float32) {
	x, y := ebiten.CursorPosition()
	r.input.X, r.input.Y = float32(x)/scale, float32(y)/scale
	for i, button := range []ebiten.MouseButton{ebiten.MouseButtonLeft, ebiten.MouseButtonRight, ebiten.MouseButtonMiddle} {
		r.input.Down[i] = ebiten.IsMouseButtonPressed(button)
	}
	wx, wy := ebiten.Wheel()
	r.input.WheelX, r.input.WheelY = -float32(wx)*wheelStep, -float32(wy)*wheelStep
	if r.input.Shift && wx == 0 {
		r.input.WheelX, r.input.WheelY = r.input.WheelY, 0
	}
}

func (r *Reader) readFinger(now time.Duration, scale float32) {
	id := r.touches[0]
	x, y := ebiten.TouchPosition(id)
	in := &r.input
	in.Touch, in.X, in.Y = true, float32(x)/scale, float32(y)/scale
	in.Down[Primary] = true
	if r.fingerSince <= 0 || r.finger != id {
		r.finger, r.fingerSince, r.fingerRests = id, now, true
		r.fingerX, r.fingerY = in.X, in.Y
	}
	if math.Hypot(float64(in.X-r.fingerX), float64(in.Y-r.fingerY)) > touchSlop {
		r.fingerRests = false
	}
	if r.fingerRests && now-r.fingerSince >= longPressTime {
		in.LongPress, r.fingerRests = true, false
	}
}

func (r *Reader) readPinch(scale float32) {
	x0, y0 := ebiten.TouchPosition(r.touches[0])
	x1, y1 := ebiten.TouchPosition(r.touches[1])
	spread := float32(math.Hypot(float64(x1-x0), float64(y1-y0)))
	in := &r.input
	in.Touch, in.X, in.Y = true, float32(x0+x1)/2/scale, float32(y0+y1)/2/scale
	in.Pinch = 1
	if r.pinching && r.spread > 0 {
		in.Pinch = spread / r.spread
	}
	r.spread, r.pinching = spread, true
}
