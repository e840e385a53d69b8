package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// sockopt is a socket option with a number for its value, by Linux's name and in Linux's unit.
type sockopt struct {
	name      string
	low, high int64
	get       func(h *Host, c *tcp.Conn) int64
	set       func(h *Host, c *tcp.Conn, v int64) // nil: can only be read
}

const (
	rmemMax      = 212992 // net.core.rmem_max and wmem_max
	maxInt32     = 1<<31 - 1
	keepaliveMax = 32767
)

// sockopts is the one table of socket options. Addresses can always be used again here, so the options about that do nothing.
var sockopts = []sockopt{
	{"SO_REUSEADDR", -maxInt32, maxInt32, func(*Host, *tcp.Conn) int64 { return 1 }, func(*Host, *tcp.Conn, int64) {}},
	{"SO_REUSEPORT", -maxInt32, maxInt32, func(*Host, *tcp.Conn) int64 { return 1 }, func(*Host, *tcp.Conn, int64) {}},
	{"SO_TYPE", 0, 0, func(*Host, *tcp.Conn) int64 { return 1 }, nil}, // SOCK_STREAM
	{"SO_ACCEPTCONN", 0, 0, func(_ *Host, c *tcp.Conn) int64 { return truth(c.State == tcp.Listen) }, nil},
	{"SO_ERROR", 0, 0, func(_ *Host, c *tcp.Conn) int64 { return int64(c.TakeError()) }, nil},
	{"SO_RCVBUF", -maxInt32, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return 2 * int64(c.RcvBufMax) }, // half of what is kept is window
		func(_ *Host, c *tcp.Conn, v int64) { c.SetRcvBuf(uint32(max(min(v, rmemMax), 1152))) }},
	{"SO_SNDBUF", -maxInt32, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return int64(c.SndBufMax) },
		func(_ *Host, c *tcp.Conn, v int64) { c.SetSndBuf(uint32(max(2*min(v, rmemMax), 4608))) }},
	{"SO_RCVLOWAT", 0, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return max(int64(c.Opts.RcvLowat), 1) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.RcvLowat = uint32(v) }},
	{"SO_KEEPALIVE", -maxInt32, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return truth(c.Opts.KeepAlive) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetKeepAlive(&h.env, v != 0) }},
	option("SO_OOBINLINE", func(c *tcp.Conn) *bool { return &c.Opts.Inline }),
	{"TCP_NODELAY", -maxInt32, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return truth(c.Opts.NoDelay) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetNoDelay(&h.env, v != 0) }},
	{"TCP_CORK", -maxInt32, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return truth(c.Opts.Cork) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetCork(&h.env, v != 0) }},
	{"TCP_QUICKACK", -maxInt32, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return truth(!c.Interactive) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetQuickAck(&h.env, v != 0) }},
	{"TCP_MAXSEG", 0, 32767, func(_ *Host, c *tcp.Conn) int64 { return maxSeg(c) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.MaxSeg = uint16(v) }},
	{"TCP_KEEPIDLE", 1, keepaliveMax, func(h *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.KeepIdleS), h.Conf.KeepIdleNs/secondNs) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetKeepIdle(&h.env, uint16(v)) }},
	{"TCP_KEEPINTVL", 1, keepaliveMax, func(h *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.KeepIntvlS), h.Conf.KeepIntvlNs/secondNs) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.KeepIntvlS = uint16(v) }},
	{"TCP_KEEPCNT", 1, 127, func(h *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.KeepCount), int64(h.Conf.KeepCount)) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.KeepCount = uint8(v) }},
	{"TCP_SYNCNT", 1, 127, func(h *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.SynCount), int64(h.Conf.SynRetries)) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.SynCount = uint8(v) }},
	{"TCP_USER_TIMEOUT", 0, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.UserTimeoutMs) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.UserTimeoutMs = uint32(v) }},
	{"TCP_LINGER2", -maxInt32, maxInt32, linger2, func(_ *Host, c *tcp.Conn, v int64) { c.Opts.FinTimeoutS = int16(max(min(v, 120), -1)) }},
	{"TCP_DEFER_ACCEPT", 0, maxInt32, func(h *Host, c *tcp.Conn) int64 { return h.Conf.SecondsOf(c.Opts.DeferAccept) },
		func(h *Host, c *tcp.Conn, v int64) { c.Opts.DeferAccept = h.Conf.RetriesIn(v) }},
	{"TCP_NOTSENT_LOWAT", 0, 1<<32 - 1, func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.NotSentLowat) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.NotSentLowat = uint32(v) }},
	{"TCP_FASTOPEN", 0, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.FastOpen) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.FastOpen = uint16(min(v, somaxconn)) }},
	{"TCP_FASTOPEN_CONNECT", 0, 1, func(_ *Host, c *tcp.Conn) int64 { return truth(c.Fast.Connect) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Fast.Connect = v != 0 }},
	{"TCP_FASTOPEN_NO_COOKIE", 0, 1, func(_ *Host, c *tcp.Conn) int64 { return truth(c.Fast.NoCookie) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Fast.NoCookie = v != 0 }},
	{"IP_TOS", 0, 255, func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.TOS) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.TOS = uint8(v) &^ 3 }}, // the ECN bits are TCP's
	{"IPV6_TCLASS", 0, 255, func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.TOS) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.TOS = uint8(v) &^ 3 }},
	{"IP_TTL", 1, 255, func(h *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.TTL), int64(h.TTL)) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.TTL = uint8(v) }},
	{"IPV6_UNICAST_HOPS", 1, 255, func(h *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.TTL), int64(h.TTL)) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.TTL = uint8(v) }},
	{"IP_MTU_DISCOVER", 0, 5, func(_ *Host, c *tcp.Conn) int64 { return truth(!c.Opts.NoPMTU) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.NoPMTU = v == 0 }},
}

