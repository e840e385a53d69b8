package app

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab"
	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// instruments are the views beside the stage, in the order in which they are listed.
var instruments = [...]string{"ladder", "packets", "connection", "decode", "why", "timers", "program", "plots", "inspect", "lesson"}

// instrumentKeys are their keys.
var instrumentKeys = [len(instruments)]ebiten.Key{
	ebiten.KeyDigit1, ebiten.KeyDigit2, ebiten.KeyDigit3, ebiten.KeyDigit4, ebiten.KeyDigit5, ebiten.KeyDigit6, ebiten.KeyDigit7, ebiten.KeyDigit8, ebiten.KeyDigit9, ebiten.KeyDigit0,
}

// pane is a place for some of them, of which one is shown.
type pane struct {
	id      string
	buttons string // the id of its buttons
	holds   []string
	shown   string
	closed  bool
	tabs    []ui.Tab // of the last frame
}

func newPanes() [2]pane {
	return [2]pane{{id: "upper", buttons: "upper-pane", holds: []string{"ladder", "packets", "why", "plots", "lesson"}, shown: "ladder"}, {id: "lower", buttons: "lower-pane", holds: []string{"connection", "decode", "timers", "program", "inspect"}, shown: "connection"}}
}

// instrument is a view beside the stage.
type instrument interface {
	Draw(u *ui.UI, r ui.Rect, m *view.Model)
}

// instrument returns that of a name.
func (a *App) instrument(id string) instrument {
	return [...]instrument{&a.ladder, &a.packets, &a.conn, &a.decode, &a.why, &a.clocks, &a.program, &a.plots, &a.inspect, &a.lesson}[slices.Index(instruments[:], id)]
}

// openPanes returns the panes that are shown: in a narrow window one with everything, else those that are not closed and
// hold something that is wanted.
func (a *App) openPanes() []*pane {
	open := a.shownPanes[:0]
	for i := range a.panes {
		p := &a.panes[i]
		p.holds = slices.DeleteFunc(p.holds, func(id string) bool { return !a.shows(id) })
		if !p.closed && len(p.holds) > 0 {
			open = append(open, p)
			if !slices.Contains(p.holds, p.shown) {
				p.shown = p.holds[0]
			}
		}
	}
	a.shownPanes = open
	if a.full && len(open) > 0 {
		return slices.DeleteFunc(open, func(p *pane) bool { return p != a.used() })
	}
	return open
}

// used is the pane that a person did something in last.
func (a *App) used() *pane {
	p := &a.panes[a.at]
	if other := &a.panes[1-a.at]; p.closed || len(p.holds) == 0 {
		return other
	}
	return p
}

func (a *App) drawPanes(r ui.Rect, panes []*pane) {
	u := a.UI
	switch {
	case len(panes) == 1:
		a.pane(r, panes[0])
	case a.single:
		a.pane(r, a.used())
	default:
		top, bottom := u.SplitY(r, "down", a.Model.Say("app.split_panes"), &a.down, 120, 120)
		a.pane(top, panes[0])
		a.pane(bottom, panes[1])
	}
}

// pane draws the head of a pane, and what it shows.
func (a *App) pane(r ui.Rect, p *pane) {
	u, m := a.UI, &a.Model
	head := r.CutTop(u.Grow(ui.TabHeight))
	u.PushSheet(head, u.Theme.Panel)
	a.paneHead(head, p)
	u.PopSheet()
	u.PushSheet(r, u.Theme.Panel)
	a.instrument(p.shown).Draw(u, r, m)
	if p.shown == "plots" && a.plotsAs != "" && a.plots.SaveAs(u, m, a.plotsAs) {
		a.plotsAs = ""
	}
	u.PopSheet()
}

// paneHead is the tabs of a pane and what can be done with it.
func (a *App) paneHead(head ui.Rect, p *pane) {
	u := a.UI
	buttons := head.CutRight(2*u.Grow(28) + ui.Space1)
	u.HLine(buttons.X, buttons.Bottom()-u.Pixel(), buttons.W, u.Theme.Line)
	holds := p.holds
	if a.single {
		holds = instruments[:]
	}
	tabs, at := a.tabs(p.tabs[:0], head, holds, p.shown)
	p.tabs = tabs
	if u.Tabs(head, p.id, a.paneName(p), tabs, &at) {
		p.shown, a.at = tabs[at].ID, a.indexOf(p)
	}
	a.paneButtons(buttons, p, holds)
}

// paneName tells the panes apart, unless there is only one.
func (a *App) paneName(p *pane) string {
	switch {
	case a.single:
		return a.Model.Say("app.instruments")
	case p == &a.panes[0]:
		return a.Model.Say("app.instruments_upper")
	}
	return a.Model.Say("app.instruments_lower")
}

// instrumentKey is how the key of an instrument is shown.
func instrumentKey(id string) string {
	return key(instrumentKeys[slices.Index(instruments[:], id)]).String()
}

// tabs appends as many tabs as fit, with that of what is shown among them.
func (a *App) tabs(tabs []ui.Tab, head ui.Rect, holds []string, shown string) (_ []ui.Tab, at int) {
	u, m := a.UI, &a.Model
	used := float32(0)
	tab := func(id string) (ui.Tab, float32) {
		t := ui.Tab{ID: id, Label: m.Say("view." + id), Key: instrumentKey(id)}
		if id == "packets" {
			t.Badge = m.PacketsWords()
		}
		return t, u.TabWidth(&t)
	}
	chosen, room := tab(shown)
	for _, id := range holds {
		t, w := tab(id)
		switch {
		case id == shown:
			at = len(tabs)
			tabs = append(tabs, t)
		case used+w+room <= head.W:
			tabs, used = append(tabs, t), used+w
		}
	}
	if !slices.Contains(holds, shown) {
		at, tabs = len(tabs), append(tabs, chosen)
	}
	return tabs, at
}

