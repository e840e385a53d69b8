// Package app is the program that a person sees: screens and commands on top of
// the views. It is the one place where input becomes journal entries, play,
// seek and files. The same App runs in a window and in a browser page; what
// differs stands in Platform.
//
// It may import everything below it, and Ebitengine. Start reading at App.
package app

import (
	"slices"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/words"
)

// budget is how long the lab may run within a frame.
const budget = 8 * time.Millisecond

// Platform is what a window and a page do differently. Functions that are nil
// are not offered.
type Platform struct {
	Scale    func() float32                                       // device pixels per logical pixel
	Pick     func(done func(name string, data []byte, err error)) // the platform's own dialog to open a file
	Offer    func(name string, data []byte)                       // the platform's own way to save one
	Disk     Disk                                                 // without those: the app's own dialog, on this
	Dropped  func(open func(name string, data []byte, err error)) // hands over files that were dropped since the last call
	Retitle  func(title string)                                   // of window or tab
	Language func(code string)                                    // it was switched
	Shown    func()                                               // the first frame was drawn
	Fonts    func()                                               // the widgets, a few times a second
}

// Options choose how an App begins.
type Options struct {
	Session *session.Session
	Fonts   *ui.Fonts
	Light   bool
	Show    []string // pieces of the window; empty: all
	Still   bool     // nothing moves that only pleases
}

// App is the program. It is an ebiten.Game.
type App struct {
	// Mirror, if set, is handed the widgets a few times a second.
	Mirror func(nodes []ui.Node)

	UI       *ui.UI
	Session  *session.Session
	Model    view.Model
	platform Platform
	show     []string

	reader   ui.Reader
	start    time.Time
	last     time.Duration
	w, h     int
	scale    float32
	drawn    bool
	told     error // the last failure of the session that was shown
	selected bool  // a packet was selected in the last frame
	altered  bool  // it was said that the file is of another version
	fetched  bool  // the full Chinese face was asked for
	title    string
	lang     words.Lang
	next     time.Duration // when the mirror is due

	stage    view.Stage
	ladder   view.Ladder
	packets  view.Packets
	decode   view.Decode
	conn     view.Connection
	timeline view.TimeLine
	terminal view.Terminal

	across, down, foot float32 // shares of the splitters
	upper, lower       int     // tabs
	file               fileDialog
	cardOf             cardOf
	cardHeight         float32 // the largest so far, of cardOf
}

// The tabs of the two panes of instruments.
const (
	upperLadder = iota
	upperPackets
)
const (
	lowerConnection = iota
	lowerDecode
)

// New returns an App on a platform.
func New(o Options, p Platform) *App {
	a := &App{UI: ui.New(o.Fonts), Session: o.Session, platform: p, show: o.Show, start: time.Now(), across: 0.6, down: 0.56, foot: 0.72}
	a.Session.SkipIdle = true
	a.UI.ReduceMotion = o.Still
	if o.Light {
		a.UI.Theme = ui.Light
	}
	a.file.disk = p.Disk
	return a
}

// Layout returns the size of the screen in device pixels.
func (a *App) Layout(w, h int) (int, int) {
	a.scale = a.platform.Scale()
	a.w, a.h = int(float32(w)*a.scale), int(float32(h)*a.scale)
	return a.w, a.h
}

// Update is one frame of time.
func (a *App) Update() error {
	now := time.Since(a.start)
	a.Frame(a.reader.Read(now, a.scale), float32(a.w)/a.scale, float32(a.h)/a.scale, a.scale)
	return nil
}

// Frame lets time pass until in.Now and builds the screen of w by h logical
// pixels. It needs no display: tests call it with input of their own.
func (a *App) Frame(in *ui.Input, w, h, scale float32) {
	elapsed := in.Now - a.last
	a.last = in.Now
	a.Session.Frame(elapsed, budget)
	a.follow()
	screen := a.UI.Begin(in, w, h, scale)
	a.screen(screen)
	a.keys()
	a.UI.End()
	a.reveal()
	a.do()
	if err := a.Session.Err(); err != a.told {
		if a.told = err; err != nil {
			a.UI.Toast(err.Error(), ui.ToneError)
		}
	}
	if altered := a.Session.Altered(); altered != a.altered {
		if a.altered = altered; altered {
			a.UI.Toast(a.Model.Say("app.altered"), ui.ToneError)
		}
	}
	if a.platform.Fonts != nil && !a.fetched && a.UI.Lacking() {
		a.fetched = true
		a.platform.Fonts()
	}
	if a.platform.Dropped != nil {
		a.platform.Dropped(a.opened)
	}
	if a.Mirror != nil && in.Now >= a.next {
		a.next = in.Now + 250*time.Millisecond
		a.Mirror(a.UI.Tree())
	}
}

