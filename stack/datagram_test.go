package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// With IP_RECVERR a socket that is not connected hears of every error, and what each is about (ip(7)).
func TestErrorQueue(t *testing.T) {
	w := routed(t, 1500)
	h := w.hosts[0]
	fd, _ := h.Socket(SockUDP)
	for _, on := range []int64{0, 1} {
		if err := h.SetSockopt(fd, "IP_RECVERR", on); err != 0 {
			t.Fatal(err.Name())
		}
		h.SetSockopt(fd, "IP_TTL", 1)
		w.send(0, fd, tcp.Endpoint{Addr: wire.V4(10, 0, 1, 2), Port: 33434}, 8)
		w.wait(2 * second)
		e, ok := h.RecvError(fd)
		if ok != (on == 1) {
			t.Fatalf("IP_RECVERR is %d, and an error is there: %v", on, ok)
		}
		if ok && (e.From != wire.V4(10, 0, 0, 254) || e.Port != 33434 || e.Type != wire.ICMPTimeExceeded) {
			t.Errorf("%+v", e)
		}
	}
	if _, ok := h.RecvError(fd); ok {
		t.Error("an error is there twice")
	}
	if _, _, _, err := h.RecvFrom(fd, nil); err != tcp.EAGAIN {
		t.Errorf("recvfrom = %s after the error was read", err.Name())
	}
	if h.SetSockopt(fd, "IP_TTL", 256) != tcp.EINVAL || h.SetSockopt(fd, "TCP_NODELAY", 1) != tcp.ENOPROTOOPT {
		t.Error("a datagram socket takes any option")
	}
	w.nothingHeld()
}

// A socket bound to a device calls to everybody from an interface without an address (RFC 2131 §4.1).
func TestBroadcastWithoutAnAddress(t *testing.T) {
	w := newNet(t, "A", "B")
	w.wire([]uint32{0, 1}, wire.Addr{}, wire.V4(10, 0, 0, 2))
	b := w.udp(1, 67)
	fd := w.udp(0, 68)
	all := tcp.Endpoint{Addr: wire.From4(0xffffffff), Port: 67}
	if _, err := w.hosts[0].SendTo(fd, []byte("x"), all); err != tcp.ENETUNREACH {
		t.Errorf("without a device: %s", err.Name())
	}
	if err := w.hosts[0].BindToDevice(fd, 3); err != tcp.ENODEV {
		t.Errorf("a device that is not there: %s", err.Name())
	}
	w.hosts[0].BindToDevice(fd, 0)
	if _, err := w.hosts[0].SendTo(fd, []byte("x"), all); err != tcp.EACCES {
		t.Errorf("without SO_BROADCAST: %s", err.Name())
	}
	w.hosts[0].SetSockopt(fd, "SO_BROADCAST", 1)
	w.send(0, fd, all, 5)
	w.wait(second)
	if from := w.got(1, b, 5); from != (tcp.Endpoint{Addr: wire.From4(0), Port: 68}) {
		t.Errorf("from %+v", from)
	}
	w.nothingHeld()
}

