package ui

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// FieldOpt says how a text field looks.
type FieldOpt struct {
	Placeholder string
	Icon        Icon
	Mono        bool
	Bare        bool // no frame: part of something else, such as a terminal
	Disabled    bool
	Bad         bool   // what is in it cannot be used
	Wrong       [2]int // the bytes of it that cannot; empty: nobody knows which
	Style       Style
	Tip         string // what the tooltip says
	Tab         bool   // Tab is not for moving on while there is text
}

// FieldResult is what happened to a text field.
type FieldResult struct {
	Changed   bool
	Submitted bool // Enter
	Cancelled bool // Escape
	Focused   bool
	Up, Down  bool // the arrows, for a history or a list below
	Tab       bool // if it was asked for
}

type fieldState struct {
	editor
	scroll  float32
	lastKey time.Duration // the caret stands still after a key
}

// TextField edits one line. *text may be changed from outside at any time.
func (u *UI) TextField(r Rect, id, name string, text *string, o FieldOpt) FieldResult {
	s := stateIn[fieldState](u, id)
	if s.Text != *text {
		s.editor = editor{Text: *text, Caret: len(*text), Anchor: len(*text)}
	}
	keys := KeysText
	if o.Tab {
		keys |= KeysTab
	}
	it := u.Node(Spec{ID: id, Rect: r, Role: RoleTextbox, Name: name, Value: *text, Actions: CanPress | CanFocus | CanSet,
		Keys: keys, Flags: flagIf(o.Disabled, Disabled), Cursor: ebiten.CursorShapeText})
	inner := u.fieldGround(r, it, o)
	if o.Tip != "" {
		u.Tooltip(it, o.Tip, "")
	}
	style := o.Style
	if style.Size == 0 {
		style = Body
		if o.Mono {
			style = Code
		}
	}
	if it.Clicked && u.focus.id != it.Key {
		u.focus.id, it.Focused = it.Key, true // pressed through Do
	}
	if it.Set {
		s.Set(it.Value)
	}
	out := FieldResult{Focused: it.Focused}
	u.fieldPointer(inner, it, s, style)
	if it.Focused {
		u.fieldKeyboard(inner, it, s, style, &out)
	}
	s.settle()
	out.Changed = s.Text != *text
	*text = s.Text
	u.fieldText(inner, it, s, style, o)
	return out
}

func (u *UI) fieldGround(r Rect, it Interaction, o FieldOpt) Rect {
	t := &u.Theme
	if o.Bare {
		return r
	}
	edge := t.Line.Mix(t.LineStrong, u.hoverLift(it))
	switch {
	case o.Bad:
		edge = t.Rst
	case it.Focused:
		edge = t.Accent
	}
	u.RoundFill(r, RadiusControl, t.Bg)
	u.RoundStroke(r, RadiusControl, 0, edge)
	u.FocusRing(it, RadiusControl)
	inner := r.InsetXY(Space2+1, 0)
	if o.Icon != NoIcon {
		u.DrawIcon(inner.CutLeft(u.Grow(14)), o.Icon, t.Dim)
		inner.CutLeft(Space2 - 1)
	}
	return inner
}

// fieldPointer places the caret, selects by dragging, and a word by a double click.
func (u *UI) fieldPointer(r Rect, it Interaction, s *fieldState, style Style) {
	switch {
	case it.DoubleClicked:
		s.selectWord()
		u.text.restart = true
	case it.Down:
		s.Move(u.offsetAt(s.Text, style, it.X-r.X+s.scroll), u.Input.Shift)
		s.lastKey, u.text.restart = u.Now, true
	case it.Dragging:
		s.Move(u.offsetAt(s.Text, style, it.X-r.X+s.scroll), true)
		u.text.restart = true
	}
}

func (u *UI) fieldKeyboard(r Rect, it Interaction, s *fieldState, style Style, out *FieldResult) {
	before := s.editor.Text
	caret := s.Caret
	x := r.X + u.xAt(s.Text, style, s.Caret) - s.scroll
	if !u.editText(it.Key, &s.editor, Rect{x, r.Y, 1, r.H}) {
		u.fieldKeys(s, out)
	}
	if s.Text != before || s.Caret != caret {
		s.lastKey = u.Now
	}
}

