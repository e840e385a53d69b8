package ui

import (
	"slices"
	"strconv"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// tip is the tooltip that may be shown in this frame.
type tip struct {
	of        ID
	rect      Rect
	text, key string
	hidden    ID // the widget that was pressed: its tooltip has said enough
}

// Tooltip says something about a node once the pointer has rested on it, or when the keyboard is on it. Key is the key that
// does the same.
func (u *UI) Tooltip(it Interaction, text, key string) {
	switch {
	case it.Hover && u.tip.hidden != it.Key && !u.Input.Touch:
		if u.Now-u.pointer.hotSince < tooltipDelay {
			u.lively = true
			return
		}
	case it.Focused && it.FocusRing && !u.Input.Touch:
	default:
		return
	}
	u.tip.of, u.tip.rect, u.tip.text, u.tip.key = it.Key, it.Rect, text, key
}

func (u *UI) drawTip() {
	p := &u.tip
	if u.pointer.hot != p.hidden {
		p.hidden = 0
	}
	if p.of == 0 {
		return
	}
	p.of = 0
	u.out = &u.layers[layerTop]
	t := &u.Theme
	w := min(u.Width(p.text, Small), 320)
	h := u.ParagraphHeight(p.text, Small, w+1)
	keyW := float32(0)
	if p.key != "" {
		keyW = u.keyWidth(p.key) + Space2
	}
	box := Rect{p.rect.X + (p.rect.W-w-keyW)/2 - Space2, p.rect.Bottom() + 6, w + keyW + 2*Space2, h + Space2}
	if box.Bottom() > u.screen.Bottom() {
		box.Y = p.rect.Y - 6 - box.H
	}
	box = box.Within(u.screen.Inset(Space1))
	u.Shadow(box.Offset(0, 2), RadiusControl, 8, t.Shadow)
	u.RoundFill(box, RadiusControl, t.Raised)
	u.RoundStroke(box, RadiusControl, 0, t.LineStrong)
	inner := box.InsetXY(Space2, Space1)
	if p.key != "" {
		chip := inner.CutRight(keyW - Space2)
		u.keyChip(chip.Center(chip.W, u.LineHeight(CodeTiny)+3), p.key, t.Dim)
		inner.CutRight(Space2)
	}
	inner.W++
	u.Paragraph(inner, p.text, Small, t.Text)
	u.out = &u.layers[layerBase]
}

// Tone is the meaning of a message.
type Tone uint8

// The tones.
const (
	ToneInfo Tone = iota
	ToneOk
	ToneWarn
	ToneError
)

type toast struct {
	text   string
	tone   Tone
	shown  bool // since its first frame
	since  time.Duration
	until  time.Duration
	action string // the label of its button; empty: it has none
	do     func()
}

// Toast shows a message above the foot of the window for as long as it takes to read.
func (u *UI) Toast(text string, tone Tone) { u.toast(toast{text: text, tone: tone}) }

// ToastAction is Toast with a button, and stays long enough to reach for it. do is called when the button is pressed.
func (u *UI) ToastAction(text string, tone Tone, action string, do func()) {
	u.toast(toast{text: text, tone: tone, action: action, do: do})
}

const actionTime = 9 * time.Second // that a toast with a button stays longer

func (u *UI) toast(m toast) {
	u.toasts = slices.DeleteFunc(u.toasts, func(o toast) bool { return o.text == m.text })
	u.toasts = append(u.toasts, m)
	u.toasts = u.toasts[max(0, len(u.toasts)-4):]
}

// show begins the time of a toast: it is counted from the first frame that shows it.
func (m *toast) show(now time.Duration) {
	m.shown, m.since = true, now
	m.until = now + 2500*time.Millisecond + time.Duration(len(m.text))*40*time.Millisecond
	if m.action != "" {
		m.until += actionTime
	}
}

func (u *UI) drawToasts() {
	u.toasts = slices.DeleteFunc(u.toasts, func(m toast) bool { return m.shown && u.Now >= m.until })
	u.out, u.modal = &u.layers[layerTop], u.top // a dialog covers no toast
	y := u.toastsEnd()
	var pressed func()
	for i := len(u.toasts) - 1; i >= 0; i-- {
		m := &u.toasts[i]
		if !m.shown {
			m.show(u.Now)
		}
		var done bool
		if y, done = u.drawToast(m, i, y); done {
			pressed, m.until = m.do, 0
		}
		u.lively = true
	}
	u.out, u.modal = &u.layers[layerBase], 0
	if pressed != nil {
		pressed()
	}
}

// toastsEnd returns where the lowest toast ends: above the foot of the window; below an open dialog, or at the top of the
// window if there is no room below, since the buttons of a dialog are at its foot.
func (u *UI) toastsEnd() float32 {
	if u.dialog.W == 0 {
		return u.screen.Bottom() - u.Foot - Space4
	}
	high := float32(0)
	for i := range u.toasts {
		_, h, _ := u.toastSize(&u.toasts[i])
		high += h + Space2
	}
	if end := u.screen.Bottom() - Space4; end-high >= u.dialog.Bottom() {
		return end
	}
	return Space2 + high
}

// toastSize returns the width of the text of a toast, the height of its box, and the width that its button takes.
func (u *UI) toastSize(m *toast) (text, height, button float32) {
	if m.action != "" {
		button = u.ButtonWidth(m.action, Opt{}) + Space2
	}
	text = min(u.Width(m.text, Body), 460, u.screen.W-80-button) + 1
	return text, u.ParagraphHeight(m.text, Body, text) + 20, button
}

// drawToast draws one above the last, and returns where the next may end and whether its button was pressed.
func (u *UI) drawToast(m *toast, i int, bottom float32) (next float32, pressed bool) {
	t := &u.Theme
	color, icon := t.Data, IconInfo
	switch m.tone {
	case ToneOk:
		color, icon = t.Ok, IconCheck
	case ToneWarn:
		color, icon = t.Warn, IconWarn
	case ToneError:
		color, icon = t.Rst, IconWarn
	}
	w, h, button := u.toastSize(m)
	full := w + 48 + button
	box := Rect{(u.screen.W - full) / 2, bottom - h, full, h}
	show := clamp(float32(min(u.Now-m.since, m.until-u.Now))/float32(150*time.Millisecond), 0, 1)
	if u.ReduceMotion {
		show = 1
	}
	u.Enter(Spec{ID: "toast" + strconv.Itoa(i), Rect: box, Role: RoleStatus, Name: m.text, Solid: m.action != ""})
	defer u.Leave()
	u.Shadow(box.Offset(0, 4), RadiusControl+2, 14, t.Shadow.Alpha(show))
	u.RoundFill(box, RadiusControl+2, t.Raised.Alpha(show))
	u.RoundStroke(box, RadiusControl+2, 0, color.Alpha(show))
	inner := box.InsetXY(Space3, 10)
	u.DrawIcon(inner.CutLeft(16), icon, color.Alpha(show))
	inner.CutLeft(Space2)
	u.Paragraph(Rect{inner.X, inner.Y, w, h - 20}, m.text, Body, t.Text.Alpha(show))
	if m.action != "" {
		at := Rect{box.Right() - button, box.Y, button - Space2, box.H}
		pressed = u.Button(at.Center(at.W, u.Grow(ControlHeight)), "action", m.action)
	}
	return box.Y - Space2, pressed
}

type dialogState struct{ frame int }

// Dialog shows a window over everything while *open. Nothing behind it reacts. Escape, the cross and a click outside close it.
func (u *UI) Dialog(id, title string, w, h float32, open *bool, body func(r Rect)) {
	if !*open {
		return
	}
	s := stateIn[dialogState](u, id)
	if s.frame != u.frame-1 {
		u.focus.before = append(u.focus.before, u.focus.id)
		u.focus.id = 0
	}
	s.frame = u.frame
	u.modal++
	u.newTop = max(u.newTop, u.modal)
	u.Overlay(func() {
		back := u.Node(Spec{ID: id + ".outside", Rect: u.screen, Role: RoleGroup, Actions: CanPress, Solid: true})
		if u.dialogFrame(id, title, w, h, body) || back.Clicked {
			*open = false
		}
	})
	if u.modal >= u.top && u.takeKey(ebiten.KeyEscape) {
		*open = false
	}
	u.modal--
}

func (u *UI) dialogFrame(id, title string, w, h float32, body func(r Rect)) (closed bool) {
	t := &u.Theme
	u.Fill(u.screen, t.Scrim)
	r := u.screen.Center(min(w, u.screen.W-2*Space4), min(h, u.screen.H-2*Space4))
	u.dialog = r
	u.Enter(Spec{ID: id, Rect: r, Role: RoleDialog, Name: title, Actions: CanPress, Flags: Modal, Solid: true})
	defer u.Leave()
	u.Shadow(r.Offset(0, 8), RadiusCard, 28, t.Shadow)
	u.RoundFill(r, RadiusCard, t.Panel)
	u.RoundStroke(r, RadiusCard, 0, t.LineStrong)
	head := r.CutTop(48).InsetXY(Space4, 0)
	head.Y += 2
	closed = u.IconButton(head.CutRight(28).Center(28, 28), "close", orElse(u.Words.Close, title), IconClose, Opt{Quiet: true, Key: "Esc"})
	u.TextIn(head, title, Title, Left, t.Text)
	body(Rect{r.X + Space4, r.Y, r.W - 2*Space4, r.H - Space4})
	return closed
}
