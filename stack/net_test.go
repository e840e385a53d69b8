package stack

import (
	"fmt"
	"slices"
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// net is hosts on wires of 1 ms, driven by hand. A wire is a hub: what one sends
// all others get.
type net struct {
	t     *testing.T
	pool  *block.Pool
	hosts []*Host
	wires [][]plug
	air   []flying
	now   int64
	n     uint64
	sent  []string                          // in words, since the last call of saw
	drop  func(from int, frame []byte) bool // what gets lost
}

type plug struct{ host, iface uint32 }

type flying struct {
	frame block.Handle
	to    plug
	at    int64
}

const (
	second = 1_000_000_000
	oneHop = 1_000_000
)

var ends = [2]tcp.Endpoint{{Addr: wire.V4(10, 0, 0, 1)}, {Addr: wire.V4(10, 0, 0, 2)}}

func newNet(t *testing.T, names ...string) *net {
	w := &net{t: t, pool: block.NewPool()}
	for i, name := range names {
		w.hosts = append(w.hosts, New(uint32(i), name, 7, w.pool, w, &event.Log{}))
	}
	return w
}

// wire connects hosts, each by a new interface with the address of the same index.
func (w *net) wire(hosts []uint32, addrs ...wire.Addr) {
	var plugs []plug
	for i, id := range hosts {
		h := w.hosts[id]
		plugs = append(plugs, plug{id, h.AddIface(fmt.Sprintf("eth%d", len(h.Ifaces)), addrs[i], 24)})
	}
	w.wires = append(w.wires, plugs)
}

func (w *net) Transmit(host, iface uint32, frame block.Handle, _ event.Why) {
	b := w.pool.Data(frame)
	w.sent = append(w.sent, w.hosts[host].Name+" "+inWords(b))
	if w.drop == nil || !w.drop(int(host), b) {
		for _, plugs := range w.wires {
			if slices.Contains(plugs, plug{host, iface}) {
				for _, p := range plugs {
					if p.host != host {
						w.pool.Retain(frame)
						w.air = append(w.air, flying{frame, p, w.now + oneHop})
					}
				}
			}
		}
	}
	w.pool.Release(frame)
}

// wait runs for d ns more.
func (w *net) wait(d int64) {
	w.t.Helper()
	until := w.now + d
	for steps := 0; ; steps++ {
		if steps > 1_000_000 {
			w.t.Fatal("the net never comes to rest")
		}
		at, who := int64(tcp.Never), -1
		for i := range w.hosts {
			if d := w.hosts[i].NextDeadline(); d < at {
				at, who = d, i
			}
		}
		flies := len(w.air) > 0 && w.air[0].at <= at
		if flies {
			at = w.air[0].at
		}
		if at > until {
			w.now = until
			w.tell()
			return
		}
		w.now = max(w.now, at)
		w.n++
		if flies {
			f := w.air[0]
			w.air = w.air[1:]
			w.hosts[f.to.host].Begin(w.now, w.n)
			w.hosts[f.to.host].HandleFrame(w.now, f.to.iface, f.frame)
			continue
		}
		w.hosts[who].Begin(w.now, w.n)
		w.hosts[who].Poll(w.now)
	}
}

// tell tells the hosts the time before calls are made on them.
func (w *net) tell() {
	for _, h := range w.hosts {
		h.Begin(w.now, w.n)
	}
}

// saw checks what was sent since the last call.
func (w *net) saw(want ...string) {
	w.t.Helper()
	if !slices.Equal(w.sent, want) {
		w.t.Errorf("sent\n  %q, want\n  %q", w.sent, want)
	}
	w.sent = nil
}

// nothingHeld checks that no block is held but by what is given.
func (w *net) nothingHeld() {
	w.t.Helper()
	if n, _ := w.pool.Live(); n != 0 {
		w.t.Errorf("%d blocks are held", n)
	}
}

// udp opens a UDP socket on a host, bound to a port.
func (w *net) udp(host int, port uint16) int32 {
	w.t.Helper()
	fd, _ := w.hosts[host].Socket(SockUDP)
	if err := w.hosts[host].Bind(fd, tcp.Endpoint{Port: port}); err != 0 {
		w.t.Fatal(err.Name())
	}
	return fd
}

func (w *net) send(host int, fd int32, to tcp.Endpoint, n int) {
	w.t.Helper()
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7 >> 3)
	}
	if k, err := w.hosts[host].SendTo(fd, b, to); err != 0 || k != n {
		w.t.Fatalf("sendto = %d, %s", k, err.Name())
	}
}

