package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// A host talks to itself by any of its addresses, and nothing of it is on a wire.
func TestLoopback(t *testing.T) {
	w := two6(t)
	h := w.hosts[0]
	l, _ := h.Socket(SockTCP)
	h.Bind(l, tcp.Endpoint{Port: 7})
	h.Listen(l, 5)
	for _, a := range []wire.Addr{ends[0].Addr, wire.V4(127, 0, 0, 1), wire.V4(127, 1, 2, 3), ends6[0].Addr, addr("::1")} {
		to := tcp.Endpoint{Addr: a, Port: 7}
		fd, _ := h.Socket(SockTCP)
		h.Connect(fd, to)
		w.wait(ms)
		child, from, err := h.Accept(l)
		if err != 0 || from.Addr != a {
			t.Fatalf("%v: accept = %v, %s", a, from, err.Name())
		}
		h.Write(fd, []byte("to myself"))
		w.wait(100 * ms)
		b := make([]byte, 100)
		if n, _ := h.Read(child, b); string(b[:n]) != "to myself" {
			t.Errorf("%v: %q", a, b[:n])
		}
		ping, _ := h.Socket(SockICMP)
		w.send(0, ping, tcp.Endpoint{Addr: a, Port: 1}, 3000) // in fragments
		w.wait(ms)
		if n, from, _, err := h.RecvFrom(ping, make([]byte, 5000)); n != 3008 || from.Addr != a {
			t.Errorf("%v: %d bytes from %v, %s", a, n, from, err.Name())
		}
		udp := w.udp(0, 0)
		h.Connect(udp, tcp.Endpoint{Addr: a, Port: 99})
		h.Write(udp, []byte("x"))
		w.wait(ms)
		if _, _, _, err := h.RecvFrom(udp, b); err != tcp.ECONNREFUSED {
			t.Errorf("%v: %s", a, err.Name())
		}
		h.Close(fd)
		h.Close(child)
	}
	w.wait(100 * second)
	w.saw()
	w.nothingHeld()
}

// Nobody else speaks to loopback addresses, or from them (RFC 1122 §3.2.1.3 (g)).
func TestLoopbackOnAWire(t *testing.T) {
	lo, a, b := wire.V4(127, 0, 0, 1), ends[0].Addr, ends[1].Addr
	for _, p := range [][]byte{
		ipv4(a, lo, wire.ProtoICMP, 9, 0, nil, echo(nil)), ipv4(lo, b, wire.ProtoICMP, 9, 0, nil, echo(nil)),
		ipv4(b, b, wire.ProtoICMP, 9, 0, nil, echo(nil)), // from B itself, it says
		icmp6(ends6[0].Addr, addr("::1"), 9, wire.ICMPv6Echo, 0, 1), icmp6(addr("::1"), ends6[1].Addr, 9, wire.ICMPv6Echo, 0, 1),
	} {
		w := two6(t)
		w.knows()
		w.raw(0, 1, p)
		w.sent = nil
		w.wait(second)
		w.saw()
	}
}

// echo builds an echo request.
func echo(data []byte) []byte {
	b := append(make([]byte, wire.ICMPLen), data...)
	wire.PutICMP(b, wire.ICMPEcho, 0, 1, 1)
	return b
}
