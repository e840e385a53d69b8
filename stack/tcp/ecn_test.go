package tcp_test

import (
	"testing"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// A mark is echoed on every ACK until the sender says that it has slowed down, which it does once a window
// (RFC 3168 §6.1.2, §6.1.3).
func TestECNEcho(t *testing.T) {
	p := newPair(t)
	for _, h := range p.hosts {
		p.must2(h.SetSysctl("net.ipv4.tcp_ecn", "1"))
	}
	a, b, _ := p.connect()
	if !p.hosts[0].Conn(a).ECN.On || !p.hosts[1].Conn(b).ECN.On {
		t.Fatal("they do not agree on ECN")
	}
	p.hosts[0].Conn(a).Cwnd = 40
	marked, echoed, cwr, after := 0, 0, 0, 0
	p.harm = func(from int, f *inAir) bool {
		ip, seg := f.ip(p)
		switch {
		case from == 0 && len(seg.Payload()) > 0:
			if ip.TOS()&3 != wire.ECT0 {
				t.Error("new data cannot be marked")
			}
			if seg.Flags()&wire.CWR != 0 {
				cwr++
			}
			if marked < 3 {
				marked++
				f.mark(p)
			}
		case from == 1 && seg.Flags()&wire.ECE != 0:
			if echoed++; cwr > 0 {
				after++
			}
		case ip.TOS()&3 != 0:
			t.Error("a pure ACK can be marked")
		}
		return true
	}
	p.transfer(a, b, 400_000)
	c := p.hosts[0].Conn(a)
	if cwr != 1 || echoed < 5 || after > 25 || c.Ssthresh != 28 { // 0.7 × 40; what was on its way when CWR left still says ECE
		t.Errorf("CWR %d times, ECE on %d ACKs, %d of them after CWR, ssthresh %d", cwr, echoed, after, c.Ssthresh)
	}
	if p.hosts[1].Conn(b).ECN.Echo {
		t.Error("B still echoes")
	}
}

// A SYN that asks for ECN and gets no answer is followed by one that does not (RFC 3168 §6.1.1.1).
func TestECNBlocked(t *testing.T) {
	p := newPair(t)
	p.must2(p.hosts[0].SetSysctl("net.ipv4.tcp_ecn", "1"))
	p.at()
	l, _ := p.hosts[1].Socket(stack.SockTCP)
	p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 7}))
	p.must(p.hosts[1].Listen(l, 1))
	p.harm = func(from int, f *inAir) bool {
		_, seg := f.ip(p)
		return seg.Flags()&(wire.SYN|wire.ECE) != wire.SYN|wire.ECE
	}
	a, _ := p.hosts[0].Socket(stack.SockTCP)
	p.hosts[0].Connect(a, tcp.Endpoint{Addr: ends[1].Addr, Port: 7})
	p.wait(2 * second)
	if c := p.hosts[0].Conn(a); c.State != tcp.Established || c.ECN.On {
		t.Errorf("%v, ECN %v", c.State, c.ECN.On)
	}
}
