package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"wirelab/lab"
	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/words"
	"wirelab/lab/works"
	"wirelab/stack/problem"
)

// do carries out what was asked for at the views.
func (a *App) do() {
	asks := a.Model.Asks
	a.Model.Asks = a.Model.Asks[:0]
	for i := range asks {
		k := asks[i]
		a.attempt(func() error { return a.carryOut(&k) })
	}
	if len(a.later) > 0 && !a.Session.Busy() {
		next := a.later[0]
		a.later = a.later[1:]
		a.attempt(next)
	}
}

// attempt does something. While the lab is on its way to an instant, what belongs where that leads waits for a later frame.
func (a *App) attempt(do func() error) {
	if len(a.later) > 0 && a.Session.Busy() {
		a.later = append(a.later, do)
		return
	}
	err := do()
	if errors.Is(err, session.ErrBusy) {
		a.later = append(a.later, do)
		return
	}
	a.report(err)
}

func (a *App) carryOut(k *view.Ask) error {
	s := a.Session
	switch k.Kind {
	case view.AskPlay:
		a.playOrPause()
	case view.AskGrab:
		s.Pause()
	case view.AskSeek:
		s.Pause()
		s.SeekNs(k.TimeNs)
	case view.AskStep:
		return s.Step(k.Text)
	case view.AskSpeed:
		return s.Speed(k.Speed)
	case view.AskExec:
		a.Model.Node = k.Node // what it says can be read
		return a.journal(lab.Exec{Node: k.Node, Line: k.Text})
	case view.AskInterrupt:
		return a.journal(lab.Interrupt{Node: k.Node})
	case view.AskEndInput:
		return a.journal(lab.EndInput{Node: k.Node})
	case view.AskLink:
		return a.Session.Change(lab.SetLink{Link: k.Link, Dir: k.Dir, Params: k.Params})
	case view.AskUndo:
		return a.history(s.Undo)
	case view.AskRedo:
		return a.history(s.Redo)
	case view.AskBranch:
		return s.Switch(k.Branch)
	case view.AskCommand:
		a.Model.Problem = view.Problem{}
		if err := a.Session.Command(k.Text); err != nil {
			a.Model.Problem = view.Problem{ID: k.ID, Text: a.tell(err)}
		}
	case view.AskNotes:
		return a.keepNotes(k.Branch)
	case view.AskNote:
		a.editNote(k.Branch)
	case view.AskCompare:
		return a.compare(k.Branch)
	case view.AskNameBranch:
		a.nameBranch(k.Branch)
	case view.AskDeleteBranch:
		return s.DeleteBranch(k.Branch)
	case view.AskVerb:
		a.performID(k.Text, k.Target)
	case view.AskLinkUp:
		return a.connect(k.Node, a.Model.NodeName(k.Target.Node))
	case view.AskSaveFile:
		return a.saveFile(k.Text, k.Data)
	case view.AskMove:
		s.Move([]session.Place{{Node: k.Node, X: k.X, Y: k.Y}}, k.Drag)
	}
	return nil
}

// add adds a node where somebody pointed, or where there is room.
func (a *App) add(kind uint8) error {
	s, name := a.Session, a.Session.FreeName(kind)
	line := "add " + [...]string{lab.KindHost: "host", lab.KindSwitch: "switch", lab.KindRouter: "router"}[kind] + " " + name
	p := a.Model.Place
	if p == nil {
		x, y := s.FreePlace()
		p = &a.seen(view.Place{X: x, Y: y})[0]
	}
	line += fmt.Sprintf(" at %d %d", p.X, p.Y)
	a.Model.Place = nil
	if err := s.Command(line); err != nil {
		return err
	}
	a.Model.Choose(view.Target{Kind: view.OnNode, Node: uint32(s.Lab().Nodes() - 1)})
	return nil
}

// connect links a node to the one whose name is written, with the addresses that follow it, or else with free ones.
func (a *App) connect(from uint32, text string) error {
	m := &a.Model
	for to := range m.Lab.Present {
		if m.NodeName(to) == strings.TrimSpace(text) && to != from {
			text = m.NodeName(to) + " " + strings.Join(m.NewAddresses(from, to), " ")
			break
		}
	}
	return a.Session.Command("add link " + m.NodeName(from) + " " + text)
}

// journal does an input, and says so if that begins another future.
func (a *App) journal(in lab.Input) error {
	ahead := a.Session.Lab().Ahead()
	err := a.Session.Do(in)
	if err == nil && ahead {
		a.UI.Toast(a.Model.Say("app.branched"), ui.ToneInfo)
	}
	return err
}

func (a *App) history(step func() (bool, error)) error {
	id := a.Session.Current().ID
	done, err := step()
	a.keeping.back = a.Session.Current().ID != id
	if err == nil && !done {
		a.UI.Toast(a.Model.Say("app.no_history"), ui.ToneInfo)
	}
	return err
}

func (a *App) playOrPause() {
	if a.Session.Playing() || a.Session.Busy() {
		a.Session.Pause()
		return
	}
	a.Session.Play()
}

func (a *App) switchLanguage() {
	next := words.Chinese
	if a.Session.Language() == words.Chinese {
		next = words.English
	}
	if err := a.Session.Lang(string(next)); err != nil {
		a.report(err)
	}
}

func (a *App) switchTheme() {
	if a.UI.Theme.Dark {
		a.UI.Theme = ui.Light
	} else {
		a.UI.Theme = ui.Dark
	}
}

// open lets a person choose a file.
func (a *App) open() {
	if a.platform.Pick != nil {
		a.platform.Pick(a.opened)
		return
	}
	a.file.begin(false, "")
}

// save saves to a file whose name follows from the title.
func (a *App) save() {
	name := fileName(a.Session.Title())
	if a.platform.Offer == nil {
		a.file.begin(true, name)
		return
	}
	data, err := a.Session.Save()
	if err != nil {
		a.report(err)
		return
	}
	a.platform.Offer(name, data)
	a.UI.Toast(a.Model.Say("app.saved", name), ui.ToneOk)
}

// opened takes a file that was chosen or dropped. A bad one leaves the open lab
// as it was, and says why.
func (a *App) opened(name string, data []byte, err error) {
	if err == nil && works.IsArchive(data) {
		a.importArchive(name, data)
		return
	}
	if err == nil {
		err = a.Session.Open(data)
	}
	if err != nil {
		a.UI.Toast(a.Model.Say("app.not_opened", name, a.tell(err)), ui.ToneError)
	}
}

// OpenFile opens a file of the platform's disk: the command line's argument.
func (a *App) OpenFile(path string) error {
	if a.platform.Disk == nil {
		return problem.New("there is no disk here")
	}
	data, err := a.platform.Disk.Read(path)
	if err != nil {
		return fmt.Errorf("cannot open %s: %w", path, err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	if err := a.Session.Open(data); err != nil {
		return fmt.Errorf("cannot open %s: %w", filepath.Base(path), err)
	}
	a.fileOf(path)
	return nil
}

// fileOf notes the file that the open work stands in.
func (a *App) fileOf(path string) {
	a.file.path = path
	if a.file.paths == nil {
		a.file.paths = map[string]string{}
	}
	a.file.paths[a.Session.Current().ID] = path
	if a.Keeper != nil {
		a.Keeper.From(path)
	}
}

// fileName makes a file's name of a title: letters and digits of any script,
// and hyphens for the rest.
func fileName(title string) string { return works.FileName(title) + ".lab" }
