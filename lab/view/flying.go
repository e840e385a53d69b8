package view

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/lab/ui"
)

const capsuleHeight = 24

// fallFrom is the share of its way at which a lost frame leaves the wire. Where
// on the wire it was lost is nowhere decided; the middle says it best.
const fallFrom = 0.5

// packets draws every frame that is on a wire, where it is: the share of its
// way is (now − start) / (arrive − start).
func (s *Stage) packets(u *ui.UI, m *Model) {
	now := m.Now()
	s.standing, s.losses = s.standing[:0], s.losses[:0]
	u.Enter(ui.Spec{ID: "packets", Rect: u.Screen(), Role: ui.RoleGroup, Name: m.Say("view.packets")})
	for i := range m.Lab.Links {
		k := m.Lab.LinkAt(i)
		for d := range uint8(2) {
			l := s.lane(m, i, d)
			flight := &k.Dir[d].Flight
			s.crowded = float32(flight.Len())*trailLength*s.size > dist(l)
			for j := range min(flight.Len(), maxFlying) {
				if e := flight.At(j); e.Start <= now && e.Crossing < m.Lab.Trace.Len() {
					s.flying(u, m, l, e, now)
				}
			}
			for j := range min(len(k.Dir[d].Held), maxFlying) {
				if h := &k.Dir[d].Held[j]; h.Crossing < m.Lab.Trace.Len() {
					words, _ := s.capsuleWords(u, m, &h.Entry)
					words += " · " + m.Say("view.held")
					s.capsuleAt(u, m, l, &h.Entry, float32(h.PPM)/1e6, words, u.Width(words, s.capsuleStyle()))
				}
			}
		}
	}
	s.stand(u, m)
	for i := range s.losses { // of all there is to see on a wire, most of all these
		l := &s.losses[i]
		s.falling(u, m, l.crossing, l.r, l.words, l.alpha)
	}
	u.Leave()
	s.dropped(u, m)
}

func (s *Stage) flying(u *ui.UI, m *Model, l lane, e *link.Entry, now int64) {
	share := float32(1)
	if e.Arrive > e.Start {
		share = float32(float64(now-e.Start) / float64(e.Arrive-e.Start))
	}
	words, width := s.capsuleWords(u, m, e)
	if e.Lost && share > fallFrom {
		w, h := width+22*s.size, capsuleHeight*s.size
		l = l.between(ui.R(0, 0, w, h))
		fall := (share - fallFrom) / (1 - fallFrom)
		x, y := l.at(fallFrom + (share-fallFrom)*0.3)
		s.losses = append(s.losses, loss{e.Crossing, ui.R(x-w/2, y-h/2+fall*fall*110*s.size, w, h), words, 1 - 0.75*fall})
		return
	}
	s.capsuleAt(u, m, l, e, share, words, width)
}

// capsuleAt draws a packet at a share of its way.
func (s *Stage) capsuleAt(u *ui.UI, m *Model, l lane, e *link.Entry, share float32, words string, width float32) {
	w, h := width+22*s.size, capsuleHeight*s.size
	short := dist(l) < w // a capsule has no room between the cards: it stands where there is some, and a dot says where its packet is
	if !short {
		l = l.between(ui.R(0, 0, w, h))
	}
	x, y := l.at(share)
	color := m.capsulePhrases(e.Crossing).kind.Color(&u.Theme)
	whole := ui.Most(1, dist(l))
	s.trail(u, l, share-(w/2+8*s.size)/whole, 7*s.size/whole, color)
	find := s.freeRoom
	if short {
		find = s.roomAround
	}
	r, ok := find(l, ui.R(x-w/2, y-h/2, w, h), int64(e.Crossing) == m.Packet)
	if !ok { // no room for words: a mark where it is
		u.RoundFill(ui.R(x-2.5*s.size, y-6*s.size, 5*s.size, 12*s.size), 1.5, color)
		return
	}
	s.standing = append(s.standing, standing{e.Crossing, r, words, x, y, color, l.dx < 0})
}

// trailLength is that of five dots. Where packets are closer than that, their trails would only hide each other.
const trailLength = 5 * 7

// trail draws where a packet comes from: up to five dots, from a share of its way on backwards.
func (s *Stage) trail(u *ui.UI, l lane, share, step float32, c ui.Color) {
	if share <= 0 || s.crowded {
		return
	}
	x, y := l.at(share)
	u.Trail(x, y, -l.dx, -l.dy, 3*s.size, 7*s.size, min(5, 1+int(share/step)), c.Alpha(0.5))
}

// standing is a capsule that found room in this frame, and where its packet
// really is.
type standing struct {
	crossing uint64
	r        ui.Rect
	words    string
	x, y     float32
	color    ui.Color
	left     bool // it goes to the left
}

