package tcp_test

import (
	"testing"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// A flood of SYNs takes a bounded amount of memory, and a client that means it still gets through, with its segment size;
// a cookie that was forged or is too old is refused (RFC 4987).
func TestSynFlood(t *testing.T) {
	p := newPair(t)
	server := p.hosts[1]
	p.at()
	l, _ := server.Socket(stack.SockTCP)
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
	a, _ := p.hosts[0].Socket(stack.SockTCP)
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
