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

// headed is what an upper layer says about the IP header of what it sends. A ttl of zero is the host's.
type headed struct {
	proto, tos, ttl uint8
	df              uint8  // IPv4's "do not fragment"
	flow            uint32 // IPv6's flow label
	alone           bool   // of no connection: without an identification, if it must not be cut
	ident           uint16 // else the identification of a segment
	opts            []byte // IPv4 options, in whole words
}

// Values of headed.df.
const (
	dfUsual  = iota // unless some router on the way wants less than the least path MTU
	dfNever         // routers may cut
	dfAlways        // they may not, whatever is known
)

// sendIP finishes a frame of newPacket and sends it, in fragments if it is too
// large and not of TCP, which cuts for itself. Without a route it is dropped.
func (h *Host) sendIP(frame block.Handle, src, dst wire.Addr, how headed, why event.Why) bool {
	if !dst.Is4() {
		return h.sendIPv6(frame, src, dst, how, why)
	}
	h.Counters.IP.OutRequests++
	w := h.way(dst)
	if !w.reachable {
		h.Counters.IP.OutNoRoutes++
		h.pool.Release(frame)
		return false
	}
	if how.ttl == 0 {
		how.ttl = h.TTL
	}
	if len(how.opts) > 0 {
		frame = h.roomForOptions(frame, len(how.opts))
	}
	b := h.pool.Data(frame)[wire.EthernetLen:]
	hdr := wire.IPv4Header{Src: src, Dst: dst, Length: len(b), Flags: wire.IPv4DF, TOS: how.tos, TTL: how.ttl, Protocol: how.proto, Options: how.opts}
	mtu := h.Ifaces[w.iface].MTU
	if len(h.Paths) > 0 {
		if p := h.path(dst); p != nil {
			mtu = min(mtu, p.MTU)
			if !p.MayDF && how.df != dfAlways {
				hdr.Flags = 0
			}
		}
	}
	if how.df == dfNever {
		hdr.Flags = 0
	}
	switch {
	case how.proto != wire.ProtoTCP, how.alone && hdr.Flags == 0:
		hdr.ID = h.identify(src, dst, how.proto)
	case how.alone: // RFC 6864 §4.1
	default:
		hdr.ID = how.ident
	}
	hdr.Put(b)
	if uint32(len(b)) > mtu && how.proto != wire.ProtoTCP {
		h.sendFragments(w, frame, int(mtu), why)
		return true
	}
	h.sendVia(w, frame, why)
	return true
}

// roomForOptions returns a frame of newPacket for IPv4 with room for n bytes of options. It takes the frame.
func (h *Host) roomForOptions(frame block.Handle, n int) block.Handle {
	const head = wire.EthernetLen + wire.IPv4Len
	old := h.pool.Data(frame)
	wide := h.pool.New(len(old) + n)
	copy(h.pool.Data(wide)[head+n:], old[head:])
	h.pool.Release(frame)
	return wide
}
