package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// inputARP learns the sender and answers questions for an address of ours, whichever interface has it (RFC 826; Linux's
// arp_process). Only who asks for us gets a new line: what others announce only changes lines that are there.
func (h *Host) inputARP(iface uint32, to wire.MAC, b []byte) {
	a, ok := wire.ParseARP(b)
	if !ok || a.Op() != wire.ARPRequest && a.Op() != wire.ARPReply {
		return
	}
	sender, asked := a.SenderIP(), a.TargetIP()
	asks := a.Op() == wire.ARPRequest && h.isOwn(asked)
	nobody := sender == wire.From4(0) // somebody wants to know whether the one asked for is free (RFC 5227 §2.1.1)
	switch {
	case asked.IsMulticast() || asked.IsLoopback():
		return
	case !nobody && (sender.IsMulticast() || sender.IsLoopback() || sender.IsBroadcast() || h.isOwn(sender)):
		return // also who has an address of ours: that is a conflict, which Linux leaves to programs
	case !nobody:
		h.learnARP(iface, to, a, asks && !h.isBroadcast(sender))
	}
	if asks {
		h.sendARP(iface, wire.ARPReply, asked, a.SenderMAC(), sender, event.ARPIs)
	}
}

// learnARP writes the sender of an ARP packet into the table, if it stands there or is a newcomer to add.
func (h *Host) learnARP(iface uint32, to wire.MAC, a wire.ARP, add bool) {
	var n *Neighbor
	if i := h.findNeighbor(iface, a.SenderIP()); i > 0 {
		n = &h.Neighbors[i-1]
	} else if add {
		n = h.addNeighbor(iface, a.SenderIP())
	}
	if n == nil {
		return
	}
	state := NudStale
	if a.Op() == wire.ARPReply && to == h.Ifaces[iface].MAC {
		state = NudReachable
	}
	h.heard(n, a.SenderMAC(), state, isGratuitous(a) || n.Updated+lockTimeNs <= h.env.Now)
}

// isGratuitous reports whether a packet announces its sender (RFC 5227 §3): a reply does so only if it names the
// sender's MAC twice (Linux's arp_is_garp).
func isGratuitous(a wire.ARP) bool {
	return a.SenderIP() == a.TargetIP() && (a.Op() == wire.ARPRequest || a.TargetMAC() == a.SenderMAC())
}

// sendARP sends a question or an answer from an address of ours to target, or a question to everybody.
func (h *Host) sendARP(iface uint32, op uint16, from wire.Addr, target wire.MAC, ip wire.Addr, why event.Reason) {
	out := &h.Ifaces[iface]
	frame := h.pool.New(wire.EthernetLen + wire.ARPLen)
	b := h.pool.Data(frame)
	dst := target
	if op == wire.ARPRequest {
		if dst == (wire.MAC{}) {
			dst = wire.Broadcast
		}
		target = wire.MAC{} // a question leaves it empty, also one to a neighbour whose address is in doubt (Linux's arp_solicit)
	}
	wire.PutEthernet(b, dst, out.MAC, wire.TypeARP)
	wire.PutARP(b[wire.EthernetLen:], op, out.MAC, from, target, ip)
	h.transmit(iface, frame, h.why(why, 1))
}
