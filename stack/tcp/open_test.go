package tcp_test

import (
	"fmt"
	"testing"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// RFC 9293 figure 6, then data both ways.
func TestHandshake(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	p.segments("A S", "B S.", "A .")
	buf := make([]byte, 100)
	if _, err := p.hosts[1].Read(b, buf); err != tcp.EAGAIN {
		t.Errorf("read of nothing = %v", err)
	}
	if n, err := p.hosts[0].Write(a, []byte("hello\n")); n != 6 || err != 0 {
		t.Fatalf("write = %d, %v", n, err)
	}
	p.wait(oneWay)
	if n, _ := p.hosts[1].Read(b, buf); string(buf[:n]) != "hello\n" {
		t.Errorf("B read %q", buf[:n])
	}
	if n, err := p.hosts[1].Write(b, buf[:6]); n != 6 || err != 0 {
		t.Fatalf("write = %d, %v", n, err)
	}
	p.wait(5 * oneWay)
	if n, _ := p.hosts[0].Read(a, buf); string(buf[:n]) != "hello\n" {
		t.Errorf("A read %q", buf[:n])
	}
	p.segments("A P. data", "B .", "B P. data", "A .") // the first segments are acknowledged at once
	p.sent = nil
	p.at()
	p.hosts[0].Write(a, []byte("again\n"))
	p.wait(oneWay)
	p.hosts[1].Read(b, buf)
	p.at()
	p.hosts[1].Write(b, buf[:6])
	p.wait(oneWay)
	p.hosts[0].Read(a, buf)
	p.wait(second)
	p.segments("A P. data", "B P. data", "A .") // now that B is known to answer, its answer carries the ACK
}

// RFC 9293 figure 7: both open at once.
func TestOpenBoth(t *testing.T) {
	p := newPair(t)
	p.at()
	var fds [2]int32
	for i, h := range p.hosts {
		fds[i], _ = h.Socket(stack.SockTCP)
		p.must(h.Bind(fds[i], tcp.Endpoint{Port: 100}))
	}
	for i, h := range p.hosts {
		h.Connect(fds[i], tcp.Endpoint{Addr: ends[1-i].Addr, Port: 100})
	}
	p.wait(oneWay)
	p.states(fds[0], fds[1], tcp.SynReceived, tcp.SynReceived)
	p.wait(2 * oneWay)
	p.states(fds[0], fds[1], tcp.Established, tcp.Established)
}

// The first SYNs are lost; with tcp_syn_linear_timeouts=0 the waits double.
func TestSynLost(t *testing.T) {
	for _, c := range []struct {
		linear uint8
		want   []int64
	}{{0, []int64{0, 1, 3, 7}}, {4, []int64{0, 1, 2, 3, 4, 5, 7, 11}}} {
		t.Run(fmt.Sprintf("linear=%d", c.linear), func(t *testing.T) {
			p := newPair(t)
			p.hosts[0].Conf.SynLinearTimeouts = c.linear
			var at []int64
			p.harm = func(int, *inAir) bool { at = append(at, p.now/second); return false }
			p.at()
			fd, _ := p.hosts[0].Socket(stack.SockTCP)
			p.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 1})
			p.run((c.want[len(c.want)-1] + 1) * second)
			if fmt.Sprint(at) != fmt.Sprint(c.want) {
				t.Errorf("SYNs at %v s, want %v", at, c.want)
			}
			p.run(500 * second)
			if c := p.hosts[0].Conn(fd); c.State != tcp.Closed || c.Err != tcp.ETIMEDOUT {
				t.Errorf("in the end %v, %s", c.State, c.Err.Name())
			}
		})
	}
}

// After a SYN was lost the handshake gives no round trip to go by: the first
// timeout is 3 s (RFC 6298 §5.7), and the window starts small once two were lost.
func TestAfterLostSyns(t *testing.T) {
	for _, c := range []struct {
		lost int
		cwnd uint32
	}{{0, 10}, {1, 10}, {2, 1}} {
		t.Run(fmt.Sprintf("lost=%d", c.lost), func(t *testing.T) {
			p := newPair(t)
			p.hosts[0].Conf.Timestamps, p.hosts[0].Conf.EarlyRetrans = false, 0 // they would tell the round trip, and send a probe
			lost := 0
			p.harm = func(from int, _ *inAir) bool { lost++; return from != 0 || lost > c.lost }
			p.at()
			l, _ := p.hosts[1].Socket(stack.SockTCP)
			p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 1}))
			p.must(p.hosts[1].Listen(l, 5))
			fd, _ := p.hosts[0].Socket(stack.SockTCP)
			p.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 1})
			p.run(5 * second)
			if conn := p.hosts[0].Conn(fd); conn.State != tcp.Established || conn.Cwnd != c.cwnd {
				t.Fatalf("%d lost: %v, cwnd %d, want %d", c.lost, conn.State, conn.Cwnd, c.cwnd)
			}
			if c.lost == 0 {
				return
			}
			start, at := p.now, []int64(nil)
			p.harm = func(int, *inAir) bool { at = append(at, (p.now-start)/second); return false }
			p.at()
			p.hosts[0].Write(fd, []byte("x"))
			p.run(start + 22*second)
			if got := fmt.Sprint(at); got != "[0 3 9 21]" {
				t.Errorf("%d lost: the data is sent at %s s", c.lost, got)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	p := newPair(t)
	p.at()
	fd, _ := p.hosts[0].Socket(stack.SockTCP)
	p.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 9})
	p.wait(second)
	p.segments("A S", "B R.")
	if c := p.hosts[0].Conn(fd); c.State != tcp.Closed || c.Err != tcp.ECONNREFUSED {
		t.Errorf("%v, %s", c.State, c.Err.Name())
	}
}

