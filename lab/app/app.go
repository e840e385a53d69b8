// Package app is the program that a person sees: screens and commands on top of
// the views. It is the one place where input becomes journal entries, play,
// seek and files. The same App runs in a window and in a browser page; what
// differs stands in Platform.
//
// It may import everything below it, and Ebitengine. Start reading at App.
package app

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab"
	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/words"
	"wirelab/lab/works"
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
	Fonts    func()                                               // a character is lacking: get the larger fonts
	Ended    func() bool                                          // the system ends the program: the work is saved before
	Persist  func()                                               // somebody made something: ask that it is not cleared by itself
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

	// Say, if set, is handed sentences about what happens, for a screen reader.
	Say func(sentence string)

	// Library and Keeper, if set, keep works: a framed page has neither.
	Library *works.Library
	Keeper  *works.Keeper

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
	one      bool  // the window is upright: one pane below the stage
	single   bool  // one pane, of all instruments, because of that or as two would be too low for their text
	selected bool  // a packet was selected in the last frame
	departed error // of the open lab from its file, that was said
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
	why      view.Why
	clocks   view.Clocks
	program  view.Program
	plots    view.Plots
	inspect  view.Inspect
	lesson   view.Lesson
	terminal view.Terminal

	across, down, foot float32 // shares of the splitters
	panes              [2]pane // of instruments
	shownPanes         []*pane // buffer of openPanes
	at                 int     // the pane that was used last
	full               bool    // it has all the room
	hall               float32 // in a lecture: the text scale before it
	text, fitted       float32 // the text scale that was asked for, and what there was of it in the last frame
	arranged           *lab.Lab
	file               fileDialog
	keeping            keeping
	shelf              shelf
	prompt             prompt
	voice              voice
	palette            palette
	sheet              bool // the keys are shown
	comparing          comparing
	later              []func() error // that wait until the lab is where it is going
	plotsAs            string         // what the plots are to be saved as once they are drawn
	forked             fork
	copied             copied
	cardOf             cardOf
	aboutOf            aboutOf
	cardHeight         float32 // the largest so far, of cardOf
	cardless, homeless bool    // the stage had no room for it; nor had the bar for its button
}

// New returns an App on a platform.
func New(o Options, p Platform) *App {
	a := &App{UI: ui.New(o.Fonts), Session: o.Session, platform: p, start: time.Now()}
	show, err := showOnly(o.Show)
	a.show = show
	a.report(err)
	a.Session.SkipIdle = true
	a.Session.SetPatience(budget)
	a.UI.ReduceMotion = o.Still
	if o.Light {
		a.UI.Theme = ui.Light
	}
	a.file.disk, a.file.tell = p.Disk, a.tell
	a.arrange(nil)
	a.Session.Window = a.settings
	a.Model.Verbs = a.menu
	a.Model.Explain = func(packet uint64) []string {
		lines, _ := a.Session.Why(packet + 1) // it is on the screen: it can be told
		return lines
	}
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
	if a.platform.Ended != nil && a.platform.Ended() {
		return ebiten.Termination // whoever runs the App saves the work then
	}
	now := time.Since(a.start)
	a.Frame(a.reader.Read(now, a.scale), float32(a.w)/a.scale, float32(a.h)/a.scale, a.scale)
	return nil
}

// LetGo says that the system has taken the fingers or the mouse away: what they pressed is let be.
func (a *App) LetGo() { a.reader.LetGo() }

// Frame lets time pass until in.Now and builds the screen of w by h logical
// pixels. It needs no display: tests call it with input of their own.
func (a *App) Frame(in *ui.Input, w, h, scale float32) {
	elapsed := in.Now - a.last
	a.last = in.Now
	a.Session.Frame(elapsed, budget)
	a.follow()
	a.fitText(w, h)
	a.UI.Words = ui.Words{Close: a.Model.Say("app.close"), ScrollBar: a.Model.Say("app.scroll_bar")}
	screen := a.UI.Begin(in, w, h, scale)
	a.screen(screen)
	a.keys()
	a.UI.End()
	a.reveal()
	a.do()
	a.keep()
	if err := a.Session.Err(); err != a.told {
		if a.told = err; err != nil {
			a.report(err)
		}
	}
	a.saveCaptures()
	if departed := a.Session.Departure(); departed != a.departed {
		if a.departed = departed; departed != nil {
			a.UI.Toast(a.tell(departed), ui.ToneError)
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
	a.speak(in.Now)
}

// leastRows and leastColumns are how high and wide the window must be, in pixels at text scale 1, for every part of it to have some room.
const leastRows, leastColumns = 340, 260

// fitText makes the text as large as was asked for, but not so large that a small window has no room left for what it is about.
func (a *App) fitText(width, height float32) {
	if a.UI.TextScale != a.fitted {
		a.text = min(max(a.UI.TextScale, 0.8), 2)
	}
	a.fitted = min(a.text, max(1, min(width/leastColumns, height/leastRows)))
	a.UI.TextScale = a.fitted
}

// tell says in the language of the window what went wrong.
func (a *App) tell(err error) string { return words.Tell(a.Session.Language(), err) }

// reveal shows the packet's details once one is selected and none was before.
func (a *App) reveal() {
	selected := a.Model.Packet >= 0
	if selected && !a.selected {
		a.choose("decode")
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
	m.Notes = m.Notes[:0]
	for _, n := range a.Session.Notes() {
		m.Notes = append(m.Notes, view.Note(n))
	}
	m.Lesson = m.Lesson[:0]
	for _, s := range a.Session.Lesson() {
		m.Lesson = append(m.Lesson, view.LessonStep{Text: s.Text, AtNs: s.At.TimeNs, Done: s.Done})
	}
	forks := a.forks()
	for i, b := range a.Session.Branches() {
		m.Branches = append(m.Branches, view.Branch{Name: b.Name, ForkNs: forks[i], TimeNs: b.At.TimeNs, SeenNs: max(b.SeenNs, b.At.TimeNs)})
	}
	m.Look(a.Session.Lab())
	if a.arranged != m.Lab {
		a.arranged = m.Lab
		if v := a.Session.View(); len(v) > 0 { // another lab, by itself, changes nothing about the window
			a.arrange(v)
		}
	}
	if m.Title != a.title && a.platform.Retitle != nil {
		a.title = m.Title
		a.platform.Retitle(m.Title + " — Wirelab")
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
