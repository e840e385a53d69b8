package tcp

import "wirelab/stack/seq"

// timestampsLen is the room that the option takes in every segment.
const timestampsLen = 12

// outdatedNs is how long a timestamp can be compared with a later one: 24 days (RFC 7323 §5.5).
const outdatedNs = 24 * 24 * 3600 * 1_000_000_000

// Timestamps is the state of the timestamps option (RFC 7323 §3).
type Timestamps struct {
	On       bool
	Recent   uint32 // TS.Recent
	Offset   uint32 // added to the clock: a stranger must not learn how long a host is up
	RecentAt int64
}

// clock returns the timestamp of time at; it ticks each millisecond.
func (t *Timestamps) clock(at int64) uint32 { return uint32(at/1_000_000) + t.Offset }

// echoAge returns how long ago the timestamp echo was sent, in ns; negative if it never was.
func (c *Conn) echoAge(env *Env, echo uint32) int64 {
	ms := int64(int32(c.TS.clock(env.Now) - echo))
	if ms < 0 || ms*1_000_000 > env.Now {
		return -1
	}
	return max(ms, 1) * 1_000_000
}

// neverSent reports whether a segment that answers our SYN echoes a timestamp that none of our SYNs
// carried: it is meant for an older connection.
func (c *Conn) neverSent(env *Env, s *Segment) bool {
	if !c.TS.On || !s.HasTS || s.TSEcho == 0 {
		return false
	}
	return seq.LT(s.TSEcho, c.TS.clock(c.RetransAt)) || seq.GT(s.TSEcho, c.TS.clock(env.Now))
}

// echoBefore reports whether the ACK being taken in echoes a timestamp from before time
// at: what it acknowledges is then older than what was sent at that time (RFC 3522 §3.2).
func (c *Conn) echoBefore(env *Env, at int64) bool {
	n := &env.news
	return c.TS.On && n.hasTS && n.echo != 0 && seq.LT(n.echo, c.TS.clock(at))
}

// noteTimestamp keeps the timestamp to echo: that of the segment which the last ACK
// was about, or of an earlier one (RFC 7323 §4.3).
func (c *Conn) noteTimestamp(env *Env, s *Segment) {
	if !c.TS.On || !s.HasTS || seq.GT(s.Seq, c.RcvWup) {
		return
	}
	if c.freshEnough(env, s, 0) {
		c.TS.Recent, c.TS.RecentAt = s.TSVal, env.Now
	}
}

// freshEnough is the test of PAWS (RFC 7323 §5.3) with slack ticks of tolerance.
func (c *Conn) freshEnough(env *Env, s *Segment, slack int32) bool {
	return int32(c.TS.Recent-s.TSVal) <= slack || env.Now-c.TS.RecentAt > outdatedNs || c.TS.Recent == 0
}

// stale reports whether s comes from the past (RFC 7323 §5.2, R1). A repeated pure
// ACK that is only a little late does no harm (Linux).
func (c *Conn) stale(env *Env, s *Segment) bool {
	if !c.TS.On || !s.HasTS || c.freshEnough(env, s, 1) {
		return false
	}
	pure := s.Len() == 0 && s.Seq == c.RcvNxt && s.Ack == c.SndUna && !c.mayUpdateWindow(s, uint32(s.Window)<<c.SndScale)
	return !pure || int64(int32(c.TS.Recent-s.TSVal))*1_000_000 > c.RTO(env.Conf)
}
