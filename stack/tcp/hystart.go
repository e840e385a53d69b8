package tcp

import "wirelab/stack/seq"

// HyStartState ends slow start when the path begins to queue, before it loses.
type HyStartState struct {
	Found      bool
	Samples    uint8
	CSS        uint8 // rounds of conservative slow start, plus one; 0: not in it (HyStart++)
	EndSeq     uint32
	RoundAt    int64
	LastAt     int64
	CurrentRTT int64
	LastRTT    int64 // the least of the round before (HyStart++)
	Baseline   int64 // the least round trip when conservative slow start began
}

const (
	hyStartWindow  = 16        // segments; below, nothing is measured
	hyStartGapNs   = 2_000_000 // ACKs closer than this form a train
	hyStartSamples = 8
	hyStartLeastNs = 4_000_000 // a rise by less means nothing, one by more always does
	hyStartMostNs  = 16_000_000
	cssRounds      = 5
	cssDivisor     = 4
)

// sample takes the round trip of an ACK in slow start.
func (h *HyStartState) sample(c *Conn, env *Env, rtt int64) {
	if env.Conf.HyStartPlus {
		h.plus(c, env, rtt)
		return
	}
	if h.Found {
		return
	}
	if h.RoundAt == 0 || seq.GT(c.SndUna, h.EndSeq) {
		*h = HyStartState{EndSeq: c.SndNxt, RoundAt: env.Now, LastAt: env.Now, CurrentRTT: Never}
	}
	if c.Cwnd < hyStartWindow {
		return
	}
	if h.train(c, env) || h.slower(c, rtt) {
		h.Found = true
		c.Ssthresh = c.Cwnd
	}
}

// train reports whether ACKs have come in a train that lasts half the shortest round trip: as
// much is in flight as the path holds (Linux's HyStart, in CUBIC).
func (h *HyStartState) train(c *Conn, env *Env) bool {
	if env.Now-h.LastAt > hyStartGapNs {
		return false
	}
	h.LastAt = env.Now
	return env.Now-h.RoundAt > c.Cubic[0].MinDelay/2
}

// slower reports whether the round trip has grown by an eighth.
func (h *HyStartState) slower(c *Conn, rtt int64) bool {
	h.CurrentRTT = min(h.CurrentRTT, rtt)
	if h.Samples < hyStartSamples {
		h.Samples++
		return false
	}
	return h.CurrentRTT > c.Cubic[0].MinDelay+rise(c.Cubic[0].MinDelay)
}

func rise(rtt int64) int64 { return min(max(rtt/8, hyStartLeastNs), hyStartMostNs) }

// plus is HyStart++ (RFC 9406 §4.2): when round trips grow from one round to the next it goes on at a quarter
// of the speed for five rounds, and back to slow start if it was a false alarm.
func (h *HyStartState) plus(c *Conn, env *Env, rtt int64) {
	if h.Found {
		return
	}
	if h.RoundAt == 0 || seq.GT(c.SndUna, h.EndSeq) {
		h.nextRound(c, env)
		if h.Found {
			return
		}
	}
	h.CurrentRTT = min(h.CurrentRTT, rtt)
	if h.Samples < hyStartSamples {
		h.Samples++
	}
	if h.Samples < hyStartSamples || h.LastRTT == 0 || h.LastRTT == Never {
		return
	}
	switch {
	case h.CSS == 0 && h.CurrentRTT >= h.LastRTT+rise(h.LastRTT):
		h.CSS, h.Baseline = 1, h.CurrentRTT
	case h.CSS > 0 && h.CurrentRTT < h.Baseline:
		h.CSS, h.Baseline = 0, 0
	}
}

func (h *HyStartState) nextRound(c *Conn, env *Env) {
	if h.CSS > 0 {
		if h.CSS++; h.CSS > cssRounds {
			h.Found = true
			c.Ssthresh = c.Cwnd
			return
		}
	}
	last := int64(0)
	if h.RoundAt != 0 {
		last = h.CurrentRTT
	}
	*h = HyStartState{CSS: h.CSS, Baseline: h.Baseline, EndSeq: c.SndNxt, RoundAt: env.Now, CurrentRTT: Never, LastRTT: last}
}

// slowStart returns by how much acked segments open the window in slow start: in HyStart++'s conservative one
// by a quarter.
func (c *Conn) slowStart(env *Env, acked uint32) uint32 {
	if !env.Conf.HyStartPlus || len(c.Cubic) == 0 || c.Cubic[0].HyStart.CSS == 0 {
		return acked
	}
	c.CwndCount += acked
	n := c.CwndCount / cssDivisor
	c.CwndCount %= cssDivisor
	return n
}
