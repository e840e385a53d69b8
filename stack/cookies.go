package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// SYN cookies (RFC 4987 §3.6): when too many handshakes are open, the SYN-ACK's
// sequence number carries what must be known of the SYN, and nothing is kept. With
// timestamps, their low bits carry the options.

// cookieMSS and cookieMSS6 are the sizes that a cookie can tell (Linux's msstab).
var (
	cookieMSS  = [...]uint16{536, 1300, 1440, 1460}
	cookieMSS6 = [...]uint16{1220, 1420, 1440, 8940}
)

func cookieSizes(peer wire.Addr) *[4]uint16 {
	if peer.Is4() {
		return &cookieMSS
	}
	return &cookieMSS6
}

const (
	cookieMinuteNs = 60_000_000_000
	cookieAge      = 2  // minutes that a cookie is good for
	cookieBits     = 24 // that are keyed; above stand the minutes
	tsBits         = 6  // of a timestamp: window scale, SACK, ECN
	tsNoScale      = 15
	tsSack         = 1 << 4
	tsECN          = 1 << 5
)

// cookie returns the sequence number that answers a SYN numbered irs.
func (h *Host) cookie(local, remote tcp.Endpoint, irs uint32, minute, size uint32) uint32 {
	base := uint32(h.hashTuple(local, remote, h.Secret[0]^0xc00c1e))
	keyed := uint32(h.hashTuple(local, remote, h.Secret[1]^uint64(minute)<<32^0xc00c1e)) + size
	return base + irs + minute<<cookieBits + keyed&(1<<cookieBits-1)
}

// cookieSize returns what the cookie tells about the segment size, or false if it
// is not one of ours, or too old.
func (h *Host) cookieSize(local, remote tcp.Endpoint, irs, cookie uint32) (uint16, bool) {
	rest := cookie - irs - uint32(h.hashTuple(local, remote, h.Secret[0]^0xc00c1e))
	now := uint32(h.env.Now / cookieMinuteNs)
	age := (now - rest>>cookieBits) & (1<<(32-cookieBits) - 1)
	if age >= cookieAge || age > now {
		return 0, false
	}
	keyed := uint32(h.hashTuple(local, remote, h.Secret[1]^uint64(now-age)<<32^0xc00c1e))
	i := (rest - keyed) & (1<<cookieBits - 1)
	sizes := cookieSizes(remote.Addr)
	if int(i) >= len(sizes) {
		return 0, false
	}
	return sizes[i], true
}

// sendCookie answers a SYN and forgets it.
func (h *Host) sendCookie(l *tcp.Conn, local, remote tcp.Endpoint, s *tcp.Segment) {
	var c tcp.Conn // only to send the SYN-ACK
	c.Init(&h.Conf, l.ID, l.Gen)
	c.Inherit(l)
	c.Local, c.Remote = local, remote
	if h.Limits.ReflectTOS {
		c.Opts.TOS = s.TOS
	}
	h.prepare(&c)
	if s.HasTS && h.Conf.Timestamps {
		c.TS.Offset = cookieStamp(&c, h.env.Now, s)
	} else { // nowhere to keep them
		s.HasScale, s.SackOK = false, false
		s.Flags &^= wire.ECE | wire.CWR
	}
	size := uint32(0)
	for i, mss := range cookieSizes(remote.Addr) {
		if s.HasMSS && s.MSS >= mss {
			size = uint32(i)
		}
	}
	h.Counters.SyncookiesSent++
	h.CookiesAt = h.env.Now
	iss := h.cookie(local, remote, s.Seq, uint32(h.env.Now/cookieMinuteNs), size)
	s.Data.Len = 0
	c.Accept(&h.env, s, iss, h.mssFor(remote.Addr), false)
}

// cookieStamp returns an offset with which the clock's low bits, a little earlier, tell the options of s.
func cookieStamp(c *tcp.Conn, now int64, s *tcp.Segment) uint32 {
	bits := uint32(tsNoScale)
	if s.HasScale {
		bits = uint32(s.Scale)
	}
	if s.SackOK {
		bits |= tsSack
	}
	if s.Flags&(wire.ECE|wire.CWR) == wire.ECE|wire.CWR {
		bits |= tsECN
	}
	clock := uint32(now/1_000_000) + c.TS.Offset
	told := clock&^(1<<tsBits-1) | bits
	if told > clock {
		told -= 1 << tsBits
	}
	return c.TS.Offset - (clock - told)
}

// inputCookie makes a connection of the ACK that brings a cookie back; false if
// it is none.
func (h *Host) inputCookie(l *tcp.Conn, local, remote tcp.Endpoint, s *tcp.Segment) bool {
	if h.SynCookies == 0 || h.SynCookies == 1 && (h.Counters.SyncookiesSent == 0 || h.env.Now-h.CookiesAt > cookieAge*cookieMinuteNs) {
		return false
	}
	mss, ok := h.cookieSize(local, remote, s.Seq-1, s.Ack-1)
	if !ok {
		h.Counters.SyncookiesFailed++
		return false
	}
	h.Counters.SyncookiesRecv++
	if full(l) {
		h.Counters.ListenOverflows++
		return true
	}
	syn := tcp.Segment{Seq: s.Seq - 1, Flags: wire.SYN, Window: s.Window, HasMSS: true, MSS: mss}
	if s.HasTS && h.Conf.Timestamps {
		syn.HasTS, syn.TSVal = true, s.TSVal
		if scale := uint8(s.TSEcho & tsNoScale); scale != tsNoScale {
			syn.HasScale, syn.Scale = true, min(scale, 14)
		}
		syn.SackOK = s.TSEcho&tsSack != 0
		if s.TSEcho&tsECN != 0 {
			syn.Flags |= wire.ECE | wire.CWR
		}
	}
	c := h.newChild(l, local, remote)
	iss := s.Ack - 1
	h.run(c, event.SegmentArrived, func(c *tcp.Conn) {
		c.AcceptCookie(&h.env, &syn, iss, h.mssFor(remote.Addr))
		c.Input(&h.env, s)
	})
	return true
}
