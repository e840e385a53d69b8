package tcp

// Pace is pacing: data leaves not at once but at a rate, as a deadline before which the next segment
// stays (Linux's earliest departure time).
type Pace struct {
	Rate uint64 // bytes a second; 0: as fast as it goes
	Next int64  // before this time no data is sent
}

// paced reports whether data must wait, and sees to it that sending goes on then.
func (c *Conn) paced(env *Env) bool {
	if len(c.BBR) == 0 {
		return false
	}
	p := &c.BBR[0].Pace
	if p.Rate == 0 || env.Now >= p.Next {
		return false
	}
	if c.PaceAt == Never {
		c.PaceAt, c.TimerCause = p.Next, env.Cause
	}
	return true
}

// spend puts the next departure off by the time that n bytes take. The first window goes out as
// it is, and what was saved by being late may be used up to half.
func (c *Conn) spend(env *Env, n uint32) {
	if len(c.BBR) == 0 || c.BBR[0].Pace.Rate == 0 || c.Segs.DataSegsOut < 10 {
		return
	}
	p := &c.BBR[0].Pace
	wait := int64(uint64(n) * 1_000_000_000 / p.Rate)
	saved := max(env.Now-p.Next, 0)
	p.Next = env.Now + wait - min(wait/2, saved)
}
