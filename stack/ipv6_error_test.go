package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// When ICMPv6 errors are sent, and when they must not be (RFC 4443 §2.4 (e),
// RFC 8200 §4). What they point at was measured on Linux 6.18.
func TestICMPv6ErrorsMade(t *testing.T) {
	b, group := ends6[1].Addr, ends6[1].Addr.SolicitedNode()
	udp := func(src, dst wire.Addr) []byte {
		body := make([]byte, wire.UDPLen)
		wire.PutUDP(body, &src, &dst, 1, 2)
		return body
	}
	opts := func(kind byte, rest []byte) []byte {
		return append([]byte{wire.ProtoUDP, 0, kind, 4, 0, 0, 0, 0}, rest...)
	}
	fragment := func(offset int, more bool, n int) []byte {
		f := make([]byte, wire.FragmentLen+n)
		wire.PutFragment(f, 99, offset, more, 7)
		return f
	}
	first := func(proto byte, rest []byte) []byte {
		f := fragment(0, true, 0)
		f[0] = proto
		return append(f, rest...)
	}
	later := func(proto byte, offset int, rest []byte) []byte {
		f := fragment(offset, false, 0)
		f[0] = proto
		return append(f, rest...)
	}
	make24 := func(front ...byte) []byte { return append(front, make([]byte, 24-len(front))...) }
	quoting := icmp6(stranger, b, 64, wire.ICMPv6Unreachable, 0, 0, ipv6(b, stranger, 99, 64, nil)...)
	for _, c := range []struct {
		name   string
		packet []byte
		want   string
		at     uint32 // what the error points at
	}{
		{"no such port", ipv6(stranger, b, wire.ProtoUDP, 9, udp(stranger, b)), "B icmp6 1/4 to 2001:db8::9", 0},
		{"no such port, to a group", ipv6(stranger, group, wire.ProtoUDP, 9, udp(stranger, group)), "", 0},
		{"no such port, from nobody", ipv6(wire.Addr{}, b, wire.ProtoUDP, 9, udp(wire.Addr{}, b)), "", 0},
		{"no checksum", ipv6(stranger, b, wire.ProtoUDP, 9, []byte{0, 1, 0, 2, 0, 8, 0, 0}), "", 0},
		{"no such protocol", ipv6(stranger, b, 99, 9, make([]byte, 8)), "B icmp6 4/1 to 2001:db8::9", 6},
		{"no such protocol behind options", ipv6(stranger, b, wire.ProtoDestOptions, 9, append([]byte{99, 0, 1, 4, 0, 0, 0, 0}, 1)), "B icmp6 4/1 to 2001:db8::9", 40},
		{"ICMP of IPv4", ipv6(stranger, b, wire.ProtoICMP, 9, make([]byte, 8)), "B icmp6 4/1 to 2001:db8::9", 6},
		{"nothing follows", ipv6(stranger, b, wire.ProtoNone, 9, make([]byte, 8)), "", 0},
		{"an option to pass over", ipv6(stranger, b, wire.ProtoDestOptions, 9, opts(0x1e, udp(stranger, b))), "B icmp6 1/4 to 2001:db8::9", 0},
		{"an option to fear in silence", ipv6(stranger, b, wire.ProtoDestOptions, 9, opts(0x5e, udp(stranger, b))), "", 0},
		{"an option to report", ipv6(stranger, b, wire.ProtoDestOptions, 9, opts(0xde, udp(stranger, b))), "B icmp6 4/2 to 2001:db8::9", 42},
		{"an option to report, to a group", ipv6(stranger, group, wire.ProtoDestOptions, 9, opts(0xde, nil)), "", 0},
		{"an option to report always, to a group", ipv6(stranger, group, wire.ProtoDestOptions, 9, opts(0x9e, nil)), "B icmp6 4/2 to 2001:db8::9", 42},
		{"a source route", ipv6(stranger, b, wire.ProtoRouting, 9, []byte{17, 2, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}), "B icmp6 4/0 to 2001:db8::9", 42},
		{"an odd fragment", ipv6(stranger, b, wire.ProtoFragment, 9, fragment(0, true, 9)), "B icmp6 4/0 to 2001:db8::9", 4},
		{"a fragment beyond all packets", ipv6(stranger, b, wire.ProtoFragment, 9, fragment(65528, false, 16)), "B icmp6 4/0 to 2001:db8::9", 42},
		{"an odd fragment beyond all packets", ipv6(stranger, b, wire.ProtoFragment, 9, fragment(65528, true, 9)), "B icmp6 4/0 to 2001:db8::9", 42},
		{"a fragment that ends with the longest packet", ipv6(stranger, b, wire.ProtoFragment, 9, fragment(65528, false, 7)), "", 0},
		{"a later fragment of ICMPv6 beyond all packets", ipv6(stranger, b, wire.ProtoFragment, 9, later(wire.ProtoICMPv6, 65528, make([]byte, 40))), "B icmp6 4/0 to 2001:db8::9", 42},
		{"a first fragment of an ICMPv6 error, odd", ipv6(stranger, b, wire.ProtoFragment, 9, first(wire.ProtoICMPv6, make([]byte, 9))), "", 0},
		{"a first fragment of ICMPv6 without it", ipv6(stranger, b, wire.ProtoFragment, 9, first(wire.ProtoICMPv6, nil)), "B icmp6 4/3 to 2001:db8::9", 0},
		{"an atomic fragment", ipv6(stranger, b, wire.ProtoFragment, 9, fragment(0, false, 3)), "B icmp6 4/1 to 2001:db8::9", 40},
		{"an atomic fragment in another", ipv6(stranger, b, wire.ProtoFragment, 9, append([]byte{wire.ProtoFragment, 0, 0, 0, 0, 0, 0, 1}, fragment(0, false, 3)...)), "B icmp6 4/0 to 2001:db8::9", 48},
		{"half a fragment header", ipv6(stranger, b, wire.ProtoFragment, 9, []byte{99, 0, 0, 1}), "B icmp6 4/0 to 2001:db8::9", 40},
		{"a first fragment without an upper layer", ipv6(stranger, b, wire.ProtoFragment, 9, first(wire.ProtoDestOptions, []byte{wire.ProtoICMPv6, 0, 1, 4, 0, 0, 0, 0})), "B icmp6 4/3 to 2001:db8::9", 0},
		{"a first fragment that its options leave", ipv6(stranger, b, wire.ProtoFragment, 9, first(wire.ProtoDestOptions, []byte{wire.ProtoICMPv6, 5, 1, 4, 0, 0, 0, 0})), "B icmp6 4/3 to 2001:db8::9", 0},
		{"a first fragment with 16 bytes of TCP", ipv6(stranger, b, wire.ProtoFragment, 9, first(wire.ProtoTCP, make([]byte, 16))), "B icmp6 4/3 to 2001:db8::9", 0},
		{"a first fragment with 24 bytes of TCP", ipv6(stranger, b, wire.ProtoFragment, 9, first(wire.ProtoTCP, make([]byte, 24))), "", 0},
		{"a first fragment with 8 bytes of UDP", ipv6(stranger, b, wire.ProtoFragment, 9, first(wire.ProtoUDP, make([]byte, 8))), "", 0},
		{"a first fragment without UDP", ipv6(stranger, b, wire.ProtoFragment, 9, first(wire.ProtoUDP, nil)), "B icmp6 4/3 to 2001:db8::9", 0},
		{"a first fragment of nobody knows what", ipv6(stranger, b, wire.ProtoFragment, 9, first(200, make([]byte, 8))), "", 0},
		{"a beheaded fragment behind options", ipv6(stranger, b, wire.ProtoHopByHop, 9, append([]byte{wire.ProtoFragment, 0, 1, 4, 0, 0, 0, 0}, first(wire.ProtoTCP, nil)...)), "B icmp6 4/3 to 2001:db8::9", 0},
		{"an option that leaves its header", ipv6(stranger, b, wire.ProtoDestOptions, 9, []byte{wire.ProtoUDP, 0, 0x1e, 5, 0, 0, 0, 0}), "", 0},
		{"padding with something in it", ipv6(stranger, b, wire.ProtoDestOptions, 9, []byte{99, 0, 1, 4, 1, 0, 0, 0}), "", 0},
		{"padding of 6 bytes in one", ipv6(stranger, b, wire.ProtoDestOptions, 9, []byte{99, 0, 0, 0, 0, 0, 0, 0}), "B icmp6 4/1 to 2001:db8::9", 40},
		{"padding of 8 bytes", ipv6(stranger, b, wire.ProtoDestOptions, 9, []byte{99, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x1e, 4, 0, 0, 0, 0}), "", 0},
		{"an unknown option behind padding", ipv6(stranger, b, wire.ProtoDestOptions, 9, []byte{99, 0, 1, 0, 0xde, 2, 0, 0}), "B icmp6 4/2 to 2001:db8::9", 44},
		{"router alert of 4 bytes", ipv6(stranger, b, wire.ProtoHopByHop, 9, []byte{99, 0, 5, 4, 0, 0, 0, 0}), "", 0},
		{"router alert to the destination", ipv6(stranger, b, wire.ProtoDestOptions, 9, []byte{99, 0, 5, 4, 0, 0, 0, 0}), "B icmp6 4/1 to 2001:db8::9", 40},
		{"a small jumbo payload", ipv6(stranger, b, wire.ProtoHopByHop, 9, []byte{99, 0, 0xc2, 4, 0, 0, 0, 0}), "B icmp6 4/0 to 2001:db8::9", 44},
		{"hop-by-hop options that come late", ipv6(stranger, b, wire.ProtoDestOptions, 9, []byte{0, 0, 1, 4, 0, 0, 0, 0, 99, 0, 1, 4, 0, 0, 0, 0}), "B icmp6 4/1 to 2001:db8::9", 40},
		{"a route for segments", ipv6(stranger, b, wire.ProtoRouting, 9, make24(99, 2, 4, 1)), "", 0},
		{"a route of RPL", ipv6(stranger, b, wire.ProtoRouting, 9, make24(99, 2, 3, 1)), "", 0},
		{"a route that nobody knows", ipv6(stranger, b, wire.ProtoRouting, 9, make24(99, 2, 9, 1)), "B icmp6 4/0 to 2001:db8::9", 42},
		{"a route at its end", ipv6(stranger, b, wire.ProtoRouting, 9, make24(99, 2, 0, 0)), "B icmp6 4/1 to 2001:db8::9", 40},
		{"an error about an error", append(quoting[:0:0], with7(quoting)...), "", 0},
	} {
		w := two6(t)
		w.hosts[1].Neighbors = append(w.hosts[1].Neighbors, Neighbor{Addr: stranger, MAC: strangerMAC, Known: true, Retry: tcp.Never})
		var last []byte
		w.drop = func(_ int, b []byte) bool {
			last = append([]byte{}, b...)
			return false
		}
		w.hand(w.hosts[1].Ifaces[0].MAC, c.packet)
		got := ""
		if len(w.sent) > 0 {
			got = w.sent[0]
		}
		if got != c.want || len(w.sent) > 1 {
			t.Errorf("%s: %q, want %q", c.name, w.sent, c.want)
			continue
		}
		if m := wire.ICMPv6(last); len(m) > 0 && wire.ICMPv6(m[wire.EthernetLen+wire.IPv6Len:]).MTU() != c.at {
			t.Errorf("%s: points at %d", c.name, wire.ICMPv6(m[wire.EthernetLen+wire.IPv6Len:]).MTU())
		}
		w.wait(61 * second)
		w.nothingHeld()
	}
}

