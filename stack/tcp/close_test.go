package tcp_test

import (
	"fmt"
	"testing"

	"wirelab/stack"
	"wirelab/stack/tcp"
)

// RFC 9293 figure 12: the side that closes first waits for 2 MSL.
func TestCloseFirst(t *testing.T) {
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
func TestCloseBoth(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	p.must(p.hosts[0].Shutdown(a, false, true))
	p.must(p.hosts[1].Shutdown(b, false, true))
	p.wait(oneWay)
	p.states(a, b, tcp.Closing, tcp.Closing)
	p.wait(oneWay)
	p.states(a, b, tcp.TimeWait, tcp.TimeWait)
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

func TestCloseUnread(t *testing.T) {
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

// A FIN that the window held back is sent when the data before it is acknowledged; until then nobody takes it for acknowledged.
func TestFINWaits(t *testing.T) {
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

// A connection in TIME-WAIT makes room for another between the same ends if tcp_tw_reuse allows it and timestamps tell
// them apart, a second later (RFC 6191).
func TestTimeWaitReuse(t *testing.T) {
	for _, x := range []struct {
		reuse string
		wait  int64
		err   tcp.Errno
	}{{"0", 5 * second, tcp.EADDRNOTAVAIL}, {"1", second / 2, tcp.EADDRNOTAVAIL}, {"1", 5 * second, tcp.EINPROGRESS}} {
		t.Run(fmt.Sprintf("reuse=%s/%dms", x.reuse, x.wait/1_000_000), func(t *testing.T) {
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
			fd, _ := h.Socket(stack.SockTCP)
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
		})
	}
}

func TestAbort(t *testing.T) {
	p := newPair(t)
	fd, _, _ := p.connect()
	h := p.hosts[0]
	if err := h.Abort(fd); err != 0 {
		t.Fatal(err)
	}
	if _, err := h.Read(fd, make([]byte, 9)); err != tcp.ECONNABORTED {
		t.Error(err)
	}
	if err := h.Abort(fd); err != tcp.ENOTCONN {
		t.Error(err)
	}
	if err := h.Abort(99); err != tcp.EBADF {
		t.Error(err)
	}
	if err := h.AbortBetween(tcp.Endpoint{}, tcp.Endpoint{Port: 1}); err != tcp.ENOENT {
		t.Error(err)
	}
	if h.Counters.OutRsts != 1 {
		t.Error(h.Counters.OutRsts)
	}
}

// A connection that its program has closed can be ended, too: nothing is left of it.
func TestAbortOrphan(t *testing.T) {
	p := newPair(t)
	fd, _, _ := p.connect()
	h := p.hosts[0]
	local, remote := h.Conn(fd).Local, h.Conn(fd).Remote
	h.Close(fd)
	if err := h.AbortBetween(local, remote); err != 0 {
		t.Error(err)
	}
	if c := h.ConnBetween(local, remote); c != nil {
		t.Error(c.State)
	}
}
