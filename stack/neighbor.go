package stack

import (
	"slices"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// States of a neighbour (RFC 4861 §7.3.2; Linux has them for ARP too). A
// permanent one was written down and is never doubted.
const (
	NudPermanent uint8 = iota
	NudIncomplete
	NudReachable
	NudStale
	NudDelay
	NudProbe
	NudFailed
)

// Linux's defaults under net.ipv4.neigh.default, which IPv6 shares.
const (
	mcastSolicit     = 3
	ucastSolicit     = 3
	retransTimeNs    = 1_000_000_000
	delayFirstProbe  = 5_000_000_000
	gcStaleNs        = 60_000_000_000
	lockTimeNs       = 1_000_000_000 // within it, the first answer counts
	gcThresh1        = 128
	gcThresh3        = 1024
	neighborsPending = 16 // frames that wait for one answer; Linux keeps bytes, this is about as many
)

// Neighbor is an entry of the table that ARP and neighbour discovery share.
type Neighbor struct {
	Addr    wire.Addr
	MAC     wire.MAC
	Iface   uint32
	Known   bool // frames may go to MAC
	State   uint8
	Router  bool // it said so in a neighbour advertisement
	Tries   uint8
	Until   int64          // reachable: so long; stale: since then
	Retry   int64          // when to ask again, or to begin to doubt
	Updated int64          // when MAC was last heard of
	Pending []PendingFrame // waiting for the answer, at most neighborsPending
}

// PendingFrame is a frame whose destination MAC is not known yet.
type PendingFrame struct {
	Frame block.Handle
	Why   event.Why
}

// findNeighbor returns the index of a line of the table plus one, or zero.
func (h *Host) findNeighbor(iface uint32, addr wire.Addr) uint32 {
	for i := range h.Neighbors {
		if n := &h.Neighbors[i]; n.Addr == addr && n.Iface == iface {
			return uint32(i) + 1
		}
	}
	return 0
}

// NeighborOf returns the MAC of a neighbour, if it is known, and when it was last heard of.
func (h *Host) NeighborOf(iface uint32, addr wire.Addr) (mac wire.MAC, at int64, ok bool) {
	i := h.findNeighbor(iface, addr)
	if i == 0 || !h.Neighbors[i-1].Known {
		return mac, 0, false
	}
	n := &h.Neighbors[i-1]
	return n.MAC, n.Updated, true
}

// Probe4 asks whether anybody on the link of an interface has an address; the interface must not have one yet (RFC
// 5227 §2.1.1). NeighborOf knows the answer, until Unprobe forgets it.
func (h *Host) Probe4(iface uint32, addr wire.Addr) {
	h.Unprobe4(iface, addr)
	if n := h.addNeighbor(iface, addr); n != nil {
		n.State = NudIncomplete
		h.ask(n)
	}
}

// Unprobe4 forgets a neighbour.
func (h *Host) Unprobe4(iface uint32, addr wire.Addr) {
	if i := h.findNeighbor(iface, addr); i > 0 {
		h.giveUp(&h.Neighbors[i-1])
		h.Neighbors = slices.Delete(h.Neighbors, int(i)-1, int(i))
		h.forgetWays()
		h.scheduleChores()
	}
}

// addNeighbor adds a line about which nothing is known; nil if the table is full.
func (h *Host) addNeighbor(iface uint32, addr wire.Addr) *Neighbor {
	if len(h.Neighbors) >= gcThresh1 && !h.collectNeighbors() {
		return nil
	}
	h.Neighbors = append(h.Neighbors, Neighbor{Addr: addr, Iface: iface, State: NudFailed, Until: h.env.Now, Retry: timer.Never})
	return &h.Neighbors[len(h.Neighbors)-1]
}

// collectNeighbors takes out lines that were of no use for a while; it reports
// whether there is room then.
func (h *Host) collectNeighbors() bool {
	kept, learned := h.Neighbors[:0], 0
	for _, n := range h.Neighbors {
		idle := n.State != NudPermanent && n.Retry == timer.Never && len(n.Pending) == 0
		if idle && n.Until+gcStaleNs <= h.env.Now {
			continue
		}
		if n.State != NudPermanent {
			learned++
		}
		kept = append(kept, n)
	}
	if len(kept) < len(h.Neighbors) {
		clear(h.Neighbors[len(kept):])
		h.Neighbors = kept
		h.forgetWays() // they hold indices
	}
	return learned < gcThresh3
}

// heard takes news of a neighbour's MAC: from an answer to our question it is
// reachable, from anything else only stale. override lets another MAC in.
func (h *Host) heard(n *Neighbor, mac wire.MAC, state uint8, override bool) {
	if n.State == NudPermanent || n.Known && mac != n.MAC && !override {
		return
	}
	if n.Known && mac == n.MAC && state == NudStale {
		return // nothing new
	}
	n.MAC, n.Known, n.State, n.Tries = mac, true, state, 0
	n.Retry, n.Until, n.Updated = timer.Never, h.env.Now, h.env.Now
	if state == NudReachable {
		n.Until += h.reachableNs()
	}
	pending, iface := n.Pending, n.Iface
	n.Pending = nil
	if len(pending) > 0 {
		h.use(n)
	}
	for _, p := range pending {
		frame := h.pool.Own(p.Frame) // a checkpoint may hold it as it waited
		copy(h.pool.Data(frame)[0:6], mac[:])
		h.transmit(iface, frame, p.Why)
	}
	h.scheduleChores()
}

// reachableNs is how long an answer is believed: the base time, a half less to
// a half more, so that hosts do not ask in step (RFC 4861 §6.3.2).
func (h *Host) reachableNs() int64 {
	base := h.IP.ReachableNs
	return base/2 + int64(mix(h.Secret[1], 0x4e5544)%uint64(max(base, 1)))
}

// use marks that a frame goes to n: a stale neighbour is asked in a while
// whether it is still there, unless something shows it before (RFC 4861 §7.3.3).
func (h *Host) use(n *Neighbor) {
	if n.State == NudStale || n.State == NudReachable && n.Until <= h.env.Now {
		n.State, n.Retry = NudDelay, h.env.Now+delayFirstProbe
		h.scheduleChores()
	}
}

// confirm takes an acknowledgment of new data from dst as a sign that
// frames get there (RFC 4861 §7.3.1).
func (h *Host) confirm(src, dst wire.Addr) {
	w := h.wayFrom(src, dst)
	if !w.reachable {
		return
	}
	if n := h.neighborOn(w); n != nil && (n.State == NudDelay || n.State == NudProbe) {
		n.State, n.Tries, n.Retry, n.Until = NudReachable, 0, timer.Never, h.env.Now+h.reachableNs()
		h.scheduleChores()
	}
}

// sendVia puts the Ethernet header on a frame and sends it on its way, or
// keeps it until the hop has said where it is.
func (h *Host) sendVia(w *way, frame block.Handle, why event.Why) {
	out := &h.Ifaces[w.iface]
	b := h.pool.Data(frame)
	switch {
	case w.loop:
		h.loop(w, frame)
		return
	case w.group:
		wire.PutEthernet(b, w.mac, out.MAC, w.etherType)
		h.transmit(w.iface, frame, why)
		return
	}
	n := h.neighborOn(w)
	if n != nil && n.Known {
		if n.State != NudPermanent {
			h.use(n)
		}
		wire.PutEthernet(b, n.MAC, out.MAC, w.etherType)
		h.transmit(w.iface, frame, why)
		return
	}
	wire.PutEthernet(b, wire.MAC{}, out.MAC, w.etherType)
	if n == nil {
		if n = h.addNeighbor(w.iface, w.hop); n == nil {
			h.pool.Release(frame)
			return
		}
	}
	if len(n.Pending) >= neighborsPending {
		h.pool.Release(n.Pending[0].Frame)
		n.Pending = append(n.Pending[:0:0], n.Pending[1:]...)
	}
	n.Pending = append(n.Pending, PendingFrame{frame, why})
	if n.State != NudIncomplete {
		n.State, n.Tries = NudIncomplete, 0
		h.ask(n)
	}
}

// ask asks for n's MAC: everybody, or n itself if it is only doubted.
func (h *Host) ask(n *Neighbor) {
	n.Tries++
	n.Retry = h.env.Now + retransTimeNs
	to, why := wire.MAC{}, event.ARPWho
	if n.State == NudProbe {
		to, why = n.MAC, event.NeighborProbe
	}
	h.scheduleChores()
	if n.Addr.Is4() {
		h.sendARP(n.Iface, wire.ARPRequest, h.Ifaces[n.Iface].Addr, to, n.Addr, why)
	} else {
		h.solicit(n.Iface, to, n.Addr, why)
	}
}

// pollNeighbors asks again those that did not answer, and gives up on those
// that never do.
func (h *Host) pollNeighbors() {
	for i := 0; i < len(h.Neighbors); i++ { // giving up on one may change the table
		n := &h.Neighbors[i]
		if n.Retry > h.env.Now {
			continue
		}
		h.fire(n.timer(), n.Retry, func(h *Host) { h.retry(&h.Neighbors[i]) })
	}
}

// retry is for a neighbour whose time is up.
func (h *Host) retry(n *Neighbor) {
	switch {
	case n.State == NudDelay:
		n.State, n.Tries = NudProbe, 0
		h.ask(n)
	case n.State == NudProbe && n.Tries < ucastSolicit, n.State == NudIncomplete && n.Tries < mcastSolicit:
		h.ask(n)
	default:
		h.giveUp(n)
	}
}

// giveUp forgets where n is. What waited for it is lost: programs here, and
// hosts elsewhere, hear of it (RFC 1812 §5.2.7.1, RFC 4861 §7.2.2).
func (h *Host) giveUp(n *Neighbor) {
	pending, iface, addr := n.Pending, n.Iface, n.Addr
	n.Pending = nil
	n.Known, n.State, n.Tries, n.Retry, n.Until = false, NudFailed, 0, timer.Never, h.env.Now
	for _, p := range pending {
		h.undeliverable(iface, h.pool.Data(p.Frame)[wire.EthernetLen:])
		h.pool.Release(p.Frame)
	}
	if !addr.Is4() {
		h.nextRouter(addr)
	}
}

// undeliverable reports a packet whose next hop does not answer.
func (h *Host) undeliverable(iface uint32, b []byte) {
	p, ok := wire.ParseIPv4(b)
	switch {
	case !ok:
		h.undeliverableIPv6(iface, b)
	case h.isOwn(p.Src()):
		h.inputQuoteIPv4(p, &icmpError{from: p.Src(), typ: wire.ICMPUnreachable, code: wire.CodeHostUnreachable})
	default:
		h.sendICMPError(p, icmpReport{typ: wire.ICMPUnreachable, code: wire.CodeHostUnreachable, why: event.Unreachable})
	}
}
