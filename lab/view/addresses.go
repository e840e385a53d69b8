package view

import (
	"wirelab/stack/wire"
)

// Which addresses the ends of a new link get, so that whoever draws one can ping at once.

// NewAddresses are the addresses that the ends of a link between a and b bring, "-" for none. Hosts join the network
// behind a switch, if there is one with addresses already; else the link is a network of its own.
func (m *Model) NewAddresses(a, b uint32) []string {
	var members []wire.Addr
	for _, id := range [2]uint32{a, b} {
		if m.Lab.Host(id) == nil {
			members = append(members, m.members(id)...)
		}
	}
	net := m.freeNetwork()
	if len(members) > 0 {
		net = members[0].As4() &^ 0xff
	}
	words := []string{"-", "-"}
	for side, id := range [2]uint32{a, b} {
		if m.Lab.Host(id) == nil || m.unplugged(id) {
			continue
		}
		next := net + 1
		for taken := true; taken; {
			taken = false
			for _, other := range members {
				taken = taken || other.As4() == next
			}
			if taken {
				next++
			}
		}
		own := wire.From4(next)
		members = append(members, own)
		words[side] = own.String() + "/24"
	}
	return words
}

// unplugged reports whether a host has a port whose link was taken out: the next link goes in there.
func (m *Model) unplugged(id uint32) bool {
	used := 0
	for i := range m.Lab.PresentLinks {
		ends := m.Lab.EndsOf(i)
		if ends[0] == id || ends[1] == id {
			used++
		}
	}
	return len(m.Lab.Host(id).Ifaces) > used
}

// members returns the IPv4 addresses of the network that a switch belongs to.
func (m *Model) members(from uint32) (found []wire.Addr) {
	seen := map[uint32]bool{from: true}
	for reach := []uint32{from}; len(reach) > 0; reach = reach[1:] {
		for i := range m.Lab.PresentLinks {
			k := m.Lab.LinkAt(int(i))
			for side, end := range k.Ends {
				if end.Node != reach[0] {
					continue
				}
				other := k.Ends[1-side]
				if h := m.Lab.Host(other.Node); h != nil {
					if a := h.Ifaces[other.Port].Addr; !a.IsZero() {
						found = append(found, a)
					}
				} else if !seen[other.Node] {
					seen[other.Node] = true
					reach = append(reach, other.Node)
				}
			}
		}
	}
	return found
}

// freeNetwork returns the first of 10.0.0.0/24, 10.0.1.0/24 … of which no host has an address.
func (m *Model) freeNetwork() uint32 {
	taken := map[uint32]bool{}
	for id := range m.Lab.Present {
		if h := m.Lab.Host(id); h != nil {
			for i := range h.Ifaces {
				taken[h.Ifaces[i].Addr.As4()>>8] = true
			}
		}
	}
	net := uint32(10<<24) >> 8
	for taken[net] {
		net++
	}
	return net << 8
}
