package lab

import (
	"strings"

	"wirelab/stack/wire"
)

// Named returns the addresses that a host has now, by its name; link-local ones are of no use without an interface.
func (l *Lab) Named(name string) (addrs []wire.Addr) {
	for id := range l.Present {
		h := l.Host(id)
		if h == nil || !strings.EqualFold(h.Name, name) {
			continue
		}
		for i := range h.Ifaces {
			f := &h.Ifaces[i]
			if !f.Addr.IsZero() {
				addrs = append(addrs, f.Addr)
			}
			for k := range f.Addrs {
				if a := f.Addrs[k].Addr; !a.IsLinkLocal() {
					addrs = append(addrs, a)
				}
			}
		}
		return addrs
	}
	return nil
}
