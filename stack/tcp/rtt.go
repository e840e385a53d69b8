package tcp

// Round trips (RFC 6298), as Linux measures them.

// measure takes the round trip that an ACK shows: first and last are when the
// segments were sent that it newly acknowledges and that were sent once.
func (c *Conn) measure(env *Env, first, last int64) {
	n := &env.news
	sample := int64(-1)
	if first != Never && n.flags&newsRetrans == 0 { // Karn's rule (RFC 6298 §3)
		sample, n.rtt = env.Now-first, env.Now-last
		if c.maybeDelayed(n) {
			n.flags |= newsMaybeDelayed
		}
	}
	if n.sackedFirst != Never {
		n.rtt = env.Now - n.sackedLast
		if sample < 0 {
			sample = env.Now - n.sackedFirst
		}
	}
	if sample < 0 && n.hasTS && n.echo != 0 && n.flags&newsAcked != 0 { // RFC 7323 §4
		sample = c.echoAge(env, n.echo)
		n.rtt = sample
	}
	if sample < 0 {
		return
	}
	if n.flags&newsMaybeDelayed == 0 || n.rtt < c.MinRTT.Value() { // else a delayed ACK would become the minimum when that expires
		c.MinRTT.Update(env.Now, n.rtt, env.Conf.MinRTTWindowMs)
	}
	c.sampleRTT(env.Conf, sample)
	c.Backoff = 0 // RFC 6298 §5.7: only a new measurement ends the back-off
	if n.flags&newsAcked == 0 && n.sackedFirst != Never && c.Rtx.Len() > 0 && n.sackedFirst >= c.Rtx.Front().At {
		n.flags |= newsTimer
	}
}

// maybeDelayed reports whether an ACK acknowledges one small segment and nothing else, with no
// sign of trouble: the receiver may have waited for more before it answered (Linux).
func (c *Conn) maybeDelayed(n *news) bool {
	return n.acked == 1 && n.flight == 1 && c.SndUna-n.una < c.SndMSS && n.flags&(newsAlarm|newsSYN) == 0
}

// sampleRTT updates the smoothed round trip time (RFC 6298 §2). RTTVAR grows at
// once and shrinks once a round trip, and when a round trip gets shorter it
// grows by less: Linux's remedies against timeouts that come too early. The timeout is
// SRTT + max(4·RTTVAR, 200 ms).
func (c *Conn) sampleRTT(conf *Config, r int64) {
	if c.SRTT == 0 {
		c.SRTT, c.RTTVar = max(r, 1), r/2
		c.RTTSpread = max(2*r, c.rtoMin(conf))
		c.RTTSpreadMax, c.RTTSeq = c.RTTSpread, c.SndNxt
	} else {
		c.smooth(conf, r)
	}
	c.RTOBase = min(c.SRTT+c.RTTSpread, c.rtoMax(conf))
}

func (c *Conn) smooth(conf *Config, r int64) {
	d := r - c.SRTT
	c.SRTT = max(c.SRTT+d/8, 1)
	if d < 0 {
		if d = -d - c.RTTVar; d > 0 {
			d /= 8
		}
	} else {
		d -= c.RTTVar
	}
	c.RTTVar += d / 4
	if spread := 4 * c.RTTVar; spread > c.RTTSpreadMax {
		c.RTTSpreadMax = spread
		c.RTTSpread = max(c.RTTSpread, spread)
	}
	if int32(c.SndUna-c.RTTSeq) > 0 {
		if c.RTTSpreadMax < c.RTTSpread {
			c.RTTSpread -= (c.RTTSpread - c.RTTSpreadMax) / 4
		}
		c.RTTSeq, c.RTTSpreadMax = c.SndNxt, c.rtoMin(conf)
	}
}

// RTO returns the retransmission timeout with back-off (RFC 6298 §5.5). A nil
// conf leaves the upper limit out.
func (c *Conn) RTO(conf *Config) int64 {
	rto := c.RTOBase
	limit := int64(1) << 50
	if conf != nil {
		limit = c.rtoMax(conf)
	}
	for range c.Backoff {
		if rto >= limit {
			break
		}
		rto *= 2
	}
	return min(rto, limit)
}

// rtoMin and rtoMax bound the timeout: by socket options, else by the host's settings.
func (c *Conn) rtoMin(conf *Config) int64 {
	return or(int64(c.Opts.Rare().RTOMinUs)*1000, conf.RTOMinNs)
}

func (c *Conn) rtoMax(conf *Config) int64 {
	return or(int64(c.Opts.Rare().RTOMaxMs)*msNs, conf.RTOMaxNs)
}

// MinFilter keeps the smallest of what was seen lately: the best value and the two best
// since, each smallest of its time.
type MinFilter struct {
	AtMs [3]uint32
	Us   [3]uint32 // 0: nothing yet
}

// Value returns the minimum in ns, or a very large number if nothing was seen.
func (m *MinFilter) Value() int64 {
	if m.Us[0] == 0 {
		return Never
	}
	return int64(m.Us[0]) * 1000
}

// Update takes the sample ns at time at; a minimum counts for windowMs (tcp_min_rtt_wlen).
func (m *MinFilter) Update(at, ns int64, windowMs uint32) {
	now, v := uint32(at/msNs), uint32(min(max(ns/1000, 1), 1<<32-1))
	switch {
	case m.Us[0] == 0 || v <= m.Us[0] || now-m.AtMs[2] > windowMs:
		m.AtMs, m.Us = [3]uint32{now, now, now}, [3]uint32{v, v, v}
		return
	case v <= m.Us[1]:
		m.AtMs[1], m.Us[1], m.AtMs[2], m.Us[2] = now, v, now, v
	case v <= m.Us[2]:
		m.AtMs[2], m.Us[2] = now, v
	}
	age := now - m.AtMs[0]
	switch {
	case age > windowMs: // the best one is too old: the second takes its place
		m.AtMs[0], m.Us[0], m.AtMs[1], m.Us[1] = m.AtMs[1], m.Us[1], m.AtMs[2], m.Us[2]
		m.AtMs[2], m.Us[2] = now, v
	case m.AtMs[1] == m.AtMs[0] && age > windowMs/4: // a quarter passed without a second choice
		m.AtMs[1], m.Us[1], m.AtMs[2], m.Us[2] = now, v, now, v
	case m.AtMs[2] == m.AtMs[1] && age > windowMs/2:
		m.AtMs[2], m.Us[2] = now, v
	}
}