// with7 puts an unknown option to report in front of an ICMPv6 error.
func with7(p []byte) []byte {
	b := append(append(append([]byte{}, p[:wire.IPv6Len]...), wire.ProtoICMPv6, 0, 0xde, 4, 0, 0, 0, 0), p[wire.IPv6Len:]...)
	wire.IPv6(b).SetPayload(wire.ProtoDestOptions, len(b)-wire.IPv6Len)
	return b
}

// Fragments of IPv6: out of order, overlapping, atomic between others, behind
// options, and never whole (RFC 8200 §4.5, RFC 5722, RFC 6946).
func TestReassemblyIPv6(t *testing.T) {
	b := ends6[1].Addr
	whole := make([]byte, wire.UDPLen+48)
	for i := range whole[wire.UDPLen:] {
		whole[wire.UDPLen+i] = byte(i * 7 >> 3)
	}
	wire.PutUDP(whole, &stranger, &b, 1, 7)
	piece := func(from, to int) []byte {
		f := make([]byte, wire.FragmentLen)
		wire.PutFragment(f, wire.ProtoUDP, from, to < len(whole), 0x77)
		return append(f, whole[from:to]...)
	}
	small := make([]byte, wire.UDPLen)
	wire.PutUDP(small, &stranger, &b, 1, 7)
	atomic := make([]byte, wire.FragmentLen)
	wire.PutFragment(atomic, wire.ProtoUDP, 0, false, 0x77)
	n := len(whole)
	for _, c := range []struct {
		name   string
		pieces [][]byte
		got    []int
		says   string
	}{
		{"in order", [][]byte{piece(0, 16), piece(16, 40), piece(40, n)}, []int{48}, ""},
		{"backwards, with a repeat", [][]byte{piece(40, n), piece(16, 40), piece(40, n), piece(0, 16)}, []int{48}, ""},
		{"overlapping", [][]byte{piece(0, 24), piece(16, 40), piece(40, n)}, nil, ""}, // the last one begins anew, without a first
		{"an atomic one between", [][]byte{piece(0, 16), append(atomic, small...), piece(16, n)}, []int{0, 48}, ""},
		{"the end is missing", [][]byte{piece(0, 16)}, nil, "B icmp6 3/1 to 2001:db8::9"},
		{"the beginning is missing", [][]byte{piece(16, n)}, nil, ""},
	} {
		for _, front := range [][]byte{nil, {wire.ProtoFragment, 0, 1, 4, 0, 0, 0, 0}} {
			w := two6(t)
			h := w.hosts[1]
			h.Neighbors = append(h.Neighbors, Neighbor{Addr: stranger, MAC: strangerMAC, Known: true, Retry: tcp.Never})
			fd := w.udp(1, 7)
			for _, p := range c.pieces {
				next := uint8(wire.ProtoFragment)
				if front != nil {
					next = wire.ProtoDestOptions
				}
				w.hand(h.Ifaces[0].MAC, ipv6(stranger, b, next, 9, join(front, p)))
			}
			for _, n := range c.got {
				w.got(1, fd, n)
			}
			w.got(1, fd, -1)
			w.wait(61 * second)
			if got := join2(w.sent); got != c.says {
				t.Errorf("%s: %q, want %q", c.name, got, c.says)
			}
			w.nothingHeld()
		}
	}
}

