package worlds

import (
	"fmt"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// plan is a scenario in the making: networks in a tree, which routers join.
type plan struct {
	draw
	lab.Scenario
	nets    []network
	parent  []int    // network by which one reaches the first; that of the first is itself
	gate    []uint32 // the router between a network and its parent
	routers []router
	hosts   []uint32 // all nodes but switches
	mild    bool     // links that mostly do what links are for
}

// network is what shares a prefix: one link between two, or a switch, or two of them.
type network struct {
	switches []uint32
	members  []uint32
	open     int // index plus one of a link that has one end so far
}

type router struct {
	node uint32
	up   int // the network of its that is nearer to the first
	nat  bool
}

// drawScenario returns hosts, switches, routers and translators of addresses in some order, with links of all kinds.
func (d draw) drawScenario(seed uint64) (s lab.Scenario, hosts []uint32) {
	p := &plan{draw: d, Scenario: lab.Scenario{Seed: seed, KnowsMAC: d.one(50)}, mild: d.one(60)}
	nets := pick(d, 1, 1, 1, 2, 2, 3, 4)
	for i := range nets {
		room := p.withRoom()
		if i > 0 && len(room) == 0 {
			break
		}
		p.nets, p.parent, p.gate = append(p.nets, network{}), append(p.parent, 0), append(p.gate, 0)
		p.furnish(i)
		if i > 0 {
			p.parent[i] = pick(d, room...)
			p.join(i)
		}
		p.populate(i)
	}
	if d.one(20) {
		p.second()
	}
	for i := range p.nets { // nobody may be left over at a link with one end
		for p.nets[i].open > 0 {
			p.plug(p.node("h", lab.KindHost), i)
		}
	}
	for i := range p.nets {
		p.route(i)
	}
	p.forward()
	p.settings()
	return p.Scenario, p.hosts
}

func (p *plan) node(prefix string, kind uint8) uint32 {
	id := uint32(len(p.Nodes))
	p.Nodes = append(p.Nodes, lab.Node{Name: fmt.Sprint(prefix, id), Kind: kind, X: int32(id%5) * 150, Y: int32(id/5) * 150})
	if kind == lab.KindHost {
		p.hosts = append(p.hosts, id)
	}
	return id
}

// withRoom lists the networks that can take one more member.
func (p *plan) withRoom() (list []int) {
	for i := range p.nets {
		if len(p.nets[i].switches) > 0 || p.nets[i].open > 0 {
			list = append(list, i)
		}
	}
	return list
}

// furnish gives a network its switches, if it has any.
func (p *plan) furnish(i int) {
	n := &p.nets[i]
	for range pick(p.draw, 0, 1, 1, 1, 2) {
		n.switches = append(n.switches, p.node("s", lab.KindSwitch))
	}
	if len(n.switches) == 2 {
		p.cable(lab.LinkEnd{Node: n.switches[0]}, lab.LinkEnd{Node: n.switches[1]})
	}
}

// cable lays a link.
func (p *plan) cable(a, b lab.LinkEnd) {
	l := lab.Link{Ends: [2]lab.LinkEnd{a, b}}
	l.Params[0] = p.cableParams()
	if l.Params[1] = l.Params[0]; p.one(40) {
		l.Params[1] = p.cableParams()
	}
	p.Links = append(p.Links, l)
}

func (p *plan) cableParams() link.Params {
	if p.mild && p.one(80) {
		return link.Params{BitsPerSecond: pick[uint64](p.draw, 0, 2_000_000, 10_000_000, 100_000_000), DelayNs: p.between(0, 20*ms), QueuePackets: uint32(p.between(5, 100))}
	}
	return p.anyLink()
}

// addr returns the address of the k-th member of a network.
func addr(net, k int) wire.Addr { return wire.V4(10, 0, byte(net), byte(k+1)) }

// plug makes a node a member of a network.
func (p *plan) plug(node uint32, i int) {
	n := &p.nets[i]
	end := lab.LinkEnd{Node: node, Addr: addr(i, len(n.members)), Prefix: 24}
	n.members = append(n.members, node)
	switch {
	case len(n.switches) > 0:
		p.cable(end, lab.LinkEnd{Node: pick(p.draw, n.switches...)})
	case n.open == 0: // the other end comes with the next member
		p.cable(end, end)
		n.open = len(p.Links)
	default:
		l := &p.Links[n.open-1]
		l.Ends[1], n.open = end, 0
	}
}

// join puts a router between a network and its parent.
func (p *plan) join(i int) {
	r := router{node: p.node("r", lab.KindHost), up: p.parent[i], nat: p.one(35)}
	order := []int{i, r.up}
	if p.one(50) {
		order[0], order[1] = order[1], order[0]
	}
	for _, n := range order {
		p.plug(r.node, n)
	}
	p.gate[i] = r.node
	p.routers = append(p.routers, r)
}

// populate gives a network hosts.
func (p *plan) populate(i int) {
	n := &p.nets[i]
	if len(n.switches) == 0 {
		for len(n.members) < 2 && (len(n.members) == 0 || n.open > 0 && p.one(70)) {
			p.plug(p.node("h", lab.KindHost), i)
		}
		return
	}
	for range p.between(2, 4) {
		p.plug(p.node("h", lab.KindHost), i)
	}
}

// second gives a host an interface in one more network, or one more in its own.
func (p *plan) second() {
	if room := p.withRoom(); len(room) > 0 && len(p.hosts) > 1 {
		p.plug(pick(p.draw, p.hosts...), pick(p.draw, room...))
	}
}

// at returns the address that a node has in a network.
func (n *network) at(i int, node uint32) wire.Addr {
	for k, m := range n.members {
		if m == node {
			return addr(i, k)
		}
	}
	return wire.Addr{}
}

// route tells the members of a network the ways to the others, most of the time.
func (p *plan) route(i int) {
	n := &p.nets[i]
	for _, m := range n.members {
		for j := range p.nets {
			if p.parent[j] == i && j != i && m != p.gate[j] && p.one(90) {
				p.via(m, wire.V4(10, 0, byte(j), 0), 24, n.at(i, p.gate[j]))
			}
		}
		if p.parent[i] != i && m != p.gate[i] && p.one(90) {
			p.via(m, wire.Addr{}, 0, n.at(i, p.gate[i]))
		} else if len(n.members) > 1 && p.one(8) { // a way that may lead in a circle
			if k := p.IntN(len(n.members)); n.members[k] != m {
				p.via(m, wire.Addr{}, 0, addr(i, k))
			}
		}
	}
}

func (p *plan) via(node uint32, dst wire.Addr, prefix uint8, via wire.Addr) {
	p.Nodes[node].Routes = append(p.Nodes[node].Routes, lab.RouteSpec{Dst: dst, Prefix: prefix, Via: via})
}

// forward makes routers route, and some of them translate.
func (p *plan) forward() {
	set := func(node uint32, name, value string) {
		p.Nodes[node].Sysctls = append(p.Nodes[node].Sysctls, lab.Setting{Name: name, Value: value})
	}
	for _, r := range p.routers {
		set(r.node, "net.ipv4.ip_forward", "1")
		if r.nat {
			set(r.node, "wirelab.nat", fmt.Sprint(p.outside(&r)))
			set(r.node, "wirelab.nat_filter", pick(p.draw, "0", "1", "2"))
		}
	}
}

// outside returns the number plus one of the interface by which a router leads to the first network.
func (p *plan) outside(r *router) (number int) {
	toward := p.nets[r.up].at(r.up, r.node)
	for i := range p.Links {
		for _, e := range p.Links[i].Ends {
			if e.Node != r.node {
				continue
			}
			if number++; e.Addr == toward {
				return number
			}
		}
	}
	return 0
}

// settings gives every host some more.
func (p *plan) settings() {
	ipv6, resolver := p.one(25), p.one(40)
	for _, h := range p.hosts {
		n := &p.Nodes[h]
		n.Sysctls = append(n.Sysctls, p.sysctls(false)...)
		if ipv6 {
			n.Sysctls = append(n.Sysctls, lab.Setting{Name: switchIPv6On, Value: "0"})
		}
		if resolver {
			n.Sysctls = append(n.Sysctls, lab.Setting{Name: "wirelab.nameserver", Value: addr(0, 0).String()})
		}
	}
}

// anyLink is link with what a person may do to it besides: every discipline, loss of every kind, a link too narrow for a packet.
func (d draw) anyLink() link.Params {
	p := d.link()
	p.DelayNs /= pick[int64](d, 1, 10, 100) // so that much happens within a second
	if d.one(50) {
		p.Discipline, p.ECN = link.Discipline(d.IntN(link.Disciplines())), d.one(50)
	}
	if d.one(20) {
		p.QueueBytes = uint32(d.between(1500, 60_000))
	}
	if d.one(20) {
		p.RED = link.REDParams{MinPackets: uint32(d.between(1, 5)), MaxPackets: uint32(d.between(6, 20)), MaxPPM: uint32(d.between(1000, 500_000)), WeightLog: uint8(d.between(1, 9))}
	}
	if d.one(20) {
		p.CoDel = link.CoDelParams{TargetNs: d.between(ms/10, 20*ms), IntervalNs: d.between(ms, 200*ms), Flows: uint32(d.between(1, 64)), Quantum: uint32(d.between(300, 3000))}
	}
	if d.one(10) {
		p.Gilbert = link.GilbertParams{ToBadPPM: uint32(d.between(1000, 100_000)), ToGoodPPM: uint32(d.between(100_000, 900_000)), LossPPM: pick[uint32](d, 0, 500_000)}
	}
	if d.one(10) {
		p.LossEvery = uint32(d.between(2, 40))
	}
	if d.one(8) {
		p.LossFilter = pick(d, "tcp.flags.syn == 1", "arp", "icmp", "tcp.len > 100", "ip.ttl < 64")
	}
	if d.one(15) {
		p.MTU = pick[uint32](d, 68, 576, 1280, 1492, 9000)
	}
	return p
}