// reveal shows the packet's details once one is selected and none was before.
func (a *App) reveal() {
	selected := a.Model.Packet >= 0
	if selected && !a.selected {
		a.lower = lowerDecode
	}
	a.selected = selected
}

// follow takes over what may have changed outside: by the page, by a seek.
func (a *App) follow() {
	m := &a.Model
	m.Lang, m.Playing, m.Speed, m.Idle = a.Session.Language(), a.Session.Playing(), a.Session.SpeedNow(), a.Session.Idle()
	m.Title = a.Session.Title()
	m.CanUndo, m.CanRedo = a.Session.CanUndo(), a.Session.CanRedo()
	m.Branches = m.Branches[:0]
	for _, b := range a.Session.Branches() {
		m.Branches = append(m.Branches, view.Branch{Name: b.Name, TimeNs: b.At.TimeNs})
	}
	m.Look(a.Session.Lab())
	if title := m.Title + " — Wirelab"; title != a.title && a.platform.Retitle != nil {
		a.title = title
		a.platform.Retitle(title)
	}
	if m.Lang != a.lang && a.platform.Language != nil {
		a.platform.Language(string(m.Lang))
	}
	a.lang = m.Lang
}

// Draw draws the frame.
func (a *App) Draw(screen *ebiten.Image) {
	a.UI.Draw(screen)
	if !a.drawn {
		a.drawn = true
		if a.platform.Shown != nil {
			a.platform.Shown()
		}
	}
}

// shows reports whether a piece of the window is wanted.
func (a *App) shows(pieces ...string) bool {
	return len(a.show) == 0 || slices.ContainsFunc(pieces, func(p string) bool { return slices.Contains(a.show, p) })
}

// screen cuts the window into its parts.
func (a *App) screen(r ui.Rect) {
	u := a.UI
	u.Fill(r, u.Theme.Bg)
	if a.shows("bar") {
		a.bar(r.CutTop(u.Grow(44)))
	}
	u.Foot = 0
	if a.shows("time") {
		foot := r.CutBottom(u.Grow(124))
		u.Foot = foot.H
		a.timeline.Draw(u, foot, &a.Model)
	}
	left, right := r, ui.Rect{}
	switch {
	case !a.shows("stage", "terminal"):
		left, right = ui.Rect{}, r
	case a.shows("ladder", "packets", "connection", "decode"):
		left, right = u.SplitX(r, "across", a.Model.Say("app.split"), &a.across, 320, 300)
	}
	if left.W > 0 {
		a.left(left)
	}
	if right.W > 0 {
		a.right(right)
	}
	a.dialogs()
}

// left is the stage, with the card of what to do next and the terminals on it.
func (a *App) left(r ui.Rect) {
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
		a.stage.Draw(u, r, a.clear(r), &a.Model)
		a.card(r)
	}
	if below.H > 0 {
		a.terminal.Draw(u, below.InsetXY(ui.Space3, ui.Space3), &a.Model)
	}
}

// right is the instruments: two panes of tabs.
func (a *App) right(r ui.Rect) {
	u, m := a.UI, &a.Model
	u.Fill(r, u.Theme.Panel)
	top, bottom := u.SplitY(r, "down", m.Say("app.split"), &a.down, 120, 120)
	u.Tabs(top.CutTop(u.Grow(ui.TabHeight)), "upper", []ui.Tab{
		{ID: "ladder", Label: m.Say("view.ladder"), Key: "1"},
		{ID: "packets", Label: m.Say("view.packets"), Badge: view.Thousands(uint64(m.Packets())), Key: "2"},
	}, &a.upper)
	u.PushClip(top)
	if a.upper == upperLadder {
		a.ladder.Draw(u, top, m)
	} else {
		a.packets.Draw(u, top, m)
	}
	u.PopClip()
	u.Tabs(bottom.CutTop(u.Grow(ui.TabHeight)), "lower", []ui.Tab{
		{ID: "connection", Label: m.Say("view.connection"), Key: "3"},
		{ID: "decode", Label: m.Say("view.decode"), Key: "4"},
	}, &a.lower)
	u.PushClip(bottom)
	if a.lower == lowerConnection {
		a.conn.Draw(u, bottom, m)
	} else {
		a.decode.Draw(u, bottom, m)
	}
	u.PopClip()
}
