package tcp

// The user timeout option (RFC 5482): each end says how long it waits for data to be
// acknowledged, and both wait as long as the one that waits longer. Linux knows only the
// socket option, so wirelab.user_timeout_option must ask for it.

// Limits of what a peer may ask for (RFC 5482 §3.1): a short one would let it end
// connections, a long one would hold memory.
const (
	leastUserTimeoutNs = 100_000_000_000
	mostUserTimeoutNs  = 24 * 3600 * 1_000_000_000
)

// userTimeoutOut returns the option's value: in seconds, or in minutes if that is too much.
func (c *Conn) userTimeoutOut(env *Env) (v uint16, ok bool) {
	if !env.Conf.UserTimeoutOption || c.Opts.Rare().UserTimeoutMs == 0 {
		return 0, false
	}
	seconds := max(c.Opts.Rare().UserTimeoutMs/1000, 1)
	if seconds < 1<<15 {
		return uint16(seconds), true
	}
	return 1<<15 | uint16(min(seconds/60, 1<<15-1)), true
}

// userTimeoutIn takes the peer's value.
func (c *Conn) userTimeoutIn(env *Env, s *Segment) {
	if !s.HasUTO || !env.Conf.UserTimeoutOption || s.UTO&0x7fff == 0 { // zero means nothing (§3.2)
		return
	}
	theirs := int64(s.UTO&0x7fff) * 1_000_000_000
	if s.UTO>>15 != 0 {
		theirs *= 60
	}
	c.UserTimeoutMs = uint32(min(max(int64(c.Opts.Rare().UserTimeoutMs)*msNs, theirs, leastUserTimeoutNs), mostUserTimeoutNs) / msNs)
}

// userTimeout returns how long data may wait for its acknowledgement; 0: as long as R2 says.
func (c *Conn) userTimeout() int64 {
	return int64(or(c.UserTimeoutMs, c.Opts.Rare().UserTimeoutMs)) * msNs
}
