package stack

import (
	"wirelab/stack/tcp"
)

// Limits are settings of a host that bound how many connections it has of a kind, and which ports and
// addresses they get, with Linux's defaults for a machine of 4 GB and more.
type Limits struct {
	Backlog           uint32     // net.core.somaxconn
	SynBacklog        uint32     // tcp_max_syn_backlog
	TimeWaits         uint32     // tcp_max_tw_buckets
	Orphans           uint32     // tcp_max_orphans
	TWReuseDelayMs    uint32     // tcp_tw_reuse_delay
	PortLow, PortHigh uint16     // ip_local_port_range
	Reserved          []PortSpan // ip_local_reserved_ports, in order
	ReflectTOS        bool       // tcp_reflect_tos
	NonlocalBind      bool       // ip_nonlocal_bind
}

// PortSpan are the ports from Low to High.
type PortSpan struct{ Low, High uint16 }

const manyConns = 262144 // half of the hash table of connections that such a machine has

func defaultLimits() Limits {
	return Limits{Backlog: 4096, SynBacklog: 4096, TimeWaits: manyConns, Orphans: manyConns, TWReuseDelayMs: 1000,
		PortLow: 32768, PortHigh: 60999}
}

// reserved reports whether a port must not be chosen, only asked for.
func (l *Limits) reserved(port uint16) bool {
	for _, s := range l.Reserved {
		if s.Low <= port && port <= s.High {
			return true
		}
	}
	return false
}

// timeWaitFull reports whether c is one connection in TIME-WAIT too many: then it ends at once (Linux's
// TCPTimeWaitOverflow). As long as nobody makes the limit low nothing is counted.
func (h *Host) timeWaitFull(c *tcp.Conn) bool {
	return h.Limits.TimeWaits < manyConns && c.State == tcp.TimeWait &&
		h.count(func(c *tcp.Conn) bool { return c.State == tcp.TimeWait }) > h.Limits.TimeWaits
}

// tooManyOrphans reports whether c, that its program has just closed, is one too many of those that go
// on without a program: then it is reset (Linux's TCPAbortOnMemory).
func (h *Host) tooManyOrphans(c *tcp.Conn) bool {
	orphan := func(c *tcp.Conn) bool { return c.Orphan && c.State != tcp.Closed && c.State != tcp.TimeWait }
	return h.Limits.Orphans < manyConns && orphan(c) && h.count(orphan) > h.Limits.Orphans
}

func (h *Host) count(is func(*tcp.Conn) bool) (n uint32) {
	for i := range h.Conns {
		if is(&h.Conns[i]) {
			n++
		}
	}
	return n
}

// synBacklogFull reports whether the SYN of a peer that is not known to be alive meets a host that keeps
// the last quarter of its half-open connections for others. SYN cookies make that needless.
func (h *Host) synBacklogFull(l *tcp.Conn) bool {
	most := h.Limits.SynBacklog
	return h.SynCookies == 0 && int64(most)-int64(l.HalfOpen) < int64(most>>2)
}
