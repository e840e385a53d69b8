package tcp

import (
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// Urgent data (RFC 9293 §3.8.5): the pointer tells of one byte, the last, which a
// program reads apart from the stream unless it wants it inline.

// Urgent is the state of the urgent byte.
type Urgent struct {
	State uint8
	Byte  uint8
	At    uint32 // its sequence number
}

// States of Urgent.
const (
	UrgentNone    = iota
	UrgentAwaited // the pointer has come, the byte has not
	UrgentHere
	UrgentRead
)

// copied returns the sequence number of the first byte that the program has not read.
func (c *Conn) copied() uint32 {
	n := c.RcvNxt - c.RcvQueued
	if c.FinReceived {
		n--
	}
	return n
}

// takeUrgent takes the urgent pointer of s; it points behind the urgent byte (RFC 6093 §2.2), and if it
// is zero at the first one (Linux). With tcp_stdurg it points at the byte (RFC 1122 §4.2.2.4).
func (c *Conn) takeUrgent(env *Env, s *Segment) {
	u := &c.Urg
	if s.Flags&wire.URG != 0 {
		at := s.Seq + uint32(s.Urgent)
		if s.Urgent > 0 && !env.Conf.StdUrg {
			at--
		}
		old := seq.LT(at, c.copied()) || seq.LT(at, c.RcvNxt)
		if !old && (u.State == UrgentNone || seq.GT(at, u.At)) {
			*u = Urgent{State: UrgentAwaited, At: at}
			c.Wake |= WakeReadable
		}
	}
	if i := u.At - s.Seq; u.State == UrgentAwaited && i < s.Data.Len {
		u.State, u.Byte = UrgentHere, env.Pool.Data(s.Data.Block)[s.Data.Off+i]
		c.Wake |= WakeReadable
	}
}

// beforeMark returns how many of n bytes a read takes: it stops before the
// urgent byte, and a read that begins there leaves it out.
func (c *Conn) beforeMark(env *Env, n uint32) uint32 {
	u := &c.Urg
	if u.State == UrgentNone {
		return n
	}
	i := u.At - c.copied()
	switch {
	case i >= c.RcvQueued: // passed, or not here yet
		if seq.GT(c.copied(), u.At) {
			u.State = UrgentNone
		}
		return n
	case i > 0:
		return min(n, i)
	case c.Opts.Inline:
		u.State = UrgentNone
		return n
	}
	var one [1]byte
	c.consume(env, one[:])
	u.State = UrgentNone
	return n
}

// Readable returns how many bytes a read could take: a lone urgent byte does not count.
func (c *Conn) Readable() uint32 {
	if u := &c.Urg; u.State != UrgentNone && !c.Opts.Inline && c.RcvQueued == 1 && u.At == c.copied() {
		return 0
	}
	return c.RcvQueued
}

// ReadUrgent is recv(2) with MSG_OOB.
func (c *Conn) ReadUrgent(peek bool) (byte, Errno) {
	u := &c.Urg
	switch {
	case c.State == Listen:
		return 0, ENOTCONN
	case c.Opts.Inline, u.State == UrgentNone, u.State == UrgentRead:
		return 0, EINVAL
	case u.State == UrgentAwaited:
		return 0, EAGAIN
	}
	if !peek {
		u.State = UrgentRead
	}
	return u.Byte, 0
}

// AtMark is SIOCATMARK: the next byte is the urgent one.
func (c *Conn) AtMark() bool { return c.Urg.State != UrgentNone && c.Urg.At == c.copied() }

// putUrgent sets the pointer of a segment while urgent data is not acknowledged.
func (c *Conn) putUrgent(s *Segment) {
	if !c.Urging || !seq.LT(s.Seq, c.SndUp) {
		return
	}
	switch n := c.SndUp - s.Seq; {
	case n < 0x10000:
		s.Urgent = uint16(n)
	case seq.GT(s.Seq+0xffff, c.SndNxt):
		s.Urgent = 0xffff
	default:
		return
	}
	s.Flags |= wire.URG
}
