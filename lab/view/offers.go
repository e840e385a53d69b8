package view

import (
	"strconv"
	"strings"

	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/stack/timer"
)

// What verbs may offer, and what their questions begin with.

// OnItsWay reports whether a packet waits, flies or is held now: only then can it be operated on.
func (m *Model) OnItsWay(i uint64) bool {
	c := m.Lab.Trace.At(i)
	if int(c.Link) >= len(m.Lab.Links) {
		return false
	}
	_, ok := m.Lab.LinkAt(int(c.Link)).Dir[c.Dir].Find(i)
	return ok
}

// Held reports whether a packet is held.
func (m *Model) Held(i uint64) bool { return m.holdOf(i) != nil }

// holdOf returns how a packet is held now, or nil.
func (m *Model) holdOf(i uint64) *link.Held {
	c := m.Lab.Trace.At(i)
	if int(c.Link) >= len(m.Lab.Links) {
		return nil
	}
	return m.Lab.LinkAt(int(c.Link)).Dir[c.Dir].HoldOf(i)
}

// Arrives reports whether it is known when a packet arrives.
func (m *Model) Arrives(i uint64) bool {
	c := m.Lab.Trace.At(i)
	return c.Fate == link.Delivered && c.Arrive != timer.Never
}

// EditWords is a field of a packet that is often edited.
func (m *Model) EditWords(i uint64) string {
	if m.Lab.Trace.At(i).Proto == trace.TCP {
		return "tcp.flags.reset 1"
	}
	return "ip.ttl 1"
}

// PingWords is a line that reaches some other host.
func (m *Model) PingWords(node uint32) string {
	for id := range m.Lab.Present {
		if h := m.Lab.Host(id); h != nil && id != node && addressOf(h) != "" {
			return "ping -c 1 " + addressOf(h)
		}
	}
	return "ip addr"
}

// AnotherNode is the name of a node that may be connected: one without a link, else any other.
func (m *Model) AnotherNode(node uint32) string {
	best := ""
	for id := range m.Lab.Present {
		if id == node {
			continue
		}
		if best == "" {
			best = m.NodeName(id)
		}
		lonely := true
		for i := range m.Lab.PresentLinks {
			ends := m.Lab.EndsOf(i)
			lonely = lonely && ends[0] != id && ends[1] != id
		}
		if lonely {
			return m.NodeName(id)
		}
	}
	return best
}

// AddressWords are the first interface of a host and its address.
func (m *Model) AddressWords(node uint32) string {
	h := m.Lab.Host(node)
	f := &h.Ifaces[0]
	words := []string{f.Name}
	if !f.Addr.IsZero() {
		words = append(words, f.Addr.String()+"/"+strconv.Itoa(int(f.Prefix)))
	} else {
		words = append(words, "10.0.0.1/24")
	}
	return strings.Join(words, " ")
}

// LinkSetting is the value of a setting of a link, of the direction from its first end.
func (m *Model) LinkSetting(i uint32, name string) string {
	s, err := link.FindSetting(name)
	if err != nil {
		return ""
	}
	return s.Get(&m.Lab.LinkAt(int(i)).Dir[0].Params)
}
