package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

const icmpQuote = 548 // payload of an error, so that the packet is at most 576 bytes (RFC 1812 §4.3.2.3)

// inputICMP answers echo requests and hands replies and errors to whom they concern.
func (h *Host) inputICMP(p *packet) {
	m, ok := wire.ParseICMP(p.body)
	if !ok || !m.ChecksumOK() {
		h.Counters.InCsumErrors++
		return
	}
	switch m.Type() {
	case wire.ICMPEcho:
		h.sendEcho(wire.ICMPEchoReply, h.addrFor(p.dst, p.src), p.src, m.ID(), m.Seq(), m.Payload(), event.EchoReply)
	case wire.ICMPEchoReply:
		h.inputEchoReply(p, m)
	case wire.ICMPUnreachable, wire.ICMPTimeExceeded:
		h.inputError(m)
	}
}

// addrFor returns the address of ours to answer from: the one asked, unless
// that was a broadcast.
func (h *Host) addrFor(asked, peer wire.Addr) wire.Addr {
	for i := range h.Ifaces {
		if h.Ifaces[i].Addr == asked {
			return asked
		}
	}
	src, _ := h.sourceFor(peer)
	return src
}

func (h *Host) sendEcho(typ uint8, src, dst wire.Addr, id, seq uint16, data []byte, why event.Reason) bool {
	frame, b := h.newPacket(&dst, wire.ICMPLen+len(data))
	copy(b[wire.ICMPLen:], data)
	wire.PutICMP(b, typ, 0, id, seq)
	return h.sendIP(frame, src, dst, wire.ProtoICMP, 0, h.why(why, 1))
}

// inputEchoReply puts a reply into the queue of the socket that asked, told by
// the identifier.
func (h *Host) inputEchoReply(p *packet, m wire.ICMP) {
	for i := range h.Sockets {
		s := &h.Sockets[i]
		if s.Kind == SockICMP && s.Local.Port == m.ID() {
			h.enqueue(s, p, tcp.Endpoint{Addr: p.src, Port: m.Seq()}, 0, len(m))
			return
		}
	}
}

// inputError tells the socket that sent the packet quoted in an ICMP error.
func (h *Host) inputError(m wire.ICMP) {
	quoted := m.Payload()
	if len(quoted) < wire.IPv4Len+8 || quoted[0]>>4 != 4 {
		return
	}
	header := int(quoted[0]&15) * 4
	if header < wire.IPv4Len || len(quoted) < header+8 {
		return
	}
	p := wire.IPv4(quoted)
	ports := quoted[header:]
	local := tcp.Endpoint{Addr: p.Src(), Port: uint16(ports[0])<<8 | uint16(ports[1])}
	remote := tcp.Endpoint{Addr: p.Dst(), Port: uint16(ports[2])<<8 | uint16(ports[3])}
	switch p.Protocol() {
	case wire.ProtoTCP:
		if c := h.lookup(local, remote); c != nil {
			num := uint32(ports[4])<<24 | uint32(ports[5])<<16 | uint32(ports[6])<<8 | uint32(ports[7])
			h.tcpError(c, num, m.Type(), m.Code(), uint32(m.Seq()))
		}
	case wire.ProtoUDP:
		err, _ := icmpErrno(m.Type(), m.Code(), false)
		for i := range h.Sockets {
			if s := &h.Sockets[i]; s.Kind == SockUDP && s.Local.Port == local.Port && s.Remote == remote {
				s.Err = err
				h.woken = true
			}
		}
	}
}

// hostUnreachable tells connections that are being opened to an address that
// nobody on the link answers for it.
func (h *Host) hostUnreachable(addr wire.Addr) {
	for i := range h.Conns {
		if c := &h.Conns[i]; c.State == tcp.SynSent {
			if r, ok := h.route(c.Remote.Addr); ok && (r.Via == addr || r.Via.IsZero() && c.Remote.Addr == addr) {
				h.run(c, event.Unreachable, func(c *tcp.Conn) { c.Fail(&h.env, tcp.EHOSTUNREACH) })
			}
		}
	}
}

// sendICMPError reports a packet that cannot be delivered to its sender; never
// about an ICMP error, a fragment or a group (RFC 1122 §3.2.2).
func (h *Host) sendICMPError(about wire.IPv4, typ, code uint8, why event.Reason) {
	src := about.Src()
	if src.IsZero() || src.IsMulticast() || src.IsBroadcast() || about.Dst().IsMulticast() || about.Dst().IsBroadcast() || about.FragOffset() > 0 {
		return
	}
	if m, ok := wire.ParseICMP(about.Payload()); about.Protocol() == wire.ProtoICMP && (!ok || m.Type() != wire.ICMPEcho) {
		return
	}
	from, ok := h.sourceFor(src)
	if !ok {
		return
	}
	quote := about[:min(len(about), icmpQuote)]
	frame, b := h.newPacket(&src, wire.ICMPLen+len(quote))
	copy(b[wire.ICMPLen:], quote)
	wire.PutICMP(b, typ, code, 0, 0)
	h.sendIP(frame, from, src, wire.ProtoICMP, 0, h.why(why, 1))
}

// inputUDP queues a datagram at its socket, or answers that nobody listens.
func (h *Host) inputUDP(p *packet) {
	u, ok := wire.ParseUDP(p.body)
	if !ok || !u.ChecksumOK(&p.src, &p.dst) && h.Conf.Quirks&tcp.QuirkNoChecksum == 0 {
		h.Counters.InCsumErrors++
		return
	}
	from := tcp.Endpoint{Addr: p.src, Port: u.SrcPort()}
	for i := range h.Sockets {
		s := &h.Sockets[i]
		if s.Kind == SockUDP && s.Local.Port == u.DstPort() && (s.Local.Addr.IsZero() || s.Local.Addr == p.dst) &&
			(s.Remote.Port == 0 || s.Remote == from) {
			h.enqueue(s, p, from, wire.UDPLen, len(u.Payload()))
			return
		}
	}
	h.Counters.NoPorts++
	h.sendICMPError(p.ip, wire.ICMPUnreachable, wire.CodePortUnreachable, event.Unreachable)
}

// enqueue keeps length bytes at offset at of the packet's body for socket s, or
// drops them if its queue is full.
func (h *Host) enqueue(s *Socket, p *packet, from tcp.Endpoint, at, length int) {
	if s.Queue.Len() >= maxDatagrams {
		h.Counters.InErrs++
		return
	}
	h.pool.Retain(p.frame)
	data := tcp.Extent{Block: p.frame, Off: uint32(p.at + at), Len: uint32(length)}
	s.Queue.Push(Datagram{From: from, Data: data, TTL: p.ttl})
	h.woken = true
}
