package app

import (
	"strconv"

	"wirelab/lab"
	"wirelab/lab/lesson"
	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/words"
	"wirelab/stack/timer"
)

// bar is the top of the window: what is open, and what can be done with files,
// language and theme.
func (a *App) bar(r ui.Rect) {
	u := a.UI
	t := &u.Theme
	u.Enter(ui.Spec{ID: "bar", Rect: r, Role: ui.RoleGroup, Name: "Wirelab"})
	defer u.Leave()
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, t.Line)
	in := r.InsetXY(ui.Space4, 0)
	if r.W >= u.Grow(320) { // else the title needs the room
		logo := in.CutLeft(u.Width("wirelab", ui.Heading) + ui.Space4)
		w := u.TextIn(logo, "wire", ui.Heading, ui.Left, t.Text)
		u.TextIn(ui.R(logo.X+w, logo.Y, logo.W, logo.H), "lab", ui.Heading, ui.Left, t.Accent)
		u.VLine(in.X, r.Y+12, r.H-24, t.Line)
		in.CutLeft(ui.Space3)
	}
	l := a.layBar(in)
	a.homeless = l.next.Empty() && l.suggestion.label != ""
	a.chooser(l.labs)
	if !l.next.Empty() {
		a.nextButton(l.next, &l.suggestion, l.suggestion.text)
	}
	a.barButtons(&l)
}

// barLayout is where the parts of the bar stand. They are cut from the right, but made from the left: the keyboard
// and a screen reader meet them as the eye does.
type barLayout struct {
	labs, next, unkept, open, save, language, theme ui.Rect

	short      bool // files show signs only
	suggestion suggestion
}

func (a *App) layBar(in ui.Rect) (l barLayout) {
	u, m := a.UI, &a.Model
	height := u.Grow(30)
	cut := func(w float32) ui.Rect {
		r := in.CutRight(w)
		in.CutRight(ui.Space2)
		return r.Center(w, height)
	}
	l.theme = cut(height)
	l.language = cut(u.ButtonWidth(m.Say("app.language"), ui.Opt{Quiet: true}))
	in.CutRight(ui.Space2)
	l.short = in.W < u.Grow(510) // the title needs the room more than the words of the files do
	file := func(label string, icon ui.Icon) ui.Rect {
		if l.short {
			return cut(height)
		}
		return cut(u.ButtonWidth(label, ui.Opt{Icon: icon}))
	}
	l.save = file(m.Say("app.save"), ui.IconSave)
	l.open = file(m.Say("app.open"), ui.IconOpen)
	if a.keeping.trouble != "" {
		l.unkept = file(m.Say("app.unkept"), ui.IconWarn)
	}
	if a.cardless {
		l.suggestion = a.suggest()
		if w := u.ButtonWidth(l.suggestion.label, l.suggestion.opt()); l.suggestion.label != "" && in.W-w >= u.Grow(120) {
			in.CutRight(ui.Space2)
			l.next = cut(w)
		}
	}
	l.labs = in
	return l
}

// footNext is that button at the foot of the stage.
func (a *App) footNext(stage ui.Rect) {
	u, s := a.UI, a.suggest()
	w, h := u.ButtonWidth(s.label, s.opt()), u.Grow(30)
	a.nextButton(ui.R(stage.Right()-ui.Space3-w, stage.Bottom()-ui.Space2-h, w, h), &s, s.text)
}

// nextButton is that button, with a tip where there is no room for its hint.
func (a *App) nextButton(r ui.Rect, s *suggestion, tip string) {
	o := s.opt()
	o.Tip = tip
	if s.label != "" && a.UI.Button(r, "next", s.label, o) {
		a.Model.Ask(s.ask)
	}
}

func (a *App) barButtons(l *barLayout) {
	u, m := a.UI, &a.Model
	file := func(r ui.Rect, id, key string, icon ui.Icon) bool {
		label := m.Say("app." + id)
		if l.short {
			return u.IconButton(r, id, label, icon, ui.Opt{Key: key})
		}
		return u.Button(r, id, label, ui.Opt{Icon: icon, Key: key})
	}
	if !l.unkept.Empty() && u.Button(l.unkept, "unkept", m.Say("app.unkept"), ui.Opt{Icon: ui.IconWarn, Tip: a.keeping.trouble}) {
		a.save()
	}
	if file(l.open, "open", "Ctrl O", ui.IconOpen) {
		a.open()
	}
	if file(l.save, "save", "Ctrl S", ui.IconSave) {
		a.save()
	}
	if u.Button(l.language, "language", m.Say("app.language"), ui.Opt{Quiet: true, Key: "L", Tip: m.Say("app.language_tip")}) {
		a.switchLanguage()
	}
	icon, name := ui.IconSun, "app.light"
	if !u.Theme.Dark {
		icon, name = ui.IconMoon, "app.dark"
	}
	if u.IconButton(l.theme, "theme", m.Say(name), icon, ui.Opt{Quiet: true, Key: "T"}) {
		a.switchTheme()
	}
}

