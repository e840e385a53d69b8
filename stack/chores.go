package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/timer"
)

// Chores are what a host has to do in time besides what its connections have:
// few and rare, so one deadline stands for all.

// scheduleChores finds that deadline anew; it must be called when any of them
// changes.
func (h *Host) scheduleChores() {
	at := timer.Never
	h.countDoubts()
	for i := range h.Neighbors {
		at = min(at, h.Neighbors[i].Retry)
	}
	h.ChoreAt = min(at, h.nextPartial(), h.nextIPv6(), nextLoop(&h.Loop), h.nextNAT())
	h.armChores()
}

// armChores notes what set those deadlines that are new.
func (h *Host) armChores() {
	if !h.recording() {
		return
	}
	for i := range h.Neighbors {
		h.armChore(h.Neighbors[i].timer(), h.Neighbors[i].Retry)
	}
	for i := range h.Partial {
		h.armChore(event.TimerReassembly, h.Partial[i].ExpiresAt)
	}
	h.armChore(event.TimerIPv6, h.nextIPv6())
}

// timer returns which timer Retry is.
func (n *Neighbor) timer() event.Timer {
	if n.Addr.Is4() {
		return event.TimerARP
	}
	return event.TimerND
}

// countDoubts counts the neighbours of which it is not sure that they are there. The count is no state, so a host that is
// restored counts again; the deadline is, and may be earlier than need be.
func (h *Host) countDoubts() {
	h.doubts = 0
	for i := range h.Neighbors {
		if s := h.Neighbors[i].State; s == NudDelay || s == NudProbe {
			h.doubts++
		}
	}
}

func (h *Host) chores() {
	h.fire(event.TimerLoop, nextLoop(&h.Loop), (*Host).pollLoop)
	h.pollNeighbors()
	h.fire(event.TimerReassembly, h.nextPartial(), (*Host).expirePartial)
	h.fire(event.TimerIPv6, h.nextIPv6(), (*Host).pollIPv6)
	h.fire(event.TimerNAT, h.nextNAT(), (*Host).expireNAT)
	h.scheduleChores()
}

// why numbers what the event being handled causes.
func (h *Host) why(r event.Reason, xmit uint8) event.Why {
	w := event.Why{Cause: h.env.Cause, Reason: r, Xmit: xmit}
	h.env.Cause.Index++
	return w
}
