package tcp_test

import (
	"bytes"
	"fmt"
	"testing"
	"unsafe"

	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/seeds"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// Sequence numbers wrap in the middle of a transfer, with losses around it (RFC 9293 §3.4).
func TestWrap(t *testing.T) {
	for _, isn := range []string{"4294867296", "4294967295", "2147433647"} {
		t.Run("isn="+isn, func(t *testing.T) {
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
		})
	}
}

// Whatever is lost, delayed, doubled or damaged, the bytes arrive once and in
// order, both ends close, and no block is left over.
func TestFaults(t *testing.T) {
	for seed := range seeds.Range(t, 60) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
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
			l, _ := p.hosts[1].Socket(stack.SockTCP)
			p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 1}))
			p.must(p.hosts[1].Listen(l, 5))
			a, _ := p.hosts[0].Socket(stack.SockTCP)
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
		})
	}
}

// A peer that is gone: Linux gives up 924.6 s after the first repeat.
func TestRetries2(t *testing.T) {
	for _, c := range []struct {
		retries uint8
		seconds int64
	}{{15, 924}, {8, 102}, {3, 3}} {
		t.Run(fmt.Sprint(c.retries), func(t *testing.T) {
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
		})
	}
}

// The user timeout option: both ends wait as long as the one that waits longer, within limits (RFC 5482 §3.1).
func TestUserTimeout(t *testing.T) {
	p := newPair(t)
	for _, h := range p.hosts {
		p.must2(h.SetSysctl("wirelab.user_timeout_option", "1"))
	}
	p.at()
	l, _ := p.hosts[1].Socket(stack.SockTCP)
	p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 7}))
	p.must(p.hosts[1].SetSockopt(l, "TCP_USER_TIMEOUT", 60_000))
	p.must(p.hosts[1].Listen(l, 1))
	a, _ := p.hosts[0].Socket(stack.SockTCP)
	p.must(p.hosts[0].SetSockopt(a, "TCP_USER_TIMEOUT", 40_000_000)) // 11 hours: told in minutes
	p.hosts[0].Connect(a, tcp.Endpoint{Addr: ends[1].Addr, Port: 7})
	p.wait(3 * oneWay)
	b, _, err := p.hosts[1].Accept(l)
	p.must(err)
	if got := p.hosts[0].Conn(a).UserTimeoutMs; got != 40_000_000 {
		t.Errorf("A waits %d ms", got)
	}
	if got := p.hosts[1].Conn(b).UserTimeoutMs; got != 39_960_000 { // whole minutes
		t.Errorf("B waits %d ms", got)
	}
}

// TTL and type of service are what a program sets (MUST-48, MUST-49, SHLD-22); options of IP change nothing (MUST-50 to MUST-53).
func TestTTLAndTOS(t *testing.T) {
	p := newPair(t)
	a, b, _ := p.connect()
	p.must(p.hosts[0].SetSockopt(a, "IP_TTL", 7))
	p.must(p.hosts[0].SetSockopt(a, "IP_TOS", 0xb8|3))
	p.harm = func(from int, f *inAir) bool {
		ip, _ := f.ip(p)
		if from == 0 && (ip.TTL() != 7 || ip.TOS() != 0xb8) { // the two low bits are TCP's
			t.Errorf("TTL %d, type of service %#x", ip.TTL(), ip.TOS())
		}
		if from == 0 { // an option that nobody knows, and one to end the list; source routes are dropped, as by Linux
			f.frame = withIPOption(p, f.frame, []byte{130, 7, 4, 9, 9, 9, 9, 0})
		}
		return true
	}
	p.transfer(a, b, 20_000)
}

// withIPOption returns the frame with an option behind its IP header.
func withIPOption(p *pair, frame block.Handle, option []byte) block.Handle {
	old := append([]byte{}, p.pool.Data(frame)...)
	p.pool.Release(frame)
	at := wire.EthernetLen + wire.IPv4Len
	b := append(append(append([]byte{}, old[:at]...), option...), old[at:]...)
	ip := b[wire.EthernetLen:]
	ip[0] = 0x40 | byte((wire.IPv4Len+len(option))/4)
	ip[2], ip[3] = byte(len(ip)>>8), byte(len(ip))
	ip[10], ip[11] = 0, 0
	sum := wire.Sum(0).AddBytes(ip[:wire.IPv4Len+len(option)]).Fold()
	ip[10], ip[11] = byte(sum>>8), byte(sum)
	return p.pool.From(b)
}

// An established connection that nobody uses costs at most 1.2 KB of state: its control
// block, its socket, its place in the timer queue and one slot of the retransmission queue.
func TestIdleSize(t *testing.T) {
	bytes := unsafe.Sizeof(tcp.Conn{}) + unsafe.Sizeof(stack.Socket{}) + unsafe.Sizeof(timer.Item{}) + 4 + unsafe.Sizeof(tcp.Sent{})
	if bytes > 1200 {
		t.Errorf("%d bytes: Conn %d, Socket %d", bytes, unsafe.Sizeof(tcp.Conn{}), unsafe.Sizeof(stack.Socket{}))
	}
	p := newPair(t)
	fd, _, _ := p.connect()
	p.run(p.now + second)
	if c := p.hosts[0].Conn(fd); len(c.Sacks) > 0 || len(c.Cubic) > 0 || len(c.BBR) > 0 || len(c.Rtx.Buf) > 1 || len(c.RcvBuf.Buf) > 0 {
		t.Errorf("an idle connection holds more: %d, %d, %d, %d, %d", len(c.Sacks), len(c.Cubic), len(c.BBR), len(c.Rtx.Buf), len(c.RcvBuf.Buf))
	}
}
