package stack

import (
	"bytes"
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// transfer moves n bytes from A to B and checks that they arrive.
func (p *pair) transfer(a, b int32, n int) {
	p.t.Helper()
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i * 31 >> 3)
	}
	var got []byte
	buf := make([]byte, 65536)
	for sent, end := 0, p.now+600*second; len(got) < n && p.now < end; {
		p.at()
		for sent < n {
			k, err := p.hosts[0].Write(a, data[sent:])
			if err != 0 || k == 0 {
				break
			}
			sent += k
		}
		for {
			k, err := p.hosts[1].Read(b, buf)
			if err != 0 || k == 0 {
				break
			}
			got = append(got, buf[:k]...)
		}
		p.sent = p.sent[:0]
		p.wait(5_000_000)
	}
	if !bytes.Equal(got, data) {
		p.t.Fatalf("%d of %d bytes arrived, or others", len(got), n)
	}
}

// Sequence numbers wrap in the middle of a transfer, with losses around it (RFC 9293 §3.4).
func TestSequenceNumbersWrap(t *testing.T) {
	for _, isn := range []string{"4294867296", "4294967295", "2147433647"} {
		p := newPair(t)
		for _, h := range p.hosts {
			if err := h.SetSysctl("wirelab.isn", isn); err != nil {
				t.Fatal(err)
			}
		}
		a, b, _ := p.connect()
		n := 0
		p.harm = func(int, *inAir) bool { n++; return n%37 != 0 }
		p.transfer(a, b, 300_000)
	}
}

// A window of 65535 << 14 bytes is filled: windows are unsigned and of 32 bits (MUST-1, REC-1).
func TestTheLargestWindow(t *testing.T) {
	p := newPair(t)
	for _, h := range p.hosts {
		for _, name := range []string{"wirelab.rmem_bytes", "wirelab.wmem_bytes"} {
			if err := h.SetSysctl(name, "1073741824"); err != nil {
				t.Fatal(err)
			}
		}
	}
	a, b, _ := p.connect()
	if s := p.hosts[1].Conn(b).RcvScale; s != 14 {
		t.Errorf("the scale is %d, want 14", s)
	}
	p.transfer(a, b, 4_000_000)
}

