package stack

import (
	"encoding/binary"
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// target is a host with everything open that can be: a listener, an established
// connection with data on its way, one that is being opened, UDP and ICMP
// sockets, and a second interface to forward to.
type target struct {
	*Host
	pool *block.Pool
	now  int64
	n    uint64
	fd   int32 // of the connection that is established
}

func (g *target) Transmit(_, _ uint32, frame block.Handle, _ event.Why) { g.pool.Release(frame) }

func newTarget() *target {
	g := &target{pool: block.NewPool()}
	g.Host = New(1, "B", 7, g.pool, g, &event.Log{})
	g.AddIface("eth0", ends[1].Addr, 24)
	g.AddIface("eth1", wire.V4(10, 0, 1, 1), 24)
	g.Forward = true
	g.Begin(0, 0)
	g.IP.DADTransmits = 0
	g.AddAddr6(0, ends6[1].Addr, 64)
	g.IP.DADTransmits = 1
	l, _ := g.Socket(SockTCP)
	g.Bind(l, tcp.Endpoint{Port: 7})
	g.Listen(l, 2)
	g.frame(wire.ProtoTCP, segment(1, 0, wire.SYN, 4096, nil))
	c := &g.Conns[1]
	g.frame(wire.ProtoTCP, segment(2, c.SndNxt, wire.ACK, 4096, nil))
	g.fd, _, _ = g.Accept(l)
	g.Write(g.fd, make([]byte, 20_000))
	for _, kind := range []uint8{SockUDP, SockICMP} {
		s, _ := g.Socket(kind)
		g.Bind(s, tcp.Endpoint{Port: 7})
	}
	s, _ := g.Socket(SockTCP)
	g.Connect(s, tcp.Endpoint{Addr: ends[0].Addr, Port: 9})
	return g
}

// segment is a TCP segment from port 1000 of A to port 7 of B.
func segment(seq, ack uint32, flags uint8, window uint16, rest []byte) []byte {
	b := append(make([]byte, wire.TCPLen), rest...)
	wire.PutTCP(b, &ends[0].Addr, &ends[1].Addr, 1000, 7, seq, ack, flags, window, 0, 0)
	return b
}

// frame hands the host a packet from A with a good header around payload.
func (g *target) frame(proto uint8, payload []byte) { g.fragment(proto, 0, payload) }

// fragment is frame with flags and an offset.
func (g *target) fragment(proto uint8, frag uint16, payload []byte) {
	b := make([]byte, wire.EthernetLen+wire.IPv4Len, wire.EthernetLen+wire.IPv4Len+len(payload))
	wire.PutEthernet(b, g.Ifaces[0].MAC, wire.MAC{2, 0, 0, 0, 0, 9}, wire.TypeIPv4)
	h := wire.IPv4Header{Src: ends[0].Addr, Dst: ends[1].Addr, Length: wire.IPv4Len + len(payload), Flags: frag, TTL: 64, Protocol: proto}
	h.Put(b[wire.EthernetLen:])
	g.raw(append(b, payload...))
}

// frame6 hands the host an IPv6 packet with a good header around payload, whose
// checksum is right where ICMPv6 has it.
func (g *target) frame6(proto, to uint8, payload []byte) {
	src := ends6[0].Addr
	dst := [...]wire.Addr{ends6[1].Addr, wire.AllNodes, wire.AllRouters, ends6[1].Addr.SolicitedNode(), addr("2001:db8::99"), addr("2001:db8:9::1")}[to%6]
	if to&0x40 != 0 {
		src = addr("fe80::9")
	}
	if to&0x80 != 0 {
		src = wire.Addr{}
	}
	g.IP.Forward6 = to&0x20 != 0
	b := append(make([]byte, wire.EthernetLen+wire.IPv6Len), payload...)
	wire.PutEthernet(b, g.Ifaces[0].MAC, wire.MAC{2, 0, 0, 0, 0, 9}, wire.TypeIPv6)
	h := wire.IPv6Header{Src: src, Dst: dst, Length: len(payload), Next: proto, HopLimit: 255}
	h.Put(b[wire.EthernetLen:])
	if m := b[wire.EthernetLen+wire.IPv6Len:]; proto == wire.ProtoICMPv6 && len(m) >= wire.ICMPLen {
		wire.PutICMPv6(m, &src, &dst, m[0], m[1], binary.BigEndian.Uint32(m[4:]))
	}
	g.raw(b)
}

func (g *target) raw(b []byte) {
	g.n++
	g.Begin(g.now, g.n)
	g.HandleFrame(g.now, 0, g.pool.From(b))
}

// do reads one instruction from the front of in: what happens next. It returns
// the rest, or nil at the end.
func (g *target) do(in []byte) []byte {
	if len(in) < 12 {
		return nil
	}
	op, how, n := in[0], in[1], int(in[2])|int(in[3]&7)<<8
	a, b := int32(int16(binary.LittleEndian.Uint16(in[4:]))), int32(int16(binary.LittleEndian.Uint16(in[6:])))
	flags, window := in[8], binary.LittleEndian.Uint16(in[10:])
	in = in[12:]
	n = min(n, len(in))
	data := in[:n:n]
	c := &g.Conns[1]
	switch op % 7 {
	case 0: // any bytes
		g.raw(data)
	case 1: // a segment for the connection, near to what it expects
		g.frame(wire.ProtoTCP, segment(c.RcvNxt+uint32(a), c.SndUna+uint32(b), flags, window, data))
	case 2: // the same with options, some of which make no sense
		s := segment(c.RcvNxt+uint32(a), c.SndUna+uint32(b), flags, window, data)
		s[12] = how
		sum := wire.PseudoSum(&ends[0].Addr, &ends[1].Addr, wire.ProtoTCP, len(s))
		s[16], s[17] = 0, 0
		binary.BigEndian.PutUint16(s[16:], sum.AddBytes(s).Fold())
		g.frame(wire.ProtoTCP, s)
	case 3: // any packet of any protocol, its checksum right where ICMP has it
		if len(data) >= 4 && how == wire.ProtoICMP {
			data = append([]byte{}, data...)
			data[2], data[3] = 0, 0
			binary.BigEndian.PutUint16(data[2:], wire.Sum(0).AddBytes(data).Fold())
		}
		g.fragment(how, window&0x2007, data) // pieces of it, too
	case 6: // any packet over IPv6, its hop limit that of neighbours; flags choose whom it is for
		g.frame6(how, flags, data)
	case 4: // time passes
		g.n++
		g.now += int64(how) * 50_000_000
		g.Begin(g.now, g.n)
		g.Poll(g.now)
	case 5: // the program does something
		g.Begin(g.now, g.n)
		switch how % 5 {
		case 0:
			g.Read(g.fd, make([]byte, n))
		case 1:
			g.Write(g.fd, data)
		case 2:
			g.Shutdown(g.fd, flags&1 != 0, flags&2 != 0)
		case 3:
			g.Close(g.fd)
		case 4:
			g.Accept(0)
		}
	}
	return in[n:]
}

// leftover frees what the host holds and returns how many blocks nobody holds.
func (g *target) leftover() int {
	for i := range g.Conns {
		g.Conns[i].Free(&g.env)
	}
	for g.Loop.Len() > 0 {
		g.pool.Release(g.Loop.Pop().Frame)
	}
	for len(g.Partial) > 0 {
		g.forgetPartial(0)
	}
	for i := range g.Neighbors {
		for _, p := range g.Neighbors[i].Pending {
			g.pool.Release(p.Frame)
		}
	}
	for i := range g.Sockets {
		for _, d := range g.Sockets[i].Queue {
			g.pool.Release(d.Data.Block)
		}
	}
	n, _ := g.pool.Live()
	return n
}

// Whatever arrives, a host neither panics nor loses a block, and it records every
// change of a connection.
func FuzzHandleFrame(f *testing.F) {
	ins := func(op, how byte, a, b int16, flags byte, window uint16, data ...byte) []byte {
		in := []byte{op, how, byte(len(data)), byte(len(data) >> 8), byte(a), byte(a >> 8), byte(b), byte(b >> 8), flags, 0, byte(window), byte(window >> 8)}
		return append(in, data...)
	}
	arp := make([]byte, wire.EthernetLen+wire.ARPLen)
	wire.PutEthernet(arp, wire.Broadcast, wire.MAC{2, 0, 0, 0, 0, 9}, wire.TypeARP)
	wire.PutARP(arp[wire.EthernetLen:], wire.ARPReply, wire.MAC{2, 0, 0, 0, 0, 9}, ends[0].Addr, wire.MAC{}, ends[1].Addr)
	f.Add(join(ins(0, 0, 0, 0, 0, 0, arp...), ins(1, 0, 0, 1460, wire.ACK, 9000), ins(1, 0, 100, 0, wire.ACK, 9000, []byte("ahead")...), ins(1, 0, 0, 0, wire.ACK|wire.PSH, 9000, make([]byte, 100)...)))
	f.Add(join(ins(1, 0, 0, 0, wire.ACK|wire.FIN, 0), ins(5, 2, 0, 0, 2, 0), ins(4, 200, 0, 0, 0, 0), ins(1, 0, 0, 20001, wire.ACK, 1), ins(5, 3, 0, 0, 0, 0)))
	f.Add(join(ins(2, 0x80, 0, 0, wire.SYN, 1, 2, 4, 5, 180, 1, 3, 3, 99, 5, 40, 1, 1), ins(2, 0xf0, 0, 0, wire.ACK, 1), ins(3, wire.ProtoICMP, 0, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4), ins(3, wire.ProtoUDP, 0, 0, 0, 0, 0, 7, 0, 7, 0, 8, 0, 0)))
	prefix := make([]byte, wire.RouterAdvertLen-wire.ICMPLen+wire.NDPrefixLen)
	(&wire.PrefixInfo{Prefix: addr("2001:db8:5::"), Bits: 64, Flags: 0xc0, ValidSec: 100, PreferredSec: 50}).Put(prefix[8:])
	ra := append([]byte{wire.ICMPv6RouterAdvert, 0, 0, 0, 64, 0, 0, 90}, prefix...)
	target := addr("2001:db8::2")
	ns := append(append([]byte{wire.ICMPv6NeighborSolicit, 0, 0, 0, 0, 0, 0, 0}, target[:]...), 1, 1, 2, 0, 0, 0, 0, 9)
	f.Add(join(ins(6, wire.ProtoICMPv6, 0, 0, 0x41, 0, ra...), ins(4, 100, 0, 0, 0, 0), ins(6, wire.ProtoICMPv6, 0, 0, 3, 0, ns...), ins(4, 250, 0, 0, 0, 0)))
	piece := append([]byte{17, 0, 0, 1, 0, 0, 0, 5}, make([]byte, 64)...)
	last := append([]byte{17, 0, 0, 64, 0, 0, 0, 5}, make([]byte, 9)...)
	f.Add(join(ins(6, wire.ProtoFragment, 0, 0, 0, 0, piece...), ins(6, wire.ProtoFragment, 0, 0, 0, 0, last...), ins(6, wire.ProtoFragment, 0, 0, 0x20, 0, piece...), ins(4, 250, 0, 0, 0, 0), ins(4, 250, 0, 0, 0, 0)))
	f.Add(join(ins(6, wire.ProtoHopByHop, 0, 0, 0, 0, 58, 0, 0xc3, 4, 0, 0, 0, 0, 128, 0, 0, 0, 0, 0, 0, 0), ins(6, wire.ProtoUDP, 0, 0, 5, 0, 0, 7, 0, 7, 0, 8, 0, 0), ins(6, 99, 0, 0, 0x24, 0, 1, 2, 3)))
	f.Add(join(ins(3, 99, 0, 0, 0, 0x2000, make([]byte, 16)...), ins(3, 99, 0, 0, 0, 0x2003, make([]byte, 8)...), ins(3, 99, 0, 0, 0, 2, make([]byte, 8)...), ins(3, 99, 0, 0, 0, 4, 1), ins(4, 250, 0, 0, 0, 0), ins(4, 250, 0, 0, 0, 0), ins(4, 250, 0, 0, 0, 0)))
	f.Fuzz(func(t *testing.T, in []byte) {
		g := newTarget()
		if g.Conns[1].State != tcp.Established {
			t.Fatal(g.Conns[1].State)
		}
		for in = in[:min(len(in), 1<<16)]; in != nil; in = g.do(in) {
			for i := range g.Conns {
				c, vars := &g.Conns[i], g.vars[i]
				if free := c.State == tcp.Closed && c.Orphan; !free && c.Update(&vars) != 0 {
					t.Fatalf("connection %d changed without a record", i)
				}
			}
		}
		if n := g.leftover(); n != 0 {
			t.Errorf("%d blocks are held by nobody", n)
		}
	})
}
