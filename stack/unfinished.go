package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// Unfinished returns a timer of the host that something begun waits for; false if there is none. It is for those who run a lab until
// nothing more happens.
//
//   - A timer that repeats or puts off what is to be sent always counts: retransmission, tail loss probe, reordering, probe of a closed
//     window, delayed ACK, pacing, a question for an address, packets to the host itself.
//   - What only keeps itself going never counts: keep-alive, doubts about a neighbour, router advertisements, the end of a session of a NAT.
//   - All others count if they are due by the time soon: TIME-WAIT and FIN-WAIT-2, reassembly, IPv6 addresses and their routes.
func (h *Host) Unfinished(soon int64) (t event.Timer, unfinished bool) {
	for i := range h.Timers.Heap {
		if t, ok := unfinishedConn(&h.Conns[h.Timers.Heap[i].ID], soon); ok {
			return t, true
		}
	}
	if h.ChoreAt == timer.Never {
		return event.NoTimer, false
	}
	if h.Loop.Len() > 0 {
		return event.TimerLoop, true
	}
	for i := range h.Neighbors {
		if n := &h.Neighbors[i]; n.State == NudIncomplete && n.Retry != timer.Never {
			return n.timer(), true
		}
	}
	switch {
	case h.nextPartial() <= soon:
		return event.TimerReassembly, true
	case h.nextAddress() <= soon:
		return event.TimerIPv6, true
	}
	return event.NoTimer, false
}

// unfinishedConn is Unfinished for a connection.
func unfinishedConn(c *tcp.Conn, soon int64) (t event.Timer, unfinished bool) {
	for place, at := range c.Deadlines() {
		switch t := c.TimerAt(place); t {
		case event.TimerKeepAlive:
		case event.TimerWait, event.TimerFinWait2:
			if at <= soon {
				return t, true
			}
		default:
			if at != timer.Never {
				return t, true
			}
		}
	}
	return event.NoTimer, false
}
