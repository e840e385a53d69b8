package view

import (
	"math"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/ui"
)

// hand lets a person zoom at the pointer, move along, and press.
func (d *Plots) hand(u *ui.UI, r ui.Rect, m *Model) {
	it := u.Node(ui.Spec{ID: "area", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.plot_area"), Cursor: ebiten.CursorShapeCrosshair,
		Actions: ui.CanPress | ui.CanFocus | ui.CanDrag | ui.CanScroll | ui.CanMenu | ui.CanOpen})
	u.FocusRing(ui.Interaction{Rect: r.Inset(3), Focused: it.Focused, FocusRing: it.FocusRing}, ui.RadiusControl)
	d.over, d.near = it.Hover && it.X >= d.view.x && it.X <= d.view.x+d.view.w && d.view.w > 1, -1
	if d.over {
		d.at = min(max(d.view.time(it.X), d.view.from), d.view.to)
		if c := &d.charts[chartSequence]; c.shown && c.plot.Contains(it.X, it.Y) {
			d.near = d.pick(c, it.X, it.Y)
		}
	}
	middle := d.view.x + d.view.w/2
	switch {
	case it.Pinch > 0 && it.Pinch != 1:
		d.zoom(m, it.X, 1/float64(it.Pinch))
	case it.WheelY != 0 && d.over:
		d.zoom(m, it.X, math.Exp(float64(it.WheelY)*0.004))
	case it.WheelY != 0:
		d.zoom(m, middle, math.Exp(float64(it.WheelY)*0.004))
	case it.WheelX != 0:
		d.pan(m, it.WheelX)
	case it.Dragging && it.DX != 0:
		d.pan(m, -it.DX)
	case it.DoubleClicked && d.near < 0:
		d.zoomed = false
	case it.Clicked && d.near >= 0:
		m.Choose(Target{Kind: OnPacket, Packet: uint64(d.near)})
	}
	if it.Focused {
		d.keys(u, m, middle)
	}
	d.menu(u, it, m)
}

// keys are those of the charts while they have the focus.
func (d *Plots) keys(u *ui.UI, m *Model, middle float32) {
	const larger = 0.7
	for _, k := range [...]struct {
		key   ebiten.Key
		shift bool
		do    func()
	}{
		{ebiten.KeyEqual, false, func() { d.zoom(m, middle, larger) }},
		{ebiten.KeyEqual, true, func() { d.zoom(m, middle, larger) }},
		{ebiten.KeyNumpadAdd, false, func() { d.zoom(m, middle, larger) }},
		{ebiten.KeyMinus, false, func() { d.zoom(m, middle, 1/larger) }},
		{ebiten.KeyNumpadSubtract, false, func() { d.zoom(m, middle, 1/larger) }},
		{ebiten.KeyArrowLeft, false, func() { d.pan(m, -d.view.w/8) }},
		{ebiten.KeyArrowRight, false, func() { d.pan(m, d.view.w/8) }},
		{ebiten.KeyHome, false, func() { d.zoomed = false }},
	} {
		if u.Shortcut(false, k.shift, k.key) {
			k.do()
		}
	}
}

// zoom shows so many times as long a stretch; what stands at x stays there.
func (d *Plots) zoom(m *Model, x float32, by float64) {
	v := &d.view
	all := d.all(m)
	span := max(float64(v.to-v.from)*by, leastGap)
	if span >= float64(all.to-all.from) {
		d.zoomed = false
		return
	}
	at := v.time(min(max(x, v.x), v.x+v.w))
	share := float64(at-v.from) / float64(max(v.to-v.from, 1))
	v.from = at - int64(share*span)
	v.to = v.from + int64(span)
	d.keep(all)
}

// pan moves along by some pixels.
func (d *Plots) pan(m *Model, pixels float32) {
	v := &d.view
	by := int64(float64(pixels) / float64(max(v.w, 1)) * float64(v.to-v.from))
	v.from, v.to = v.from+by, v.to+by
	d.keep(d.all(m))
}

// keep holds what is shown within all there is.
func (d *Plots) keep(all stretch) {
	v := &d.view
	span := v.to - v.from
	v.from = max(min(v.from, all.to-span), all.from)
	v.to = v.from + span
	d.zoomed = v.from > all.from || v.to < all.to
}