// stand draws the capsules above everything that has none, and above the lines that lead to those which stand beside their lane.
func (s *Stage) stand(u *ui.UI, m *Model) {
	for i := range s.standing {
		c := &s.standing[i]
		if cx, cy := c.r.Mid(); abs(cx-c.x)+abs(cy-c.y) > 1 {
			u.Butt(c.x, c.y, cx, cy, 1, c.color)
			u.Circle(c.x, c.y, 3*s.size, c.color)
		}
	}
	for i := range s.standing {
		c := &s.standing[i]
		s.capsule(u, m, c.crossing, c.r, c.words, c.left)
	}
}

// maxFlying bounds how many frames of a lane are looked at, maxStack how many
// capsules stand above each other where frames are close together.
const (
	maxFlying = 400
	maxStack  = 3
)

// freeRoom finds room for a capsule at its place, or beside the lane on its
// outer side.
func (s *Stage) freeRoom(l lane, r ui.Rect, must bool) (ui.Rect, bool) {
	step := r.H + 5*s.size
	for level := range maxStack {
		at := r.Offset(-l.dy*step*float32(level), l.dx*step*float32(level))
		if !s.rooms.taken(at.InsetXY(-6*s.size, -1)) {
			s.rooms.take(at)
			return at, true
		}
	}
	return r, must
}

// maxAround is up to how many capsules are looked around for: where there are more, dots say enough.
const maxAround = 24

// roomAround finds the nearest room for a capsule that lies on no card, on either side of its lane.
func (s *Stage) roomAround(l lane, r ui.Rect, must bool) (ui.Rect, bool) {
	if len(s.standing) > maxAround && !must {
		return r, false
	}
	step := r.H / 2
	for level := float32(1); level <= 12; level++ {
		for _, side := range [...]float32{1, -1} {
			for _, along := range [...]float32{0, -0.5, 0.5} {
				x, y := -l.dy*step*level*side+l.dx*r.W*along, l.dx*step*level*side+l.dy*r.W*along
				at := r.Offset(x, y)
				if s.area.Holds(at) && !s.onCard(at) && !s.rooms.taken(at.InsetXY(-2*s.size, -1)) {
					s.rooms.take(at)
					return at, true
				}
			}
		}
	}
	return r, must
}

func (s *Stage) onCard(r ui.Rect) bool { return slices.ContainsFunc(s.cards, r.Overlaps) }

// between is the way of the middle of a capsule that goes from touching one card
// to touching the other.
func (l lane) between(capsule ui.Rect) lane {
	half := ui.Least(edge(capsule, 0, 0, l.dx, l.dy), dist(l)/2)
	l.x0, l.y0, l.x1, l.y1 = l.x0+l.dx*half, l.y0+l.dy*half, l.x1-l.dx*half, l.y1-l.dy*half
	return l
}

func dist(l lane) float32 { return (l.x1-l.x0)*l.dx + (l.y1-l.y0)*l.dy }

// capsuleWords are the few letters on a packet and the text that a small data segment carries, and their width.
func (s *Stage) capsuleWords(u *ui.UI, m *Model, e *link.Entry) (words string, width float32) {
	p := m.capsulePhrases(e.Crossing)
	words, width = p.capsule, p.capsuleWidth(u, s.capsuleStyle())
	if p.kind != KindData || !p.quotes || e.Frame == 0 {
		return words, width
	}
	frame := m.Lab.Pool().Data(e.Frame)
	text := frame[max(0, len(frame)-int(m.Lab.Trace.At(e.Crossing).Length)):]
	if quoted, ok := printable(text); ok {
		words = quoted + " " + words
		width = u.Width(words, s.capsuleStyle())
	}
	return words, width
}

// capsuleStyle is how the words of a capsule are written.
func (s *Stage) capsuleStyle() ui.Style { return s.style(ui.CodeSmall).Bold() }

// printable returns a short payload in quotes, if all of it can be read.
func printable(b []byte) (string, bool) {
	text := strings.TrimRight(string(b), "\r\n")
	for _, r := range text {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return "", false
		}
	}
	return "“" + text + "”", text != ""
}

