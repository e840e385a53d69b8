package ui

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// Opt says how a button or another control looks and what it offers.
type Opt struct {
	Primary  bool   // the one action that is suggested
	Quiet    bool   // no frame until the pointer is over it
	Disabled bool   //
	Selected bool   // pressed in
	Icon     Icon   // before the label, or instead of it
	Key      string // the key that does the same, shown in the tooltip
	ShowKey  bool   // and on the button as well
	Tip      string // what the tooltip says; without it, the label of a button that shows only an icon
	Style    Style  // of the label; BodyBold or Body when it is zero
	Arrow    bool   // an arrow down: it opens a menu
	Name     string // what a reader calls it if the label is its value, as in a field
}

func option(opts []Opt) Opt {
	if len(opts) == 0 {
		return Opt{}
	}
	return opts[0]
}

func flagIf(on bool, f Flags) Flags {
	if on {
		return f
	}
	return 0
}

// Button is a push button. With an icon and no room it shows the icon alone; the label is still its name.
func (u *UI) Button(r Rect, id, label string, opts ...Opt) bool {
	return u.ButtonNode(r, id, label, option(opts)).Clicked
}

// IconButton is a button that shows only its icon.
func (u *UI) IconButton(r Rect, id, label string, icon Icon, opts ...Opt) bool {
	o := option(opts)
	o.Icon = icon
	if o.Tip == "" {
		o.Tip = label
	}
	it := u.pressable(r, id, label, o)
	u.buttonGround(r, it, o)
	size := min(u.Grow(18), r.W-8, r.H-8)
	u.DrawIcon(r.Center(size, size), icon, u.buttonInk(it, o))
	return it.Clicked
}

// ButtonNode is Button with everything that happened to it.
func (u *UI) ButtonNode(r Rect, id, label string, o Opt) Interaction {
	it := u.pressable(r, id, label, o)
	u.buttonGround(r, it, o)
	u.buttonFace(r, label, u.buttonInk(it, o), o)
	return it
}

func (u *UI) pressable(r Rect, id, label string, o Opt) Interaction {
	name, value := label, ""
	if o.Name != "" {
		name, value = o.Name, label
	}
	it := u.Node(Spec{ID: id, Rect: r, Role: RoleButton, Name: name, Value: value, Actions: CanPress | CanFocus, Keys: KeysPress,
		Flags: flagIf(o.Disabled, Disabled) | flagIf(o.Selected, Selected), Cursor: ebiten.CursorShapePointer})
	if o.Tip != "" || o.Key != "" {
		text := o.Tip
		if text == "" {
			text = label
		}
		u.Tooltip(it, text, o.Key)
	}
	return it
}

func (u *UI) buttonGround(r Rect, it Interaction, o Opt) {
	t := &u.Theme
	fill, edge := t.Raised, t.Line
	switch {
	case o.Disabled:
		fill = t.Raised.Alpha(0.5)
	case o.Primary:
		fill, edge = t.Accent, t.Accent
	case o.Selected:
		fill, edge = t.Tint(t.Accent), t.Accent
	case o.Quiet:
		fill, edge = t.Raised.Alpha(0), t.Line.Alpha(0)
	}
	lift := u.hoverLift(it)
	switch {
	case o.Primary && !o.Disabled:
		fill = fill.Mix(t.Text, 0.12*lift)
	case o.Quiet && !o.Selected:
		fill = t.Raised.Alpha(lift)
	default:
		fill, edge = fill.Mix(t.LineStrong, 0.5*lift), edge.Mix(t.LineStrong, lift)
	}
	if it.Pressed {
		fill = fill.Mix(t.Bg, 0.25)
	}
	u.RoundFill(r, RadiusControl, fill)
	if !o.Primary {
		u.RoundStroke(r, RadiusControl, 0, edge)
	}
	u.FocusRing(it, RadiusControl)
}

// hoverLift goes from 0 to 1 while the pointer is over a widget.
func (u *UI) hoverLift(it Interaction) float32 {
	if it.disabled {
		return 0
	}
	target := float32(0)
	if it.Hover {
		target = 1
	}
	u.pushRaw(it.Key)
	defer u.popID()
	return u.ease("hover", target, 120*time.Millisecond)
}

