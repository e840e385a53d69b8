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
		proto = icmpOf(f.v6())
		body, err = r.message(f, p.Error, e.Line)
	}
	if err != nil {
		return err
	}
	head := ipHeaderLen(f.v6())
	if head+len(body) > 65535 {
		return cannot(e.Line, "a packet of %d bytes; IP carries 65535", head+len(body))
	}
	if p.IP.HasFlow && !f.v6() {
		return cannot(e.Line, "a flow label in a packet of IPv4")
	}
	frame := r.pool.New(wire.EthernetLen + head + len(body))
	b := r.pool.Data(frame)
	wire.PutEthernet(b, r.host.Ifaces[0].MAC, gatewayMAC, etherType(f.v6()))
	h := r.header(&p.IP)
	h.v6, h.src, h.dst, h.proto = f.v6(), f.remote.Addr, f.local.Addr, proto
	h.put(b[wire.EthernetLen:], r.ipID)
	r.ipID++
	copy(b[wire.EthernetLen+head:], body)
	r.log("%s", p)
	r.host.HandleFrame(r.now, 0, frame)
	return nil
}

// header returns what the script says of an IP header, else the usual.
func (r *runner) header(i *IPInfo) ipPacket {
	h := ipPacket{ttl: 255, flow: i.Flow}
	if i.HasTOS {
		h.tos = i.TOS
	}
	if i.HasECN {
		h.tos = h.tos&^3 | i.ECN
	}
	if i.HasTTL {
		h.ttl = i.TTL
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
		o, err := r.liveOption(f, p, p.Opts[i], line)
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
func (r *runner) liveOption(f *flow, p *Packet, o Opt, line int) (Opt, error) {
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
		case !ok && p.Flags&wire.ACK == 0: // without ACK it echoes nothing, whatever stands there (RFC 7323 §3.2)
			ecr = o.Values[1]
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
func (r *runner) message(f *flow, m *Message, line int) ([]byte, error) {
	v6 := f.v6()
	typ, code, err := m.numbers(v6)
	switch {
	case err != nil:
		return nil, cannot(line, "%v", err)
	case m.HasMTU && (m.HasID || m.HasNumber):
		return nil, cannot(line, "an ICMP message with mtu and with id or seq: they stand in one place")
	}
	b := make([]byte, wire.ICMPLen)
	if m.Echo != EchoNone {
		b = append(b, r.quote(f, m)...)
	}
	if v6 {
		rest := m.MTU
		if m.HasID || m.HasNumber {
			rest = uint32(m.ID)<<16 | uint32(m.Number)
		}
		wire.PutICMPv6(b, &f.remote.Addr, &f.local.Addr, typ, code, rest)
		return b, nil
	}
	if m.MTU > 65535 {
		return nil, cannot(line, "an mtu of %d in ICMP for IPv4", m.MTU)
	}
	low := uint16(m.MTU)
	if m.HasNumber {
		low = m.Number
	}
	if typ == icmpTimestamp || typ == icmpTimestamp+1 {
		b = append(b, make([]byte, 12)...)
	}
	wire.PutICMP(b, typ, code, m.ID, low)
	return b, nil
}

// quote returns the front of a packet that the local end is to have sent.
func (r *runner) quote(f *flow, m *Message) []byte {
	rest := make([]byte, 8)
	binary.BigEndian.PutUint16(rest[0:], f.local.Port)
	binary.BigEndian.PutUint16(rest[2:], f.remote.Port)
	h := ipPacket{v6: f.v6(), src: f.local.Addr, dst: f.remote.Addr, ttl: 64}
	length := int(m.Len)
	switch m.Echo {
	case EchoTCP:
		r.learn(f)
		h.proto = wire.ProtoTCP
		length += wire.TCPLen
		binary.BigEndian.PutUint32(rest[4:], m.Seq-f.scriptISN+f.localISN)
	case EchoUDP:
		h.proto = wire.ProtoUDP
		length += wire.UDPLen
		binary.BigEndian.PutUint16(rest[4:], uint16(wire.UDPLen+m.Len))
	default:
		h.proto = 255
		rest = make([]byte, min(m.Len, 8))
	}
	head := ipHeaderLen(h.v6)
	b := make([]byte, min(head+length, 65535)) // as long as the header is to say
	h.put(b, 0)
	return append(b[:head], rest...)
}
