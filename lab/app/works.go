package app

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"wirelab/lab/lesson"
	"wirelab/lab/ui"
	"wirelab/lab/works"
)

// What a person does with works: the list in the menu, opening and undoing that, and what is said when works cannot be kept. shelf.go has
// the window with all of them.

// recentWorks is how many works the menu lists.
const recentWorks = 6

// keeping is what the window remembers of its work and the library.
type keeping struct {
	id       string // of the open work in the last frame
	trouble  string // that was told of
	back     bool   // undo or redo opened the work
	asked    bool   // for storage that the browser does not clear by itself
	importer *works.Import
}

// keep saves the open work, and tells what came of that.
func (a *App) keep() {
	for _, n := range a.Session.Notices() {
		a.UI.ToastAction(asSentence(a.tell(n)), ui.ToneWarn, a.Model.Say("app.understood"), func() {})
	}
	a.noticeOpened()
	if a.Keeper == nil {
		return
	}
	a.Keeper.Tick()
	trouble := ""
	if err := a.Keeper.Trouble(); err != nil {
		trouble = a.Model.Say("app.not_kept", a.tell(err))
	}
	if k := &a.keeping; trouble != k.trouble {
		if k.trouble = trouble; trouble == "" {
			a.UI.Toast(a.Model.Say("app.kept_again"), ui.ToneOk)
		} else {
			a.UI.ToastAction(trouble, ui.ToneError, a.Model.Say("app.save_file"), a.save)
		}
	}
	if k := &a.keeping; !k.asked && a.Session.Current().Changed && a.platform.Persist != nil {
		k.asked = true
		a.platform.Persist()
	}
	a.importStep()
}

// noticeOpened says that another work is open, and offers to go back.
func (a *App) noticeOpened() {
	k, work := &a.keeping, a.Session.Current()
	if work.ID == k.id {
		return
	}
	first := k.id == ""
	k.id = work.ID
	a.palette.open, a.prompt.open = false, false
	a.terminal.Clear()
	a.file.path = a.file.paths[work.ID]
	if first {
		return
	}
	a.stage.Fit()
	if k.back {
		k.back = false
		a.UI.Toast(a.Model.Say("app.back_to", work.Title), ui.ToneInfo)
		return
	}
	if _, ok := a.Session.Previous(); ok {
		a.UI.ToastAction(a.Model.Say("app.opened", work.Title), ui.ToneOk, a.Model.Say("verb.undo"), a.reopen)
	}
}

// reopen brings back the work that was open before.
func (a *App) reopen() {
	a.keeping.back = true
	a.report(a.Session.Reopen())
}

// openWork opens a work of the library.
func (a *App) openWork(id string) {
	if id == a.Session.Current().ID {
		return
	}
	a.Library.Load(id, func(m works.Meta, data []byte, err error) {
		if err == nil {
			err = a.Session.OpenWork(m.ID, data, !m.Draft)
		}
		if err != nil {
			a.UI.Toast(a.Model.Say("app.not_opened", m.Title, a.tell(err)), ui.ToneError)
			return
		}
		a.Keeper.Adopt(m)
	})
}

// Tell says what went wrong outside the window.
func (a *App) Tell(err error) { a.report(err) }

// report says what went wrong, if anything did.
func (a *App) report(err error) {
	if err != nil {
		a.UI.Toast(asSentence(a.tell(err)), ui.ToneError)
	}
}

// asSentence begins a message with a capital letter, unless it begins with the name of a command.
func asSentence(text string) string {
	if first, _, _ := strings.Cut(text, " "); strings.ContainsAny(first, ":：") {
		return text
	}
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}

// OfferWork offers to go on with a work instead of what was opened.
func (a *App) OfferWork(m works.Meta) {
	a.UI.ToastAction(a.Model.Say("app.continue", m.Title, a.ago(m.ChangedMs)), ui.ToneInfo, a.Model.Say("app.continue_do"), func() { a.openWork(m.ID) })
}

// labItems are the lines of the menu of labs: built-in ones, a new one, and works.
func (a *App) labItems() (items []ui.MenuItem) {
	m, work := &a.Model, a.Session.Current()
	for _, name := range lesson.Names() {
		items = append(items, ui.MenuItem{ID: name, Label: m.Say("lab." + name), Checked: !work.Changed && work.Example == name})
	}
	items = append(items, ui.MenuItem{}, ui.MenuItem{ID: "blank", Label: m.Say("verb.new"), Icon: ui.IconPlus, Key: "Shift O"})
	if a.Library == nil {
		return items
	}
	list := a.Library.Works()
	if len(list) > 0 {
		items = append(items, ui.MenuItem{})
	}
	for _, w := range list[:min(len(list), recentWorks)] {
		items = append(items, ui.MenuItem{ID: workItem + w.ID, Label: w.Title, Hint: a.ago(w.ChangedMs), Checked: w.ID == work.ID})
	}
	return append(items, ui.MenuItem{}, ui.MenuItem{ID: "retitle", Label: m.Say("verb.retitle") + " …", Icon: ui.IconEdit, Key: "Shift F2"},
		ui.MenuItem{ID: "works", Label: m.Say("verb.works") + " …", Icon: ui.IconOpen, Key: "Shift W"})
}

// workItem begins the ids of menu items that are works.
const workItem = "work:"

// openItem opens what an item of the menu of labs stands for.
func (a *App) openItem(id string) {
	switch {
	case id == "":
	case id == "works" || id == "retitle":
		a.Perform(id)
	case len(id) > len(workItem) && id[:len(workItem)] == workItem:
		a.openWork(id[len(workItem):])
	default:
		a.example(id)
	}
}

// ago says when something was, as far as people care.
func (a *App) ago(ms int64) string {
	then, now, m := time.UnixMilli(ms), time.Now(), &a.Model
	switch d := now.Sub(then); {
	case d < time.Minute:
		return m.Say("app.ago_now")
	case d < time.Hour:
		return m.Say("app.ago_minutes", strconv.Itoa(int(d.Minutes())))
	case d < 24*time.Hour:
		return m.Say("app.ago_hours", strconv.Itoa(int(d.Hours())))
	case d < 7*24*time.Hour:
		return m.Say("app.ago_days", strconv.Itoa(int(d.Hours()/24)))
	}
	return then.Format("2006-01-02")
}

// importStep takes the next work of an archive that is being imported.
func (a *App) importStep() {
	i := a.keeping.importer
	if i == nil {
		return
	}
	if i.Step(); !i.Done() {
		return
	}
	a.keeping.importer = nil
	tone, text := ui.ToneOk, a.Model.Say("app.imported", strconv.Itoa(i.Taken), strconv.Itoa(i.Known))
	if len(i.Refused) > 0 {
		tone, text = ui.ToneWarn, text+" "+a.Model.Say("app.import_refused", strconv.Itoa(len(i.Refused)), a.tell(i.Refused[0]))
	}
	a.UI.Toast(text, tone)
}

// importArchive begins to take an archive of works into the library.
func (a *App) importArchive(name string, data []byte) {
	if a.Library == nil {
		a.UI.Toast(a.Model.Say("app.not_opened", name, a.tell(works.ErrNoStore)), ui.ToneError)
		return
	}
	a.Library.BeginImport(data, func(i *works.Import, err error) {
		if err != nil {
			a.UI.Toast(a.Model.Say("app.not_opened", name, a.tell(err)), ui.ToneError)
			return
		}
		a.keeping.importer = i
	})
}
