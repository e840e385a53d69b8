package view

import (
	"strconv"

	"wirelab/lab/prog"
	"wirelab/lab/ui"
)

// Program shows the source of the programs at both ends, in the shape of a textbook, with the line that each stands at.
type Program struct{ shown []shownProgram }

type shownProgram struct {
	node uint32
	proc *prog.Proc
}

const maxPrograms = 3 // side by side

// Draw draws the programs into r.
func (d *Program) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "program", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.program")})
	defer u.Leave()
	d.choose(m)
	if len(d.shown) == 0 {
		hollow(u, r, m.Say("view.program_none"))
		return
	}
	columns := min(len(d.shown), max(1, int(r.W/u.Grow(230))), maxPrograms)
	width := r.W / float32(columns)
	for i := range columns {
		box := r.CutLeft(width)
		if i > 0 {
			u.VLine(box.X, box.Y, box.H, u.Theme.Line)
		}
		d.program(u, box, m, &d.shown[i])
	}
}

// choose picks the programs: those of the selected host first, then of the ends of the connection, then of the others.
func (d *Program) choose(m *Model) {
	d.shown = d.shown[:0]
	add := func(id uint32) {
		if m.Lab.Host(id) == nil {
			return
		}
		for _, s := range d.shown {
			if s.node == id {
				return
			}
		}
		procs := m.Lab.Machine(id).Procs
		for i := range procs {
			if !procs[i].Done && len(d.shown) < maxPrograms {
				d.shown = append(d.shown, shownProgram{id, &procs[i]})
			}
		}
	}
	if m.Conn.Set {
		add(m.Conn.Host)
	}
	add(m.Node)
	for id := range m.Lab.Present {
		add(id)
	}
}

func (d *Program) program(u *ui.UI, r ui.Rect, m *Model, s *shownProgram) {
	t := &u.Theme
	id := m.NodeName(s.node) + "-" + strconv.Itoa(int(s.proc.PID))
	u.Enter(ui.Spec{ID: id, Rect: r, Role: ui.RoleGroup, Name: m.NodeName(s.node) + ": " + s.proc.Command})
	defer u.Leave()
	head := r.CutTop(u.Grow(30)).InsetXY(ui.Space3, 0)
	w := u.TextIn(head, m.NodeName(s.node), ui.BodyBold, ui.Left, t.Text)
	head.CutLeft(w + ui.Space2)
	u.TextIn(head, s.proc.Command, ui.CodeSmall, ui.Left, t.Dim)
	u.HLine(r.X, r.Y, r.W, t.Line)
	lines := prog.SourceOf(s.proc)
	at := min(max(int(s.proc.Line), 1), len(lines)) - 1
	row := u.LineHeight(ui.CodeSmall) + 3
	none := -1
	u.List(r.InsetXY(0, ui.Space1), "source", s.proc.Command, len(lines), row, &none, func(line ui.Row) string {
		in := line.Rect.InsetXY(ui.Space2, 0)
		number := u.Width("00", ui.CodeTiny) + ui.Space2
		if line.Index == at {
			u.RoundFill(line.Rect, 3, t.Tint(t.Data))
			u.Fill(ui.R(line.Rect.X, line.Rect.Y, 3, line.Rect.H), t.Data)
		}
		u.TextIn(in.CutLeft(number), strconv.Itoa(line.Index+1), ui.CodeTiny, ui.Right, t.Faint)
		in.CutLeft(ui.Space2)
		ink := t.Dim
		if line.Index == at {
			ink = t.Text
		}
		u.TextIn(in, lines[line.Index], ui.CodeSmall, ui.Left, ink)
		if line.Index == at {
			u.Tooltip(line.Item, m.Say("view.stands_at", prog.Name(s.proc.Kind), lines[at]), "")
		}
		return lines[line.Index]
	}, ui.ListOpt{Plain: true, Reveal: at + 1})
}
