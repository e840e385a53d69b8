package view

import "wirelab/lab/ui"

// Packets that do not arrive: they fall off their wire.

// loss is a packet that fell off its wire in this frame's picture.
type loss struct {
	crossing uint64
	r        ui.Rect
	words    string
	alpha    float32
}

// falling draws a frame that will not arrive: an outline, and a cross.
func (s *Stage) falling(u *ui.UI, m *Model, i uint64, r ui.Rect, words string, alpha float32) {
	t := &u.Theme
	it := u.Node(ui.Spec{ID: m.phrases(i).nodeID(i), Rect: r, Role: ui.RoleButton, Name: words, Value: m.Fate(i), Actions: ui.CanPress})
	if it.Clicked {
		m.Select(int64(i))
	}
	color := t.Rst.Alpha(alpha)
	if int64(i) == m.Packet {
		color = t.Focus
		s.selected = r
	}
	r = r.InsetXY(-9*s.size, 0) // room for the cross
	u.RoundFill(r, 4*s.size, t.Stage.Alpha(alpha))
	u.RoundStroke(r, 4*s.size, 1.5, color)
	u.TextIn(r, words+" ×", s.style(ui.CodeSmall).Bold(), ui.Middle, color)
	style := s.style(ui.Tiny)
	note := m.sayStrings("view.lost_number", numbered("", uint32(i+1), ""), m.Fate(i))
	at := ui.R(r.Right()+6*s.size, r.Y+2*s.size, u.Width(note, style)+4*s.size, 20*s.size)
	u.RoundFill(at, 4*s.size, t.Stage.Alpha(alpha)) // its lane must not strike it out
	u.TextIn(at, note, style, ui.Middle, color)
}

// dropped shows the frames that a full queue has just turned away, or that somebody took: as long as
// one would have taken to cross the link.
func (s *Stage) dropped(u *ui.UI, m *Model) {
	now := m.Now()
	shown := 0
	for k := len(m.index.marks) - 1; k >= 0 && shown < 8; k-- {
		mk := &m.index.marks[k]
		if mk.kind != markLoss || mk.at > now {
			continue
		}
		c := m.Lab.Trace.At(mk.of)
		if int(c.Link) >= len(m.Lab.Links) {
			continue // it comes later
		}
		delay := max(m.Lab.LinkAt(int(c.Link)).Dir[c.Dir].DelayNs, 1_000_000)
		if now-c.Offered > 100*delay {
			return
		}
		if !c.Fate.BeforeWire() || now-c.Arrive > delay {
			continue
		}
		shown++
		fall := float32(now-c.Arrive) / float32(delay)
		l := s.lane(m, int(c.Link), c.Dir)
		words := m.capsuleOf(mk.of)
		w, h := u.Width(words, s.style(ui.CodeSmall))+30*s.size, capsuleHeight*s.size
		share := m.share(c)
		x, y := l.at(share)
		s.falling(u, m, mk.of, ui.R(x+l.dx*w*0.7*(1-share)-w/2, y-h/2+fall*fall*90*s.size, w, h), words, 1-0.7*fall)
	}
}
