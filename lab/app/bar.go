package app

import (
	"wirelab/lab/lesson"
	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/stack/timer"
)

// bar is the top of the window: what is open, and what can be done with files,
// language and theme.
func (a *App) bar(r ui.Rect) {
	u := a.UI
	t := &u.Theme
	u.Enter(ui.Spec{ID: "bar", Rect: r, Role: ui.RoleGroup, Name: "Wirelab"})
	defer u.Leave()
	u.Fill(r, t.Panel)
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, t.Line)
	in := r.InsetXY(ui.Space4, 0)
	logo := in.CutLeft(u.Width("wirelab", ui.Heading) + ui.Space4)
	w := u.TextIn(logo, "wire", ui.Heading, ui.Left, t.Text)
	u.TextIn(ui.R(logo.X+w, logo.Y, logo.W, logo.H), "lab", ui.Heading, ui.Left, t.Accent)
	u.VLine(in.X, r.Y+12, r.H-24, t.Line)
	in.CutLeft(ui.Space3)
	a.barButtons(&in)
	a.chooser(in)
}

// barButtons are cut from the right.
func (a *App) barButtons(in *ui.Rect) {
	u, m := a.UI, &a.Model
	height := u.Grow(30)
	cut := func(w float32) ui.Rect {
		r := in.CutRight(w)
		in.CutRight(ui.Space2)
		return r.Center(w, height)
	}
	icon, name := ui.IconSun, "app.light"
	if !u.Theme.Dark {
		icon, name = ui.IconMoon, "app.dark"
	}
	if u.IconButton(cut(height), "theme", m.Say(name), icon, ui.Opt{Quiet: true, Key: "T"}) {
		a.switchTheme()
	}
	label := m.Say("app.language")
	if u.Button(cut(u.ButtonWidth(label, ui.Opt{Quiet: true})), "language", label, ui.Opt{Quiet: true, Key: "L", Tip: m.Say("app.language_tip")}) {
		a.switchLanguage()
	}
	in.CutRight(ui.Space2)
	for _, b := range []struct {
		id, key string
		icon    ui.Icon
		do      func()
	}{{"save", "Ctrl S", ui.IconSave, a.save}, {"open", "Ctrl O", ui.IconOpen, a.open}} {
		label, o := m.Say("app."+b.id), ui.Opt{Icon: b.icon, Key: b.key}
		if u.Button(cut(u.ButtonWidth(label, o)), b.id, label, o) {
			b.do()
		}
	}
}

// chooser shows the title, and opens another built-in lab.
func (a *App) chooser(in ui.Rect) {
	u, m := a.UI, &a.Model
	var items []ui.MenuItem
	for _, name := range lesson.Names() {
		items = append(items, ui.MenuItem{ID: name, Label: m.Say("lab." + name), Checked: m.Say("lab."+name) == m.Title})
	}
	o := ui.Opt{Quiet: true, Style: ui.Title, Tip: m.Say("app.choose")}
	w := min(u.ButtonWidth(m.Title, o)+20, in.W)
	if name := u.Dropdown(in.CutLeft(w).Center(w, u.Grow(32)), "labs", m.Title, items, o); name != "" {
		a.Session.Pause()
		if err := a.Session.Example(name); err != nil {
			u.Toast(err.Error(), ui.ToneError)
		}
	}
}

// suggestion is the one thing that is suggested to be done next.
type suggestion struct {
	text, label, key string
	ask              view.Ask
}

// suggest looks at the lab, not at what a script expects.
func (a *App) suggest() suggestion {
	m := &a.Model
	l := m.Lab
	switch {
	case m.Playing && m.Idle:
		return suggestion{text: m.Say("app.hint_idle")}
	case m.Playing:
		return suggestion{text: m.Say("app.hint_playing"), label: m.Say("view.pause"), key: "Space", ask: view.Ask{Kind: view.AskPlay}}
	case m.Packet < 0 && m.Now() > 0 && l.Flying():
		return suggestion{text: m.Say("app.hint_select"), label: m.Say("view.step"), key: "→", ask: view.Ask{Kind: view.AskStep, Text: "packet"}}
	case l.NextEvent() != timer.Never:
		return suggestion{text: m.Say("app.hint_play"), label: m.Say("view.play"), key: "Space", ask: view.Ask{Kind: view.AskPlay}}
	}
	node := m.Node
	if int(node) >= l.Nodes() || l.Host(node) == nil {
		return suggestion{}
	}
	if lines := view.Suggestions(m, node); len(lines) > 0 {
		return suggestion{text: m.Say("app.hint_exec", m.NodeName(node)), label: lines[0], ask: view.Ask{Kind: view.AskExec, Node: node, Text: lines[0]}}
	}
	return suggestion{}
}

// about says in a sentence what the open lab shows.
func (a *App) about() string {
	m := &a.Model
	for _, name := range lesson.Names() {
		if m.Say("lab."+name) == m.Title {
			return m.Say("lab." + name + ".about")
		}
	}
	return m.Title
}

func (a *App) cardWidth(stage ui.Rect) float32 {
	return min(a.UI.Grow(420), stage.W-2*ui.Space4)
}

// cardHeight is the room that the card takes of the stage, zero if it has none.
func (a *App) cardHeight(stage ui.Rect) float32 {
	u := a.UI
	if stage.W < 360 || stage.H < 300 {
		return 0
	}
	text := a.cardWidth(stage) - 2*ui.Space4
	return u.ParagraphHeight(a.about(), ui.Body, text) + u.Grow(ui.ControlHeight) + 3*ui.Space3 + ui.Space4
}

// card says what this lab shows, and what to do next.
func (a *App) card(stage ui.Rect) {
	u, m := a.UI, &a.Model
	height := a.cardHeight(stage)
	if height == 0 {
		return
	}
	t := &u.Theme
	s, about := a.suggest(), a.about()
	r := ui.R(stage.X+ui.Space4, stage.Y+ui.Space4, a.cardWidth(stage), height-ui.Space4)
	u.Enter(ui.Spec{ID: "card", Rect: r, Role: ui.RoleGroup, Name: about, Value: s.text, Solid: true})
	defer u.Leave()
	u.Shadow(r, ui.RadiusCard, 12, t.Shadow)
	u.RoundFill(r, ui.RadiusCard, t.Panel)
	u.RoundStroke(r, ui.RadiusCard, 0, t.LineStrong)
	in := r.InsetXY(ui.Space4, ui.Space3)
	in.CutTop(u.Paragraph(in, about, ui.Body, t.Text) + ui.Space3)
	foot := in.CutTop(u.Grow(ui.ControlHeight))
	if s.label != "" {
		o := ui.Opt{Primary: true, Key: s.key, ShowKey: s.key != ""}
		if u.Button(foot.CutLeft(min(u.ButtonWidth(s.label, o), foot.W)), "next", s.label, o) {
			m.Ask(s.ask)
		}
		foot.CutLeft(ui.Space3)
	}
	lines := u.Wrap(s.text, ui.Small, foot.W)
	h := u.LineHeight(ui.Small) * float32(min(len(lines), 2))
	u.Paragraph(foot.Center(foot.W, h), s.text, ui.Small, t.Dim)
}
