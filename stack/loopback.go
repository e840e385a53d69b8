package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/ring"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// What a packet from a host to itself takes: on Linux about loopNs pass until the receiver runs, and copying goes at
// about loopBytesPerUs. Without them, a program that talks to another of the same host could fill an instant without end.
const (
	loopNs         = 10_000
	loopBytesPerUs = 1_250 // 10 Gbit/s
)

// Looped is a frame that a host sent to itself: it crosses no link.
type Looped struct {
	Frame block.Handle
	Iface uint32 // that has the address it was sent to
	At    int64
}

// loop takes a frame to an address of this host (RFC 1122 §3.2.1.3 (g)).
func (h *Host) loop(w *way, frame block.Handle) {
	b := h.pool.Data(frame)
	wire.PutEthernet(b, wire.MAC{}, wire.MAC{}, w.etherType)
	h.LoStats.TxPackets++
	h.LoStats.TxBytes += uint64(len(b))
	begin := h.env.Now
	if h.Loop.Len() > 0 {
		begin = max(begin, h.Loop.Back().At-loopNs)
	}
	h.Loop.Push(Looped{Frame: frame, Iface: w.iface, At: begin + int64(len(b))*1000/loopBytesPerUs + loopNs})
	h.ChoreAt = min(h.ChoreAt, h.Loop.Front().At)
	if h.recording() {
		h.Armed.Loop.Push(h.Log.Now())
	}
}

// pollLoop lets frames arrive that the host sent to itself.
func (h *Host) pollLoop() {
	for h.Loop.Len() > 0 && h.Loop.Front().At <= h.env.Now {
		l := h.Loop.Pop()
		for h.Armed.Loop.Len() > h.Loop.Len() {
			h.Armed.Loop.Pop()
		}
		h.LoStats.RxPackets++
		h.LoStats.RxBytes += uint64(len(h.pool.Data(l.Frame)))
		if h.OnLo != nil {
			h.OnLo(h.pool.Data(l.Frame))
		}
		h.looping = true
		eth, gone := wire.Ethernet(h.pool.Data(l.Frame)), false
		switch {
		case eth.Type() == wire.TypeIPv4:
			gone = h.inputIPv4(l.Iface, l.Frame, eth)
		case h.IP.IPv6:
			gone = h.inputIPv6(l.Iface, l.Frame, eth)
		}
		h.looping = false
		if !gone { // the address may no longer be the host's
			h.pool.Release(l.Frame)
		}
	}
}

// looped returns what sent the frame that arrives next, if that was recorded.
func (h *Host) looped() event.Ref {
	if n := h.Armed.Loop.Len(); n == 0 || n != h.Loop.Len() {
		return event.Unknown
	}
	return *h.Armed.Loop.Front()
}

// nextLoop returns when pollLoop has something to do.
func nextLoop(q *ring.Ring[Looped]) int64 {
	if q.Len() == 0 {
		return timer.Never
	}
	return q.Front().At
}
