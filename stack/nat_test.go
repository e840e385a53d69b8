package stack

import (
	"strings"
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

var (
	natInside  = wire.V4(192, 168, 0, 2)
	natInside2 = wire.V4(192, 168, 0, 3)
	natPublic  = wire.V4(203, 0, 113, 1)
	natServer  = wire.V4(203, 0, 113, 9)
)

// natNet is two hosts behind a translator, and a server in front of it.
func natNet(t *testing.T) (w *net, in, in2, nat, server *Host) {
	w = newNet(t, "in", "in2", "nat", "server")
	w.wire([]uint32{0, 1, 2}, natInside, natInside2, wire.V4(192, 168, 0, 1))
	w.wire([]uint32{2, 3}, natPublic, natServer)
	in, in2, nat, server = w.hosts[0], w.hosts[1], w.hosts[2], w.hosts[3]
	in.AddRoute(wire.Addr{}, 0, wire.V4(192, 168, 0, 1))
	in2.AddRoute(wire.Addr{}, 0, wire.V4(192, 168, 0, 1))
	for name, v := range map[string]string{"net.ipv4.ip_forward": "1", "wirelab.nat": "2"} {
		if err := nat.SetSysctl(name, v); err != nil {
			t.Fatal(err)
		}
	}
	return w, in, in2, nat, server
}

// connected connects two hosts by TCP and returns both ends.
func (w *net) connected(from, to int, at tcp.Endpoint) (client, conn int32) {
	w.t.Helper()
	a, b := w.hosts[from], w.hosts[to]
	listener, _ := b.Socket(SockTCP)
	b.Bind(listener, tcp.Endpoint{Port: at.Port})
	b.Listen(listener, 1)
	client, _ = a.Socket(SockTCP)
	a.Connect(client, at)
	w.wait(second)
	conn, _, err := b.Accept(listener)
	if err != 0 {
		w.t.Fatalf("accept: %s", err.Name())
	}
	return client, conn
}

// recv returns what has come, and from where.
func recv(h *Host, fd int32) (string, tcp.Endpoint) {
	var b [3000]byte
	n, from, _, err := h.RecvFrom(fd, b[:])
	if err != 0 {
		return err.Name(), tcp.Endpoint{}
	}
	return string(b[:n]), from
}

// A datagram goes out under the translator's address and the answer finds its way back, for as long as the mapping lasts; the
// mapping does not depend on the remote end, but only who was sent to may use it.
func TestNATOfUDP(t *testing.T) {
	w, in, in2, nat, server := natNet(t)
	a, b, s, other := w.udp(0, 5000), w.udp(1, 5000), w.udp(3, 53), w.udp(3, 54)
	send := func(h *Host, fd int32, text string, to tcp.Endpoint) {
		if _, err := h.SendTo(fd, []byte(text), to); err != 0 {
			t.Fatal(err)
		}
		w.wait(100 * oneHop)
	}
	send(in, a, "one", tcp.Endpoint{Addr: natServer, Port: 53})
	got, fromA := recv(server, s)
	if got != "one" || fromA.Addr != natPublic || fromA.Port != 5000 {
		t.Errorf("the server got %q from %v", got, fromA)
	}
	send(in2, b, "two", tcp.Endpoint{Addr: natServer, Port: 53})
	got, fromB := recv(server, s)
	if got != "two" || fromB.Addr != natPublic || fromB.Port == 5000 {
		t.Errorf("the server got %q from %v: that port is taken", got, fromB)
	}
	send(server, s, "back", fromA)
	if got, from := recv(in, a); got != "back" || from.Addr != natServer {
		t.Errorf("the inside got %q from %v", got, from)
	}
	send(server, other, "uninvited", fromA)
	if got, _ := recv(in, a); got != "EAGAIN" {
		t.Errorf("the inside got %q from a port it never sent to", got)
	}
	nat.SetSysctl("wirelab.nat_filter", "1")
	send(server, other, "from another port", fromA)
	if got, _ := recv(in, a); got != "from another port" {
		t.Errorf("filtering by address: the inside got %q", got)
	}
	send(in, a, "three", tcp.Endpoint{Addr: natServer, Port: 54})
	if _, from := recv(server, other); from != fromA {
		t.Errorf("another remote end sees %v, the first one %v", from, fromA)
	}
	send(in2, b, "hairpin", fromA)
	if got, from := recv(in, a); got != "hairpin" || from != fromB {
		t.Errorf("from the inside to the inside by way of outside: %q from %v, want from %v", got, from, fromB)
	}
	if n := len(nat.NAT.Sessions); n != 4 {
		t.Errorf("%d sessions, want 4: %+v", n, nat.NAT.Sessions)
	}
	w.wait(301 * second)
	if n := len(nat.NAT.Sessions); n != 0 {
		t.Errorf("%d sessions after five silent minutes", n)
	}
}

// A connection through the translator: it moves data, its session follows handshake and close, and a datagram too large for one packet passes whole.
func TestNATOfTCPAndFragments(t *testing.T) {
	w, in, _, nat, server := natNet(t)
	client, conn := w.connected(0, 3, tcp.Endpoint{Addr: natServer, Port: 80})
	if s := nat.NAT.Sessions; len(s) != 1 || s[0].State() != "ESTABLISHED" || s[0].Remote.Port != 80 {
		t.Fatalf("%+v", s)
	}
	if r := Restore(nat.State, nat.pool, nat.net, nat.Log); r.ChoreAt != nat.ChoreAt {
		t.Errorf("restored, the next chore is due at %d and not at %d", r.ChoreAt, nat.ChoreAt)
	}
	in.Begin(w.now, w.n)
	in.Write(client, []byte(strings.Repeat("data", 5000)))
	w.wait(second)
	var b [30000]byte
	if n, err := server.Read(conn, b[:]); n != 20000 || err != 0 {
		t.Errorf("%d bytes came through, %v", n, err)
	}
	if got := server.Conn(conn).Remote.Addr; got != natPublic {
		t.Errorf("the server sees %v", got)
	}
	in.Begin(w.now, w.n)
	in.Close(client)
	w.wait(second)
	server.Begin(w.now, w.n)
	server.Close(conn)
	w.wait(second)
	if s := nat.NAT.Sessions; len(s) != 1 || s[0].State() != "TIME_WAIT" {
		t.Errorf("%+v", s)
	}
	a, s := w.udp(0, 5000), w.udp(3, 53)
	in.Begin(w.now, w.n)
	in.SendTo(a, []byte(strings.Repeat("x", 2900)), tcp.Endpoint{Addr: natServer, Port: 53})
	w.wait(second)
	if got, _ := recv(server, s); len(got) != 2900 {
		t.Errorf("of 2900 bytes in fragments came %d: %.20s", len(got), got)
	}
}

// ICMP passes both ways: echo by its identifier, and errors find whom they are about.
func TestNATOfICMP(t *testing.T) {
	w, in, _, nat, _ := natNet(t)
	fd, _ := in.Socket(SockICMP)
	in.Bind(fd, tcp.Endpoint{})
	in.Begin(w.now, w.n)
	in.SendTo(fd, make([]byte, 16), tcp.Endpoint{Addr: natServer, Port: 1})
	w.wait(second)
	if got, from := recv(in, fd); len(got) != 24 || from.Addr != natServer {
		t.Errorf("ping: %d bytes from %v", len(got), from)
	}
	a := w.udp(0, 5000)
	in.Begin(w.now, w.n)
	in.Connect(a, tcp.Endpoint{Addr: natServer, Port: 99})
	in.Write(a, []byte("is anybody there"))
	w.wait(second)
	if got, _ := recv(in, a); got != "ECONNREFUSED" {
		t.Errorf("port unreachable came as %q", got)
	}
	in.Begin(w.now, w.n)
	in.SendTo(fd, make([]byte, 16), tcp.Endpoint{Addr: natPublic, Port: 2})
	w.wait(second)
	if got, from := recv(in, fd); len(got) != 24 || from.Addr != natPublic {
		t.Errorf("ping of the translator itself: %d bytes from %v", len(got), from)
	}
	if n := len(nat.NAT.Sessions); n != 2 {
		t.Errorf("%d sessions, want 2", n)
	}
}
