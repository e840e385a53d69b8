package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Whom a router answers, and whose packets it passes on. Measured on Linux 6.18 with rp_filter=2; without it, the
// broadcast addresses of networks pass.
func TestMartians(t *testing.T) {
	a, r, b := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 254), wire.V4(10, 0, 1, 1)
	everybody := wire.From4(0xffffffff)
	for _, c := range []struct {
		src, dst wire.Addr
		heard    bool
	}{
		{a, r, true}, {a, b, true},
		{wire.V4(127, 0, 0, 1), r, false}, {wire.V4(127, 0, 0, 1), b, false},
		{wire.From4(0), r, false}, {wire.From4(0), b, false},
		{wire.V4(224, 0, 0, 1), r, false}, {wire.V4(239, 7, 7, 7), b, false},
		{r, r, false}, {r, b, false}, {wire.V4(10, 0, 1, 254), r, false}, {wire.V4(10, 0, 1, 254), b, false},
		{everybody, r, false}, {everybody, b, false},
		{wire.V4(10, 0, 0, 255), r, false}, {wire.V4(10, 0, 1, 255), b, false},
		{wire.V4(0, 1, 2, 3), r, true}, {wire.V4(0, 1, 2, 3), b, true}, {wire.V4(240, 0, 0, 1), b, true},
		{a, wire.V4(127, 0, 0, 1), false}, {a, wire.From4(0), false}, {a, wire.V4(239, 7, 7, 7), false},
	} {
		w := routed(t, 1500)
		w.knows()
		w.hosts[1].AddRoute(wire.Addr{}, 0, a)
		n := 0
		w.drop = func(from int, _ []byte) bool {
			n += from
			return from == 1
		}
		w.raw(0, 1, ipv4(c.src, c.dst, wire.ProtoICMP, 64, 0, nil, echoRequest()))
		w.wait(oneHop)
		if (n > 0) != c.heard {
			t.Errorf("%v to %v: %d packets follow", c.src, c.dst, n)
		}
		w.nothingHeld()
	}
}

// A frame to everybody on the link with a packet to one host: an echo request is answered, nothing else is, and
// nothing is passed on. Measured on Linux 6.18, with ff:ff:ff:ff:ff:ff and 01:00:5e:00:00:01.
func TestGroupFrames(t *testing.T) {
	a, r, b := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 254), wire.V4(10, 0, 1, 1)
	for _, mac := range []wire.MAC{wire.Broadcast, {1, 0, 0x5e, 0, 0, 1}} {
		for _, dst := range []wire.Addr{r, b} {
			syn, udp := make([]byte, wire.TCPLen), make([]byte, wire.UDPLen)
			wire.PutTCP(syn, &a, &dst, 99, 99, 1, 0, wire.SYN, 0, 0, 0)
			wire.PutUDP(udp, &a, &dst, 99, 99)
			for _, c := range []struct {
				name    string
				packet  []byte
				answers int
			}{
				{"echo", ipv4(a, dst, wire.ProtoICMP, 64, 0, nil, echoRequest()), 1},
				{"TCP", ipv4(a, dst, wire.ProtoTCP, 64, 0, nil, syn), 0},
				{"UDP", ipv4(a, dst, wire.ProtoUDP, 64, 0, nil, udp), 0},
				{"protocol 200", ipv4(a, dst, 200, 64, 0, nil, nil), 0},
				{"TTL 1 and protocol 200", ipv4(a, dst, 200, 1, 0, nil, nil), 0},
				{"an option of length 0", ipv4(a, dst, 200, 64, 0, []byte{7, 0, 0, 0}, nil), 0},
			} {
				want := c.answers
				if dst == b {
					want = 0
				}
				w := routed(t, 1500)
				w.knows()
				n := 0
				w.drop = func(from int, _ []byte) bool {
					n += from
					return from == 1
				}
				w.rawTo(0, mac, c.packet)
				if w.wait(oneHop); n != want {
					t.Errorf("%s to %v in a frame to %v: %d packets follow, want %d", c.name, dst, mac, n, want)
				}
				if w.wait(second); w.hosts[1].linkGroup {
					t.Error("the frame is over")
				}
			}
		}
	}
}

