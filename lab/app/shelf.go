package app

import (
	"fmt"
	"time"

	"wirelab/lab"
	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/works"
)

// shelf is the window with all works.
type shelf struct {
	open     bool
	selected int
}

const (
	shelfRow     = 56
	shelfPicture = 76
)

func (a *App) openShelf() {
	if a.Library == nil {
		a.UI.Toast(a.Model.Say("app.no_library"), ui.ToneInfo)
		return
	}
	a.Library.Stale()
	a.shelf = shelf{open: true, selected: -1}
}

func (a *App) shelfDialog() {
	if !a.shelf.open {
		return
	}
	a.UI.Dialog("works", a.Model.Say("verb.works"), a.UI.Grow(620), a.UI.Grow(480), &a.shelf.open, a.shelfBody)
}

func (a *App) shelfBody(r ui.Rect) {
	u, m, t := a.UI, &a.Model, &a.UI.Theme
	list := a.Library.Works()
	foot := r.CutBottom(u.Grow(ui.ControlHeight))
	r.CutBottom(ui.Space2)
	if err := a.Library.Trouble(); err != nil {
		text := m.Say("app.works_unread", a.tell(err))
		line := r.CutTop(u.ParagraphHeight(text, ui.Small, r.W))
		u.Node(ui.Spec{ID: "problem", Rect: line, Role: ui.RoleStatus, Name: text})
		u.Paragraph(line, text, ui.Small, t.Rst)
		r.CutTop(ui.Space2)
	}
	u.RoundStroke(r, ui.RadiusControl, 0, t.Line)
	if len(list) == 0 {
		text := m.Say("app.works_empty")
		in := r.Inset(ui.Space4)
		u.Node(ui.Spec{ID: "empty", Rect: in, Role: ui.RoleText, Name: text})
		u.Paragraph(in, text, ui.Body, t.Dim)
	}
	s := &a.shelf
	s.selected = min(s.selected, len(list)-1)
	out := u.List(r.Inset(1), "list", m.Say("verb.works"), len(list), u.Grow(shelfRow), &s.selected, func(row ui.Row) string { return a.shelfRow(&list[row.Index], row) })
	if out.RightClicked >= 0 {
		s.selected = out.RightClicked
		u.OpenMenu("menu", out.X, out.Y)
	}
	if out.Opened >= 0 {
		s.open = false
		a.openWork(list[out.Opened].ID)
		return
	}
	a.shelfFoot(foot, list)
}

// shelfRow draws a work: its picture, title, when it was changed and what it was made from.
func (a *App) shelfRow(w *works.Meta, row ui.Row) string {
	u, m, t := a.UI, &a.Model, &a.UI.Theme
	in := row.Rect.InsetXY(ui.Space3, ui.Space2)
	a.thumbnail(in.CutLeft(u.Grow(shelfPicture)), w.Picture)
	in.CutLeft(ui.Space3)
	line := m.Say("app.work_line", a.ago(w.ChangedMs), size(w.Bytes))
	if w.Example != "" && m.Say("lab."+w.Example) != w.Title {
		line += " · " + m.Say("app.work_from", m.Say("lab."+w.Example))
	}
	if w.ID == a.Session.Current().ID {
		line += " · " + m.Say("app.work_open")
	}
	top := in.CutTop(in.H / 2)
	u.TextIn(top, w.Title, ui.BodyBold, ui.Left, t.Text)
	u.TextIn(in, line, ui.Small, ui.Left, t.Dim)
	return w.Title + ", " + line
}

func size(bytes int) string {
	if bytes < 10_000 {
		return fmt.Sprintf("%.1f kB", float64(bytes)/1000)
	}
	return fmt.Sprintf("%d kB", bytes/1000)
}

