package stack

import (
	"bytes"
	"fmt"
	"testing"

	"wirelab/stack/seeds"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

const second = 1_000_000_000

// RFC 9293 figure 6, then data both ways.
func TestHandshakeAndEcho(t *testing.T) {
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

// RFC 9293 figure 12: the side that closes first waits for 2 MSL.
func TestCloseAFirst(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	p.sent = nil
	p.must(p.hosts[0].Shutdown(a, false, true))
	p.states(a, b, tcp.FinWait1, tcp.Established)
	p.wait(2 * oneWay)
	p.states(a, b, tcp.FinWait2, tcp.CloseWait)
	p.at()
	if n, err := p.hosts[1].Write(b, []byte("bye\n")); n != 4 || err != 0 { // half-closed: B still talks
		t.Fatalf("write = %d, %v", n, err)
	}
	p.wait(oneWay)
	buf := make([]byte, 10)
	if n, _ := p.hosts[0].Read(a, buf); string(buf[:n]) != "bye\n" {
		t.Errorf("A read %q", buf[:n])
	}
	slot := p.hosts[1].Sockets[b].Conn - 1
	p.must(p.hosts[1].Close(b))
	if s := p.hosts[1].Conns[slot].State; s != tcp.LastAck {
		t.Errorf("B is in %v", s)
	}
	p.wait(2 * oneWay)
	if s := p.hosts[0].Conn(a).State; s != tcp.TimeWait {
		t.Errorf("A is in %v, want TIME_WAIT", s)
	}
	p.wait(59 * second)
	if s := p.hosts[0].Conn(a).State; s != tcp.TimeWait {
		t.Errorf("A is in %v after 59 s", s)
	}
	p.wait(second)
	if s := p.hosts[0].Conn(a).State; s != tcp.Closed {
		t.Errorf("A is in %v after 2 MSL", s)
	}
	p.segments("A F.", "B .", "B P. data", "A .", "B F.", "A .")
}

// RFC 9293 figure 13: both close at once.
func TestSimultaneousClose(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	p.must(p.hosts[0].Shutdown(a, false, true))
	p.must(p.hosts[1].Shutdown(b, false, true))
	p.wait(oneWay)
	p.states(a, b, tcp.Closing, tcp.Closing)
	p.wait(oneWay)
	p.states(a, b, tcp.TimeWait, tcp.TimeWait)
}

// RFC 9293 figure 7: both open at once.
func TestSimultaneousOpen(t *testing.T) {
	p := newPair(t)
	p.at()
	var fds [2]int32
	for i, h := range p.hosts {
		fds[i], _ = h.Socket(SockTCP)
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

// A lost last ACK: the peer repeats its FIN and the wait starts over.
func TestLastAckLost(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	p.must(p.hosts[0].Shutdown(a, false, true))
	p.wait(2 * oneWay)
	p.at()
	dropped := false
	p.harm = func(from int, f *inAir) bool {
		if from == 0 && !dropped {
			dropped = true
			return false
		}
		return true
	}
	slot := p.hosts[1].Sockets[b].Conn - 1
	p.must(p.hosts[1].Close(b))
	p.wait(2 * oneWay)
	first := p.hosts[0].Conn(a).WaitAt
	p.wait(second)
	if s := p.hosts[1].Conns[slot].State; !dropped || s != tcp.Closed {
		t.Errorf("B is in %v", s)
	}
	if again := p.hosts[0].Conn(a).WaitAt; again <= first {
		t.Errorf("the wait did not start over: %d, %d", first, again)
	}
}

// The first SYNs are lost; with tcp_syn_linear_timeouts=0 the waits double.
func TestSynLost(t *testing.T) {
	for _, c := range []struct {
		linear uint8
		want   []int64
	}{{0, []int64{0, 1, 3, 7}}, {4, []int64{0, 1, 2, 3, 4, 5, 7, 11}}} {
		p := newPair(t)
		p.hosts[0].Conf.SynLinearTimeouts = c.linear
		var at []int64
		p.harm = func(int, *inAir) bool { at = append(at, p.now/second); return false }
		p.at()
		fd, _ := p.hosts[0].Socket(SockTCP)
		p.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 1})
		p.run((c.want[len(c.want)-1] + 1) * second)
		if fmt.Sprint(at) != fmt.Sprint(c.want) {
			t.Errorf("SYNs at %v s, want %v", at, c.want)
		}
		p.run(500 * second)
		if c := p.hosts[0].Conn(fd); c.State != tcp.Closed || c.Err != tcp.ETIMEDOUT {
			t.Errorf("in the end %v, %s", c.State, c.Err.Name())
		}
	}
}

// After a SYN was lost the handshake gives no round trip to go by: the first
// timeout is 3 s (RFC 6298 §5.7), and the window starts small once two were lost.
func TestAfterLostSyns(t *testing.T) {
	for _, c := range []struct {
		lost int
		cwnd uint32
	}{{0, 10}, {1, 10}, {2, 1}} {
		p := newPair(t)
		p.hosts[0].Conf.Timestamps, p.hosts[0].Conf.EarlyRetrans = false, 0 // they would tell the round trip, and send a probe
		lost := 0
		p.harm = func(from int, _ *inAir) bool { lost++; return from != 0 || lost > c.lost }
		p.at()
		l, _ := p.hosts[1].Socket(SockTCP)
		p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 1}))
		p.must(p.hosts[1].Listen(l, 5))
		fd, _ := p.hosts[0].Socket(SockTCP)
		p.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 1})
		p.run(5 * second)
		if conn := p.hosts[0].Conn(fd); conn.State != tcp.Established || conn.Cwnd != c.cwnd {
			t.Fatalf("%d lost: %v, cwnd %d, want %d", c.lost, conn.State, conn.Cwnd, c.cwnd)
		}
		if c.lost == 0 {
			continue
		}
		start, at := p.now, []int64(nil)
		p.harm = func(int, *inAir) bool { at = append(at, (p.now-start)/second); return false }
		p.at()
		p.hosts[0].Write(fd, []byte("x"))
		p.run(start + 22*second)
		if got := fmt.Sprint(at); got != "[0 3 9 21]" {
			t.Errorf("%d lost: the data is sent at %s s", c.lost, got)
		}
	}
}

