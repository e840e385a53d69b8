package stack

import (
	"slices"
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

func addr(s string) wire.Addr {
	a, err := wire.ParseAddr(s)
	if err != nil {
		panic(err)
	}
	return a
}

// ends6 are the static addresses of A and B.
var ends6 = [2]tcp.Endpoint{{Addr: addr("2001:db8::1")}, {Addr: addr("2001:db8::2")}}

// two6 is hosts A and B on one wire with one static address each, which nobody objected to.
func two6(t *testing.T) *net {
	w := two(t)
	for i, e := range ends6 {
		if err := w.hosts[i].AddAddr6(0, e.Addr, 64); err != 0 {
			t.Fatal(err)
		}
	}
	w.wait(30 * second)
	w.sent = nil
	return w
}

// A host without IPv6 neither sends nor hears any of it.
func TestIPv6IsOff(t *testing.T) {
	w := two(t)
	w.hosts[1].AddAddr6(0, ends6[1].Addr, 64)
	w.wait(60 * second)
	for _, s := range w.sent {
		if s[0] == 'A' {
			t.Error(s)
		}
	}
	fd, _ := w.hosts[0].Socket(SockTCP)
	if err := w.hosts[0].Connect(fd, ends6[1]); err != tcp.ENETUNREACH {
		t.Error(err.Name())
	}
	if d := min(w.hosts[0].NextDeadline(), w.hosts[1].NextDeadline()); d != tcp.Never {
		t.Errorf("an idle net has something to do at %d", d)
	}
}

// What one host says when it begins: it asks for its addresses, then for routers
// (RFC 4862 §5.4, RFC 4861 §6.3.7).
func TestIPv6Begins(t *testing.T) {
	w := two(t)
	h := w.hosts[0]
	h.SetSysctl("net.ipv6.conf.all.disable_ipv6", "0")
	h.AddAddr6(0, ends6[0].Addr, 64)
	local := addr("fe80::ff:fe00:0")
	if h.isOwn(local) || h.isOwn(ends6[0].Addr) {
		t.Error("an address is used that somebody may have")
	}
	w.wait(1000 * ms)
	if len(w.sent) != 2 {
		t.Errorf("%q", w.sent)
	}
	w.wait(1100 * ms)
	if !h.isOwn(local) || !h.isOwn(ends6[0].Addr) {
		t.Errorf("%+v", h.Ifaces[0].Addrs)
	}
	w.wait(20 * second)
	count := map[string]int{}
	for _, s := range w.sent {
		count[s]++
	}
	if count["A nd has anybody fe80::ff:fe00:0?"] != 1 || count["A nd has anybody 2001:db8::1?"] != 1 || count["A nd routers?"] != 3 || len(w.sent) != 5 {
		t.Errorf("%q", w.sent)
	}
	h.SetSysctl("net.ipv6.conf.all.disable_ipv6", "1")
	if h.isOwn(local) || len(h.Ifaces[0].Addrs) != 0 || h.way(ends6[1].Addr).reachable {
		t.Error("IPv6 is still there")
	}
}

// An address that somebody has is never used (RFC 4862 §5.4.3, §5.4.4): whether
// he has had it for long, or asks for it at the same time.
func TestDuplicateAddress(t *testing.T) {
	for _, late := range []int64{30 * second, 0} {
		w := two(t)
		x := addr("2001:db8::77")
		w.hosts[0].AddAddr6(0, x, 64)
		w.wait(late)
		w.hosts[1].AddAddr6(0, x, 64)
		w.wait(5 * second)
		if a := w.hosts[1].Ifaces[0].address(x); late > 0 && a.State != AddrDuplicate || w.hosts[1].isOwn(x) && w.hosts[0].isOwn(x) {
			t.Errorf("%+v", a)
		}
		if a, ok := w.hosts[1].Ifaces[0].linkLocal(); !ok {
			t.Errorf("%v is of no use any more", a)
		}
	}
}

// The largest datagram, a ping of 4,000 bytes and an answer that nobody listens.
func TestUDPAndEchoOverIPv6(t *testing.T) {
	w := two6(t)
	a, b := w.udp(0, 1000), w.udp(1, 7)
	to := tcp.Endpoint{Addr: ends6[1].Addr, Port: 7}
	w.send(0, a, to, 1452)
	w.wait(second)
	w.saw("A nd who has 2001:db8::2?", "B nd 2001:db8::2 is here", "A udp 1452 to 2001:db8::2")
	if from := w.got(1, b, 1452); from != (tcp.Endpoint{Addr: ends6[0].Addr, Port: 1000}) {
		t.Error(from)
	}
	w.send(0, a, to, 1453)
	w.wait(second)
	w.saw("A fragment 0+1448 of 17", "A fragment 1448+13 of 17")
	w.got(1, b, 1453)
	w.send(0, a, to, maxDatagram)
	w.wait(second)
	w.got(1, b, maxDatagram)

	fd, _ := w.hosts[0].Socket(SockICMP)
	w.send(0, fd, tcp.Endpoint{Addr: ends6[1].Addr, Port: 1}, 4000)
	w.wait(second)
	if n, from, ttl, err := w.hosts[0].RecvFrom(fd, make([]byte, 5000)); n != 4008 || err != 0 || from != (tcp.Endpoint{Addr: ends6[1].Addr, Port: 1}) || ttl != 64 {
		t.Errorf("%d bytes from %v, hop limit %d, %s", n, from, ttl, err.Name())
	}
	w.hosts[0].Connect(a, tcp.Endpoint{Addr: ends6[1].Addr, Port: 8})
	w.sent = nil
	w.hosts[0].Write(a, []byte("x"))
	w.wait(2 * oneHop)
	w.saw("A udp 1 to 2001:db8::2", "B icmp6 1/4 to 2001:db8::1")
	if _, _, _, err := w.hosts[0].RecvFrom(a, nil); err != tcp.ECONNREFUSED {
		t.Error(err.Name())
	}
	w.nothingHeld()
}

// The same TCP, over either version, to one listener; its segments are smaller
// by what the header is larger.
func TestTCPOverBoth(t *testing.T) {
	w := two6(t)
	l, _ := w.hosts[1].Socket(SockTCP)
	w.hosts[1].Bind(l, tcp.Endpoint{Port: 7})
	w.hosts[1].Listen(l, 5)
	for i, to := range []wire.Addr{ends[1].Addr, ends6[1].Addr} {
		fd, _ := w.hosts[0].Socket(SockTCP)
		if err := w.hosts[0].Connect(fd, tcp.Endpoint{Addr: to, Port: 7}); err != tcp.EINPROGRESS {
			t.Fatal(err.Name())
		}
		w.wait(second)
		child, from, err := w.hosts[1].Accept(l)
		if err != 0 || from.Addr != [2]wire.Addr{ends[0].Addr, ends6[0].Addr}[i] {
			t.Fatal(from, err)
		}
		data := make([]byte, 100_000)
		for j := range data {
			data[j] = byte(j * 31 >> 4)
		}
		sent, got := 0, 0
		largest := 0
		w.drop = func(from int, b []byte) bool {
			largest = max(largest, len(b)-wire.EthernetLen)
			return false
		}
		buf := make([]byte, 1<<16)
		for range 1000 {
			n, _ := w.hosts[0].Write(fd, data[sent:])
			sent += n
			w.wait(2 * oneHop)
			n, _ = w.hosts[1].Read(child, buf)
			if string(buf[:n]) != string(data[got:got+n]) {
				t.Fatal("other bytes than were sent")
			}
			got += n
		}
		if got != len(data) || largest != 1500 {
			t.Errorf("%v: %d bytes arrived in packets of up to %d", to, got, largest)
		}
		w.hosts[0].Close(fd)
		w.hosts[1].Close(child)
	}
	fd, _ := w.hosts[0].Socket(SockTCP)
	w.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends6[1].Addr, Port: 9})
	w.wait(second)
	if err := w.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends6[1].Addr, Port: 9}); err != tcp.ECONNREFUSED {
		t.Error(err.Name())
	}
}

