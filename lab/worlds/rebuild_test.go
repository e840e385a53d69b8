package worlds

import (
	"fmt"
	"slices"

	"wirelab/lab"
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
func (l *life) rebuild(hosts, links []uint32) (e lab.Entry, ok bool) {
	nodes := slices.Collect(l.lab.Present)
	n := l.Int64N(100)
	if len(hosts) == 0 {
		n = 0
	}
	switch {
	case n < 20:
		e = lab.Entry{Kind: lab.EntryAddNode, Name: fmt.Sprint("new", l.Int64N(1<<40)), Text: "somebody", X: int32(l.IntN(500))}
		if len(hosts) > 0 && l.one(30) {
			e.Dir = lab.KindSwitch
		}
		return e, true
	case n < 55 && len(nodes) > 1:
		a, b := pick(l.draw, hosts...), pick(l.draw, nodes...)
		for a == b {
			b = pick(l.draw, nodes...)
		}
		e = lab.Entry{Kind: lab.EntryAddLink, Params: l.anyLink(), Back: l.anyLink(), Plugs: [2]lab.LinkEnd{l.plug(a), l.plug(b)}}
		return e, true
	case n < 70 && len(links) > 0:
		return lab.Entry{Kind: lab.EntryRemoveLink, Link: pick(l.draw, links...)}, true
	case n < 78 && len(hosts) > 2:
		return lab.Entry{Kind: lab.EntryRemoveNode, Node: pick(l.draw, nodes...)}, true
	case n < 85:
		return lab.Entry{Kind: lab.EntryRename, Node: pick(l.draw, nodes...), Name: fmt.Sprint("renamed", l.Int64N(1<<40))}, true
	}
	e = lab.Entry{Kind: lab.EntryAddress, Node: pick(l.draw, hosts...)}
	if ports := len(l.lab.Host(e.Node).Ifaces); ports > 0 {
		e.Link = uint32(l.IntN(ports))
		e.Plugs[0] = l.plug(e.Node)
		return e, true
	}
	return e, false
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
