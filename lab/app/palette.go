package app

import (
	"slices"
	"strings"

	"wirelab/lab/lesson"
	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/words"
)

// palette finds what can be done by what somebody types, in either language.
type palette struct {
	open, fresh bool
	text        string
	at          int
	of          string // what choices were found for
	choices     []choice
}

// choice is a line of the palette.
type choice struct {
	label, key, hint string
	later            bool // something must be chosen first
	do               func()
}

func (a *App) openPalette() { a.palette = palette{open: true, fresh: true, of: "\x00"} }

func (a *App) paletteDialog() {
	p := &a.palette
	if !p.open {
		return
	}
	u := a.UI
	r := u.Screen()
	u.Dialog("palette", a.Model.Say("verb.palette"), min(u.Grow(560), r.W-2*ui.Space4), min(u.Grow(440), r.H-2*ui.Space4), &p.open, a.paletteBody)
}

func (a *App) paletteBody(r ui.Rect) {
	u, m, p := a.UI, &a.Model, &a.palette
	if p.of != p.text {
		p.of, p.at = p.text, 0
		p.choices = a.choices(p.text)
	}
	if p.fresh {
		p.fresh = false
		u.SetFocus("what")
	}
	hint := m.Say("app.palette_hint")
	in := u.TextField(r.CutTop(u.Grow(ui.ControlHeight)), "what", hint, &p.text, ui.FieldOpt{Icon: ui.IconSearch, Placeholder: hint})
	r.CutTop(ui.Space2)
	switch {
	case in.Cancelled:
		p.open = false
	case in.Up:
		p.at = max(p.at-1, 0)
	case in.Down:
		p.at = min(p.at+1, len(p.choices)-1)
	}
	if len(p.choices) == 0 {
		u.Node(ui.Spec{ID: "nothing", Rect: r, Role: ui.RoleText, Name: m.Say("app.palette_none")})
		u.Paragraph(r, m.Say("app.palette_none"), ui.Body, u.Theme.Dim)
		return
	}
	out := u.List(r, "choices", m.Say("verb.palette"), len(p.choices), u.Grow(ui.RowHeight), &p.at, a.paletteRow)
	chosen := out.Clicked
	if in.Submitted {
		chosen = p.at
	}
	if chosen >= 0 && chosen < len(p.choices) {
		p.open = false
		p.choices[chosen].do()
	}
}

func (a *App) paletteRow(row ui.Row) string {
	u, t := a.UI, &a.UI.Theme
	c := &a.palette.choices[row.Index]
	in := row.Rect.InsetXY(ui.Space3, 0)
	if c.key != "" {
		w := u.Width(c.key, ui.CodeTiny) + 12
		u.KeyHint(in.CutRight(w).Center(w, u.LineHeight(ui.CodeTiny)+3), c.key)
		in.CutRight(ui.Space2)
	}
	ink := t.Text
	if c.later {
		ink = t.Dim
	}
	w := u.TextIn(in, c.label, ui.Body, ui.Left, ink)
	in.CutLeft(w + ui.Space3)
	u.TextIn(in, c.hint, ui.Small, ui.Left, t.Dim)
	return c.label + " " + c.hint
}

// choices returns what fits the words that were typed: each must occur, in either language. What cannot be done yet comes last.
func (a *App) choices(text string) (found []choice) {
	wanted := strings.Fields(strings.ToLower(text))
	var later []choice
	add := func(c choice, names ...string) {
		list, all := &found, append(names, c.label, c.hint)
		if c.later {
			list, all = &later, names
		}
		fits := strings.ToLower(strings.Join(all, " "))
		if !slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(fits, w) }) {
			*list = append(*list, c)
		}
	}
	if c, ok := a.spoken(text); ok {
		found = append(found, c)
	}
	for _, on := range []view.TargetKind{view.OnPacket, view.OnConn, view.OnLink, view.OnNode, view.OnLab} {
		targets := a.targets(on, len(wanted) > 0)
		for i := range verbs {
			v := &verbs[i]
			if v.on != on || v.id == "palette" {
				continue
			}
			names := []string{words.Get(words.English, "verb."+v.id), words.Get(words.Chinese, "verb."+v.id)}
			for _, t := range targets {
				if c := a.choice(v, t); v.possible(a, t) {
					add(c, names...)
				}
			}
			if first := a.chooseFirst(on); len(targets) == 0 && len(wanted) > 0 {
				add(choice{label: v.label(&a.Model), hint: first, later: true, do: func() { a.UI.Toast(first, ui.ToneInfo) }}, names...)
			}
		}
	}
	for _, name := range lesson.Names() {
		key := "lab." + name
		add(choice{label: a.Model.Say(key), hint: a.Model.Say("app.choose"), do: func() { a.example(name) }}, words.Get(words.English, key), words.Get(words.Chinese, key))
	}
	return append(found, later...)
}

func (a *App) choice(v *verb, t view.Target) choice {
	c := choice{label: v.label(&a.Model), key: v.key.String(), do: func() { a.perform(v, t) }}
	if t.Kind != view.OnLab {
		c.hint = a.Model.TargetName(t)
	}
	return c
}

// fewLinks is up to how many links are offered one by one where none is chosen.
const fewLinks = 12

// targets is what verbs of a kind can act on: what is chosen; and of a link, where somebody looks for a verb, any of few.
func (a *App) targets(on view.TargetKind, wanted bool) (list []view.Target) {
	if t, ok := a.target(on); ok {
		return []view.Target{t}
	}
	if on == view.OnLink && wanted && len(a.Model.Lab.Links) <= fewLinks {
		for i := range a.Model.Lab.PresentLinks {
			list = append(list, view.Target{Kind: on, Link: i})
		}
	}
	return list
}

// chooseFirst says that verbs of a kind need something to act on.
func (a *App) chooseFirst(on view.TargetKind) string {
	switch on {
	case view.OnPacket:
		return a.Model.Say("app.choose_packet")
	case view.OnConn:
		return a.Model.Say("app.choose_conn")
	case view.OnLink:
		return a.Model.Say("app.choose_link")
	}
	return a.Model.Say("app.choose_node")
}

// spoken is what somebody writes as a command: drop 12, or add host c.
func (a *App) spoken(text string) (choice, bool) {
	first, _, more := strings.Cut(strings.TrimSpace(text), " ")
	if !more || !slices.ContainsFunc(session.Verbs, func(v session.Verb) bool { return v.Name == first }) {
		return choice{}, false
	}
	return choice{label: text, hint: a.Model.Say("app.command"), do: func() { a.say(text) }}, true
}