// chooser shows the title, and opens another lab.
func (a *App) chooser(in ui.Rect) {
	u, m := a.UI, &a.Model
	o := ui.Opt{Quiet: true, Style: ui.Title, Tip: m.Say("app.choose")}
	w := min(u.ButtonWidth(m.Title, o)+20, in.W)
	a.openItem(u.Dropdown(in.CutLeft(w).Center(w, u.Grow(32)), "labs", m.Title, a.labItems, o))
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
	first, nodes, links := uint32(0), 0, 0
	for id := range l.Present {
		if nodes++; nodes == 1 {
			first = id
		}
	}
	for range l.PresentLinks {
		links++
	}
	switch {
	case nodes < 2:
		return suggestion{text: m.Say("app.hint_add"), label: m.Say("verb.add_host"), key: "Shift H", ask: view.Ask{Kind: view.AskVerb, Text: "add_host"}}
	case links == 0:
		return suggestion{text: m.Say("app.hint_connect"), label: m.Say("verb.connect"), ask: view.Ask{Kind: view.AskVerb, Text: "connect", Target: view.Target{Kind: view.OnNode, Node: first}}}
	case m.Playing && m.Idle:
		return suggestion{text: m.Say("app.hint_idle")}
	case m.Playing:
		return suggestion{text: m.Say("app.hint_playing"), label: m.Say("view.pause"), key: "Space", ask: view.Ask{Kind: view.AskPlay}}
	case m.Learned() < len(m.Lesson):
		return suggestion{text: m.Say("app.lesson_next", strconv.Itoa(m.Learned()+1), strconv.Itoa(len(m.Lesson))), label: m.Say("view.lesson_continue"), key: "N", ask: view.Ask{Kind: view.AskVerb, Text: "continue"}}
	case m.Packet < 0 && m.Now() > 0 && l.Flying():
		return suggestion{text: m.Say("app.hint_select"), label: m.Say("view.step"), key: "→", ask: view.Ask{Kind: view.AskStep, Text: "packet"}}
	case l.NextEvent() != timer.Never:
		return suggestion{text: m.Say("app.hint_play"), label: m.Say("view.play"), key: "Space", ask: view.Ask{Kind: view.AskPlay}}
	}
	node, line := m.Offer(m.Node)
	if line == "" {
		return suggestion{}
	}
	key := "app.hint_exec"
	if l.Machine(node).Foreground() != nil {
		key = "app.hint_type"
	}
	return suggestion{text: m.Say(key, m.NodeName(node)), label: line, ask: view.Ask{Kind: view.AskExec, Node: node, Text: line}}
}

// about says in a sentence what the open lab shows, or what the last step of its lesson did.
func (a *App) about() string {
	m := &a.Model
	if n := m.Learned(); n > 0 {
		return m.Lesson[n-1].Text
	}
	if m.Title == m.Say("lab.blank") {
		for range m.Lab.PresentLinks { // it is empty no more
			return m.Say("lab.blank.built")
		}
	}
	if k := &a.aboutOf; k.title != m.Title || k.lang != m.Lang || k.text == "" {
		*k = aboutOf{m.Title, m.Lang, a.sentence()}
	}
	return a.aboutOf.text
}

// aboutOf is what the sentence depends on, and the sentence.
type aboutOf struct {
	title string
	lang  words.Lang
	text  string
}

func (a *App) sentence() string {
	m := &a.Model
	for _, name := range append(lesson.Names(), "blank") {
		if m.Say("lab."+name) == m.Title {
			return m.Say("lab." + name + ".about")
		}
	}
	return m.Title
}

// cardLayout is where the parts of the card stand.
type cardLayout struct {
	card, about, button, hint ui.Rect
	suggestion                suggestion
	text                      string // what the lab is about
	style                     ui.Style
}

