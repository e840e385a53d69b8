package app

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"wirelab/lab/ui"
	"wirelab/lab/works"
	"wirelab/stack/problem"
)

// Disk is what the app's own file dialog reads and writes; a page has none.
type Disk interface {
	// List returns the absolute path of dir and what is in it: folders and labs.
	List(dir string) (abs string, entries []DiskEntry, err error)
	Read(path string) ([]byte, error)
	// Write replaces a file as a whole or not at all.
	Write(path string, data []byte) error
}

// DiskEntry is a folder or a file.
type DiskEntry struct {
	Name   string
	Folder bool
}

// fileDialog chooses a file to open or to save.
type fileDialog struct {
	disk     Disk
	tell     func(error) string
	open     bool
	fresh    bool // it was just opened: the name has the focus
	saving   bool
	dir      string
	entries  []DiskEntry
	name     string
	problem  string
	selected int
	path     string // of the file that the open work stands in
	paths    map[string]string
	replace  string // another file that is there, and that a person was asked about
}

func (d *fileDialog) begin(saving bool, name string) {
	if d.disk == nil {
		return
	}
	d.open, d.fresh, d.saving, d.name, d.problem, d.replace = true, true, saving, name, "", ""
	if saving && d.path != "" {
		d.name = filepath.Base(d.path)
	}
	if d.dir == "" {
		d.dir = filepath.Dir(d.path)
	}
	d.list(d.dir)
}

func (d *fileDialog) list(dir string) {
	abs, entries, err := d.disk.List(dir)
	if err != nil {
		d.problem = d.tell(err)
		return
	}
	d.dir, d.entries, d.selected, d.problem = abs, entries, -1, ""
}

// dialogs draws the dialogs that are open.
func (a *App) dialogs() {
	d := &a.file
	key := "app.open_title"
	if d.saving {
		key = "app.save_title"
	}
	a.UI.Dialog("file", a.Model.Say(key), 520, 420, &d.open, a.fileBody)
	a.paletteDialog()
	a.promptDialog()
	a.keySheet()
	a.compareDialog()
	a.shelfDialog()
}

func (a *App) fileBody(r ui.Rect) {
	u, m, d := a.UI, &a.Model, &a.file
	t := &u.Theme
	u.TextIn(r.CutTop(u.Grow(20)), d.dir, ui.CodeSmall, ui.Left, t.Dim)
	r.CutTop(ui.Space2)
	foot := r.CutBottom(u.Grow(ui.ControlHeight))
	r.CutBottom(ui.Space2)
	field := r.CutBottom(u.Grow(ui.ControlHeight))
	r.CutBottom(ui.Space2)
	if d.problem != "" {
		h := u.ParagraphHeight(d.problem, ui.Small, r.W)
		line := r.CutBottom(h)
		u.Node(ui.Spec{ID: "problem", Rect: line, Role: ui.RoleStatus, Name: d.problem})
		u.Paragraph(line, d.problem, ui.Small, t.Rst)
		r.CutBottom(ui.Space2)
	}
	u.RoundStroke(r, ui.RadiusControl, 0, t.Line)
	out := u.List(r.Inset(1), "entries", m.Say("app.files"), len(d.entries), u.Grow(ui.RowHeight), &d.selected, func(row ui.Row) string {
		e := &d.entries[row.Index]
		in := row.Rect.InsetXY(ui.Space3, 0)
		name, ink := e.Name, t.Text
		if e.Folder {
			name, ink = e.Name+"/", t.Dim
		}
		u.TextIn(in, name, ui.Code, ui.Left, ink)
		return name
	})
	if out.Changed && d.selected >= 0 && !d.entries[d.selected].Folder {
		d.name = d.entries[d.selected].Name
	}
	if out.Opened >= 0 {
		a.fileChosen(d.entries[out.Opened])
		return
	}
	if d.fresh {
		d.fresh = false
		u.SetFocus("name")
	}
	in := u.TextField(field, "name", m.Say("app.file_name"), &d.name, ui.FieldOpt{Mono: true, Placeholder: m.Say("app.file_name")})
	verb := "app.open"
	if d.saving {
		verb = "app.save"
	}
	ok := u.Button(foot.CutRight(u.ButtonWidth(m.Say(verb))), "ok", m.Say(verb), ui.Opt{Primary: true, Disabled: d.name == ""})
	foot.CutRight(ui.Space2)
	if u.Button(foot.CutRight(u.ButtonWidth(m.Say("app.cancel"))), "cancel", m.Say("app.cancel")) {
		d.open = false
	}
	if (ok || in.Submitted) && d.name != "" {
		a.fileChosen(DiskEntry{Name: d.name})
	}
}

// fileChosen opens a folder, or opens or saves a file.
func (a *App) fileChosen(e DiskEntry) {
	d := &a.file
	path := e.Name
	if !filepath.IsAbs(path) {
		path = filepath.Join(d.dir, path)
	}
	if e.Folder {
		d.list(path)
		return
	}
	if d.saving {
		a.saveTo(path)
		return
	}
	data, err := d.disk.Read(path)
	if err == nil && works.IsArchive(data) {
		d.open = false
		a.importArchive(filepath.Base(path), data)
		return
	}
	if err == nil {
		err = a.Session.Open(data)
	}
	if err != nil {
		d.problem = d.tell(err)
		return
	}
	d.open = false
	a.fileOf(path)
}

func (d *fileDialog) exists(path string) bool {
	_, err := d.disk.Read(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (a *App) saveTo(path string) {
	d := &a.file
	if !strings.HasSuffix(path, ".lab") {
		path += ".lab"
	}
	if path != d.path && path != d.replace && d.exists(path) {
		d.replace, d.problem = path, a.Model.Say("app.replace", filepath.Base(path))
		return
	}
	data, err := a.Session.Save()
	if err == nil {
		err = d.disk.Write(path, data)
	}
	if err != nil {
		d.problem = d.tell(err)
		return
	}
	d.open = false
	a.fileOf(path)
	a.UI.Toast(a.Model.Say("app.saved", filepath.Base(path)), ui.ToneOk)
}

// saveFile saves what a view has made: in a page as the browser does, else beside the file that is open. Nothing is
// replaced: the name gets a number.
func (a *App) saveFile(ending string, data []byte) error {
	return a.saveAs(works.FileName(a.Session.Title())+"-"+ending, data)
}

// saveAs saves a file of any kind as saveFile does.
func (a *App) saveAs(name string, data []byte) error {
	if a.platform.Offer != nil {
		a.platform.Offer(name, data)
		a.UI.Toast(a.Model.Say("app.saved", name), ui.ToneOk)
		return nil
	}
	d := &a.file
	if d.disk == nil {
		return problem.New("there is no disk here")
	}
	dir := d.dir
	if dir == "" {
		var err error
		if dir, _, err = d.disk.List(filepath.Dir(d.path)); err != nil {
			return err
		}
	}
	path, ending := filepath.Join(dir, name), filepath.Ext(name)
	for n := 2; d.exists(path); n++ {
		path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ending), n, ending))
	}
	if err := d.disk.Write(path, data); err != nil {
		return err
	}
	a.UI.Toast(a.Model.Say("app.saved", path), ui.ToneOk)
	return nil
}

// saveCaptures saves the files that tcpdump -w has closed.
func (a *App) saveCaptures() {
	files, err := a.Session.TakeCaptures()
	for _, f := range files {
		if err == nil {
			err = a.saveAs(f.Name, f.Data)
		}
	}
	if err != nil {
		a.report(err)
	}
}
