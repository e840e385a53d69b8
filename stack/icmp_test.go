package stack

import (
	"fmt"
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// routed is A — R — B with an MTU of its own on R's way to B; A and B have the
// default route.
func routed(t *testing.T, mtu uint32) *net {
	w := newNet(t, "A", "R", "B")
	w.wire([]uint32{0, 1}, wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 254))
	w.wire([]uint32{1, 2}, wire.V4(10, 0, 1, 254), wire.V4(10, 0, 1, 1))
	w.hosts[1].Forward = true
	w.hosts[1].Ifaces[1].MTU, w.hosts[2].Ifaces[0].MTU = mtu, mtu
	w.hosts[0].AddRoute(wire.Addr{}, 0, wire.V4(10, 0, 0, 254))
	w.hosts[2].AddRoute(wire.Addr{}, 0, wire.V4(10, 0, 1, 254))
	return w
}

// knows writes down all neighbours, so that no ARP is in the way.
func (w *net) knows() {
	for _, plugs := range w.wires {
		for _, p := range plugs {
			for _, q := range plugs {
				if p != q {
					peer := w.hosts[q.host].Ifaces[q.iface]
					h := w.hosts[p.host]
					h.Neighbors = append(h.Neighbors, Neighbor{Addr: peer.Addr, MAC: peer.MAC, Iface: p.iface, Known: true, Retry: tcp.Never})
				}
			}
		}
	}
}

// A router cannot pass on what must not be cut and is too large: the sender
// learns what fits and cuts the next one itself (RFC 1191).
func TestPathMTU(t *testing.T) {
	w := routed(t, 1000)
	w.knows()
	a, b := w.udp(0, 1000), w.udp(2, 7)
	to := tcp.Endpoint{Addr: wire.V4(10, 0, 1, 1), Port: 7}
	w.hosts[0].Connect(a, to)
	w.send(0, a, to, 1400)
	w.wait(second)
	w.saw("A udp 1400 to 10.0.1.1", "R icmp 3/4 to 10.0.0.1")
	w.got(2, b, -1)
	if e, _ := w.hosts[0].lastError(a); e.MTU != 1000 || w.hosts[0].Sockets[a].Err != tcp.EMSGSIZE {
		t.Errorf("%+v, %v", e, w.hosts[0].Sockets[a].Err)
	}
	w.hosts[0].SendTo(a, nil, to) // takes the error
	w.send(0, a, to, 1400)
	w.wait(second)
	w.saw("A fragment 0+976 of 17", "A fragment 976+432 of 17", "R fragment 0+976 of 17", "R fragment 976+432 of 17")
	w.got(2, b, 1400)
	if got := w.hosts[0].pathMTU(to.Addr); got != 1000 {
		t.Error(got)
	}
	w.wait(mtuExpiresNs) // after ten minutes it tries again (RFC 1191 §6.3)
	if got := w.hosts[0].pathMTU(to.Addr); got != 1500 {
		t.Error(got)
	}
}