func (d *Plots) menu(u *ui.UI, it ui.Interaction, m *Model) {
	if it.RightClicked {
		d.menuAt = max(d.view.time(it.X), 0)
	}
	if !it.RightClicked && !u.MenuOpen("menu") {
		return
	}
	words := instantWords(d.menuAt, 3)
	switch u.ContextMenu(it, "menu", m.Say("view.plots"), []ui.MenuItem{
		{ID: "go", Label: m.Say("view.plot_go", words)},
		{ID: "all", Label: m.Say("view.plot_all"), Key: "Home", Disabled: !d.zoomed},
		{},
		{ID: "svg", Label: m.Say("view.plot_svg"), Key: "Shift V", Icon: ui.IconSave},
		{ID: "csv", Label: m.Say("view.plot_csv"), Key: "Shift E"},
	}) {
	case "go":
		m.Ask(Ask{Kind: AskSeek, TimeNs: d.menuAt})
	case "all":
		d.zoomed = false
	case "svg":
		m.Ask(Ask{Kind: AskSaveFile, Text: "plots.svg", Data: d.svg(u, m)})
	case "csv":
		m.Ask(Ask{Kind: AskSaveFile, Text: "plots.csv", Data: d.csv()})
	}
}

// cursors draws now, and the line under the pointer with what stands there.
func (d *Plots) cursors(u *ui.UI, m *Model) {
	t, v := &u.Theme, &d.view
	top, bottom := d.foot.Y, d.foot.Y
	for k := range d.charts {
		if c := &d.charts[k]; c.shown {
			top = min(top, c.plot.Y)
		}
	}
	if now := m.Now(); now >= v.from && now <= v.to {
		x := u.Still(v.place(now))
		u.Fill(ui.R(x-0.5, top, 1, bottom-top), t.Focus.Alpha(0.8))
		u.Poly([]ui.Point{{X: x - 5, Y: bottom + 6}, {X: x, Y: bottom}, {X: x + 5, Y: bottom + 6}}, t.Focus)
	}
	if !d.over {
		return
	}
	x := v.place(d.at)
	u.Fill(ui.R(x, top, u.Pixel(), bottom-top), t.Text.Alpha(0.6))
	_, digits := timeStep(v.to-v.from, int(v.w))
	words := instantWords(d.at, min(digits, 6))
	w, h := u.Width(words, ui.CodeTiny)+ui.Space2, u.LineHeight(ui.CodeTiny)+4
	tag := ui.R(x-w/2, bottom+2, w, h).Within(ui.R(d.foot.X, d.foot.Y, d.foot.W, d.foot.H+4))
	u.RoundFill(tag, ui.RadiusSmall, t.Text)
	u.TextIn(tag, words, ui.CodeTiny, ui.Middle, t.Panel)
	if d.near >= 0 {
		d.card(u, m, x)
	}
}

// card tells of the segment under the pointer.
func (d *Plots) card(u *ui.UI, m *Model, x float32) {
	c, f, t := &d.charts[chartSequence], d.subjects[0].c.flow, &u.Theme
	for _, tr := range [...]*track{&f.data, &f.again} {
		if i := tr.find(uint32(d.near)); i >= 0 {
			d.ring(&d.pen, c, tr, i, t.Text)
		}
	}
	id := uint64(d.near)
	words := m.Label(id)
	why := m.Why(id)
	w := min(max(u.Width(words, ui.CodeSmall), u.Width(why, ui.Small))+1, max(c.plot.W-2*ui.Space3, 1))
	h := u.LineHeight(ui.CodeSmall) + u.LineHeight(ui.Small)
	box := ui.R(x+ui.Space3, c.plot.Y+ui.Space1, w+2*ui.Space2, h+ui.Space2)
	if box.Right() > c.plot.Right() {
		box.X = x - ui.Space3 - box.W
	}
	box = box.Within(c.plot)
	u.RoundFill(box, ui.RadiusControl, t.Raised)
	u.RoundStroke(box, ui.RadiusControl, 0, t.LineStrong)
	in := box.InsetXY(ui.Space2, ui.Space1)
	u.TextIn(in.CutTop(u.LineHeight(ui.CodeSmall)), words, ui.CodeSmall, ui.Left, t.Text)
	u.TextIn(in, why, ui.Small, ui.Left, t.Dim)
}

// nodes puts the charts into the tree.
func (d *Plots) nodes(u *ui.UI, m *Model) {
	for k := range d.charts {
		if c := &d.charts[k]; c.shown {
			u.Node(ui.Spec{ID: chartIDs[k], Rect: c.box, Role: ui.RoleImage, Name: m.Say("view.plot_" + chartIDs[k]), Value: d.sentence(c, u.Now, m)})
			d.more(u, c, m)
		}
	}
}
