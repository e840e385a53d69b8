package view

import (
	"cmp"
	"math"
	"slices"

	"wirelab/lab/ui"
)

// Clocks are the timers that run on all hosts, the next first, each as an arc that shrinks.
type Clocks struct {
	running  []running
	selected int
}

// running is a timer of a connection.
type running struct {
	Timer
	conn  ConnRef
	words string // the connection
}

// Draw draws the timers into r.
func (d *Clocks) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "timers", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.timers")})
	defer u.Leave()
	d.find(m)
	if len(d.running) == 0 {
		hollow(u, r, m.Say("view.timers_none"))
		return
	}
	d.selected = slices.IndexFunc(d.running, func(k running) bool { return k.conn == m.Conn })
	out := u.List(r, "list", m.Say("view.timers"), len(d.running), u.Grow(38), &d.selected, func(row ui.Row) string { return d.row(u, row, m) })
	if out.Changed && d.selected >= 0 {
		m.Choose(Target{Kind: OnConn, Conn: d.running[d.selected].conn})
	}
	if out.Opened >= 0 {
		m.Ask(Ask{Kind: AskSeek, TimeNs: d.running[out.Opened].At})
	}
}

func (d *Clocks) find(m *Model) {
	d.running = d.running[:0]
	var buf [5]Timer
	for id := range m.Lab.Present {
		h := m.Lab.Host(id)
		if h == nil {
			continue
		}
		for i := range h.Conns {
			c := &h.Conns[i]
			for _, tm := range timersOf(buf[:0], h, c) {
				d.running = append(d.running, running{tm, ConnRef{id, uint32(i), c.Gen, true}, ports(c)})
			}
		}
	}
	slices.SortStableFunc(d.running, func(a, b running) int { return cmp.Compare(a.At, b.At) })
}

func (d *Clocks) row(u *ui.UI, row ui.Row, m *Model) string {
	t, k := &u.Theme, &d.running[row.Index]
	left := k.At - m.Now()
	r := row.Rect.InsetXY(ui.Space4, 0)
	arc := r.CutLeft(u.Grow(28))
	x, y := arc.Mid()
	radius := u.Grow(11)
	share := min(1, float32(left)/float32(max(k.Total, 1)))
	u.Ring(x, y, radius+1, 2, t.Line)
	u.Arc(x, y, radius, 3, -math.Pi/2, -math.Pi/2+2*math.Pi*max(share, 0.02), k.Color(t))
	r.CutLeft(ui.Space2)
	name := m.Say("view.clock." + k.Name)
	when := m.Say("view.in", Span(left))
	w := u.Width(when, ui.CodeSmall)
	u.TextIn(r.CutRight(w), when, ui.CodeSmall, ui.Right, t.Text)
	r.CutRight(ui.Space3)
	half := r.CutTop(r.H / 2)
	u.TextIn(ui.R(half.X, half.Y+2, half.W, half.H), k.Name+" · "+name, ui.BodyBold, ui.Left, t.Text)
	where := m.NodeName(k.conn.Host) + " " + k.words
	u.TextIn(ui.R(r.X, r.Y-2, r.W, r.H), where, ui.CodeTiny, ui.Left, t.Dim)
	u.Tooltip(row.Item, m.Say("view.clock_tip"), "Enter")
	return k.Name + " " + name + ", " + where + ", " + when
}
