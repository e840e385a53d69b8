package view

import (
	"strings"

	"wirelab/lab"
	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack/event"
)

// Why is the chain from the selected packet back to what began it: what somebody did, or the start of the lab.
type Why struct {
	of    whyKey
	steps []whyStep
}

type whyKey struct {
	packet int64
	lang   words.Lang
	turns  uint64
	known  uint64
}

// whyStep is one line of the chain.
type whyStep struct {
	text   string
	full   string // what text leaves out, as it stands above
	packet int64  // that it is about, -1: none
	cause  bool   // it says why the line above it happened
}

// Draw draws the chain into r.
func (d *Why) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "why", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.why")})
	defer u.Leave()
	if m.Packet < 0 || m.Explain == nil {
		hollow(u, r, m.Say("view.why_none"))
		return
	}
	d.update(m)
	u.ScrollArea(r, "chain", m.Say("view.why"), func(r ui.Rect) float32 { return d.chain(u, r.InsetXY(ui.Space4, 0), m) })
}

func (d *Why) update(m *Model) {
	key := whyKey{m.Packet, m.Lang, m.Lab.Trace.Turns, m.Lab.Trace.Len()}
	if d.of == key {
		return
	}
	d.of, d.steps = key, d.steps[:0]
	chain := m.Lab.Why(uint64(m.Packet))
	for i, line := range m.Explain(uint64(m.Packet)) {
		text, cause := strings.CutPrefix(line, "  ")
		step := whyStep{text: text, cause: cause, packet: -1}
		if i < len(chain) && !cause {
			step.packet = int64(chain[i].Packet)
			if samePacket(m, chain, i) {
				step.text, step.full = hopWords(m, chain, i), m.Words(chain[i].Packet)
			}
		}
		d.steps = append(d.steps, step)
	}
}

// samePacket reports whether step i of a way back is about the packet that the line before was about, a link nearer to its origin.
func samePacket(m *Model, chain []lab.Because, i int) bool {
	if i < 2 || chain[i].Kind != lab.BecausePacket || chain[i-1].Kind != lab.BecauseArrived || chain[i-2].Kind != lab.BecausePacket {
		return false
	}
	on, from := &chain[i-2], &chain[i]
	passed := on.Reason == event.Forwarded || !m.Lab.Node(on.Node).IsHost()
	return passed && m.Lab.Trace.At(on.Packet).Bytes == m.Lab.Trace.At(from.Packet).Bytes // else a router has cut it
}

// hopWords says of step i, which is about the same packet as the line above, what is new: where it was sent and when, where it waited,
// and the addresses that a router has replaced since.
func hopWords(m *Model, chain []lab.Because, i int) string {
	b, on := &chain[i], &chain[i-2]
	c, next := m.Lab.Trace.At(b.Packet), m.Lab.Trace.At(on.Packet)
	more := ""
	if ways, _, ok := strings.Cut(m.Words(b.Packet), ": "); ok && (c.Src != next.Src || c.Dst != next.Dst) {
		more = m.Say("why.hop_ways", strings.TrimPrefix(ways, "IP "))
	}
	if c.Start > c.Offered {
		more += m.Say("why.hop_queued", Span(c.Start-c.Offered))
	}
	if next.Offered > c.Arrive {
		more += m.Say("why.hop_kept", Span(next.Offered-c.Arrive), m.NodeName(on.Node))
	}
	reason := m.Say("reason." + b.Reason.Key())
	if section := b.Reason.Section(); section != "" {
		reason = m.Say("why.section", reason, section)
	}
	if !m.Lab.Node(b.Node).IsHost() {
		reason = m.Say("why.switched")
	}
	return m.Say("why.hop", lab.InstantText(b.TimeNs), m.NodeName(b.Node), b.Packet+1, more, reason)
}

// chain draws the steps and returns their height.
func (d *Why) chain(u *ui.UI, r ui.Rect, m *Model) float32 {
	t := &u.Theme
	top := r.Y
	r.Y += ui.Space3
	rail := r.X + 7
	for i := range d.steps {
		s := &d.steps[i]
		line := r
		line.CutLeft(24)
		style, ink := ui.Body, t.Text
		if s.cause {
			style, ink = ui.Small, t.Dim
		}
		line.H = u.ParagraphHeight(s.text, style, line.W)
		if i+1 < len(d.steps) {
			u.VLine(rail, line.Y+8, line.H+ui.Space3, t.LineStrong)
		}
		if s.packet >= 0 {
			d.packet(u, line, m, s, i)
		} else {
			u.Circle(rail, line.Y+u.LineHeight(style)/2, 3, t.Dim)
			u.Node(ui.Spec{ID: "cause", Index: i + 1, Rect: line, Role: ui.RoleText, Name: s.text})
		}
		u.Paragraph(line, s.text, style, ink)
		r.Y += line.H + ui.Space3
	}
	return r.Y - top
}

// packet is the ground of a step that is about a packet: pressing it selects that one.
func (d *Why) packet(u *ui.UI, line ui.Rect, m *Model, s *whyStep, i int) {
	t := &u.Theme
	box := line.InsetXY(-6, -3)
	it := u.Node(ui.Spec{ID: "step", Index: i + 1, Rect: box, Role: ui.RoleButton, Name: s.text, Value: s.full, Actions: ui.CanPress | ui.CanFocus | ui.CanMenu, Keys: ui.KeysPress})
	if it.Hover {
		u.RoundFill(box, ui.RadiusControl, t.Raised)
	}
	u.FocusRing(it, ui.RadiusControl)
	u.Tooltip(it, s.full, "")
	c := m.Lab.Trace.At(uint64(s.packet))
	u.Circle(line.X-17, line.Y+u.LineHeight(ui.Body)/2, 5, kindOf(&c.Head).Color(t))
	m.Menu(u, it, "why.menu", Target{Kind: OnPacket, Packet: uint64(s.packet)})
}

// hollow says what to do where there is nothing to show yet.
func hollow(u *ui.UI, r ui.Rect, words string) {
	r = r.InsetXY(ui.Space4, ui.Space3)
	r.H = u.ParagraphHeight(words, ui.Body, r.W)
	u.Node(ui.Spec{ID: "nothing", Rect: r, Role: ui.RoleText, Name: words})
	u.Paragraph(r, words, ui.Body, u.Theme.Dim)
}
