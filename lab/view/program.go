package view

import (
	"slices"
	"strconv"
	"strings"

	"wirelab/lab"
	"wirelab/lab/prog"
	"wirelab/lab/ui"
)

// Program shows the source of the programs at both ends, in the shape of a textbook, with the line that each stands at.
type Program struct {
	shown  []shownProgram
	picked pickedProgram
	stood  [maxPrograms]stood // in the last frame
	parts  []string           // of the line that is being written
}

type shownProgram struct {
	node uint32
	proc *prog.Proc
	rank int
}

// pickedProgram is one that a person wants to see.
type pickedProgram struct {
	lab       *lab.Lab
	node, pid uint32
}

// stood is where a program stood, and the room it had.
type stood struct {
	node, pid uint32
	line      int
	w, h      float32
}

const maxPrograms = 3 // at once

// Draw draws the programs into r: side by side as far as there is room for that, and below each other where r is tall.
func (d *Program) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "program", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.program")})
	defer u.Leave()
	d.choose(m)
	if len(d.shown) == 0 {
		hollow(u, r, m.Say("view.program_none"))
		return
	}
	most := min(len(d.shown), maxPrograms)
	columns := min(most, max(1, int(r.W/u.Grow(230))))
	rows := max(1, min((most+columns-1)/columns, int(r.H/u.Grow(140))))
	most = min(most, rows*columns)
	if most < len(d.shown) && r.H > u.Grow(120) {
		d.others(u, r.CutBottom(u.Grow(30)), m, d.shown[most:])
	}
	width, height := r.W/float32(columns), r.H/float32(rows)
	for i := range most {
		box := ui.R(r.X+float32(i%columns)*width, r.Y+float32(i/columns)*height, width, height)
		if i >= columns {
			u.HLine(box.X, box.Y, box.W, u.Theme.Line)
		}
		if i%columns > 0 {
			u.VLine(box.X, box.Y, box.H, u.Theme.Line)
		}
		d.program(u, box, m, i)
	}
}

// choose lists the programs: the one that a person picked, those at the ends of the shown connection, those that speak TCP, the others;
// among equals those of the connection's host and of the selected one first.
func (d *Program) choose(m *Model) {
	d.shown = d.shown[:0]
	add := func(id uint32) {
		if m.Lab.Host(id) == nil || slices.ContainsFunc(d.shown, func(s shownProgram) bool { return s.node == id }) {
			return
		}
		procs := m.Lab.Machine(id).Procs
		for i := range procs {
			if p := &procs[i]; !p.Done {
				d.shown = append(d.shown, shownProgram{id, p, d.rank(m, id, p)})
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
	slices.SortStableFunc(d.shown, func(a, b shownProgram) int { return b.rank - a.rank })
}

// rank says how much somebody wants to see a program.
func (d *Program) rank(m *Model, node uint32, p *prog.Proc) int {
	if d.picked == (pickedProgram{m.Lab, node, p.PID}) {
		return 3
	}
	h, rank := m.Lab.Host(node), 0
	for _, fd := range [...]int32{p.FD, p.Conn} {
		c := h.Conn(fd)
		switch {
		case c == nil:
		case m.Conn.Set && m.Conn.Host == node && int(m.Conn.Slot) < len(h.Conns) && c == &h.Conns[m.Conn.Slot]:
			return 2
		default:
			rank = 1
		}
	}
	return rank
}

// others names the programs that have no room, so that each can be brought in.
func (d *Program) others(u *ui.UI, r ui.Rect, m *Model, rest []shownProgram) {
	u.HLine(r.X, r.Y, r.W, u.Theme.Line)
	r = r.InsetXY(ui.Space3, ui.Space1)
	words := m.Say("view.program_others")
	u.TextIn(r.CutLeft(min(u.Width(words, ui.Small), r.W)), words, ui.Small, ui.Left, u.Theme.Dim)
	for i := range rest {
		s := &rest[i]
		command, _, _ := strings.Cut(s.proc.Command, " ")
		name := m.NodeName(s.node) + " " + command
		r.CutLeft(ui.Space2)
		w := min(u.ButtonWidth(name), r.W)
		if w < u.Grow(40) {
			return
		}
		if u.Button(r.CutLeft(w), "other-"+m.NodeName(s.node)+"-"+strconv.Itoa(int(s.proc.PID)), name) {
			d.picked = pickedProgram{m.Lab, s.node, s.proc.PID}
		}
	}
}

func (d *Program) program(u *ui.UI, r ui.Rect, m *Model, i int) {
	t, s := &u.Theme, &d.shown[i]
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
	r = r.InsetXY(0, ui.Space1)
	height := r.H
	u.ScrollArea(r, "source", s.proc.Command, func(r ui.Rect) float32 {
		top, now := r.Y, stood{s.node, s.proc.PID, at, r.W, height}
		moved := d.stood[i] != now
		d.stood[i] = now
		for k, line := range lines {
			row := d.line(u, &r, m, s.proc, k, line, k == at)
			if k == at && moved { // and from there a person may scroll on
				u.Reveal(row)
			}
		}
		return r.Y - top
	})
}

// line writes a line, number k from 0, at the top of r, on as many lines as it takes, and cuts them off r.
func (d *Program) line(u *ui.UI, r *ui.Rect, m *Model, p *prog.Proc, k int, line string, at bool) ui.Rect {
	t, style := &u.Theme, ui.CodeSmall
	number, letter, height := u.Width("00", ui.CodeTiny)+ui.Space2, u.Width("0", style), u.LineHeight(style)
	d.parts = wrapCode(d.parts[:0], line, int((r.W-3*ui.Space2-number)/letter))
	row := r.CutTop(float32(len(d.parts))*height + 3)
	spec, ink := ui.Spec{Index: k + 1, Rect: row, Role: ui.RoleText, Name: line}, t.Dim
	if at {
		spec.Value, ink = m.sayStrings("view.stands_at", prog.Name(p.Kind), line), t.Text
		u.RoundFill(row, 3, t.Tint(t.Data))
		u.Fill(ui.R(row.X, row.Y, 3, row.H), t.Data)
	}
	u.Node(spec)
	in := row.InsetXY(ui.Space2, 1.5)
	u.TextIn(ui.R(in.X, in.Y, number, height), numbered("", uint32(k+1), ""), ui.CodeTiny, ui.Right, t.Faint)
	in.CutLeft(number + ui.Space2)
	for i, part := range d.parts {
		x := in.X
		if i > 0 {
			x += codeIndent * letter
		}
		u.Text(x, in.Y+float32(i)*height, part, style, ink)
	}
	return row
}

// codeIndent is how far what goes on from the line above is moved in, in letters.
const codeIndent = 2

// wrapCode breaks a line at spaces, so that no part has more letters than columns.
func wrapCode(parts []string, line string, columns int) []string {
	columns = max(columns, 4*codeIndent)
	end := codeEnd(line, columns)
	parts = append(parts, line[:end])
	for line = strings.TrimLeft(line[end:], " "); line != ""; line = strings.TrimLeft(line[end:], " ") {
		end = codeEnd(line, columns-codeIndent)
		parts = append(parts, line[:end])
	}
	return parts
}

// codeEnd is the last space at which a line may end, or where it must if it has none. Chinese characters are as wide as two letters.
func codeEnd(line string, columns int) int {
	space, n := 0, 0
	for at, c := range line {
		if c == ' ' {
			space = at
		}
		if n++; c >= 0x1100 {
			n++
		}
		if n > columns && space > 0 {
			return space
		} else if n > columns {
			return at
		}
	}
	return len(line)
}