// capsule draws a packet: each kind has its own silhouette.
func (s *Stage) capsule(u *ui.UI, m *Model, i uint64, r ui.Rect, words string, leftwards bool) {
	t := &u.Theme
	c := m.Lab.Trace.At(i)
	kind := kindOf(&c.Head)
	it := u.Node(ui.Spec{ID: m.phrases(i).nodeID(i), Rect: r, Role: ui.RoleButton, Name: words, Value: m.Words(i), Actions: ui.CanPress | ui.CanMenu})
	m.Menu(u, it, m.phrases(i).menuID(i), Target{Kind: OnPacket, Packet: i})
	fill := t.Block(kind.Color(t))
	ink := t.On(fill)
	z := s.size
	switch kind {
	case KindSyn:
		u.Flag(r.InsetXY(-5*z, 0), leftwards, fill)
	case KindRst:
		u.Octagon(r, fill)
	case KindFin:
		bar := ui.R(r.X-6*z, r.Y, 3*z, r.H)
		if !leftwards {
			bar.X = r.Right() + 3*z
		}
		u.RoundFill(bar, 1, fill)
		u.RoundFill(r, 3*z, fill)
	case KindAck:
		u.RoundFill(r.InsetXY(0, 3*z), r.H/2, fill)
	case KindOther:
		u.RoundFill(r, r.H/2, t.Raised)
		u.RoundStroke(r, r.H/2, 1, t.Dim)
		ink = t.Text
	default:
		u.RoundFill(r, 4*z, fill)
	}
	u.TextIn(r, words, s.style(ui.CodeSmall).Bold(), ui.Middle, ink)
	if c.Why.Xmit > 1 {
		u.RoundDash(r.Inset(-4*z), 6*z, 1.5, 5, 3, t.Warn)
	}
	switch {
	case int64(i) == m.Packet:
		s.selected = r
		u.RoundStroke(r.Inset(-4*z), 8*z, 2, t.Focus)
	case it.Hover:
		u.RoundStroke(r.Inset(-3*z), 7*z, 1, t.Text)
	}
	u.Tooltip(it, m.Words(i), "")
}

// callout says of the selected packet, while it is on a wire, what it is and
// why it was sent.
func (s *Stage) callout(u *ui.UI, m *Model) {
	at := s.selected
	s.selected = ui.Rect{}
	if m.Packet < 0 || at.Empty() {
		return
	}
	t := &u.Theme
	head, why := m.headline(uint64(m.Packet)), m.Why(uint64(m.Packet))
	w := min(max(u.Width(head, ui.CodeSmall.Bold()), u.Width(why, ui.Small)), u.Grow(300))
	h := u.Grow(18) + u.ParagraphHeight(why, ui.Small, w) + 2*ui.Space3
	x, gap := at.X+at.W/2, 30*s.size
	r := ui.R(x-w/2-ui.Space4, at.Bottom()+gap, w+2*ui.Space4, h)
	if r.Bottom() > s.area.Bottom() {
		r.Y = at.Y - gap - h
	}
	r = r.Within(s.area)
	if bar := s.toolBar(u, s.area, m); r.Overlaps(bar) && r.W < s.area.W-bar.W-ui.Space3 {
		r.X = min(r.X, bar.X-ui.Space2-r.W)
	}
	if s.rooms.taken(r) {
		return // there is no room; the packet's details say it as well
	}
	u.Dash(x, min(at.Bottom()+6, r.Bottom()), x, max(at.Y-6, r.Y), 1, 3, 3, 0, t.Focus.Alpha(0.6))
	u.Enter(ui.Spec{ID: "callout", Rect: r, Role: ui.RoleText, Name: head, Value: why, Solid: true})
	defer u.Leave()
	u.Shadow(r, ui.RadiusControl, 14, t.Shadow)
	u.RoundFill(r, 8, t.Raised)
	u.RoundStroke(r, 8, 0, t.LineStrong)
	in := r.InsetXY(ui.Space4, ui.Space3)
	u.TextIn(in.CutTop(u.Grow(18)), head, ui.CodeSmall.Bold(), ui.Left, t.Text)
	u.Paragraph(in, why, ui.Small, t.Dim)
}

// Why says why crossing i was sent, and which section asks for it.
func (m *Model) Why(i uint64) string {
	if from, _ := m.Ends(i); !m.Lab.Node(from).IsHost() {
		return m.Say("why.switched")
	}
	w := &m.Lab.Trace.At(i).Why
	words := m.Say("reason." + w.Reason.Key())
	if section := w.Reason.Section(); section != "" {
		words += " · " + section
	}
	if w.Xmit > 1 {
		words += " · " + m.Say("view.transmission", w.Xmit)
	}
	return words
}

// headline says of a crossing in one line what it is: number, way, flags.
func (m *Model) headline(i uint64) string {
	from, to := m.Ends(i)
	h := &m.Lab.Trace.At(i).Head
	words := otherWords(h)
	if h.Proto == trace.TCP {
		words = flagWords(h.Flags)
	}
	return fmt.Sprintf("#%d  %s → %s  %s", i+1, m.NodeName(from), m.NodeName(to), words)
}

// flagWords lists the control bits of a segment by name.
func flagWords(flags uint8) string {
	var names []string
	for i, name := range [...]string{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"} {
		if flags&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}
