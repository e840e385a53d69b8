package view

import (
	"wirelab/lab"
	"wirelab/lab/ui"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// runTo proposes goals to run to that are about what is selected: the next event of the host, the next event of the
// connection, and its next timer. goal says what each item stands for.
func (m *Model) runTo() (items []ui.MenuItem, goal map[string]string) {
	goal = map[string]string{}
	add := func(id, label, text string) {
		items, goal[id] = append(items, ui.MenuItem{ID: id, Label: label}), text
	}
	if int(m.Node) < m.Lab.Nodes() && m.Lab.Host(m.Node) != nil {
		name := m.Lab.Node(m.Node).Name
		add("host", m.Say("view.until_host", name), "event of host "+name)
	}
	c := m.selectedConn()
	if c == nil || c.Remote.Port == 0 {
		return items, goal
	}
	ends := " of connection " + lab.EndText(c.Local.Addr, c.Local.Port) + " > " + lab.EndText(c.Remote.Addr, c.Remote.Port)
	add("conn", m.Say("view.until_conn"), "event"+ends)
	if t, _ := c.Due(c.Deadline()); c.Deadline() != tcp.Never && t != event.NoTimer {
		add("conn_timer", m.Say("view.until_this_timer", m.Say("timer."+t.Key())), "timer "+t.Key()+" of host "+m.Lab.Node(m.Conn.Host).Name+ends)
	}
	return items, goal
}

// selectedConn returns the connection that is selected, if it is there now, or nil.
func (m *Model) selectedConn() *tcp.Conn {
	r := m.Conn
	if !r.Set || int(r.Host) >= m.Lab.Nodes() {
		return nil
	}
	h := m.Lab.Host(r.Host)
	if h == nil || int(r.Slot) >= len(h.Conns) || h.Conns[r.Slot].Gen != r.Gen || h.Conns[r.Slot].State == tcp.Closed {
		return nil
	}
	return &h.Conns[r.Slot]
}
