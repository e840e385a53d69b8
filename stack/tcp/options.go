package tcp

import "wirelab/stack/event"

// Options are what a program sets on a socket; a connection that a listener
// accepts begins with those of the listener.
type Options struct {
	CC        uint8  // TCP_CONGESTION: an index into algorithms
	NoDelay   bool   // TCP_NODELAY
	Cork      bool   // TCP_CORK
	Inline    bool   // SO_OOBINLINE
	Lingers   bool   // SO_LINGER
	KeepAlive bool   // SO_KEEPALIVE
	MTUMode   uint8  // IP_MTU_DISCOVER, plus one; 0: the host's
	TOS       uint8  // IP_TOS, IPV6_TCLASS
	TTL       uint8  // IP_TTL, IPV6_UNICAST_HOPS; 0: the host's
	Flags     uint16 // Flag…
	FastOpen  uint16 // TCP_FASTOPEN: connections whose handshake is not done
	LingerS   uint16 // SO_LINGER
	Side      []Rare // one, if the program set any of these
}

// Options that are on or off and that little depends on, as bits of Options.Flags.
const (
	FlagReuseAddr = 1 << iota // SO_REUSEADDR
	FlagReusePort             // SO_REUSEPORT
	FlagDebug                 // SO_DEBUG
	FlagDontRoute             // SO_DONTROUTE
	FlagBroadcast             // SO_BROADCAST
	FlagThin                  // TCP_THIN_LINEAR_TIMEOUTS
	FlagV6Only                // IPV6_V6ONLY
	FlagRecvErr               // IP_RECVERR, IPV6_RECVERR
	FlagFreeBind              // IP_FREEBIND
	FlagPortLater             // IP_BIND_ADDRESS_NO_PORT
	FlagRecvTTL               // IP_RECVTTL, IPV6_RECVHOPLIMIT: for datagrams only
	FlagRecvTOS               // IP_RECVTOS, IPV6_RECVTCLASS
)

// Rare are the options that few programs set, apart so that an idle connection stays small. Zero
// stands for what the host has.
type Rare struct {
	Pace                Pace     // of what is paced, unless the congestion control keeps its own
	MaxPacing           uint64   // SO_MAX_PACING_RATE, in bytes a second; 0: no limit
	RcvTimeoNs          int64    // SO_RCVTIMEO; 0: wait for ever
	SndTimeoNs          int64    // SO_SNDTIMEO
	UserTimeoutMs       uint32   // TCP_USER_TIMEOUT; 0: none
	NotSentLowat        uint32   // TCP_NOTSENT_LOWAT
	RcvLowat            uint32   // SO_RCVLOWAT; 0: one byte
	WindowClamp         uint32   // TCP_WINDOW_CLAMP; 0: none
	Priority            uint32   // SO_PRIORITY
	Mark                uint32   // SO_MARK
	RTOMaxMs, RTOMinUs  uint32   // TCP_RTO_MAX_MS, TCP_RTO_MIN_US
	DelAckMaxUs         uint32   // TCP_DELACK_MAX_US
	KeepIdleS           uint16   // TCP_KEEPIDLE
	KeepIntvlS          uint16   // TCP_KEEPINTVL
	FinTimeoutS         int16    // TCP_LINGER2; negative: do not wait at all
	MaxSeg              uint16   // TCP_MAXSEG; 0: what fits
	KeepCount, SynCount uint8    // TCP_KEEPCNT, TCP_SYNCNT
	DeferAccept         uint8    // TCP_DEFER_ACCEPT, as a number of SYN-ACKs
	MinTTL              uint8    // IP_MINTTL, IPV6_MINHOPCOUNT: of what is accepted (RFC 5082)
	Records             []uint32 // behind the last bytes of records that wait to be sent (MSG_EOR)
}

var noRare Rare // nothing is ever written to it

// Rare returns the rare options for reading.
func (o *Options) Rare() *Rare {
	if len(o.Side) == 0 {
		return &noRare
	}
	return &o.Side[0]
}

// SetRare returns them for writing.
func (o *Options) SetRare() *Rare {
	if len(o.Side) == 0 {
		o.Side = []Rare{{}}
	}
	return &o.Side[0]
}

// Has reports whether an option of Flags is on.
func (o *Options) Has(flag uint16) bool { return o.Flags&flag != 0 }

// SetFlag turns an option of Flags on or off.
func (o *Options) SetFlag(flag uint16, on bool) {
	o.Flags &^= flag
	if on {
		o.Flags |= flag
	}
}

const (
	msNs     = 1_000_000
	secondNs = 1_000_000_000
)

