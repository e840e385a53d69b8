package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// MaxCookie is the longest Fast Open cookie in bytes (RFC 7413 §4.1.1), minCookie the shortest.
const (
	MaxCookie = 16
	minCookie = 4
)

// FastOpen is TCP Fast Open (RFC 7413): data in the SYN, for a client that shows a
// cookie which it was given before.
type FastOpen struct {
	Ask       bool // our SYN carries the option: Env.Cookie, or a question for one
	Sent      bool // our SYN carried data
	DataAcked bool // the peer took the data in our SYN, or we took that in its
	Waits     bool // a blocked program writes as soon as the handshake is done: its data can carry the ACK
	Deferred  bool // connect was called, the SYN waits for the first write
	Trial     bool // the first after a pause: if it works there is no black hole any more
	Connect   bool // TCP_FASTOPEN_CONNECT
	NoCookie  bool // TCP_FASTOPEN_NO_COOKIE
}

// Cookie is a Fast Open cookie, or the question for one if Len is 0.
type Cookie struct {
	Len   uint8
	Exp   bool // in the option from before RFC 7413 (RFC 6994's kind 254)
	Bytes [MaxCookie]byte
}

// ConnectFast begins an active open whose SYN carries b, as much of it as fits
// one segment, and returns how much that was. peerMSS is what the peer took last time.
func (c *Conn) ConnectFast(env *Env, iss, mss, peerMSS uint32, b []byte) int {
	c.Fast.Deferred = false
	c.begin(env, iss, mss)
	c.setState(SynSent)
	room := min(peerMSS, c.MyMSS)
	room -= min(room, 40) // options may fill their room
	b = b[:min(len(b), int(room), int(c.SndBufMax))]
	for rest := b; len(rest) > 0; {
		rest = rest[c.queue(env.Pool, rest):]
	}
	n := uint32(len(b))
	c.SndQueued += n
	c.PushSeq = c.dataEnd()
	c.Fast.Sent = n > 0
	c.sendSYN(env, event.Connect, n)
	return len(b)
}

// Defer puts the SYN off until the program writes.
func (c *Conn) Defer() {
	c.Fast.Deferred = true
	c.Wake |= WakeWritable
	c.setState(SynSent)
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

// fastSYNAck is for the client: the SYN-ACK says whether the data was taken, and may bring data itself (RFC 7413
// §4.2.2). If it was not it goes out again at once.
func (c *Conn) fastSYNAck(env *Env, s *Segment) {
	if c.Rtx.Len() > 0 {
		for i := range c.Rtx.Len() {
			c.markLostAt(i)
		}
		c.repeatWithoutBlame(env, event.AckArrived)
		return
	}
	c.Fast.DataAcked = c.Fast.Sent && seq.GT(s.Ack, c.ISS+1)
	if c.Fast.DataAcked && c.Delivered > 1 { // SYN and data were one packet
		c.Delivered--
	}
	if (c.Fast.Ask || c.Fast.Sent) && s.Len() > 1 {
		c.Fast.DataAcked = true
		c.takeData(env, s)
	}
}

// takeSYNData is for the server: the data of a SYN whose cookie is good.
func (c *Conn) takeSYNData(env *Env, s *Segment) {
	c.FastOpened = true
	c.beginWindow(env, c.MyMSS)
	c.Wake |= WakeConnected
	if s.Data.Len == 0 {
		return
	}
	c.Fast.DataAcked = true
	c.takeData(env, s)
	c.RcvWup = c.RcvNxt // the SYN-ACK offers the window behind it
}

// takeData delivers the data of a SYN or SYN-ACK, and its FIN. It says nothing about how the peer sends, so the estimate
// for delayed ACKs does not begin with it (Linux's tcp_fastopen_add_skb).
func (c *Conn) takeData(env *Env, s *Segment) {
	c.Segs.DataSegsIn++
	c.deliver(env.Pool, s.Data)
	if s.Flags&wire.FIN != 0 {
		c.takeFIN(env)
	}
}

// fastClient reports whether the connection tried Fast Open as a client.
func (c *Conn) fastClient() bool { return !c.Passive && (c.Fast.Ask || c.Fast.Sent) }

// fastTimeout takes note of a timeout: the third in a row, or the last before we give up, says
// that something on the way does not let Fast Open through (Linux).
func (c *Conn) fastTimeout(late bool) {
	if c.fastClient() && (c.Retries == 2 || c.Retries < 2 && late) {
		c.Wake |= WakeBlackHole
	}
}

// fastEnd takes note of the end of a connection: if of all that the peer sent only its FIN came, then
// its data was swallowed; if data came the way is clear.
func (c *Conn) fastEnd() {
	switch {
	case c.Passive || !c.Fast.Ask:
	case c.Segs.DataSegsIn == 0:
		if c.OutOfOrder.Len() == 1 && c.OutOfOrder.Front().Fin {
			c.Wake |= WakeBlackHole
		}
	case c.Fast.Trial:
		c.Wake |= WakeFastWorks
	}
}
