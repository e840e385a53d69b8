package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// MaxCookie is the longest Fast Open cookie in bytes (RFC 7413 §4.1.1).
const MaxCookie = 16

// FastOpen is TCP Fast Open (RFC 7413): data in the SYN, for a client that shows a
// cookie which it was given before.
type FastOpen struct {
	Cookie    [MaxCookie]byte
	CookieLen uint8
	Ask       bool // our SYN carries the option; without a cookie it asks for one
	Given     bool // the peer gave us Cookie
	DataAcked bool // the peer took the data in our SYN, or we took that in its
}

// ConnectFast begins an active open whose SYN carries b, as much of it as fits
// one segment, and returns how much that was. mss is what the peer took last time; with
// an unknown peer that is 536.
func (c *Conn) ConnectFast(env *Env, iss, mss, peerMSS uint32, b []byte) int {
	c.begin(env, iss, mss)
	c.setState(SynSent)
	room := min(peerMSS, mss) - 40 // options may fill their room
	b = b[:min(len(b), int(room), int(c.SndBufMax))]
	for rest := b; len(rest) > 0; {
		rest = rest[c.queue(env.Pool, rest):]
	}
	n := uint32(len(b))
	c.SndQueued += n
	c.PushSeq = c.dataEnd()
	c.sendSYN(env, event.Connect, n)
	return len(b)
}

// fastSYN puts data that went with the SYN into the retransmission queue.
func (c *Conn) fastSYN(env *Env, n uint32) {
	if n == 0 {
		return
	}
	c.Rtx.Push(Sent{At: env.Now, Seq: c.SndNxt, Len: n, Flags: wire.PSH, Xmit: 1})
	c.Segs.DataSegsOut++
	c.Segs.BytesSent += uint64(n)
	c.SndNxt += n
	c.advance(n)
}

// fastSYNAck is for the client: the SYN-ACK may bring a cookie, and it says whether the data
// was taken. If not it goes out again at once (RFC 7413 §4.2.2).
func (c *Conn) fastSYNAck(env *Env, s *Segment) {
	f := &c.Fast
	if s.HasFO && s.FOLen > 0 {
		f.Cookie, f.CookieLen, f.Given = s.FO, s.FOLen, true
	}
	if c.Rtx.Len() == 0 {
		f.DataAcked = c.Segs.BytesSent > 0 && seq.GT(s.Ack, c.ISS+1)
		return
	}
	for i := range c.Rtx.Len() {
		c.markLostAt(i)
	}
	c.repeatWithoutBlame(env, event.AckArrived)
}

// takeSYNData is for the server: the data of a SYN whose cookie is good.
func (c *Conn) takeSYNData(env *Env, s *Segment) {
	c.FastOpened = true
	c.Wake |= WakeConnected
	if s.Data.Len == 0 {
		return
	}
	c.Fast.DataAcked = true
	c.Segs.DataSegsIn++
	c.dataArrived(env, s.Data.Len, s.Flags&wire.PSH != 0)
	c.deliver(env.Pool, s.Data)
}
