package view

import (
	"fmt"

	"wirelab/lab/ui"
	"wirelab/stack/wire"
)

// hexDump shows the bytes of a frame: offset, hex and ASCII. It is laid out
// once for each frame and width.
type hexDump struct {
	width int // bytes in a line
	lines []hexLine
	shown [2]int // the bytes that were last brought into sight
}

// hexLine is a line of the dump in words.
type hexLine struct{ offset, hex, ascii string }

// hexFrom is the column at which the hex digits begin, in characters.
const hexFrom = 4 + 2

// hexColumn returns where byte i of a line stands among the line's hex digits:
// after eight there is a wider gap.
func hexColumn(i int) int { return 3*i + i/8 }

// hexChars returns how many characters a line of width bytes takes.
func hexChars(width int) int { return asciiFrom(width) + width }

func asciiFrom(width int) int { return hexFrom + hexColumn(width-1) + 2 + 1 + width/16 }

// hexLines lays bytes out in lines of width.
func hexLines(dst []hexLine, frame []byte, width int) []hexLine {
	for at := 0; at < len(frame); at += width {
		line := frame[at:min(at+width, len(frame))]
		hex, ascii := make([]byte, hexColumn(width-1)+2), make([]byte, 0, 2*width)
		for i := range hex {
			hex[i] = ' '
		}
		for i, b := range line {
			copy(hex[hexColumn(i):], fmt.Sprintf("%02x", b))
			if b < ' ' || b > '~' {
				ascii = append(ascii, "·"...)
				continue
			}
			ascii = append(ascii, b)
		}
		dst = append(dst, hexLine{fmt.Sprintf("%04x", at), string(hex), string(ascii)})
	}
	return dst
}

// byteAt returns which byte stands at a character of a line, in hex or in
// ASCII; -1 for none. The gap after a byte is still that byte's.
func byteAt(column float32, width int) int {
	if i := int(column) - asciiFrom(width); column >= 0 && i >= 0 && i < width {
		return i
	}
	for i := range width {
		if from := float32(hexFrom + hexColumn(i)); column >= from-0.5 && column < from+2.5 {
			return i
		}
	}
	return -1
}

// byteOwner returns the innermost field that a byte belongs to, or -1. Bits
// that share their bytes with others are not asked for singly: their byte
// belongs to the field they are part of.
func byteOwner(fields []wire.Field, at int) int {
	best, size := -1, 0
	for i := range fields {
		f := &fields[i]
		if at < f.Start || at >= f.End || f.Depth > 1 && shared(fields, i) {
			continue
		}
		if n := f.End - f.Start; best < 0 || n < size {
			best, size = i, n
		}
	}
	return best
}

// shared says whether the field next to i, beside it in the tree, has the same
// bytes.
func shared(fields []wire.Field, i int) bool {
	same := func(j int) bool {
		return j >= 0 && j < len(fields) && fields[j].Depth == fields[i].Depth && fields[j].Start == fields[i].Start && fields[j].End == fields[i].End
	}
	return same(i-1) || same(i+1)
}

// hexMarks are the stretches of bytes that stand out.
type hexMarks struct {
	layer, selected, hover [2]int
	bad                    [][2]int
}

// hexResult is what the pointer does at the dump.
type hexResult struct {
	over    int // the byte under the pointer, -1: none
	clicked bool
	it      ui.Interaction
}

func hexWidth(u *ui.UI, width int) float32 {
	return float32(hexChars(width))*u.Width("0", ui.CodeTiny) + 2*ui.Space2
}

