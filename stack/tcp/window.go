package tcp

import "wirelab/stack/seq"

// rcvSpace returns the free room of the receive buffer in bytes.
func (c *Conn) rcvSpace() uint32 {
	used := c.RcvQueued + c.HeldBytes
	if used >= c.RcvBufMax {
		return 0
	}
	return c.RcvBufMax - used
}

// window returns how far beyond RcvNxt the peer may send by what we advertised
// last.
func (c *Conn) window() uint32 {
	end := c.RcvWup + c.RcvWnd
	if seq.LE(end, c.RcvNxt) {
		return 0
	}
	return end - c.RcvNxt
}

// selectWindow returns the window to advertise now, in bytes. It never moves
// the right edge back (MUST-34) and opens only by what is worth a segment:
// silly window avoidance, RFC 9293 §3.8.6.2.2.
func (c *Conn) selectWindow(env *Env) uint32 {
	cur, free := c.window(), c.rcvSpace()
	mss := min(c.RcvMSS, c.RcvBufMax)
	if free < c.RcvBufMax/2 && (free < c.RcvBufMax>>4 || free < mss) {
		free = 0
	}
	if c.RcvScale == 0 {
		free = min(free, 65535)
		if free > cur && free-cur < min(mss, c.RcvBufMax/2) {
			free = cur
		}
		return max(free, cur)
	}
	unit := uint32(1) << c.RcvScale
	free = (free + unit - 1) &^ (unit - 1)
	free = min(free, 65535<<c.RcvScale)
	return max(free, (cur+unit-1)&^(unit-1))
}

// advertise chooses the window field of a segment and remembers what was told.
func (c *Conn) advertise(env *Env, syn bool) uint16 {
	if syn { // not scaled (RFC 7323 §2.2), whole segments (Linux)
		wnd := min(c.rcvSpace(), 65535)
		if c.MyMSS > 0 && wnd > c.MyMSS {
			wnd -= wnd % c.MyMSS
		}
		c.RcvWnd, c.RcvWup = wnd, c.RcvNxt
		return uint16(wnd)
	}
	wnd := c.selectWindow(env)
	c.RcvWnd, c.RcvWup = wnd, c.RcvNxt
	return uint16(min(wnd>>c.RcvScale, 65535))
}

// scaleFor returns the window scale that lets a field of 16 bits tell bytes
// (RFC 7323 §2.2).
func scaleFor(bytes uint32) uint8 {
	scale := uint8(0)
	for bytes > 65535 && scale < 14 {
		bytes >>= 1
		scale++
	}
	return scale
}