func TestLearnMTU(t *testing.T) {
	h := New(0, "A", 1, block.NewPool(), nil, nil)
	h.AddIface("eth0", wire.V4(10, 0, 0, 1), 24)
	for _, c := range []struct{ mtu, want uint32 }{
		{1600, 1500}, // larger: not believed
		{1400, 1400},
		{1450, 1400},      // never larger again
		{100, minPathMTU}, // less than that routers shall cut
		{0, minPathMTU},   // an old router says nothing
	} {
		if got := h.learnMTU(wire.V4(10, 0, 0, 2), c.mtu); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	if h.Paths[0].MayDF {
		t.Error("nobody may cut what does not fit")
	}
	for i := range 2 * maxPaths {
		h.learnMTU(wire.V4(10, 0, 0, byte(i)), 1200)
	}
	if len(h.Paths) > maxPaths {
		t.Errorf("%d paths", len(h.Paths))
	}
}

// raw sends an IPv4 packet as it stands from a host's first interface.
func (w *net) raw(from, to int, b []byte) {
	w.rawTo(from, w.hosts[to].Ifaces[0].MAC, b)
}

func (w *net) rawTo(from int, mac wire.MAC, b []byte) {
	frame := w.pool.New(wire.EthernetLen + len(b))
	data := w.pool.Data(frame)
	copy(data[wire.EthernetLen:], b)
	etherType := uint16(wire.TypeIPv4)
	if b[0]>>4 == 6 {
		etherType = wire.TypeIPv6
	}
	wire.PutEthernet(data, mac, w.hosts[from].Ifaces[0].MAC, etherType)
	w.Transmit(uint32(from), 0, frame, w.hosts[from].why(0, 1))
}

// ipv4 builds a packet; frag is its flags and offset.
func ipv4(src, dst wire.Addr, proto, ttl uint8, frag uint16, options, body []byte) []byte {
	b := append(append(make([]byte, wire.IPv4Len), options...), body...)
	h := wire.IPv4Header{Src: src, Dst: dst, Length: len(b), Flags: frag, TTL: ttl, Protocol: proto}
	h.Put(b)
	if len(options) > 0 {
		b[0] += byte(len(options) / 4)
		b[10], b[11] = 0, 0
		sum := wire.Sum(0).AddBytes(b[:wire.IPv4Len+len(options)]).Fold()
		b[10], b[11] = byte(sum>>8), byte(sum)
	}
	return b
}

// A router cuts what may be cut; options that only the first fragment carries
// are blank in the others (RFC 791 §3.1). It records the address it sends from.
func TestRouterFragments(t *testing.T) {
	w := routed(t, 600)
	w.knows()
	b := w.udp(2, 7)
	body := make([]byte, wire.UDPLen+1300)
	for i := range body[wire.UDPLen:] {
		body[wire.UDPLen+i] = byte(i * 7 >> 3)
	}
	src, dst := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 1, 1)
	wire.PutUDP(body, &src, &dst, 1000, 7)
	record := []byte{7, 7, 4, 0, 0, 0, 0, 0x82, 4, 1, 2, 0} // record route, not copied; one that is copied
	var options [][]byte
	w.drop = func(from int, b []byte) bool {
		if from == 1 {
			options = append(options, wire.IPv4(b[wire.EthernetLen:])[wire.IPv4Len:][:12])
		}
		return false
	}
	w.raw(0, 1, ipv4(src, dst, wire.ProtoUDP, 64, 0, record, body))
	w.wait(second)
	w.saw("A udp 1300 to 10.0.1.1", "R fragment 0+568 of 17", "R fragment 568+568 of 17", "R fragment 1136+172 of 17")
	w.got(2, b, 1300)
	copy(record, []byte{7, 7, 8, 10, 0, 1, 254})
	blank := "[1 1 1 1 1 1 1 130 4 1 2 0]"
	if fmt.Sprint(options[0]) != fmt.Sprint(record) || fmt.Sprint(options[1]) != blank || fmt.Sprint(options[2]) != blank {
		t.Error(options)
	}
}

