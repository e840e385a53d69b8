package lab

import (
	"wirelab/lab/link"
	"wirelab/stack/problem"
	"wirelab/stack/wire"
)

// Kinds of nodes.
const (
	KindHost uint8 = iota
	KindSwitch
	KindRouter // a host that forwards packets from the start
)

const ethernetMTU = 1500 // bytes of an IP packet, where a link says nothing

// Limits on what a scenario may hold, so that no file can ask for more memory or time than there is.
const (
	maxNodes        = 4096
	maxLinks        = 8192
	maxNodeRoutes   = 1000
	maxSettings     = 20_000     // sysctls and routes of all nodes
	maxStartup      = 5000       // command lines of all nodes
	maxStartupBytes = 128 << 10  // of them
	maxPlace        = 10_000_000 // stage units
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

// IsHost reports whether a node has a TCP/IP stack.
func (n *Node) IsHost() bool { return n.Kind != KindSwitch }

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
	if len(s.Nodes) > maxNodes || len(s.Links) > maxLinks {
		return problem.New("a lab has at most %d nodes and %d links; this one has %d and %d", maxNodes, maxLinks, len(s.Nodes), len(s.Links))
	}
	if err := s.checkNodes(); err != nil {
		return err
	}
	for i := range s.Links {
		for _, e := range s.Links[i].Ends {
			if int(e.Node) >= len(s.Nodes) {
				return problem.New("link %d leads to node %d, but there are only %d", i, e.Node, len(s.Nodes))
			}
			if err := e.check(&s.Nodes[e.Node]); err != nil {
				return problem.New("link %d: %w", i, err)
			}
		}
		for d := range s.Links[i].Params {
			if err := checkParams(&s.Links[i].Params[d]); err != nil {
				return problem.New("link %d: %w", i, err)
			}
		}
	}
	return nil
}

func (s *Scenario) checkNodes() error {
	names, settings, lines, bytes := map[string]bool{}, 0, 0, 0
	for i := range s.Nodes {
		n := &s.Nodes[i]
		if names[n.Name] {
			return problem.New("node %d needs a name that no other node has, not %q", i, n.Name)
		}
		names[n.Name] = true
		if err := n.check(); err != nil {
			return problem.New("node %d: %w", i, err)
		}
		settings, lines = settings+len(n.Sysctls)+len(n.Routes), lines+len(n.Startup)
		for _, line := range n.Startup {
			bytes += len(line)
		}
	}
	switch {
	case settings > maxSettings:
		return problem.New("the nodes of a lab have at most %d settings and routes, these have %d", maxSettings, settings)
	case lines > maxStartup || bytes > maxStartupBytes:
		return problem.New("the nodes of a lab begin with at most %d commands of %d bytes, these with %d of %d", maxStartup, maxStartupBytes, lines, bytes)
	}
	return nil
}

// check says what is wrong with a node, or nil.
func (n *Node) check() error {
	if n.Kind > KindRouter {
		return problem.New("it is of kind %d, which this version does not know", n.Kind)
	}
	if err := checkNodeName(n.Name, n.Label); err != nil {
		return err
	}
	if len(n.Routes) > maxNodeRoutes {
		return problem.New("a node has at most %d routes, this one has %d", maxNodeRoutes, len(n.Routes))
	}
	for _, line := range n.Startup {
		if err := checkLine(line); err != nil {
			return err
		}
	}
	for _, set := range n.Sysctls {
		if err := checkLine(set.Name + set.Value); err != nil {
			return err
		}
	}
	return nil
}

// onStage returns the place on the stage that is nearest to one.
func onStage(x, y int32) (int32, int32) {
	return min(max(x, -maxPlace), maxPlace), min(max(y, -maxPlace), maxPlace)
}

// checkPlace says why nothing can stand at a place on the stage, or nil.
func checkPlace(x, y int32) error {
	if nx, ny := onStage(x, y); nx != x || ny != y {
		return problem.New("a place on the stage lies within %d of its middle, not at %d %d", maxPlace, x, y)
	}
	return nil
}

// check says what is wrong with an end at node n, or nil.
func (e *LinkEnd) check(n *Node) error {
	if n.IsHost() && (!e.Addr.Is4() || e.Prefix > 32) && (e.Addr != wire.Addr{} || e.Prefix != 0) {
		return problem.New("%s needs an IPv4 address and a prefix of at most 32 bits there, or neither if it gets one by DHCP", n.Name)
	}
	if err := e.check6(); err != nil {
		return problem.New("at %s %w", n.Name, err)
	}
	return nil
}

// check6 says what is wrong with the IPv6 address of an end, or nil.
func (e *LinkEnd) check6() error {
	switch {
	case e.Addr6 == wire.Addr{}:
		if e.Prefix6 != 0 || e.Advertise {
			return problem.New("there is an IPv6 prefix, and no address in it")
		}
	case e.Addr6.Is4() || e.Addr6.IsMulticast() || e.Addr6.IsLoopback() || e.Prefix6 == 0 || e.Prefix6 > 128:
		return problem.New("%v/%d is no IPv6 address of a host with its prefix", e.Addr6, e.Prefix6)
	case e.Advertise && e.Prefix6 != 64:
		return problem.New("a prefix that is advertised has 64 bits, not %d", e.Prefix6)
	}
	return nil
}
