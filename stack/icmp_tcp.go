package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// tcpError tells a connection that an ICMP error quotes a segment of it, whose
// sequence number is quotedSeq. Type and code are those of ICMPv6 if the
// connection runs over IPv6; mtu is that of the next hop if they say that a
// packet was too big, else zero.
func (h *Host) tcpError(c *tcp.Conn, quotedSeq uint32, typ, code uint8, mtu uint32) {
	v6 := !c.Remote.Addr.Is4()
	err, _ := icmpErrno(typ, code, v6)
	if err == 0 || !c.InFlightAt(quotedSeq) || err == tcp.EMSGSIZE && !c.HearsMTU(&h.Conf) {
		return
	}
	revert := !v6 && typ == wire.ICMPUnreachable && (code == wire.CodeNetUnreachable || code == wire.CodeHostUnreachable) ||
		v6 && typ == wire.ICMPv6Unreachable && code == wire.Code6NoRoute
	h.run(c, event.Unreachable, func(c *tcp.Conn) {
		if err == tcp.EMSGSIZE {
			c.SetPathMTU(&h.env, h.learnMTU(c.Remote.Addr, mtu))
		} else {
			c.Unreachable(&h.env, quotedSeq, err, revert)
		}
	})
}

// icmpErrno returns what a program reads of an ICMP error, and whether it ends
// a connection that is being opened (Linux's icmp_err_convert; RFC 1122
// §4.2.3.9, RFC 5461 §2). Zero: programs do not hear of it.
func icmpErrno(typ, code uint8, v6 bool) (err tcp.Errno, hard bool) {
	if v6 {
		return icmpv6Errno(typ, code)
	}
	switch typ {
	case wire.ICMPTimeExceeded:
		return tcp.EHOSTUNREACH, false
	case wire.ICMPParamProblem:
		return tcp.EPROTO, true
	case wire.ICMPUnreachable:
		switch code {
		case wire.CodeNetUnreachable, 6, 9, 11: // of net: unknown, prohibited, for this type of service
			return tcp.ENETUNREACH, code == 6 || code == 9
		case wire.CodeProtoUnreachable:
			return tcp.ENOPROTOOPT, true
		case wire.CodePortUnreachable:
			return tcp.ECONNREFUSED, true
		case wire.CodeFragNeeded:
			return tcp.EMSGSIZE, false
		case wire.CodeSourceRoute:
			return tcp.EOPNOTSUPP, false
		case 7: // host unknown
			return tcp.EHOSTDOWN, true
		case 8: // source host isolated
			return tcp.ENONET, true
		case 10, 13, 14, 15: // prohibited, filtered, precedence
			return tcp.EHOSTUNREACH, true
		}
		return tcp.EHOSTUNREACH, false
	}
	return 0, false
}

// icmpv6Errno is icmpErrno for ICMPv6 (Linux's tab_unreach).
func icmpv6Errno(typ, code uint8) (err tcp.Errno, hard bool) {
	switch typ {
	case wire.ICMPv6Unreachable:
		switch code {
		case wire.Code6NoRoute:
			return tcp.ENETUNREACH, false
		case wire.Code6Admin, 5, 6: // source address or route refused by a policy
			return tcp.EACCES, true
		case wire.Code6Port:
			return tcp.ECONNREFUSED, true
		}
		return tcp.EHOSTUNREACH, false
	case wire.ICMPv6TooBig:
		return tcp.EMSGSIZE, false
	case wire.ICMPv6TimeExceeded:
		return tcp.EHOSTUNREACH, false
	case wire.ICMPv6ParamProblem:
		return tcp.EPROTO, code == wire.CodeUnknownNext
	}
	return 0, false
}