func join2(words []string) (all string) {
	for _, s := range words {
		all += s
	}
	return all
}

// What an ICMPv6 error does to a connection that is being opened.
func TestICMPv6ErrorsObeyed(t *testing.T) {
	for _, c := range []struct {
		typ, code uint8
		wrong     int
		want      tcp.Errno
	}{
		{1, 0, 0, tcp.ENETUNREACH}, {1, 1, 0, tcp.EACCES}, {1, 3, 0, tcp.EHOSTUNREACH}, {1, 4, 0, tcp.ECONNREFUSED},
		{3, 0, 0, tcp.EHOSTUNREACH}, {4, 1, 0, tcp.EPROTO}, {2, 0, 0, tcp.EALREADY}, {1, 4, 24, tcp.EALREADY}, {1, 4, 41, tcp.EALREADY}, {1, 4, 43, tcp.EALREADY},
	} {
		w := two6(t)
		var syn []byte
		w.drop = func(from int, b []byte) bool {
			if p, ok := wire.ParseIPv6(b[wire.EthernetLen:]); ok && p.NextHeader() == wire.ProtoTCP {
				syn = append([]byte{}, p...)
			}
			return false
		}
		fd, _ := w.hosts[1].Socket(SockTCP)
		to := tcp.Endpoint{Addr: stranger, Port: 80}
		w.hosts[1].Neighbors = append(w.hosts[1].Neighbors, Neighbor{Addr: stranger, MAC: strangerMAC, Known: true, Retry: tcp.Never})
		w.hosts[1].Connect(fd, to)
		if c.wrong > 0 {
			syn[c.wrong] ^= 1
		}
		w.hand(w.hosts[1].Ifaces[0].MAC, icmp6(ends6[0].Addr, ends6[1].Addr, 9, c.typ, c.code, 1300, syn...))
		if err := w.hosts[1].Connect(fd, to); err != c.want {
			t.Errorf("%+v: connect = %s", c, err.Name())
		}
	}
}

