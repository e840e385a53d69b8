package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// inputARP learns the sender and answers questions for an address of ours
// (RFC 826). As with Linux, only who asks for us gets a new line: what others
// announce only changes lines that are there.
func (h *Host) inputARP(iface uint32, to wire.MAC, b []byte) {
	a, ok := wire.ParseARP(b)
	if !ok || a.SenderMAC()[0]&1 != 0 || a.SenderIP().IsMulticast() {
		return
	}
	own := &h.Ifaces[iface]
	mine := a.TargetIP() == own.Addr
	// Without a sender's address somebody wants to know whether the one asked
	// for is free (RFC 5227 §2.1.1); our own address is in a conflict.
	if sender := a.SenderIP(); !sender.IsZero() && sender != own.Addr {
		i := h.findNeighbor(iface, sender)
		var n *Neighbor
		if i > 0 {
			n = &h.Neighbors[i-1]
		} else if mine && a.Op() == wire.ARPRequest {
			n = h.addNeighbor(iface, sender)
		}
		if n != nil {
			gratuitous := sender == a.TargetIP()
			state := NudStale
			if a.Op() == wire.ARPReply && to == own.MAC && !gratuitous {
				state = NudReachable
			}
			h.heard(n, a.SenderMAC(), state, gratuitous || n.Updated+lockTimeNs <= h.env.Now)
		}
	}
	if mine && a.Op() == wire.ARPRequest {
		h.sendARP(iface, wire.ARPReply, a.SenderMAC(), a.SenderIP(), event.ARPIs)
	}
}

// sendARP sends a question or an answer about ip to target, or to everybody.
func (h *Host) sendARP(iface uint32, op uint16, target wire.MAC, ip wire.Addr, why event.Reason) {
	out := &h.Ifaces[iface]
	frame := h.pool.New(wire.EthernetLen + wire.ARPLen)
	b := h.pool.Data(frame)
	dst := target
	if dst == (wire.MAC{}) {
		dst = wire.Broadcast
	}
	wire.PutEthernet(b, dst, out.MAC, wire.TypeARP)
	wire.PutARP(b[wire.EthernetLen:], op, out.MAC, out.Addr, target, ip)
	h.net.Transmit(h.ID, iface, frame, h.why(why, 1))
}
