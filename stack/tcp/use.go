package tcp

import "wirelab/stack/seq"

// WindowUse is how far the congestion window is used (RFC 7661, as Linux has it): a window
// that the program or the receiver does not fill says nothing about the network.
type WindowUse struct {
	Limited bool   // the window was what stopped us, in this round trip
	MaxOut  uint32 // else the most segments in flight in it
	Seq     uint32 // it ends when this is acknowledged
	Used    uint32 // the most in flight since Stamp
	Stamp   int64  // when the window was full last, or changed
	SentAt  int64  // when data was sent last; -1: never
}

// windowLimited reports whether the congestion window was what limited sending. Slow start
// must be able to double what is in flight.
func (c *Conn) windowLimited() bool {
	return c.Use.Limited || c.Cwnd < c.Ssthresh && c.Cwnd < 2*c.Use.MaxOut
}

// noteUse takes note of what is in flight after sending; full says that the window stopped us.
func (c *Conn) noteUse(env *Env, full bool) {
	u, out := &c.Use, c.packetsOut()
	if seq.GE(c.SndUna, u.Seq) || full || !u.Limited && out > u.MaxOut {
		u.Limited, u.MaxOut, u.Seq = full, out, c.SndNxt
	}
	if c.windowLimited() {
		u.Used, u.Stamp = 0, env.Now
		return
	}
	u.Used = max(u.Used, out)
	if env.Conf.SlowStartAfterIdle && env.Now-u.Stamp >= c.RTO(env.Conf) && !c.ownControl() {
		c.shrinkUnused(env)
	}
}

// shrinkUnused takes half of the unused part of the window back after an RTO (RFC 2861 §3.2).
func (c *Conn) shrinkUnused(env *Env) {
	u := &c.Use
	if c.CA == Open && c.Writable() > 0 {
		if used := max(u.Used, env.Conf.InitialWindow); used < c.Cwnd {
			c.Ssthresh = c.currentSsthresh()
			c.Cwnd = (c.Cwnd + used) / 2
		}
		u.Used = 0
	}
	u.Stamp = env.Now
}

// afterIdle halves the window for every RTO that nothing was sent, down to the
// initial window (RFC 5681 §4.1, RFC 2861).
func (c *Conn) afterIdle(env *Env) {
	u := &c.Use
	if !env.Conf.SlowStartAfterIdle || c.Rtx.Len() > 0 || u.SentAt < 0 || c.ownControl() {
		return
	}
	rto := c.RTO(env.Conf)
	idle := env.Now - u.SentAt
	if idle <= rto {
		return
	}
	least := min(env.Conf.InitialWindow, c.Cwnd)
	c.Ssthresh = c.currentSsthresh()
	cwnd := c.Cwnd
	for idle -= rto; idle > 0 && cwnd > least; idle -= rto {
		cwnd /= 2
	}
	c.Cwnd = max(cwnd, least)
	u.Stamp, u.Used = env.Now, 0
}

// sentNew takes note of data that is sent for the first time.
func (c *Conn) sentNew(env *Env) {
	if c.Rtx.Len() == 0 {
		if f := c.algorithm().restart; f != nil {
			f(c, env)
		}
	}
	c.Use.SentAt = env.Now
}
