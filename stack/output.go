package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// headerLen returns the length of the IP header of what is sent to dst.
func headerLen(dst *wire.Addr) int {
	if dst.Is4() {
		return wire.IPv4Len
	}
	return wire.IPv6Len
}

// newPacket returns a frame to dst with room for a payload of n bytes behind
// the Ethernet and IP headers, and that payload.
func (h *Host) newPacket(dst *wire.Addr, n int) (frame block.Handle, payload []byte) {
	at := wire.EthernetLen + headerLen(dst)
	frame = h.pool.New(at + n)
	return frame, h.pool.Data(frame)[at:]
}

// sendIP finishes a frame of newPacket and sends it; without a route it is dropped.
func (h *Host) sendIP(frame block.Handle, src, dst wire.Addr, proto, tos uint8, why event.Why) bool {
	w := h.way(dst)
	if !w.reachable {
		h.Counters.OutNoRoutes++
		h.pool.Release(frame)
		return false
	}
	b := h.pool.Data(frame)[wire.EthernetLen:]
	hdr := wire.IPv4Header{Src: src, Dst: dst, Length: len(b), ID: h.IPID, Flags: wire.IPv4DF, TOS: tos, TTL: h.TTL, Protocol: proto}
	h.IPID++
	hdr.Put(b)
	h.sendVia(w, frame, why)
	return true
}

// mssFor returns the largest segment that fits the way to dst.
func (h *Host) mssFor(dst wire.Addr) uint32 {
	if r, ok := h.route(dst); ok {
		return h.Ifaces[r.Iface].MTU - uint32(headerLen(&dst)) - wire.TCPLen
	}
	return 536
}