// paneButtons are the menu of a pane and the button that gives it all the room.
func (a *App) paneButtons(r ui.Rect, p *pane, holds []string) {
	u, m := a.UI, &a.Model
	size := u.Grow(26)
	u.Enter(ui.Spec{ID: p.buttons, Rect: r, Role: ui.RoleGroup, Name: a.paneName(p)})
	defer u.Leave()
	name := m.Say("verb.full")
	if u.IconButton(r.CutRight(u.Grow(28)).Center(size, size), "full", name, ui.IconExpand, ui.Opt{Quiet: true, Selected: a.full, Key: "M"}) {
		a.at = a.indexOf(p)
		a.full = !a.full
	}
	more := r.CutRight(u.Grow(28)).Center(size, size)
	if u.IconButton(more, "more", m.Say("app.pane"), ui.IconMore, ui.Opt{Quiet: true}) {
		u.OpenMenu("menu", more.X, more.Bottom())
	}
	if !u.MenuOpen("menu") {
		return
	}
	var items []ui.MenuItem
	for _, id := range instruments {
		if a.shows(id) {
			items = append(items, ui.MenuItem{ID: id, Label: m.Say("view." + id), Checked: slices.Contains(holds, id), Key: instrumentKey(id)})
		}
	}
	if p.shown == "plots" {
		items = append(append(items, ui.MenuItem{}), a.plotsMenu()...)
	}
	items = append(items, ui.MenuItem{}, ui.MenuItem{ID: "close", Label: m.Say("app.pane_close"), Icon: ui.IconClose})
	switch id := u.Menu("menu", m.Say("app.pane"), items); id {
	case "":
	case "close":
		p.closed, a.full = true, false
	case "save_svg", "save_csv":
		a.Perform(id)
	default:
		a.bring(id, p)
	}
}

// bring shows an instrument in a pane, wherever it was before.
func (a *App) bring(id string, to *pane) {
	for i := range a.panes {
		p := &a.panes[i]
		if p == to || !slices.Contains(p.holds, id) {
			continue
		}
		p.holds = slices.DeleteFunc(p.holds, func(h string) bool { return h == id })
		if p.shown == id && len(p.holds) > 0 {
			p.shown = p.holds[0]
		}
	}
	if !slices.Contains(to.holds, id) {
		to.holds = append(to.holds, id)
	}
	to.shown, to.closed, a.at = id, false, a.indexOf(to)
}

func (a *App) indexOf(p *pane) int {
	if p == &a.panes[1] {
		return 1
	}
	return 0
}

// choose shows an instrument in the pane that holds it, and opens that if it was closed.
func (a *App) choose(id string) {
	if !a.shows(id) {
		return
	}
	for i := range a.panes {
		if p := &a.panes[i]; slices.Contains(p.holds, id) || i == 1 {
			if a.single {
				p = a.used()
				p.shown = id
				return
			}
			a.bring(id, p)
			return
		}
	}
}

// settings are what a file remembers of the window.
func (a *App) settings() []lab.Setting {
	var s []lab.Setting
	add := func(name, value string) { s = append(s, lab.Setting{Name: name, Value: value}) }
	fresh := newPanes()
	for i := range a.panes {
		p := &a.panes[i]
		if !slices.Equal(p.holds, fresh[i].holds) || p.shown != fresh[i].shown || p.closed {
			value := p.shown
			if p.closed {
				value = "-" + value
			}
			for _, id := range p.holds {
				value += " " + id
			}
			add(p.id, value)
		}
	}
	for _, k := range []struct {
		name         string
		share, fresh float32
	}{{"across", a.across, acrossFresh}, {"down", a.down, downFresh}, {"foot", a.foot, footFresh}} {
		if k.share != k.fresh {
			add(k.name, strconv.Itoa(int(k.share*1000+0.5)))
		}
	}
	return s
}

const (
	acrossFresh = 0.6
	downFresh   = 0.56
	footFresh   = 0.72
)

// arrange puts the window as a file remembers it; what it does not know of is as in a new window.
func (a *App) arrange(settings []lab.Setting) {
	a.panes, a.across, a.down, a.foot, a.full = newPanes(), acrossFresh, downFresh, footFresh, false
	for _, s := range settings {
		words := strings.Fields(s.Value)
		switch s.Name {
		case "upper", "lower":
			a.arrangePane(&a.panes[map[string]int{"upper": 0, "lower": 1}[s.Name]], words)
		case "across", "down", "foot":
			if n, err := strconv.Atoi(s.Value); err == nil && n > 0 && n < 1000 {
				*map[string]*float32{"across": &a.across, "down": &a.down, "foot": &a.foot}[s.Name] = float32(n) / 1000
			}
		}
	}
}

// arrangePane takes what a pane shows and holds from the words of a file; names that mean nothing here are left out.
func (a *App) arrangePane(p *pane, words []string) {
	known := slices.DeleteFunc(words, func(w string) bool { return !slices.Contains(instruments[:], strings.TrimPrefix(w, "-")) })
	if len(known) == 0 {
		return
	}
	shown, closed := strings.CutPrefix(known[0], "-")
	p.holds = nil
	for _, id := range known[1:] {
		a.bring(id, p)
	}
	if slices.Contains(p.holds, shown) {
		p.shown = shown
	}
	p.closed = closed
}
