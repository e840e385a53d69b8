package lab

import (
	"fmt"
	"slices"

	"wirelab/lab/link"
	"wirelab/lab/plain"
	"wirelab/stack"
	"wirelab/stack/problem"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// build makes the nodes and links of the scenario, or says what is wrong with it.
func (l *Lab) build() error {
	l.plan = planOf(&l.Scenario, l.Journal)
	for i := range l.Scenario.Nodes {
		l.addNode(l.Scenario.Nodes[i].Name, l.Scenario.Nodes[i].Kind)
	}
	for i := range l.Scenario.Links {
		l.addLink(&l.Scenario.Links[i])
	}
	for i := range l.Scenario.Nodes {
		if err := l.configure(uint32(i), &l.Scenario.Nodes[i]); err != nil {
			return err
		}
	}
	if l.Scenario.KnowsMAC {
		if err := l.introduce(); err != nil {
			return err
		}
	}
	for i, spec := range l.Scenario.Nodes {
		for _, line := range spec.Startup {
			l.onHost(uint32(i), func(n *node) { n.machine.Exec(&l.sys, line) })
		}
		if l.nodes[i].host != nil && len(spec.Startup) == 0 {
			l.onHost(uint32(i), func(*node) {}) // settings may have started a timer
		}
	}
	return nil
}

// addNode appends a node without links.
func (l *Lab) addNode(name string, kind uint8) {
	id := uint32(len(l.nodes))
	l.nodes = append(l.nodes, newNode())
	l.Switches = append(l.Switches, link.Switch{})
	if kind == KindSwitch {
		l.Switches[id].Name = name
		return
	}
	h := l.newHost(id, name)
	h.Forward = kind == KindRouter
	l.nodes[id].host = h
}

// newHost returns a host of which programs see what it sends to itself.
func (l *Lab) newHost(id uint32, name string) *stack.Host {
	h := stack.New(id, name, l.Seed, l.pool, l, &l.Log)
	h.OnLo = func(frame []byte) {
		if n := &l.nodes[id]; n.machine.Taps > 0 {
			l.tapped(n, -1, false, frame)
		}
	}
	return h
}

func newNode() (n node) {
	n.machine.WakeAt = timer.Never
	return n
}

// addLink appends a link and plugs it in. An end takes its node's next port; but one that brings no address goes into
// a port whose link was taken out, if there is one, and finds the address that it had; so does one that brings just that address.
func (l *Lab) addLink(spec *Link) {
	i := uint32(len(l.Links))
	l.Links = append(l.Links, link.Link{ID: i})
	k := &l.Links[i]
	for side := range spec.Ends {
		e, n := &spec.Ends[side], &l.nodes[spec.Ends[side].Node]
		p := l.freePort(e)
		if int(p) == len(n.ports) {
			n.ports = append(n.ports, port{})
			if n.host != nil {
				n.host.AddIface(fmt.Sprintf("eth%d", p), e.Addr, e.Prefix)
			} else {
				l.Switches[e.Node].Ports++
			}
		}
		n.ports[p] = port{i, uint8(side)}
		k.Ends[side] = link.End{Node: e.Node, Port: p}
		k.Dir[side].Params = spec.Params[side]
		if n.host != nil {
			n.setMTU(p, spec.Params[side].MTU)
		}
	}
}

// freePort returns the port that an end goes into.
func (l *Lab) freePort(e *LinkEnd) uint32 {
	n := &l.nodes[e.Node]
	ports := n.ports
	for p := range ports {
		if !l.Cut(ports[p].link) {
			continue
		}
		if e.Addr == (wire.Addr{}) && e.Addr6 == (wire.Addr{}) || n.host != nil && e.Addr6 == (wire.Addr{}) && n.host.Ifaces[p].Addr == e.Addr {
			return uint32(p)
		}
	}
	return uint32(len(ports))
}

// configure gives a host its sysctls, addresses of IPv6 and routes.
func (l *Lab) configure(id uint32, spec *Node) error {
	n := &l.nodes[id]
	if n.host == nil {
		if len(spec.Routes)+len(spec.Sysctls)+len(spec.Startup) > 0 {
			return problem.New("node %s is a switch: it has no routes, no settings and no programs", spec.Name)
		}
		return nil
	}
	for _, set := range spec.Sysctls {
		if err := n.host.SetSysctl(set.Name, set.Value); err != nil {
			return problem.New("node %s: %w", spec.Name, err)
		}
	}
	for i, p := range n.ports {
		l.configure6(id, uint32(i), &l.Scenario.Links[p.link].Ends[p.dir])
	}
	for _, r := range spec.Routes {
		switch n.host.AddRoute(r.Dst, r.Prefix, r.Via) {
		case 0:
		case tcp.ENETUNREACH:
			return problem.New("node %s has a route by way of %v, which is on none of its links", spec.Name, r.Via)
		default:
			return problem.New("node %s has a route to %v/%d: that is no network, or not that of the router's address", spec.Name, r.Dst, r.Prefix)
		}
	}
	return nil
}

// configure6 gives an interface the IPv6 address of its end.
func (l *Lab) configure6(id, iface uint32, e *LinkEnd) {
	h := l.nodes[id].host
	if l.Scenario.KnowsMAC { // then nobody wants to see it looking for duplicates either
		h.IP.DADTransmits = 0
	}
	if e.Addr6 == (wire.Addr{}) {
		return
	}
	h.AddAddr6(iface, e.Addr6, e.Prefix6)
	if e.Advertise {
		h.Advertise(iface, stack.DefaultRouterConf(e.Addr6.Masked(64)))
	}
}

// setMTU gives an interface the MTU of its link.
func (n *node) setMTU(port, mtu uint32) {
	if mtu == 0 {
		mtu = ethernetMTU
	}
	n.host.SetMTU(int(port), mtu)
}

// Wire returns the way from an interface of a host, nil if nothing is plugged in.
func (l *Lab) Wire(host, iface uint32) *link.Direction {
	if ports := l.nodes[host].ports; int(iface) < len(ports) && !l.Cut(ports[iface].link) {
		return &l.Links[ports[iface].link].Dir[ports[iface].dir]
	}
	return nil
}

// SetWire gives the way from an interface of a host other parameters: a program of that host wants it so.
func (l *Lab) SetWire(host, iface uint32, p link.Params) error {
	if err := checkParams(&p); err != nil {
		return err
	}
	at := l.nodes[host].ports[iface]
	d := l.Wire(host, iface)
	d.Set(l.wires(), at.link, at.dir, p)
	l.Queue.Set(wayID(at.link, at.dir), d.Next())
	return nil
}

// setAddresses gives an interface the addresses of e instead of those it has. Routes by way of a neighbour that is still one stay.
func (n *node) setAddresses(iface uint32, e *LinkEnd) {
	if int(iface) >= len(n.host.Ifaces) {
		return
	}
	f := &n.host.Ifaces[iface]
	var ways []stack.Route
	for _, r := range n.host.Routes {
		if r.Iface == iface && !r.Via.IsZero() {
			ways = append(ways, r)
		}
	}
	n.host.RemoveAddr(iface, f.Addr)
	for i := len(f.Addrs) - 1; i >= 0; i-- {
		if a := &f.Addrs[i]; !a.Auto && !a.Addr.IsLinkLocal() {
			n.host.RemoveAddr(iface, a.Addr)
		}
	}
	if !e.Addr.IsZero() {
		n.host.SetAddr4(iface, e.Addr, e.Prefix)
	}
	if !e.Addr6.IsZero() {
		n.host.AddAddr6(iface, e.Addr6, e.Prefix6)
	}
	for _, r := range ways {
		if !slices.ContainsFunc(n.host.Routes, func(o stack.Route) bool { return o.Dst == r.Dst && o.Prefix == r.Prefix && o.Via == r.Via }) {
			n.host.AddRoute(r.Dst, r.Prefix, r.Via) // or it leads nowhere now
		}
	}
}

// release gives back the blocks that a node holds.
func (l *Lab) release(n *node) {
	if n.host != nil {
		plain.Release(l.pool, &n.host.State)
		plain.Release(l.pool, &n.machine)
	}
}

// reshape gives the lab as many nodes and ports as a checkpoint of another time has.
func (l *Lab) reshape(hosts []*keptHost) {
	if !l.plan.changes && !l.rebuilt {
		return
	}
	for len(l.nodes) > len(hosts) {
		last := len(l.nodes) - 1
		l.release(&l.nodes[last])
		l.nodes = l.nodes[:last]
	}
	for len(l.nodes) < len(hosts) {
		l.nodes = append(l.nodes, newNode())
	}
	for i := range l.nodes {
		l.nodes[i].ports = l.nodes[i].ports[:0]
	}
	for i := range l.Links {
		for side, end := range l.Links[i].Ends {
			n := &l.nodes[end.Node]
			for int(end.Port) >= len(n.ports) {
				n.ports = append(n.ports, port{})
			}
			n.ports[end.Port] = port{uint32(i), uint8(side)}
		}
	}
}

// Ids in the queue: the ways of links are even, nodes are odd, so that both can grow.
func wayID(link uint32, dir uint8) uint32 { return 4*link + 2*uint32(dir) }

func nodeID(node uint32) uint32 { return 2*node + 1 }
