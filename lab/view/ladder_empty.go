package view

import (
	"strings"

	"wirelab/lab/ui"
	"wirelab/stack/timer"
)

// emptyAxes is how long the axes are at most while there is nothing to draw between them.
const emptyAxes = 160

// empty says below the axes, which end there, what will be drawn between them and what that takes. It leaves body to the axes.
func (d *Ladder) empty(u *ui.UI, body *ui.Rect, m *Model) {
	words, width := m.nothingYet("view.ladder_empty"), body.W-2*ui.Space4
	h := u.ParagraphHeight(words, ui.Body, width)
	length := u.Grow(emptyAxes)
	if len(d.columns) == 0 {
		length = 0
	}
	axes := body.CutTop(min(length, body.H-h-2*ui.Space3))
	r := ui.R(body.X+ui.Space4, body.Y+ui.Space3, width, h)
	u.Node(ui.Spec{ID: "nothing", Rect: r, Role: ui.RoleText, Name: words})
	u.Paragraph(r, words, ui.Body, u.Theme.Dim)
	*body = axes
}

// nothingYet says what a view will show and what it takes, going by what the lab is: there is nobody to send to, nothing will happen by
// itself, or it has had no time yet.
func (m *Model) nothingYet(key string) string {
	next := "view.ladder_play"
	switch {
	case !m.linked():
		next = "view.ladder_unlinked"
	case m.Lab.NextEvent() == timer.Never:
		next = "view.ladder_idle"
	case m.Playing:
		return strings.TrimRight(m.Say(key, ""), " ")
	}
	return m.Say(key, m.Say(next))
}

// linked reports whether some host has a link.
func (m *Model) linked() bool {
	for i := range m.Lab.PresentLinks {
		ends := m.Lab.EndsOf(i)
		if m.Lab.Host(ends[0]) != nil || m.Lab.Host(ends[1]) != nil {
			return true
		}
	}
	return false
}
