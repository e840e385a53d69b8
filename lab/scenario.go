package lab

import (
	"errors"
	"fmt"

	"wirelab/lab/link"
	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// Kinds of nodes.
const (
	KindHost uint8 = iota
	KindSwitch
)

const ethernetMTU = 1500 // bytes of an IP packet, where a link says nothing

// Limits on what a scenario may hold, so that no file can ask for more memory
// than there is.
const (
	MaxNodes = 4096
	MaxLinks = 8192
)

// Scenario is a lab before anything has happened in it.
type Scenario struct {
	Seed     uint64
	Nodes    []Node
	Links    []Link
	KnowsMAC bool // hosts on one link or switch know each other's MAC from the start
}

// Node is a host or a switch. X and Y, in stage units, are for the eye only.
type Node struct {
	Name, Label string
	Kind        uint8
	X, Y        int32
	Sysctls     []Setting
	Routes      []RouteSpec
	Startup     []string // command lines, run in order at time zero
}

// Setting is a sysctl and its value.
type Setting struct{ Name, Value string }

// RouteSpec is a static route. Via is a neighbour; a Dst that is no address is
// that of the default route.
type RouteSpec struct {
	Dst    wire.Addr
	Prefix uint8
	Via    wire.Addr
}

// Link connects two nodes. Addr is zero at a switch, and at a host that gets its address later.
type Link struct {
	Ends   [2]LinkEnd
	Params [2]link.Params // from the first end, from the second
}

// LinkEnd is where a link meets a node: each link takes the node's next port.
type LinkEnd struct {
	Node   uint32
	Addr   wire.Addr
	Prefix uint8

	Addr6     wire.Addr // an IPv6 address besides; zero: none but what it makes up for itself, if IPv6 is on
	Prefix6   uint8
	Advertise bool // the host advertises that prefix, of 64 bits, to the others on the link, and itself as their router
}

func (s *Scenario) check() error {
	if len(s.Nodes) > MaxNodes || len(s.Links) > MaxLinks {
		return fmt.Errorf("a lab has at most %d nodes and %d links; this one has %d and %d", MaxNodes, MaxLinks, len(s.Nodes), len(s.Links))
	}
	names := map[string]bool{}
	for i, n := range s.Nodes {
		if n.Name == "" || names[n.Name] {
			return fmt.Errorf("node %d needs a name that no other node has, not %q", i, n.Name)
		}
		if n.Kind > KindSwitch {
			return fmt.Errorf("node %s is of kind %d, which this version does not know", n.Name, n.Kind)
		}
		names[n.Name] = true
	}
	for i := range s.Links {
		for _, e := range s.Links[i].Ends {
			if int(e.Node) >= len(s.Nodes) {
				return fmt.Errorf("link %d leads to node %d, but there are only %d", i, e.Node, len(s.Nodes))
			}
			if host := s.Nodes[e.Node].Kind == KindHost; host && (!e.Addr.Is4() || e.Prefix > 32) && (e.Addr != wire.Addr{} || e.Prefix != 0) {
				return fmt.Errorf("link %d needs an IPv4 address and a prefix of at most 32 bits at %s, or neither if it gets one by DHCP", i, s.Nodes[e.Node].Name)
			}
			if err := e.check6(); err != nil {
				return fmt.Errorf("link %d at %s: %w", i, s.Nodes[e.Node].Name, err)
			}
		}
		for d := range s.Links[i].Params {
			if err := checkParams(&s.Links[i].Params[d]); err != nil {
				return fmt.Errorf("link %d: %w", i, err)
			}
		}
	}
	return nil
}

// check6 says what is wrong with the IPv6 address of an end, or nil.
func (e *LinkEnd) check6() error {
	switch {
	case e.Addr6 == wire.Addr{}:
		if e.Prefix6 != 0 || e.Advertise {
			return errors.New("there is an IPv6 prefix, and no address in it")
		}
	case e.Addr6.Is4() || e.Addr6.IsMulticast() || e.Addr6.IsLoopback() || e.Prefix6 == 0 || e.Prefix6 > 128:
		return fmt.Errorf("%v/%d is no IPv6 address of a host with its prefix", e.Addr6, e.Prefix6)
	case e.Advertise && e.Prefix6 != 64:
		return fmt.Errorf("a prefix that is advertised has 64 bits, not %d", e.Prefix6)
	}
	return nil
}

// build makes the nodes and links of the scenario, or says what is wrong with it.
func (l *Lab) build() error {
	l.nodes = make([]node, len(l.Scenario.Nodes))
	l.Switches = make([]link.Switch, len(l.nodes))
	l.Links = make([]link.Link, len(l.Scenario.Links))
	for i, spec := range l.Scenario.Nodes {
		l.nodes[i].machine.WakeAt = timer.Never
		if spec.Kind == KindHost {
			l.nodes[i].host = stack.New(uint32(i), spec.Name, l.Seed, l.pool, l, &l.Log)
		} else {
			l.nodes[i].places = new(link.Places)
		}
	}
	for i, spec := range l.Scenario.Links {
		k := &l.Links[i]
		k.ID = uint32(i)
		for side, e := range spec.Ends {
			n := &l.nodes[e.Node]
			k.Ends[side] = link.End{Node: e.Node, Port: uint32(len(n.ports))}
			k.Dir[side].Params = spec.Params[side]
			if n.host != nil {
				n.host.AddIface(fmt.Sprintf("eth%d", len(n.ports)), e.Addr, e.Prefix)
				n.setMTU(uint32(len(n.ports)), spec.Params[side].MTU)
			} else {
				l.Switches[e.Node].Ports++
			}
			n.ports = append(n.ports, port{uint32(i), uint8(side)})
		}
	}
	for i := range l.Scenario.Nodes {
		if err := l.configure(uint32(i), &l.Scenario.Nodes[i]); err != nil {
			return err
		}
	}
	if l.Scenario.KnowsMAC {
		l.introduce()
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

// configure gives a host its sysctls and routes.
func (l *Lab) configure(id uint32, spec *Node) error {
	n := &l.nodes[id]
	if n.host == nil {
		if len(spec.Routes)+len(spec.Sysctls)+len(spec.Startup) > 0 {
			return fmt.Errorf("node %s is a switch: it has no routes, no settings and no programs", spec.Name)
		}
		return nil
	}
	for _, set := range spec.Sysctls {
		if err := n.host.SetSysctl(set.Name, set.Value); err != nil {
			return fmt.Errorf("node %s: %w", spec.Name, err)
		}
	}
	l.configure6(id)
	for _, r := range spec.Routes {
		switch n.host.AddRoute(r.Dst, r.Prefix, r.Via) {
		case 0:
		case tcp.ENETUNREACH:
			return fmt.Errorf("node %s has a route by way of %v, which is on none of its links", spec.Name, r.Via)
		default:
			return fmt.Errorf("node %s has a route to %v/%d: that is no network, or not that of the router's address", spec.Name, r.Dst, r.Prefix)
		}
	}
	return nil
}

// configure6 gives a host its IPv6 addresses.
func (l *Lab) configure6(id uint32) {
	h := l.nodes[id].host
	if l.Scenario.KnowsMAC { // then nobody wants to see them looking for duplicates either
		h.IP.DADTransmits = 0
	}
	for i, p := range l.nodes[id].ports {
		e := &l.Scenario.Links[p.link].Ends[p.dir]
		if e.Addr6 == (wire.Addr{}) {
			continue
		}
		h.AddAddr6(uint32(i), e.Addr6, e.Prefix6)
		if e.Advertise {
			h.Advertise(uint32(i), stack.DefaultRouterConf(e.Addr6.Masked(64)))
		}
	}
}

// setMTU gives an interface the MTU of its link.
func (n *node) setMTU(port, mtu uint32) {
	if mtu == 0 {
		mtu = ethernetMTU
	}
	n.host.SetMTU(int(port), mtu)
}

// introduce tells all hosts of one network each other's MAC address.
func (l *Lab) introduce() {
	for i := range l.nodes {
		for j := range l.nodes {
			if a, b := l.nodes[i].host, l.nodes[j].host; i != j && a != nil && b != nil {
				a.Introduce(b)
			}
		}
	}
}
