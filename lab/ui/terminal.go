package ui

import (
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

// Span is a piece of a line of a terminal in one colour; a zero colour is that of text.
type Span struct {
	Text  string
	Color Color
	Bold  bool
}

// Scrollback is where a terminal finds its lines.
type Scrollback interface {
	Lines() int
	// Line returns line i. The spans are only used until the next call.
	Line(i int) []Span
}

// TerminalOpt is the last line of a terminal, where one types.
type TerminalOpt struct {
	Prompt string  // before what is typed; empty when nothing can be typed
	Text   *string // what is typed; nil when nothing can be
	Status []Span  // instead of the prompt: what the program is waiting for
	Style  Style   // Code when zero
	Tab    bool    // the key is for completion, as long as something is typed
	Focus  bool    // it shall have the keyboard now
}

type terminalState struct {
	up   float64 // how many rows the view is scrolled up from the end
	last int     // lines in the last frame
}

// Terminal shows the end of a scrollback, and a line to type in. Lines that are too long are folded.
func (u *UI) Terminal(r Rect, id, name string, lines Scrollback, o TerminalOpt) FieldResult {
	s := stateIn[terminalState](u, id)
	if o.Style.Size == 0 {
		o.Style = Code
	}
	last := ""
	if n := lines.Lines(); n > 0 {
		if spans := lines.Line(n - 1); len(spans) > 0 {
			last = spans[0].Text
		}
	}
	it := u.Enter(Spec{ID: id, Rect: r, Role: RoleLog, Name: name, Value: last, Actions: CanScroll | CanPress, Cursor: ebiten.CursorShapeText})
	defer u.Leave()
	u.PushClip(r)
	defer u.PopClip()
	n, row := lines.Lines(), u.LineHeight(o.Style)
	if s.up > 0 && n > s.last {
		s.up += float64(n - s.last) // what is read stays where it is
	}
	s.last = n
	s.up = max(0, min(s.up-float64(it.WheelY/row), float64(n-1)))
	var out FieldResult
	if o.Text != nil || len(o.Status) > 0 {
		out = u.terminalPrompt(r.CutBottom(row), it, o)
	}
	u.terminalRows(r, lines, n-int(math.Ceil(s.up)), row, o.Style)
	if s.up > 0 {
		mark := Rect{r.Right() - 24, r.Bottom() - 24, 20, 20}
		if u.IconButton(mark, "end", name, IconChevronDown) {
			s.up = 0
		}
	}
	return out
}

func (u *UI) terminalPrompt(r Rect, it Interaction, o TerminalOpt) FieldResult {
	if len(o.Status) > 0 {
		u.spans(r.X, r.Y, r.W, o.Status, o.Style)
		return FieldResult{}
	}
	w := u.Text(r.X, r.Y, o.Prompt, o.Style, u.Theme.Dim)
	r.CutLeft(w)
	if it.Clicked || o.Focus {
		u.SetFocus("input")
	}
	return u.TextField(r, "input", orElse(o.Prompt, u.nodes[u.parent].Name), o.Text, FieldOpt{Bare: true, Mono: true, Style: o.Style, Tab: o.Tab})
}

// terminalRows draws lines upwards from the one before end, until there is no more room. A scrollback shorter than the window
// starts at its top.
func (u *UI) terminalRows(r Rect, lines Scrollback, end int, row float32, style Style) {
	columns := max(1, int(r.W/u.Width("0", style)))
	first, height := end, float32(0)
	for first > 0 && height < r.H {
		first--
		height += float32(rowsOf(lines.Line(first), columns)) * row
	}
	y := r.Y
	if height > r.H {
		y = r.Bottom() - height
	}
	for i := first; i < end; i++ {
		y = u.spans(r.X, y, r.W, lines.Line(i), style)
	}
}

// rowsOf is how many rows a line takes, counting a wide character as two.
func rowsOf(line []Span, columns int) int {
	rows, at := 1, 0
	for _, s := range line {
		for _, c := range s.Text {
			w := cells(c)
			if at+w > columns {
				rows, at = rows+1, 0
			}
			at += w
		}
	}
	return rows
}

func cells(r rune) int {
	if isWide(r) {
		return 2
	}
	return 1
}

// spans draws a line, folded at width, and returns where the next begins.
func (u *UI) spans(x, y, width float32, line []Span, style Style) float32 {
	columns := max(1, int(width/u.Width("0", style)))
	row, left, at := u.LineHeight(style), x, 0
	for _, s := range line {
		ink, look := s.Color, style
		if ink == 0 {
			ink = u.Theme.Text
		}
		if s.Bold {
			look = style.Bold()
		}
		start := 0
		for i, c := range s.Text {
			if w := cells(c); at+w > columns {
				u.Text(left, y, s.Text[start:i], look, ink)
				y, left, at, start = y+row, x, w, i
			} else {
				at += w
			}
		}
		left += u.Text(left, y, s.Text[start:], look, ink)
	}
	return y + row
}
