package worlds

import (
	"fmt"
	"slices"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// present returns the hosts that are there now.
func (l *life) present() (hosts []uint32) {
	for id := range l.lab.Present {
		if l.lab.Host(id) != nil {
			hosts = append(hosts, id)
		}
	}
	return hosts
}

// rebuild draws a change of the network: nodes and links come and go. Two switches are never connected, or frames
// would go round for ever.
func (l *life) rebuild(hosts, links []uint32) (in lab.Input, ok bool) {
	nodes := slices.Collect(l.lab.Present)
	n := l.Int64N(100)
	if len(hosts) == 0 {
		n = 0
	}
	switch {
	case n < 20:
		add := lab.AddNode{Name: fmt.Sprint("new", l.Int64N(1<<40)), Label: "somebody", X: int32(l.IntN(500))}
		if len(hosts) > 0 && l.one(30) {
			add.Kind = lab.KindSwitch
		}
		return add, true
	case n < 55 && len(nodes) > 1:
		a, b := pick(l.draw, hosts...), pick(l.draw, nodes...)
		for a == b {
			b = pick(l.draw, nodes...)
		}
		params := [2]link.Params{l.anyLink(), l.anyLink()}
		return lab.AddLink{Params: params, Ends: [2]lab.LinkEnd{l.plug(a), l.plug(b)}}, true
	case n < 70 && len(links) > 0:
		return lab.RemoveLink{Link: pick(l.draw, links...)}, true
	case n < 78 && len(hosts) > 2:
		return lab.RemoveNode{Node: pick(l.draw, nodes...)}, true
	case n < 85:
		return lab.Rename{Node: pick(l.draw, nodes...), Name: fmt.Sprint("renamed", l.Int64N(1<<40))}, true
	}
	set := lab.SetAddress{Node: pick(l.draw, hosts...)}
	ports := len(l.lab.Host(set.Node).Ifaces)
	if ports > 0 {
		set.Iface = uint32(l.IntN(ports))
		set.End = l.plug(set.Node)
	}
	return set, ports > 0
}

// plug draws the addresses of an end of a link.
func (l *life) plug(node uint32) (e lab.LinkEnd) {
	e.Node = node
	if l.lab.Host(node) == nil || l.one(40) {
		return e
	}
	e.Addr, e.Prefix = addr(l.IntN(4), l.IntN(20)), 24
	if l.one(20) {
		e.Addr6, _ = wire.ParseAddr(fmt.Sprintf("2001:db8:%d::%d", l.IntN(4), 1+l.IntN(20)))
		e.Prefix6, e.Advertise = 64, l.one(30)
	}
	return e
}
