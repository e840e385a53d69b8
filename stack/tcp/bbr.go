package tcp

import "wirelab/stack/seq"

// BBR, version 1 as in Linux, in fixed point: a model of the path, its bandwidth and its
// shortest round trip, sets the pace and the window; losses do not. How it copes with token
// bucket policers is in policer.go, with ACKs that come in heaps in aggregation.go.

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
	Full                bool // the path was full once
	RoundStart, HasRTT  bool
	Conserve, Restarted bool
	RoundDone           bool
	Policer             Policer
	Heaps               Aggregation
}

func (c *Conn) bbr() *BBRState { return &c.BBR[0] }

// bbrBegin starts the model when a connection is established.
func bbrBegin(c *Conn, env *Env) {
	c.BBR = []BBRState{{MinRTTAt: env.Now, PacingGain: bbrHighGain, CwndGain: bbrHighGain, NextRound: c.Delivered}}
	b := c.bbr()
	b.Heaps.restart(env)
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
	b.FullBW, b.FullCount, b.Policer = 0, 0, Policer{}
	return c.Cwnd
}

func bbrState(c *Conn, env *Env, to CAState) {
	if to == Loss && len(c.BBR) > 0 {
		b := c.bbr()
		b.Prev, b.FullBW, b.RoundStart = uint8(Loss), 0, true
		b.police(c, env, &rateSample{losses: 1})
	}
}

func bbrRestart(c *Conn, env *Env) {
	b := c.bbr()
	if b.Rate.Bubble == 0 {
		return
	}
	b.Restarted = true
	b.Heaps.restart(env)
	switch b.Mode {
	case bbrProbeBW: // go on at the pace that is known
		b.setPace(c, bbrUnit)
	case bbrProbeRTT:
		b.endProbeRTT(c, env)
	}
}

func bbrControl(c *Conn, env *Env) {
	if len(c.BBR) == 0 {
		return
	}
	b, s := c.bbr(), &env.sample
	b.updateBW(c, env, s)
	b.updateHeaps(c, env, s)
	b.updateCycle(c, env, s)
	b.checkFull(s)
	b.checkDrain(c, env)
	b.updateMinRTT(c, env, s)
	b.setGains()
	b.setPace(c, b.PacingGain)
	b.setCwnd(c, s)
}

// setPace sets the pace; it only rises until the path was full once.
func (b *BBRState) setPace(c *Conn, gain uint32) {
	if !b.HasRTT && c.SRTT > 0 {
		b.initPacing(c)
	}
	if rate := b.rate(c, b.bw(), gain); b.Full || rate > b.Pace.Rate {
		b.Pace.Rate = rate
	}
}

// maxBW is the largest bandwidth seen lately.
func (b *BBRState) maxBW() uint64 { return b.BW[0] }

// bw is the bandwidth to go by: what a policer lets through, if there is one.
func (b *BBRState) bw() uint64 {
	if b.Policer.On {
		return b.Policer.BW
	}
	return b.maxBW()
}

