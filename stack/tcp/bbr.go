package tcp

import "wirelab/stack/seq"

// BBR, version 1 as in Linux, in fixed point: a model of the path, its bandwidth and its
// shortest round trip, sets the pace and the window; losses do not. Left out are the
// detection of token bucket policers and the allowance for ACKs that come in heaps.

// Gains are in 1/256, bandwidth in segments/2^24 a microsecond.
const (
	bbrUnit      = 256
	bbrScale     = 24
	bbrHighGain  = bbrUnit*2885/1000 + 1 // 2/ln 2: doubles each round
	bbrDrainGain = bbrUnit * 1000 / 2885
	bbrCwndGain  = 2 * bbrUnit
	bbrFullGrow  = bbrUnit * 5 / 4 // less growth than this for three rounds means: full
	bbrFullCount = 3
	bbrLeast     = 4 // segments
	bbrRounds    = 10
	bbrMinRTTNs  = 10_000_000_000
	bbrProbeNs   = 200_000_000
)

var bbrGains = [...]uint32{bbrUnit * 5 / 4, bbrUnit * 3 / 4, bbrUnit, bbrUnit, bbrUnit, bbrUnit, bbrUnit, bbrUnit}

// Modes of BBR.
const (
	bbrStartup = iota
	bbrDrain
	bbrProbeBW
	bbrProbeRTT
)

// BBRState is what BBR remembers.
type BBRState struct {
	Rate                RateState
	Pace                Pace
	MinRTT, MinRTTAt    int64 // ns; 0: none yet
	ProbeDone, CycleAt  int64
	BW                  [3]uint64 // the largest in the last ten rounds, as MinFilter keeps the smallest
	BWRound             [3]uint32
	FullBW              uint64
	Rounds              uint32
	NextRound           uint32 // Conn.Delivered at which the round ends
	PriorCwnd           uint32
	PacingGain          uint32
	CwndGain            uint32
	Mode, Prev          uint8
	FullCount, Cycle    uint8
	RoundStart, HasRTT  bool
	Conserve, Restarted bool
	RoundDone           bool
}

func (c *Conn) bbr() *BBRState { return &c.BBR[0] }

// bbrBegin starts the model when a connection is established.
func bbrBegin(c *Conn, env *Env) {
	c.BBR = []BBRState{{MinRTTAt: env.Now, PacingGain: bbrHighGain, CwndGain: bbrHighGain}}
	b := c.bbr()
	if v := c.MinRTT.Value(); v != Never {
		b.MinRTT = v
	}
	for i := range c.Rtx.Len() {
		c.rateSent(env, i)
	}
	c.Ssthresh = infinite
	b.initPacing(c)
}

func (b *BBRState) initPacing(c *Conn) {
	rtt := int64(1_000_000)
	if c.SRTT > 0 {
		rtt, b.HasRTT = max(c.SRTT, 1000), true
	}
	bw := uint64(c.Cwnd) << bbrScale / uint64(rtt/1000)
	b.Pace.Rate = b.rate(c, bw, bbrHighGain)
}

// rate returns bytes a second for a bandwidth and a gain, one per cent less so that queues drain.
func (b *BBRState) rate(c *Conn, bw uint64, gain uint32) uint64 {
	bytes := bw * uint64(c.SndMSS) * uint64(gain) / bbrUnit
	return bytes * 1_000_000 / 100 * 99 >> bbrScale
}

func bbrSsthresh(c *Conn) uint32 {
	b := c.bbr()
	b.save(c)
	return c.Ssthresh
}

// save keeps the last good window before a recovery or a probe of the round trip.
func (b *BBRState) save(c *Conn) {
	if b.Prev < uint8(Recovery) && b.Mode != bbrProbeRTT {
		b.PriorCwnd = c.Cwnd
	} else {
		b.PriorCwnd = max(b.PriorCwnd, c.Cwnd)
	}
}

func bbrUndo(c *Conn) uint32 {
	b := c.bbr()
	b.FullBW, b.FullCount = 0, 0
	return c.Cwnd
}

func bbrState(c *Conn, to CAState) {
	if to == Loss && len(c.BBR) > 0 {
		b := c.bbr()
		b.Prev, b.FullBW, b.RoundStart = uint8(Loss), 0, true
	}
}

func bbrRestart(c *Conn, _ *Env) {
	b := c.bbr()
	if b.Rate.Bubble == 0 {
		return
	}
	b.Restarted = true
	if b.Mode == bbrProbeBW { // go on at the pace that is known
		b.Pace.Rate = b.rate(c, b.bw(), bbrUnit)
	}
}

