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
	w := u.TextIn(in, c.label, ui.Body, ui.Left, t.Text)
	in.CutLeft(w + ui.Space3)
	u.TextIn(in, c.hint, ui.Small, ui.Left, t.Dim)
	return c.label + " " + c.hint
}

// choices returns what fits the words that were typed: each must occur, in either language.
func (a *App) choices(text string) (found []choice) {
	wanted := strings.Fields(strings.ToLower(text))
	add := func(c choice, names ...string) {
		all := strings.ToLower(strings.Join(append(names, c.label, c.hint), " "))
		if !slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(all, w) }) {
			found = append(found, c)
		}
	}
	if c, ok := a.spoken(text); ok {
		found = append(found, c)
	}
	for _, on := range []view.TargetKind{view.OnPacket, view.OnConn, view.OnLink, view.OnNode, view.OnLab} {
		t, ok := a.target(on)
		for i := range verbs {
			v := &verbs[i]
			if !ok || v.on != on || v.id == "palette" || !v.possible(a, t) {
				continue
			}
			c := choice{label: v.label(&a.Model), key: v.key.String(), do: func() { a.perform(v, t) }}
			if on != view.OnLab {
				c.hint = a.Model.TargetName(t)
			}
			add(c, words.Get(words.English, "verb."+v.id), words.Get(words.Chinese, "verb."+v.id))
		}
	}
	for _, name := range lesson.Names() {
		key := "lab." + name
		add(choice{label: a.Model.Say(key), hint: a.Model.Say("app.choose"), do: func() { a.example(name) }}, words.Get(words.English, key), words.Get(words.Chinese, key))
	}
	return found
}

// spoken is what somebody writes as a command: drop 12, or add host c.
func (a *App) spoken(text string) (choice, bool) {
	first, _, more := strings.Cut(strings.TrimSpace(text), " ")
	if !more || !slices.ContainsFunc(session.Verbs, func(v session.Verb) bool { return v.Name == first }) {
		return choice{}, false
	}
	return choice{label: text, hint: a.Model.Say("app.command"), do: func() { a.say(text) }}, true
}
