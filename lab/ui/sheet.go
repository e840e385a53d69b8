package ui

import (
	"math"
	"slices"
	"unsafe"

	"github.com/hajimehoshi/ebiten/v2"
)

// A sheet is a part of the window with a ground that hides what was there before. It is painted again only when it looks
// otherwise, or when something under it was painted: while packets fly, the charts beside them cost nothing.

// PushSheet confines drawing and pointing to r until PopSheet, on a ground that must be opaque. Sheets inside others lie above
// all of them; no others may overlap.
func (u *UI) PushSheet(r Rect, ground Color) {
	u.outs = append(u.outs, u.out)
	area := u.out.clip.meet(u.device(r))
	if u.layer() != layerBase { // what floats is not kept
		u.out.pushClip(area)
		u.Fill(r, ground)
		return
	}
	n := len(u.sheets)
	if n < cap(u.sheets) {
		u.sheets = u.sheets[:n+1]
	} else {
		u.sheets = append(u.sheets, nil)
	}
	if u.sheets[n] == nil {
		u.sheets[n] = new(batch)
	}
	u.out = u.sheets[n]
	u.out.reset(area)
	u.Fill(r, ground)
}

// PopSheet undoes the last PushSheet.
func (u *UI) PopSheet() {
	n := len(u.outs) - 1
	if u.out == u.outs[n] {
		u.out.popClip()
	}
	u.out, u.outs = u.outs[n], u.outs[:n]
}

// Stillness is the part of a pixel by which nothing is seen to move.
const Stillness = 1.0 / 8

// Still rounds a place so that what hardly moves looks the same from frame to frame, and is not painted again.
func (u *UI) Still(x float32) float32 {
	step := float32(Stillness) / u.scale
	return round(x/step) * step
}

// former is the frame before, as far as it is needed to tell what of this one looks the same.
type former struct {
	layers   [layerCount]batch
	sheets   []*batch
	onScreen bool // it is what the screen shows
}

// keepFormer makes this frame the former one, before the next begins.
func (u *UI) keepFormer() {
	u.layers, u.before.layers = u.before.layers, u.layers
	u.sheets, u.before.sheets = u.before.sheets, u.sheets
	u.before.onScreen, u.onScreen = u.onScreen, false
}

// choose marks what must be painted on a screen that shows the former frame: the sheets that look otherwise and those above
// them, or everything if anything else does. Frames in which something moves differ early, so that it is found out soon.
func (u *UI) choose(whole bool) {
	was := u.before.sheets
	whole = whole || len(u.sheets) != len(was)
	for i := 0; i < len(u.layers) && !whole; i++ {
		whole = !u.layers[i].looksLike(&u.before.layers[i])
	}
	for i := 0; i < len(u.sheets) && !whole; i++ {
		b := u.sheets[i]
		b.painted = !b.looksLike(was[i])
		for _, under := range u.sheets[:i] {
			b.painted = b.painted || under.painted && !under.area.meet(b.area).empty()
		}
		whole = b.area != was[i].area || b.painted && u.floatsOver(b.area)
	}
	for i := range u.layers {
		u.layers[i].painted = whole
	}
	for _, b := range u.sheets {
		b.painted = b.painted || whole
	}
}

// floatsOver says whether a layer above the sheets has something in an area. It may be seen through, so that it can only be
// painted together with all that is under it.
func (u *UI) floatsOver(area bounds) bool {
	for i := layerBase + 1; i < layerCount; i++ {
		if !u.layers[i].extent().meet(area).empty() {
			return true
		}
	}
	return false
}

// extent is the least rectangle around what a batch draws.
func (b *batch) extent() bounds {
	inf := float32(math.Inf(1))
	e := bounds{inf, inf, -inf, -inf}
	b.runs(func(vertices []ebiten.Vertex, _ []uint32) {
		for i := range vertices {
			v := &vertices[i]
			e = bounds{Least(e.x0, v.DstX), Least(e.y0, v.DstY), Most(e.x1, v.DstX), Most(e.y1, v.DstY)}
		}
	})
	return e
}

// looksLike says whether two batches draw the same.
func (b *batch) looksLike(o *batch) bool {
	return slices.Equal(b.splices, o.splices) && same(words(b.vertices), words(o.vertices)) && same(words(b.indices), words(o.indices)) && slices.Equal(tail(b.indices), tail(o.indices))
}

// same compares eight words at a time: in WebAssembly, what the standard library does for bytes takes six times as long.
func same(a, b []uint64) bool {
	if len(a) != len(b) {
		return false
	}
	for len(a) >= 8 && len(b) >= 8 {
		x, y := (*[8]uint64)(a), (*[8]uint64)(b)
		if (x[0]^y[0])|(x[1]^y[1])|(x[2]^y[2])|(x[3]^y[3])|(x[4]^y[4])|(x[5]^y[5])|(x[6]^y[6])|(x[7]^y[7]) != 0 {
			return false
		}
		a, b = a[8:], b[8:]
	}
	return slices.Equal(a, b)
}

// words is the memory of a slice of plain numbers, but for its tail if that is no whole word.
func words[T ebiten.Vertex | uint32](s []T) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(*new(T)))/8)
}

func tail(s []uint32) []uint32 { return s[len(s)&^1:] }