// updateBW takes the rate sample: a round ends when what was in flight at its start is delivered.
func (b *BBRState) updateBW(c *Conn, env *Env, s *rateSample) {
	b.RoundStart = false
	if !s.good || s.delivered == 0 {
		return
	}
	if seq.GE(s.prior, b.NextRound) {
		b.NextRound = c.Delivered
		b.Rounds++
		b.RoundStart, b.Conserve = true, false
	}
	b.police(c, env, s)
	bw := uint64(s.delivered) << bbrScale / uint64(max(s.interval/1000, 1))
	if !s.limited || bw >= b.maxBW() {
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
	flight := b.flightAtDeparture(c, env, env.news.flight)
	switch {
	case b.PacingGain > bbrUnit:
		over = over && (s.losses > 0 || flight >= b.window(c, b.maxBW(), b.PacingGain))
	case b.PacingGain < bbrUnit:
		over = over || flight <= b.window(c, b.maxBW(), bbrUnit)
	}
	if over {
		b.Cycle = (b.Cycle + 1) % uint8(len(bbrGains))
		b.CycleAt = env.Now
	}
}

// flightAtDeparture estimates how many of out segments in flight will be left when the next one may go.
func (b *BBRState) flightAtDeparture(c *Conn, env *Env, out uint32) uint32 {
	wait := uint64(max(b.Pace.Next-env.Now, 0)) / 1000
	delivered := b.bw() * wait >> bbrScale
	if b.PacingGain > bbrUnit {
		out += b.burst(c)
	}
	return out - uint32(min(delivered, uint64(out)))
}

// checkFull finds that the path is full: the bandwidth has not grown by a quarter for three rounds.
func (b *BBRState) checkFull(s *rateSample) {
	if b.Full || !b.RoundStart || s.limited {
		return
	}
	if b.maxBW() >= b.FullBW*bbrFullGrow/bbrUnit {
		b.FullBW, b.FullCount = b.maxBW(), 0
		return
	}
	b.FullCount++
	b.Full = b.FullCount >= bbrFullCount
}

func (b *BBRState) checkDrain(c *Conn, env *Env) {
	if b.Mode == bbrStartup && b.Full {
		b.Mode = bbrDrain
		c.Ssthresh = b.window(c, b.maxBW(), bbrUnit)
	}
	if b.Mode == bbrDrain && b.flightAtDeparture(c, env, c.InFlight()) <= b.window(c, b.maxBW(), bbrUnit) {
		b.probeBW(env)
	}
}

// probeBW enters the cycle at a phase that differs from connection to connection, but not where it drains.
func (b *BBRState) probeBW(env *Env) {
	b.Mode = bbrProbeBW
	b.Cycle = uint8(2+uint64(env.Now/1000)%7) % uint8(len(bbrGains))
	b.CycleAt = env.Now
}

// updateMinRTT remeasures the round trip every ten seconds, with next to nothing in flight.
func (b *BBRState) updateMinRTT(c *Conn, env *Env, s *rateSample) {
	expired := env.Now > b.MinRTTAt+bbrMinRTTNs
	late := env.news.flags&newsMaybeDelayed != 0
	if rtt := env.news.rtt; rtt >= 0 && (b.MinRTT == 0 || rtt < b.MinRTT || expired && !late) {
		b.MinRTT, b.MinRTTAt = max(rtt, 1), env.Now
	}
	if expired && !b.Restarted && b.Mode != bbrProbeRTT {
		b.Mode, b.ProbeDone = bbrProbeRTT, 0
		b.save(c)
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
	if b.RoundDone {
		b.endProbeRTT(c, env)
	}
}

// endProbeRTT goes back to what was before, if the probe has lasted long enough.
func (b *BBRState) endProbeRTT(c *Conn, env *Env) {
	if b.ProbeDone == 0 || env.Now <= b.ProbeDone {
		return
	}
	b.MinRTTAt = env.Now
	c.Cwnd = max(c.Cwnd, b.PriorCwnd)
	if b.Full {
		b.probeBW(env)
	} else {
		b.Mode = bbrStartup
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
		if b.Policer.On { // it would only drop what is more
			b.PacingGain = bbrUnit
		}
	case bbrProbeRTT:
		b.PacingGain, b.CwndGain = bbrUnit, bbrUnit
	}
}

// window returns the bandwidth-delay product times a gain, in segments, with room for bursts.
func (b *BBRState) window(c *Conn, bw uint64, gain uint32) uint32 {
	return b.withRoom(c, b.product(bw, gain))
}

// product is the bandwidth-delay product times a gain, in segments.
func (b *BBRState) product(bw uint64, gain uint32) uint32 {
	if b.MinRTT == 0 {
		return 10
	}
	w := bw * uint64(max(b.MinRTT/1000, 1))
	return uint32(min((w*uint64(gain)/bbrUnit+1<<bbrScale-1)>>bbrScale, infinite))
}

// withRoom adds to a window what end hosts need to use it: bursts on both sides and in between,
// an even number for delayed ACKs, and some more while more is tried.
func (b *BBRState) withRoom(c *Conn, n uint32) uint32 {
	n = (n + 3*b.burst(c) + 1) &^ 1
	if b.Mode == bbrProbeBW && b.Cycle == 0 {
		n += 2
	}
	return n
}

// burst is how many segments Linux would hand to its network card at once: what is sent in a
// millisecond, in segments (its TSO goal).
func (b *BBRState) burst(c *Conn) uint32 {
	least := uint32(1)
	if b.Pace.Rate >= 1_200_000/8 {
		least = 2
	}
	bytes := min(b.Pace.Rate>>10, 65535-320) // GSO_LEGACY_MAX_SIZE without the headers
	return min(max(uint32(bytes)/c.SndMSS, least), 127)
}

// setCwnd moves the window towards its target, and in recovery keeps what is in flight for a round.
func (b *BBRState) setCwnd(c *Conn, s *rateSample) {
	if s.acked > 0 && !b.recovery(c, s) {
		target := b.withRoom(c, b.product(b.bw(), b.CwndGain)+b.heapRoom())
		switch {
		case b.Full:
			c.Cwnd = min(c.Cwnd+s.acked, target)
		case c.Cwnd < target || c.Delivered < 10:
			c.Cwnd += s.acked
		}
		c.Cwnd = max(c.Cwnd, bbrLeast)
	}
	if b.Mode == bbrProbeRTT {
		c.Cwnd = min(c.Cwnd, bbrLeast)
	}
}

// recovery reports whether packets are conserved: one out for one in, in the first round after a loss.
func (b *BBRState) recovery(c *Conn, s *rateSample) bool {
	if s.losses > 0 {
		c.Cwnd = uint32(max(int64(c.Cwnd)-int64(s.losses), 1))
	}
	state := uint8(c.CA)
	switch {
	case state == uint8(Recovery) && b.Prev != state:
		b.Conserve, b.NextRound = true, c.Delivered
		c.Cwnd = c.InFlight() + s.acked
	case b.Prev >= uint8(Recovery) && state < uint8(Recovery):
		c.Cwnd = max(c.Cwnd, b.PriorCwnd)
		b.Conserve = false
	}
	b.Prev = state
	if b.Conserve {
		c.Cwnd = max(c.Cwnd, c.InFlight()+s.acked)
	}
	return b.Conserve
}