// Inherit takes the options of the listener l.
func (c *Conn) Inherit(l *Conn) {
	c.Opts, c.RcvBufMax, c.RcvBufSet, c.SndBufMax = l.Opts, l.RcvBufMax, l.RcvBufSet, l.SndBufMax
	c.Opts.Side = append([]Rare(nil), l.Opts.Side...) // each its own
	if len(c.Opts.Side) > 0 {
		c.Opts.Side[0].Records = nil
	}
}

// SetNoDelay is TCP_NODELAY; setting it sends what Nagle's rule and TCP_CORK hold back (tcp(7)).
func (c *Conn) SetNoDelay(env *Env, on bool) {
	c.Opts.NoDelay = on
	if on {
		c.Flush = true
		c.push(env, pushNagle)
	}
}

// SetCork is TCP_CORK: only full segments are sent until it is taken off.
func (c *Conn) SetCork(env *Env, on bool) {
	was := c.Opts.Cork
	c.Opts.Cork = on
	if was && !on {
		c.Flush = c.Flush || c.Opts.NoDelay
		c.push(env, pushNagle)
	}
}

// SetQuickAck is TCP_QUICKACK: acknowledge at once from now on, and what waits now, if the
// program has read it; or treat the connection as a conversation, whose answers carry the ACKs.
func (c *Conn) SetQuickAck(env *Env, on bool) {
	c.Interactive = !on
	if on && (c.State == Established || c.State == CloseWait) && c.DelAckAt != Never && c.RcvQueued == 0 {
		c.ackNow(env, event.AckQuick)
		c.Output(env)
	}
}

// SetKeepAlive is SO_KEEPALIVE.
func (c *Conn) SetKeepAlive(env *Env, on bool) {
	c.Opts.KeepAlive = on
	c.armKeepAlive(env)
}

// SetKeepIdle is TCP_KEEPIDLE, in seconds.
func (c *Conn) SetKeepIdle(env *Env, seconds uint16) {
	c.Opts.SetRare().KeepIdleS = seconds
	c.armKeepAlive(env)
}

// SetSndBuf is SO_SNDBUF, in bytes.
func (c *Conn) SetSndBuf(n uint32) { c.SndBufMax = n }

// SetRcvBuf is SO_RCVBUF: the receive buffer is n bytes of memory from now on, and does not grow by itself.
func (c *Conn) SetRcvBuf(n uint32) { c.RcvBufMax, c.RcvBufSet = n, true }

// SetWindowClamp is TCP_WINDOW_CLAMP: the window that is offered does not grow beyond n bytes. Zero takes
// that back, but not once there is a connection.
func (c *Conn) SetWindowClamp(n int64) Errno {
	if n == 0 {
		if c.State != Closed {
			return EINVAL
		}
		c.Opts.SetRare().WindowClamp = 0
		return 0
	}
	c.clampWindow(uint32(max(n, 0)))
	c.Opts.SetRare().WindowClamp = c.RcvClamp
	return 0
}

// SetMaxPacing is SO_MAX_PACING_RATE, in bytes a second; 0: no limit. With a limit the connection is paced.
func (c *Conn) SetMaxPacing(rate uint64) {
	if rate == 0 && c.Opts.Rare().MaxPacing == 0 {
		return
	}
	c.Opts.SetRare().MaxPacing = rate
}

// SetCongestion is TCP_CONGESTION.
func (c *Conn) SetCongestion(env *Env, i uint8) {
	c.Opts.CC, c.BBR, c.Cubic = i, nil, nil
	if f := c.algorithm().begin; f != nil && c.State >= Established {
		f(c, env)
	}
}

// TakeError is SO_ERROR: what happened to the connection, else what ICMP said; each once.
func (c *Conn) TakeError() Errno {
	err := c.Err
	if err == 0 {
		err, c.SoftErr = c.SoftErr, 0
	}
	c.Err = 0
	return err
}

// RetriesIn returns how many SYN-ACKs go out within seconds, as TCP_DEFER_ACCEPT counts.
func (c *Config) RetriesIn(seconds int64) (n uint8) {
	if seconds <= 0 {
		return 0
	}
	for at, wait := c.RTOInitNs, c.RTOInitNs; ; n++ {
		if at >= min(seconds, 1<<20)*1_000_000_000 || n == 254 {
			return n + 1
		}
		wait = min(2*wait, c.RTOMaxNs)
		at += wait
	}
}

// SecondsOf is the time after which the n-th SYN-ACK's timeout ends, in seconds.
func (c *Config) SecondsOf(n uint8) int64 {
	total, wait := int64(0), c.RTOInitNs
	for range n {
		total += wait
		wait = min(2*wait, c.RTOMaxNs)
	}
	return total / 1_000_000_000
}

// push sends what is queued.
func (c *Conn) push(env *Env, how push) {
	if c.sends() {
		c.sendNew(env, how)
		c.armPersist(env)
	}
}