// Initial sequence numbers: a clock of 4 µs for one pair of ends, anything for others and for another
// seed (RFC 6528 §3, MUST-8, MUST-9).
func TestInitialSequenceNumbers(t *testing.T) {
	isn := func(seed uint64, at int64, port uint16) uint32 {
		p := newPair(t)
		h := New(0, "A", seed, p.pool, p, nil)
		h.AddIface("eth0", ends[0].Addr, 24)
		h.Introduce(p.hosts[1])
		h.Begin(at, 0)
		fd, _ := h.Socket(SockTCP)
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
func TestEphemeralPorts(t *testing.T) {
	ports := func(seed uint64) (list []uint16) {
		p := newPair(t)
		h := New(0, "A", seed, p.pool, p, nil)
		h.AddIface("eth0", ends[0].Addr, 24)
		h.Introduce(p.hosts[1])
		h.Begin(0, 0)
		for i := range 1000 {
			fd, _ := h.Socket(SockTCP)
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

// What cannot be opened (MUST-41, MUST-46, MUST-57, MUST-63).
func TestOpensThatFail(t *testing.T) {
	p := newPair(t)
	h := p.hosts[0]
	p.at()
	for _, to := range []wire.Addr{wire.V4(224, 0, 0, 1), wire.V4(255, 255, 255, 255), wire.V4(10, 0, 0, 255), {}} {
		fd, _ := h.Socket(SockTCP)
		if err := h.Connect(fd, tcp.Endpoint{Addr: to, Port: 1}); err == tcp.EINPROGRESS || err == 0 {
			t.Errorf("connect to %v = %v", to, err)
		}
	}
	var fds [2]int32
	for i := range fds {
		fds[i], _ = h.Socket(SockTCP)
		h.Sockets[fds[i]].Local, h.Sockets[fds[i]].Bound = tcp.Endpoint{Port: 5000}, true
	}
	if err := h.Connect(fds[0], tcp.Endpoint{Addr: ends[1].Addr, Port: 9}); err != tcp.EINPROGRESS {
		t.Fatal(err)
	}
	if err := h.Connect(fds[1], tcp.Endpoint{Addr: ends[1].Addr, Port: 9}); err != tcp.EADDRNOTAVAIL {
		t.Errorf("the second connection between the same ends: %v", err)
	}
}

// A receiver whose program reads byte by byte does not open the window byte by byte: by a segment
// or half the buffer, whichever is less (SWS avoidance, RFC 9293 §3.8.6.2.2, MUST-39).
func TestReadingByteByByteOpensNoSillyWindows(t *testing.T) {
	p := newPair(t)
	for _, h := range p.hosts {
		h.SetSysctl("net.ipv4.tcp_window_scaling", "0")
		h.SetSysctl("net.ipv4.tcp_moderate_rcvbuf", "0")
		h.SetSysctl("wirelab.rmem_bytes", "16000")
	}
	a, b, _ := p.connect()
	p.hosts[0].Write(a, make([]byte, 100_000))
	p.wait(second)
	last := p.hosts[1].Conn(b).RcvWup + p.hosts[1].Conn(b).RcvWnd
	opened := 0
	for range 20_000 {
		p.at()
		var one [1]byte
		if n, _ := p.hosts[1].Read(b, one[:]); n == 0 {
			p.wait(5_000_000)
		}
		c := p.hosts[1].Conn(b)
		edge := c.RcvWup + c.RcvWnd
		if d := int32(edge - last); d < 0 {
			t.Fatalf("the right edge moved back by %d", -d)
		} else if d > 0 {
			opened++
			if d < int32(min(c.RcvMSS, c.RcvBufMax/2)) {
				t.Fatalf("the window opened by %d bytes", d)
			}
		}
		last = edge
		p.sent = p.sent[:0]
	}
	if opened == 0 {
		t.Error("the window never opened")
	}
}

// A flood of SYNs takes a bounded amount of memory, and a client that means it still gets through, with its segment size;
// a cookie that was forged or is too old is refused (RFC 4987).
func TestSynFlood(t *testing.T) {
	p := newPair(t)
	server := p.hosts[1]
	p.at()
	l, _ := server.Socket(SockTCP)
	p.must(server.Bind(l, tcp.Endpoint{Port: 80}))
	p.must(server.Listen(l, 5))
	answers := 0
	p.harm = func(from int, _ *inAir) bool { answers++; return false }
	for i := range 10_000 {
		src := wire.V4(10, 0, 0, byte(3+i%200))
		p.inject(1, src, uint16(1024+i), 80, uint32(i)*7919, 0, wire.SYN, nil)
	}
	if n := len(server.Conns); n > 10 {
		t.Errorf("10,000 SYNs made %d connections", n)
	}
	if server.Counters.SyncookiesSent < 9000 {
		t.Errorf("%d cookies were sent", server.Counters.SyncookiesSent)
	}
	for i := range 5000 { // guesses
		p.inject(1, wire.V4(10, 0, 0, 9), uint16(2000+i), 80, 1, uint32(i)*1_000_003, wire.ACK, nil)
	}
	if server.Counters.SyncookiesRecv > 0 || len(server.Conn(l).Ready) > 0 {
		t.Error("a forged cookie was taken")
	}
	p.harm = nil
	p.at()
	a, _ := p.hosts[0].Socket(SockTCP)
	p.must(p.hosts[0].SetSockopt(a, "TCP_MAXSEG", 1300))
	p.hosts[0].Connect(a, tcp.Endpoint{Addr: ends[1].Addr, Port: 80})
	p.wait(3 * oneWay)
	p.at()
	b, _, err := server.Accept(l)
	if err != 0 {
		t.Fatalf("the client that means it does not get through: %v", err)
	}
	c := server.Conn(b)
	if c.SndMSS != 1300-12 || !c.SackOn || !c.ScaleOn || !c.TS.On {
		t.Errorf("of its options is left: mss %d, SACK %v, scale %v, timestamps %v", c.SndMSS, c.SackOn, c.ScaleOn, c.TS.On)
	}
	p.transfer(a, b, 100_000)
}

// inject lets host i receive a segment that nobody of ours sent.
func (p *pair) inject(i int, src wire.Addr, from, to uint16, seq, ack uint32, flags uint8, data []byte) {
	frame := p.pool.New(wire.EthernetLen + wire.IPv4Len + wire.TCPLen + len(data))
	b := p.pool.Data(frame)
	h := p.hosts[i]
	wire.PutEthernet(b, h.Ifaces[0].MAC, wire.MAC{2, 9, 9, 9, 9, 9}, wire.TypeIPv4)
	ip := b[wire.EthernetLen:]
	copy(ip[wire.IPv4Len+wire.TCPLen:], data)
	hdr := wire.IPv4Header{Src: src, Dst: ends[i].Addr, Length: len(ip), TTL: 64, Protocol: wire.ProtoTCP}
	hdr.Put(ip)
	wire.PutTCP(ip[wire.IPv4Len:], &src, &ends[i].Addr, from, to, seq, ack, flags, 1000, 0, 0)
	h.Begin(p.now, 0)
	h.HandleFrame(p.now, 0, frame)
}

// A stranger who knows the addresses and ports but not the numbers cannot end a connection, put data into it or make it
// answer without end (RFC 5961, RFC 6528).
func TestBlindAttack(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	port := p.hosts[1].Conn(b).Remote.Port
	before := p.hosts[1].Conn(b).Segs.SegsOut
	x, long := uint64(1), uint32(0)
	for range 200_000 {
		x = mix(x, 77)
		flags := []uint8{wire.RST, wire.SYN, wire.ACK, wire.RST | wire.ACK, wire.FIN | wire.ACK, wire.SYN | wire.ACK}[x%6]
		var data []byte
		if x>>8%4 == 0 && flags&(wire.RST|wire.SYN) == 0 {
			data = []byte("evil")
		}
		if len(data) > 0 || flags&wire.FIN != 0 {
			long++
		}
		p.inject(1, ends[0].Addr, port, 7788, uint32(x>>16), uint32(x>>32), flags, data)
		p.sent = p.sent[:0]
	}
	c := p.hosts[1].Conn(b)
	if c.State != tcp.Established || c.RcvQueued > 0 || c.FinReceived {
		t.Fatalf("the connection is in %v with %d bytes that nobody sent", c.State, c.RcvQueued)
	}
	if n := c.Segs.SegsOut - before; n > long+10 { // what carries something out of the window is acknowledged each time (RFC 9293 §3.10.7.4)
		t.Errorf("%d answers to %d segments with something in them and 200,000 in all", n, long)
	}
	p.air = nil
	p.transfer(a, b, 50_000)
}

// A FIN that the window held back is sent when the data before it is acknowledged; until then nobody takes it for acknowledged.
func TestAFINThatHadToWait(t *testing.T) {
	p := newPair(t)
	p.must2(p.hosts[0].SetSysctl("wirelab.stop_and_wait", "1"))
	a, b, _ := p.connect()
	p.sent = nil
	p.hosts[0].Write(a, []byte("last words"))
	p.must(p.hosts[0].Shutdown(a, false, true))
	p.states(a, b, tcp.FinWait1, tcp.Established)
	p.wait(second)
	p.states(a, b, tcp.FinWait2, tcp.CloseWait)
	p.segments("A P. data", "B .", "A F.", "B .")
}

func (p *pair) must2(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// A connection in TIME-WAIT makes room for another between the same ends if tcp_tw_reuse allows it and timestamps tell
// them apart, a second later (RFC 6191).
func TestTimeWaitMakesRoom(t *testing.T) {
	for _, x := range []struct {
		reuse string
		wait  int64
		err   tcp.Errno
	}{{"0", 5 * second, tcp.EADDRNOTAVAIL}, {"1", second / 2, tcp.EADDRNOTAVAIL}, {"1", 5 * second, tcp.EINPROGRESS}} {
		p := newPair(t)
		h := p.hosts[0]
		p.must2(h.SetSysctl("net.ipv4.tcp_tw_reuse", x.reuse))
		a, b, _ := p.connect()
		port, last := h.Conn(a).Local.Port, h.Conn(a)
		p.must(h.Close(a))
		p.wait(2 * oneWay)
		p.at()
		p.must(p.hosts[1].Close(b))
		p.wait(2 * oneWay)
		if last.State != tcp.TimeWait {
			t.Fatal(last.State)
		}
		end := last.SndNxt
		p.wait(x.wait)
		p.at()
		fd, _ := h.Socket(SockTCP)
		p.must(h.Bind(fd, tcp.Endpoint{Port: port}))
		if err := h.Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 7788}); err != x.err {
			t.Errorf("tcp_tw_reuse %s, %d ms later: %v, want %v", x.reuse, x.wait/1_000_000, err, x.err)
		}
		if x.err == tcp.EINPROGRESS {
			if got := h.Conn(fd).ISS - end; got != 65537 {
				t.Errorf("it begins %d behind the old numbers", int32(got))
			}
			p.wait(3 * oneWay)
			if got := h.Conn(fd).State; got != tcp.Established {
				t.Errorf("it is in %v", got)
			}
		}
	}
}
