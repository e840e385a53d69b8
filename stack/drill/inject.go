package drill

import (
	"encoding/binary"

	"wirelab/stack/wire"
)

// inject lets a packet of the script arrive.
func (r *runner) inject(e *Event) error {
	p := e.Packet
	f, err := r.flowFor(p, e.Line)
	if err != nil {
		return err
	}
	var body []byte
	proto := f.proto
	switch p.Proto {
	case TCP:
		body, err = r.segment(f, p, e.Line)
	case UDP:
		body = append(make([]byte, wire.UDPLen), make([]byte, p.Len)...)
		wire.PutUDP(body, &f.remote.Addr, &f.local.Addr, f.remote.Port, f.local.Port)
	default:
		proto = wire.ProtoICMP
		body = r.message(f, p.Error)
	}
	if err != nil {
		return err
	}
	n := wire.IPv4Len + len(body)
	if n > 65535 {
		return cannot(e.Line, "a packet of %d bytes; IPv4 carries 65535", n)
	}
	frame := r.pool.New(wire.EthernetLen + n)
	b := r.pool.Data(frame)
	wire.PutEthernet(b, r.host.Ifaces[0].MAC, gatewayMAC, wire.TypeIPv4)
	h := r.header(&p.IP)
	h.Src, h.Dst, h.Length, h.Protocol = f.remote.Addr, f.local.Addr, n, proto
	h.Put(b[wire.EthernetLen:])
	copy(b[wire.EthernetLen+wire.IPv4Len:], body)
	r.log("%s", p)
	r.host.HandleFrame(r.now, 0, frame)
	return nil
}

// header returns what the script says of an IP header, else the usual.
func (r *runner) header(i *IPInfo) wire.IPv4Header {
	h := wire.IPv4Header{ID: r.ipID, Flags: wire.IPv4DF, TTL: 255}
	r.ipID++
	if i.HasTOS {
		h.TOS = i.TOS
	}
	if i.HasECN {
		h.TOS = h.TOS&^3 | i.ECN
	}
	if i.HasTTL {
		h.TTL = i.TTL
	}
	return h
}

// segment builds a segment with the numbers of the wire: those of a SYN are
// absolute in the script, all others relative to the initial ones.
func (r *runner) segment(f *flow, p *Packet, line int) ([]byte, error) {
	r.learn(f)
	num, ack := p.Seq, p.Ack
	if p.isSYN() {
		f.newSYN = f.newSYN || f.remoteISN != num
		f.lastSYN, f.synLen = num, uint32(p.Len)
		if !f.greeted { // a later one counts once it is answered
			f.remoteISN, f.greeted = num, true
		}
		ack += f.localISN - f.scriptISN
	} else {
		num += f.remoteISN
		ack += f.localISN
	}
	if !p.HasAck {
		ack = 0
	}
	b := make([]byte, wire.TCPLen)
	for i := range p.Opts {
		o, err := r.liveOption(f, p.Opts[i], line)
		if err != nil {
			return nil, err
		}
		b = o.put(b)
	}
	opts := len(b) - wire.TCPLen
	b = append(b, make([]byte, p.Len)...)
	wire.PutTCP(b, &f.remote.Addr, &f.local.Addr, f.remote.Port, f.local.Port, num, ack, uint8(p.Flags), p.Win, p.Urg, opts)
	if p.Flags&flagAE != 0 {
		b[12] |= 1
		b[16], b[17] = 0, 0
		sum := wire.PseudoSum(&f.remote.Addr, &f.local.Addr, wire.ProtoTCP, len(b))
		binary.BigEndian.PutUint16(b[16:], sum.AddBytes(b).Fold())
	}
	return b, nil
}

// liveOption translates the numbers in an option that arrives: SACK edges
// count our bytes, and what a timestamp echoes is ours.
func (r *runner) liveOption(f *flow, o Opt, line int) (Opt, error) {
	switch {
	case o.Kind == wire.OptSACK:
		edges := make([]uint32, len(o.Values))
		for i, v := range o.Values {
			edges[i] = v + f.localISN
		}
		o.Values = edges
	case o.Kind == wire.OptTimestamps:
		ecr, ok := f.liveTimestamp(o.Values[1])
		switch {
		case !ok && o.Values[1] == 0: // nothing to echo
			ecr = 0
		case !ok && !r.set.ecrScaled:
			return o, cannot(line, "ecr %d echoes a timestamp that never left", o.Values[1])
		}
		o.Values = []uint32{o.Values[0], ecr}
	case o.Kind == optFastOpen || o.Kind == optExpFO:
		for _, c := range r.cookies {
			if c.script == string(o.Data) {
				o.Data = []byte(c.live)
			}
		}
	}
	return o, nil
}

func (f *flow) liveTimestamp(script uint32) (uint32, bool) {
	for i := len(f.tsMap) - 1; i >= 0; i-- {
		if f.tsMap[i].script == script {
			return f.tsMap[i].live, true
		}
	}
	return script + f.tsFirst.live - f.tsFirst.script, false
}

// message builds an ICMP message with the front of the packet it is about: an
// IP header and eight bytes (RFC 792).
func (r *runner) message(f *flow, m *Message) []byte {
	quote := make([]byte, 0, wire.IPv4Len+8)
	if m.Echo != EchoNone {
		h := wire.IPv4Header{Src: f.local.Addr, Dst: f.remote.Addr, Length: wire.IPv4Len + int(m.Len), Flags: wire.IPv4DF, TTL: 64, Protocol: 255}
		rest := make([]byte, 8)
		binary.BigEndian.PutUint16(rest[0:], f.local.Port)
		binary.BigEndian.PutUint16(rest[2:], f.remote.Port)
		switch m.Echo {
		case EchoTCP:
			r.learn(f)
			h.Protocol = wire.ProtoTCP
			h.Length += wire.TCPLen
			binary.BigEndian.PutUint32(rest[4:], m.Seq-f.scriptISN+f.localISN)
		case EchoUDP:
			h.Protocol = wire.ProtoUDP
			h.Length += wire.UDPLen
			binary.BigEndian.PutUint16(rest[4:], uint16(wire.UDPLen+m.Len))
		default:
			rest = make([]byte, min(m.Len, 8))
		}
		quote = quote[:wire.IPv4Len]
		h.Length = min(h.Length, 65535)
		h.Put(quote)
		quote = append(quote, rest...)
	}
	b := append(make([]byte, wire.ICMPLen), quote...)
	wire.PutICMP(b, m.Type, m.Code, m.ID, uint16(m.MTU))
	return b
}
