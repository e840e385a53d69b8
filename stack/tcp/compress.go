package tcp

import "wirelab/stack/event"

// ACKs of what arrives out of order need not go out one by one: behind a gap that three of them have told
// of, those of a twentieth of a round trip, or of a millisecond, become one (Linux's compressed ACKs; its
// tcp_comp_sack_delay_ns and tcp_comp_sack_nr). SACK blocks tell of all segments at once.

// AckMerge are the ACKs that wait to become one.
type AckMerge struct {
	At     int64  // when that one goes out; Never: none wait
	RcvNxt uint32 // the gap that Told counts for
	Told   uint8  // ACKs sent about it, up to enoughTold
	Held   uint8  // ACKs that wait
}

const enoughTold = 3 // duplicate ACKs that make a sender repeat a segment (RFC 5681 §3.2)

// ackGap acknowledges a segment that arrived while there is a gap before it: at once, or together with others.
func (c *Conn) ackGap(env *Env) {
	wait := c.mergeTime(env)
	if wait == 0 || !c.SackOn || c.OutOfOrder.Len() == 0 || c.Quick > 0 && !c.Interactive || c.RcvNxt-c.RcvWup > c.RcvMSS {
		c.ackNow(env, event.AckOutOfOrder)
		return
	}
	m := &c.sacks().Merge
	if m.RcvNxt != c.RcvNxt {
		m.RcvNxt, m.Told = c.RcvNxt, 0
	}
	switch {
	case m.Told < enoughTold:
		m.Told++
		c.ackNow(env, event.AckOutOfOrder)
	case m.Held >= env.Conf.CompSackMost, c.sacks().N == maxSacks: // or one more block would push another out untold
		c.ackNow(env, event.AckOutOfOrder)
	default:
		m.Held++
		if m.At == Never {
			m.At = env.Now + wait
		}
	}
}

// mergeTime is how long such ACKs may wait for others; 0: not at all, which is also so as long as the
// receiver does not know the round trip.
func (c *Conn) mergeTime(env *Env) int64 {
	if len(c.Tune) == 0 || env.Conf.CompSackMost == 0 {
		return 0
	}
	rtt := c.Tune[0].RTT
	if c.SRTT > 0 {
		rtt = min(rtt, c.SRTT)
	}
	return min(rtt/20, env.Conf.CompSackNs)
}

// mergeDue returns when the merged ACK goes out.
func (c *Conn) mergeDue() int64 {
	if len(c.Sacks) == 0 {
		return Never
	}
	return c.Sacks[0].Merge.At
}

// merged is for any ACK that goes out: it tells what the waiting ones would have told.
func (c *Conn) merged() {
	if len(c.Sacks) > 0 {
		m := &c.Sacks[0].Merge
		m.At, m.Held = Never, 0
	}
}
