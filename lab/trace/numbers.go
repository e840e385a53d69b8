package trace

import (
	"sort"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Numbers remembers the initial sequence numbers of the connections it is
// shown, so that other segments can be numbered from them.
type Numbers struct {
	first map[flow][]initial
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
	if h.Proto != TCP || h.Flags&wire.SYN == 0 {
		return
	}
	if n.first == nil {
		n.first = map[flow][]initial{}
	}
	key := flow{h.Src, h.Dst}
	if known := n.first[key]; len(known) == 0 || known[len(known)-1].isn != h.Seq {
		n.first[key] = append(known, initial{i, h.Seq})
	}
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