// A neighbour that does not answer (RFC 4861 §7.2.2).
func TestAddressUnreachable(t *testing.T) {
	w := two6(t)
	to := tcp.Endpoint{Addr: addr("2001:db8::99"), Port: 7}
	fd, _ := w.hosts[0].Socket(SockTCP)
	w.hosts[0].Connect(fd, to)
	w.wait(4 * second)
	if err := w.hosts[0].Connect(fd, to); err != tcp.EHOSTUNREACH {
		t.Error(err.Name())
	}
	if w.sent[0] != "A nd who has 2001:db8::99?" || len(w.sent) != 3 {
		t.Errorf("%q", w.sent)
	}
	w.nothingHeld()
}

// routed6 is A — R — B, where R tells both of their prefixes.
func routed6(t *testing.T, mtu uint32) *net {
	w := routed(t, 1500)
	for i := range uint32(2) {
		prefix := addr([]string{"2001:db8:0:1::", "2001:db8:0:2::"}[i])
		own := prefix
		own[15] = 0xfe
		w.hosts[1].AddAddr6(i, own, 64)
		c := DefaultRouterConf(prefix)
		if i == 1 && mtu != 1500 {
			w.hosts[1].Ifaces[1].MTU6 = mtu
			c.LinkMTU = mtu
		}
		if err := w.hosts[1].Advertise(i, c); err != 0 {
			t.Fatal(err)
		}
	}
	for _, i := range []int{0, 2} {
		w.hosts[i].SetSysctl("net.ipv6.conf.all.disable_ipv6", "0")
	}
	w.wait(10 * second)
	return w
}

