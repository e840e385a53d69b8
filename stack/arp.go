package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

const (
	arpPending = 16            // frames that wait for one answer; Linux keeps bytes, this is about as many
	arpTries   = 3             // Linux's mcast_solicit
	arpRetryNs = 1_000_000_000 // Linux's retrans_time_ms
)

// inputARP learns the sender and answers questions for an address of ours (RFC 826).
func (h *Host) inputARP(iface uint32, b []byte) {
	a, ok := wire.ParseARP(b)
	if !ok {
		return
	}
	mine := a.TargetIP() == h.Ifaces[iface].Addr
	if i := h.findNeighbor(iface, a.SenderIP()); i > 0 {
		h.resolved(&h.Neighbors[i-1], a.SenderMAC())
	} else if mine {
		h.Neighbors = append(h.Neighbors, Neighbor{Addr: a.SenderIP(), Iface: iface, MAC: a.SenderMAC(), Known: true, Retry: timer.Never})
	}
	if mine && a.Op() == wire.ARPRequest {
		h.sendARP(iface, wire.ARPReply, a.SenderMAC(), a.SenderIP(), event.ARPIs)
	}
}

// findNeighbor returns the index of a line of the ARP table plus one, or zero.
// Lines are never taken out, so it stays good.
func (h *Host) findNeighbor(iface uint32, addr wire.Addr) uint32 {
	for i := range h.Neighbors {
		if n := &h.Neighbors[i]; n.Addr == addr && n.Iface == iface {
			return uint32(i) + 1
		}
	}
	return 0
}

// resolved takes the answer for n and sends what waited for it.
func (h *Host) resolved(n *Neighbor, mac wire.MAC) {
	n.MAC, n.Known, n.Tries, n.Retry = mac, true, 0, timer.Never
	pending, iface := n.Pending, n.Iface
	n.Pending = nil
	for _, p := range pending {
		copy(h.pool.Data(p.Frame)[0:6], mac[:])
		h.net.Transmit(h.ID, iface, p.Frame, p.Why)
	}
	h.scheduleARP()
}

// sendVia puts the Ethernet header on a frame and sends it on its way, or
// keeps it until ARP has found the hop.
func (h *Host) sendVia(w *way, frame block.Handle, why event.Why) {
	out := &h.Ifaces[w.iface]
	b := h.pool.Data(frame)
	if w.hop.IsBroadcast() {
		wire.PutEthernet(b, wire.Broadcast, out.MAC, wire.TypeIPv4)
		h.net.Transmit(h.ID, w.iface, frame, why)
		return
	}
	n := h.neighborOn(w)
	if n != nil && n.Known {
		wire.PutEthernet(b, n.MAC, out.MAC, wire.TypeIPv4)
		h.net.Transmit(h.ID, w.iface, frame, why)
		return
	}
	wire.PutEthernet(b, wire.MAC{}, out.MAC, wire.TypeIPv4)
	if n == nil {
		h.Neighbors = append(h.Neighbors, Neighbor{Addr: w.hop, Iface: w.iface, Retry: timer.Never})
		n = h.neighborOn(w)
	}
	if len(n.Pending) >= arpPending {
		h.pool.Release(n.Pending[0].Frame)
		n.Pending = append(n.Pending[:0:0], n.Pending[1:]...)
	}
	n.Pending = append(n.Pending, PendingFrame{frame, why})
	if n.Retry == timer.Never {
		h.askFor(n)
	}
}

func (h *Host) askFor(n *Neighbor) {
	n.Tries++
	n.Retry = h.env.Now + arpRetryNs
	h.scheduleARP()
	h.sendARP(n.Iface, wire.ARPRequest, wire.MAC{}, n.Addr, event.ARPWho)
}

func (h *Host) sendARP(iface uint32, op uint16, target wire.MAC, ip wire.Addr, why event.Reason) {
	out := &h.Ifaces[iface]
	frame := h.pool.New(wire.EthernetLen + wire.ARPLen)
	b := h.pool.Data(frame)
	dst := target
	if op == wire.ARPRequest {
		dst = wire.Broadcast
	}
	wire.PutEthernet(b, dst, out.MAC, wire.TypeARP)
	wire.PutARP(b[wire.EthernetLen:], op, out.MAC, out.Addr, target, ip)
	h.net.Transmit(h.ID, iface, frame, h.why(why, 1))
}

// pollARP asks again for hops that did not answer, and gives up on those that
// never do: what waited for them is lost, and programs hear of it.
func (h *Host) pollARP() {
	for i := range h.Neighbors {
		n := &h.Neighbors[i]
		if n.Retry > h.env.Now {
			continue
		}
		if n.Tries < arpTries {
			h.askFor(n)
			continue
		}
		n.Tries, n.Retry = 0, timer.Never
		for _, p := range n.Pending {
			h.pool.Release(p.Frame)
		}
		n.Pending = nil
		h.hostUnreachable(n.Addr)
	}
	h.scheduleARP()
}

func (h *Host) scheduleARP() {
	h.ARPAt = timer.Never
	for i := range h.Neighbors {
		h.ARPAt = min(h.ARPAt, h.Neighbors[i].Retry)
	}
}

// why numbers what the event being handled causes.
func (h *Host) why(r event.Reason, xmit uint8) event.Why {
	w := event.Why{Cause: h.env.Cause, Reason: r, Xmit: xmit}
	h.env.Cause.Index++
	return w
}
