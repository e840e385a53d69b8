package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// inputUDP queues a datagram at its socket, or answers that nobody listens.
func (h *Host) inputUDP(p *packet) {
	u, ok := wire.ParseUDP(p.body)
	if !ok || h.Conf.Quirks&tcp.QuirkNoChecksum == 0 && !udpSumOK(u, p) {
		h.Counters.UDPInErrors++
		h.Counters.UDPInCsumErrors++
		return
	}
	from := tcp.Endpoint{Addr: p.src, Port: u.SrcPort()}
	for i := range h.Sockets {
		s := &h.Sockets[i]
		if s.Kind == SockUDP && s.Local.Port == u.DstPort() && s.hears(p.iface) && (s.Local.Addr.IsZero() || s.Local.Addr == p.dst) &&
			(s.Remote.Port == 0 || s.Remote == from) {
			h.enqueue(s, p, from, wire.UDPLen, len(u.Payload()))
			return
		}
	}
	h.Counters.UDPNoPorts++
	if p.dst.Is4() {
		h.sendICMPError(p.ip, icmpReport{typ: wire.ICMPUnreachable, code: wire.CodePortUnreachable, why: event.Unreachable})
	} else {
		h.sendICMPv6Error(p.iface, p.ip, wire.ICMPv6Unreachable, wire.Code6Port, 0, event.Unreachable)
	}
}

// udpSumOK reports whether a datagram's checksum is right. Over IPv6, whose
// header has none, it must be there (RFC 8200 §8.1).
func udpSumOK(u wire.UDP, p *packet) bool {
	return u.ChecksumOK(&p.src, &p.dst) && (u.Checksum() != 0 || p.dst.Is4())
}

// enqueue keeps length bytes at offset at of the packet's body for socket s, or
// drops them if its queue is full.
func (h *Host) enqueue(s *Socket, p *packet, from tcp.Endpoint, at, length int) {
	if len(s.Queue) >= maxDatagrams {
		if s.Kind == SockUDP {
			h.Counters.UDPInErrors++
			h.Counters.UDPRcvbufErrors++
		}
		return
	}
	h.pool.Retain(p.frame)
	data := tcp.Extent{Block: p.frame, Off: uint32(p.at + at), Len: uint32(length)}
	s.Queue = append(s.Queue, Datagram{From: from, Data: data, TTL: p.ttl})
	h.woken = true
}
