package tcp

import "math/bits"

// CUBIC (RFC 9438) in fixed point: C is 410/1024, β is 717/1024, time is counted in
// 1/1024 s.
const (
	cubicBeta   = 717
	cubicOne    = 1024
	cubicC      = 410
	cubicFactor = 1 << 40 / cubicC // (1/C)·2^30, for time in 1/1024 s
	friendly    = 15               // 8·(1+β)/(3·(1-β)): segments acknowledged per segment of growth, times 8/cwnd
)

// CubicState is what CUBIC remembers; times are ns.
type CubicState struct {
	Max      uint32 // the window before the last reduction
	Origin   uint32 // the plateau of the curve, K after Epoch
	K        uint32 // in 1/1024 s
	Count    uint32 // segments acknowledged per segment of growth
	AckCount uint32
	Reno     uint32 // what Reno's window would be
	LastCwnd uint32
	LastAt   int64
	Epoch    int64 // when growth began; 0: not since the last reduction
	MinDelay int64
	HyStart  HyStartState
}

// cubic returns the state, which begins when data is first acknowledged.
func (c *Conn) cubic() *CubicState {
	if len(c.Cubic) == 0 {
		c.Cubic = []CubicState{{}}
	}
	return &c.Cubic[0]
}

// cubicSsthresh is the window times β. A flow that had to give way before it came
// back to its maximum leaves room for others (fast convergence, RFC 9438 §4.7).
func cubicSsthresh(c *Conn) uint32 {
	s := c.cubic()
	s.Epoch = 0
	if c.Cwnd < s.Max {
		s.Max = c.Cwnd * (cubicOne + cubicBeta) / (2 * cubicOne)
	} else {
		s.Max = c.Cwnd
	}
	return max(c.Cwnd*cubicBeta/cubicOne, 2)
}

// cubicState forgets everything after a timeout.
func cubicState(c *Conn, _ *Env, to CAState) {
	if to == Loss {
		*c.cubic() = CubicState{}
	}
}

// cubicRestart leaves out the time in which nothing was sent (RFC 9438 §5.8).
func cubicRestart(c *Conn, env *Env) {
	if len(c.Cubic) == 0 {
		return
	}
	s := c.cubic()
	if s.Epoch != 0 && c.Use.SentAt >= 0 {
		s.Epoch = min(s.Epoch+env.Now-c.Use.SentAt, env.Now)
	}
}

// cubicSample takes a round trip; those right after a recovery mean little.
func cubicSample(c *Conn, env *Env) {
	if env.news.flags&newsForward == newsSYN || c.Segs.DataSegsOut == 0 { // so who only receives needs no CubicState
		return
	}
	s := c.cubic()
	if s.Epoch != 0 && env.Now-s.Epoch < 1_000_000_000 {
		return
	}
	rtt := max(env.news.rtt, 1)
	if s.MinDelay == 0 || rtt < s.MinDelay {
		s.MinDelay = rtt
	}
	if c.Cwnd < c.Ssthresh {
		s.HyStart.sample(c, env, rtt)
	}
}

func cubicAvoid(c *Conn, env *Env, acked uint32) {
	c.cubic().update(env, c.Cwnd, acked)
	c.additive(max(c.cubic().Count, 1), acked)
}

// update finds how fast to grow from where the curve will be one round trip from now.
func (s *CubicState) update(env *Env, cwnd, acked uint32) {
	s.AckCount += acked
	if s.LastCwnd == cwnd && env.Now-s.LastAt <= 1_000_000_000/32 {
		return
	}
	if s.Epoch == 0 || env.Now != s.LastAt {
		s.LastCwnd, s.LastAt = cwnd, env.Now
		s.follow(env, cwnd, acked)
	}
	s.befriend(cwnd)
	s.Count = max(s.Count, 2) // at most half a segment an ACK
}

// follow takes the growth from the curve W(t) = C·(t-K)³ + Wmax (RFC 9438 §4.2).
func (s *CubicState) follow(env *Env, cwnd, acked uint32) {
	if s.Epoch == 0 {
		s.Epoch, s.AckCount, s.Reno = max(env.Now, 1), acked, cwnd
		if s.Max <= cwnd {
			s.K, s.Origin = 0, cwnd
		} else {
			s.K, s.Origin = cubeRoot(cubicFactor*uint64(s.Max-cwnd)), s.Max
		}
	}
	t := uint64(env.Now-s.Epoch+s.MinDelay) * 1024 / 1_000_000_000
	off := int64(t) - int64(s.K)
	if off < 0 {
		off = -off
	}
	off = min(off, 1<<16) // a minute from the plateau: beyond all windows
	delta := uint32(cubicC * uint64(off) * uint64(off) * uint64(off) >> 40)
	target := s.Origin + delta
	if t < uint64(s.K) {
		target = s.Origin - min(delta, s.Origin)
	}
	if target > cwnd {
		s.Count = cwnd / (target - cwnd)
	} else {
		s.Count = 100 * cwnd
	}
	if s.Max == 0 { // no loss yet: 5 % a round trip at least
		s.Count = min(s.Count, 20)
	}
}

// befriend grows at least as fast as Reno would (RFC 9438 §4.3).
func (s *CubicState) befriend(cwnd uint32) {
	step := max(cwnd*friendly/8, 1)
	s.Reno += s.AckCount / step
	s.AckCount %= step
	if s.Reno > cwnd {
		s.Count = min(s.Count, cwnd/(s.Reno-cwnd))
	}
}

// cubeRoot returns the integer cube root of a, by Newton's method from above.
func cubeRoot(a uint64) uint32 {
	if a == 0 {
		return 0
	}
	x := uint64(1) << ((bits.Len64(a) + 2) / 3)
	for {
		y := (2*x + a/(x*x)) / 3
		if y >= x {
			return uint32(x)
		}
		x = y
	}
}
