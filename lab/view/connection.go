package view

import (
	"strconv"

	"wirelab/lab/ui"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Connection shows both ends of a connection: their states and variables.
type Connection struct{}

// Draw draws the ends of all connections into r.
func (d *Connection) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "connection", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.connection")})
	defer u.Leave()
	var lines []string
	for id := range uint32(m.Lab.Nodes()) {
		h := m.Lab.Host(id)
		if h == nil {
			continue
		}
		slots, _ := shownConns(h, maxBadges)
		for _, slot := range slots {
			c := &h.Conns[slot]
			lines = append(lines, m.NodeName(id)+" "+ports(c)+" "+c.State.String())
			if c.State != tcp.Listen {
				var v event.Vars
				c.Snapshot(&v)
				for i := range v {
					lines = append(lines, event.Var(i).String()+" "+strconv.FormatUint(uint64(v[i]), 10))
				}
			}
		}
	}
	selected := -1
	u.List(r, "lines", m.Say("view.connection"), len(lines), u.Grow(ui.RowHeight), &selected, func(row ui.Row) string {
		u.TextIn(row.Rect.InsetXY(ui.Space3, 0), lines[row.Index], ui.CodeSmall, ui.Left, u.Theme.Text)
		return lines[row.Index]
	})
}