// TOS, DF and identification of answers, as measured on Linux 6.18: echo replies have the TOS of the request, errors
// network control with the low bits of it, resets it without ECN; only resets have DF, and no identification.
func TestHeadersOfAnswers(t *testing.T) {
	a, r := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 254)
	syn, udp := make([]byte, wire.TCPLen), make([]byte, wire.UDPLen)
	wire.PutTCP(syn, &a, &r, 99, 99, 1, 0, wire.SYN, 0, 0, 0)
	wire.PutUDP(udp, &a, &r, 99, 99)
	for _, c := range []struct {
		name      string
		proto     uint8
		body      []byte
		tos, want uint8
		flags     uint16
	}{
		{"echo", wire.ProtoICMP, echoRequest(), 0, 0, 0}, {"echo", wire.ProtoICMP, echoRequest(), 0x10, 0x10, 0}, {"echo", wire.ProtoICMP, echoRequest(), 0xff, 0xff, 0},
		{"error", wire.ProtoUDP, udp, 0, 0xc0, 0}, {"error", wire.ProtoUDP, udp, 0x10, 0xd0, 0}, {"error", wire.ProtoUDP, udp, 0xb8, 0xd8, 0}, {"error", wire.ProtoUDP, udp, 0xff, 0xde, 0},
		{"reset", wire.ProtoTCP, syn, 0, 0, wire.IPv4DF}, {"reset", wire.ProtoTCP, syn, 0xff, 0xfc, wire.IPv4DF},
	} {
		w := routed(t, 1500)
		w.knows()
		var got []wire.IPv4
		w.drop = func(from int, b []byte) bool {
			if from == 1 {
				got = append(got, append(wire.IPv4{}, b[wire.EthernetLen:]...))
			}
			return from == 1
		}
		for range 2 {
			b := wire.IPv4(ipv4(a, r, c.proto, 64, wire.IPv4DF, nil, c.body))
			b[1] = c.tos
			b.MendChecksum()
			w.raw(0, 1, b)
		}
		w.wait(oneHop)
		if len(got) != 2 {
			t.Fatalf("%s: %d answers", c.name, len(got))
		}
		if p := got[0]; p.TOS() != c.want || p.Flags() != c.flags {
			t.Errorf("%s about TOS %#x: TOS %#x, flags %#x", c.name, c.tos, p.TOS(), p.Flags())
		}
		first, second := got[0].ID(), got[1].ID()
		if c.proto == wire.ProtoTCP && first|second != 0 || c.proto != wire.ProtoTCP && second != first+1 {
			t.Errorf("%s: identifications %d and %d", c.name, first, second)
		}
	}
}

// A counter of identifications goes on by one, and by less than a random number of the ticks since; other peers and
// protocols have others.
func TestIdentify(t *testing.T) {
	h := New(0, "A", 1, nil, nil, nil)
	a, b := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 2)
	first := h.identify(a, b, wire.ProtoUDP)
	if got := h.identify(a, b, wire.ProtoUDP); got != first+1 {
		t.Errorf("%d after %d", got, first)
	}
	if x, y := h.identify(b, a, wire.ProtoUDP), h.identify(a, b, wire.ProtoICMP); x == first+2 || y == first+2 {
		t.Errorf("%d and %d are counted with %d", x, y, first)
	}
	last, jumps := h.identify(a, b, wire.ProtoUDP), 0
	for range 50 {
		h.env.Now += 100 * identTickNs
		got := h.identify(a, b, wire.ProtoUDP)
		step := got - last
		if step < 1 || step > 100 {
			t.Fatalf("%d after %d", got, last)
		}
		if step > 1 {
			jumps++
		}
		last = got
	}
	if jumps < 40 {
		t.Errorf("only %d of 50 steps are larger than one", jumps)
	}
}

// The way back takes less than the way there: a router there cuts the echo reply, which has no DF.
func TestEchoReplyIsCut(t *testing.T) {
	w := routed(t, 1500)
	w.knows()
	w.hosts[1].Ifaces[0].MTU = 800
	ping, _ := w.hosts[0].Socket(SockICMP)
	w.send(0, ping, tcp.Endpoint{Addr: wire.V4(10, 0, 1, 1), Port: 1}, 1100)
	w.wait(second)
	w.saw("A icmp 8/0 to 10.0.1.1", "R icmp 8/0 to 10.0.1.1", "B icmp 0/0 to 10.0.0.1", "R fragment 0+776 of 1", "R fragment 776+332 of 1")
	if n, from, _, err := w.hosts[0].RecvFrom(ping, make([]byte, 2000)); n != wire.ICMPLen+1100 || err != 0 || from.Addr != wire.V4(10, 0, 1, 1) {
		t.Errorf("recvfrom = %d from %v, %v", n, from.Addr, err)
	}
}
