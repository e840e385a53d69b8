package app

import (
	"errors"

	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// prompt asks for the words that a verb needs, and stays until they can be used or nobody wants it any more.
type prompt struct {
	open, fresh   bool
	verb          *verb
	target        view.Target
	text, problem string
	offer         string // what the words were at first: an example
}

func (a *App) promptDialog() {
	p := &a.prompt
	if !p.open {
		return
	}
	m := &a.Model
	title := p.verb.label(m)
	if p.target.Kind != view.OnLab {
		title += " · " + m.TargetName(p.target)
	}
	question := m.Say("verb."+p.verb.id+".ask", p.offer)
	u := a.UI
	width := min(u.Grow(460), u.Screen().W-2*ui.Space4)
	height := 48 + u.ParagraphHeight(question, ui.Body, width-2*ui.Space4) + 2*u.Grow(ui.ControlHeight) + 3*ui.Space4
	if p.problem != "" {
		height += u.ParagraphHeight(p.problem, ui.Small, width-2*ui.Space4) + ui.Space2
	}
	u.Dialog("prompt", title, width, height, &p.open, func(r ui.Rect) { a.promptBody(r, question) })
}

func (a *App) promptBody(r ui.Rect, question string) {
	u, m, p := a.UI, &a.Model, &a.prompt
	line := r.CutTop(u.ParagraphHeight(question, ui.Body, r.W))
	u.Node(ui.Spec{ID: "question", Rect: line, Role: ui.RoleText, Name: question})
	u.Paragraph(line, question, ui.Body, u.Theme.Text)
	r.CutTop(ui.Space3)
	if p.fresh {
		p.fresh = false
		u.SetFocus("words")
	}
	in := u.TextField(r.CutTop(u.Grow(ui.ControlHeight)), "words", question, &p.text, ui.FieldOpt{Mono: true, Bad: p.problem != ""})
	r.CutTop(ui.Space2)
	if p.problem != "" {
		line := r.CutTop(u.ParagraphHeight(p.problem, ui.Small, r.W))
		u.Node(ui.Spec{ID: "problem", Rect: line, Role: ui.RoleStatus, Name: p.problem})
		u.Paragraph(line, p.problem, ui.Small, u.Theme.Rst)
	}
	foot := r.CutBottom(u.Grow(ui.ControlHeight))
	label := p.verb.label(m)
	ok := u.Button(foot.CutRight(u.ButtonWidth(label)), "ok", label, ui.Opt{Primary: true})
	foot.CutRight(ui.Space2)
	if u.Button(foot.CutRight(u.ButtonWidth(m.Say("app.cancel"))), "cancel", m.Say("app.cancel")) {
		p.open = false
	}
	if in.Changed {
		p.problem = ""
	}
	if !ok && !in.Submitted {
		return
	}
	verb, target, text := p.verb, p.target, p.text
	do := func() error { return verb.do(a, target, text) }
	switch err := do(); {
	case errors.Is(err, session.ErrBusy):
		a.later = append(a.later, do)
	case err != nil:
		p.problem = a.tell(err)
		return
	}
	p.open = false
}
