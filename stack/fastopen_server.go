package stack

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/problem"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Fast Open at the level of the host, as a server (RFC 7413 §4.2): cookies are given by address.

const (
	fastCookieLen = 8
	fastResetNs   = 60_000_000_000 // a reset handshake counts for so long (RFC 7413 §5.1)
)

// FastKey is a key of cookies, the lower word first.
type FastKey [2]uint64

// ListenKeys are the keys of one listener (TCP_FASTOPEN_KEY).
type ListenKeys struct {
	Slot uint32
	Keys []FastKey
}

// FastReset is a Fast Open handshake that the peer reset after accept(2).
type FastReset struct {
	Local tcp.Endpoint
	Until int64
}

// fastOpens reports whether the data of a SYN may be taken at once (RFC 7413 §4.2.2), and whether
// the SYN-ACK is to bring a cookie.
func (h *Host) fastOpens(l *tcp.Conn, local, remote tcp.Endpoint, s *tcp.Segment) (fast, offer bool) {
	data := s.Data.Len > 0
	if h.FastOpen&fastServer == 0 || !data && !s.HasFO || !h.fastRoom(l, local) {
		return false, false
	}
	if h.FastOpen&fastServerNoCookie != 0 || l.Fast.NoCookie {
		return true, false
	}
	if !s.HasFO {
		return false, false
	}
	for i, key := range h.keysOf(l) {
		k := cookieFor(key, local, remote)
		if k.Len == s.FO.Len && k.Bytes == s.FO.Bytes {
			return true, i > 0 // a cookie of the old key opens, and is replaced
		}
	}
	return false, true
}

// fastRoom reports whether another Fast Open handshake may begin (RFC 7413 §5.1).
func (h *Host) fastRoom(l *tcp.Conn, local tcp.Endpoint) bool {
	open := uint32(0)
	for i := range h.Conns {
		if c := &h.Conns[i]; c.FastOpened && c.State == tcp.SynReceived && c.Local == local {
			open++
		}
	}
	for _, r := range h.FastResets {
		if r.Local == local && r.Until > h.env.Now {
			open++
		}
	}
	return open < uint32(l.Opts.FastOpen)
}

// noteFastReset counts a handshake that its peer has just reset, after accept(2), against those that may be
// open: else an attacker could make a server open any number (RFC 7413 §5.1).
func (h *Host) noteFastReset(c *tcp.Conn) {
	kept := h.FastResets[:0:0]
	for _, r := range h.FastResets {
		if r.Until > h.env.Now {
			kept = append(kept, r)
		}
	}
	h.FastResets = append(kept, FastReset{c.Local, h.env.Now + fastResetNs})
}

// offerCookie makes the SYN-ACK of c, a child of the listener in a slot, bring a cookie, as the
// option of the SYN's kind.
func (h *Host) offerCookie(c *tcp.Conn, listener uint32, experimental bool) {
	c.Fast.Ask = true
	h.env.Cookie = cookieFor(h.keysOf(&h.Conns[listener])[0], c.Local, c.Remote)
	h.env.Cookie.Exp = experimental
}

// cookieFor returns the cookie for a client: the addresses of both under a key, as in Linux.
func cookieFor(key FastKey, local, remote tcp.Endpoint) (k tcp.Cookie) {
	var b [32]byte
	n := copy(b[:], addrBytes(&remote.Addr))
	n += copy(b[n:], addrBytes(&local.Addr))
	k.Len = fastCookieLen
	binary.LittleEndian.PutUint64(k.Bytes[:], sipHash(key, b[:n]))
	return k
}

// addrBytes returns an address as its version of IP writes it.
func addrBytes(a *wire.Addr) []byte {
	if a.Is4() {
		return a[12:]
	}
	return a[:]
}

// keysOf returns the keys of a listener, the one for new cookies first.
func (h *Host) keysOf(l *tcp.Conn) []FastKey {
	for i := range h.ListenKeys {
		if h.ListenKeys[i].Slot == l.ID {
			return h.ListenKeys[i].Keys
		}
	}
	return h.FastOpenKeys
}

// SetFastOpenKey is setsockopt(2) with TCP_FASTOPEN_KEY: one key of 16 bytes, or that and an older one
// whose cookies are still good.
func (h *Host) SetFastOpenKey(fd int32, b []byte) tcp.Errno {
	c, err := h.conn(fd)
	switch {
	case err != 0:
		return err
	case len(b) != 16 && len(b) != 32:
		return tcp.EINVAL
	}
	h.forgetKeys(c.ID)
	k := ListenKeys{Slot: c.ID}
	for ; len(b) > 0; b = b[16:] {
		k.Keys = append(k.Keys, FastKey{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])})
	}
	h.ListenKeys = append(h.ListenKeys, k)
	return 0
}

// forgetKeys drops the keys of the connection in a slot.
func (h *Host) forgetKeys(slot uint32) {
	for i := range h.ListenKeys {
		if h.ListenKeys[i].Slot == slot {
			h.ListenKeys = append(h.ListenKeys[:i:i], h.ListenKeys[i+1:]...)
			return
		}
	}
}

// fastOpenOption is a socket option about Fast Open, which may be set only before there is a connection.
func fastOpenOption(name string, high int64, get func(*tcp.Conn) int64, set func(*Host, *tcp.Conn, int64)) sockopt {
	return sockopt{name, 0, high, func(_ *Host, c *tcp.Conn) int64 { return get(c) }, func(h *Host, c *tcp.Conn, v int64) tcp.Errno {
		forConnect := name == "TCP_FASTOPEN_CONNECT"
		switch {
		case forConnect && h.FastOpen&fastClient == 0:
			return tcp.EOPNOTSUPP
		case c.State != tcp.Closed && (forConnect || c.State != tcp.Listen):
			return tcp.EINVAL
		}
		set(h, c, v)
		return 0
	}}
}

// readFastOpenKey reads net.ipv4.tcp_fastopen_key: four words of 32 bits in hex, or twice that.
func readFastOpenKey(value string) (func(h *Host), error) {
	var keys []FastKey
	for _, text := range strings.Split(strings.TrimSpace(value), ",") {
		var words [4]uint64
		parts := strings.Split(text, "-")
		for i := range words {
			var err error
			if len(parts) == len(words) {
				words[i], err = strconv.ParseUint(parts[i], 16, 32)
			}
			if len(parts) != len(words) || err != nil || len(keys) == 2 {
				return nil, problem.New("net.ipv4.tcp_fastopen_key takes xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxxxx in hex, or two of those with a comma, not %q", value)
			}
		}
		keys = append(keys, FastKey{words[1]<<32 | words[0], words[3]<<32 | words[2]})
	}
	return func(h *Host) { h.FastOpenKeys = keys }, nil
}

func fastOpenKey(h *Host) string {
	text := make([]string, len(h.FastOpenKeys))
	for i, k := range h.FastOpenKeys {
		text[i] = fmt.Sprintf("%08x-%08x-%08x-%08x", uint32(k[0]), k[0]>>32, uint32(k[1]), k[1]>>32)
	}
	return strings.Join(text, ",")
}