func (u *UI) buttonInk(it Interaction, o Opt) Color {
	t := &u.Theme
	switch {
	case o.Disabled:
		return t.Faint
	case o.Primary:
		return t.OnAccent
	case o.Selected:
		return t.OnTint(t.Accent)
	case o.Quiet && !it.Hover:
		return t.Dim
	}
	return t.Text
}

// buttonFace sets icon, label, key and arrow in the middle of the button.
func (u *UI) buttonFace(r Rect, label string, ink Color, o Opt) {
	style := u.buttonStyle(o)
	inner := r.InsetXY(Space2, 0)
	width := u.faceWidth(label, o)
	if width < inner.W && o.Name == "" { // a value stands where it does in a field
		inner = r.Center(width, r.H)
	}
	if o.Icon != NoIcon {
		u.DrawIcon(inner.CutLeft(u.Grow(16)), o.Icon, ink)
		inner.CutLeft(Space1 + 2)
	}
	if o.ShowKey && o.Key != "" {
		chip := inner.CutRight(u.keyWidth(o.Key))
		u.keyChip(chip.Center(chip.W, u.LineHeight(CodeTiny)+3), o.Key, ink)
		inner.CutRight(Space2)
	}
	if o.Arrow {
		u.DrawIcon(inner.CutRight(u.Grow(12)), IconChevronDown, ink)
		inner.CutRight(Space1)
	}
	u.TextIn(inner, label, style, Left, ink)
}

func (u *UI) buttonStyle(o Opt) Style {
	switch {
	case o.Style.Size > 0:
		return o.Style
	case o.Primary:
		return BodyBold
	}
	return Body
}

func (u *UI) faceWidth(label string, o Opt) float32 {
	w := u.Width(label, u.buttonStyle(o))
	if o.Icon != NoIcon {
		w += u.Grow(16) + Space1 + 2
	}
	if o.ShowKey && o.Key != "" {
		w += u.keyWidth(o.Key) + Space2
	}
	if o.Arrow {
		w += u.Grow(12) + Space1
	}
	return w
}

// ButtonWidth is how wide a button must be to show all of its label.
func (u *UI) ButtonWidth(label string, opts ...Opt) float32 {
	return u.faceWidth(label, option(opts)) + 2*Space3 + 1
}

func (u *UI) keyWidth(key string) float32 { return max(18, u.Width(key, CodeTiny)+10) }

// KeyHint draws a key as a cap on the current surface.
func (u *UI) KeyHint(r Rect, key string) { u.keyChip(r, key, u.Theme.Dim) }

func (u *UI) keyChip(r Rect, key string, ink Color) {
	u.RoundStroke(r, RadiusSmall, 0, ink.Alpha(0.55))
	u.TextIn(r, key, CodeTiny, Middle, ink)
}

// Toggle is a switch with its label to the right; it returns true when it changed *on.
func (u *UI) Toggle(r Rect, id, label string, on *bool, opts ...Opt) bool {
	o := option(opts)
	it := u.Node(Spec{ID: id, Rect: r, Role: RoleSwitch, Name: label, Actions: CanPress | CanFocus, Keys: KeysPress,
		Flags: flagIf(o.Disabled, Disabled) | flagIf(*on, Checked), Cursor: ebiten.CursorShapePointer})
	if it.Clicked {
		*on = !*on
	}
	t := &u.Theme
	u.pushRaw(it.Key)
	target := float32(0)
	if *on {
		target = 1
	}
	at := u.ease("on", target, 140*time.Millisecond)
	u.popID()
	track := r.CutLeft(34).Center(34, 20)
	u.RoundFill(track, 10, t.LineStrong.Mix(t.Accent, at))
	knob := t.Dim.Mix(t.OnAccent, at)
	if !t.Dark {
		knob = t.Panel
	}
	u.Circle(track.X+10+14*at, track.Y+10, 7, knob)
	it.Rect = track
	u.FocusRing(it, 10)
	r.CutLeft(Space2)
	ink := t.Text
	if o.Disabled {
		ink = t.Faint
	}
	u.TextIn(r, label, Body, Left, ink)
	if o.Tip != "" || o.Key != "" {
		u.Tooltip(it, o.Tip, o.Key)
	}
	return it.Clicked
}
