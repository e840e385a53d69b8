package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// DatagramOpts are options of a datagram socket that few programs set, and errors that few get; a socket
// has at most one of them.
type DatagramOpts struct {
	TTL     uint8      // of what it sends; zero: the host's
	Ext     ExtError   // what the socket's Err is about
	RecvErr bool       // IP_RECVERR: errors wait in Errors, with what they are about
	All     bool       // SO_BROADCAST: it may send to everybody
	MTUMode uint8      // IP_MTU_DISCOVER plus one; zero: the host's
	Device  uint32     // SO_BINDTODEVICE: number of the interface plus one; zero: none
	Errors  []ExtError // oldest first, at most maxErrors
}

const maxErrors = 64 // that wait in one socket

// opts returns the options of a datagram socket for changing.
func (s *Socket) opts() *DatagramOpts {
	if len(s.Opts) == 0 {
		s.Opts = make([]DatagramOpts, 1)
	}
	return &s.Opts[0]
}

// ttl is what the socket puts into its packets; zero: as usual.
func (s *Socket) ttl() uint8 {
	if len(s.Opts) == 0 {
		return 0
	}
	return s.Opts[0].TTL
}

// setDatagramOpt is setsockopt(2) on a datagram socket.
func (s *Socket) setDatagramOpt(name string, v int64) tcp.Errno {
	switch name {
	case "IP_TTL", "IPV6_UNICAST_HOPS":
		if v < -1 || v > 255 || v == 0 && name == "IP_TTL" {
			return tcp.EINVAL
		}
		s.opts().TTL = uint8(max(v, 0))
	case "IP_RECVERR", "IPV6_RECVERR":
		s.opts().RecvErr = v != 0
	case "IP_MTU_DISCOVER", "IPV6_MTU_DISCOVER":
		if v < tcp.MTUDont || v > tcp.MTUOmit {
			return tcp.EINVAL
		}
		s.opts().MTUMode = uint8(v) + 1
	case "SO_BROADCAST":
		s.opts().All = v != 0
	case "SO_REUSEADDR", "SO_REUSEPORT", "SO_RCVBUF", "SO_SNDBUF", "SO_PRIORITY", "IP_TOS", "IP_RECVTTL", "IPV6_RECVHOPLIMIT", "IPV6_V6ONLY":
	default:
		return tcp.ENOPROTOOPT
	}
	return 0
}

// BindToDevice is setsockopt(2) with SO_BINDTODEVICE: the socket sends and hears on one interface only,
// which need not have an address.
func (h *Host) BindToDevice(fd int32, iface uint32) tcp.Errno {
	s := h.socket(fd)
	switch {
	case s == nil:
		return tcp.EBADF
	case s.Kind == SockTCP:
		return tcp.ENOPROTOOPT
	case int(iface) >= len(h.Ifaces):
		return tcp.ENODEV
	}
	s.opts().Device = iface + 1
	return 0
}

// device is the interface plus one that the socket is bound to; zero: none.
func (s *Socket) device() uint32 {
	if len(s.Opts) == 0 {
		return 0
	}
	return s.Opts[0].Device
}

// hears reports whether what arrives on an interface is for the socket.
func (s *Socket) hears(iface uint32) bool { return s.device() == 0 || s.device() == iface+1 }

// sendFrom returns the address that a datagram to dst comes from. A socket that is bound to a device may
// call to everybody before that has an address (RFC 2131 §4.1).
func (h *Host) sendFrom(s *Socket, dst wire.Addr) (src wire.Addr, ok bool) {
	if s.device() > 0 && dst.IsBroadcast() {
		if src = h.Ifaces[s.device()-1].Addr; src.IsZero() {
			src = wire.From4(0)
		}
		return src, true
	}
	return h.sourceFor(dst)
}