// A peer that is gone: Linux gives up 924.6 s after the first repeat.
func TestRetries2(t *testing.T) {
	for _, c := range []struct {
		retries uint8
		seconds int64
	}{{15, 924}, {8, 102}, {3, 3}} {
		p := newPair(t)
		p.hosts[0].Conf.Retries2 = c.retries
		a, _, _ := p.connect()
		p.harm = func(int, *inAir) bool { return false }
		start := p.now
		p.hosts[0].Write(a, []byte("x"))
		p.run(start + c.seconds*second)
		if conn := p.hosts[0].Conn(a); conn.State != tcp.Established {
			t.Errorf("tcp_retries2 %d: it gave up before %d s", c.retries, c.seconds)
		}
		p.run(start + (c.seconds*2+121)*second)
		if conn := p.hosts[0].Conn(a); conn.State != tcp.Closed || conn.Err != tcp.ETIMEDOUT {
			t.Errorf("tcp_retries2 %d: %v at %d s", c.retries, conn.State, (p.now-start)/second)
		}
	}
}

func TestConnectToClosedPort(t *testing.T) {
	p := newPair(t)
	p.at()
	fd, _ := p.hosts[0].Socket(SockTCP)
	p.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 9})
	p.wait(second)
	p.segments("A S", "B R.")
	if c := p.hosts[0].Conn(fd); c.State != tcp.Closed || c.Err != tcp.ECONNREFUSED {
		t.Errorf("%v, %s", c.State, c.Err.Name())
	}
}

func TestCloseWithUnreadDataResets(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	p.hosts[0].Write(a, []byte("unread"))
	p.wait(oneWay)
	p.sent = nil
	p.at()
	p.must(p.hosts[1].Close(b))
	p.wait(oneWay)
	p.segments("B R.")
	if c := p.hosts[0].Conn(a); c.State != tcp.Closed || c.Err != tcp.ECONNRESET {
		t.Errorf("%v, %s", c.State, c.Err.Name())
	}
}

