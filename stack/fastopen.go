package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Fast Open at the level of the host, as a client (RFC 7413 §4.1): cookies are kept by address.

// Bits of net.ipv4.tcp_fastopen.
const (
	fastClient         = 1
	fastServer         = 2
	fastClientNoCookie = 4
	fastServerNoCookie = 0x200
	fastServerAll      = 0x400 // listeners that did not ask for it, too
)

// FastCookie is what a server told us (RFC 7413 §4.1.3).
type FastCookie struct {
	Addr   wire.Addr
	Cookie tcp.Cookie // Len 0: it gave none yet
	MSS    uint32
	Exp    bool // it did not answer the option: ask with the experimental one next time (Linux)
}

const maxFastCookies = 64

// FastBlackHole is whether something on the way swallows Fast Open: Linux then does without for a
// while, twice as long each time.
type FastBlackHole struct {
	TimeoutS uint32 // net.ipv4.tcp_fastopen_blackhole_timeout_sec; 0: never mind
	Times    uint32
	At       int64
}

// fastCookie returns the line about addr, or nil.
func (h *Host) fastCookie(addr wire.Addr) *FastCookie {
	for i := range h.FastCookies {
		if h.FastCookies[i].Addr == addr {
			return &h.FastCookies[i]
		}
	}
	return nil
}

// keepCookie keeps what the SYN-ACK s told a connection that is now open: the segment size, and the
// cookie if it brought one that was asked for.
func (h *Host) keepCookie(c *tcp.Conn, s *tcp.Segment) {
	k := h.fastCookie(c.Remote.Addr)
	if k == nil {
		if len(h.FastCookies) == maxFastCookies { // the oldest goes
			h.FastCookies = append(h.FastCookies[:0:0], h.FastCookies[1:]...)
		}
		h.FastCookies = append(h.FastCookies, FastCookie{Addr: c.Remote.Addr})
		k = &h.FastCookies[len(h.FastCookies)-1]
	}
	k.MSS = c.PeerMSS
	switch {
	case !c.Fast.Ask:
	case s.HasFO && s.FO.Len > 0:
		k.Cookie, k.Exp = s.FO, s.FO.Exp
	case !s.HasFO && !c.Fast.Sent && c.Segs.Retrans == 0 && k.Cookie.Len == 0:
		k.Exp = !k.Exp
	}
}

// fastSYN decides what the SYN to remote shows and whether it may carry data, of at most mss bytes and a little
// less; the cookie waits in env.
func (h *Host) fastSYN(c *tcp.Conn, remote wire.Addr) (data bool, mss uint32) {
	h.env.Cookie, c.Fast.Ask, mss = tcp.Cookie{}, false, h.mssFor(remote)
	k := h.fastCookie(remote)
	if k != nil {
		mss = min(mss, k.MSS)
	}
	switch {
	case h.fastPaused(c):
		return false, mss
	case h.FastOpen&fastClientNoCookie != 0 || c.Fast.NoCookie:
		return true, mss
	}
	c.Fast.Ask = true
	if k == nil {
		return false, mss
	}
	h.env.Cookie = k.Cookie
	h.env.Cookie.Exp = k.Exp
	return k.Cookie.Len > 0, mss
}

// SendFast is sendto(2) with MSG_FASTOPEN: it connects, and sends b with the SYN if a cookie of the peer is
// known, or none is needed. Else the SYN asks for one, and nothing of b is taken: EINPROGRESS.
func (h *Host) SendFast(fd int32, b []byte, remote tcp.Endpoint) (n int, err tcp.Errno) {
	c, err := h.conn(fd)
	switch {
	case err != 0:
		return 0, err
	case h.FastOpen&fastClient == 0:
		return 0, tcp.EOPNOTSUPP
	case c.Fast.Deferred:
		return h.connectFast(c, b)
	}
	if begun, err := h.connecting(&h.Sockets[fd]); err != 0 {
		return 0, err
	} else if begun {
		return h.Send(fd, b, 0)
	}
	if remote.Port == 0 {
		return 0, tcp.EINVAL
	}
	if err := h.address(fd, remote); err != 0 {
		return 0, err
	}
	h.prepare(c)
	return h.connectFast(c, b)
}

// connectFast sends the SYN of a connection that has its addresses, with as much of b as may go.
func (h *Host) connectFast(c *tcp.Conn, b []byte) (n int, err tcp.Errno) {
	data, mss := h.fastSYN(c, c.Remote.Addr)
	if !data {
		b = nil
	}
	h.run(c, event.Connect, func(c *tcp.Conn) {
		n = c.ConnectFast(&h.env, h.isn(c), h.mssFor(c.Remote.Addr), mss, b)
	})
	if n == 0 {
		return 0, tcp.EINPROGRESS
	}
	return n, 0
}

// connectLater is connect(2) with TCP_FASTOPEN_CONNECT: if data may go with the SYN the SYN waits for the first
// write. Else it goes now, and asks for a cookie.
func (h *Host) connectLater(c *tcp.Conn) tcp.Errno {
	if data, _ := h.fastSYN(c, c.Remote.Addr); data {
		h.run(c, event.Connect, func(c *tcp.Conn) { c.Defer() })
		return 0
	}
	_, err := h.connectFast(c, nil)
	return err
}

// fastPaused reports whether Fast Open is not to be used for now.
func (h *Host) fastPaused(c *tcp.Conn) bool {
	b := &h.FastBlackHole
	if b.TimeoutS == 0 || b.Times == 0 {
		return false
	}
	pause := int64(b.TimeoutS) * secondNs << min(b.Times-1, 6)
	c.Fast.Trial = h.env.Now >= b.At+pause
	return !c.Fast.Trial
}

// fastNews takes note of what a connection found out about Fast Open on the way.
func (h *Host) fastNews(c *tcp.Conn) {
	b := &h.FastBlackHole
	switch {
	case c.Wake&tcp.WakeFastWorks != 0 && !c.Remote.Addr.IsLoopback():
		b.Times = 0
	case c.Wake&tcp.WakeBlackHole != 0 && b.TimeoutS != 0:
		b.Times, b.At = b.Times+1, h.env.Now
	}
}
