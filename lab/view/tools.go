package view

import (
	"wirelab/lab"
	"wirelab/lab/ui"
)

// How a lab is built on the stage: nodes come from the tools in its corner, by a press or dragged to their place; a
// link is drawn from the knob of one card to another card.

// building is what a hand is doing on the stage.
type building struct {
	kind     uint8 // of the node that is being dragged from the tools
	dragging bool
	from     uint32 // the node from whose knob a link is being drawn
	linking  bool
	held     bool // the knob is pressed, and maybe nothing is drawn yet
	x, y     float32
}

var tools = [...]struct {
	id   string
	kind uint8
	icon ui.Icon
	key  string
}{{"host", lab.KindHost, ui.IconHost, "Shift H"}, {"router", lab.KindRouter, ui.IconRouter, "Shift R"}, {"switch", lab.KindSwitch, ui.IconSwitch, "Shift S"}}

// tools draws the palette of nodes at the foot of the stage.
func (s *Stage) tools(u *ui.UI, clear, stage ui.Rect, m *Model) {
	if empty := len(s.cards) == 0; !empty && (clear.W < u.Grow(360) || clear.H < u.Grow(150)) {
		return
	}
	t, bar := &u.Theme, s.toolBar(u, stage, m)
	height := bar.H - ui.Space2
	u.Enter(ui.Spec{ID: "tools", Rect: bar, Role: ui.RoleGroup, Name: m.Say("view.tools"), Solid: true})
	u.RoundFill(bar, ui.RadiusCard, t.Panel)
	u.RoundStroke(bar, ui.RadiusCard, 0, t.LineStrong)
	in := bar.InsetXY(ui.Space1+2, ui.Space1)
	for _, k := range tools {
		r := in.CutLeft(height)
		in.CutLeft(ui.Space1)
		name := m.Say(glued("verb.add_", k.id))
		it := u.Node(ui.Spec{ID: glued("add_", k.id), Rect: r, Role: ui.RoleButton, Name: name, Actions: ui.CanPress | ui.CanFocus | ui.CanDrag, Keys: ui.KeysPress})
		if it.Hover || it.Dragging {
			u.RoundFill(r, ui.RadiusControl, t.Raised)
		}
		u.DrawIcon(r.Center(height*0.56, height*0.56), k.icon, t.Text)
		u.FocusRing(it, ui.RadiusControl)
		u.Tooltip(it, m.sayStrings("view.tool_tip", name, ""), k.key)
		s.useTool(u, stage, m, it, k.id, k.kind)
	}
	u.Leave()
	s.ghost(u, m)
}

// toolBar is where the tools are at the foot of the stage: to the right, unless they would hide a card there and nowhere else.
// They stay where they are while a person has the picture in hand.
func (s *Stage) toolBar(u *ui.UI, stage ui.Rect, m *Model) ui.Rect {
	height := u.Grow(32)
	width := ui.Space2 + float32(len(tools))*(height+ui.Space1)
	foot := ui.R(stage.X, stage.Bottom()-height-ui.Space2-ui.Space1, stage.W, height+ui.Space2).InsetXY(ui.Space3, 0)
	at := func(share float32) ui.Rect { return ui.R(foot.X+(foot.W-width)*share, foot.Y, width, foot.H) }
	hides := func(r ui.Rect) bool {
		for id := range m.Lab.Present {
			if s.cards[id].Overlaps(r) {
				return true
			}
		}
		return false
	}
	if !s.moved && hides(at(1-s.toolsLeft)) {
		s.toolsLeft = 0
		for _, left := range [...]float32{0, 1, 0.5} {
			if !hides(at(1 - left)) {
				s.toolsLeft = left
				break
			}
		}
	}
	return at(1 - s.toolsLeft)
}

