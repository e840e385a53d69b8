package view

import (
	"fmt"

	"wirelab/lab/ui"
)

// Note is text on the ground of the stage, behind all cards.
type Note struct {
	X, Y int32
	Text string
}

const noteWidth = 240

// notes draws what somebody has written on the ground; a note can be dragged, and pressing it twice edits it.
func (s *Stage) notes(u *ui.UI, r ui.Rect, m *Model) {
	t := &u.Theme
	style := s.style(ui.Body)
	for i := range m.Notes {
		n := &m.Notes[i]
		x, y := s.project(r, float32(n.X), float32(n.Y))
		w := min(noteWidth*s.size, u.Width(n.Text, style)+1) + 20*s.size
		box := ui.R(x, y, w, u.ParagraphHeight(n.Text, style, w-20*s.size)+14*s.size)
		it := u.Node(ui.Spec{ID: fmt.Sprintf("note%d", i), Rect: box, Role: ui.RoleGroup, Name: n.Text, Actions: ui.CanDrag | ui.CanPress | ui.CanFocus | ui.CanMenu, Keys: ui.KeysPress})
		u.RoundFill(box, ui.RadiusControl, t.Tint(t.Syn).Alpha(0.55))
		if it.Hover || it.Focused {
			u.RoundStroke(box, ui.RadiusControl, 1, t.Syn.Alpha(0.6))
		}
		u.FocusRing(it, ui.RadiusControl)
		u.Paragraph(ui.R(box.X+10*s.size, box.Y+7*s.size, w-20*s.size, box.H), n.Text, style, t.Text)
		s.noteHand(u, m, i, it)
	}
}

func (s *Stage) noteHand(u *ui.UI, m *Model, i int, it ui.Interaction) {
	if it.Dragging && (it.DX != 0 || it.DY != 0) {
		s.moved = true
		dx, dy := s.dragged(it)
		m.Notes[i].X, m.Notes[i].Y = m.Notes[i].X+dx, m.Notes[i].Y+dy
		m.Ask(Ask{Kind: AskNotes})
	}
	items := []ui.MenuItem{{ID: "edit", Label: m.Say("view.note_edit"), Icon: ui.IconEdit}, {ID: "remove", Label: m.Say("verb.remove"), Icon: ui.IconClose}}
	choice := u.ContextMenu(it, fmt.Sprintf("note%d.menu", i), m.Say("verb.note"), items)
	switch {
	case it.DoubleClicked || choice == "edit":
		m.Ask(Ask{Kind: AskNote, Branch: i})
	case choice == "remove":
		m.Ask(Ask{Kind: AskNotes, Branch: i + 1})
	}
}
