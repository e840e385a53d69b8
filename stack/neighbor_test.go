package stack

import (
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

func (w *net) state(host int, addr wire.Addr, want uint8) {
	w.t.Helper()
	i := w.hosts[host].findNeighbor(0, addr)
	if i == 0 {
		w.t.Fatalf("%s does not know %v", w.hosts[host].Name, addr)
	}
	if got := w.hosts[host].Neighbors[i-1].State; got != want {
		w.t.Errorf("%s: %v is in state %d, want %d", w.hosts[host].Name, addr, got, want)
	}
}

// The life of an entry: asked for, believed, doubted when it is used after a
// while, asked again without a broadcast, and given up (RFC 4861 §7.3.2).
func TestNeighborLife(t *testing.T) {
	w := two(t)
	fd := w.udp(0, 1)
	w.udp(1, 7)
	to := tcp.Endpoint{Addr: ends[1].Addr, Port: 7}
	w.send(0, fd, to, 1)
	w.state(0, to.Addr, NudIncomplete)
	w.wait(second)
	w.state(0, to.Addr, NudReachable)
	w.state(1, ends[0].Addr, NudStale) // it was only asked
	w.saw("A arp who has 10.0.0.2?", "B arp 10.0.0.2 is here", "A udp 1 to 10.0.0.2")
	w.wait(100 * second)
	w.saw() // nobody asks while nobody sends
	w.send(0, fd, to, 1)
	w.state(0, to.Addr, NudDelay)
	w.wait(4 * second)
	w.saw("A udp 1 to 10.0.0.2")
	w.wait(2 * second)
	w.saw("A arp still 10.0.0.2?", "B arp 10.0.0.2 is here")
	w.state(0, to.Addr, NudReachable)
	w.wait(100 * second)
	w.drop = func(from int, frame []byte) bool {
		a, ok := wire.ParseARP(frame[wire.EthernetLen:])
		if ok && a.Op() == wire.ARPRequest && (a.TargetMAC() != wire.MAC{} || wire.Ethernet(frame).Dst() != w.hosts[1].Ifaces[0].MAC) {
			t.Errorf("a question to a neighbour in doubt goes to %s, and names %s: Linux leaves the target's address empty", wire.Ethernet(frame).Dst(), a.TargetMAC())
		}
		return from == 1
	}
	w.sent = nil
	w.send(0, fd, to, 1)
	w.wait(10 * second)
	w.saw("A udp 1 to 10.0.0.2", "A arp still 10.0.0.2?", "B arp 10.0.0.2 is here", "A arp still 10.0.0.2?", "B arp 10.0.0.2 is here",
		"A arp still 10.0.0.2?", "B arp 10.0.0.2 is here")
	w.state(0, to.Addr, NudFailed)
	if d := w.hosts[0].NextDeadline(); d != tcp.Never {
		t.Errorf("something is to happen at %d", d)
	}
	w.drop = nil
	w.send(0, fd, to, 1)
	w.saw("A arp who has 10.0.0.2?")
}

// Acknowledgments of new data show that the neighbour is there: nobody asks
// (RFC 4861 §7.3.1).
func TestTCPConfirmsNeighbor(t *testing.T) {
	w := two(t)
	l, _ := w.hosts[1].Socket(SockTCP)
	w.hosts[1].Bind(l, tcp.Endpoint{Port: 7})
	w.hosts[1].Listen(l, 1)
	fd, _ := w.hosts[0].Socket(SockTCP)
	w.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 7})
	asked := 0
	w.drop = func(from int, b []byte) bool {
		if from == 0 && inWords(b) == "arp still 10.0.0.2?" {
			asked++
		}
		return false
	}
	for range 100 {
		w.wait(second)
		w.hosts[0].Write(fd, []byte("x"))
	}
	if w.wait(second); asked != 0 {
		t.Errorf("A asked %d times", asked)
	}
	w.state(0, ends[1].Addr, NudReachable)
}

// arp hands B an ARP packet from A's wire; one with the sender as its target goes to everybody.
func (w *net) arp(op uint16, mac wire.MAC, sender wire.Addr, to wire.MAC, target wire.Addr) {
	frame := w.pool.New(wire.EthernetLen + wire.ARPLen)
	b := w.pool.Data(frame)
	dst := to
	if to == mac {
		dst = wire.Broadcast
	}
	wire.PutEthernet(b, dst, mac, wire.TypeARP)
	wire.PutARP(b[wire.EthernetLen:], op, mac, sender, to, target)
	w.hosts[1].Begin(w.now, 0)
	w.hosts[1].HandleFrame(w.now, 0, frame)
}