// useTool adds a node where it is dropped, or where there is room if the tool was only pressed.
func (s *Stage) useTool(u *ui.UI, stage ui.Rect, m *Model, it ui.Interaction, id string, kind uint8) {
	switch {
	case it.Dragging:
		s.build = building{kind: kind, dragging: true, x: it.X, y: it.Y}
	case it.Released && s.build.dragging:
		s.build = building{}
		if stage.Contains(it.X, it.Y) {
			x, y := s.unproject(stage, it.X, it.Y)
			m.Place = &Place{int32(x), int32(y)}
			s.moved = true
			m.Ask(Ask{Kind: AskVerb, Text: "add_" + id})
		}
	case it.Clicked:
		m.Place = nil
		m.Ask(Ask{Kind: AskVerb, Text: "add_" + id})
	case s.build.dragging && s.build.kind == kind && !it.Pressed: // it was given up: the window was left, or a second finger came
		s.build = building{}
	}
}

// ghost shows what is being dragged: a node on its way to its place, or the link that is being drawn.
func (s *Stage) ghost(u *ui.UI, m *Model) {
	b, t := &s.build, &u.Theme
	switch {
	case b.dragging:
		r := ui.R(b.x-s.cardWidth()*s.size/2, b.y-24*s.size, s.cardWidth()*s.size, 48*s.size)
		u.RoundFill(r, ui.RadiusCard*s.size, t.Panel.Alpha(0.7))
		u.RoundDash(r, ui.RadiusCard*s.size, 1.5, 5, 4, t.Accent)
		for _, k := range tools {
			if k.kind == b.kind {
				u.DrawIcon(r.Center(22*s.size, 22*s.size), k.icon, t.Accent)
			}
		}
	case b.linking && int(b.from) < len(s.cards):
		x, y := s.cards[b.from].Mid()
		color := t.Accent
		if _, ok := s.under(m, b.x, b.y); ok {
			color = t.Ok
		}
		u.Dash(x, y, b.x, b.y, 2, 6, 4, 0, color)
		u.Circle(b.x, b.y, 5*s.size, color)
	}
}

// under returns the node whose card lies under a point, if a link can lead there.
func (s *Stage) under(m *Model, x, y float32) (uint32, bool) {
	for id := range m.Lab.Present {
		if s.cards[id].Contains(x, y) && id != s.build.from {
			return id, true
		}
	}
	return 0, false
}

// knob is where a link is drawn from: at the edge of the card that the pointer is over, or that was chosen.
func (s *Stage) knob(u *ui.UI, m *Model, id uint32, over bool) {
	drawing := s.build.linking && s.build.from == id
	held := s.build.held && s.build.from == id // a quick hand is elsewhere in the next frame
	if !over && !drawing && !held && !m.isChosen(OnNode, id) {
		return
	}
	t, z := &u.Theme, s.size
	card := s.cards[id]
	r := ui.R(card.Right()-9*z, card.Bottom()-9*z, 18*z, 18*z)
	it := u.Node(ui.Spec{ID: "knob", Rect: r.Inset(-4), Role: ui.RoleButton, Name: m.Say("verb.connect"), Actions: ui.CanDrag | ui.CanPress})
	ink := t.Dim
	if it.Hover || drawing {
		ink = t.Accent
	}
	x, y := r.Mid()
	u.Circle(x, y, 9*z, t.Panel)
	u.Ring(x, y, 9*z, 1.5, ink)
	u.DrawIcon(r.Inset(3*z), ui.IconLink, ink)
	u.Tooltip(it, m.Say("view.knob_tip"), "")
	switch {
	case it.Dragging:
		s.build = building{from: id, held: true, linking: true, x: it.X, y: it.Y}
	case it.Released && drawing:
		to, ok := s.under(m, it.X, it.Y)
		s.build = building{}
		if ok {
			m.Ask(Ask{Kind: AskLinkUp, Node: id, Target: Target{Kind: OnNode, Node: to}})
		}
	case it.Clicked:
		m.Ask(Ask{Kind: AskVerb, Text: "connect", Target: Target{Kind: OnNode, Node: id}})
	case it.Pressed && !held:
		s.build = building{from: id, held: true}
	case held && !it.Pressed: // given up
		s.build = building{}
	}
}