// option is a socket option that is on or off and takes effect by itself.
func option(name string, field func(*tcp.Conn) *bool) sockopt {
	return sockopt{name, -maxInt32, maxInt32, func(_ *Host, c *tcp.Conn) int64 { return truth(*field(c)) },
		func(_ *Host, c *tcp.Conn, v int64) { *field(c) = v != 0 }}
}

// first returns a, or b if a is zero.
func first(a, b int64) int64 {
	if a != 0 {
		return a
	}
	return b
}

// maxSeg is what Linux shows: once connected the size that is used, before what was set.
func maxSeg(c *tcp.Conn) int64 {
	if c.State == tcp.Closed || c.State == tcp.Listen {
		return first(int64(c.Opts.MaxSeg), int64(c.SndMSS))
	}
	return int64(c.SndMSS)
}

func linger2(h *Host, c *tcp.Conn) int64 {
	return first(int64(c.Opts.FinTimeoutS), h.Conf.FinTimeoutNs/secondNs)
}

// findSockopt returns the option of a name, or nil.
func findSockopt(name string) *sockopt {
	for i := range sockopts {
		if sockopts[i].name == name {
			return &sockopts[i]
		}
	}
	return nil
}

// Sockopts returns the names of the options whose value is a number.
func Sockopts() []string {
	names := make([]string, len(sockopts))
	for i := range sockopts {
		names[i] = sockopts[i].name
	}
	return names
}

// HasSockopt reports whether there is an option of that name, and whether it can be set.
func HasSockopt(name string) (there, settable bool) {
	o := findSockopt(name)
	return o != nil, o != nil && o.set != nil
}

// SetSockopt is setsockopt(2) on a TCP socket for options whose value is a number: EINVAL for a
// value out of range, ENOPROTOOPT for an option that is not there.
func (h *Host) SetSockopt(fd int32, name string, v int64) tcp.Errno {
	c, err := h.conn(fd)
	if err != 0 {
		return err
	}
	o := findSockopt(name)
	switch {
	case o == nil || o.set == nil:
		return tcp.ENOPROTOOPT
	case v < o.low || v > o.high:
		return tcp.EINVAL
	}
	if err := h.fastOpenOption(c, name); err != 0 {
		return err
	}
	h.run(c, event.AppWrite, func(c *tcp.Conn) { o.set(h, c, v) })
	return 0
}

// Sockopt is getsockopt(2) for the same options.
func (h *Host) Sockopt(fd int32, name string) (int64, tcp.Errno) {
	c, err := h.conn(fd)
	if err != 0 {
		return 0, err
	}
	o := findSockopt(name)
	if o == nil {
		return 0, tcp.ENOPROTOOPT
	}
	return o.get(h, c), 0
}

// SetCongestion is setsockopt(2) with TCP_CONGESTION: ENOENT for an algorithm that is not there.
func (h *Host) SetCongestion(fd int32, name string) tcp.Errno {
	c, err := h.conn(fd)
	if err != 0 {
		return err
	}
	i, ok := tcp.AlgorithmByName(name)
	if !ok {
		return tcp.ENOENT
	}
	h.run(c, event.AppWrite, func(c *tcp.Conn) { c.SetCongestion(&h.env, i) })
	return 0
}

// SetLinger is setsockopt(2) with SO_LINGER.
func (h *Host) SetLinger(fd int32, on bool, seconds int64) tcp.Errno {
	c, err := h.conn(fd)
	if err == 0 {
		c.Opts.Lingers, c.Opts.LingerS = on, uint16(min(max(seconds, 0), 65535))
	}
	return err
}
