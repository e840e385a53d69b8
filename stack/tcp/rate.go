package tcp

import (
	"wirelab/stack/ring"
	"wirelab/stack/seq"
)

// Delivery rate estimation: how fast the path took what was sent (Linux's tcp_rate.c). Only BBR needs it. Beside each segment in flight stands how much had been delivered when it left.

// RateMark belongs to the segment of the same index in Conn.Rtx.
type RateMark struct {
	DeliveredAt int64 // when the last delivery before it was
	FirstAt     int64 // when that window began to be sent
	Delivered   uint32
	Limited     bool // the program gave us too little to send then
	Spent       bool
}

// RateState is what marks are made from.
type RateState struct {
	Marks       ring.Ring[RateMark] // as many as Rtx holds
	DeliveredAt int64
	FirstAt     int64
	Bubble      uint32 // the program left a gap; it is gone when so much is delivered; 0: none
}

// rateSample is what one ACK tells of the rate. It is not state.
type rateSample struct {
	prior      uint32 // delivered when the newest segment acknowledged now was sent
	priorAt    int64
	interval   int64 // ns
	delivered  uint32
	acked      uint32
	losses     uint32
	end        uint32
	limited    bool
	retrans    bool
	seen, good bool
}

// rateSent takes note that segment i of Rtx is sent.
func (c *Conn) rateSent(env *Env, i int) {
	if len(c.BBR) == 0 {
		return
	}
	r := &c.BBR[0].Rate
	if c.Rtx.Len() == 1 {
		r.FirstAt, r.DeliveredAt = env.Now, env.Now
	}
	for r.Marks.Len() <= i {
		r.Marks.Push(RateMark{})
	}
	*r.Marks.At(i) = RateMark{DeliveredAt: r.DeliveredAt, FirstAt: r.FirstAt, Delivered: c.Delivered, Limited: r.Bubble != 0}
}

// rateArrived takes note that segment i, which is p, has arrived.
func (c *Conn) rateArrived(env *Env, p *Sent, i int) {
	if len(c.BBR) == 0 || i >= c.BBR[0].Rate.Marks.Len() {
		return
	}
	r, s := &c.BBR[0].Rate, &env.sample
	m := r.Marks.At(i)
	if m.Spent {
		return
	}
	if end := p.Seq + p.Len; !s.seen || later(p.At, r.FirstAt, end, s.end) {
		s.seen = true
		s.prior, s.priorAt, s.limited, s.retrans, s.end = m.Delivered, m.DeliveredAt, m.Limited, p.Xmit > 1, end
		s.interval = p.At - m.FirstAt // how long sending that window took
		r.FirstAt = p.At
	}
	m.Spent = true
}

// rateGone takes the mark of the first segment out, with the segment.
func (c *Conn) rateGone() {
	if len(c.BBR) > 0 && c.BBR[0].Rate.Marks.Len() > 0 {
		c.BBR[0].Rate.Marks.Drop()
	}
}

// rateSplit is for a segment i that became two.
func (c *Conn) rateSplit(i int) {
	if len(c.BBR) > 0 && i < c.BBR[0].Rate.Marks.Len() {
		c.BBR[0].Rate.Marks.Insert(i, *c.BBR[0].Rate.Marks.At(i))
	}
}

// rateJoin is for a segment i that became part of the one before.
func (c *Conn) rateJoin(i int) {
	if len(c.BBR) > 0 && i < c.BBR[0].Rate.Marks.Len() {
		c.BBR[0].Rate.Marks.Remove(i)
	}
}

// rateGen finishes the sample of an ACK.
func (c *Conn) rateGen(env *Env) {
	if len(c.BBR) == 0 {
		return
	}
	r, s := &c.BBR[0].Rate, &env.sample
	if r.Bubble != 0 && seq.GT(c.Delivered, r.Bubble) {
		r.Bubble = 0
	}
	n := &env.news
	s.acked, s.losses = c.Delivered-n.delivered, c.Lost-n.lost
	if s.acked > 0 {
		r.DeliveredAt = env.Now
	}
	if !s.seen || c.Reneged {
		return
	}
	s.delivered = c.Delivered - s.prior
	s.interval = max(s.interval, env.Now-s.priorAt) // the slower of sending and acknowledging
	s.good = s.interval >= c.MinRTT.Value() && s.interval > 0
}

// rateLimited takes note that the program gives us less than we could send.
func (c *Conn) rateLimited() {
	if len(c.BBR) > 0 && c.unsent() < c.SndMSS && c.InFlight() < c.Cwnd && c.LostOut <= c.RetransOut {
		c.BBR[0].Rate.Bubble = max(c.Delivered+c.InFlight(), 1)
	}
}
