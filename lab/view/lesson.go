package view

import (
	"strconv"

	"wirelab/lab"
	"wirelab/lab/ui"
)

// LessonStep is a step of the lesson that the open lab has.
type LessonStep struct {
	Text string
	AtNs int64
	Done bool // it is met where the lab stands
}

// Lesson lists the steps: those that are met lead back to their instants, and one button leads on.
type Lesson struct {
	of      *lab.Lab
	learned int // steps, when the next was brought into view
}

// Draw draws the steps into r.
func (d *Lesson) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "lesson", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.lesson")})
	defer u.Leave()
	if len(m.Lesson) == 0 {
		hollow(u, r, m.Say("view.lesson_none"))
		return
	}
	u.ScrollArea(r, "steps", m.Say("view.lesson"), func(r ui.Rect) float32 { return d.steps(u, r.InsetXY(ui.Space4, 0), m) })
}

// Learned returns how many steps are met where the lab stands.
func (m *Model) Learned() (n int) {
	for n < len(m.Lesson) && m.Lesson[n].Done {
		n++
	}
	return n
}

// steps draws the list and returns its height.
func (d *Lesson) steps(u *ui.UI, r ui.Rect, m *Model) float32 {
	top, learned := r.Y, m.Learned()
	r.Y += ui.Space3
	disc := u.Grow(20)
	for i := range m.Lesson {
		line := r
		line.CutLeft(disc + ui.Space3)
		line.H = max(disc, u.ParagraphHeight(m.Lesson[i].Text, ui.Body, line.W))
		when := float32(0)
		if i < learned {
			when = u.LineHeight(ui.CodeSmall)
		}
		if i+1 < len(m.Lesson) {
			u.VLine(r.X+disc/2, line.Y+disc+2, line.H+when+ui.Space3-disc-4, u.Theme.LineStrong)
		}
		d.step(u, ui.R(r.X, line.Y, r.W, line.H+when), line, m, i, learned)
		r.Y += line.H + when + ui.Space3
		if i == learned && !m.Playing {
			label, o := m.Say("view.lesson_continue"), ui.Opt{Primary: true, Key: "N", ShowKey: true}
			if u.Button(ui.R(line.X, r.Y, min(u.ButtonWidth(label, o), line.W), u.Grow(ui.ControlHeight)), "continue", label, o) {
				m.Ask(Ask{Kind: AskVerb, Text: "continue"})
			}
			r.Y += u.Grow(ui.ControlHeight) + ui.Space4
		}
		if i == min(learned, len(m.Lesson)-1) && (d.of != m.Lab || d.learned != learned) {
			d.of, d.learned = m.Lab, learned
			u.Reveal(ui.R(r.X, line.Y, r.W, r.Y-line.Y))
		}
	}
	if learned == len(m.Lesson) {
		end := m.Say("app.lesson_end")
		r.H = u.ParagraphHeight(end, ui.Small, r.W)
		u.Node(ui.Spec{ID: "end", Rect: r, Role: ui.RoleText, Name: end})
		u.Paragraph(r, end, ui.Small, u.Theme.Dim)
		r.Y += r.H + ui.Space3
	}
	return r.Y - top
}

// step draws one of them; what is met is a button that leads to its instant.
func (d *Lesson) step(u *ui.UI, box, line ui.Rect, m *Model, i, learned int) {
	t, s := &u.Theme, &m.Lesson[i]
	radius := u.Grow(20) / 2
	x, y := box.X+radius, box.Y+radius
	number, ink := strconv.Itoa(i+1), t.Dim
	if i >= learned {
		u.Node(ui.Spec{ID: "step", Index: i + 1, Rect: box, Role: ui.RoleText, Name: number + ". " + s.Text})
		u.Ring(x, y, radius-1, 1.5, t.LineStrong)
		if i == learned {
			ink = t.Text
			u.Ring(x, y, radius-1, 2, t.Accent)
		}
		u.TextIn(ui.R(x-radius, y-radius, 2*radius, 2*radius), number, ui.Small, ui.Middle, ink)
		u.Paragraph(line, s.Text, ui.Body, ink)
		return
	}
	when := m.Say("view.lesson_at", Instant(s.AtNs, 4))
	ground := box.InsetXY(-6, -3)
	it := u.Node(ui.Spec{ID: "step", Index: i + 1, Rect: ground, Role: ui.RoleButton, Name: number + ". " + s.Text, Value: when, Actions: ui.CanPress | ui.CanFocus, Keys: ui.KeysPress})
	if it.Hover {
		u.RoundFill(ground, ui.RadiusControl, t.Raised)
	}
	u.FocusRing(it, ui.RadiusControl)
	u.Circle(x, y, radius, t.Ok)
	u.DrawIcon(ui.R(x-radius*0.7, y-radius*0.7, radius*1.4, radius*1.4), ui.IconCheck, t.Panel)
	u.Paragraph(line, s.Text, ui.Body, t.Text)
	u.TextIn(ui.R(line.X, box.Bottom()-u.LineHeight(ui.CodeSmall), line.W, u.LineHeight(ui.CodeSmall)), when, ui.CodeSmall, ui.Left, t.Dim)
	if it.Clicked {
		m.Ask(Ask{Kind: AskSeek, TimeNs: s.AtNs})
	}
}
