package view

import (
	"strings"

	"wirelab/lab"
	"wirelab/stack"
	"wirelab/stack/wire"
)

// Offer returns the line that is offered first where nothing happens by itself, and the host where it is typed: at node, if
// there is something to do there. In a lab that was just built a ping shows that its links work, and then a server is
// started for others to talk to. Without a host it is empty.
func (m *Model) Offer(node uint32) (at uint32, line string) {
	from, to, pair := m.pairFor(node)
	if !pair {
		from, to = node, node
	}
	for i, id := range [3]uint32{node, from, to} {
		if m.Lab.Host(id) == nil {
			continue
		}
		switch lines := suggestions(m, id); {
		case len(lines) == 0 && i == 0: // a program is in the way
			return id, ""
		case len(lines) > 0 && lines[0] != "help":
			return id, lines[0]
		}
	}
	switch {
	case !pair && m.Lab.Host(node) == nil:
		return node, ""
	case !pair:
		return node, "help"
	case !m.pinged():
		return from, "ping -c 3 " + addressOf(m.Lab.Host(to))
	case m.Lab.Machine(to).Foreground() == nil && portOf(m, to, "httpd") == "":
		return to, "httpd &"
	}
	return from, "help"
}

// pairFor finds a host and one that it can reach, the first being node if that may be.
func (m *Model) pairFor(node uint32) (from, to uint32, ok bool) {
	other := func(id uint32) (uint32, bool) {
		h := m.Lab.Host(id)
		if h == nil || addressOf(h) == "" || m.Lab.Machine(id).Foreground() != nil {
			return 0, false
		}
		for to := range m.Lab.Present {
			if o := m.Lab.Host(to); o != nil && to != id && reaches(h, o) {
				return to, true
			}
		}
		return 0, false
	}
	if to, ok := other(node); ok {
		return node, to, true
	}
	for id := range m.Lab.Present {
		if to, ok := other(id); ok {
			return id, to, true
		}
	}
	return 0, 0, false
}

// reaches says whether h has a route to the address by which the other host is known.
func reaches(h, other *stack.Host) bool {
	var to wire.Addr
	for i := range other.Ifaces {
		if to = other.Ifaces[i].Addr; !to.IsZero() {
			break
		}
	}
	if to.IsZero() {
		return false
	}
	for i := range h.Ifaces {
		if f := &h.Ifaces[i]; !f.Addr.IsZero() && f.Addr.InPrefix(to, f.Prefix) {
			return true
		}
	}
	for i := range h.Routes {
		if r := &h.Routes[i]; r.Dst.Is4() && r.Dst.InPrefix(to, r.Prefix) {
			return true
		}
	}
	return false
}

// pinged says whether somebody has typed a ping by now.
func (m *Model) pinged() bool {
	for i := range m.Lab.Position().Inputs {
		if typed, ok := m.Lab.Journal[i].Input.(lab.Exec); ok && strings.HasPrefix(typed.Line, "ping ") {
			return true
		}
	}
	return false
}
