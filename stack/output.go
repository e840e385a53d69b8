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

// sendIP finishes a frame of newPacket and sends it, in fragments if it is too
// large and not of TCP, which cuts for itself. Without a route it is dropped. A ttl of zero is the host's.
func (h *Host) sendIP(frame block.Handle, src, dst wire.Addr, proto, tos, ttl uint8, why event.Why) bool {
	if !dst.Is4() {
		return h.sendIPv6(frame, src, dst, proto, tos, ttl, why)
	}
	w := h.way(dst)
	if !w.reachable {
		h.Counters.OutNoRoutes++
		h.pool.Release(frame)
		return false
	}
	if ttl == 0 {
		ttl = h.TTL
	}
	b := h.pool.Data(frame)[wire.EthernetLen:]
	hdr := wire.IPv4Header{Src: src, Dst: dst, Length: len(b), ID: h.IPID, Flags: wire.IPv4DF, TOS: tos, TTL: ttl, Protocol: proto}
	h.IPID++
	mtu := h.Ifaces[w.iface].MTU
	if len(h.Paths) > 0 {
		if p := h.path(dst); p != nil {
			mtu = min(mtu, p.MTU)
			if !p.MayDF {
				hdr.Flags = 0
			}
		}
	}
	hdr.Put(b)
	if uint32(len(b)) > mtu && proto != wire.ProtoTCP {
		h.sendFragments(w, frame, int(mtu), why)
		return true
	}
	h.sendVia(w, frame, why)
	return true
}
