package stack

import (
	"encoding/binary"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// icmpError is an ICMP or ICMPv6 error and what it quotes.
type icmpError struct {
	from      wire.Addr // who says it
	src, dst  wire.Addr // of the quoted packet
	head      []byte    // the front of its upper layer, at least eight bytes
	mtu       uint32    // of the next hop, if tooBig
	typ, code uint8
	proto     uint8
	tooBig    bool
}

// ExtError is the last ICMP error that a datagram socket got (Linux's
// sock_extended_err, as IP_RECVERR shows it).
type ExtError struct {
	From       wire.Addr // zero: this host itself found the packet longer than MTU
	Port       uint16    // where the packet went; of an echo request its sequence number
	Type, Code uint8
	MTU        uint32
}

// obey tells the connection or the socket that sent the quoted packet. What
// quotes nothing that is open here was forged, or is too old.
func (h *Host) obey(e *icmpError) {
	if !e.tooBig {
		e.mtu = 0
	}
	local := tcp.Endpoint{Addr: e.src, Port: binary.BigEndian.Uint16(e.head)}
	remote := tcp.Endpoint{Addr: e.dst, Port: binary.BigEndian.Uint16(e.head[2:])}
	switch e.proto {
	case wire.ProtoTCP:
		if c := h.lookup(local, remote); c != nil && c.State != tcp.Closed {
			h.tcpError(c, binary.BigEndian.Uint32(e.head[4:]), e.typ, e.code, e.mtu)
		}
	case wire.ProtoUDP:
		for i := range h.Sockets {
			if s := &h.Sockets[i]; s.Kind == SockUDP && s.Local.Port == local.Port && (s.Remote == remote || s.Remote.Port == 0) {
				h.socketError(s, e, remote.Port)
			}
		}
	case wire.ProtoICMP, wire.ProtoICMPv6:
		typ := e.head[0]
		if request := typ == wire.ICMPEcho && e.dst.Is4() || typ == wire.ICMPv6Echo; !request {
			return
		}
		if s := h.echoSocket(binary.BigEndian.Uint16(e.head[4:])); s != nil {
			h.socketError(s, e, binary.BigEndian.Uint16(e.head[6:]))
		}
	}
}

// socketError keeps an ICMP error for a datagram socket. A UDP socket that is
// not connected learns only how large packets may be: its program could not
// tell what the error is about (RFC 1122 §4.1.3.3).
func (h *Host) socketError(s *Socket, e *icmpError, port uint16) {
	if e.tooBig {
		h.learnMTU(e.dst, e.mtu)
	}
	wants := len(s.Opts) > 0 && s.Opts[0].RecvErr
	if s.Kind == SockUDP && s.Remote.Port == 0 && !wants {
		return
	}
	if err, _ := icmpErrno(e.typ, e.code, !e.dst.Is4()); err != 0 {
		s.Err = err
		ext := &s.opts().Ext
		*ext = ExtError{From: e.from, Port: port, Type: e.typ, Code: e.code, MTU: e.mtu}
		if wants {
			s.queueError(ext)
		}
		h.woken = true
	}
}

const (
	maxReported = 64 // hosts that errors were sent to lately
	reportBurst = 6  // Linux's XRLIM_BURST_FACTOR
)

// Reported limits the errors sent to one host: CreditNs is saved up time, of
// which each error costs icmp_ratelimit (RFC 1812 §4.3.2.8).
type Reported struct {
	Peer     wire.Addr
	CreditNs int64
	AtNs     int64
}

// mayReport reports whether an error may go to peer now. About packets that are
// too big it may always: senders wait for that (Linux's icmp_ratemask).
func (h *Host) mayReport(peer wire.Addr, tooBig bool) bool {
	cost := h.IP.ICMPRateNs
	if tooBig || cost == 0 {
		return true
	}
	r := h.reported(peer)
	r.CreditNs = min(r.CreditNs+h.env.Now-r.AtNs, reportBurst*cost)
	r.AtNs = h.env.Now
	if r.CreditNs < cost {
		return false
	}
	r.CreditNs -= cost
	return true
}

// reported returns the line of peer, in place of the oldest one if there are
// too many.
func (h *Host) reported(peer wire.Addr) *Reported {
	oldest := 0
	for i := range h.Reports {
		if h.Reports[i].Peer == peer {
			return &h.Reports[i]
		}
		if h.Reports[i].AtNs < h.Reports[oldest].AtNs {
			oldest = i
		}
	}
	fresh := Reported{Peer: peer, CreditNs: reportBurst * h.IP.ICMPRateNs, AtNs: h.env.Now}
	if len(h.Reports) >= maxReported {
		h.Reports[oldest] = fresh
		return &h.Reports[oldest]
	}
	h.Reports = append(h.Reports, fresh)
	return &h.Reports[len(h.Reports)-1]
}
