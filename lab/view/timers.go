package view

import (
	"wirelab/lab/ui"
	"wirelab/stack"
	"wirelab/stack/tcp"
)

// Timer is a timer of a connection that is running: when it fires and how long
// it runs in all, in ns.
type Timer struct {
	Name      string // as textbooks write it; TLP and REO are the tail loss probe and the wait for what may be late (RFC 8985)
	At, Total int64
}

// Color returns the colour of a timer.
func (t Timer) Color(th *ui.Theme) ui.Color {
	switch t.Name {
	case "RTO", "TLP", "REO", "PRB":
		return th.Syn
	case "ACK":
		return th.Ack
	}
	return th.Fin
}

// timersOf appends the running timers of a connection.
func timersOf(dst []Timer, h *stack.Host, c *tcp.Conn) []Timer {
	if c.State == tcp.Closed {
		return dst // or a slot that nobody uses
	}
	if c.RTOAt != tcp.Never {
		dst = append(dst, Timer{c.XmitTimer.String(), c.RTOAt, c.RTO(&h.Conf)})
	}
	if c.PersistAt != tcp.Never {
		dst = append(dst, Timer{"PRB", c.PersistAt, c.RTO(&h.Conf)})
	}
	if c.DelAckAt != tcp.Never {
		dst = append(dst, Timer{"ACK", c.DelAckAt, c.AckTimeout(&h.Conf)})
	}
	if c.KeepAt != tcp.Never {
		dst = append(dst, Timer{"KA", c.KeepAt, h.Conf.KeepIdleNs})
	}
	switch {
	case c.WaitAt == tcp.Never:
	case c.State == tcp.TimeWait:
		dst = append(dst, Timer{"2MSL", c.WaitAt, 2 * h.Conf.MSLNs})
	default:
		dst = append(dst, Timer{"FIN", c.WaitAt, h.Conf.FinTimeoutNs})
	}
	return dst
}

// nextTimer returns the timer of c that fires first; its At is tcp.Never if none runs.
func nextTimer(h *stack.Host, c *tcp.Conn) Timer {
	var buf [5]Timer
	best := Timer{At: tcp.Never}
	for _, t := range timersOf(buf[:0], h, c) {
		if t.At < best.At {
			best = t
		}
	}
	return best
}