func bbrControl(c *Conn, env *Env) {
	if len(c.BBR) == 0 {
		return
	}
	b, s := c.bbr(), &env.sample
	b.updateBW(c, s)
	b.updateCycle(c, env, s)
	b.checkFull(s)
	b.checkDrain(c, env)
	b.updateMinRTT(c, env, s)
	b.setGains()
	bw := b.bw()
	if !b.HasRTT && c.SRTT > 0 {
		b.initPacing(c)
	}
	if rate := b.rate(c, bw, b.PacingGain); b.full() || rate > b.Pace.Rate {
		b.Pace.Rate = rate
	}
	b.setCwnd(c, s, bw)
}

func (b *BBRState) bw() uint64 { return b.BW[0] }
func (b *BBRState) full() bool { return b.FullCount >= bbrFullCount }

// updateBW takes the rate sample: a round ends when what was in flight at its start is delivered.
func (b *BBRState) updateBW(c *Conn, s *rateSample) {
	b.RoundStart = false
	if !s.good || s.delivered == 0 {
		return
	}
	if seq.GE(s.prior, b.NextRound) {
		b.NextRound = c.Delivered
		b.Rounds++
		b.RoundStart, b.Conserve = true, false
	}
	bw := uint64(s.delivered) << bbrScale / uint64(max(s.interval/1000, 1))
	if !s.limited || bw >= b.bw() {
		b.keepMax(bw)
	}
}

// keepMax is the windowed maximum over ten rounds.
func (b *BBRState) keepMax(v uint64) {
	now := b.Rounds
	switch {
	case v >= b.BW[0] || now-b.BWRound[2] > bbrRounds:
		b.BW, b.BWRound = [3]uint64{v, v, v}, [3]uint32{now, now, now}
		return
	case v >= b.BW[1]:
		b.BW[1], b.BWRound[1], b.BW[2], b.BWRound[2] = v, now, v, now
	case v >= b.BW[2]:
		b.BW[2], b.BWRound[2] = v, now
	}
	age := now - b.BWRound[0]
	switch {
	case age > bbrRounds:
		b.BW[0], b.BWRound[0], b.BW[1], b.BWRound[1] = b.BW[1], b.BWRound[1], b.BW[2], b.BWRound[2]
		b.BW[2], b.BWRound[2] = v, now
	case b.BWRound[1] == b.BWRound[0] && age > bbrRounds/4:
		b.BW[1], b.BWRound[1], b.BW[2], b.BWRound[2] = v, now, v, now
	case b.BWRound[2] == b.BWRound[1] && age > bbrRounds/2:
		b.BW[2], b.BWRound[2] = v, now
	}
}

// updateCycle goes round the gains once the bandwidth is known: a little faster, a little
// slower, then six round trips at the pace.
func (b *BBRState) updateCycle(c *Conn, env *Env, s *rateSample) {
	if b.Mode != bbrProbeBW {
		return
	}
	over := env.Now-b.CycleAt > b.MinRTT
	flight := env.news.flight
	switch {
	case b.PacingGain > bbrUnit:
		over = over && (s.losses > 0 || flight >= b.window(b.bw(), b.PacingGain))
	case b.PacingGain < bbrUnit:
		over = over || flight <= b.window(b.bw(), bbrUnit)
	}
	if over {
		b.Cycle = (b.Cycle + 1) % uint8(len(bbrGains))
		b.CycleAt = env.Now
	}
}

// checkFull finds that the path is full: the bandwidth has not grown by a quarter for three rounds.
func (b *BBRState) checkFull(s *rateSample) {
	if b.full() || !b.RoundStart || s.limited {
		return
	}
	if b.bw() >= b.FullBW*bbrFullGrow/bbrUnit {
		b.FullBW, b.FullCount = b.bw(), 0
		return
	}
	b.FullCount++
}

func (b *BBRState) checkDrain(c *Conn, env *Env) {
	if b.Mode == bbrStartup && b.full() {
		b.Mode = bbrDrain
		c.Ssthresh = b.window(b.bw(), bbrUnit)
	}
	if b.Mode == bbrDrain && c.InFlight() <= b.window(b.bw(), bbrUnit) {
		b.probeBW(env)
	}
}