// fieldKeys carries out the keys that do not type.
func (u *UI) fieldKeys(s *fieldState, out *FieldResult) {
	in := u.Input
	switch {
	case u.takeKey(ebiten.KeyEnter), u.takeKey(ebiten.KeyNumpadEnter):
		out.Submitted = true
	case u.takeKey(ebiten.KeyEscape):
		out.Cancelled = true
		u.focus.id = 0
	case u.focus.keys&KeysTab != 0 && !in.Shift && u.takeKey(ebiten.KeyTab):
		out.Tab = s.Text != ""
		u.focus.leave = !out.Tab // nobody is caught here
	case u.takeKey(ebiten.KeyArrowUp):
		out.Up = true
	case u.takeKey(ebiten.KeyArrowDown):
		out.Down = true
	}
	if u.Bridge != nil {
		return // the page's text area moves the caret and knows the clipboard
	}
	for _, k := range in.Keys {
		if in.Command {
			u.fieldCommand(s, k.Key)
		}
		u.caretKey(s, k.Key)
	}
	if !in.Command {
		in.Keys = in.Keys[:0]
	}
}

func (u *UI) caretKey(s *fieldState, key ebiten.Key) {
	in := u.Input
	start, end := s.selection()
	collapse := start != end && !in.Shift && !in.Command
	switch key {
	case ebiten.KeyArrowLeft:
		if collapse {
			s.Move(start, false)
		} else {
			s.Move(s.Left(in.Command), in.Shift)
		}
	case ebiten.KeyArrowRight:
		if collapse {
			s.Move(end, false)
		} else {
			s.Move(s.Right(in.Command), in.Shift)
		}
	case ebiten.KeyHome:
		s.Move(0, in.Shift)
	case ebiten.KeyEnd:
		s.Move(len(s.Text), in.Shift)
	case ebiten.KeyBackspace:
		s.Delete(s.Left(in.Command))
	case ebiten.KeyDelete:
		s.Delete(s.Right(in.Command))
	}
}

func (u *UI) fieldCommand(s *fieldState, key ebiten.Key) {
	switch key {
	case ebiten.KeyA:
		s.selectAll()
	case ebiten.KeyC, ebiten.KeyX:
		if text := s.Selected(); text != "" {
			u.Clipboard.WriteText(text)
			if key == ebiten.KeyX {
				s.Insert("")
			}
		}
	case ebiten.KeyV:
		s.Insert(oneLine(u.Clipboard.ReadText()))
	case ebiten.KeyZ:
		if u.Input.Shift {
			s.Redo()
		} else {
			s.Undo()
		}
	case ebiten.KeyY:
		s.Redo()
	default:
		return
	}
	u.takeKey(key)
}

// fieldText draws text, selection, composition and caret, scrolled so that the caret can be seen.
func (u *UI) fieldText(r Rect, it Interaction, s *fieldState, style Style, o FieldOpt) {
	t := &u.Theme
	lh := u.LineHeight(style)
	y := r.Y + (r.H-lh)/2
	shown := s.Text
	if s.Composition != "" && it.Focused {
		shown = s.Text[:s.Caret] + s.Composition + s.Text[s.Caret:]
	}
	caret := u.xAt(shown, style, s.Caret+len(s.Composition))
	s.scroll = clamp(s.scroll, caret-r.W+2, caret)
	s.scroll = clamp(s.scroll, 0, max(0, u.Width(shown, style)-r.W+2))
	if !it.Focused {
		s.scroll = 0
	}
	u.PushClip(r.InsetXY(-1, 0))
	x := r.X - s.scroll
	if start, end := s.selection(); start != end && it.Focused && s.Composition == "" {
		from, to := u.xAt(shown, style, start), u.xAt(shown, style, end)
		u.RoundFill(Rect{x + from, y, to - from, lh}, 2, t.Accent.Alpha(0.35))
	}
	if s.Composition != "" && it.Focused {
		from := u.xAt(shown, style, s.Caret)
		u.Fill(Rect{x + from, y + lh - 2, caret - from, 1}, t.Accent)
	}
	ink := t.Text
	if o.Disabled {
		ink = t.Faint
	}
	if shown == "" {
		u.TextIn(r, o.Placeholder, style, Left, t.Dim)
	} else if it.Focused {
		u.Text(x, y, shown, style, ink)
	} else {
		u.TextIn(r, shown, style, Left, ink)
	}
	if o.Wrong[1] > o.Wrong[0] {
		from, to := u.xAt(shown, style, min(o.Wrong[0], len(shown))), u.xAt(shown, style, min(o.Wrong[1], len(shown)))
		u.Fill(Rect{x + from, y + lh - 2, max(to-from, u.Width("0", style)), 2}, t.Rst)
	}
	if it.Focused {
		u.lively = true
		if blink := (u.Now - s.lastKey) / (530 * time.Millisecond); blink%2 == 0 || u.ReduceMotion {
			u.Fill(Rect{x + caret, y + 1, 1.5, lh - 2}, t.Text)
		}
	}
	u.PopClip()
}
