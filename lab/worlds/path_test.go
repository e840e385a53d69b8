package worlds

import (
	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// What lies between the two hosts of a world: a link, a router, a translator of addresses, or two switches in a loop.

const nodeR = 2 // the router, where there is one

var (
	routerIn  = wire.V4(10, 0, 0, 254)
	routerOut = wire.V4(10, 0, 1, 254)
	beyondR   = wire.V4(10, 0, 1, 2) // B behind a router
)

// path draws what lies between A and B. It begins with one link between them.
func (w *world) path(d draw) {
	first := w.scenario.Links[0].Params
	switch {
	case d.one(25):
		w.route(d, first)
	case d.one(3):
		w.loop(first)
	}
	if d.one(20) {
		w.manage(d)
	}
}

// route puts a router between the hosts, and maybe a translator with A inside.
func (w *world) route(d draw, first [2]link.Params) {
	w.has("router")
	s := &w.scenario
	s.Nodes = append(s.Nodes, lab.Node{Name: "R", Sysctls: []lab.Setting{{Name: "net.ipv4.ip_forward", Value: "1"}}})
	second := [2]link.Params{d.link(), d.link()}
	for i := range second {
		if first[i].CorruptPPM == 0 { // the settings of the hosts are drawn for that
			second[i].CorruptPPM = 0
		}
	}
	s.Links = []lab.Link{
		{Ends: [2]lab.LinkEnd{{Node: nodeA, Addr: addrs[0], Prefix: 24}, {Node: nodeR, Addr: routerIn, Prefix: 24}}, Params: first},
		{Ends: [2]lab.LinkEnd{{Node: nodeR, Addr: routerOut, Prefix: 24}, {Node: nodeB, Addr: beyondR, Prefix: 24}}, Params: second},
	}
	s.Nodes[nodeA].Routes = []lab.RouteSpec{{Via: routerIn}}
	s.Nodes[nodeB].Routes = []lab.RouteSpec{{Via: routerOut}}
	w.names[nodeB] = beyondR.String()
	if d.one(40) {
		w.has("translator")
		w.translated = true
		s.Nodes[nodeR].Sysctls = append(s.Nodes[nodeR].Sysctls, lab.Setting{Name: "wirelab.nat", Value: "2"}, lab.Setting{Name: "wirelab.nat_filter", Value: pick(d, "0", "1", "2")})
	}
	if d.one(40) {
		w.has("narrow path")
		mtu := pick[uint32](d, 576, 1280, 1400, 1492)
		for i := range s.Links[1].Params {
			s.Links[1].Params[i].MTU = mtu
		}
		w.careful = true
	}
}

// loop joins the hosts by two switches with two links between them. Nothing breaks the loop: flooded frames go round.
func (w *world) loop(first [2]link.Params) {
	w.has("switch loop")
	w.looped, w.careful = true, true
	s := &w.scenario
	s.Nodes = append(s.Nodes, lab.Node{Name: "S1", Kind: lab.KindSwitch}, lab.Node{Name: "S2", Kind: lab.KindSwitch})
	between := link.Params{DelayNs: ms, BitsPerSecond: 10_000_000, QueuePackets: 5}
	s.Links = []lab.Link{
		{Ends: [2]lab.LinkEnd{{Node: nodeA, Addr: addrs[0], Prefix: 24}, {Node: 2}}, Params: first},
		{Ends: [2]lab.LinkEnd{{Node: 2}, {Node: 3}}, Params: [2]link.Params{between, between}},
		{Ends: [2]lab.LinkEnd{{Node: 2}, {Node: 3}}, Params: [2]link.Params{between, between}},
		{Ends: [2]lab.LinkEnd{{Node: 3}, {Node: nodeB, Addr: addrs[1], Prefix: 24}}, Params: first},
	}
}

// manage gives the links a queue that drops or marks before it is full.
func (w *world) manage(d draw) {
	w.has("queue management")
	w.careful = true
	for i := range w.scenario.Links {
		for k := range w.scenario.Links[i].Params {
			p := &w.scenario.Links[i].Params[k]
			p.Discipline, p.ECN = link.Discipline(d.IntN(link.Disciplines())), d.one(50)
			p.RED = link.REDParams{MinPackets: uint32(d.between(1, 5)), MaxPackets: uint32(d.between(6, 20)), MaxPPM: uint32(d.between(1000, 500_000)), WeightLog: uint8(d.between(1, 9))}
			p.CoDel = link.CoDelParams{TargetNs: d.between(ms, 20*ms), IntervalNs: d.between(20*ms, 200*ms), Flows: uint32(d.between(1, 64)), Quantum: uint32(d.between(300, 3000))}
		}
	}
}

// last is the link at B.
func (w *world) last() uint32 { return uint32(len(w.scenario.Links) - 1) }

// narrow lets the path take less in the middle of a transfer.
func (w *world) narrow(d draw) {
	w.has("path that narrows")
	at := d.between(0, 3*second)
	for dir := range uint8(2) {
		p := w.scenario.Links[w.last()].Params[dir]
		p.MTU = pick[uint32](d, 576, 1280)
		w.typed = append(w.typed, lab.Entry{At: lab.Position{TimeNs: w.begin + at}, Input: lab.SetLink{Link: w.last(), Dir: dir, Params: p}})
	}
}

// unplug switches a link off for a while.
func (w *world) unplug(d draw) {
	w.has("link down")
	at := d.between(0, 3*second)
	down := w.scenario.Links[w.last()].Params
	for dir := range uint8(2) {
		p := down[dir]
		p.Down = true
		w.typed = append(w.typed,
			lab.Entry{At: lab.Position{TimeNs: w.begin + at}, Input: lab.SetLink{Link: w.last(), Dir: dir, Params: p}},
			lab.Entry{At: lab.Position{TimeNs: w.begin + at + d.between(100*ms, 20*second)}, Input: lab.SetLink{Link: w.last(), Dir: dir, Params: down[dir]}})
	}
}

// stop is a reader that takes some bytes and then none for ever: the sender probes its window, and waits.
func (w *world) stop(d draw) {
	w.has("stopped reader")
	w.stopped, w.gentle = true, false
	w.types(0, nodeB, `script 'fd = socket(AF_INET, SOCK_STREAM, 0); bind(fd, "0.0.0.0", 9); listen(fd, 1); c = accept(fd); recv(c, %d); sleep(3600)'`, d.between(1, 1024))
	w.types(0, nodeA, "source %s 9 %d &", w.names[nodeB], d.between(500_000, 2_000_000))
}

// urge sends urgent bytes between others; the reader takes them in line.
func (w *world) urge(d draw) {
	w.has("urgent data")
	reads, sends := "", ""
	for range d.between(1, 8) {
		n := d.between(1, 200)
		flags := pick(d, "MSG_OOB", "MSG_OOB", "0", "MSG_MORE")
		sends += `send(fd, "` + repeat("u", n) + `", ` + flags + "); "
		if d.one(30) {
			sends += "usleep(" + itoa(d.between(1000, 300_000)) + "); "
		}
	}
	for range 40 {
		reads += "recv(c, 1024); "
	}
	w.types(0, nodeB, `script 'fd = socket(AF_INET, SOCK_STREAM, 0); bind(fd, "0.0.0.0", 9); listen(fd, 1); c = accept(fd); setsockopt(c, SOL_SOCKET, SO_OOBINLINE, 1); %sclose(c)'`, reads)
	w.types(0, nodeA, `script 'fd = socket(AF_INET, SOCK_STREAM, 0); connect(fd, "%s", 9); %sclose(fd)'`, w.names[nodeB], sends)
}

// inside returns f as A sees it: a translator gives A's ends another address.
func (j *judge) inside(f flow) flow {
	if j.translated {
		f.from, f.to = j.behind(f.from), j.behind(f.to)
	}
	return f
}

func (j *judge) behind(e tcp.Endpoint) tcp.Endpoint {
	if e.Addr != routerOut {
		return e
	}
	sessions := j.lab.Host(nodeR).NAT.Sessions
	for i := range sessions {
		if s := &sessions[i]; s.Proto == wire.ProtoTCP && s.Port == e.Port {
			j.mapped[e.Port] = s.Inside
		}
	}
	if inside, ok := j.mapped[e.Port]; ok {
		return inside
	}
	return e
}
