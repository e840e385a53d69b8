package tcp

import "wirelab/stack/wire"

// ECNState is explicit congestion notification (RFC 3168 §6.1): routers mark instead of
// dropping, the receiver echoes the mark until the sender says that it has slowed down.
type ECNState struct {
	On      bool // both ends agreed
	Asked   bool // our SYN did
	Echo    bool // a mark arrived: ECE on every segment until CWR comes
	SendCWR bool // on the next new data
	Seen    bool // the peer's packets can be marked
}

// ecnOnSYN decides about ECN from the peer's SYN or SYN-ACK. A SYN that could be
// marked itself comes from something that does not know the rules.
func (c *Conn) ecnOnSYN(env *Env, s *Segment) {
	const both = wire.ECE | wire.CWR
	if s.Flags&wire.ACK != 0 {
		c.ECN.On = c.ECN.Asked && s.Flags&both == wire.ECE
		return
	}
	c.ECN.On = env.Conf.ECN != 0 && s.Flags&both == both && !s.ECT && !s.CE
}

// ecnOut sets the bits of a segment that is sent; fresh says that it is data sent for the first time.
func (c *Conn) ecnOut(env *Env, s *Segment, fresh bool) {
	e := &c.ECN
	if s.Flags&wire.SYN != 0 {
		switch {
		case s.Flags&wire.ACK != 0:
			if e.On {
				s.Flags |= wire.ECE
			}
		case env.Conf.ECN == 1 && (s.Xmit == 1 || !env.Conf.ECNFallback):
			e.Asked = true
			s.Flags |= wire.ECE | wire.CWR
		default: // a SYN with these bits may have been dropped for them (RFC 3168 §6.1.1.1)
			e.Asked = false
		}
		return
	}
	if !e.On {
		return
	}
	if fresh {
		s.ECT = true
		if e.SendCWR {
			e.SendCWR = false
			s.Flags |= wire.CWR
		}
	}
	if e.Echo && s.Flags&wire.RST == 0 {
		s.Flags |= wire.ECE
	}
}

// ecnIn takes the bits of a segment that carries data.
func (c *Conn) ecnIn(env *Env, s *Segment) {
	e := &c.ECN
	if !e.On {
		return
	}
	if s.CE {
		if !e.Echo { // the sender may have a window of one segment now
			c.ackSoon(env, 2)
		}
		e.Echo = true
	} else if !s.ECT && e.Seen { // not marked as data is: a retransmission, whose sender waits for us (Linux)
		c.ackSoon(env, 2)
	}
	e.Seen = e.Seen || s.CE || s.ECT
}
