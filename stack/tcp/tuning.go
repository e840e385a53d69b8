package tcp

import "wirelab/stack/seq"

// Tuning is dynamic right-sizing of the receive buffer (net.ipv4.tcp_moderate_rcvbuf): it holds twice
// of what the program reads in a round trip, so that it is never what limits the sender.
type Tuning struct {
	RTT      int64  // as the receiver sees it; 0: unknown
	WindowAt int64  // when the measurement began that ends when; 0: none has begun
	WindowTo uint32 // this number has arrived
	Since    int64  // when reading is counted from,
	From     uint32 // what had been read then,
	Space    uint32 // and the most that was read in a round trip before
	Echo     uint32 // the echoed timestamp of the last measurement
}

// beginTuning counts what the program reads from now on; space is what it is expected to read in the first round trip.
func (c *Conn) beginTuning(env *Env, space uint32) {
	if env.Conf.ModerateRcvBuf && !c.RcvBufSet {
		c.Tune = []Tuning{{Since: env.Now, From: c.copied(), Space: max(space, 1)}}
	}
}

// measureWindow estimates the round trip from how long a whole window takes to arrive, for lack
// of anything better on the receiving side (Linux's tcp_rcv_rtt_measure).
func (c *Conn) measureWindow(env *Env) {
	if len(c.Tune) == 0 {
		return
	}
	t := &c.Tune[0]
	if t.WindowAt != 0 {
		if seq.LT(c.RcvNxt, t.WindowTo) {
			return
		}
		if rtt := max(env.Now-t.WindowAt, 1000); t.RTT == 0 || rtt < t.RTT {
			t.RTT = rtt
		}
	}
	t.WindowAt, t.WindowTo = max(env.Now, 1), c.RcvNxt+c.RcvWnd
}

// measureEcho estimates the round trip from the timestamp that a full segment echoes (Linux's tcp_rcv_rtt_measure_ts).
// While the program has not read everything, the peer may have waited for window.
func (c *Conn) measureEcho(env *Env, s *Segment) {
	if len(c.Tune) == 0 || !c.TS.On || !s.HasTS || s.TSEcho == c.Tune[0].Echo {
		return
	}
	t := &c.Tune[0]
	t.Echo = s.TSEcho
	rtt := c.echoAge(env, s.TSEcho)
	if s.Len() < c.RcvMSS || rtt <= 0 {
		return
	}
	switch {
	case t.RTT == 0 || rtt < t.RTT:
		t.RTT = rtt
	case c.RcvQueued == 0:
		t.RTT += (rtt - t.RTT) / 8
	}
}

// tune makes the buffer larger if the program reads more in a round trip than ever before. Twice of that allows for a
// lost window, what it grew by for a sender in slow start, and what waits behind a gap comes on top (Linux's
// tcp_rcv_space_adjust).
func (c *Conn) tune(env *Env) {
	if len(c.Tune) == 0 {
		return
	}
	t := &c.Tune[0]
	if t.RTT == 0 || env.Now-t.Since < t.RTT {
		return
	}
	if read := int32(c.copied() - t.From - c.RcvQueued); read > int32(t.Space) {
		c.growBuffer(env, uint32(read))
	}
	t.Since, t.From = env.Now, c.copied()
}

// growBuffer sizes the buffer for a program that reads n bytes in a round trip.
func (c *Conn) growBuffer(env *Env, n uint32) {
	t := &c.Tune[0]
	before := t.Space
	t.Space = n
	if !env.Conf.ModerateRcvBuf || c.RcvBufSet {
		return
	}
	window := 2 * uint64(n)
	window += 2 * (window * uint64(n-before) / uint64(before))
	if c.OutOfOrder.Len() > 0 {
		last := c.OutOfOrder.Back()
		window += uint64(last.Seq + last.Len - c.RcvNxt)
	}
	if buffer := uint32(min(c.bufferFor(window), uint64(env.Conf.RmemMax))); buffer > c.RcvBufMax {
		c.RcvBufMax = buffer
		c.RcvClamp = c.wholeSpace()
	}
}

// GrowRcvBuf makes the buffer large enough for a window of n bytes.
func (c *Conn) GrowRcvBuf(n uint32) {
	if buffer := c.bufferFor(uint64(n)); buffer > uint64(c.RcvBufMax) {
		c.RcvBufMax, c.RcvClamp = uint32(min(buffer, 1<<31-1)), n
	}
}
