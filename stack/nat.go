package stack

import (
	"slices"

	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// NAT is network address and port translation between the interface Outside and the others (RFC 3022), with
// mappings that do not depend on the remote end (RFC 4787 §4.1, RFC 5382, RFC 5508). A host with
// ip_forward and wirelab.nat set is one.
type NAT struct {
	Outside   uint32 // interface number plus one; zero: nothing is translated
	Filter    uint8  // who may answer: FilterNone, FilterAddress, FilterEndpoint
	Sessions  []NATSession
	PortNext  uint16
	TCPNs     int64 // a connection may be silent for so long,
	ClosingNs int64 // one that is being opened or closed for so long,
	UDPNs     int64
	ICMPNs    int64
}

// Values of NAT.Filter.
const (
	filterNone     uint8 = iota // anybody who knows the mapping
	filterAddress               // hosts that were sent to
	filterEndpoint              // only the ports that were sent to
)

// NATSession is one conversation through the translator. For ICMP echo the ports are identifiers.
type NATSession struct {
	Proto  uint8
	Flags  uint8 // of TCP, as seen from both sides
	Inside tcp.Endpoint
	Remote tcp.Endpoint
	Port   uint16 // on the outside address
	Until  int64
}

// Bits of NATSession.Flags.
const (
	natAnswered  = 1 << iota // something came back
	natFinInside             // the inside has closed its direction
	natFinOutside
	natReset
)

const maxNATSessions = 4096

func defaultNAT() NAT {
	return NAT{Filter: filterEndpoint, TCPNs: 7440_000 * ms, ClosingNs: 240_000 * ms, UDPNs: 300_000 * ms, ICMPNs: 60_000 * ms} // RFC 5382 §5, RFC 4787 §4.3, RFC 5508 §3.2
}

// State says in conntrack's words how far a session of TCP is.
func (s *NATSession) State() string {
	switch {
	case s.Proto != wire.ProtoTCP:
		return ""
	case s.Flags&natReset != 0:
		return "CLOSE"
	case s.Flags&(natFinInside|natFinOutside) == natFinInside|natFinOutside:
		return "TIME_WAIT"
	case s.Flags&(natFinInside|natFinOutside) != 0:
		return "FIN_WAIT"
	case s.Flags&natAnswered != 0:
		return "ESTABLISHED"
	}
	return "SYN_SENT"
}

// outside returns the address that the inside hides behind.
func (h *Host) outside() wire.Addr { return h.Ifaces[h.NAT.Outside-1].Addr }

// natOut returns the session of a packet from the inside, a new one if need be; nil if there is no port left.
func (h *Host) natOut(proto uint8, inside, remote tcp.Endpoint) *NATSession {
	if s := h.findNAT(proto, inside, remote); s != nil {
		return s
	}
	mapped := uint16(0)
	for i := range h.NAT.Sessions {
		if s := &h.NAT.Sessions[i]; s.Proto == proto && s.Inside == inside && s.Until > h.env.Now {
			mapped = s.Port
		}
	}
	if mapped == 0 {
		if mapped = h.natPort(proto, inside.Port); mapped == 0 {
			return nil
		}
	}
	if len(h.NAT.Sessions) >= maxNATSessions { // the one that would end first
		h.NAT.Sessions = slices.Delete(h.NAT.Sessions, h.nextNATEnd(), h.nextNATEnd()+1)
	}
	h.NAT.Sessions = append(h.NAT.Sessions, NATSession{Proto: proto, Inside: inside, Remote: remote, Port: mapped})
	return &h.NAT.Sessions[len(h.NAT.Sessions)-1]
}

// findNAT returns the session between two ends, or nil.
func (h *Host) findNAT(proto uint8, inside, remote tcp.Endpoint) *NATSession {
	for i := range h.NAT.Sessions {
		if s := &h.NAT.Sessions[i]; s.Proto == proto && s.Inside == inside && s.Remote == remote && s.Until > h.env.Now {
			return s
		}
	}
	return nil
}

// natPort chooses a port on the outside: that of the inside if it is free there (RFC 4787 §4.2.1).
func (h *Host) natPort(proto uint8, wanted uint16) uint16 {
	port := wanted
	for range 1 << 16 {
		if port != 0 && !h.natTaken(proto, port) {
			return port
		}
		if h.NAT.PortNext < 1024 {
			h.NAT.PortNext = uint16(mix(h.Secret[0], 0x0a7)) | 1024
		}
		port = h.NAT.PortNext
		h.NAT.PortNext++
	}
	return 0
}

// natTaken reports whether a port on the outside is used by a session or by a socket of this host.
func (h *Host) natTaken(proto uint8, port uint16) bool {
	for i := range h.NAT.Sessions {
		if s := &h.NAT.Sessions[i]; s.Proto == proto && s.Port == port && s.Until > h.env.Now {
			return true
		}
	}
	if proto != wire.ProtoTCP {
		return slices.ContainsFunc(h.Sockets, func(s Socket) bool { return s.Kind != SockFree && s.Kind != SockTCP && s.Local.Port == port })
	}
	return slices.ContainsFunc(h.Conns, func(c tcp.Conn) bool { return c.State != tcp.Closed && c.Local.Port == port })
}

// natIn returns the session that a packet from remote to a port on the outside belongs to, or nil.
// Whether others than remote may use its mapping is the filter's choice, unless anybody may.
func (h *Host) natIn(proto uint8, port uint16, remote tcp.Endpoint, anybody bool) *NATSession {
	var like *NATSession
	for i := range h.NAT.Sessions {
		s := &h.NAT.Sessions[i]
		if s.Proto != proto || s.Port != port || s.Until <= h.env.Now {
			continue
		}
		if s.Remote == remote {
			return s
		}
		if anybody || h.NAT.Filter == filterNone || h.NAT.Filter == filterAddress && s.Remote.Addr == remote.Addr {
			like = s
		}
	}
	return like
}

// natUsed notes a packet of a session, with the flags of its TCP header, and puts its end off.
func (h *Host) natUsed(s *NATSession, fromInside bool, flags uint8) {
	if !fromInside {
		s.Flags |= natAnswered
	}
	if flags&wire.FIN != 0 {
		if fromInside {
			s.Flags |= natFinInside
		} else {
			s.Flags |= natFinOutside
		}
	}
	if flags&wire.RST != 0 {
		s.Flags |= natReset
	}
	if flags&(wire.SYN|wire.ACK) == wire.SYN && fromInside { // the same ports once more
		s.Flags = 0
	}
	wait := h.NAT.ICMPNs
	switch {
	case s.Proto == wire.ProtoUDP:
		wait = h.NAT.UDPNs
	case s.Proto == wire.ProtoTCP && s.Flags == natAnswered:
		wait = h.NAT.TCPNs
	case s.Proto == wire.ProtoTCP:
		wait = h.NAT.ClosingNs
	}
	s.Until = h.env.Now + wait
	h.ChoreAt = min(h.ChoreAt, s.Until)
}

// nextNATEnd returns the session that ends first.
func (h *Host) nextNATEnd() int {
	first := 0
	for i := range h.NAT.Sessions {
		if h.NAT.Sessions[i].Until < h.NAT.Sessions[first].Until {
			first = i
		}
	}
	return first
}

// expireNAT forgets sessions that have been silent for too long.
func (h *Host) expireNAT() {
	h.NAT.Sessions = slices.DeleteFunc(h.NAT.Sessions, func(s NATSession) bool { return s.Until <= h.env.Now })
}

// nextNAT returns when the next session ends.
func (h *Host) nextNAT() int64 {
	if len(h.NAT.Sessions) == 0 {
		return timer.Never
	}
	return h.NAT.Sessions[h.nextNATEnd()].Until
}

// natSysctls are the settings of NAT, times in seconds.
var natSysctls = []sysctl{
	{"wirelab.nat", 0, 64, func(h *Host) int64 { return int64(h.NAT.Outside) }, func(h *Host, v int64) { h.NAT.Outside = uint32(v) }},
	{"wirelab.nat_filter", 0, 2, func(h *Host) int64 { return int64(h.NAT.Filter) }, func(h *Host, v int64) { h.NAT.Filter = uint8(v) }},
	natTime("wirelab.nat_tcp_s", func(n *NAT) *int64 { return &n.TCPNs }),
	natTime("wirelab.nat_tcp_closing_s", func(n *NAT) *int64 { return &n.ClosingNs }),
	natTime("wirelab.nat_udp_s", func(n *NAT) *int64 { return &n.UDPNs }),
	natTime("wirelab.nat_icmp_s", func(n *NAT) *int64 { return &n.ICMPNs }),
}

func natTime(name string, field func(*NAT) *int64) sysctl {
	return sysctl{name, 1, 432_000, func(h *Host) int64 { return *field(&h.NAT) / (1000 * ms) }, func(h *Host, v int64) { *field(&h.NAT) = v * 1000 * ms }}
}