// draw draws the dump of lines into r, with a scroll bar if it is long.
func (h *hexDump) draw(u *ui.UI, r ui.Rect, name, value string, n int, marks *hexMarks) (out hexResult) {
	out.over = -1
	height := u.LineHeight(ui.CodeTiny) + 1
	var top float32
	u.ScrollArea(r, "hex", name, func(in ui.Rect) float32 {
		top = r.Y - in.Y
		all := ui.R(in.X, in.Y, in.W, float32(len(h.lines))*height+ui.Space2)
		it := u.Node(ui.Spec{ID: "bytes", Rect: all, Role: ui.RoleImage, Name: name, Value: value, Actions: ui.CanPress | ui.CanSet})
		in = in.InsetXY(ui.Space2, ui.Space1)
		ch := u.Width("0", ui.CodeTiny)
		out.it = it
		out.over, out.clicked = h.pointed(it, in, ch, height, n)
		first := max(0, int((r.Y-in.Y)/height))
		last := min(len(h.lines), int((r.Bottom()-in.Y)/height)+1)
		for i := first; i < last; i++ {
			h.line(u, ui.R(in.X, in.Y+float32(i)*height, in.W, height), i, ch, marks)
		}
		return all.H
	})
	if marks.selected != h.shown {
		h.shown = marks.selected
		h.reveal(u, r, top, height)
	}
	return out
}

// pointed tells which byte the pointer is at, or Do asked for.
func (h *hexDump) pointed(it ui.Interaction, in ui.Rect, ch, height float32, n int) (over int, clicked bool) {
	if it.Set {
		at := -1
		if _, err := fmt.Sscan(it.Value, &at); err == nil && at >= 0 && at < n {
			return at, true
		}
	}
	if !it.Hover || it.Y < in.Y {
		return -1, false
	}
	i := byteAt((it.X-in.X)/ch, h.width)
	at := int((it.Y-in.Y)/height)*h.width + i
	if i < 0 || at >= n {
		return -1, false
	}
	return at, it.Clicked
}

// reveal scrolls to the beginning of the selected bytes if it is out of sight.
func (h *hexDump) reveal(u *ui.UI, r ui.Rect, top, height float32) {
	if h.shown[1] <= h.shown[0] {
		return
	}
	y := float32(h.shown[0]/h.width)*height + ui.Space1
	if y < top || y+2*height > top+r.H {
		u.ScrollTo("hex", max(0, y-r.H/3))
	}
}

func (h *hexDump) line(u *ui.UI, r ui.Rect, i int, ch float32, marks *hexMarks) {
	t := &u.Theme
	h.mark(u, r, i, ch, marks.layer, t.Raised, 0)
	for _, bad := range marks.bad {
		h.mark(u, r, i, ch, bad, t.Tint(t.Rst), t.Rst)
	}
	h.mark(u, r, i, ch, marks.hover, t.Panel.Mix(t.Focus, 0.12), t.LineStrong)
	h.mark(u, r, i, ch, marks.selected, t.Panel.Mix(t.Focus, 0.22), t.Focus)
	line := &h.lines[i]
	u.TextIn(r, line.offset, ui.CodeTiny, ui.Left, t.Dim)
	u.Text(r.X+hexFrom*ch, r.Y+0.5, line.hex, ui.CodeTiny, t.Text)
	u.Text(r.X+float32(asciiFrom(h.width))*ch, r.Y+0.5, line.ascii, ui.CodeTiny, t.Dim)
}

// mark fills the places of bytes in line i, in hex and in ASCII.
func (h *hexDump) mark(u *ui.UI, r ui.Rect, i int, ch float32, bytes [2]int, fill, edge ui.Color) {
	from, to := max(bytes[0]-i*h.width, 0), min(bytes[1]-i*h.width, h.width)
	if from >= to {
		return
	}
	hex := ui.R(r.X+float32(hexFrom+hexColumn(from))*ch-2, r.Y, float32(hexColumn(to-1)+2-hexColumn(from))*ch+4, r.H)
	ascii := ui.R(r.X+float32(asciiFrom(h.width)+from)*ch, r.Y, float32(to-from)*ch, r.H)
	for _, box := range [...]ui.Rect{hex, ascii} {
		u.RoundFill(box, 2, fill)
		if edge != 0 {
			u.RoundStroke(box, 2, 0, edge)
		}
	}
}