// probeBW enters the cycle at a phase that differs from connection to connection, but not with a probe.
func (b *BBRState) probeBW(env *Env) {
	b.Mode = bbrProbeBW
	b.Cycle = uint8(2 + uint64(env.Now/1000)%6)
	b.CycleAt = env.Now
}

// updateMinRTT remeasures the round trip every ten seconds, with next to nothing in flight.
func (b *BBRState) updateMinRTT(c *Conn, env *Env, s *rateSample) {
	expired := env.Now > b.MinRTTAt+bbrMinRTTNs
	if rtt := env.news.rtt; rtt >= 0 && (b.MinRTT == 0 || rtt < b.MinRTT || expired) {
		b.MinRTT, b.MinRTTAt = max(rtt, 1), env.Now
	}
	if expired && !b.Restarted && b.Mode != bbrProbeRTT {
		b.save(c)
		b.Mode, b.ProbeDone = bbrProbeRTT, 0
	}
	if b.Mode == bbrProbeRTT {
		b.probeRTT(c, env)
	}
	if s.delivered > 0 {
		b.Restarted = false
	}
}

func (b *BBRState) probeRTT(c *Conn, env *Env) {
	b.Rate.Bubble = max(c.Delivered+c.InFlight(), 1) // these samples are of our making
	if b.ProbeDone == 0 {
		if c.InFlight() <= bbrLeast {
			b.ProbeDone, b.RoundDone, b.NextRound = env.Now+bbrProbeNs, false, c.Delivered
		}
		return
	}
	b.RoundDone = b.RoundDone || b.RoundStart
	if b.RoundDone && env.Now > b.ProbeDone {
		b.MinRTTAt = env.Now
		c.Cwnd = max(c.Cwnd, b.PriorCwnd)
		if b.full() {
			b.probeBW(env)
		} else {
			b.Mode = bbrStartup
		}
	}
}

func (b *BBRState) setGains() {
	switch b.Mode {
	case bbrStartup:
		b.PacingGain, b.CwndGain = bbrHighGain, bbrHighGain
	case bbrDrain:
		b.PacingGain, b.CwndGain = bbrDrainGain, bbrHighGain
	case bbrProbeBW:
		b.PacingGain, b.CwndGain = bbrGains[b.Cycle], bbrCwndGain
	case bbrProbeRTT:
		b.PacingGain, b.CwndGain = bbrUnit, bbrUnit
	}
}

// window returns the bandwidth-delay product times a gain, in segments.
func (b *BBRState) window(bw uint64, gain uint32) uint32 {
	if b.MinRTT == 0 {
		return 10
	}
	w := bw * uint64(max(b.MinRTT/1000, 1))
	n := (w*uint64(gain)/bbrUnit + 1<<bbrScale - 1) >> bbrScale
	n = (n + 3) &^ 1 // room for delayed ACKs
	if b.Mode == bbrProbeBW && b.Cycle == 0 {
		n += 2
	}
	return uint32(min(n, infinite))
}

// setCwnd moves the window towards its target, and in recovery keeps what is in flight for a round.
func (b *BBRState) setCwnd(c *Conn, s *rateSample, bw uint64) {
	cwnd := c.Cwnd
	if s.acked > 0 {
		conserved := b.recovery(c, s, &cwnd)
		target := b.window(bw, b.CwndGain)
		switch {
		case conserved:
		case b.full():
			cwnd = min(cwnd+s.acked, target)
		case cwnd < target || c.Delivered < 10:
			cwnd += s.acked
		}
		cwnd = max(cwnd, bbrLeast)
	}
	if b.Mode == bbrProbeRTT {
		cwnd = min(cwnd, bbrLeast)
	}
	c.Cwnd = cwnd
}

// recovery reports whether packets are conserved: one out for one in, in the first round after a loss.
func (b *BBRState) recovery(c *Conn, s *rateSample, cwnd *uint32) bool {
	if s.losses > 0 {
		*cwnd = uint32(max(int64(*cwnd)-int64(s.losses), 1))
	}
	state := uint8(c.CA)
	switch {
	case state == uint8(Recovery) && b.Prev != state:
		b.Conserve, b.NextRound = true, c.Delivered
		*cwnd = c.InFlight() + s.acked
	case b.Prev >= uint8(Recovery) && state < uint8(Recovery):
		*cwnd = max(*cwnd, b.PriorCwnd)
		b.Conserve = false
	}
	b.Prev = state
	if b.Conserve {
		*cwnd = max(*cwnd, c.InFlight()+s.acked)
	}
	return b.Conserve
}
