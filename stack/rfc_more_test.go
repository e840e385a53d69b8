package stack

import (
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// ip returns the IPv4 packet of a frame in the air, with its segment.
func (f *inAir) ip(p *pair) (wire.IPv4, wire.TCP) {
	ip, ok := wire.ParseIPv4(wire.Ethernet(p.pool.Data(f.frame)).Payload())
	if !ok {
		return nil, nil
	}
	seg, _ := wire.ParseTCP(ip.Payload())
	return ip, seg
}

// mark rewrites the ECN bits of a packet, as a congested router does.
func (f *inAir) mark(p *pair) {
	f.frame = p.pool.Own(f.frame)
	ip, _ := f.ip(p)
	ip[1] |= wire.CE
	ip[10], ip[11] = 0, 0
	sum := wire.Sum(0).AddBytes(ip[:ip.HeaderLen()]).Fold()
	ip[10], ip[11] = byte(sum>>8), byte(sum)
}

// A mark is echoed on every ACK until the sender says that it has slowed down, which it does once a window
// (RFC 3168 §6.1.2, §6.1.3).
func TestMarksAreEchoedUntilCWR(t *testing.T) {
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
func TestBlockedECNFallsBack(t *testing.T) {
	p := newPair(t)
	p.must2(p.hosts[0].SetSysctl("net.ipv4.tcp_ecn", "1"))
	p.at()
	l, _ := p.hosts[1].Socket(SockTCP)
	p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 7}))
	p.must(p.hosts[1].Listen(l, 1))
	p.harm = func(from int, f *inAir) bool {
		_, seg := f.ip(p)
		return seg.Flags()&(wire.SYN|wire.ECE) != wire.SYN|wire.ECE
	}
	a, _ := p.hosts[0].Socket(SockTCP)
	p.hosts[0].Connect(a, tcp.Endpoint{Addr: ends[1].Addr, Port: 7})
	p.wait(2 * second)
	if c := p.hosts[0].Conn(a); c.State != tcp.Established || c.ECN.On {
		t.Errorf("%v, ECN %v", c.State, c.ECN.On)
	}
}

// Acknowledging a segment byte by byte opens the window no faster than acknowledging it whole (RFC 3465 §2.1, RFC 5681 §3.1).
func TestACKDivisionGainsNothing(t *testing.T) {
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

// The user timeout option: both ends wait as long as the one that waits longer, within limits (RFC 5482 §3.1).
func TestUserTimeoutOption(t *testing.T) {
	p := newPair(t)
	for _, h := range p.hosts {
		p.must2(h.SetSysctl("wirelab.user_timeout_option", "1"))
	}
	p.at()
	l, _ := p.hosts[1].Socket(SockTCP)
	p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 7}))
	p.must(p.hosts[1].SetSockopt(l, "TCP_USER_TIMEOUT", 60_000))
	p.must(p.hosts[1].Listen(l, 1))
	a, _ := p.hosts[0].Socket(SockTCP)
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
		if from == 0 { // an option that asks for a source route, and one to end the list
			f.frame = withIPOption(p, f.frame, []byte{131, 7, 4, 9, 9, 9, 9, 0})
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