// maySend reports why a datagram of n bytes with its headers must not leave: to everybody only with SO_BROADCAST
// (socket(7)), and whole only if it fits the path (ip(7), IP_MTU_DISCOVER).
func (h *Host) maySend(s *Socket, to tcp.Endpoint, n int) tcp.Errno {
	var o DatagramOpts
	if len(s.Opts) > 0 {
		o = s.Opts[0]
	}
	if to.Addr.Is4() && !o.All && (to.Addr.IsBroadcast() || h.way(to.Addr).hop.IsBroadcast()) {
		return tcp.EACCES
	}
	var mtu uint32
	switch {
	case o.MTUMode == tcp.MTUDo+1:
		mtu = h.pathMTU(to.Addr)
	case o.MTUMode == tcp.MTUProbing+1:
		mtu = h.linkMTU(h.way(to.Addr).iface, to.Addr.Is4())
	}
	if mtu == 0 || n <= int(mtu) {
		return 0
	}
	if o.RecvErr {
		s.queueError(&ExtError{Port: to.Port, MTU: mtu})
	}
	return tcp.EMSGSIZE
}

// fragBit returns whether routers may cut what the socket sends.
func (s *Socket) fragBit() uint8 {
	if len(s.Opts) == 0 {
		return dfUsual
	}
	switch s.Opts[0].MTUMode {
	case tcp.MTUDont + 1, tcp.MTUInterface + 1, tcp.MTUOmit + 1:
		return dfNever
	case tcp.MTUDo + 1, tcp.MTUProbing + 1:
		return dfAlways
	}
	return dfUsual
}

// broadcastOn sends a whole UDP packet to everybody on a device.
func (h *Host) broadcastOn(s *Socket, src wire.Addr, b []byte, to tcp.Endpoint) {
	frame, p := h.newPacket(&to.Addr, wire.UDPLen+len(b))
	copy(p[wire.UDPLen:], b)
	wire.PutUDP(p, &src, &to.Addr, s.Local.Port, to.Port)
	packet := h.pool.Data(frame)[wire.EthernetLen:]
	hdr := wire.IPv4Header{Src: src, Dst: to.Addr, Length: len(packet), ID: h.identify(src, to.Addr, wire.ProtoUDP), TTL: h.TTL, Protocol: wire.ProtoUDP}
	hdr.Put(packet)
	w := way{iface: s.device() - 1, group: true, mac: wire.Broadcast, etherType: wire.TypeIPv4}
	h.sendVia(&w, frame, h.why(event.UDPSend, 1))
}

// queueError keeps what an error is about for RecvError.
func (s *Socket) queueError(e *ExtError) {
	if o := s.opts(); len(o.Errors) < maxErrors {
		o.Errors = append(o.Errors, *e)
	}
}

// RecvError is recvmsg(2) with MSG_ERRQUEUE: the oldest error that waits in a datagram socket with
// IP_RECVERR (ip(7)).
func (h *Host) RecvError(fd int32) (ExtError, bool) {
	s := h.socket(fd)
	if s == nil || len(s.Opts) == 0 || len(s.Opts[0].Errors) == 0 {
		return ExtError{}, false
	}
	o := &s.Opts[0]
	e := o.Errors[0]
	if o.Errors = append(o.Errors[:0:0], o.Errors[1:]...); len(o.Errors) == 0 {
		s.Err = 0
	}
	return e, true
}

// SendRaw is sendto(2) on a raw socket with IP_HDRINCL: a packet of any protocol from whatever address
// the sender says (raw(7)). The checksums of TCP and UDP are the sender's business.
func (h *Host) SendRaw(proto, ttl uint8, src, dst wire.Addr, body []byte) tcp.Errno {
	switch {
	case len(body) > wire.MaxIPv4-wire.IPv4Len:
		return tcp.EMSGSIZE
	case src.Is4() != dst.Is4():
		return tcp.EAFNOSUPPORT
	case !h.way(dst).reachable:
		return tcp.ENETUNREACH
	}
	frame, p := h.newPacket(&dst, len(body))
	copy(p, body)
	h.sendIP(frame, src, dst, headed{proto: proto, ttl: ttl}, h.why(event.RawSend, 1))
	return 0
}