// got checks that a datagram of n bytes as send makes them can be received, or
// that nothing can, if n is negative.
func (w *net) got(host int, fd int32, n int) (from tcp.Endpoint) {
	w.t.Helper()
	b := make([]byte, 1<<16)
	k, from, _, err := w.hosts[host].RecvFrom(fd, b)
	if n < 0 {
		if err != tcp.EAGAIN {
			w.t.Errorf("recvfrom = %d, %s", k, err.Name())
		}
		return from
	}
	if err != 0 || k != n {
		w.t.Fatalf("recvfrom = %d, %s, want %d", k, err.Name(), n)
	}
	for i, x := range b[:k] {
		if x != byte(i*7>>3) {
			w.t.Fatalf("byte %d is %d", i, x)
		}
	}
	return from
}

// inWords says in short what a frame is.
func inWords(b []byte) string {
	eth := wire.Ethernet(b)
	switch eth.Type() {
	case wire.TypeARP:
		a := wire.ARP(eth.Payload())
		if a.Op() == wire.ARPReply {
			return fmt.Sprintf("arp %v is here", a.SenderIP())
		}
		if eth.Dst() != wire.Broadcast {
			return fmt.Sprintf("arp still %v?", a.TargetIP())
		}
		return fmt.Sprintf("arp who has %v?", a.TargetIP())
	case wire.TypeIPv4:
		p, ok := wire.ParseIPv4(eth.Payload())
		if !ok || !p.ChecksumOK() {
			return "damaged IPv4"
		}
		if p.IsFragment() {
			return fmt.Sprintf("fragment %d+%d of %d", p.FragOffset(), len(p.Payload()), p.Protocol())
		}
		switch p.Protocol() {
		case wire.ProtoICMP:
			return fmt.Sprintf("icmp %d/%d to %v", p.Payload()[0], p.Payload()[1], p.Dst())
		case wire.ProtoUDP:
			return fmt.Sprintf("udp %d to %v", len(p.Payload())-wire.UDPLen, p.Dst())
		}
		return fmt.Sprintf("proto %d to %v", p.Protocol(), p.Dst())
	case wire.TypeIPv6:
		return inWordsIPv6(eth)
	}
	return "?"
}

func inWordsIPv6(eth wire.Ethernet) string {
	p, ok := wire.ParseIPv6(eth.Payload())
	if !ok {
		return "damaged IPv6"
	}
	c := p.Headers()
	src, dst := p.Src(), p.Dst()
	switch {
	case c.FragAt > 0:
		return fmt.Sprintf("fragment %d+%d of %d", wire.Fragment(p[c.FragAt:]).Offset(), len(p)-c.At, c.Proto)
	case c.Proto == wire.ProtoICMPv6:
		m := wire.ICMPv6(p[c.At:])
		if !m.ChecksumOK(&src, &dst) {
			return "icmp6 with a wrong checksum"
		}
		switch m.Type() {
		case wire.ICMPv6NeighborSolicit:
			if src.IsZero() {
				return fmt.Sprintf("nd has anybody %v?", m.Target())
			}
			if !dst.IsMulticast() {
				return fmt.Sprintf("nd still %v?", m.Target())
			}
			return fmt.Sprintf("nd who has %v?", m.Target())
		case wire.ICMPv6NeighborAdvert:
			return fmt.Sprintf("nd %v is here", m.Target())
		case wire.ICMPv6RouterSolicit:
			return "nd routers?"
		case wire.ICMPv6RouterAdvert:
			return "nd router"
		}
		return fmt.Sprintf("icmp6 %d/%d to %v", m.Type(), m.Code(), dst)
	case c.Proto == wire.ProtoUDP:
		return fmt.Sprintf("udp %d to %v", len(p)-c.At-wire.UDPLen, dst)
	}
	return fmt.Sprintf("proto %d to %v", c.Proto, dst)
}
