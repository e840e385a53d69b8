package stack

import "wirelab/stack/tcp"

// sockopt is a socket option with a number for its value, by Linux's name and in Linux's unit.
type sockopt struct {
	name      string
	low, high int64
	get       func(h *Host, c *tcp.Conn) int64
	set       func(h *Host, c *tcp.Conn, v int64) tcp.Errno // nil: can only be read
}

const (
	keepaliveMax = 32767
	pacingOption = "SO_MAX_PACING_RATE"
	leastRcvBuf  = 2304 // Linux's SOCK_MIN_RCVBUF and SOCK_MIN_SNDBUF
	leastSndBuf  = 4608
)

// sockopts is the one table of socket options. Limits are those of Linux's code, which takes much that
// its manual does not. Addresses can always be used again here, so the options about that do nothing.
var sockopts = []sockopt{
	onOff("SO_REUSEADDR", tcp.FlagReuseAddr),
	onOff("SO_REUSEPORT", tcp.FlagReusePort),
	onOff("SO_DEBUG", tcp.FlagDebug),
	onOff("SO_DONTROUTE", tcp.FlagDontRoute),
	onOff("SO_BROADCAST", tcp.FlagBroadcast),
	readable("SO_TYPE", func(*Host, *tcp.Conn) int64 { return 1 }),     // SOCK_STREAM
	readable("SO_PROTOCOL", func(*Host, *tcp.Conn) int64 { return 6 }), // IPPROTO_TCP
	readable("SO_SNDLOWAT", func(*Host, *tcp.Conn) int64 { return 1 }),
	readable("SO_ACCEPTCONN", func(_ *Host, c *tcp.Conn) int64 { return truth(c.State == tcp.Listen) }),
	readable("SO_ERROR", func(_ *Host, c *tcp.Conn) int64 { return int64(c.TakeError()) }),
	any32("SO_RCVBUF", rcvBuf, func(h *Host, c *tcp.Conn, v int64) { setRcvBuf(c, min(uint32(v), h.Conf.RmemLimit)) }), // -1: as much as may be
	any32("SO_RCVBUFFORCE", rcvBuf, func(_ *Host, c *tcp.Conn, v int64) { setRcvBuf(c, uint32(max(v, 0))) }),
	any32("SO_SNDBUF", sndBuf, func(h *Host, c *tcp.Conn, v int64) { setSndBuf(c, min(uint32(v), h.Conf.WmemLimit)) }),
	any32("SO_SNDBUFFORCE", sndBuf, func(_ *Host, c *tcp.Conn, v int64) { setSndBuf(c, uint32(max(v, 0))) }),
	any32("SO_RCVLOWAT", func(_ *Host, c *tcp.Conn) int64 { return int64(max(c.Opts.Rare().RcvLowat, 1)) }, setRcvLowat),
	any32("SO_PRIORITY", func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.Rare().Priority) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.SetRare().Priority = uint32(v) }),
	any32("SO_MARK", func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.Rare().Mark) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.SetRare().Mark = uint32(v) }),
	any32("SO_KEEPALIVE", func(_ *Host, c *tcp.Conn) int64 { return truth(c.Opts.KeepAlive) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetKeepAlive(&h.env, v != 0) }),
	any32("SO_OOBINLINE", func(_ *Host, c *tcp.Conn) int64 { return truth(c.Opts.Inline) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.Inline = v != 0 }),
	{pacingOption, -1 << 63, 1<<63 - 1, maxPacing, setMaxPacing},

	any32("TCP_NODELAY", func(_ *Host, c *tcp.Conn) int64 { return truth(c.Opts.NoDelay) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetNoDelay(&h.env, v != 0) }),
	any32("TCP_CORK", func(_ *Host, c *tcp.Conn) int64 { return truth(c.Opts.Cork) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetCork(&h.env, v != 0) }),
	any32("TCP_QUICKACK", func(_ *Host, c *tcp.Conn) int64 { return truth(!c.Interactive) },
		func(h *Host, c *tcp.Conn, v int64) { c.SetQuickAck(&h.env, v != 0) }),
	{"TCP_MAXSEG", 0, 32767, maxSeg, setMaxSeg},
	{"TCP_KEEPIDLE", 1, keepaliveMax, func(h *Host, c *tcp.Conn) int64 {
		return first(int64(c.Opts.Rare().KeepIdleS), h.Conf.KeepIdleNs/secondNs)
	},
		func(h *Host, c *tcp.Conn, v int64) tcp.Errno { c.SetKeepIdle(&h.env, uint16(v)); return 0 }},
	rare("TCP_KEEPINTVL", 1, keepaliveMax, func(r *tcp.Rare) *uint16 { return &r.KeepIntvlS }, func(h *Host) int64 { return h.Conf.KeepIntvlNs / secondNs }),
	rare("TCP_KEEPCNT", 1, 127, func(r *tcp.Rare) *uint8 { return &r.KeepCount }, func(h *Host) int64 { return int64(h.Conf.KeepCount) }),
	rare("TCP_SYNCNT", 1, 127, func(r *tcp.Rare) *uint8 { return &r.SynCount }, func(h *Host) int64 { return int64(h.Conf.SynRetries) }),
	rare("TCP_USER_TIMEOUT", 0, maxInt32, func(r *tcp.Rare) *uint32 { return &r.UserTimeoutMs }, none),
	any32("TCP_LINGER2", linger2, func(_ *Host, c *tcp.Conn, v int64) { c.Opts.SetRare().FinTimeoutS = int16(max(min(v, 120), -1)) }),
	any32("TCP_DEFER_ACCEPT", func(h *Host, c *tcp.Conn) int64 { return h.Conf.SecondsOf(c.Opts.Rare().DeferAccept) },
		func(h *Host, c *tcp.Conn, v int64) { c.Opts.SetRare().DeferAccept = h.Conf.RetriesIn(v) }),
	any32("TCP_NOTSENT_LOWAT", func(_ *Host, c *tcp.Conn) int64 { return int64(int32(c.Opts.Rare().NotSentLowat)) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.SetRare().NotSentLowat = uint32(v) }),
	{"TCP_WINDOW_CLAMP", -1 << 31, maxInt32, windowClamp, func(_ *Host, c *tcp.Conn, v int64) tcp.Errno { return c.SetWindowClamp(v) }},
	fastOpenOption("TCP_FASTOPEN", maxInt32, func(c *tcp.Conn) int64 { return int64(c.Opts.FastOpen) },
		func(h *Host, c *tcp.Conn, v int64) { c.Opts.FastOpen = uint16(min(v, int64(h.Limits.Backlog), 65535)) }),
	fastOpenOption("TCP_FASTOPEN_CONNECT", 1, func(c *tcp.Conn) int64 { return truth(c.Fast.Connect) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Fast.Connect = v != 0 }),
	fastOpenOption("TCP_FASTOPEN_NO_COOKIE", 1, func(c *tcp.Conn) int64 { return truth(c.Fast.NoCookie) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Fast.NoCookie = v != 0 }),
	{"TCP_THIN_LINEAR_TIMEOUTS", 0, 1, onOff("", tcp.FlagThin).get, onOff("", tcp.FlagThin).set},
	{"TCP_THIN_DUPACK", 0, 1, func(*Host, *tcp.Conn) int64 { return 0 }, func(*Host, *tcp.Conn, int64) tcp.Errno { return 0 }}, // gone from Linux
	rare("TCP_RTO_MAX_MS", 1000, 120_000, func(r *tcp.Rare) *uint32 { return &r.RTOMaxMs }, func(h *Host) int64 { return h.Conf.RTOMaxNs / ms }),
	rare("TCP_RTO_MIN_US", leastTimerUs, 200_000, func(r *tcp.Rare) *uint32 { return &r.RTOMinUs }, func(h *Host) int64 { return h.Conf.RTOMinNs / 1000 }),
	rare("TCP_DELACK_MAX_US", leastTimerUs, 200_000, func(r *tcp.Rare) *uint32 { return &r.DelAckMaxUs }, func(*Host) int64 { return 200_000 }),

	any32("IP_TOS", func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.TOS) }, setTOS),
	{"IPV6_TCLASS", -1, 255, func(_ *Host, c *tcp.Conn) int64 { return int64(c.Opts.TOS) }, func(_ *Host, c *tcp.Conn, v int64) tcp.Errno {
		c.Opts.TOS = uint8(max(v, 0)) &^ 3
		return 0
	}},
	{"IP_TTL", -1, 255, func(h *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.TTL), int64(h.TTL)) }, func(_ *Host, c *tcp.Conn, v int64) tcp.Errno {
		if v == 0 {
			return tcp.EINVAL
		}
		c.Opts.TTL = uint8(max(v, 0)) // -1: as usual
		return 0
	}},
	{"IPV6_UNICAST_HOPS", -1, 255, func(h *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.TTL), int64(h.IP.HopLimit)) },
		func(_ *Host, c *tcp.Conn, v int64) tcp.Errno { c.Opts.TTL = uint8(max(v, 0)); return 0 }},
	rare("IP_MINTTL", 0, 255, func(r *tcp.Rare) *uint8 { return &r.MinTTL }, none),
	rare("IPV6_MINHOPCOUNT", 0, 255, func(r *tcp.Rare) *uint8 { return &r.MinTTL }, none),
	{"IP_MTU_DISCOVER", tcp.MTUDont, tcp.MTUOmit, mtuMode, setMTUMode},
	{"IPV6_MTU_DISCOVER", tcp.MTUDont, tcp.MTUOmit, mtuMode, setMTUMode},
	onOff("IP_FREEBIND", tcp.FlagFreeBind),
	onOff("IP_BIND_ADDRESS_NO_PORT", tcp.FlagPortLater),
	onOff("IP_RECVTTL", tcp.FlagRecvTTL),
	onOff("IPV6_RECVHOPLIMIT", tcp.FlagRecvTTL),
	onOff("IP_RECVTOS", tcp.FlagRecvTOS),
	onOff("IPV6_RECVTCLASS", tcp.FlagRecvTOS),
	onOff("IP_RECVERR", tcp.FlagRecvErr),
	onOff("IPV6_RECVERR", tcp.FlagRecvErr),
	{"IPV6_V6ONLY", -1 << 31, maxInt32, onOff("", tcp.FlagV6Only).get, setV6Only},
}