// What cannot be opened (MUST-41, MUST-46, MUST-57, MUST-63).
func TestOpenFails(t *testing.T) {
	p := newPair(t)
	h := p.hosts[0]
	p.at()
	for _, to := range []wire.Addr{wire.V4(224, 0, 0, 1), wire.V4(255, 255, 255, 255), wire.V4(10, 0, 0, 255), {}} {
		t.Run("to="+to.String(), func(t *testing.T) {
			fd, _ := h.Socket(stack.SockTCP)
			if err := h.Connect(fd, tcp.Endpoint{Addr: to, Port: 1}); err == tcp.EINPROGRESS || err == 0 {
				t.Errorf("connect to %v = %v", to, err)
			}
		})
	}
	var fds [2]int32
	for i := range fds {
		fds[i], _ = h.Socket(stack.SockTCP)
		h.Sockets[fds[i]].Local, h.Sockets[fds[i]].Bound = tcp.Endpoint{Port: 5000}, true
	}
	if err := h.Connect(fds[0], tcp.Endpoint{Addr: ends[1].Addr, Port: 9}); err != tcp.EINPROGRESS {
		t.Fatal(err)
	}
	if err := h.Connect(fds[1], tcp.Endpoint{Addr: ends[1].Addr, Port: 9}); err != tcp.EADDRNOTAVAIL {
		t.Errorf("the second connection between the same ends: %v", err)
	}
}

// Initial sequence numbers: a clock of 4 µs for one pair of ends, anything for others and for another
// seed (RFC 6528 §3, MUST-8, MUST-9).
func TestISN(t *testing.T) {
	isn := func(seed uint64, at int64, port uint16) uint32 {
		p := newPair(t)
		h := stack.New(0, "A", seed, p.pool, p, nil)
		h.AddIface("eth0", ends[0].Addr, 24)
		h.Introduce(p.hosts[1])
		h.Begin(at, 0)
		fd, _ := h.Socket(stack.SockTCP)
		p.must(h.Bind(fd, tcp.Endpoint{Port: 5000}))
		if err := h.Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: port}); err != tcp.EINPROGRESS {
			t.Fatal(err)
		}
		return h.Conn(fd).ISS
	}
	first := isn(1, 0, 80)
	if got := isn(1, 10*second, 80) - first; got != 10*second/4000 {
		t.Errorf("ten seconds later the number is %d higher, want %d", got, 10*second/4000)
	}
	if isn(1, 0, 80) != first {
		t.Error("the same seed gives another number")
	}
	seen := map[uint32]bool{first: true}
	for port := uint16(81); port < 181; port++ {
		n := isn(1, 0, port)
		if seen[n] || n-first < 1<<16 {
			t.Errorf("port %d: %d is close to the first, or was there before", port, n)
		}
		seen[n] = true
	}
	if isn(2, 0, 80)-first < 1<<16 {
		t.Error("another seed gives a number close by")
	}
}

// Ephemeral ports: in range, none twice while in use, not one after the other for
// different peers, the same for the same seed (RFC 6056 §3.3.3).
func TestPorts(t *testing.T) {
	ports := func(seed uint64) (list []uint16) {
		p := newPair(t)
		h := stack.New(0, "A", seed, p.pool, p, nil)
		h.AddIface("eth0", ends[0].Addr, 24)
		h.Introduce(p.hosts[1])
		h.Begin(0, 0)
		for i := range 1000 {
			fd, _ := h.Socket(stack.SockTCP)
			h.Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: uint16(1 + i%250)})
			list = append(list, h.Conn(fd).Local.Port)
		}
		return list
	}
	list := ports(3)
	used, next := map[uint16]bool{}, 0
	for i, port := range list {
		if port < 32768 || port > 60999 {
			t.Fatalf("port %d", port)
		}
		if used[port] {
			t.Fatalf("port %d is chosen twice", port)
		}
		if used[port] = true; i > 0 && port == list[i-1]+1 {
			next++
		}
	}
	if next > 20 {
		t.Errorf("%d of 1000 ports are the one after the last", next)
	}
	if again, other := ports(3), ports(4); again[999] != list[999] || other[0] == list[0] {
		t.Error("the seed does not decide")
	}
}

// Nobody connects to everybody (RFC 9293 §3.9.2.3, MUST-57): what is sent to a
// broadcast address is dropped without an answer.
func TestBroadcast(t *testing.T) {
	p := newPair(t)
	p.at()
	l, _ := p.hosts[1].Socket(stack.SockTCP)
	p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 7}))
	p.must(p.hosts[1].Listen(l, 5))
	for _, dst := range []wire.Addr{wire.From4(0xffffffff), wire.V4(10, 0, 0, 255)} {
		t.Run(dst.String(), func(t *testing.T) {
			for _, flags := range []uint8{wire.SYN, wire.ACK, wire.SYN | wire.ACK} {
				frame := p.craft(1, tcp.Endpoint{Addr: ends[0].Addr, Port: 1000}, tcp.Endpoint{Addr: dst, Port: 7}, 1, 1, flags, nil, nil)
				wire.PutEthernet(p.pool.Data(frame), wire.Broadcast, wire.MAC{2}, wire.TypeIPv4)
				p.arrive(1, frame)
			}
			p.segments()
			if n, _ := p.pool.Live(); n != 0 || len(p.hosts[1].Conns) != 1 {
				t.Errorf("%d blocks are held, %d connections began", n, len(p.hosts[1].Conns)-1)
			}
		})
	}
}
