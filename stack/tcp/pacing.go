package tcp

// Pace is pacing: data leaves not at once but at a rate, as a deadline before which the next segment
// stays (Linux's earliest departure time).
type Pace struct {
	Rate uint64 // bytes a second; 0: as fast as it goes. Only BBR keeps it, else it follows from the window
	Next int64  // before this time no data is sent
}

// unpaced is the number of segments that leave as they come, when a connection is young (Linux).
const unpaced = 10

// pace returns what the connection is paced by and at how many bytes a second, or nil: BBR sets the pace
// itself, others keep one if SO_MAX_PACING_RATE limits it or the queue of the interface wants it.
func (c *Conn) pace(env *Env) (*Pace, uint64) {
	limit := c.Opts.Rare().MaxPacing
	switch {
	case len(c.BBR) > 0:
		p := &c.BBR[0].Pace
		return p, capped(p.Rate, limit)
	case limit == 0 && !env.Conf.FairQueue:
		return nil, 0
	}
	return &c.Opts.SetRare().Pace, c.pacingRate(env.Conf)
}

func capped(rate, limit uint64) uint64 {
	if limit != 0 && (rate == 0 || limit < rate) {
		return limit
	}
	return rate
}

// pacingRate is the pace that Linux has for a connection, whether or not it keeps it: twice the window
// in a round trip in slow start, then 1.2 times as much (tcp_pacing_ss_ratio, tcp_pacing_ca_ratio). Without
// a round trip it is 0: as fast as it goes.
func (c *Conn) pacingRate(conf *Config) uint64 {
	limit := c.Opts.Rare().MaxPacing
	if len(c.BBR) > 0 {
		return capped(c.BBR[0].Pace.Rate, limit)
	}
	ratio := uint64(conf.PacingCA)
	if c.Cwnd < c.Ssthresh/2 {
		ratio = uint64(conf.PacingSS)
	}
	if c.SRTT == 0 || c.State < Established {
		return limit
	}
	window := uint64(max(c.Cwnd, c.packetsOut()))
	return capped(uint64(c.SndMSS)*ratio*window*10_000/uint64(max(c.SRTT/1000, 1)), limit)
}

// paced reports whether data must wait, and sees to it that sending goes on then.
func (c *Conn) paced(env *Env) bool {
	p, rate := c.pace(env)
	if p == nil || rate == 0 || env.Now >= p.Next {
		return false
	}
	if c.PaceAt == Never {
		c.PaceAt = p.Next
	}
	return true
}

// spend puts the next departure off by the time that n bytes take. The first window goes out as
// it is, and what was saved by being late may be used up to half.
func (c *Conn) spend(env *Env, n uint32) {
	p, rate := c.pace(env)
	if p == nil || rate == 0 || c.Segs.DataSegsOut < unpaced {
		return
	}
	wait := int64(uint64(n) * 1_000_000_000 / rate)
	saved := max(env.Now-p.Next, 0)
	p.Next = env.Now + wait - min(wait/2, saved)
}
