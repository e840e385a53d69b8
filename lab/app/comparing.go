package app

import (
	"fmt"

	"wirelab/lab"
	"wirelab/lab/session"
	"wirelab/lab/trace"
	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// comparing shows what a branch and what is open have come to: where they part, then each connection.
type comparing struct {
	open bool
	of   string // the branch
	work *session.Comparison
	rows []compared
}

// compared is one direction of a connection in both histories; zeros where it is in one only.
type compared struct {
	ends string
	a, b lab.Flow
}

func (a *App) compare(branch int) error {
	work, err := a.Session.BeginCompare(branch)
	if err != nil {
		return err
	}
	a.Session.Pause()
	a.comparing = comparing{open: true, of: a.Model.BranchName(branch), work: work}
	return nil
}

func (a *App) compareDialog() {
	c := &a.comparing
	if !c.open {
		return
	}
	u, r := a.UI, a.UI.Screen()
	if !c.work.Done {
		c.work.Step(budget)
		if c.work.Done {
			c.rows = pair(&c.work.Difference)
			a.Model.LayOver(view.Future{Name: c.of, Lab: c.work.Other()})
		}
	}
	u.Dialog("compare", a.Model.Say("app.compare", c.of), min(u.Grow(760), r.W-2*ui.Space4), min(u.Grow(420), r.H-2*ui.Space4), &c.open, a.compareBody)
}

func (a *App) compareBody(r ui.Rect) {
	u, m, c := a.UI, &a.Model, &a.comparing
	t := &u.Theme
	switch {
	case c.work.Err != nil:
		u.Label(r.CutTop(u.Grow(24)), "problem", a.tell(c.work.Err), ui.Body, ui.Left, t.Rst)
		return
	case !c.work.Done:
		u.Progress(r.CutTop(u.Grow(8)), "progress", m.Say("app.comparing"), c.work.Share(), t.Accent)
		return
	}
	d := &c.work.Difference
	for _, line := range a.difference(d) {
		box := r.CutTop(u.ParagraphHeight(line, ui.Body, r.W))
		u.Node(ui.Spec{ID: "line-" + line[:min(len(line), 8)], Rect: box, Role: ui.RoleText, Name: line})
		u.Paragraph(box, line, ui.Body, t.Text)
		r.CutTop(ui.Space1)
	}
	r.CutTop(ui.Space3)
	a.compareRow(r.CutTop(u.Grow(26)), m.Say("app.compare_connection"), [3]string{m.Say("app.compare_segments"), m.Say("app.compare_repeats"), m.Say("app.compare_done")}, ui.Small.Bold(), t.Dim)
	u.HLine(r.X, r.Y, r.W, t.Line)
	none := -1
	u.List(r, "connections", m.Say("app.compare_connection"), len(c.rows), u.Grow(ui.RowHeight), &none, func(row ui.Row) string {
		k := &c.rows[row.Index]
		two := func(x, y string) string {
			if x == y {
				return x
			}
			return x + " → " + y
		}
		cells := [3]string{two(fmt.Sprint(k.a.Segments), fmt.Sprint(k.b.Segments)), two(fmt.Sprint(k.a.Retransmissions), fmt.Sprint(k.b.Retransmissions)), two(doneWords(&k.a), doneWords(&k.b))}
		a.compareRow(row.Rect, k.ends, cells, ui.CodeSmall, t.Text)
		return fmt.Sprint(k.ends, " ", cells)
	}, ui.ListOpt{Plain: true})
}

func (a *App) compareRow(r ui.Rect, name string, cells [3]string, style ui.Style, ink ui.Color) {
	u := a.UI
	width := r.W * 0.19
	for i := len(cells) - 1; i >= 0; i-- {
		u.TextIn(r.CutRight(width), cells[i], style, ui.Right, ink)
	}
	u.TextIn(r, name, style, ui.Left, ink)
}

// difference says where two histories part.
func (a *App) difference(d *lab.Difference) []string {
	m := &a.Model
	if d.Same || d.PacketA == nil && d.PacketB == nil {
		return []string{m.Say("app.compare_same")}
	}
	crossing := func(c *trace.Crossing) string {
		if c == nil {
			return m.Say("app.compare_nothing")
		}
		words := view.Letters(&c.Head)
		if fate := c.Fate.Key(); fate != "delivered" {
			words += " · " + m.Say("fate."+fate)
		}
		return words
	}
	return []string{m.Say("app.compare_part", view.Instant(d.TimeNs, 6), d.Packet+1), m.Say("app.compare_here", crossing(d.PacketA)), m.Say("app.compare_there", crossing(d.PacketB))}
}

func doneWords(f *lab.Flow) string {
	if f.DoneNs == 0 {
		return "–"
	}
	return view.Instant(f.DoneNs, 4)
}

// pair puts the flows of both histories side by side.
func pair(d *lab.Difference) (rows []compared) {
	at := map[string]int{}
	row := func(f *lab.Flow) *compared {
		ends := lab.EndText(f.From.Addr, f.From.Port) + " > " + lab.EndText(f.To.Addr, f.To.Port)
		key := fmt.Sprint(ends, f.Gen)
		i, ok := at[key]
		if !ok {
			i = len(rows)
			at[key], rows = i, append(rows, compared{ends: ends})
		}
		return &rows[i]
	}
	for i := range d.A {
		row(&d.A[i]).a = d.A[i]
	}
	for i := range d.B {
		row(&d.B[i]).b = d.B[i]
	}
	return rows
}

// fork keeps where each branch parts, which is looked up only when branches or journal change.
type fork struct {
	branches, journal int
	turns             uint64
	at                []int64
}

func (a *App) forks() []int64 {
	s, f := a.Session, &a.forked
	now := fork{branches: len(s.Branches()), journal: len(s.Lab().Journal), turns: s.Lab().Trace.Turns}
	if f.branches != now.branches || f.journal != now.journal || f.turns != now.turns || len(f.at) != now.branches {
		for i := range now.branches {
			now.at = append(now.at, s.ForkOf(i))
		}
		*f = now
	}
	return f.at
}