// A segment over IPv6 takes no memory from the heap either.
func TestSendingOverIPv6AllocatesNothing(t *testing.T) {
	w := two6(t)
	fd := w.udp(0, 1)
	to := tcp.Endpoint{Addr: ends6[1].Addr, Port: 7}
	w.send(0, fd, to, 100)
	w.wait(second)
	h := w.hosts[0]
	h.net = &target{pool: w.pool}
	data := make([]byte, 1000)
	if n := testing.AllocsPerRun(100, func() { h.SendTo(fd, data, to) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// A frame to a group with a packet to one host: an echo request is answered, nothing else is, but for options that
// shall always be reported (Linux 6.18).
func TestGroupFramesIPv6(t *testing.T) {
	a, b := ends6[0].Addr, ends6[1].Addr
	syn, udp := make([]byte, wire.TCPLen), make([]byte, wire.UDPLen)
	wire.PutTCP(syn, &a, &b, 99, 99, 1, 0, wire.SYN, 0, 0, 0)
	wire.PutUDP(udp, &a, &b, 99, 99)
	for _, c := range []struct {
		name   string
		packet []byte
		want   string
	}{
		{"echo", icmp6(a, b, 64, wire.ICMPv6Echo, 0, 0), "B icmp6 129/0 to 2001:db8::1"},
		{"TCP", ipv6(a, b, wire.ProtoTCP, 64, syn), ""},
		{"UDP", ipv6(a, b, wire.ProtoUDP, 64, udp), ""},
		{"protocol 200", ipv6(a, b, 200, 64, make([]byte, 8)), ""},
		{"an option to report", ipv6(a, b, wire.ProtoDestOptions, 64, []byte{99, 0, 0xde, 4, 0, 0, 0, 0}), ""},
		{"an option to report always", ipv6(a, b, wire.ProtoDestOptions, 64, []byte{99, 0, 0x9e, 4, 0, 0, 0, 0}), "B icmp6 4/2 to 2001:db8::1"},
		{"to a group of an interface", icmp6(a, addr("ff01::1"), 64, wire.ICMPv6Echo, 0, 0), ""},
		{"to a group of no scope", icmp6(a, addr("ff00::1"), 64, wire.ICMPv6Echo, 0, 0), ""},
		{"from a group", icmp6(addr("ff02::5"), b, 64, wire.ICMPv6Echo, 0, 0), ""},
		{"from loopback", icmp6(addr("::1"), b, 64, wire.ICMPv6Echo, 0, 0), ""},
		{"from nobody", icmp6(wire.Addr{}, b, 64, wire.ICMPv6Echo, 0, 0), ""},
	} {
		for _, mac := range []wire.MAC{wire.Broadcast, wire.AllNodes.GroupMAC()} {
			w := two6(t)
			w.hosts[1].Neighbors = append(w.hosts[1].Neighbors, Neighbor{Addr: a, MAC: w.hosts[0].Ifaces[0].MAC, Known: true, Retry: tcp.Never})
			w.hand(mac, c.packet)
			got := ""
			if len(w.sent) > 0 {
				got = w.sent[0]
			}
			if got != c.want || len(w.sent) > 1 {
				t.Errorf("%s to %v: %q, want %q", c.name, mac, w.sent, c.want)
			}
		}
	}
}

// An echo reply has the traffic class of its request, an error none (Linux 6.18).
func TestTrafficClassOfAnswers(t *testing.T) {
	a, b := ends6[0].Addr, ends6[1].Addr
	for _, c := range []struct {
		packet      []byte
		class, want uint8
	}{
		{icmp6(a, b, 64, wire.ICMPv6Echo, 0, 0), 0x10, 0x10}, {icmp6(a, b, 64, wire.ICMPv6Echo, 0, 0), 0xff, 0xff},
		{ipv6(a, b, 200, 64, make([]byte, 8)), 0xff, 0},
	} {
		w := two6(t)
		w.knows()
		w.hosts[1].Neighbors = append(w.hosts[1].Neighbors, Neighbor{Addr: a, MAC: w.hosts[0].Ifaces[0].MAC, Known: true, Retry: tcp.Never})
		var got wire.IPv6
		w.drop = func(_ int, b []byte) bool {
			got = append(wire.IPv6{}, b[wire.EthernetLen:]...)
			return true
		}
		c.packet[0] |= c.class >> 4
		c.packet[1] |= c.class << 4
		if w.hand(w.hosts[1].Ifaces[0].MAC, c.packet); got == nil || got.TrafficClass() != c.want {
			t.Errorf("class %#x: answered with %x", c.class, got)
		}
	}
}
