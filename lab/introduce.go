package lab

import (
	"bytes"
	"slices"
	"sort"

	"wirelab/stack"
	"wirelab/stack/problem"
	"wirelab/stack/wire"
)

// maxKnown bounds how many addresses hosts know of each other from the start, all together. Each takes memory, and a file of a kilobyte
// can put thousands of hosts into one network.
const maxKnown = 1 << 17

// ownAddr is an address of an interface of a node.
type ownAddr struct {
	addr wire.Addr
	node uint32
}

// introduce tells all hosts of one network each other's MAC address.
func (l *Lab) introduce() error {
	owners := l.owners()
	known := 0
	peers := make([][]uint32, len(l.nodes))
	for i := range l.nodes {
		h := l.nodes[i].host
		if h == nil {
			continue
		}
		eachNetwork(h, func(a wire.Addr, prefix uint8) {
			for _, o := range ownersIn(owners, a, prefix) {
				if known++; known > maxKnown {
					return
				}
				if o.node != uint32(i) {
					peers[i] = append(peers[i], o.node)
				}
			}
		})
		if known > maxKnown {
			return problem.New("hosts that know each other's MAC addresses from the start must be fewer: they would have to know more than %d addresses", maxKnown)
		}
	}
	for i, found := range peers {
		slices.Sort(found)
		for _, j := range slices.Compact(found) {
			l.nodes[i].host.Introduce(l.nodes[j].host)
		}
	}
	return nil
}

// owners returns the addresses of all hosts, sorted.
func (l *Lab) owners() (all []ownAddr) {
	for i := range l.nodes {
		if h := l.nodes[i].host; h != nil {
			eachNetwork(h, func(a wire.Addr, _ uint8) { all = append(all, ownAddr{a, uint32(i)}) })
		}
	}
	slices.SortFunc(all, func(a, b ownAddr) int { return bytes.Compare(a.addr[:], b.addr[:]) })
	return all
}

// eachNetwork calls do with the addresses of a host and their prefixes, without those that are valid on one link alone.
func eachNetwork(h *stack.Host, do func(a wire.Addr, prefix uint8)) {
	for i := range h.Ifaces {
		f := &h.Ifaces[i]
		if f.Addr.Is4() && !f.Addr.IsZero() {
			do(f.Addr, f.Prefix)
		}
		for k := range f.Addrs {
			if a := &f.Addrs[k]; !a.Addr.IsLinkLocal() {
				do(a.Addr, a.Prefix)
			}
		}
	}
}

// ownersIn returns those addresses that are in the network of a.
func ownersIn(sorted []ownAddr, a wire.Addr, prefix uint8) []ownAddr {
	bits := prefix
	if a.Is4() {
		bits += 96 // an IPv4 address is mapped
	}
	first := a.Masked(min(bits, 128))
	from := sort.Search(len(sorted), func(i int) bool { return bytes.Compare(sorted[i].addr[:], first[:]) >= 0 })
	n := sort.Search(len(sorted)-from, func(i int) bool { return !sorted[from+i].addr.InPrefix(a, prefix) })
	return sorted[from : from+n]
}