// Who may write what into the table (Linux's arp_process).
func TestARPNews(t *testing.T) {
	w := two(t)
	b := w.hosts[1]
	own, x, y := b.Ifaces[0].MAC, wire.MAC{2, 9}, wire.MAC{2, 8}
	other := wire.V4(10, 0, 0, 9)
	known := func() wire.MAC {
		if i := b.findNeighbor(0, other); i > 0 && b.Neighbors[i-1].Known {
			return b.Neighbors[i-1].MAC
		}
		return wire.MAC{}
	}
	for _, step := range []struct {
		name   string
		op     uint16
		mac    wire.MAC
		sender wire.Addr
		to     wire.MAC
		target wire.Addr
		after  int64
		want   wire.MAC
	}{
		{"an answer that nobody asked for", wire.ARPReply, x, other, own, ends[1].Addr, 0, wire.MAC{}},
		{"a gratuitous one", wire.ARPRequest, x, other, wire.Broadcast, other, 0, wire.MAC{}},
		{"a question for somebody else", wire.ARPRequest, x, other, wire.Broadcast, ends[0].Addr, 0, wire.MAC{}},
		{"a probe for our address", wire.ARPRequest, x, wire.From4(0), wire.Broadcast, ends[1].Addr, 0, wire.MAC{}},
		{"a question for us", wire.ARPRequest, x, other, wire.Broadcast, ends[1].Addr, 0, x},
		{"another answer at once", wire.ARPReply, y, other, own, ends[1].Addr, 0, x},
		{"another one later", wire.ARPReply, y, other, own, ends[1].Addr, 2 * second, y},
		{"a gratuitous answer at once, to nobody in particular", wire.ARPReply, x, other, wire.Broadcast, other, 0, y},
		{"a gratuitous answer at once, to itself", wire.ARPReply, x, other, x, other, 0, x},
		{"a gratuitous question at once", wire.ARPRequest, y, other, wire.Broadcast, other, 0, y},
		{"opcode 0", 0, x, other, own, ends[1].Addr, 2 * second, y},
		{"opcode 3", 3, x, other, own, ends[1].Addr, 2 * second, y},
		{"opcode 4", 4, x, other, own, ends[1].Addr, 2 * second, y},
		{"from a group's MAC", wire.ARPRequest, wire.MAC{3}, other, wire.Broadcast, other, 2 * second, wire.MAC{3}},
	} {
		w.wait(step.after)
		w.sent = nil
		w.arp(step.op, step.mac, step.sender, step.to, step.target)
		if got := known(); got != step.want {
			t.Errorf("%s: %v, want %v", step.name, got, step.want)
		}
		if answers := step.target == ends[1].Addr && step.op == wire.ARPRequest; answers != (len(w.sent) == 1) {
			t.Errorf("%s: %q", step.name, w.sent)
		}
	}
	if b.findNeighbor(0, wire.From4(0)) != 0 {
		t.Error("nobody has become a neighbour")
	}
	w.arp(wire.ARPReply, y, ends[1].Addr, own, ends[1].Addr) // somebody has our address
	if b.findNeighbor(0, ends[1].Addr) != 0 {
		t.Error("B is its own neighbour")
	}
}

// The table stays small however many addresses there are, and what is written
// down in it stays.
func TestNeighborTableIsBounded(t *testing.T) {
	h := New(0, "A", 1, nil, nil, &event.Log{})
	pool := block.NewPool()
	h.pool, h.net = pool, &target{pool: pool}
	h.AddIface("eth0", wire.V4(10, 0, 0, 1), 8)
	h.Neighbors = append(h.Neighbors, Neighbor{Addr: wire.V4(10, 0, 0, 2), Known: true, Retry: tcp.Never})
	fd, _ := h.Socket(SockUDP)
	for i := range uint32(5000) {
		h.Begin(int64(i)*10*ms, 0)
		h.Poll(int64(i) * 10 * ms)
		h.SendTo(fd, []byte{1}, tcp.Endpoint{Addr: wire.From4(0x0a010000 + i), Port: 7})
		if len(h.Neighbors) > gcThresh3+1 {
			t.Fatalf("%d neighbours", len(h.Neighbors))
		}
	}
	for d := h.NextDeadline(); d != tcp.Never; d = h.NextDeadline() {
		h.Begin(d, 0)
		h.Poll(d)
	}
	if n, _ := pool.Live(); n != 0 || h.findNeighbor(0, wire.V4(10, 0, 0, 2)) == 0 {
		t.Errorf("%d blocks are held", n)
	}
}

