package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
)

// MTUProbe is packetization layer path MTU discovery (RFC 4821): where routers do not
// say that a packet was too big, segments that arrive and segments that do not tell how
// large they may be. Sizes are those of packets.
type MTUProbe struct {
	Low, High uint16 // between them lies what the path takes
	Size      uint16 // of the probe in flight; 0: none
	Start     uint32 // its first sequence number, and the one behind it
	End       uint32
	At        int64 // when a search began or ended
}

const (
	probeWindow = 11 // segments: a smaller window is not risked
)

// beginMTU sets where the search begins: from the start with tcp_mtu_probing 2, and with 1
// once the path swallows everything.
func (c *Conn) beginMTU(env *Env) {
	if env.Conf.MTUProbing < 2 {
		return
	}
	c.searchMTU(env)
	c.syncMSS()
}

// searchMTU begins a search between the size that passes everywhere and the path's, or the peer's.
func (c *Conn) searchMTU(env *Env) {
	high := min(c.PathMTU, c.PeerMSS+c.headerLen(), 65535)
	c.MTU = []MTUProbe{{Low: uint16(min(env.Conf.BaseMSS+c.headerLen(), high)), High: uint16(high), At: env.Now}}
}

// swallowed is for a path from which nothing has come back for long: smaller segments may pass.
func (c *Conn) swallowed(env *Env) {
	if env.Conf.MTUProbing == 0 {
		return
	}
	if len(c.MTU) == 0 {
		c.searchMTU(env)
	} else {
		m, header := &c.MTU[0], c.headerLen()
		mss := min((uint32(m.Low)-header)/2, env.Conf.BaseMSS)
		m.Low = uint16(max(mss, env.Conf.ProbeFloor, minMSS) + header)
	}
	c.syncMSS()
}

// probeMTU sends a segment larger than those that are known to pass, if all is well and there
// is enough behind it to find out soon. It reports whether sending must wait for that.
func (c *Conn) probeMTU(env *Env) (wait bool) {
	if len(c.MTU) == 0 {
		return false
	}
	m := &c.MTU[0]
	if m.Size != 0 || c.CA != Open || c.Cwnd < probeWindow || c.sackBlocks() > 0 {
		return false
	}
	if uint32(m.High) < uint32(m.Low)+env.Conf.ProbeThreshold { // not worth a search
		if env.Now-m.At >= env.Conf.ProbeIntervalNs { // the path may have changed
			c.searchMTU(env)
		}
		return false
	}
	size := (uint32(m.High) + uint32(m.Low)) / 2
	n := size - c.headerLen()
	if c.TS.On {
		n -= timestampsLen
	}
	need := n + (c.Reordering+1)*c.SndMSS
	switch {
	case n <= c.SndMSS, c.unsent() < need, c.SndWnd < need:
		return false
	case c.usable() < need:
		return true
	case c.InFlight()+2 > c.Cwnd:
		return c.InFlight() > 0
	}
	m.Size, m.Start, m.End = uint16(size), c.SndNxt, c.SndNxt+n
	c.Cwnd-- // it counts as two
	c.spend(env, n)
	c.transmit(env, n, false, false, event.PathMTU)
	return false
}

// mtuPassed is for the acknowledgement of a probe: that size it is, for now.
func (c *Conn) mtuPassed(env *Env) {
	if len(c.MTU) == 0 {
		return
	}
	m := &c.MTU[0]
	if m.Size == 0 || seq.LT(c.SndUna, m.End) {
		return
	}
	old := c.SndMSS + c.headerLen()
	c.Ssthresh = c.currentSsthresh()
	c.Cwnd = max(1, c.Cwnd*old/uint32(m.Size)) // as many bytes in larger segments
	c.CwndCount, c.Use.Stamp = 0, env.Now
	m.Low, m.Size, m.At = m.Size, 0, env.Now
	c.syncMSS()
}

// mtuLost reports whether what is lost is the probe: then its size was too much,
// and that is no sign of congestion (RFC 4821 §7.5).
func (c *Conn) mtuLost(env *Env) bool {
	if len(c.MTU) == 0 {
		return false
	}
	m := &c.MTU[0]
	if m.Size == 0 || c.SndUna != m.Start || c.CA >= CWR {
		return false
	}
	m.High, m.Size, m.At = m.Size-1, 0, env.Now
	c.Cwnd++
	c.resendTooLarge(env)
	return true
}
