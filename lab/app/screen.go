package app

import (
	"slices"
	"strings"

	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/stack/problem"
)

// pieces returns the pieces of the window that Options.Show may name.
func pieces() []string {
	return append([]string{"bar", "time", "stage", "terminal"}, instruments[:]...)
}

// showOnly keeps those pieces of a list that there are, and returns a problem that names the others.
func showOnly(list []string) (known []string, err error) {
	for _, p := range list {
		if slices.Contains(pieces(), p) {
			known = append(known, p)
		} else {
			err = problem.New("%q is no part of the window; there are %s", p, strings.Join(pieces(), ", "))
		}
	}
	return known, err
}

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
		bar := r.CutTop(u.Grow(44))
		u.PushSheet(bar, u.Theme.Panel)
		a.bar(bar)
		u.PopSheet()
	}
	u.Foot = 0
	if a.shows("time") {
		foot := r.CutBottom(a.timeline.Height(u, r.W, &a.Model))
		u.Foot = foot.H
		a.timeline.Draw(u, foot, &a.Model)
	}
	panes := a.openPanes()
	a.one = r.W < u.Grow(640) && r.H > r.W
	a.single = a.one || r.H < u.Grow(380)
	stage, rest := r, ui.Rect{}
	switch {
	case len(panes) == 0:
		if !a.shows("stage", "terminal") {
			stage = ui.Rect{}
		}
	case !a.shows("stage", "terminal") || a.full:
		stage, rest = ui.Rect{}, r
	case a.one:
		stage, rest = u.SplitY(r, "across", a.Model.Say("app.split"), &a.across, 240, 160)
	default:
		stage, rest = u.SplitX(r, "across", a.Model.Say("app.split"), &a.across, 320, 300)
	}
	if stage.W > 0 {
		a.stageAndTerminal(stage)
	}
	if rest.W > 0 {
		a.drawPanes(rest, panes)
	}
	a.dialogs()
}

// stageAndTerminal is the stage, with the card of what to do next on it, and
// the terminals at its foot.
func (a *App) stageAndTerminal(r ui.Rect) {
	u := a.UI
	below := ui.Rect{}
	if a.shows("terminal") {
		height, head := r.H*(1-a.foot), u.Grow(view.TerminalHead)+2*ui.Space3
		// What was said last can be read above the line one types in, if that is not much of the stage.
		if two := head + 2*u.LineHeight(ui.Code) + 2*ui.Space2; a.terminal.Closed {
			height = head
		} else if two < r.H*0.36 {
			height = max(height, two)
		} else if one := head + u.LineHeight(ui.Code) + 2*ui.Space2 + 1; one < r.H*0.3 || a.terminal.Wanted { // one line to type on there must be
			height = max(height, one)
		}
		below = r.CutBottom(max(height, head))
	}
	if a.shows("stage") {
		u.PushSheet(r, u.Theme.Stage)
		l := a.layCard(r)
		a.cardless = l.card.Empty()
		a.stage.Draw(u, r, a.clear(r, &l), &a.Model)
		if a.card(&l); a.homeless && a.cardless {
			a.footNext(r)
		}
		u.PopSheet()
	}
	if below.H > 0 {
		u.PushSheet(below, u.Theme.Stage)
		a.terminal.Draw(u, below.InsetXY(ui.Space3, ui.Space3), &a.Model)
		u.PopSheet()
	}
}
