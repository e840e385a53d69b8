package view

import (
	"fmt"
	"slices"

	"wirelab/lab/ui"
)

// TargetKind says what a verb acts on.
type TargetKind uint8

// The kinds of targets.
const (
	OnLab TargetKind = iota
	OnPacket
	OnNode
	OnLink
	OnConn
)

// Target is what a person has chosen, or points at: the same verbs act on it wherever it is shown.
type Target struct {
	Kind   TargetKind
	Packet uint64
	Node   uint32
	Link   uint32
	Conn   ConnRef
}

// Choose selects a target in all views.
func (m *Model) Choose(t Target) {
	m.Chosen = t
	switch t.Kind {
	case OnPacket:
		m.Select(int64(t.Packet))
	case OnNode:
		if m.Lab.Host(t.Node) != nil {
			m.Node = t.Node
		}
	case OnConn:
		m.Conn = t.Conn
	}
}

// chooseToo adds a node to those that are chosen together, or takes it out again.
func (m *Model) chooseToo(t Target) {
	if m.Chosen.Kind == OnNode && len(m.Many) == 0 {
		m.Many = append(m.Many, m.Chosen.Node)
	}
	if i := slices.Index(m.Many, t.Node); i >= 0 {
		m.Many = slices.Delete(m.Many, i, i+1)
		return
	}
	m.Many = append(m.Many, t.Node)
	m.Choose(t)
}

// isChosen reports whether a node or a link is what was chosen last, or a node is one of several.
func (m *Model) isChosen(k TargetKind, id uint32) bool {
	if k == OnNode && slices.Contains(m.Many, id) {
		return true
	}
	return m.Chosen.Kind == k && (k == OnNode && m.Chosen.Node == id || k == OnLink && m.Chosen.Link == id)
}

// There reports whether a target is there now.
func (m *Model) There(t Target) bool {
	switch t.Kind {
	case OnPacket:
		return m.Lab.Trace.Has(t.Packet)
	case OnNode:
		return !m.Lab.Gone(t.Node)
	case OnLink:
		return !m.Lab.Cut(t.Link)
	case OnConn:
		return t.Conn.Set && !m.Lab.Gone(t.Conn.Host)
	}
	return true
}

// TargetName is what a target is called in a menu.
func (m *Model) TargetName(t Target) string {
	switch t.Kind {
	case OnPacket:
		return fmt.Sprintf("#%d %s", t.Packet+1, m.capsuleOf(t.Packet))
	case OnNode:
		return m.NodeName(t.Node)
	case OnLink:
		ends := m.Lab.EndsOf(t.Link)
		return m.NodeName(ends[0]) + " – " + m.NodeName(ends[1])
	case OnConn:
		if h := m.Lab.Host(t.Conn.Host); h != nil && int(t.Conn.Slot) < len(h.Conns) {
			return m.NodeName(t.Conn.Host) + " " + ports(&h.Conns[t.Conn.Slot])
		}
		return m.NodeName(t.Conn.Host)
	}
	return m.Title
}

// Menu offers the verbs of a target where it was clicked with the other button, or pressed for long; pressing the
// target chooses it.
func (m *Model) Menu(u *ui.UI, it ui.Interaction, id string, t Target) {
	switch {
	case it.Clicked && u.Input.Shift && t.Kind == OnNode:
		m.chooseToo(t)
	case it.Clicked || it.RightClicked && !(t.Kind == OnNode && slices.Contains(m.Many, t.Node)):
		m.Many = m.Many[:0]
		m.Choose(t)
	}
	if !it.RightClicked && !u.MenuOpen(id) || m.Verbs == nil {
		return
	}
	if verb := u.ContextMenu(it, id, m.TargetName(t), m.Verbs(t)); verb != "" {
		m.Ask(Ask{Kind: AskVerb, Text: verb, Target: t})
	}
}
