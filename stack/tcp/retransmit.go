package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// InFlight estimates how many segments are in the network: sent, less those
// known to have left it, plus repeats (Linux's tcp_packets_in_flight). Without
// SACK each duplicate ACK stands for one that has arrived.
func (c *Conn) InFlight() uint32 {
	out := uint32(c.Rtx.Len()) + c.RetransOut
	return out - min(out, c.LostOut+c.DupAcks)
}

// retransmit sends segment i of the retransmission queue again.
func (c *Conn) retransmit(env *Env, i int, why event.Reason) {
	p := c.Rtx.At(i)
	p.At = env.Now
	if p.Xmit < 255 {
		p.Xmit++
	}
	if p.Mark&markRetrans == 0 && p.Mark&markLost != 0 {
		p.Mark |= markRetrans
		c.RetransOut++
	}
	if c.CA == Recovery {
		c.PrrOut++
	}
	flags, n := p.Flags, p.Len
	switch {
	case flags&wire.SYN != 0:
		n = 0
		if c.State != SynSent {
			flags |= wire.ACK
		}
	default:
		flags |= wire.ACK
		if flags&wire.FIN != 0 {
			n--
		}
	}
	c.emit(env, p.Seq, n, flags, why, p.Xmit)
}

// markLostAt notes that segment i is taken for lost.
func (c *Conn) markLostAt(i int) {
	p := c.Rtx.At(i)
	if p.Mark&markRetrans != 0 {
		p.Mark &^= markRetrans
		c.RetransOut--
	}
	if p.Mark&markLost == 0 {
		p.Mark |= markLost
		c.LostOut++
	}
}

// unmark takes the marks off a segment that was acknowledged.
func (c *Conn) unmark(p *Sent) {
	if p.Mark&markLost != 0 {
		c.LostOut--
	}
	if p.Mark&markRetrans != 0 {
		c.RetransOut--
	}
	p.Mark = 0
}

// sendLost repeats lost segments as far as the congestion window reaches.
func (c *Conn) sendLost(env *Env) {
	if c.LostOut <= c.RetransOut {
		return
	}
	for i := 0; i < c.Rtx.Len() && c.LostOut > c.RetransOut; i++ {
		p := c.Rtx.At(i)
		if p.Mark&(markLost|markRetrans) != markLost {
			continue
		}
		if c.InFlight() >= c.congestionWindow(env) {
			return
		}
		why := event.LossRecovery
		if c.CA == Recovery && p.Seq == c.SndUna {
			why = event.FastRetransmit
			if c.SndUna != c.RecoverFrom {
				why = event.PartialAck
			}
		}
		c.retransmit(env, i, why)
		if i == 0 {
			c.armRTO(env)
		}
	}
}

// duplicateAck counts a duplicate ACK; the third starts fast recovery
// (RFC 5681 §3.2).
func (c *Conn) duplicateAck(env *Env) {
	if c.DupAcks < uint32(c.Rtx.Len()) {
		c.DupAcks++
	}
	switch c.CA {
	case Open, Disorder:
		c.CA = Disorder
		if c.DupAcks >= 3 {
			c.enterRecovery(env)
			c.reduce(1, false)
		}
	case Recovery:
		c.reduce(1, false)
	}
}

func (c *Conn) enterRecovery(env *Env) {
	c.CA, c.HighSeq, c.RecoverFrom = Recovery, c.SndNxt, c.SndUna
	c.Ssthresh = algorithms[env.Conf.CongestionControl].ssthresh(c)
	c.beginPRR()
	c.CwndCount = 0
	c.markLostAt(0)
}

// enterLoss takes everything in flight for lost after a timeout (RFC 6298
// §5, RFC 5681 §3.1).
func (c *Conn) enterLoss(env *Env) {
	if c.CA != Loss || c.SndUna == c.HighSeq {
		if c.CA < Recovery || c.SndUna == c.HighSeq {
			c.Ssthresh = algorithms[env.Conf.CongestionControl].ssthresh(c)
		}
		c.HighSeq = c.SndNxt
	}
	c.CA, c.DupAcks = Loss, 0
	c.Cwnd, c.CwndCount = 1, 0
	for i := range c.Rtx.Len() {
		c.markLostAt(i)
	}
}
