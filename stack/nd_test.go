package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// ipv6 builds a packet.
func ipv6(src, dst wire.Addr, next, hops uint8, body []byte) []byte {
	b := append(make([]byte, wire.IPv6Len), body...)
	h := wire.IPv6Header{Src: src, Dst: dst, Length: len(body), Next: next, HopLimit: hops}
	h.Put(b)
	return b
}

// icmp6 builds an ICMPv6 message.
func icmp6(src, dst wire.Addr, hops, typ, code uint8, rest uint32, body ...byte) []byte {
	b := append(make([]byte, wire.ICMPLen), body...)
	wire.PutICMPv6(b, &src, &dst, typ, code, rest)
	return ipv6(src, dst, wire.ProtoICMPv6, hops, b)
}

func join(parts ...[]byte) (all []byte) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

var (
	stranger    = addr("2001:db8::9")
	strangerMAC = wire.MAC{2, 9, 9, 9, 9, 9}
)

// hand gives B a packet that somebody sent to a MAC on its wire.
func (w *net) hand(to wire.MAC, packet []byte) {
	frame := w.pool.New(wire.EthernetLen + len(packet))
	b := w.pool.Data(frame)
	wire.PutEthernet(b, to, strangerMAC, wire.TypeIPv6)
	copy(b[wire.EthernetLen:], packet)
	w.hosts[1].Begin(w.now, 0)
	w.hosts[1].HandleFrame(w.now, 0, frame)
}

// Which questions are answered, and who is learned by them (RFC 4861 §7.1.1, §7.2.3).
func TestSolicitationsAnswered(t *testing.T) {
	b := ends6[1].Addr
	group, none := b.SolicitedNode(), wire.Addr{}
	mac := []byte{wire.NDSourceMAC, 1, 2, 9, 9, 9, 9, 9}
	target := b[:]
	other := addr("2001:db8::77")
	for _, c := range []struct {
		name   string
		packet []byte
		want   string
		learns bool
	}{
		{"a good one", icmp6(stranger, group, 255, 135, 0, 0, join(target, mac)...), "B nd 2001:db8::2 is here", true},
		{"to us alone", icmp6(stranger, b, 255, 135, 0, 0, join(target, mac)...), "B nd 2001:db8::2 is here", true},
		{"without the asker's MAC", icmp6(stranger, b, 255, 135, 0, 0, target...), "B nd 2001:db8::2 is here", false},
		{"does anybody have it", icmp6(none, group, 255, 135, 0, 0, target...), "B nd 2001:db8::2 is here", false},
		{"does anybody have it, to us alone", icmp6(none, b, 255, 135, 0, 0, target...), "", false},
		{"does anybody have it, with a MAC", icmp6(none, group, 255, 135, 0, 0, join(target, mac)...), "", false},
		{"from beyond a router", icmp6(stranger, group, 254, 135, 0, 0, join(target, mac)...), "", false},
		{"with a code", icmp6(stranger, group, 255, 135, 1, 0, join(target, mac)...), "", false},
		{"cut", icmp6(stranger, group, 255, 135, 0, 0, target[:15]...), "", false},
		{"an option of length zero", icmp6(stranger, group, 255, 135, 0, 0, join(target, []byte{1, 0, 0, 0, 0, 0, 0, 0})...), "", false},
		{"for another", icmp6(stranger, group, 255, 135, 0, 0, join(other[:], mac)...), "", false},
		{"for a group", icmp6(stranger, group, 255, 135, 0, 0, join(group[:], mac)...), "", false},
	} {
		w := two6(t)
		w.hand(wire.MAC{0x33, 0x33}, c.packet)
		got := ""
		if len(w.sent) == 1 {
			got = w.sent[0]
		}
		if got != c.want || len(w.sent) > 1 {
			t.Errorf("%s: %q, want %q", c.name, w.sent, c.want)
		}
		if i := w.hosts[1].findNeighbor(0, stranger); (i > 0) != c.learns {
			t.Errorf("%s: the asker is in the table: %v", c.name, i > 0)
		}
	}
}

// What an advertisement changes (RFC 4861 §7.2.5).
func TestAdvertisements(t *testing.T) {
	const s, o = wire.NASolicited, wire.NAOverride
	x, y := wire.MAC{2, 1}, wire.MAC{2, 2}
	for _, c := range []struct {
		name   string
		before uint8 // of an entry with MAC x, or incomplete
		flags  uint32
		mac    wire.MAC // zero: no option
		want   uint8
		is     wire.MAC
	}{
		{"an answer", NudIncomplete, s | o, x, NudReachable, x},
		{"news for which somebody waits", NudIncomplete, o, x, NudStale, x},
		{"an answer without a MAC", NudIncomplete, s | o, wire.MAC{}, NudIncomplete, wire.MAC{}},
		{"it is still there", NudProbe, s, x, NudReachable, x},
		{"it is still there, without a MAC", NudProbe, s, wire.MAC{}, NudReachable, x},
		{"it says so unasked", NudStale, 0, x, NudStale, x},
		{"another, not to override", NudReachable, s, y, NudStale, x},
		{"another, not to override what is stale", NudStale, s, y, NudStale, x},
		{"another", NudReachable, o, y, NudStale, y},
		{"another, as an answer", NudStale, s | o, y, NudReachable, y},
	} {
		w := two6(t)
		h := w.hosts[1]
		n := Neighbor{Addr: stranger, State: c.before, Retry: tcp.Never, Until: w.now + second}
		if c.before != NudIncomplete {
			n.MAC, n.Known = x, true
		}
		h.Neighbors = append(h.Neighbors, n)
		body := stranger[:]
		if c.mac != (wire.MAC{}) {
			body = join(body, []byte{wire.NDTargetMAC, 1}, c.mac[:])
		}
		w.hand(h.Ifaces[0].MAC, icmp6(stranger, ends6[1].Addr, 255, 136, 0, c.flags, body...))
		got := h.Neighbors[len(h.Neighbors)-1]
		if got.State != c.want || got.MAC != c.is {
			t.Errorf("%s: state %d, %v; want %d, %v", c.name, got.State, got.MAC, c.want, c.is)
		}
	}
}

