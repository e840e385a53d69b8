package tcp

import "wirelab/stack/seq"

// Tuning is dynamic right-sizing of the receive buffer (net.ipv4.tcp_moderate_rcvbuf): it holds twice
// of what the program reads in a round trip, so that it is never what limits the sender.
type Tuning struct {
	RTT      int64  // as the receiver sees it; 0: unknown
	WindowAt int64  // when the measurement began that ends when
	WindowTo uint32 // this number has arrived
	Since    int64  // when reading is counted from,
	From     uint32 // what had been read then,
	Space    uint32 // and what was read in the round trip before
}

// measureWindow estimates the round trip from how long a whole window takes to arrive, for lack
// of anything better on the receiving side.
func (c *Conn) measureWindow(env *Env) {
	if !env.Conf.ModerateRcvBuf || c.RcvBufSet {
		return
	}
	if len(c.Tune) == 0 {
		c.Tune = []Tuning{{WindowAt: env.Now, WindowTo: c.RcvNxt + c.RcvWnd, Since: env.Now, From: c.copied(), Space: min(c.RcvWnd, 10*c.MyMSS)}}
		return
	}
	t := &c.Tune[0]
	if seq.LT(c.RcvNxt, t.WindowTo) {
		return
	}
	if rtt := max(env.Now-t.WindowAt, 1); t.RTT == 0 || rtt < t.RTT {
		t.RTT = rtt
	} else {
		t.RTT += (rtt - t.RTT) / 8
	}
	t.WindowAt, t.WindowTo = env.Now, c.RcvNxt+c.RcvWnd
}

// tune makes the buffer larger if the program reads more in a round trip than in the one before. Twice of
// that allows for a lost window, and what it grew by for a sender in slow start.
func (c *Conn) tune(env *Env) {
	if len(c.Tune) == 0 || !env.Conf.ModerateRcvBuf || c.RcvBufSet {
		return
	}
	t := &c.Tune[0]
	rtt := t.RTT
	if c.SRTT > 0 && (rtt == 0 || c.SRTT < rtt) {
		rtt = c.SRTT
	}
	if rtt == 0 || env.Now-t.Since < rtt {
		return
	}
	read := c.copied() - t.From
	if read > t.Space {
		want := 2*uint64(read) + 16*uint64(c.MyMSS)
		want += 2 * want * uint64(read-t.Space) / uint64(max(t.Space, 1))
		c.RcvBufMax = max(c.RcvBufMax, uint32(min(want, uint64(env.Conf.RmemMax/2))))
		t.Space = read
	}
	t.Since, t.From = env.Now, c.copied()
}
