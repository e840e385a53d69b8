package stack

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Fast Open at the level of the host (RFC 7413): cookies are given by address and kept by address.

// Bits of net.ipv4.tcp_fastopen.
const (
	fastClient         = 1
	fastServer         = 2
	fastClientNoCookie = 4
	fastServerNoCookie = 0x200
	fastServerAll      = 0x400 // listeners that did not ask for it, too
)

const fastCookieLen = 8

// FastCookie is what a server gave us (RFC 7413 §4.1.3).
type FastCookie struct {
	Addr   wire.Addr
	Cookie tcp.Cookie
	MSS    uint32
}

const maxFastCookies = 64

// fastCookie returns the line about addr, or nil.
func (h *Host) fastCookie(addr wire.Addr) *FastCookie {
	for i := range h.FastCookies {
		if h.FastCookies[i].Addr == addr {
			return &h.FastCookies[i]
		}
	}
	return nil
}

// keepCookie keeps the cookie that a SYN-ACK brought.
func (h *Host) keepCookie(c *tcp.Conn, cookie tcp.Cookie) {
	k := h.fastCookie(c.Remote.Addr)
	if k == nil {
		if len(h.FastCookies) == maxFastCookies { // the oldest goes
			h.FastCookies = append(h.FastCookies[:0:0], h.FastCookies[1:]...)
		}
		h.FastCookies = append(h.FastCookies, FastCookie{Addr: c.Remote.Addr})
		k = &h.FastCookies[len(h.FastCookies)-1]
	}
	k.Cookie, k.MSS = cookie, c.PeerMSS
}

// SendFast is sendto(2) with MSG_FASTOPEN: it connects, and sends b with the SYN if
// a cookie of the peer is known. Else the SYN asks for one, and nothing of b is taken: EINPROGRESS.
func (h *Host) SendFast(fd int32, b []byte, remote tcp.Endpoint) (n int, err tcp.Errno) {
	c, err := h.conn(fd)
	switch {
	case err != 0:
		return 0, err
	case h.FastOpen&fastClient == 0:
		return 0, tcp.EOPNOTSUPP
	}
	if begun, err := h.connecting(&h.Sockets[fd]); err != 0 {
		return 0, err
	} else if begun {
		return h.Send(fd, b, 0)
	}
	if err := h.address(fd, remote); err != 0 {
		return 0, err
	}
	h.prepare(c)
	mss := uint32(536)
	noCookie := h.FastOpen&fastClientNoCookie != 0
	h.env.Cookie = tcp.Cookie{}
	if k := h.fastCookie(remote.Addr); k != nil {
		h.env.Cookie, mss = k.Cookie, k.MSS
	} else if noCookie {
		mss = h.mssFor(remote.Addr)
	} else {
		b = nil
	}
	c.Fast.Ask = !noCookie || h.env.Cookie.Len > 0
	h.run(c, event.Connect, func(c *tcp.Conn) {
		n = c.ConnectFast(&h.env, h.isn(c), h.mssFor(remote.Addr), mss, b)
	})
	if n == 0 {
		return 0, tcp.EINPROGRESS
	}
	return n, 0
}

// fastOpenServer reports whether a listener gives and takes cookies.
func (h *Host) fastOpenServer(l *tcp.Conn) bool {
	return h.FastOpen&fastServer != 0 && (l.Opts.FastOpen > 0 || h.FastOpen&fastServerAll != 0)
}

// fastOpens reports whether the data of a SYN may be taken at once: its cookie is good, and not too many
// such handshakes are open (RFC 7413 §5.1).
func (h *Host) fastOpens(l *tcp.Conn, local, remote tcp.Endpoint, s *tcp.Segment) bool {
	if !h.fastOpenServer(l) {
		return false
	}
	good := s.HasFO && s.FO == h.cookieFor(local, remote)
	if !good && (h.FastOpen&fastServerNoCookie == 0 || s.Data.Len == 0) {
		return false
	}
	open := uint32(0)
	for i := range h.Conns {
		if c := &h.Conns[i]; c.FastOpened && c.State == tcp.SynReceived && c.Local == local {
			open++
		}
	}
	return h.FastOpen&fastServerAll != 0 || open < uint32(l.Opts.FastOpen)
}

// cookieFor returns the cookie for a client: the addresses of both under our key, as in Linux.
func (h *Host) cookieFor(local, remote tcp.Endpoint) (k tcp.Cookie) {
	var b []byte
	if remote.Addr.Is4() {
		b = append(append(b, remote.Addr[12:]...), local.Addr[12:]...)
	} else {
		b = append(append(b, remote.Addr[:]...), local.Addr[:]...)
	}
	k.Len = fastCookieLen
	binary.LittleEndian.PutUint64(k.Bytes[:], sipHash(h.FastOpenKey, b))
	return k
}

// readFastOpenKey reads net.ipv4.tcp_fastopen_key: four words of 32 bits in hex.
func readFastOpenKey(value string) (func(h *Host), error) {
	var words [4]uint64
	parts := strings.Split(strings.TrimSpace(value), "-")
	for i := range words {
		var err error
		if len(parts) == len(words) {
			words[i], err = strconv.ParseUint(parts[i], 16, 32)
		}
		if len(parts) != len(words) || err != nil {
			return nil, fmt.Errorf("net.ipv4.tcp_fastopen_key takes xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxxxx in hex, not %q", value)
		}
	}
	return func(h *Host) { h.FastOpenKey = [2]uint64{words[1]<<32 | words[0], words[3]<<32 | words[2]} }, nil
}

func fastOpenKey(h *Host) string {
	k := h.FastOpenKey
	return fmt.Sprintf("%08x-%08x-%08x-%08x", uint32(k[0]), k[0]>>32, uint32(k[1]), k[1]>>32)
}

// offerCookie makes the SYN-ACK of c bring a cookie.
func (h *Host) offerCookie(c *tcp.Conn) {
	c.Fast.Ask, h.env.Cookie = true, h.cookieFor(c.Local, c.Remote)
}
