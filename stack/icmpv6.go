package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// inputICMPv6 answers echo requests, hands replies and errors to whom they
// concern, and neighbour discovery to nd.go.
func (h *Host) inputICMPv6(p *packet) {
	m, ok := wire.ParseICMPv6(p.body)
	if !ok || !m.ChecksumOK(&p.src, &p.dst) {
		h.Counters.ICMP6InCsumErrors++
		return
	}
	switch m.Type() {
	case wire.ICMPv6Echo:
		if h.IP.EchoIgnoreAll || p.src.IsZero() {
			return
		}
		src := p.dst
		if p.group {
			if src, ok = h.sourceIPv6(p.iface, p.src); !ok {
				return
			}
		}
		h.sendEcho(wire.ICMPEchoReply, src, p.src, m.ID(), m.Seq(), m.Payload(), headed{tos: p.tos}, event.EchoReply)
	case wire.ICMPv6EchoReply:
		h.inputEchoReply(p, m.ID(), m.Seq())
	case wire.ICMPv6Unreachable, wire.ICMPv6TooBig, wire.ICMPv6TimeExceeded, wire.ICMPv6ParamProblem:
		h.inputQuoteIPv6(m.Payload(), &icmpError{from: p.src, typ: m.Type(), code: m.Code(), mtu: m.MTU(), tooBig: m.Type() == wire.ICMPv6TooBig})
	case wire.ICMPv6RouterSolicit, wire.ICMPv6RouterAdvert, wire.ICMPv6NeighborSolicit, wire.ICMPv6NeighborAdvert:
		h.inputND(p, m)
	}
}

// inputQuoteIPv6 tells whoever sent the packet that an ICMPv6 error quotes.
func (h *Host) inputQuoteIPv6(quoted []byte, e *icmpError) {
	if len(quoted) < wire.IPv6Len || quoted[0]>>4 != 6 {
		return
	}
	p := wire.IPv6(quoted)
	c := p.Skip()
	if c.FragAt > 0 && wire.Fragment(p[c.FragAt:]).Offset() != 0 || c.Fault.Drop || len(p) < c.At+8 {
		return
	}
	e.src, e.dst, e.proto, e.head = p.Src(), p.Dst(), c.Proto, p[c.At:]
	h.obey(e)
}

// sendICMPv6Error reports a packet that arrived on iface to its sender; never
// about an ICMPv6 error, or to what is no host, and about a group only what RFC
// 4443 §2.4 (e) allows. rest is the second half of the header.
func (h *Host) sendICMPv6Error(iface uint32, about wire.IPv6, typ, code uint8, rest uint32, why event.Reason) {
	src, dst := about.Src(), about.Dst()
	forGroups := typ == wire.ICMPv6TooBig || typ == wire.ICMPv6ParamProblem && code == wire.CodeUnknownOption
	if src.IsZero() || src.IsMulticast() || (dst.IsMulticast() || h.linkGroup) && !forGroups || quotesError(about) {
		return
	}
	from, ok := dst, h.isOwn(dst) || dst.IsLoopback()
	if !ok {
		if from, ok = h.sourceIPv6(iface, src); !ok {
			return
		}
	}
	if !h.mayReport(src, typ == wire.ICMPv6TooBig) {
		return
	}
	quote := about[:min(len(about), wire.IPv6MinMTU-wire.IPv6Len-wire.ICMPLen)]
	frame, b := h.newPacket(&src, wire.ICMPLen+len(quote))
	copy(b[wire.ICMPLen:], quote)
	wire.PutICMPv6(b, &from, &src, typ, code, rest)
	h.sendIP(frame, from, src, headed{proto: wire.ProtoICMPv6}, h.why(why, 1))
}

// quotesError reports whether a packet is an ICMPv6 error or a redirect, as far
// as one can see: a fragment without the ICMPv6 header may be of one, and is reported (Linux's is_ineligible).
func quotesError(p wire.IPv6) bool {
	c := p.Skip()
	if c.Proto != wire.ProtoICMPv6 {
		return false
	}
	if c.FragAt > 0 && (wire.Fragment(p[c.FragAt:]).Offset() != 0 || c.At >= len(p)) {
		return false
	}
	return c.At >= len(p) || wire.ICMPv6(p[c.At:]).IsError() || p[c.At] == wire.ICMPv6Redirect
}

// undeliverableIPv6 reports a packet whose next hop does not answer (RFC 4861 §7.2.2).
func (h *Host) undeliverableIPv6(iface uint32, b []byte) {
	p, ok := wire.ParseIPv6(b)
	switch {
	case !ok:
	case h.isOwn(p.Src()):
		h.inputQuoteIPv6(p, &icmpError{from: p.Src(), typ: wire.ICMPv6Unreachable, code: wire.Code6Address})
	default:
		h.sendICMPv6Error(iface, p, wire.ICMPv6Unreachable, wire.Code6Address, 0, event.Unreachable)
	}
}
