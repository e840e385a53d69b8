package tcp

// algorithm is what a congestion control decides; the rest of recovery is the
// same for all. Windows are in segments. Only ssthresh, avoid and undo must be there.
type algorithm struct {
	name     string
	ssthresh func(c *Conn) uint32                  // the window after a loss
	avoid    func(c *Conn, env *Env, acked uint32) // grow in congestion avoidance
	undo     func(c *Conn) uint32                  // the window if that loss was none
	begin    func(c *Conn, env *Env)               // the connection is established
	sample   func(c *Conn, env *Env)               // an ACK gave the round trip env.news.rtt
	state    func(c *Conn, env *Env, to CAState)
	lost     func(c *Conn)           // a timeout
	restart  func(c *Conn, env *Env) // sending begins again with nothing in flight
	control  func(c *Conn, env *Env) // sets the window by itself, instead of avoid and of PRR
}

var algorithms = [...]algorithm{
	{name: "cubic", ssthresh: cubicSsthresh, avoid: cubicAvoid, undo: renoUndo, sample: cubicSample, state: cubicState, restart: cubicRestart},
	{name: "bbr", ssthresh: bbrSsthresh, undo: bbrUndo, begin: bbrBegin, state: bbrState, restart: bbrRestart, control: bbrControl, avoid: renoAvoid},
	{name: "reno", ssthresh: renoSsthresh, avoid: renoAvoid, undo: renoUndo},
}

// Algorithms returns how many there are.
func Algorithms() int { return len(algorithms) }

// AlgorithmByName returns the index for Config.CongestionControl, or false if there is
// no algorithm of that name.
func AlgorithmByName(name string) (uint8, bool) {
	for i := range algorithms {
		if algorithms[i].name == name {
			return uint8(i), true
		}
	}
	return 0, false
}

// AlgorithmName returns the name at index i.
func AlgorithmName(i uint8) string { return algorithms[i].name }

func (c *Conn) algorithm() *algorithm { return &algorithms[c.Opts.CC] }

// ownControl reports whether the algorithm sets the window by itself.
func (c *Conn) ownControl() bool { return c.algorithm().control != nil }

// control sets the congestion window after an ACK.
func (c *Conn) control(env *Env) {
	n, a := &env.news, c.algorithm()
	if a.sample != nil && n.rtt >= 0 {
		a.sample(c, env)
	}
	delivered := c.Delivered - n.delivered
	c.rateGen(env)
	switch {
	case a.control != nil:
		a.control(c, env)
	case c.reducing():
		c.reduce(env, delivered)
	case n.flags&newsData != 0, c.Reordering > env.Conf.Reordering && n.flags&newsForward != 0:
		c.grow(env, delivered)
	}
}

// grow opens the congestion window, if that was what limited sending (RFC 7661 §4.1).
func (c *Conn) grow(env *Env, acked uint32) {
	if !c.windowLimited() {
		return
	}
	if c.Cwnd < c.Ssthresh { // slow start (RFC 5681 §3.1, RFC 3465 without a limit)
		grown := c.slowStart(env, acked)
		cwnd := min(c.Cwnd+grown, c.Ssthresh)
		acked = grown - (cwnd - c.Cwnd)
		c.Cwnd = cwnd
		if acked == 0 {
			return
		}
	}
	c.algorithm().avoid(c, env, acked)
}

// additive grows the window by a segment for every w segments acknowledged.
func (c *Conn) additive(w, acked uint32) {
	if c.CwndCount >= w { // earned while w was larger
		c.CwndCount = 0
		c.Cwnd++
	}
	c.CwndCount += acked
	if c.CwndCount >= w {
		grown := c.CwndCount / w
		c.CwndCount -= grown * w
		c.Cwnd += grown
	}
}

// currentSsthresh is what a window that is not reduced would come back to.
func (c *Conn) currentSsthresh() uint32 {
	if c.reducing() {
		return c.Ssthresh
	}
	return max(c.Ssthresh, c.Cwnd/2+c.Cwnd/4)
}

// renoSsthresh halves the window (RFC 5681 §3.1, with Linux's floor of two).
func renoSsthresh(c *Conn) uint32 { return max(c.Cwnd/2, 2) }

func renoUndo(c *Conn) uint32 { return max(c.Cwnd, c.PriorCwnd) }

// renoAvoid adds one segment a window (RFC 5681 §3.1).
func renoAvoid(c *Conn, _ *Env, acked uint32) { c.additive(c.Cwnd, acked) }
