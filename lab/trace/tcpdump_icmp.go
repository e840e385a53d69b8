package trace

import (
	"encoding/binary"
	"fmt"

	"wirelab/stack/wire"
)

// What tcpdump says of ICMP. An error quotes the packet that it is about; of those that were long ago only the type is known.

const icmpRedirect = 5 // RFC 792

// quote is the packet that an error of ICMP is about.
type quote struct {
	dst   wire.Addr
	proto uint8
	port  uint16
	ports bool // port is there
}

// quoted reads the packet within an error.
func quoted(b []byte) (q quote, ok bool) {
	var next []byte
	switch {
	case len(b) >= wire.IPv4Len && b[0]>>4 == 4:
		q.dst, q.proto = wire.From4(binary.BigEndian.Uint32(b[16:])), b[9]
		next = b[min(int(b[0]&15)*4, len(b)):]
	case len(b) >= wire.IPv6Len && b[0]>>4 == 6:
		q.dst, q.proto = wire.Addr(b[24:40]), b[6]
		next = b[wire.IPv6Len:]
	default:
		return q, false
	}
	if q.ports = len(next) >= 4; q.ports {
		q.port = binary.BigEndian.Uint16(next[2:])
	}
	return q, true
}

func (q *quote) portWords(s *Summary) string {
	switch {
	case !q.ports:
		return fmt.Sprintf("%s protocol %d", q.dst, q.proto)
	case q.proto == wire.ProtoTCP:
		return fmt.Sprintf("%s tcp port %s", q.dst, appendPort(nil, q.port, q.proto, s.Named))
	case q.proto == wire.ProtoUDP:
		return fmt.Sprintf("%s udp port %s", q.dst, appendPort(nil, q.port, q.proto, s.Named))
	}
	return fmt.Sprintf("%s protocol %d port %d", q.dst, q.proto, q.port)
}

func icmpWords(s *Summary) string {
	return fmt.Sprintf("IP %s > %s: ICMP %s, length %d", s.Src.Addr, s.Dst.Addr, icmpBody(s), s.Length)
}

// echoBody is an echo request or reply of either version of IP.
func echoBody(what string, s *Summary) string {
	return fmt.Sprintf("echo %s, id %d, seq %d", what, s.Seq, s.Ack)
}

func icmpBody(s *Summary) string {
	q, whole := quoted(s.Extra)
	switch s.Flags {
	case wire.ICMPEcho:
		return echoBody("request", s)
	case wire.ICMPEchoReply:
		return echoBody("reply", s)
	case wire.ICMPTimeExceeded:
		switch s.Code {
		case 0:
			return "time exceeded in-transit"
		case 1:
			return "ip reassembly time exceeded"
		}
		return fmt.Sprintf("time exceeded-#%d", s.Code)
	case wire.ICMPParamProblem:
		if s.Code != 0 {
			return fmt.Sprintf("parameter problem - code %d", s.Code)
		}
		return fmt.Sprintf("parameter problem - octet %d", s.Seq>>8)
	case wire.ICMPUnreachable:
		if whole {
			return unreachableWords(s, &q)
		}
		what := [...]string{"net", "host", "protocol", "port", "need to frag"}
		return what[min(int(s.Code), len(what)-1)] + " unreachable"
	case icmpRedirect:
		if whole && s.Code < 4 {
			form := [...]string{"redirect %s to net %s", "redirect %s to host %s", "redirect-tos %s to net %s", "redirect-tos %s to host %s"}[s.Code]
			return fmt.Sprintf(form, q.dst, wire.From4(s.Seq<<16|s.Ack))
		}
		return "redirect"
	}
	return fmt.Sprintf("type-#%d", s.Flags)
}

// unreachables are the texts of the codes of "unreachable" that name only the destination.
var unreachables = [16]string{0: "net %s unreachable", 1: "host %s unreachable", 5: "%s unreachable - source route failed", 6: "net %s unreachable - unknown",
	7: "host %s unreachable - unknown", 8: "%s unreachable - source host isolated", 9: "net %s unreachable - admin prohibited", 10: "host %s unreachable - admin prohibited",
	11: "net %s unreachable - tos prohibited", 12: "host %s unreachable - tos prohibited", 13: "host %s unreachable - admin prohibited filter",
	14: "host %s unreachable - host precedence violation", 15: "host %s unreachable - precedence cutoff"}

