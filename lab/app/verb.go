package app

import (
	"strings"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// verb is something that a person can do. One table of them serves the context menus, the keys, the command palette and
// the sheet of keys; what a verb is called stands in the catalogue as "verb." and its id.
type verb struct {
	id    string
	on    view.TargetKind
	key   chord
	icon  ui.Icon
	stage bool                               // of those that act on no target: it stands in the menu of the stage
	rule  bool                               // a line stands above it in a menu
	able  func(a *App, t view.Target) bool   // nil: always
	asks  func(a *App, t view.Target) string // it needs words, and this is what they begin with; "verb.ID.ask" is the question
	do    func(a *App, t view.Target, text string) error
}

// chord is a key with what is held besides. The zero value, A alone, is nobody's: it stands for none.
type chord struct {
	key            ebiten.Key
	command, shift bool
}

func key(k ebiten.Key) chord   { return chord{key: k} }
func ctrl(k ebiten.Key) chord  { return chord{key: k, command: true} }
func shift(k ebiten.Key) chord { return chord{key: k, shift: true} }

func (c chord) withShift() chord {
	c.shift = true
	return c
}

var keyNames = map[ebiten.Key]string{
	ebiten.KeyArrowRight: "→", ebiten.KeyArrowLeft: "←", ebiten.KeyArrowUp: "↑", ebiten.KeyArrowDown: "↓", ebiten.KeyPeriod: ".", ebiten.KeyComma: ",",
	ebiten.KeyMinus: "-", ebiten.KeyEqual: "=", ebiten.KeyBackquote: "`", ebiten.KeyEscape: "Esc", ebiten.KeyDelete: "Del", ebiten.KeySlash: "/",
	ebiten.KeyBracketLeft: "[", ebiten.KeyBracketRight: "]",
}

// String is how the key is shown: Ctrl K, →, ?.
func (c chord) String() string {
	name, ok := keyNames[c.key]
	if !ok {
		name = strings.TrimPrefix(c.key.String(), "Digit")
	}
	if c.shift && c.key == ebiten.KeySlash {
		name, c.shift = "?", false
	}
	if c.shift {
		name = "Shift " + name
	}
	if c.command {
		name = "Ctrl " + name
	}
	return name
}

// label is what a verb is called in the language of the window.
func (v *verb) label(m *view.Model) string { return m.Say("verb." + v.id) }

func (v *verb) possible(a *App, t view.Target) bool {
	return a.Model.There(t) && (v.able == nil || v.able(a, t))
}

// target returns what a verb of a kind acts on when a key or the palette calls it: what was chosen.
func (a *App) target(on view.TargetKind) (view.Target, bool) {
	m := &a.Model
	t := view.Target{Kind: on}
	switch on {
	case view.OnPacket:
		t.Packet = uint64(max(m.Packet, 0))
		return t, m.Packet >= 0
	case view.OnConn:
		t.Conn = m.Conn
	case view.OnNode:
		t.Node = m.Node
		switch m.Chosen.Kind {
		case view.OnNode:
			t.Node = m.Chosen.Node
		case view.OnLink:
			return t, false // it was chosen later
		}
	case view.OnLink:
		t.Link = m.Chosen.Link
		if m.Chosen.Kind != view.OnLink {
			return t, false
		}
	}
	return t, m.There(t)
}

// menu returns the verbs of a target as lines of a menu.
func (a *App) menu(t view.Target) []ui.MenuItem {
	var items []ui.MenuItem
	for i := range verbs {
		v := &verbs[i]
		if v.on != t.Kind || v.on == view.OnLab && !v.stage {
			continue
		}
		if v.rule && len(items) > 0 {
			items = append(items, ui.MenuItem{})
		}
		label := v.label(&a.Model)
		if v.asks != nil {
			label += " …"
		}
		items = append(items, ui.MenuItem{ID: v.id, Label: label, Key: v.key.String(), Icon: v.icon, Disabled: !v.possible(a, t)})
	}
	return items
}

// keys are the keys of all verbs.
func (a *App) keys() {
	for i := range verbs {
		v := &verbs[i]
		t, ok := a.target(v.on)
		if ok && v.possible(a, t) && a.UI.Shortcut(v.key.command, v.key.shift, v.key.key) {
			a.perform(v, t)
		}
	}
}

// perform does a verb, or asks first for the words that it needs.
func (a *App) perform(v *verb, t view.Target) {
	if v.asks != nil {
		offer := v.asks(a, t)
		a.prompt = prompt{open: true, fresh: true, verb: v, target: t, text: offer, offer: offer}
		return
	}
	a.attempt(func() error { return v.do(a, t, "") })
}

// Perform does the verb of an id on what is chosen.
func (a *App) Perform(id string) {
	for i := range verbs {
		if v := &verbs[i]; v.id == id {
			if t, ok := a.target(v.on); ok {
				a.perform(v, t)
			}
			return
		}
	}
}

// nameBranch asks for the name of a branch.
func (a *App) nameBranch(i int) {
	v := &verb{id: "name_branch", do: func(a *App, _ view.Target, text string) error { return a.Session.NameBranch(i, text) }}
	a.prompt = prompt{open: true, fresh: true, verb: v, text: a.Model.Branches[i].Name}
}

// performID does the verb of an id.
func (a *App) performID(id string, t view.Target) {
	for i := range verbs {
		if v := &verbs[i]; v.id == id && v.on == t.Kind {
			a.perform(v, t)
			return
		}
	}
}
