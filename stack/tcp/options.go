package tcp

import "wirelab/stack/event"

// Options are what a program sets on a socket; a connection that a listener
// accepts begins with those of the listener.
type Options struct {
	CC            uint8  // TCP_CONGESTION: an index into algorithms
	NoDelay       bool   // TCP_NODELAY
	Cork          bool   // TCP_CORK
	Inline        bool   // SO_OOBINLINE
	Lingers       bool   // SO_LINGER
	KeepAlive     bool   // SO_KEEPALIVE
	NoPMTU        bool   // IP_MTU_DISCOVER: IP_PMTUDISC_DONT
	KeepCount     uint8  // TCP_KEEPCNT; 0: tcp_keepalive_probes
	SynCount      uint8  // TCP_SYNCNT; 0: tcp_syn_retries
	DeferAccept   uint8  // TCP_DEFER_ACCEPT, as a number of SYN-ACKs
	TOS           uint8  // IP_TOS, IPV6_TCLASS
	TTL           uint8  // IP_TTL, IPV6_UNICAST_HOPS; 0: the host's
	LingerS       uint16 // SO_LINGER
	KeepIdleS     uint16 // TCP_KEEPIDLE; 0: the host's, as is the next
	KeepIntvlS    uint16 // TCP_KEEPINTVL
	FinTimeoutS   int16  // TCP_LINGER2; 0: the host's; negative: do not wait at all
	MaxSeg        uint16 // TCP_MAXSEG; 0: what fits
	FastOpen      uint16 // TCP_FASTOPEN: connections whose handshake is not done
	UserTimeoutMs uint32 // TCP_USER_TIMEOUT; 0: none
	NotSentLowat  uint32 // TCP_NOTSENT_LOWAT; 0: the host's
	RcvLowat      uint32 // SO_RCVLOWAT; 0: one byte
}

const (
	msNs     = 1_000_000
	secondNs = 1_000_000_000
)

// Inherit takes the options of the listener l.
func (c *Conn) Inherit(l *Conn) {
	c.Opts, c.RcvBufMax, c.RcvBufSet, c.SndBufMax = l.Opts, l.RcvBufMax, l.RcvBufSet, l.SndBufMax
}

// SetNoDelay is TCP_NODELAY; setting it sends what Nagle's rule holds back.
func (c *Conn) SetNoDelay(env *Env, on bool) {
	c.Opts.NoDelay = on
	if on && !c.Opts.Cork {
		c.push(env, pushAll)
	}
}

// SetCork is TCP_CORK: only full segments are sent until it is taken off.
func (c *Conn) SetCork(env *Env, on bool) {
	was := c.Opts.Cork
	c.Opts.Cork = on
	if was && !on {
		how := pushNagle
		if c.Opts.NoDelay {
			how = pushAll
		}
		c.push(env, how)
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
	c.Opts.KeepIdleS = seconds
	c.armKeepAlive(env)
}

// SetSndBuf is SO_SNDBUF, in bytes.
func (c *Conn) SetSndBuf(n uint32) { c.SndBufMax = n }

// SetRcvBuf is SO_RCVBUF: half of what Linux keeps is window, which is n bytes.
func (c *Conn) SetRcvBuf(n uint32) { c.RcvBufMax, c.RcvBufSet = n, true }

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
