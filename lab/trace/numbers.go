package trace

import (
	"sort"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Numbers remembers the initial sequence numbers of the connections it is
// shown, so that other segments can be numbered from them.
type Numbers struct {
	first  map[flow][]initial
	opened map[flow][]uint64 // frames from which on tcpdump counts; under both directions
}

// flow is one direction of a connection.
type flow struct{ from, to tcp.Endpoint }

// initial is a sequence number that a direction began with at a frame.
type initial struct {
	frame uint64
	isn   uint32
}

// Note takes in frame number i; frames come in order.
func (n *Numbers) Note(i uint64, h *Head) {
	if h.Proto != TCP || h.Flags&(wire.SYN|wire.ACK) == 0 {
		return
	}
	if n.first == nil {
		n.first, n.opened = map[flow][]initial{}, map[flow][]uint64{}
	}
	there, back := flow{h.Src, h.Dst}, flow{h.Dst, h.Src}
	if known := n.first[there]; h.Flags&wire.SYN != 0 && (len(known) == 0 || known[len(known)-1].isn != h.Seq) {
		n.first[there] = append(known, initial{i, h.Seq})
	}
	if h.Flags&wire.ACK != 0 && (h.Flags&wire.SYN != 0 || len(n.opened[there]) == 0) {
		n.opened[there] = append(n.opened[there], i)
		n.opened[back] = n.opened[there]
	}
}

// counts reports whether tcpdump prints frame number i relative to others: it
// leaves segments without ACK as they are, and the first with one.
func (n *Numbers) counts(i uint64, h *Head) bool {
	opened := n.opened[flow{h.Src, h.Dst}]
	at := sort.Search(len(opened), func(k int) bool { return opened[k] >= i })
	return h.Flags&wire.ACK != 0 && at > 0 && (at == len(opened) || opened[at] != i)
}

// Relative returns the sequence and acknowledgment numbers of frame number i,
// each counted from the SYN of its side if that was seen.
func (n *Numbers) Relative(i uint64, h *Head) (seq, ack uint32) {
	seq = h.Seq - n.isn(i, flow{h.Src, h.Dst})
	if ack = h.Ack; h.Flags&wire.ACK != 0 {
		ack -= n.isn(i, flow{h.Dst, h.Src})
	}
	return seq, ack
}

// isn returns the number that a direction had last begun with by frame i.
func (n *Numbers) isn(i uint64, key flow) uint32 {
	known := n.first[key]
	if at := sort.Search(len(known), func(k int) bool { return known[k].frame > i }); at > 0 {
		return known[at-1].isn
	}
	return 0
}
