package view

import (
	"fmt"
	"math"
	"slices"

	"wirelab/lab/ui"
	"wirelab/stack"
	"wirelab/stack/tcp"
)

// maxBadges is how many connections a card shows.
const maxBadges = 3

// shownConns returns the connections of a host that are worth a badge, at most
// limit, and how many there are.
func shownConns(h *stack.Host, limit int) (slots []uint32, n int) {
	for i := range h.Conns {
		c := &h.Conns[i]
		if c.Local.Port == 0 || c.State == tcp.Closed && c.Orphan {
			continue
		}
		if n++; len(slots) < limit {
			slots = append(slots, uint32(i))
		}
	}
	return slots, n
}

func (s *Stage) cardHeight(m *Model, id uint32) float32 {
	h := m.Lab.Host(id)
	if h == nil {
		return 48
	}
	_, n := shownConns(h, 0)
	height := float32(64)
	if n > 0 {
		height += 14
	}
	slots, _ := shownConns(h, maxBadges)
	for _, slot := range slots {
		height += badgeHeight(&h.Conns[slot])
	}
	if n > maxBadges {
		height += 16
	}
	return height
}

// badgeHeight is that of a connection's lines: a listener needs one.
func badgeHeight(c *tcp.Conn) float32 {
	if c.State == tcp.Listen {
		return 24
	}
	return 42
}

// card draws a node, and lets it be dragged and chosen.
func (s *Stage) card(u *ui.UI, m *Model, id uint32) {
	t := &u.Theme
	r := s.cards[id]
	n := m.Lab.Node(id)
	host := m.Lab.Host(id)
	it := u.Enter(ui.Spec{ID: glued("node-", n.Name), Rect: r, Role: ui.RoleGroup, Name: n.Name, Value: s.cardWords(m, id),
		Actions: ui.CanPress | ui.CanDrag | ui.CanFocus | ui.CanMenu, Keys: ui.KeysPress})
	defer u.Leave()
	s.dragCard(m, id, it)
	border, width := t.LineStrong, float32(1)
	if host != nil {
		if slots, _ := shownConns(host, 8); len(slots) > 0 {
			if c := &host.Conns[slots[len(slots)-1]]; c.State != tcp.Listen && c.State != tcp.Closed {
				border, width = stateColor(t, c.State), 1.5
			}
		}
	}
	z := s.size
	u.Shadow(r.Offset(0, 2*z), ui.RadiusCard*z, 12*z, t.Shadow)
	u.RoundFill(r, ui.RadiusCard*z, t.Panel)
	u.RoundStroke(r, ui.RadiusCard*z, width, border)
	if m.isChosen(OnNode, id) {
		u.RoundStroke(r.Inset(-3*z), (ui.RadiusCard+3)*z, 1.5, t.Focus)
	}
	if it.Hover && !it.Dragging {
		u.RoundStroke(r, ui.RadiusCard*z, width, border.Mix(t.Text, 0.4))
	}
	u.FocusRing(it, ui.RadiusCard*z)
	if host == nil {
		s.switchFace(u, r, n.Name)
		s.cardHand(u, m, id, it)
		return
	}
	in := r.InsetXY(14*z, 10*z)
	head := in.CutTop(24 * z)
	if s.narrow {
		head.CutRight(24 * z) // of its timer
	}
	heading := s.style(ui.Heading)
	w := u.TextIn(ui.R(head.X, head.Y, head.W, u.LineHeight(heading)), n.Name, heading, ui.Left, t.Text)
	label := n.Label
	if label != "" {
		u.Text(head.X+w+8*z, head.Y+4*z, label, s.style(ui.Small), t.Dim)
		w += 8*z + u.Width(label, s.style(ui.Small))
	}
	if host.Conf.Quirks != 0 {
		s.quirk(u, m, ui.R(head.X+w+8*z, head.Y+1*z, 0, 18*z))
	}
	if len(host.Ifaces) > 0 {
		addr := addressOf(host)
		if addr == "" { // it may get one by DHCP
			addr = host.Ifaces[0].Name
		}
		if k := len(host.Ifaces); k > 1 {
			addr = fmt.Sprintf("%s +%d", addr, k-1)
		}
		u.TextIn(ui.R(in.X, in.Y, in.W+10*z, u.LineHeight(s.style(ui.CodeSmall))), addr, s.style(ui.CodeSmall), ui.Left, t.Dim)
	}
	in.CutTop(20 * z)
	s.badges(u, m, in, host)
	s.timer(u, m, r, host)
	s.cardHand(u, m, id, it)
}