func unreachableWords(s *Summary, q *quote) string {
	switch {
	case s.Code == wire.CodeProtoUnreachable:
		return fmt.Sprintf("%s protocol %d unreachable", q.dst, q.proto)
	case s.Code == wire.CodePortUnreachable:
		return q.portWords(s) + " unreachable"
	case s.Code == wire.CodeFragNeeded && s.Ack > 0:
		return fmt.Sprintf("%s unreachable - need to frag (mtu %d)", q.dst, s.Ack)
	case s.Code == wire.CodeFragNeeded:
		return fmt.Sprintf("%s unreachable - need to frag", q.dst)
	case int(s.Code) < len(unreachables):
		return fmt.Sprintf(unreachables[s.Code], q.dst)
	}
	return fmt.Sprintf("%s unreachable - #%d", q.dst, s.Code)
}

func icmp6Words(s *Summary) string {
	return fmt.Sprintf("IP6 %s > %s: %sICMP6, %s, length %d", s.Src.Addr, s.Dst.Addr, fragWords(s), icmp6Body(s), s.Length)
}

func icmp6Body(s *Summary) string {
	var target wire.Addr
	copy(target[:], s.Extra)
	switch s.Flags {
	case wire.ICMPv6Echo:
		return echoBody("request", s)
	case wire.ICMPv6EchoReply:
		return echoBody("reply", s)
	case wire.ICMPv6NeighborSolicit:
		return fmt.Sprintf("neighbor solicitation, who has %s", target)
	case wire.ICMPv6NeighborAdvert:
		return fmt.Sprintf("neighbor advertisement, tgt is %s", target)
	case wire.ICMPv6RouterSolicit:
		return "router solicitation"
	case wire.ICMPv6RouterAdvert:
		return "router advertisement"
	case icmpv6Redirect:
		if len(s.Extra) == 32 {
			return fmt.Sprintf("redirect, %s to %s", wire.Addr(s.Extra[16:]), target)
		}
		return "redirect"
	case wire.ICMPv6TooBig:
		return fmt.Sprintf("packet too big, mtu %d", s.Seq<<16|s.Ack)
	case wire.ICMPv6ParamProblem:
		octet := s.Seq<<16 | s.Ack
		if what := [...]string{"erroneous", "next header", "option", "incomplete header chain"}; int(s.Code) < len(what) {
			return fmt.Sprintf("parameter problem, %s - octet %d", what[s.Code], octet)
		}
		return fmt.Sprintf("parameter problem, code-#%d", s.Code)
	case wire.ICMPv6TimeExceeded:
		return exceeded6Words(s)
	case wire.ICMPv6Unreachable:
		return "destination unreachable, " + unreachable6Words(s)
	}
	return fmt.Sprintf("type-#%d", s.Flags)
}

func exceeded6Words(s *Summary) string {
	q, whole := quoted(s.Extra)
	switch {
	case s.Code == 0 && whole:
		return fmt.Sprintf("time exceeded in-transit for %s", q.dst)
	case s.Code == 0:
		return "time exceeded in-transit"
	case s.Code == 1:
		return "time exceeded in-transit (reassembly)"
	}
	return fmt.Sprintf("time exceeded in-transit, unknown code (%d)", s.Code)
}

func unreachable6Words(s *Summary) string {
	what := [...]string{"unreachable route", " unreachable prohibited", "beyond scope", "unreachable address", "unreachable port"}
	q, whole := quoted(s.Extra)
	switch {
	case int(s.Code) >= len(what):
		return fmt.Sprintf("unknown unreach code (%d)", s.Code)
	case !whole:
		return what[s.Code]
	case s.Code == 2:
		return fmt.Sprintf("%s %s, source address %s", what[2], q.dst, wire.Addr(s.Extra[8:24]))
	case s.Code < 4:
		return fmt.Sprintf("%s %s", what[s.Code], q.dst)
	}
	return "unreachable port, " + q.portWords(s)
}

// aFragment marks in Window, which only TCP has otherwise, that a packet of IPv6 is a fragment; the offset stands behind it.
const aFragment = 1 << 15

// fragWords tells of an IPv6 fragment where it begins and how long it is.
func fragWords(s *Summary) string {
	if s.Proto == TCP || s.Window&aFragment == 0 {
		return ""
	}
	n := uint32(s.Length)
	if s.Proto == UDP {
		n += wire.UDPLen
	}
	return fmt.Sprintf("frag (%d|%d) ", uint32(s.Window&^aFragment)*8, n)
}
