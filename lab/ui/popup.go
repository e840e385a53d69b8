package ui

import (
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
	text  string
	tone  Tone
	since time.Duration
	until time.Duration
}

// Toast shows a message above the foot of the window for as long as it takes to read.
func (u *UI) Toast(text string, tone Tone) {
	for i := range u.toasts {
		if u.toasts[i].text == text {
			u.toasts = append(u.toasts[:i], u.toasts[i+1:]...)
			break
		}
	}
	reading := 2500*time.Millisecond + time.Duration(len(text))*40*time.Millisecond
	u.toasts = append(u.toasts, toast{text, tone, u.Now, u.Now + reading})
	if len(u.toasts) > 4 {
		u.toasts = u.toasts[1:]
	}
}

func (u *UI) drawToasts() {
	for len(u.toasts) > 0 && u.Now >= u.toasts[0].until {
		u.toasts = append(u.toasts[:0], u.toasts[1:]...)
	}
	u.out = &u.layers[layerTop]
	y := u.screen.Bottom() - u.Foot - Space4
	for i := len(u.toasts) - 1; i >= 0; i-- {
		y = u.drawToast(&u.toasts[i], i, y)
		u.lively = true
	}
	u.out = &u.layers[layerBase]
}

// drawToast draws one above the last and returns where the next may end.
func (u *UI) drawToast(m *toast, i int, bottom float32) float32 {
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
	w := min(u.Width(m.text, Body), 460, u.screen.W-80) + 1
	h := u.ParagraphHeight(m.text, Body, w)
	box := Rect{(u.screen.W - w - 48) / 2, bottom - h - 20, w + 48, h + 20}
	show := clamp(float32(min(u.Now-m.since, m.until-u.Now))/float32(150*time.Millisecond), 0, 1)
	if u.ReduceMotion {
		show = 1
	}
	id := u.indexID(i)
	u.nodes = append(u.nodes, Node{ID: u.nameOf(id), Role: RoleStatus, Name: m.text, Bounds: box, Parent: -1, key: id})
	u.Shadow(box.Offset(0, 4), RadiusControl+2, 14, t.Shadow.Alpha(show))
	u.RoundFill(box, RadiusControl+2, t.Raised.Alpha(show))
	u.RoundStroke(box, RadiusControl+2, 0, color.Alpha(show))
	inner := box.InsetXY(Space3, 10)
	u.DrawIcon(inner.CutLeft(16), icon, color.Alpha(show))
	inner.CutLeft(Space2)
	u.Paragraph(Rect{inner.X, inner.Y, w, h}, m.text, Body, t.Text.Alpha(show))
	return box.Y - Space2
}

type dialogState struct{ frame int }

// Dialog shows a window over everything while *open. Nothing behind it reacts. Escape, the cross and a click outside close it.
func (u *UI) Dialog(id, title string, w, h float32, open *bool, body func(r Rect)) {
	if !*open {
		return
	}
	s := State[dialogState](u, id)
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