func (w *net) auto(host int) wire.Addr {
	w.t.Helper()
	for _, a := range w.hosts[host].Ifaces[0].Addrs {
		if a.Auto && a.State == AddrPreferred {
			return a.Addr
		}
	}
	w.t.Fatalf("%s made no address: %+v", w.hosts[host].Name, w.hosts[host].Ifaces[0].Addrs)
	return wire.Addr{}
}

// Hosts make their addresses from what a router says, reach each other by way
// of it, and learn what the smaller link beyond it carries (RFC 4862 §5.5, RFC 8201).
func TestRouterAndPathMTU(t *testing.T) {
	w := routed6(t, 1280)
	if got := w.auto(0); got != addr("2001:db8:0:1:0:ff:fe00:0") {
		t.Error(got)
	}
	if got := w.hosts[2].linkMTU(0, false); got != 1280 {
		t.Errorf("B's link carries %d", got)
	}
	to := tcp.Endpoint{Addr: w.auto(2), Port: 7}
	a, b := w.udp(0, 1000), w.udp(2, 7)
	w.send(0, a, to, 100)
	w.wait(second)
	w.got(2, b, 100)
	w.sent = nil
	w.send(0, a, to, 1400)
	w.wait(second)
	x := w.auto(0).String()
	w.saw("A udp 1400 to "+to.Addr.String(), "R nd who has "+x+"?", "A nd "+x+" is here", "R icmp6 2/0 to "+x)
	w.send(0, a, to, 1400)
	w.wait(second)
	w.got(2, b, 1400)
	if got := w.hosts[0].pathMTU(to.Addr); got != 1280 {
		t.Error(got)
	}
	if got := w.hosts[0].learnMTU(to.Addr, 1279); got != 1280 {
		t.Errorf("less than the least was believed: %d", got)
	}
	for _, c := range []struct{ to, want string }{
		{"2001:db8:9::1", "R icmp6 1/0 to " + x},
		{"2001:db8:0:2::99", "R icmp6 1/3 to " + x},
	} {
		w.sent = nil
		w.send(0, a, tcp.Endpoint{Addr: addr(c.to), Port: 7}, 1)
		w.wait(5 * second)
		if !slices.Contains(w.sent, c.want) {
			t.Errorf("%q, want %q", w.sent, c.want)
		}
	}
}

