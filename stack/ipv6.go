package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// inputIPv6 delivers a packet to this host or passes it on. It reports whether
// the frame's hold went along.
func (h *Host) inputIPv6(iface uint32, frame block.Handle, eth wire.Ethernet) bool {
	h.Counters.IP6.InReceives++
	p, ok := wire.ParseIPv6(eth.Payload())
	if !ok || p.Src().IsMulticast() || !h.looping && (p.Src().IsLoopback() || p.Dst().IsLoopback() || p.Dst().IsNodeLocal()) {
		h.Counters.IP6.InHdrErrors++
		return false
	}
	w := h.way(p.Dst())
	if !w.local {
		if h.IP.Forward6 && !h.linkGroup {
			return h.forwardIPv6(iface, frame, p, w)
		}
		h.Counters.IP6.InAddrErrors++
		return false
	}
	c := p.Headers()
	switch {
	case c.Fault.Drop:
		h.refuse(iface, p, c.Fault)
	case c.FragAt > 0:
		h.inputFragmentIPv6(iface, frame, p, &c)
	case c.Proto != wire.ProtoNone:
		h.deliverIPv6(iface, frame, p, &c)
	}
	return false
}

// deliverIPv6 takes a whole packet to its upper layer.
func (h *Host) deliverIPv6(iface uint32, frame block.Handle, p wire.IPv6, c *wire.Chain) {
	dst := p.Dst()
	h.deliver(&packet{
		frame: frame, ip: p, body: p[c.At:], at: wire.EthernetLen + c.At, src: p.Src(), dst: dst,
		iface: iface, link: c.LinkAt, proto: c.Proto, tos: p.TrafficClass(), ttl: p.HopLimit(), group: dst.IsMulticast(),
	})
}

// refuse drops a packet for a fault in its headers.
func (h *Host) refuse(iface uint32, p wire.IPv6, f wire.Fault) {
	h.Counters.IP6.InHdrErrors++
	if f.Report && (f.Always || !p.Dst().IsMulticast() && !h.linkGroup) {
		h.sendICMPv6Error(iface, p, wire.ICMPv6ParamProblem, f.Code, f.Pointer, event.ParameterProblem)
	}
}

// forwardIPv6 passes a packet on. Routers do not cut it: its source does (RFC
// 8200 §5).
func (h *Host) forwardIPv6(iface uint32, frame block.Handle, p wire.IPv6, w *way) bool {
	if f := p.HopByHop(); f.Drop {
		h.refuse(iface, p, f)
		return false
	}
	src, dst := p.Src(), p.Dst()
	switch {
	case src.IsZero() || dst.IsMulticast() || dst.IsLinkLocal(): // RFC 4291 §2.5.2, §2.5.6
		h.Counters.IP6.InAddrErrors++
		return false
	case !w.reachable:
		h.Counters.IP6.OutNoRoutes++
		h.sendICMPv6Error(iface, p, wire.ICMPv6Unreachable, wire.Code6NoRoute, 0, event.Unreachable)
		return false
	case p.HopLimit() <= 1:
		h.sendICMPv6Error(iface, p, wire.ICMPv6TimeExceeded, 0, 0, event.TTLExceeded)
		return false
	case src.IsLinkLocal(): // RFC 4443 §3.1
		h.sendICMPv6Error(iface, p, wire.ICMPv6Unreachable, wire.Code6Scope, 0, event.Unreachable)
		return false
	}
	if mtu := h.linkMTU(w.iface, false); uint32(len(p)) > mtu {
		h.sendICMPv6Error(iface, p, wire.ICMPv6TooBig, 0, mtu, event.TooBig)
		return false
	}
	h.Counters.IP6.ForwDatagrams++
	frame = h.pool.Own(frame)
	wire.IPv6(h.pool.Data(frame)[wire.EthernetLen:]).DecrementHopLimit()
	h.sendVia(w, frame, h.why(event.Forwarded, 1))
	return true
}

// sendIPv6 is sendIP for IPv6.
func (h *Host) sendIPv6(frame block.Handle, src, dst wire.Addr, how headed, why event.Why) bool {
	h.Counters.IP6.OutRequests++
	w := h.wayFrom(src, dst)
	if !w.reachable || !h.IP.IPv6 {
		h.Counters.IP6.OutNoRoutes++
		h.pool.Release(frame)
		return false
	}
	limit := how.ttl
	if limit == 0 {
		limit = h.hopLimit(w.iface)
	}
	b := h.pool.Data(frame)[wire.EthernetLen:]
	hdr := wire.IPv6Header{Src: src, Dst: dst, Length: len(b) - wire.IPv6Len, FlowLabel: how.flow, TrafficClass: how.tos, Next: how.proto, HopLimit: limit}
	hdr.Put(b)
	mtu := h.linkMTU(w.iface, false)
	if len(h.Paths) > 0 {
		if p := h.path(dst); p != nil {
			mtu = min(mtu, p.MTU)
		}
	}
	if uint32(len(b)) > mtu && how.proto != wire.ProtoTCP {
		h.sendFragmentsIPv6(w, frame, int(mtu), why)
		return true
	}
	h.sendVia(w, frame, why)
	return true
}

