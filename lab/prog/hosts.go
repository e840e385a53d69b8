package prog

import (
	"slices"

	"wirelab/stack/wire"
)

// Hosts stands for a file /etc/hosts that is the same at all hosts of a lab, and always true: whoever builds a lab calls a host
// by the name on its card, and needs no name server for that. It is looked into only where there is none: who has one sees
// questions and answers on the wire.
type Hosts interface {
	// Named returns the addresses of a host, of its first interface first.
	Named(name string) []wire.Addr
}

// named returns the addresses of a family that a name of the lab stands for: those first that need no router.
func (s *Sys) named(name string, family uint8) []wire.Addr {
	if s.Hosts == nil {
		return nil
	}
	addrs := slices.DeleteFunc(s.Hosts.Named(name), func(a wire.Addr) bool { return a.Is4() && family == 6 || !a.Is4() && (family == 4 || !s.IP.IPv6) })
	far := func(a wire.Addr) int {
		if r, _, err := s.RouteTo(a); err != 0 || !r.Via.IsZero() {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(addrs, func(a, b wire.Addr) int { return far(a) - far(b) })
	return s.ranked(addrs)
}
