package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// System calls and timers that ran out are recorded as acts, and what set each timer is remembered until then.

// recording reports whether acts are kept.
func (h *Host) recording() bool { return h.Log != nil && !h.Log.Off }

// BeginAct opens an act: all that happens until EndAct comes of it.
func (h *Host) BeginAct() {
	if h.Log != nil {
		h.Log.Begin(h.env.Cause.Index)
	}
}

// EndAct closes and records it; one that is void counts only if something came of it.
func (h *Host) EndAct(a *event.Act, void bool) {
	if h.Log != nil {
		a.TimeNs, a.Host = h.env.Now, h.ID
		h.Log.End(a, h.env.Cause.Index, void)
		if h.woken && a.Timer != event.NoTimer && a.Timer != event.TimerProgram {
			h.Log.Wake()
		}
	}
}

// Party says in an act which connection and which ends a descriptor is about; false if there is none.
func (h *Host) Party(a *event.Act, fd int32) bool {
	s := h.socket(fd)
	if s == nil {
		return false
	}
	a.Conn, a.Gen = s.Conn, s.Gen
	a.Local, a.LocalPort, a.Remote, a.RemotePort = s.Local.Addr, s.Local.Port, s.Remote.Addr, s.Remote.Port
	return true
}

// fireConn fires the timer of a connection that is due next.
func (h *Host) fireConn(slot uint32) {
	c := &h.Conns[slot]
	t, place := c.Due(h.env.Now)
	a := event.Act{Timer: t, From: event.Unknown, Conn: slot + 1, Gen: c.Gen, Local: c.Local.Addr, LocalPort: c.Local.Port, Remote: c.Remote.Addr, RemotePort: c.Remote.Port}
	if int(slot) < len(h.Armed.Conns) {
		a.From = h.Armed.Conns[slot][place].From
	}
	h.BeginAct()
	cause := h.env.Cause
	was := c.State
	if t == event.TimerRTO && !(was == tcp.SynReceived && c.Parent != 0) { // Linux's tcp_retransmit_timer
		h.Counters.Timeouts++
	}
	c.Fire(&h.env, t)
	if c.State == tcp.Closed && (t == event.TimerRTO || t == event.TimerPersist || t == event.TimerKeepAlive) && was != tcp.Closed {
		h.Counters.AbortOnTimeout++
	}
	h.settle(c, cause, t.Reason())
	h.EndAct(&a, false)
}

// fire does a chore of the host if it is due.
func (h *Host) fire(t event.Timer, at int64, do func(*Host)) {
	if at > h.env.Now {
		return
	}
	h.BeginAct()
	from := h.looped()
	if t != event.TimerLoop {
		from = h.Armed.Take(t, 0, at)
	}
	do(h)
	h.armChores()
	h.EndAct(&event.Act{Timer: t, From: from}, false)
}

// FireProgram records that the timer of a program ran out, unless what is going on set it.
func (h *Host) FireProgram(program uint8, pid uint32, at int64) (from event.Ref, fired bool) {
	if !h.recording() {
		return 0, false
	}
	if from = h.Armed.Take(event.TimerProgram, pid, at); from == event.Unknown {
		return 0, false
	}
	n := h.Log.Acts.Count
	h.BeginAct()
	h.EndAct(&event.Act{Timer: event.TimerProgram, PID: pid, Program: program, From: from}, false)
	return event.ActRef(n), true
}

// ArmProgram notes when a program wants to run again.
func (h *Host) ArmProgram(pid uint32, at int64) {
	if h.recording() {
		h.Armed.Set(event.TimerProgram, pid, h.env.Now, at, h.Log.Since(h.ID, pid))
	}
}

// noteArmed notes what set the timers of a connection, if any was set to another time; it returns when the first runs out.
func (h *Host) noteArmed(c *tcp.Conn) int64 {
	for int(c.ID) >= len(h.Armed.Conns) {
		h.Armed.Conns = append(roomForOne(h.Armed.Conns), [event.ConnTimers]event.Arm{})
	}
	arms, first := &h.Armed.Conns[c.ID], timer.Never
	for i, at := range c.Deadlines() {
		first = min(first, at)
		if arms[i].At != at {
			if arms[i].At = at; at != timer.Never {
				arms[i].From = h.Log.Now()
			}
		}
	}
	return first
}

// armChore notes what set a timer of the host.
func (h *Host) armChore(t event.Timer, at int64) {
	if at != timer.Never && h.recording() {
		h.Armed.Set(t, 0, h.env.Now, at, h.Log.Now())
	}
}
