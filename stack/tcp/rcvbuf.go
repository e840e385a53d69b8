package tcp

import (
	"math/bits"

	"wirelab/stack/block"
	"wirelab/stack/seq"
)

// What received data costs of the receive buffer. As in Linux, a segment is copied into the room behind the one before
// it where it fits, and then costs nothing. A full buffer is collapsed, then pruned.

// Stored is received payload in the receive buffer or behind a gap. Neighbours that share one buffer of Linux form a
// group: the last of them holds what the group costs, and the others hold zero.
type Stored struct {
	Extent
	Cost uint32 // bytes of the receive buffer (truesize)
	Room uint32 // bytes that fit behind the last one of a group
}

// Linux's sizes in bytes: struct sk_buff, struct skb_shared_info, the room in front of a packet, and a page.
const (
	skbDescribes, skbShared, skbHeadroom, page = 256, 320, 64, 4096
	skbSmallHead                               = 576 // the least that is allocated for a packet and its skb_shared_info
	ethernetLen                                = 14
	collapsedLen                               = page - skbShared // SKB_MAX_ORDER(0, 0): payload of a buffer after collapsing
)

// truesize returns the cost of a frame of n bytes from a TUN device, its Ethernet header among them: its buffer, or whole
// pages, and its description.
func truesize(n uint32) uint32 {
	n = max(n, ethernetLen) - ethernetLen
	if n+skbHeadroom >= page {
		return skbDescribes + 512 + (n+page-1)&^(page-1)
	}
	return skbDescribes + linear(n+skbHeadroom)
}

// linear returns the size of the memory that Linux allocates for n bytes of packet.
func linear(n uint32) uint32 {
	size := (n+63)&^63 + skbShared
	if size <= skbSmallHead {
		return skbSmallHead
	}
	return 1 << bits.Len32(size-1)
}

// charge returns the cost of a received frame.
func charge(pool *block.Pool, frame block.Handle) uint32 {
	return truesize(uint32(len(pool.Data(frame))))
}

// roomBehind returns how many bytes fit behind a received frame.
func roomBehind(pool *block.Pool, frame block.Handle) uint32 {
	n := max(uint32(len(pool.Data(frame))), ethernetLen) - ethernetLen + skbHeadroom
	if n >= page {
		return 0
	}
	return linear(n) - skbShared - n
}

// store returns the payload of a frame as it is kept behind last, which ends where it begins; nil: nothing does
// (tcp_try_coalesce).
func (c *Conn) store(pool *block.Pool, e Extent, last *Stored) Stored {
	if last != nil && e.Len <= last.Room {
		s := Stored{e, last.Cost, last.Room - e.Len}
		last.Cost, last.Room = 0, 0
		return s
	}
	s := Stored{e, charge(pool, e.Block), roomBehind(pool, e.Block)}
	c.RcvCharge += s.Cost
	return s
}

// ingest reports whether the receive buffer has room for a segment that arrived. If it is full, it grows as far as
// tcp_rmem allows. If that does not help, it is collapsed, and then what waits behind a gap is dropped from its end
// (Linux's tcp_prune_queue).
func (c *Conn) ingest(env *Env, s *Segment) bool {
	if c.fits() {
		return true
	}
	c.Quick = 0
	if !c.RcvBufSet {
		c.RcvBufMax = max(c.RcvBufMax, min(c.RcvCharge, env.Conf.RmemMax))
	}
	if c.RcvCharge > c.RcvBufMax {
		c.RcvSsthresh = min(c.RcvClamp, 2*c.advMSS())
	}
	if c.fits() {
		return true
	}
	c.collapseHeld()
	c.collapseBuffers(c.RcvBuf.Len(), func(i int) *Stored { return c.RcvBuf.At(i) })
	if !c.fits() {
		c.prune(env, s)
	}
	return c.fits()
}

// fits reports whether the buffer is not overdrawn. What arrives then may overdraw it (tcp_can_ingest).
func (c *Conn) fits() bool { return c.RcvCharge <= c.RcvBufMax }

// collapseHeld collapses each range without a gap that waits in several buffers, until ranges too small for that make up
// an eighth of the receive buffer (tcp_collapse_ofo_queue).
func (c *Conn) collapseHeld() {
	small := uint32(0)
	for from := 0; from < c.OutOfOrder.Len(); {
		to, groups, cost, length := from, 0, uint32(0), uint32(0)
		for end := c.OutOfOrder.At(from).Seq; to < c.OutOfOrder.Len() && c.OutOfOrder.At(to).Seq == end; to++ {
			h := c.OutOfOrder.At(to)
			end, length, cost = end+h.Len, length+h.Len, cost+h.Cost
			if h.Cost > 0 {
				groups++
			}
		}
		if groups > 1 || length >= collapsedLen {
			c.collapseBuffers(to-from, func(i int) *Stored { return &c.OutOfOrder.At(from + i).Stored })
		} else if small += cost; small > c.RcvBufMax>>3 {
			return
		}
		from = to
	}
}

// collapseBuffers copies n stretches without a gap between them into as few buffers as hold them, from the first group on that
// costs more than the window it fills (tcp_collapse).
func (c *Conn) collapseBuffers(n int, at func(int) *Stored) {
	first, length := 0, uint32(0)
	for i, from, group := 0, 0, uint32(0); i < n; i++ {
		group += at(i).Len
		if at(i).Cost == 0 {
			continue
		}
		if c.windowOf(at(i).Cost) > group {
			first = from
			break
		}
		first, from, group = n, i+1, 0
	}
	for i := first; i < n; i++ {
		length += at(i).Len
	}
	for i, open := first, uint32(0); i < n; i++ {
		s := at(i)
		c.RcvCharge -= s.Cost
		s.Cost, s.Room = 0, 0
		for left := s.Len; left > 0; {
			k := min(left, collapsedLen-open)
			left, open, length = left-k, open+k, length-k
			if open == collapsedLen || length == 0 {
				s.Cost, s.Room = s.Cost+skbDescribes+linear(open), linear(open)-skbShared-open
				open = 0
			}
		}
		c.RcvCharge += s.Cost
	}
}

// prune drops what waits behind a gap from its end, an eighth of the receive buffer at a time, until the segment fits or
// would be the last one (tcp_prune_ofo_queue). The peer hears no SACK of what is left (RFC 2018 §8).
func (c *Conn) prune(env *Env, s *Segment) {
	goal, dropped := int64(c.RcvBufMax>>3), false
	for c.OutOfOrder.Len() > 0 {
		from := c.lastGroup()
		if seq.GT(s.Seq, c.OutOfOrder.At(from).Seq) {
			break
		}
		dropped = true
		for c.OutOfOrder.Len() > from {
			h := c.OutOfOrder.Back()
			goal -= int64(h.Cost)
			c.RcvCharge -= h.Cost
			env.Pool.Release(h.Block)
			c.OutOfOrder.Remove(c.OutOfOrder.Len() - 1)
		}
		if goal <= 0 || c.OutOfOrder.Len() == 0 {
			if c.RcvCharge <= c.RcvBufMax {
				break
			}
			goal = int64(c.RcvBufMax >> 3)
		}
	}
	if dropped {
		c.Pruned++
		c.resetSacks()
	}
}

// lastGroup returns the index of the first stretch of the last group behind a gap.
func (c *Conn) lastGroup() int {
	i := c.OutOfOrder.Len() - 1
	for i > 0 && c.OutOfOrder.At(i-1).Cost == 0 {
		i--
	}
	return i
}
