package stack

import (
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// PathMTU is what a router said about the way to an address (RFC 1191 §6.3).
type PathMTU struct {
	Addr  wire.Addr
	MTU   uint32
	Until int64 // then a larger one is tried again
}

const (
	minPathMTU    = 552  // Linux's net.ipv4.route.min_pmtu
	minPathMTU6   = 1280 // RFC 8201 §4
	pathMTUAgeNs  = 600_000_000_000
	maxPathMTUs   = 256
	minIPv4Packet = 68
)

// pathMTU returns the largest packet that the way to dst is known to let through, or
// zero if nobody said.
func (h *Host) pathMTU(dst wire.Addr) uint32 {
	for i := range h.PathMTUs {
		if p := &h.PathMTUs[i]; p.Addr == dst && p.Until > h.env.Now {
			return p.MTU
		}
	}
	return 0
}

// learnPathMTU keeps what a router said, within reason, and tells all connections to
// that address.
func (h *Host) learnPathMTU(dst wire.Addr, mtu uint32) {
	least := uint32(minPathMTU)
	if !dst.Is4() {
		least = minPathMTU6
	}
	mtu = max(mtu, least)
	if known := h.pathMTU(dst); mtu >= h.mssFor(dst)+uint32(headerLen(&dst))+wire.TCPLen || known != 0 && mtu >= known {
		return
	}
	at := -1
	for i := range h.PathMTUs {
		if p := &h.PathMTUs[i]; p.Addr == dst || p.Until <= h.env.Now {
			at = i
			break
		}
	}
	switch {
	case at >= 0:
	case len(h.PathMTUs) < maxPathMTUs:
		at = len(h.PathMTUs)
		h.PathMTUs = append(h.PathMTUs, PathMTU{})
	default:
		at = int(h.env.Now / 1000 % maxPathMTUs)
	}
	h.PathMTUs[at] = PathMTU{dst, mtu, h.env.Now + pathMTUAgeNs}
}

// tooBig tells a connection that a segment of it was too big for the path.
func (h *Host) tooBig(c *tcp.Conn, mtu uint32) {
	if mtu < minIPv4Packet { // a router that does not know RFC 1191: Linux takes the next lower common size
		mtu = c.PathMTU / 2
	}
	h.learnPathMTU(c.Remote.Addr, mtu)
	if known := h.pathMTU(c.Remote.Addr); known != 0 {
		c.SetPathMTU(&h.env, known)
	}
}
