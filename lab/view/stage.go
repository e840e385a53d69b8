package view

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/ui"
)

// Stage is the canvas: hosts as cards, links as two lanes, packets at the place
// where they really are. Stage units are logical pixels at zoom 1.
type Stage struct {
	x, y, zoom float32 // the point of the stage in the middle, and the zoom
	wide, tall float32 // how much further things are apart than the zoom says, where there is room in one direction only
	narrow     bool    // cards are, for lack of room
	share      float32 // of the text scale that there is room for
	size       float32 // how large cards and capsules are drawn: the zoom, and what there is of the text scale
	moved      bool    // by a person; until then the whole lab is shown
	of         *lab.Lab

	cards []ui.Rect // on screen, by node
	drag  struct {
		dx, dy float32 // not moved yet
		number int     // of those that are over
	}
	standing  []standing
	losses    []loss
	crowded   bool       // the lane that is being drawn
	rooms     rooms      // what capsules and the words at queues have taken
	ground    ui.Rect    // all of it
	area      ui.Rect    // what nothing else covers
	build     building   // what a hand is doing
	parted    []ui.Point // how far cards gave way to each other, on the stage
	toolsLeft float32    // how far the tools went to the left of their corner, as a share
	selected  ui.Rect    // where the selected packet is drawn in this frame
}

const (
	leastSize  = 0.72 // what is written on cards must be legible, however much there is to show
	cardWidth  = 176
	cardNarrow = 130
	cardTall   = 92 // between that of a host with a connection and of one without
	laneOffset = 15 // of a lane from the middle of its link
)

