package tcp_test

import (
	"bytes"
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// A window of 65535 << 14 bytes is filled: windows are unsigned and of 32 bits (MUST-1, REC-1).
func TestLargestWindow(t *testing.T) {
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

// A receiver whose program reads byte by byte does not open the window byte by byte: by a segment
// or half the buffer, whichever is less (SWS avoidance, RFC 9293 §3.8.6.2.2, MUST-39).
func TestSillyWindow(t *testing.T) {
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

// Acknowledging a segment byte by byte opens the window no faster than acknowledging it whole (RFC 3465 §2.1, RFC 5681 §3.1).
func TestACKDivision(t *testing.T) {
	p := newPair(t)
	a, _, _ := p.connect()
	h := p.hosts[0]
	c := h.Conn(a)
	p.harm = func(int, *inAir) bool { return false }
	h.Write(a, make([]byte, 100_000))
	una, cwnd := c.SndUna, c.Cwnd
	ack := func(n uint32) { p.inject(0, ends[1].Addr, 7788, c.Local.Port, c.RcvNxt, una+n, wire.ACK, nil) }
	for n := uint32(10); n < c.SndMSS; n += 10 {
		ack(n)
	}
	if c.Cwnd != cwnd {
		t.Errorf("%d ACKs of parts of a segment opened the window from %d to %d", c.SndMSS/10, cwnd, c.Cwnd)
	}
	ack(c.SndMSS)
	if c.Cwnd != cwnd+1 {
		t.Errorf("the whole segment makes the window %d, want %d", c.Cwnd, cwnd+1)
	}
}