// thumbnail draws the picture of a work.
func (a *App) thumbnail(r ui.Rect, p works.Picture) {
	u, t := a.UI, &a.UI.Theme
	u.RoundFill(r, ui.RadiusSmall, t.Stage)
	u.RoundStroke(r, ui.RadiusSmall, 0, t.Line)
	in := r.InsetXY(u.Grow(9), u.Grow(8))
	at := func(i uint8) (x, y float32) {
		n := &p.Nodes[i]
		return in.X + in.W*float32(n.X)/255, in.Y + in.H*float32(n.Y)/255
	}
	for _, l := range p.Links {
		if int(l[0]) >= len(p.Nodes) || int(l[1]) >= len(p.Nodes) {
			continue
		}
		x0, y0 := at(l[0])
		x1, y1 := at(l[1])
		u.Line(x0, y0, x1, y1, 1, t.Dim)
	}
	dot := u.Grow(7)
	for i := range p.Nodes {
		x, y := at(uint8(i))
		box := ui.R(x-dot/2, y-dot/2, dot, dot)
		switch p.Nodes[i].Kind {
		case lab.KindSwitch:
			u.Fill(box, t.Dim)
		case lab.KindRouter:
			u.RoundFill(box, dot/2, t.Ack)
		default:
			u.RoundFill(box, ui.RadiusSmall, t.Accent)
		}
	}
}

// shelfFoot is what can be done with the works, and with the one that is selected.
func (a *App) shelfFoot(r ui.Rect, list []works.Meta) {
	u, m, s := a.UI, &a.Model, &a.shelf
	button := func(id string, o ui.Opt) bool {
		label := m.Say("app.works_" + id)
		b := r.CutLeft(u.ButtonWidth(label, o))
		r.CutLeft(ui.Space2)
		return u.Button(b, id, label, o)
	}
	if button("export", ui.Opt{Disabled: len(list) == 0}) {
		a.exportWorks()
	}
	if button("import", ui.Opt{}) {
		a.open()
	}
	none := s.selected < 0
	open := m.Say("app.open")
	if u.Button(r.CutRight(u.ButtonWidth(open)), "ok", open, ui.Opt{Primary: true, Disabled: none}) {
		s.open = false
		a.openWork(list[s.selected].ID)
		return
	}
	r.CutRight(ui.Space2)
	label := m.Say("app.works_more")
	more := r.CutRight(u.ButtonWidth(label, ui.Opt{Arrow: true}))
	if u.Button(more, "more", label, ui.Opt{Arrow: true, Disabled: none}) {
		u.OpenMenu("menu", more.X, more.Bottom())
	}
	if none {
		return
	}
	w := list[s.selected]
	switch u.Menu("menu", w.Title, []ui.MenuItem{
		{ID: "rename", Label: m.Say("app.works_rename") + " …", Icon: ui.IconEdit},
		{ID: "duplicate", Label: m.Say("app.works_duplicate"), Icon: ui.IconPlus},
		{ID: "delete", Label: m.Say("app.works_delete"), Icon: ui.IconClose},
	}) {
	case "rename":
		a.renameWork(w)
	case "duplicate":
		a.Library.Duplicate(w.ID, m.Say("session.copy_of", w.Title), func(_ works.Meta, err error) { a.report(err) })
	case "delete":
		a.deleteWork(w)
	}
}

// renameWork asks for a title. That of the open work is an edit, which undo takes back.
func (a *App) renameWork(w works.Meta) {
	v := &verb{id: "retitle", do: func(a *App, _ view.Target, title string) error {
		if w.ID == a.Session.Current().ID {
			return a.Session.Retitle(title)
		}
		a.Library.Rename(w.ID, title, a.report)
		return nil
	}}
	a.prompt = prompt{open: true, fresh: true, verb: v, text: w.Title}
}

// deleteWork deletes a work, and offers to undo that.
func (a *App) deleteWork(w works.Meta) {
	a.Library.Delete(w.ID, func(err error) {
		if err != nil {
			a.report(err)
			return
		}
		a.shelf.selected = -1
		a.UI.ToastAction(a.Model.Say("app.work_deleted", w.Title), ui.ToneInfo, a.Model.Say("verb.undo"), func() { a.Library.Undelete(w.ID, a.report) })
	})
}

// exportWorks saves the whole library as one file.
func (a *App) exportWorks() {
	if a.Keeper != nil {
		a.Keeper.Flush()
	}
	a.Library.Export(func(data []byte, err error) {
		if err == nil {
			err = a.saveAs("wirelab-works-"+time.Now().Format("2006-01-02")+".zip", data)
		}
		a.report(err)
	})
}