// Draw draws the stage into r; the lab is fitted into the part of it that
// nothing else covers.
func (s *Stage) Draw(u *ui.UI, r, clear ui.Rect, m *Model) {
	if s.of != m.Lab {
		*s = Stage{of: m.Lab, share: 1}
	}
	u.PushClip(r)
	defer u.PopClip()
	it := u.Enter(ui.Spec{ID: "stage", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.stage"), Actions: ui.CanDrag | ui.CanScroll | ui.CanPress | ui.CanMenu})
	defer u.Leave()
	s.ground, s.area = r, clear
	s.camera(u, r, clear, it, m)
	s.dots(u, r)
	s.place(u, r, m)
	s.notes(u, r, m)
	s.rooms.clear(r, capsuleHeight*s.size)
	for i := range m.Lab.Links {
		s.link(u, m, i)
	}
	for id := range m.Lab.Present {
		s.card(u, m, id)
	}
	s.packets(u, m)
	for i := range m.Lab.PresentLinks {
		s.linkLabel(u, m, int(i))
	}
	s.callout(u, m)
	s.tools(u, clear, r, m)
	if it.Clicked {
		m.Select(-1)
		m.Chosen, m.Many = Target{}, nil
	}
	if it.RightClicked {
		x, y := s.unproject(r, it.X, it.Y)
		m.Place = &Place{int32(x), int32(y)}
	}
	m.Menu(u, it, "stage.menu", Target{})
}

// camera fits the lab into r until a person pans or zooms; a double click goes
// back to that.
func (s *Stage) camera(u *ui.UI, r, clear ui.Rect, it ui.Interaction, m *Model) {
	if it.DoubleClicked {
		s.moved = false
	}
	if it.Dragging && (it.DX != 0 || it.DY != 0) {
		s.moved = true
		dx, dy := s.onStage(it.DX, it.DY)
		s.x -= dx
		s.y -= dy
	}
	if factor := zoomFactor(it); factor != 1 {
		s.moved = true
		px, py := s.unproject(r, it.X, it.Y)
		s.zoom = min(max(s.zoom*factor, leastZoom), 2.5)
		qx, qy := s.unproject(r, it.X, it.Y)
		s.x += px - qx
		s.y += py - qy
	}
	if !s.moved {
		s.fit(u, r, clear, m)
	}
	s.size = max(s.zoom, leastSize) * u.TextScale * s.share
}

func zoomFactor(it ui.Interaction) float32 {
	factor := float32(math.Exp(float64(-it.WheelY) / 400))
	if it.Pinch > 0 {
		factor *= it.Pinch
	}
	return factor
}

// onStage is how far a way on screen is on the stage.
func (s *Stage) onStage(dx, dy float32) (x, y float32) {
	return dx / (s.zoom * s.wide), dy / (s.zoom * s.tall)
}

func (s *Stage) project(r ui.Rect, x, y float32) (px, py float32) {
	cx, cy := r.Mid()
	return cx + (x-s.x)*s.zoom*s.wide, cy + (y-s.y)*s.zoom*s.tall
}

func (s *Stage) unproject(r ui.Rect, px, py float32) (x, y float32) {
	cx, cy := r.Mid()
	dx, dy := s.onStage(px-cx, py-cy)
	return s.x + dx, s.y + dy
}

// dots is the ground, which moves with the camera.
func (s *Stage) dots(u *ui.UI, r ui.Rect) {
	step := 32 * s.zoom
	if step < 16 {
		step *= 2
	}
	x, y := s.project(r, 0, 0)
	u.Grid(r, x, y, step, u.Theme.Line)
}

// style is a text style at the stage's zoom.
func (s *Stage) style(st ui.Style) ui.Style {
	st.Size *= max(s.zoom, leastSize) * s.share
	return st
}

// cardWidth is how wide a card is before it is made larger or smaller.
func (s *Stage) cardWidth() float32 {
	if s.narrow {
		return cardNarrow
	}
	return cardWidth
}

// place computes where the cards are; their height depends on what they say.
func (s *Stage) place(u *ui.UI, r ui.Rect, m *Model) {
	s.cards = s.cards[:0]
	for id := range uint32(m.Lab.Ever()) {
		n := m.Lab.Node(id)
		x, y := s.project(r, float32(n.X), float32(n.Y))
		w, h := s.cardWidth()*s.size, s.cardHeight(m, id)*s.size
		if s.narrow && m.Lab.Host(id) == nil {
			w = min(w, u.Width(n.Name, s.style(ui.Title))+60*s.size)
		}
		s.cards = append(s.cards, ui.R(x-w/2, y-h/2, w, h))
	}
	s.part(m)
}

// lane is one direction of a link on screen, from the edge of one card to that
// of the other.
type lane struct {
	x0, y0, x1, y1 float32
	dx, dy         float32 // unit vector along it
}

func (l lane) at(share float32) (x, y float32) {
	return l.x0 + (l.x1-l.x0)*share, l.y0 + (l.y1-l.y0)*share
}

// lane returns direction d of link i: traffic keeps to the right of its way.
func (s *Stage) lane(m *Model, i int, d uint8) lane {
	ends := m.Lab.EndsOf(uint32(i))
	a, b := s.cards[ends[d]], s.cards[ends[1-d]]
	ax, ay := a.Mid()
	bx, by := b.Mid()
	dx, dy := bx-ax, by-ay
	length := float32(math.Hypot(float64(dx), float64(dy)))
	if length < 1 {
		return lane{ax, ay, bx, by, 1, 0}
	}
	dx, dy = dx/length, dy/length
	ox, oy := -dy*laneOffset*s.size, dx*laneOffset*s.size
	from, to := edge(a, ox, oy, dx, dy), edge(b, ox, oy, -dx, -dy)
	return lane{ax + dx*from + ox, ay + dy*from + oy, bx - dx*to + ox, by - dy*to + oy, dx, dy}
}

// edge is how far it is to the edge of a card in a direction, from a point at some distance of its middle.
func edge(r ui.Rect, ox, oy, dx, dy float32) float32 {
	far := float32(math.MaxFloat32)
	if dx != 0 {
		far = (r.W/2 - ox*sign(dx)) / abs(dx)
	}
	if dy != 0 {
		far = ui.Least(far, (r.H/2-oy*sign(dy))/abs(dy))
	}
	return ui.Most(far, 0)
}

func sign(v float32) float32 {
	if v < 0 {
		return -1
	}
	return 1
}

func abs(v float32) float32 { return ui.Most(v, -v) }

func (s *Stage) link(u *ui.UI, m *Model, i int) {
	t := &u.Theme
	k := m.Lab.LinkAt(i)
	if m.Lab.Cut(uint32(i)) {
		return
	}
	for d := range uint8(2) {
		l := s.lane(m, i, d)
		c := t.LineStrong
		if k.Dir[d].LossPPM == 1_000_000 {
			u.Dash(l.x0, l.y0, l.x1, l.y1, 1, 4, 4, 0, t.Rst.Alpha(0.7))
		} else {
			u.Butt(l.x0, l.y0, l.x1, l.y1, 1, c)
		}
		s.queue(u, m, &k.Dir[d], l)
	}
}

// queue draws the frames that wait at the start of a lane, and says how many they are.
func (s *Stage) queue(u *ui.UI, m *Model, d *link.Direction, l lane) {
	n := d.Depth(m.Now())
	if n == 0 {
		return
	}
	t := &u.Theme
	const slots = 10
	w, h := 4*s.size, 11*s.size
	shown := min(n, slots)
	for j := range shown {
		at := (10 + float32(j)*6) * s.size
		x, y := l.x0+l.dx*at, l.y0+l.dy*at
		u.RoundFill(ui.R(x-w/2, y-h/2, w, h), 1, t.Data)
	}
	limit := "∞"
	if d.QueuePackets > 0 {
		limit = numbered("", d.QueuePackets, "")
	}
	x, y := l.at(0)
	words := m.sayStrings("view.queue", numbered("", uint32(n), ""), limit)
	style := s.style(ui.Tiny)
	w = u.Width(words, style)
	left := x + 4*s.size
	if l.dx < 0 {
		left = x - w - 4*s.size
	}
	// On the outer side of the lane, away from the other one.
	above := -20 * s.size
	if -l.dy+l.dx > 0 {
		above = 8 * s.size
	}
	u.Text(left, y+above, words, style, t.Dim)
	s.rooms.take(ui.R(left, y+above, w, u.LineHeight(style)))
}

// linkLabel says what a link is like; pressing it offers to change that.
func (s *Stage) linkLabel(u *ui.UI, m *Model, i int) {
	k := m.Lab.LinkAt(i)
	a, b := s.lane(m, i, 0), s.lane(m, i, 1)
	x0, y0 := a.at(0.5)
	x1, y1 := b.at(0.5)
	x, y := (x0+x1)/2, min(y0, y1)-(24+2*abs(a.dy))*s.size
	full := linkWords(m, &k.Dir[0].Params)
	if k.Dir[0].Params != k.Dir[1].Params {
		full = "→ " + full + "   ← " + linkWords(m, &k.Dir[1].Params)
	}
	style := s.style(ui.Small)
	place := func(words string) ui.Rect {
		w := u.Width(words, style) + 12
		return ui.R(x-w/2, y-10*s.size, w, 20*s.size)
	}
	words, r := full, place(full)
	if s.overCard(m, r) { // there is room for less
		words = foremost(m, &k.Dir[0].Params, &k.Dir[1].Params)
		r = place(words)
	}
	if s.rooms.taken(r) {
		return // what moves comes first
	}
	small := s.overCard(m, r)
	if small { // there is no room for words: a knob, to press
		x, y = (x0+x1)/2, (y0+y1)/2
		r = ui.R(x-9*s.size, y-9*s.size, 18*s.size, 18*s.size)
		words = ""
	}
	name := glued(glued(m.NodeName(k.Ends[0].Node), " – "), m.NodeName(k.Ends[1].Node))
	it := u.Node(ui.Spec{ID: numbered("link", uint32(i), ""), Rect: r, Role: ui.RoleButton, Name: name, Value: full,
		Actions: ui.CanPress | ui.CanMenu | ui.CanFocus, Keys: ui.KeysPress})
	ground := u.Theme.Stage
	if small {
		r = r.Inset(4 * s.size)
		ground = u.Theme.LineStrong
	}
	u.RoundFill(r, 4, ground)
	ink := u.Theme.Dim
	if it.Hover || m.isChosen(OnLink, uint32(i)) {
		u.RoundFill(r, 4, u.Theme.Raised)
		ink = u.Theme.Text
	}
	if m.isChosen(OnLink, uint32(i)) {
		u.RoundStroke(r, 4, 1.5, u.Theme.Focus)
	}
	u.TextIn(r, words, style, ui.Middle, ink)
	u.FocusRing(it, 4)
	if it.Hover || it.Focused {
		u.Tooltip(it, full+" — "+m.Say("view.link_tip"), "")
	}
	if it.Clicked {
		it.RightClicked = true
	}
	s.linkMenu(u, m, it, i)
}

// overCard reports whether a place lies on some card.
func (s *Stage) overCard(m *Model, r ui.Rect) bool {
	for id := range m.Lab.Present {
		if s.cards[id].Overlaps(r) {
			return true
		}
	}
	return false
}

// linkWords says what one direction of a link is like.
func linkWords(m *Model, p *link.Params) string {
	words := Span(p.DelayNs)
	if p.BitsPerSecond > 0 {
		words = glued(glued(rate(p.BitsPerSecond), " · "), words)
	}
	if p.LossPPM > 0 {
		words += " · " + lossWords(m, p.LossPPM)
	}
	return words
}

func lossWords(m *Model, ppm uint32) string {
	return m.Say("view.loss", strconv.FormatFloat(float64(ppm)/10_000, 'f', -1, 64))
}

// foremost says of a link what one must know first: how much it loses, in which direction if in one only, or how long it takes.
func foremost(m *Model, there, back *link.Params) string {
	switch {
	case there.LossPPM == back.LossPPM && there.LossPPM > 0:
		return lossWords(m, there.LossPPM)
	case there.LossPPM > back.LossPPM:
		return "→ " + lossWords(m, there.LossPPM)
	case back.LossPPM > 0:
		return "← " + lossWords(m, back.LossPPM)
	}
	return Span(max(there.DelayNs, back.DelayNs))
}

// linkMenu offers verbs, and what one often wants: that frames get lost.
func (s *Stage) linkMenu(u *ui.UI, m *Model, it ui.Interaction, i int) {
	target := Target{Kind: OnLink, Link: uint32(i)}
	if it.RightClicked {
		m.Choose(target)
	}
	id := fmt.Sprintf("link%d.menu", i)
	if !it.RightClicked && !u.MenuOpen(id) {
		return
	}
	k := m.Lab.LinkAt(i)
	var items []ui.MenuItem
	for j, ppm := range lossChoices {
		items = append(items, ui.MenuItem{ID: "loss" + strconv.Itoa(j), Label: m.Say("view.loss", strconv.Itoa(int(ppm/10_000))), Checked: k.Dir[0].LossPPM == ppm && k.Dir[1].LossPPM == ppm})
	}
	if m.Verbs != nil {
		items = append(append(items, ui.MenuItem{}), m.Verbs(target)...)
	}
	chosen := u.ContextMenu(it, id, m.TargetName(target), items)
	loss, quick := strings.CutPrefix(chosen, "loss")
	switch {
	case quick:
		n, _ := strconv.Atoi(loss)
		for d := range uint8(2) {
			p := k.Dir[d].Params
			p.LossPPM = lossChoices[n]
			m.Ask(Ask{Kind: AskLink, Link: uint32(i), Dir: d, Params: p})
		}
	case chosen != "":
		m.Ask(Ask{Kind: AskVerb, Text: chosen, Target: target})
	}
}

var lossChoices = []uint32{0, 50_000, 200_000, 1_000_000}