// What a router advertised does not last for ever, and it can take it back.
func TestLifetimes(t *testing.T) {
	w := routed6(t, 1500)
	h, x := w.hosts[0], w.auto(0)
	w.hosts[1].Ifaces[0].Router.On = false
	line := h.Ifaces[0].address(x)
	w.wait(14500 * second)
	if line.State != AddrDeprecated {
		t.Errorf("after four hours %+v", line)
	}
	if h.way(addr("2001:db8:9::1")).reachable {
		t.Error("the default route outlives the router")
	}
	if src, _ := h.sourceFor(addr("2001:db8:0:1::99")); src != x {
		t.Error(src)
	}
	w.wait(86400 * second)
	if h.isOwn(x) || h.way(addr("2001:db8:0:1::99")).reachable {
		t.Errorf("after a day %+v", h.Ifaces[0].Addrs)
	}
	if d := h.NextDeadline(); d != tcp.Never {
		t.Errorf("something is to happen at %d", d)
	}
}

// An advertisement does not cut a valid address below two hours (RFC 4862 §5.5.3 (e)).
func TestTwoHours(t *testing.T) {
	w := routed6(t, 1500)
	h := w.hosts[0]
	for _, c := range []struct {
		sec  uint32
		want int64
	}{{0, 7200}, {100, 7200}, {10_000, 10_000}, {7000, 7200}, {0xffffffff, 0}, {100, 7200}} {
		h.learnPrefix(0, wire.PrefixInfo{Prefix: addr("2001:db8:0:1::"), Bits: 64, Flags: wire.PrefixAutonomous, ValidSec: c.sec})
		want := w.now + c.want*second
		if c.want == 0 {
			want = tcp.Never
		}
		if got := h.Ifaces[0].Addrs[1].ValidUntil; got != want {
			t.Errorf("%d s: %d s", c.sec, (got-w.now)/second)
		}
	}
}

// Static addresses and routes, by way of a router's global or link-local address.
func TestStaticRoutes(t *testing.T) {
	for _, via := range []string{"2001:db8:0:1::fe", "fe80::ff:fe00:100"} {
		w := routed(t, 1500)
		for i, a := range []string{"2001:db8:0:1::1", "2001:db8:0:1::fe", "2001:db8:0:2::1"} {
			w.hosts[i].AddAddr6(0, addr(a), 64)
		}
		r := w.hosts[1]
		r.AddAddr6(1, addr("2001:db8:0:2::fe"), 64)
		r.SetSysctl("net.ipv6.conf.all.forwarding", "1")
		if err := w.hosts[0].AddRoute(wire.Addr{}, 0, addr(via)); err != 0 {
			t.Fatal(err.Name())
		}
		if err := w.hosts[2].AddRoute(addr("2001:db8:0:1::"), 64, addr("2001:db8:0:2::fe")); err != 0 {
			t.Fatal(err.Name())
		}
		for _, c := range []struct {
			dst, via string
			prefix   uint8
			want     tcp.Errno
		}{
			{"2001:db8:9::", "2001:db8:8::1", 48, tcp.ENETUNREACH}, {"2001:db8:9::", "2001:db8:0:2::fe", 129, tcp.EINVAL}, {"2001:db8:9::", "10.0.1.254", 48, tcp.EINVAL},
		} {
			if err := w.hosts[2].AddRoute(addr(c.dst), c.prefix, addr(c.via)); err != c.want {
				t.Errorf("%+v: %s", c, err.Name())
			}
		}
		w.wait(5 * second)
		fd, _ := w.hosts[0].Socket(SockICMP)
		w.send(0, fd, tcp.Endpoint{Addr: addr("2001:db8:0:2::1"), Port: 1}, 56)
		w.wait(second)
		if n, _, hops, err := w.hosts[0].RecvFrom(fd, make([]byte, 100)); n != 64 || hops != 63 {
			t.Errorf("via %s: %d bytes, hop limit %d, %s", via, n, hops, err.Name())
		}
	}
}