// leastTimerUs is the shortest time that TCP_RTO_MIN_US and TCP_DELACK_MAX_US take: what a kernel of 1000
// ticks a second rounds up to two of them.
const leastTimerUs = 1001

// any32 is an option that takes any number.
func any32(name string, get func(*Host, *tcp.Conn) int64, set func(*Host, *tcp.Conn, int64)) sockopt {
	return sockopt{name, -1 << 31, maxInt32, get, func(h *Host, c *tcp.Conn, v int64) tcp.Errno { set(h, c, v); return 0 }}
}

// readable is an option that cannot be set.
func readable(name string, get func(*Host, *tcp.Conn) int64) sockopt {
	return sockopt{name, 0, 0, get, nil}
}

// onOff is an option that is a bit of tcp.Options.Flags.
func onOff(name string, flag uint16) sockopt {
	return any32(name, func(_ *Host, c *tcp.Conn) int64 { return truth(c.Opts.Has(flag)) },
		func(_ *Host, c *tcp.Conn, v int64) { c.Opts.SetFlag(flag, v != 0) })
}

// rare is an option of tcp.Rare that is kept as it is given; as long as it is zero it shows what is usual.
func rare[T uint8 | uint16 | uint32](name string, low, high int64, field func(*tcp.Rare) *T, usual func(*Host) int64) sockopt {
	return sockopt{name, low, high, func(h *Host, c *tcp.Conn) int64 { return first(int64(*field(c.Opts.Rare())), usual(h)) },
		func(_ *Host, c *tcp.Conn, v int64) tcp.Errno { *field(c.Opts.SetRare()) = T(v); return 0 }}
}

func none(*Host) int64 { return 0 }
