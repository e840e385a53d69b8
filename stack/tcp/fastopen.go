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
	Ask       bool // our SYN carries the option: Env.Cookie, or a question for one
	DataAcked bool // the peer took the data in our SYN, or we took that in its
	Waits     bool // a blocked program writes as soon as the handshake is done: its data can carry the ACK
}

// Cookie is a Fast Open cookie, or the question for one if Len is 0.
type Cookie struct {
	Len   uint8
	Bytes [MaxCookie]byte
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

// fastSYNAck is for the client: the SYN-ACK says whether the data
// was taken. If not it goes out again at once (RFC 7413 §4.2.2).
func (c *Conn) fastSYNAck(env *Env, s *Segment) {
	if c.Rtx.Len() == 0 {
		c.Fast.DataAcked = c.Segs.BytesSent > 0 && seq.GT(s.Ack, c.ISS+1)
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
	c.dataArrived(env, s, s.Data.Len)
	c.deliver(env.Pool, s.Data)
}