// cardHand is what a hand can do with a card: draw a link from it, and choose what is to be done to it.
func (s *Stage) cardHand(u *ui.UI, m *Model, id uint32, it ui.Interaction) {
	s.knob(u, m, id, !u.Input.Outside && s.cards[id].Inset(-12).Contains(u.Input.X, u.Input.Y))
	m.Menu(u, it, "menu", Target{Kind: OnNode, Node: id})
}

// quirk marks a host that breaks rules on purpose: nobody should take what it does for TCP.
func (s *Stage) quirk(u *ui.UI, m *Model, r ui.Rect) {
	style := s.style(ui.Tiny).Bold()
	word := m.Say("view.quirk")
	r.W = u.Width(word, style) + 10*s.size
	u.RoundFill(r, 4*s.size, u.Theme.Tint(u.Theme.Warn))
	u.TextIn(r, word, style, ui.Middle, u.Theme.OnTint(u.Theme.Warn))
}

// addressOf is the first IPv4 address of a host, or "".
func addressOf(h *stack.Host) string {
	for i := range h.Ifaces {
		if a := h.Ifaces[i].Addr; !a.IsZero() {
			return addressWords(a)
		}
	}
	return ""
}

// cardWords says in words what a card shows.
func (s *Stage) cardWords(m *Model, id uint32) string {
	h := m.Lab.Host(id)
	if h == nil {
		return m.Say("view.switch")
	}
	words := ""
	if len(h.Ifaces) > 0 {
		words = addressOf(h)
	}
	if h.Conf.Quirks != 0 {
		words = glued(glued(words, " "), m.Say("view.quirk"))
	}
	slots, _ := shownConns(h, maxBadges)
	for _, slot := range slots {
		words = glued(glued(words, " "), h.Conns[slot].State.String())
	}
	return words
}

func (s *Stage) switchFace(u *ui.UI, r ui.Rect, name string) {
	in := r.InsetXY(14*s.size, 0)
	icon := in.CutLeft(22 * s.size)
	u.DrawIcon(icon.Center(20*s.size, 20*s.size), ui.IconSwitch, u.Theme.Dim)
	in.CutLeft(8 * s.size)
	u.TextIn(in, name, s.style(ui.Title), ui.Left, u.Theme.Text)
}

func (s *Stage) dragCard(m *Model, id uint32, it ui.Interaction) {
	if !it.Dragging || it.DX == 0 && it.DY == 0 {
		if it.Released {
			s.drag.dx, s.drag.dy = 0, 0
			s.drag.number++
		}
		return
	}
	s.moved = true // the picture must not shift under the pointer
	n := m.Lab.Node(id)
	dx, dy := s.dragged(it)
	if !slices.Contains(m.Many, id) {
		m.Ask(Ask{Kind: AskMove, Node: id, X: n.X + dx, Y: n.Y + dy, Drag: s.drag.number + 1})
		return
	}
	for _, other := range m.Many { // those that are chosen together move together
		n := m.Lab.Node(other)
		m.Ask(Ask{Kind: AskMove, Node: other, X: n.X + dx, Y: n.Y + dy, Drag: s.drag.number + 1})
	}
}

// dragged is how far a hand moves something in this frame, in whole units of the stage; what is left over comes with the next.
func (s *Stage) dragged(it ui.Interaction) (dx, dy int32) {
	x, y := s.onStage(it.DX, it.DY)
	x, y = x+s.drag.dx, y+s.drag.dy
	dx, dy = int32(x), int32(y)
	s.drag.dx, s.drag.dy = x-float32(dx), y-float32(dy)
	return dx, dy
}