// When errors are sent, and when they must not be (RFC 1122 §3.2.2).
func TestICMPErrorsMade(t *testing.T) {
	a, r, b, nowhere := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 254), wire.V4(10, 0, 1, 1), wire.V4(192, 0, 2, 1)
	udp := func(src, dst wire.Addr) []byte {
		body := make([]byte, wire.UDPLen)
		wire.PutUDP(body, &src, &dst, 1, 2)
		return body
	}
	icmp := func(typ uint8) []byte {
		body := make([]byte, 36)
		wire.PutICMP(body, typ, 0, 0, 0)
		return body
	}
	for _, c := range []struct {
		name   string
		packet []byte
		want   string
	}{
		{"no such port", ipv4(a, r, wire.ProtoUDP, 9, 0, nil, udp(a, r)), "R icmp 3/3 to 10.0.0.1"},
		{"no such protocol", ipv4(a, r, 99, 9, 0, nil, udp(a, r)), "R icmp 3/2 to 10.0.0.1"},
		{"it has a source route", ipv4(a, r, 99, 9, 0, []byte{0x83, 7, 4, 1, 2, 3, 4, 0}, nil), ""},
		{"its ICMP is of a type nobody knows", ipv4(a, b, wire.ProtoICMP, 1, 0, nil, icmp(42)), ""},
		{"no way", ipv4(a, nowhere, wire.ProtoUDP, 9, 0, nil, udp(a, nowhere)), "R icmp 3/0 to 10.0.0.1"},
		{"its TTL ran out", ipv4(a, b, wire.ProtoUDP, 1, 0, nil, udp(a, b)), "R icmp 11/0 to 10.0.0.1"},
		{"an echo request's did", ipv4(a, b, wire.ProtoICMP, 1, 0, nil, icmp(wire.ICMPEcho)), "R icmp 11/0 to 10.0.0.1"},
		{"an echo reply's did", ipv4(a, b, wire.ProtoICMP, 1, 0, nil, icmp(wire.ICMPEchoReply)), "R icmp 11/0 to 10.0.0.1"},
		{"a first fragment's did", ipv4(a, b, wire.ProtoUDP, 1, wire.IPv4MF, nil, udp(a, b)), "R icmp 11/0 to 10.0.0.1"},
		{"a later fragment's did", ipv4(a, b, wire.ProtoUDP, 1, wire.IPv4MF|9, nil, udp(a, b)), ""},
		{"an error's did", ipv4(a, b, wire.ProtoICMP, 1, 0, nil, icmp(wire.ICMPUnreachable)), ""},
		{"a redirect's did", ipv4(a, b, wire.ProtoICMP, 1, 0, nil, icmp(wire.ICMPRedirect)), ""},
		{"to everybody", ipv4(a, wire.V4(10, 0, 0, 255), wire.ProtoUDP, 9, 0, nil, udp(a, wire.V4(10, 0, 0, 255))), ""},
		{"from nobody", ipv4(wire.From4(0), r, 99, 9, 0, nil, nil), ""},
		{"from everybody", ipv4(wire.V4(10, 0, 0, 255), r, 99, 9, 0, nil, nil), ""},
		{"from a group", ipv4(wire.V4(224, 0, 0, 1), r, 99, 9, 0, nil, nil), ""},
		{"from loopback", ipv4(wire.V4(127, 0, 0, 1), r, 99, 9, 0, nil, nil), ""},
	} {
		w := routed(t, 1500)
		w.knows()
		w.raw(0, 1, c.packet)
		w.sent = nil
		w.wait(oneHop)
		got := ""
		if len(w.sent) > 0 {
			got = w.sent[0]
		}
		if got != c.want || len(w.sent) > 1 {
			t.Errorf("%s: %q", c.name, w.sent)
		}
	}
}

// Six errors at once, then one a second (Linux's icmp_ratelimit); too big is
// always said.
func TestICMPErrorsLimited(t *testing.T) {
	w := routed(t, 1000)
	w.knows()
	a, r, b := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 254), wire.V4(10, 0, 1, 1)
	count := func() (n int) {
		w.wait(oneHop)
		for _, s := range w.sent {
			if s[0] == 'R' {
				n++
			}
		}
		w.sent = nil
		return n
	}
	burst := func(packet []byte) int {
		for range 10 {
			w.raw(0, 1, packet)
		}
		return count()
	}
	lost := ipv4(a, r, 99, 9, 0, nil, nil)
	if n := burst(lost); n != 6 {
		t.Errorf("%d at once", n)
	}
	w.wait(2*second + second/2)
	if n := burst(lost); n != 2 {
		t.Errorf("%d after two seconds", n)
	}
	if n := burst(ipv4(a, b, wire.ProtoUDP, 9, wire.IPv4DF, nil, make([]byte, 1200))); n != 10 {
		t.Errorf("%d of too big", n)
	}
	w.hosts[1].SetSysctl("net.ipv4.icmp_ratelimit", "0")
	if n := burst(lost); n != 10 {
		t.Errorf("%d without a limit", n)
	}
	for i := range 3 * maxReported {
		w.raw(0, 1, ipv4(wire.V4(10, 0, 0, byte(2+i)), r, 99, 9, 0, nil, nil))
	}
	if w.wait(second); len(w.hosts[1].Reports) > maxReported {
		t.Errorf("%d hosts are remembered", len(w.hosts[1].Reports))
	}
}