// A router that says it is none any more, or does not answer, is not used
// (RFC 4861 §7.2.5, §6.3.6).
func TestRoutersComeAndGo(t *testing.T) {
	w := two6(t)
	h := w.hosts[1]
	advert := wire.RouterAdvert{Lifetime: 1800}
	body := make([]byte, wire.RouterAdvertLen-wire.ICMPLen)
	rest := advert.Put(body)
	routers := []wire.Addr{addr("fe80::a"), addr("fe80::b")}
	tell := func(i int, hops uint8, src wire.Addr, rest uint32) {
		mac := []byte{wire.NDSourceMAC, 1, 2, 0, 0, 0, 0, byte(0xa + i)}
		w.hand(wire.MAC{0x33, 0x33}, icmp6(src, wire.AllNodes, hops, 134, 0, rest, join(body, mac)...))
	}
	far := addr("2001:db8:9::1")
	hop := func() wire.Addr {
		if w := h.way(far); w.reachable {
			return w.hop
		}
		return wire.Addr{}
	}
	tell(0, 254, routers[0], rest)
	tell(0, 255, stranger, rest) // routers speak with their link-local address (§6.1.2)
	if hop() != (wire.Addr{}) {
		t.Errorf("who is no router routes: %v", hop())
	}
	tell(0, 255, routers[0], rest)
	tell(1, 255, routers[1], rest)
	if hop() != routers[0] {
		t.Error(hop())
	}
	fd := w.udp(1, 9)
	w.send(1, fd, tcp.Endpoint{Addr: far, Port: 9}, 1) // nobody answers for fe80::a
	w.wait(20 * second)
	if hop() != routers[1] {
		t.Errorf("the way still leads by %v", hop())
	}
	body1 := join(routers[1][:], []byte{wire.NDTargetMAC, 1, 2, 0, 0, 0, 0, 0xb})
	w.hand(h.Ifaces[0].MAC, icmp6(routers[1], wire.AllNodes, 255, 136, 0, wire.NAOverride, body1...))
	if hop() != routers[0] {
		t.Errorf("the way still leads by %v", hop())
	}
	tell(0, 255, routers[0], 0)
	if hop() != (wire.Addr{}) {
		t.Errorf("the way still leads by %v", hop())
	}
}

// Acknowledgments confirm neighbours of IPv6 too, and TCP runs between
// link-local addresses, on the link that the address is of.
func TestTCPOverLinkLocal(t *testing.T) {
	w := newNet(t, "A", "B", "C")
	w.wire([]uint32{0, 1}, ends[0].Addr, ends[1].Addr)
	w.wire([]uint32{0, 2}, wire.V4(10, 0, 1, 1), wire.V4(10, 0, 1, 2))
	for _, h := range w.hosts {
		h.SetSysctl("net.ipv6.conf.all.disable_ipv6", "0")
	}
	w.wait(20 * second)
	c := w.hosts[2]
	l, _ := c.Socket(SockTCP)
	c.Bind(l, tcp.Endpoint{Port: 7})
	c.Listen(l, 1)
	far, _ := c.Ifaces[0].linkLocal()
	own, _ := w.hosts[0].Ifaces[1].linkLocal() // tells which link
	fd, _ := w.hosts[0].Socket(SockTCP)
	w.hosts[0].Bind(fd, tcp.Endpoint{Addr: own})
	w.hosts[0].Connect(fd, tcp.Endpoint{Addr: far, Port: 7})
	w.wait(second)
	asked := 0
	w.drop = func(from int, b []byte) bool {
		if inWords(b) == "nd still "+far.String()+"?" {
			asked++
		}
		return false
	}
	for range 100 {
		if n, err := w.hosts[0].Write(fd, []byte("x")); n != 1 {
			t.Fatal(err.Name())
		}
		w.wait(second)
	}
	if asked != 0 {
		t.Errorf("A asked %d times", asked)
	}
	if s := w.hosts[0].Conn(fd); s.State != tcp.Established || s.SndUna != s.SndNxt {
		t.Errorf("%v", s.State)
	}
}