// Who is answered, and from which address. All lines were measured on Linux 6.18.
func TestARPAnswers(t *testing.T) {
	own, second := ends[1].Addr, wire.V4(10, 9, 0, 2)
	x, from := wire.MAC{2, 9}, wire.V4(10, 0, 0, 9)
	for _, c := range []struct {
		name          string
		op            uint16
		sender, asked wire.Addr
		want          string
		learned       bool
	}{
		{"a question", wire.ARPRequest, from, own, "B arp 10.0.0.2 is here", true},
		{"a question for another interface's address", wire.ARPRequest, from, second, "B arp 10.9.0.2 is here", true},
		{"a question from another network", wire.ARPRequest, wire.V4(8, 8, 8, 8), own, "B arp 10.0.0.2 is here", true},
		{"a question from a network's broadcast address", wire.ARPRequest, wire.V4(10, 0, 0, 255), own, "B arp 10.0.0.2 is here", false},
		{"a probe", wire.ARPRequest, wire.From4(0), own, "B arp 10.0.0.2 is here", false},
		{"a probe for another interface's address", wire.ARPRequest, wire.From4(0), second, "B arp 10.9.0.2 is here", false},
		{"an answer to a probe", wire.ARPReply, wire.From4(0), own, "", false},
		{"our own address is announced", wire.ARPRequest, own, own, "", false},
		{"our own address is announced by an answer", wire.ARPReply, own, own, "", false},
		{"our own address asks for the other", wire.ARPRequest, own, second, "", false},
		{"another interface's address asks", wire.ARPRequest, second, own, "", false},
		{"a group asks", wire.ARPRequest, wire.V4(224, 0, 0, 5), own, "", false},
		{"everybody asks", wire.ARPRequest, wire.From4(0xffffffff), own, "", false},
		{"loopback asks", wire.ARPRequest, wire.V4(127, 0, 0, 1), own, "", false},
		{"loopback is asked for", wire.ARPRequest, from, wire.V4(127, 0, 0, 1), "", false},
		{"a group is asked for", wire.ARPRequest, from, wire.V4(224, 0, 0, 1), "", false},
		{"everybody is asked for", wire.ARPRequest, from, wire.From4(0xffffffff), "", false},
		{"a network's broadcast address is asked for", wire.ARPRequest, from, wire.V4(10, 0, 0, 255), "", false},
		{"opcode 3", 3, from, own, "", false},
	} {
		w := two(t)
		w.hosts[1].AddIface("eth1", second, 24)
		w.sent = nil
		w.arp(c.op, x, c.sender, wire.Broadcast, c.asked)
		got := ""
		if len(w.sent) > 0 {
			got = w.sent[0]
		}
		if i := w.hosts[1].findNeighbor(0, c.sender); got != c.want || (i > 0) != c.learned {
			t.Errorf("%s: %q, line %d of the table", c.name, w.sent, i)
		}
	}
}

// Hardware other than Ethernet and protocols other than IPv4 are none of ours (Linux drops all of these).
func TestARPOfOthers(t *testing.T) {
	for _, c := range []struct {
		name  string
		at    int
		value byte
	}{{"hardware 2", 1, 2}, {"hardware 6", 1, 6}, {"protocol IPv6", 2, 0x86}, {"MACs of 8 bytes", 4, 8}, {"MACs of none", 4, 0}, {"addresses of 6", 5, 6}} {
		w := two(t)
		b := make([]byte, wire.EthernetLen+wire.ARPLen)
		wire.PutEthernet(b, wire.Broadcast, wire.MAC{2, 9}, wire.TypeARP)
		wire.PutARP(b[wire.EthernetLen:], wire.ARPRequest, wire.MAC{2, 9}, wire.V4(10, 0, 0, 9), wire.MAC{}, ends[1].Addr)
		b[wire.EthernetLen+c.at] = c.value
		for _, n := range []int{len(b), len(b) - 1} {
			w.hosts[1].HandleFrame(0, 0, w.pool.From(b[:n]))
		}
		if len(w.sent) > 0 || w.hosts[1].findNeighbor(0, wire.V4(10, 0, 0, 9)) > 0 {
			t.Errorf("%s: %q", c.name, w.sent)
		}
	}
}
