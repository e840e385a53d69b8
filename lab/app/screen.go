package app

import (
	"slices"

	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// shows reports whether a piece of the window is wanted.
func (a *App) shows(pieces ...string) bool {
	return len(a.show) == 0 || slices.ContainsFunc(pieces, func(p string) bool { return slices.Contains(a.show, p) })
}

// screen cuts the window into its parts: the bar on top, the time line at the
// foot, between them the stage and the instruments.
func (a *App) screen(r ui.Rect) {
	u := a.UI
	u.Fill(r, u.Theme.Bg)
	if a.shows("bar") {
		a.bar(r.CutTop(u.Grow(44)))
	}
	u.Foot = 0
	if a.shows("time") {
		foot := r.CutBottom(a.timeline.Height(u, r.W))
		u.Foot = foot.H
		a.timeline.Draw(u, foot, &a.Model)
	}
	upper, lower := a.instruments()
	a.one = r.W < u.Grow(640) && r.H > r.W
	stage, rest := r, ui.Rect{}
	switch {
	case !a.shows("stage", "terminal"):
		stage, rest = ui.Rect{}, r
	case len(upper)+len(lower) == 0:
	case a.one:
		upper, lower = append(upper, lower...), nil
		stage, rest = u.SplitY(r, "across", a.Model.Say("app.split"), &a.across, 240, 160)
	default:
		stage, rest = u.SplitX(r, "across", a.Model.Say("app.split"), &a.across, 320, 300)
	}
	if stage.W > 0 {
		a.stageAndTerminal(stage)
	}
	if rest.W > 0 {
		a.panes(rest, upper, lower)
	}
	a.dialogs()
}

// stageAndTerminal is the stage, with the card of what to do next on it, and
// the terminals at its foot.
func (a *App) stageAndTerminal(r ui.Rect) {
	u := a.UI
	below := ui.Rect{}
	if a.shows("terminal") {
		height := r.H * (1 - a.foot)
		if a.terminal.Closed {
			height = u.Grow(view.TerminalHead) + 2*ui.Space3
		}
		below = r.CutBottom(max(height, u.Grow(view.TerminalHead)+2*ui.Space3))
		u.Fill(below, u.Theme.Stage)
	}
	if a.shows("stage") {
		l := a.layCard(r)
		a.stage.Draw(u, r, a.clear(r, &l), &a.Model)
		a.card(&l)
	}
	if below.H > 0 {
		a.terminal.Draw(u, below.InsetXY(ui.Space3, ui.Space3), &a.Model)
	}
}

// instrument is a view that can be chosen in a pane.
type instrument struct {
	id, key string
	draw    func(*ui.UI, ui.Rect, *view.Model)
}

// instruments returns those of the upper and of the lower pane that are wanted.
func (a *App) instruments() (upper, lower []instrument) {
	unwanted := func(i instrument) bool { return !a.shows(i.id) }
	upper = []instrument{{"ladder", "1", a.ladder.Draw}, {"packets", "2", a.packets.Draw}, {"why", "5", a.why.Draw}}
	lower = []instrument{{"connection", "3", a.conn.Draw}, {"decode", "4", a.decode.Draw}, {"timers", "6", a.clocks.Draw}, {"program", "7", a.program.Draw}}
	return slices.DeleteFunc(upper, unwanted), slices.DeleteFunc(lower, unwanted)
}

// panes draws the two panes, or the one that has something in it.
func (a *App) panes(r ui.Rect, upper, lower []instrument) {
	u := a.UI
	u.Fill(r, u.Theme.Panel)
	switch {
	case len(lower) == 0:
		a.pane(r, "upper", upper, &a.upper)
	case len(upper) == 0:
		a.pane(r, "lower", lower, &a.lower)
	default:
		top, bottom := u.SplitY(r, "down", a.Model.Say("app.split"), &a.down, 120, 120)
		a.pane(top, "upper", upper, &a.upper)
		a.pane(bottom, "lower", lower, &a.lower)
	}
}

// pane draws the tabs of some instruments, and the one that is chosen.
func (a *App) pane(r ui.Rect, id string, instruments []instrument, shown *string) {
	u, m := a.UI, &a.Model
	at := max(0, slices.IndexFunc(instruments, func(i instrument) bool { return i.id == *shown }))
	tabs := make([]ui.Tab, len(instruments))
	for i, in := range instruments {
		tabs[i] = ui.Tab{ID: in.id, Label: m.Say("view." + in.id), Key: in.key}
		if in.id == "packets" {
			tabs[i].Badge = view.Thousands(uint64(m.Packets()))
		}
	}
	if u.Tabs(r.CutTop(u.Grow(ui.TabHeight)), id, m.Say("app.instruments"), tabs, &at) {
		*shown = instruments[at].id
	}
	u.PushClip(r)
	instruments[at].draw(u, r, m)
	u.PopClip()
}

// choose shows an instrument in its pane.
func (a *App) choose(id string) {
	upper, lower := a.instruments()
	is := func(i instrument) bool { return i.id == id }
	if slices.ContainsFunc(upper, is) || a.one {
		a.upper = id
	}
	if slices.ContainsFunc(lower, is) {
		a.lower = id
	}
}