// hopLimit is what a router on the link advised, else the host's own.
func (h *Host) hopLimit(iface uint32) uint8 {
	if n := h.Ifaces[iface].Auto.HopLimit; n != 0 {
		return n
	}
	return h.IP.HopLimit
}

// sendFragmentsIPv6 sends the packet in a frame in pieces of at most mtu bytes,
// each with a fragment header (RFC 8200 §4.5). It takes the frame.
func (h *Host) sendFragmentsIPv6(w *way, frame block.Handle, mtu int, why event.Why) {
	p := wire.IPv6(h.pool.Data(frame)[wire.EthernetLen:])
	const header = wire.IPv6Len + wire.FragmentLen
	h.FragID++
	id := uint32(mix(h.Secret[0], uint64(h.FragID))) // RFC 7739 §5.3
	data, room := p.Payload(), (mtu-header)&^7
	for at := 0; at < len(data) && room > 0; at += room {
		n := min(room, len(data)-at)
		piece := h.pool.New(wire.EthernetLen + header + n)
		b := wire.IPv6(h.pool.Data(piece)[wire.EthernetLen:])
		copy(b, p[:wire.IPv6Len])
		b.SetPayload(wire.ProtoFragment, wire.FragmentLen+n)
		wire.PutFragment(b[wire.IPv6Len:], p.NextHeader(), at, at+n < len(data), id)
		copy(b[header:], data[at:at+n])
		if at > 0 {
			why = h.why(why.Reason, why.Xmit)
		}
		h.Counters.IP6.FragCreates++
		h.sendVia(w, piece, why)
	}
	h.Counters.IP6.FragOKs++
	h.pool.Release(frame)
}

// inputFragmentIPv6 keeps a fragment and delivers the packet once all of it is
// here (RFC 8200 §4.5).
func (h *Host) inputFragmentIPv6(iface uint32, frame block.Handle, p wire.IPv6, c *wire.Chain) {
	h.Counters.IP6.ReasmReqds++
	f := wire.Fragment(p[c.FragAt:])
	n := len(p) - c.At
	problem := wire.Fault{Report: true, Code: wire.CodeErroneousHeader}
	switch {
	case f.Offset() == 0 && !f.More(): // atomic: whatever else is here is of another packet (RFC 6946 §4)
		h.Counters.IP6.ReasmOKs++
		h.deliverWhole(iface, frame, p, p.Behind(*c))
		return
	case f.Offset() == 0 && p.Beheaded(*c):
		problem.Code = wire.CodeIncompleteChain
	case f.Offset()+n > 65535:
		problem.Pointer = uint32(c.FragAt + 2)
	case f.More() && n%8 != 0:
		problem.Pointer = 4
	default:
		h.collectIPv6(iface, frame, p, c)
		return
	}
	h.refuse(iface, p, problem)
}

// collectIPv6 keeps a fragment in which nothing is wrong.
func (h *Host) collectIPv6(iface uint32, frame block.Handle, p wire.IPv6, c *wire.Chain) {
	f := wire.Fragment(p[c.FragAt:])
	n := len(p) - c.At
	part := Part{Frame: frame, Off: uint32(f.Offset()), Len: uint32(n), At: uint32(wire.EthernetLen + c.At)}
	key := Reassembly{Src: p.Src(), Dst: p.Dst(), ID: f.ID(), Iface: iface}
	if i, whole := h.collect(&key, part, f.More()); whole {
		h.reassemble(iface, &h.Partial[i])
		h.forgetPartial(i)
	}
}

// reassemble delivers a packet made of the headers in front of the first
// fragment's fragment header, and of all payloads.
func (h *Host) reassemble(iface uint32, q *Reassembly) {
	first := q.Parts[0]
	fragAt := int(first.At) - wire.FragmentLen
	head := h.pool.Data(first.Frame)
	if fragAt-wire.EthernetLen+int(q.Len) > wire.IPv6Len+65535 {
		h.Counters.IP6.ReasmFails++
		return
	}
	old, _ := wire.ParseIPv6(head[wire.EthernetLen:])
	was := old.Headers()
	all := h.pool.New(fragAt + int(q.Len))
	b := h.pool.Data(all)
	copy(b, head[:fragAt])
	q.copyOut(h.pool, b[fragAt:])
	p := wire.IPv6(b[wire.EthernetLen:])
	p.SetPayload(p.NextHeader(), len(p)-wire.IPv6Len)
	p[was.LinkAt] = head[fragAt]
	h.Counters.IP6.ReasmOKs++
	h.deliverWhole(iface, all, p, p.Behind(wire.Chain{Proto: head[fragAt], At: fragAt - wire.EthernetLen, FragAt: was.LinkAt}))
	h.pool.Release(all)
}

// deliverWhole delivers a packet that came with a fragment header, as soon as it is whole.
func (h *Host) deliverWhole(iface uint32, frame block.Handle, p wire.IPv6, c wire.Chain) {
	switch {
	case c.Fault.Drop:
		h.refuse(iface, p, c.Fault)
	case c.Proto != wire.ProtoNone:
		h.deliverIPv6(iface, frame, p, &c)
	}
}
