package tcp

import "wirelab/stack/seq"

// algorithm is what a congestion control decides; the rest of recovery is the
// same for all. Windows are in segments.
type algorithm struct {
	name     string
	ssthresh func(c *Conn) uint32        // the window after a loss
	avoid    func(c *Conn, acked uint32) // grow in congestion avoidance
}

var algorithms = [...]algorithm{
	{"reno", renoSsthresh, renoAvoid},
}

// AlgorithmByName returns the index for Config.CongestionControl, or false if there is
// no algorithm of that name.
func AlgorithmByName(name string) (uint8, bool) {
	for i := range algorithms {
		if algorithms[i].name == name {
			return uint8(i), true
		}
	}
	return 0, false
}

// AlgorithmName returns the name at index i.
func AlgorithmName(i uint8) string { return algorithms[i].name }

// onAck tells recovery and congestion control that new data was acknowledged:
// acked segments, with flight of them in the network before.
func (c *Conn) onAck(env *Env, acked, flight uint32) {
	delivered := max(acked-min(acked, c.DupAcks), 1) // duplicate ACKs have told of the others
	c.DupAcks -= min(c.DupAcks, max(acked, 1)-1)     // Linux's tcp_remove_reno_sacks
	switch c.CA {
	case Recovery:
		switch {
		case seq.GT(c.SndUna, c.HighSeq):
			c.CA, c.DupAcks = Open, 0
			c.Cwnd = c.Ssthresh
			c.grow(env, acked, flight)
			return
		case c.SndUna == c.HighSeq: // duplicates of it may follow, which mean no new loss: stay until more is acknowledged (RFC 6582 §6)
			c.DupAcks = 0
		default: // partial ACK (RFC 6582 §3.2)
			c.markLostAt(0)
		}
		c.reduce(delivered, true)
		return
	case Loss:
		if seq.GE(c.SndUna, c.HighSeq) {
			c.CA = Open
		}
	case Disorder:
		c.CA, c.DupAcks = Open, 0
	default:
		c.DupAcks = 0
	}
	c.grow(env, acked, flight)
}

// grow opens the congestion window, if it was what limited sending (RFC 7661
// §4.1; Linux grows slow start while cwnd < 2 × flight).
func (c *Conn) grow(env *Env, acked, flight uint32) {
	if c.Cwnd < c.Ssthresh {
		if c.Cwnd >= 2*flight {
			return
		}
		cwnd := min(c.Cwnd+acked, c.Ssthresh)
		acked -= cwnd - c.Cwnd
		c.Cwnd = cwnd
		if acked == 0 {
			return
		}
	} else if flight < c.Cwnd {
		return
	}
	algorithms[env.Conf.CongestionControl].avoid(c, acked)
}

// renoSsthresh halves the window (RFC 5681 §3.1, with Linux's floor of two).
func renoSsthresh(c *Conn) uint32 { return max(c.Cwnd/2, 2) }

// renoAvoid adds one segment a window (RFC 5681 §3.1).
func renoAvoid(c *Conn, acked uint32) {
	c.CwndCount += acked
	if c.CwndCount >= c.Cwnd {
		grown := c.CwndCount / c.Cwnd
		c.CwndCount -= grown * c.Cwnd
		c.Cwnd += grown
	}
}