// Addresses, routes and neighbours come and go while a host runs.
func TestAddressesChange(t *testing.T) {
	w := newNet(t, "A", "B")
	w.wire([]uint32{0, 1}, wire.Addr{}, wire.V4(10, 0, 0, 2))
	h, a, all := w.hosts[0], wire.V4(10, 0, 0, 1), wire.From4(0)
	if len(h.Routes) != 0 {
		t.Fatalf("%+v", h.Routes)
	}
	for i, err := range []tcp.Errno{h.SetAddr4(0, a, 24), h.AddRoute(all, 0, wire.V4(10, 0, 0, 2)), h.SetNeighbor(0, wire.V4(10, 0, 0, 2), w.hosts[1].Ifaces[0].MAC)} {
		if err != 0 {
			t.Errorf("step %d: %s", i, err.Name())
		}
	}
	if err := h.SetAddr4(0, a, 24); err != tcp.EEXIST {
		t.Errorf("a second address: %s", err.Name())
	}
	if r, src, err := h.RouteTo(wire.V4(192, 0, 2, 1)); err != 0 || src != a || r.Via != wire.V4(10, 0, 0, 2) {
		t.Errorf("%+v from %v, %s", r, src, err.Name())
	}
	b := w.udp(1, 7)
	w.send(0, w.udp(0, 8), tcp.Endpoint{Addr: wire.V4(10, 0, 0, 2), Port: 7}, 3)
	w.wait(second)
	w.got(1, b, 3)
	if h.RemoveNeighbor(0, wire.V4(10, 0, 0, 9)) != tcp.ENOENT || h.RemoveRoute(all, 0, wire.V4(10, 0, 0, 9)) != tcp.ESRCH || h.RemoveAddr(0, wire.V4(10, 0, 0, 9)) != tcp.EADDRNOTAVAIL {
		t.Error("what is not there can be removed")
	}
	if h.RemoveNeighbor(0, wire.V4(10, 0, 0, 2)) != 0 || h.RemoveAddr(0, a) != 0 || len(h.Routes) != 0 {
		t.Errorf("%+v", h.Routes)
	}
	if _, _, err := h.RouteTo(wire.V4(10, 0, 0, 2)); err != tcp.ENETUNREACH {
		t.Errorf("without an address: %s", err.Name())
	}
	w.nothingHeld()
}

// A raw packet carries whatever address its sender says (raw(7)).
func TestSendRaw(t *testing.T) {
	w := two(t)
	w.knows()
	from, to := wire.V4(198, 18, 0, 1), ends[1].Addr
	body := make([]byte, wire.TCPLen)
	wire.PutTCP(body, &from, &to, 1, 80, 1, 0, wire.SYN, 100, 0, 0)
	if err := w.hosts[0].SendRaw(wire.ProtoTCP, 9, from, to, body); err != 0 {
		t.Fatal(err.Name())
	}
	w.wait(second)
	if w.hosts[1].Counters.OutRsts != 1 {
		t.Errorf("%d resets: the SYN did not arrive", w.hosts[1].Counters.OutRsts)
	}
	if err := w.hosts[0].SendRaw(wire.ProtoTCP, 9, from, wire.V4(192, 0, 2, 1), body); err != tcp.ENETUNREACH {
		t.Errorf("to nowhere: %s", err.Name())
	}
	w.nothingHeld()
}

// A datagram that must not be cut leaves only if it fits the path; with IP_RECVERR the socket learns how much does.
func TestDatagramsTooLong(t *testing.T) {
	w := newNet(t, "A", "B")
	w.wire([]uint32{0, 1}, wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 2))
	h, fd := w.hosts[0], w.udp(0, 68)
	to := tcp.Endpoint{Addr: wire.V4(10, 0, 0, 2), Port: 9}
	h.SetSockopt(fd, "IP_RECVERR", 1)
	for _, c := range []struct {
		mode int64
		n    int
		want tcp.Errno
	}{{tcp.MTUDo, 1472, 0}, {tcp.MTUDo, 1473, tcp.EMSGSIZE}, {tcp.MTUProbing, 1473, tcp.EMSGSIZE}, {tcp.MTUWant, 1473, 0}, {tcp.MTUDont, 1473, 0}} {
		if err := h.SetSockopt(fd, "IP_MTU_DISCOVER", c.mode); err != 0 {
			t.Fatal(err.Name())
		}
		_, err := h.SendTo(fd, make([]byte, c.n), to)
		e, told := h.RecvError(fd)
		if err != c.want || told != (err != 0) || told && (e.MTU != 1500 || !e.From.IsZero()) {
			t.Errorf("%d bytes in mode %d: %s, %+v", c.n, c.mode, err.Name(), e)
		}
	}
	if err := h.SetSockopt(fd, "IP_MTU_DISCOVER", 9); err != tcp.EINVAL {
		t.Errorf("mode 9: %s", err.Name())
	}
}
