package tcp_test

import (
	"bytes"

	"wirelab/stack/block"
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

// craft makes a frame for host i with a segment whose options are opts, as they stand.
func (p *pair) craft(i int, from, to tcp.Endpoint, seq, ack uint32, flags uint8, opts, data []byte) block.Handle {
	n := wire.TCPLen + len(opts)
	frame := p.pool.New(wire.EthernetLen + wire.IPv4Len + n + len(data))
	b := p.pool.Data(frame)
	wire.PutEthernet(b, p.hosts[i].Ifaces[0].MAC, wire.MAC{2, 9, 9, 9, 9, 9}, wire.TypeIPv4)
	ip := b[wire.EthernetLen:]
	hdr := wire.IPv4Header{Src: from.Addr, Dst: to.Addr, Length: len(ip), TTL: 64, Protocol: wire.ProtoTCP}
	hdr.Put(ip)
	t := ip[wire.IPv4Len:]
	copy(t[wire.TCPLen:], opts)
	copy(t[n:], data)
	wire.PutTCP(t, &from.Addr, &to.Addr, from.Port, to.Port, seq, ack, flags, 1000, 0, len(opts))
	return frame
}

// arrive hands a frame to host i.
func (p *pair) arrive(i int, frame block.Handle) {
	p.hosts[i].Begin(p.now, 0)
	p.hosts[i].HandleFrame(p.now, 0, frame)
}

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

// mix scatters two numbers over 64 bits.
func mix(a, b uint64) uint64 {
	x := a*0x9e3779b97f4a7c15 ^ b
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