// badges draws a line for each connection: its state, and its ports.
func (s *Stage) badges(u *ui.UI, m *Model, in ui.Rect, h *stack.Host) {
	t := &u.Theme
	slots, n := shownConns(h, maxBadges)
	z := s.size
	if n > 0 {
		in.CutTop(6 * z)
		u.HLine(in.X-13*z, in.Y, in.W+26*z, t.Line)
		in.CutTop(6 * z)
	}
	for _, slot := range slots {
		c := &h.Conns[slot]
		color := stateColor(t, c.State)
		row := in.CutTop(22 * z)
		style, small := s.style(ui.CodeSmall).Bold(), s.style(ui.CodeTiny)
		chip := ui.R(row.X, row.Y+1*z, u.Width(c.State.String(), style)+12*z, 20*z)
		it := u.Node(ui.Spec{ID: numbered("conn", slot, ""), Rect: chip, Role: ui.RoleButton, Name: c.State.String(), Value: ports(c),
			Actions: ui.CanPress | ui.CanMenu})
		m.Menu(u, it, numbered("conn", slot, ".menu"), Target{Kind: OnConn, Conn: ConnRef{h.ID, slot, c.Gen, true}})
		at := ui.R(chip.Right()+8*z, chip.Y, in.W, chip.H) // of the ports: beside the state of a listener, else below
		if c.State == tcp.Listen {
			in.CutTop(2 * z)
		} else {
			at = ui.R(row.X, in.CutTop(20*z).Y+1*z, in.W, u.LineHeight(small))
		}
		right := max(chip.Right(), at.X+u.Width(ports(c), small))
		if s.buried(u, m, h.ID, ui.R(row.X, row.Y, right-row.X, at.Bottom()-row.Y)) {
			continue
		}
		u.RoundFill(chip, 4*z, t.Tint(color))
		u.TextIn(chip, c.State.String(), style, ui.Middle, t.OnTint(color))
		if c.State == tcp.Listen {
			u.TextIn(at, ports(c), small, ui.Left, t.Dim)
		} else {
			u.Text(at.X, at.Y, ports(c), small, t.Dim)
		}
	}
	if n > maxBadges {
		u.TextIn(in, m.Say("view.more", n-maxBadges), s.style(ui.Tiny), ui.Left, t.Dim)
	}
}

// buried says whether a part of a card lies below others that are drawn later, as much does where a large lab is made small.
func (s *Stage) buried(u *ui.UI, m *Model, id uint32, r ui.Rect) bool {
	r = r.Inset(-u.Pixel())
	for other := int(id) + 1; other < len(s.cards); other++ {
		if core := s.cards[other].Inset(ui.RadiusCard * s.size); core.Holds(r) && !m.Lab.Gone(uint32(other)) {
			return true
		}
	}
	return false
}

// timer draws the next timer of a host's connections as an arc that shrinks.
func (s *Stage) timer(u *ui.UI, m *Model, r ui.Rect, h *stack.Host) {
	best := Timer{At: tcp.Never}
	for i := range h.Conns {
		if tm := nextTimer(h, &h.Conns[i]); tm.At < best.At {
			best = tm
		}
	}
	if best.At == tcp.Never {
		return
	}
	t := &u.Theme
	z := s.size
	color := best.Color(t)
	x, y, radius := r.Right()-26*z, r.Y+26*z, 15*z
	if s.narrow { // the address needs the room below
		x, y, radius = r.Right()-20*z, r.Y+20*z, 12*z
	}
	left := min(1, float32(best.At-m.Now())/float32(max(best.Total, 1)))
	u.Ring(x, y, radius+1.5*z, 3*z, t.Line)
	u.Arc(x, y, radius, 3*z, -math.Pi/2, -math.Pi/2+2*math.Pi*max(left, 0.02), color)
	style := s.style(ui.Style{Face: ui.MonoBold, Size: 8.5})
	u.TextIn(ui.R(x-radius, y-radius, 2*radius, 2*radius), best.Name, style, ui.Middle, t.Text)
	u.Node(ui.Spec{ID: "timer", Rect: ui.R(x-radius, y-radius, 2*radius, 2*radius), Role: ui.RoleText, Name: best.Name, Value: Span(best.At - m.Now())})
}
