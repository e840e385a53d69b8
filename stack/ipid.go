package stack

import (
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Ident counts the packets from one address to another of one protocol, as far as buckets tell them apart.
type Ident struct {
	Bucket uint16
	Next   uint16
	AtTick int64 // when Next was taken last
}

const (
	identBuckets = 2048      // the fewest that Linux has
	identTickNs  = 4_000_000 // a jiffy at 250 Hz
)

// identify returns the identification of a packet that no connection counts (Linux's ip_idents_reserve). Others cannot
// count the packets of this host by it: a counter goes on by one, and by a random number of the ticks since.
func (h *Host) identify(src, dst wire.Addr, proto uint8) uint16 {
	key := mix(h.Secret[0]^uint64(proto), uint64(src.As4())<<32|uint64(dst.As4()))
	tick := h.env.Now / identTickNs
	n := h.ident(uint16(key % identBuckets))
	if past := tick - n.AtTick; past > 0 {
		n.Next += uint16(mix(h.Secret[1]^uint64(n.Bucket), uint64(h.env.Now)) % uint64(past))
		n.AtTick = tick
	}
	n.Next++
	return n.Next - 1
}

// segmentIdent returns the identification of the next segment of a connection: Linux counts them for each connection, from anywhere.
func (h *Host) segmentIdent(c *tcp.Conn) uint16 {
	return uint16(mix(h.Secret[1]^uint64(c.Local.Port)<<16^uint64(c.Remote.Port), uint64(c.ISS))) + uint16(c.Segs.SegsOut)
}

// ident returns the counter of a bucket, which begins anywhere.
func (h *Host) ident(bucket uint16) *Ident {
	for i := range h.Idents {
		if h.Idents[i].Bucket == bucket {
			return &h.Idents[i]
		}
	}
	h.Idents = append(h.Idents, Ident{Bucket: bucket, Next: uint16(mix(h.Secret[1], uint64(bucket))), AtTick: h.env.Now / identTickNs})
	return &h.Idents[len(h.Idents)-1]
}
