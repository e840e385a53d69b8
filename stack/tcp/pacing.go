package tcp

// Pacing: data leaves not at once but at a rate, as a deadline before which the next segment
// stays (Linux's earliest departure time).

// paced reports whether data must wait, and sees to it that sending goes on then.
func (c *Conn) paced(env *Env) bool {
	if c.PaceRate == 0 || env.Now >= c.PaceNext {
		return false
	}
	if c.PaceAt == Never {
		c.PaceAt, c.TimerCause = c.PaceNext, env.Cause
	}
	return true
}

// spend puts the next departure off by the time that n bytes take. The first window goes out as
// it is, and what was saved by being late may be used up to half.
func (c *Conn) spend(env *Env, n uint32) {
	if c.PaceRate == 0 || c.Segs.DataSegsOut < 10 {
		return
	}
	wait := int64(uint64(n) * 1_000_000_000 / c.PaceRate)
	saved := max(env.Now-c.PaceNext, 0)
	c.PaceNext = env.Now + wait - min(wait/2, saved)
}