// Where nobody answers for an address, its packets' senders hear of it: a
// router tells them (RFC 1812 §5.2.7.1), a host tells its own programs.
func TestHostUnreachable(t *testing.T) {
	w := routed(t, 1500)
	for _, dst := range []wire.Addr{wire.V4(10, 0, 1, 9), wire.V4(10, 0, 0, 9)} { // behind R; on A's wire
		fd, _ := w.hosts[0].Socket(SockTCP)
		if err := w.hosts[0].Connect(fd, tcp.Endpoint{Addr: dst, Port: 80}); err != tcp.EINPROGRESS {
			t.Fatal(err)
		}
		w.wait(4 * second)
		if err := w.hosts[0].Connect(fd, tcp.Endpoint{Addr: dst, Port: 80}); err != tcp.EHOSTUNREACH {
			t.Errorf("%v: connect = %s", dst, err.Name())
		}
		w.hosts[0].Close(fd)
	}
	ping, _ := w.hosts[0].Socket(SockICMP)
	w.send(0, ping, tcp.Endpoint{Addr: wire.V4(10, 0, 1, 9), Port: 5}, 56)
	w.wait(4 * second)
	if e, _ := w.hosts[0].lastError(ping); e.From != wire.V4(10, 0, 0, 254) || e.Code != wire.CodeHostUnreachable || e.Port != 5 {
		t.Errorf("%+v", e)
	}
	w.nothingHeld()
}

// What an error does to a connection that is being opened; errors that quote
// nothing of ours do nothing.
func TestICMPErrorsObeyed(t *testing.T) {
	for _, c := range []struct {
		typ, code uint8
		wrong     int // which byte of the quoted packet is changed
		want      tcp.Errno
	}{
		{3, 0, 0, tcp.ENETUNREACH}, {3, 1, 0, tcp.EHOSTUNREACH}, {3, 2, 0, tcp.ENOPROTOOPT}, {3, 3, 0, tcp.ECONNREFUSED},
		{3, 13, 0, tcp.EHOSTUNREACH}, {11, 0, 0, tcp.EHOSTUNREACH}, {12, 0, 0, tcp.EPROTO},
		{3, 4, 0, tcp.EALREADY}, {4, 0, 0, tcp.EALREADY}, {5, 0, 0, tcp.EALREADY},
		{3, 3, 15, tcp.EALREADY}, {3, 3, 19, tcp.EALREADY}, {3, 3, 21, tcp.EALREADY}, {3, 3, 23, tcp.EALREADY}, {3, 3, 6, tcp.EALREADY},
	} {
		w := two(t)
		w.knows()
		var syn []byte
		w.drop = func(from int, b []byte) bool {
			if from == 0 {
				syn = append([]byte{}, b[wire.EthernetLen:]...)
			}
			return from == 0
		}
		fd, _ := w.hosts[0].Socket(SockTCP)
		to := tcp.Endpoint{Addr: ends[1].Addr, Port: 80}
		w.hosts[0].Connect(fd, to)
		body := append(make([]byte, wire.ICMPLen), syn[:28]...)
		if c.wrong > 0 {
			body[wire.ICMPLen+c.wrong] ^= 1
		}
		wire.PutICMP(body, c.typ, c.code, 0, 1400)
		w.raw(1, 0, ipv4(ends[1].Addr, ends[0].Addr, wire.ProtoICMP, 9, 0, nil, body))
		w.wait(2 * oneHop)
		if err := w.hosts[0].Connect(fd, to); err != c.want {
			t.Errorf("%+v: connect = %s", c, err.Name())
		}
	}
}

// lastError returns the last ICMP error that a datagram socket got.
func (h *Host) lastError(fd int32) (ExtError, bool) {
	if s := h.socket(fd); s != nil && len(s.Opts) > 0 && s.Opts[0].Ext != (ExtError{}) {
		return s.Opts[0].Ext, true
	}
	return ExtError{}, false
}
