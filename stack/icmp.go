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
		h.Counters.ICMPInCsumErrors++
		return
	}
	switch m.Type() {
	case wire.ICMPEcho:
		if !h.IP.EchoIgnoreAll && (!p.group || !h.IP.EchoIgnoreBroadcasts) && p.src != wire.From4(0) {
			h.answerEcho(p, m)
		}
	case wire.ICMPEchoReply:
		h.inputEchoReply(p, m.ID(), m.Seq())
	case wire.ICMPUnreachable, wire.ICMPTimeExceeded, wire.ICMPParamProblem: // of source quench nobody takes notice (RFC 6633)
		h.inputQuoteIPv4(m.Payload(), &icmpError{from: p.src, typ: m.Type(), code: m.Code(), mtu: uint32(m.Seq())})
	}
}

// answerEcho answers an echo request, with its TOS, record route and timestamps. Routers may cut the answer:
// whatever is known of the path, nobody sends it again (Linux's icmp_reply).
func (h *Host) answerEcho(p *packet, m wire.ICMP) {
	src := h.addrFor(p.dst, p.src)
	opts, ok := h.replyOptions(p.ip, len(p.ip), src)
	if !ok {
		return
	}
	h.sendEcho(wire.ICMPEchoReply, src, p.src, m.ID(), m.Seq(), m.Payload(), headed{tos: p.tos, df: dfNever, opts: opts}, event.EchoReply)
}

// addrFor returns the address of ours to answer from: the one asked, unless
// that was a group's.
func (h *Host) addrFor(asked, peer wire.Addr) wire.Addr {
	if h.isOwn(asked) || asked.IsLoopback() {
		return asked
	}
	src, _ := h.sourceFor(peer)
	return src
}

// sendEcho sends an echo request or reply, with the type of ICMP for both
// versions of IP.
func (h *Host) sendEcho(typ uint8, src, dst wire.Addr, id, seq uint16, data []byte, how headed, why event.Reason) bool {
	frame, b := h.newPacket(&dst, wire.ICMPLen+len(data))
	copy(b[wire.ICMPLen:], data)
	if dst.Is4() {
		wire.PutICMP(b, typ, 0, id, seq)
		how.proto = wire.ProtoICMP
		return h.sendIP(frame, src, dst, how, h.why(why, 1))
	}
	typ6 := uint8(wire.ICMPv6Echo)
	if typ == wire.ICMPEchoReply {
		typ6 = wire.ICMPv6EchoReply
	}
	wire.PutICMPv6(b, &src, &dst, typ6, 0, uint32(id)<<16|uint32(seq))
	how.proto = wire.ProtoICMPv6
	return h.sendIP(frame, src, dst, how, h.why(why, 1))
}

// inputEchoReply puts a reply into the queue of the socket that asked, told by
// the identifier.
func (h *Host) inputEchoReply(p *packet, id, seq uint16) {
	if s := h.echoSocket(id); s != nil {
		h.enqueue(s, p, tcp.Endpoint{Addr: p.src, Port: seq}, 0, len(p.body))
	}
}

func (h *Host) echoSocket(id uint16) *Socket {
	for i := range h.Sockets {
		if s := &h.Sockets[i]; s.Kind == SockICMP && s.Local.Port == id {
			return s
		}
	}
	return nil
}

// icmpReport is what an ICMP error says.
type icmpReport struct {
	typ, code uint8
	rest      uint32 // the second half of the header
	options   int    // the byte of the packet's header up to which its options are answered; zero: all are
	why       event.Reason
}

// tosOfErrors is the precedence of what ICMP errors say to a network (RFC 1812 §4.3.2.5).
const tosOfErrors = 0xc0

// sendICMPError reports a packet that cannot be delivered to its sender; never about an ICMP error, a later fragment,
// a group or a frame to one, or to what is no host (RFC 1122 §3.2.2). Routers may cut it, as with echo replies.
func (h *Host) sendICMPError(about wire.IPv4, r icmpReport) {
	src, dst := about.Src(), about.Dst()
	if h.linkGroup || src == wire.From4(0) || src.IsMulticast() || src.IsLoopback() && !h.looping || h.isBroadcast(src) || dst.IsMulticast() || h.isBroadcast(dst) || about.FragOffset() > 0 {
		return
	}
	if about.Protocol() == wire.ProtoICMP && (len(about.Payload()) == 0 || isICMPError(about.Payload()[0])) {
		return
	}
	if !h.mayReport(src, r.typ == wire.ICMPUnreachable && r.code == wire.CodeFragNeeded) {
		return
	}
	from := h.addrFor(dst, src)
	if r.options == 0 {
		r.options = len(about)
	}
	opts, ok := h.replyOptions(about, r.options, from)
	if !ok {
		return
	}
	quote := about[:min(len(about), icmpQuote-len(opts))]
	frame, b := h.newPacket(&src, wire.ICMPLen+len(quote))
	copy(b[wire.ICMPLen:], quote)
	wire.PutICMP(b, r.typ, r.code, uint16(r.rest>>16), uint16(r.rest))
	h.sendIP(frame, from, src, headed{proto: wire.ProtoICMP, tos: about.TOS()&0x1e | tosOfErrors, df: dfNever, opts: opts}, h.why(r.why, 1))
}

// isICMPError reports whether nobody may send an error about a message of a type. What is not known may be one; so
// Linux thinks of all above address mask replies.
func isICMPError(typ uint8) bool {
	switch typ {
	case wire.ICMPUnreachable, wire.ICMPSourceQuench, wire.ICMPRedirect, wire.ICMPTimeExceeded, wire.ICMPParamProblem:
		return true
	}
	return typ > wire.ICMPMaskReply
}

// inputQuoteIPv4 tells whoever sent the packet that an ICMP error quotes.
func (h *Host) inputQuoteIPv4(quoted []byte, e *icmpError) {
	if len(quoted) < wire.IPv4Len || quoted[0]>>4 != 4 {
		return
	}
	p := wire.IPv4(quoted)
	if n := p.HeaderLen(); n < wire.IPv4Len || len(quoted) < n+8 || p.FragOffset() > 0 {
		return
	}
	e.src, e.dst, e.proto, e.head = p.Src(), p.Dst(), p.Protocol(), p[p.HeaderLen():]
	e.tooBig = e.typ == wire.ICMPUnreachable && e.code == wire.CodeFragNeeded
	h.obey(e)
}