// layCard finds room for the card on the stage; its card is empty if there is none.
func (a *App) layCard(stage ui.Rect) (l cardLayout) {
	u := a.UI
	if stage.W < 300 || stage.H < max(250, u.Grow(220)) {
		return a.layStrip(stage)
	}
	s, about := a.suggest(), a.about()
	l.suggestion, l.text, l.style = s, about, ui.Body
	low, gap, margin := stage.H < u.Grow(340), float32(ui.Space3), float32(ui.Space4) // the hosts need the room more than the hint
	if low && stage.W < u.Grow(420) {
		l.style, gap, margin = ui.Small, ui.Space2, ui.Space2
	}
	width := min(u.Grow(420), stage.W-2*margin)
	in := ui.R(stage.X+margin, stage.Y+margin, width, stage.H).InsetXY(ui.Space4, ui.Space3)
	top := in.Y - ui.Space3
	l.about = in.CutTop(u.ParagraphHeight(about, l.style, in.W))
	in.CutTop(gap)
	height, button := u.Grow(ui.ControlHeight), float32(0)
	if s.label != "" {
		button = min(u.ButtonWidth(s.label, s.opt()), in.W)
	}
	beside := in.W - button - ui.Space3
	switch h := u.ParagraphHeight(s.text, ui.Small, max(beside, 1)); {
	case (beside < in.W/3 || h > height) && button > 0 && low:
		l.button = in.CutTop(height)
		l.button.W = button
	case beside < in.W/3 || h > height: // the hint needs lines of its own
		l.hint = in.CutTop(u.ParagraphHeight(s.text, ui.Small, in.W))
		if button > 0 {
			in.CutTop(ui.Space2)
			l.button = in.CutTop(height)
			l.button.W = button
		}
	default:
		foot := in.CutTop(height)
		if button > 0 {
			l.button = foot.CutLeft(button)
			foot.CutLeft(ui.Space3)
		}
		l.hint = foot.Center(foot.W, h)
	}
	l.card = ui.R(stage.X+margin, top, width, in.Y+ui.Space3-top)
	return l
}

// layStrip is layCard where there is little height: the sentence and the button stand beside each other.
func (a *App) layStrip(stage ui.Rect) (l cardLayout) {
	u, s, about := a.UI, a.suggest(), a.about()
	if stage.W < u.Grow(420) || stage.H < u.Grow(190) {
		return l
	}
	button := float32(0)
	if s.label != "" {
		button = u.ButtonWidth(s.label, s.opt())
	}
	width := min(u.Grow(560), stage.W-2*ui.Space2)
	room := width - button - 2*ui.Space3 - ui.Space4
	text := u.ParagraphHeight(about, ui.Small, room)
	if stage.H-text < u.Grow(140) {
		return l
	}
	l.suggestion, l.text, l.style = s, about, ui.Small
	l.card = ui.R(stage.X+ui.Space2, stage.Y+ui.Space2, width, max(u.Grow(ui.ControlHeight), text)+2*ui.Space1)
	in := l.card.InsetXY(ui.Space3, ui.Space1)
	l.button = in.CutRight(button).Center(button, u.Grow(ui.ControlHeight))
	l.about = in.Center(in.W, text)
	l.about.W = room
	return l
}

func (s *suggestion) opt() ui.Opt {
	return ui.Opt{Primary: true, Key: s.key, ShowKey: s.key != ""}
}

// clear is the part of the stage that the card leaves free. It stays as it is
// while the hint changes, or the hosts would jump with every step.
func (a *App) clear(stage ui.Rect, l *cardLayout) ui.Rect {
	of := cardOf{a.Model.Lab, a.Model.Lang, stage, a.UI.TextScale}
	if a.cardOf != of {
		a.cardOf, a.cardHeight = of, 0
	}
	if !l.card.Empty() {
		a.cardHeight = max(a.cardHeight, l.card.Bottom()-stage.Y)
	}
	stage.CutTop(a.cardHeight)
	return stage
}

// cardOf is what the height of the card depends on besides the hint.
type cardOf struct {
	lab   *lab.Lab
	lang  words.Lang
	stage ui.Rect
	text  float32
}

// card says what this lab shows, and what to do next.
func (a *App) card(l *cardLayout) {
	u, t := a.UI, &a.UI.Theme
	s, about := &l.suggestion, l.text
	if l.card.Empty() {
		return
	}
	u.Enter(ui.Spec{ID: "card", Rect: l.card, Role: ui.RoleGroup, Name: about, Value: s.text, Solid: true})
	defer u.Leave()
	u.Shadow(l.card, ui.RadiusCard, 12, t.Shadow)
	u.RoundFill(l.card, ui.RadiusCard, t.Panel)
	u.RoundStroke(l.card, ui.RadiusCard, 0, t.LineStrong)
	u.Paragraph(l.about, about, l.style, t.Text)
	if l.hint.Empty() {
		a.nextButton(l.button, s, s.text)
		return
	}
	if s.text != "" {
		u.Node(ui.Spec{ID: "hint", Rect: l.hint, Role: ui.RoleText, Name: s.text})
	}
	u.Paragraph(l.hint, s.text, ui.Small, t.Dim)
	a.nextButton(l.button, s, "")
}