// A reader that stops closes the window; probes keep the connection alive, and
// the window opens again when it reads.
func TestZeroWindow(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	data := bytes.Repeat([]byte("0123456789"), 20000)
	n, _ := p.hosts[0].Write(a, data)
	if n != len(data) {
		t.Fatalf("write = %d", n)
	}
	p.wait(3600 * second)
	c := p.hosts[0].Conn(a)
	if c.SndWnd != 0 || c.State != tcp.Established || c.Backoff == 0 {
		t.Fatalf("after an hour: window %d, %v, back-off %d", c.SndWnd, c.State, c.Backoff)
	}
	if got := p.readAll(b, len(data)); !bytes.Equal(got, data) {
		t.Errorf("got %d bytes of %d, or others", len(got), len(data))
	}
}

// readAll reads want bytes on B, as they come.
func (p *pair) readAll(b int32, want int) (got []byte) {
	buf := make([]byte, 4096)
	for idle := 0; len(got) < want && idle < 20000; {
		p.at()
		n, err := p.hosts[1].Read(b, buf)
		got = append(got, buf[:n]...)
		if n == 0 {
			if err != tcp.EAGAIN {
				break
			}
			idle++
			p.wait(oneWay)
		}
	}
	return got
}

// Whatever is lost, delayed, doubled or damaged, the bytes arrive once and in
// order, both ends close, and no block is left over.
func TestTransferUnderFaults(t *testing.T) {
	for seed := range seeds.Range(t, 60) {
		p := newPair(t)
		x := seed
		p.harm = func(from int, f *inAir) bool {
			x = mix(x, uint64(p.now))
			switch r := x >> 8 % 100; {
			case r < 4:
				return false
			case r < 8:
				f.at += int64(x>>40%30) * 1_000_000
			case r < 10:
				p.pool.Retain(f.frame)
				p.air = append(p.air, *f)
			case r < 12:
				f.frame = p.pool.Own(f.frame)
				b := p.pool.Data(f.frame)
				b[wire.EthernetLen+x>>20%uint64(len(b)-wire.EthernetLen)] ^= 1 << (x >> 60 % 8)
			}
			return true
		}
		p.at()
		l, _ := p.hosts[1].Socket(SockTCP)
		p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 1}))
		p.must(p.hosts[1].Listen(l, 5))
		a, _ := p.hosts[0].Socket(SockTCP)
		p.hosts[0].Connect(a, tcp.Endpoint{Addr: ends[1].Addr, Port: 1})
		p.wait(100 * second)
		p.at()
		b, _, err := p.hosts[1].Accept(l)
		if err != 0 {
			t.Fatalf("seed %d: accept: %s", seed, err.Name())
		}
		data := make([]byte, 300_000)
		for i := range data {
			data[i] = byte(mix(seed, uint64(i)))
		}
		if n, err := p.hosts[0].Write(a, data); n != len(data) {
			t.Fatalf("seed %d: write = %d, %s", seed, n, err.Name())
		}
		p.must(p.hosts[0].Shutdown(a, false, true))
		if got := p.readAll(b, len(data)); !bytes.Equal(got, data) {
			t.Fatalf("seed %d: got %d bytes of %d, or others", seed, len(got), len(data))
		}
		p.wait(second)
		p.at()
		p.must(p.hosts[1].Close(b))
		p.must(p.hosts[0].Close(a))
		p.must(p.hosts[1].Close(l))
		p.wait(1000 * second)
		for _, h := range p.hosts {
			if len(h.FreeConns) != len(h.Conns) {
				t.Errorf("seed %d: %s holds %d connections", seed, h.Name, len(h.Conns)-len(h.FreeConns))
			}
		}
		if blocks, _ := p.pool.Live(); blocks != 0 {
			t.Errorf("seed %d: %d blocks left over", seed, blocks)
		}
	}
}
