package tcp

// Policer is BBR's suspicion that a token bucket limits the connection: such a policer lets a
// burst pass and then drops all that exceeds its rate. If two spans in a row, each from loss to
// loss, lose a fifth of what is sent at about the same rate, BBR goes by that rate for a while
// (Linux's long-term bandwidth sampling).
type Policer struct {
	On, Sampling    bool
	Rounds          uint8
	BW              uint64 // of the span before, or what is gone by
	At              int64  // when the span began
	Delivered, Lost uint32 // Conn.Delivered and Conn.Lost then
}

const (
	policerLeastRounds = 4  // of a span
	policerMostRounds  = 48 // that its rate is gone by
	policerLoss        = 50 // of 256 segments
	policerNear        = 8  // rates are alike if they differ by an eighth
	policerNearBytes   = 4000 / 8
)

// begin starts a new span.
func (p *Policer) begin(c *Conn, env *Env) {
	p.At, p.Delivered, p.Lost, p.Rounds = env.Now, c.Delivered, c.Lost, 0
}

// police looks for a policer in the sample of an ACK.
func (b *BBRState) police(c *Conn, env *Env, s *rateSample) {
	p := &b.Policer
	if p.On {
		if b.Mode == bbrProbeBW && b.RoundStart {
			if p.Rounds++; p.Rounds >= policerMostRounds {
				*p = Policer{}
				b.probeBW(env)
			}
		}
		return
	}
	if !p.Sampling { // the first loss: the bucket is empty from here on
		if s.losses == 0 {
			return
		}
		p.begin(c, env)
		p.Sampling = true
	}
	if s.limited {
		*p = Policer{}
		return
	}
	if b.RoundStart {
		p.Rounds++
	}
	switch {
	case p.Rounds < policerLeastRounds:
	case p.Rounds > 4*policerLeastRounds:
		*p = Policer{}
	case s.losses > 0:
		b.endSpan(c, env)
	}
}

// endSpan compares a span with the one before.
func (b *BBRState) endSpan(c *Conn, env *Env) {
	p := &b.Policer
	lost, delivered := c.Lost-p.Lost, c.Delivered-p.Delivered
	took := (env.Now - p.At) / msNs
	if delivered == 0 || uint64(lost)*bbrUnit < policerLoss*uint64(delivered) || took < 1 {
		return
	}
	bw := uint64(delivered) << bbrScale / uint64(took*1000)
	if p.BW != 0 {
		apart := max(bw, p.BW) - min(bw, p.BW)
		if apart*policerNear <= p.BW || b.rate(c, apart, bbrUnit) <= policerNearBytes {
			p.BW, p.On, p.Rounds = (bw+p.BW)/2, true, 0
			b.PacingGain = bbrUnit
			return
		}
	}
	p.BW = bw
	p.begin(c, env)
}
