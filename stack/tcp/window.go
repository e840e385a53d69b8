package tcp

import (
	"math/bits"

	"wirelab/stack/block"
	"wirelab/stack/seq"
)

// charge is what keeping a received frame costs of the receive buffer: small ones cost more
// than they carry, or a peer that sends byte by byte could use up a host's memory. It is
// half of Linux's truesize, since half of SO_RCVBUF is window.
func charge(pool *block.Pool, frame block.Handle) uint32 {
	n := uint32(len(pool.Data(frame)))
	return max(n, (256+uint32(1)<<bits.Len32(n+319))/2)
}

// rcvSpace returns the free room of the receive buffer in bytes.
func (c *Conn) rcvSpace() uint32 { return c.RcvBufMax - min(c.RcvCharge, c.RcvBufMax) }

// fullSpace is the largest window that the connection will offer: its buffer, or what
// TCP_WINDOW_CLAMP says.
func (c *Conn) fullSpace() uint32 {
	if clamp := c.Opts.Rare().WindowClamp; clamp != 0 {
		return min(c.RcvBufMax, clamp)
	}
	return c.RcvBufMax
}

// keepForProgram holds back the part of the buffer that tcp_app_win keeps for what a program is slow to
// read: full/2^tcp_app_win. At first that is nothing.
func (c *Conn) keepForProgram(env *Env) {
	full, n := c.fullSpace(), env.Conf.AppWin
	if kept := full >> n; n > 0 && kept > 0 && full > 4*c.MyMSS {
		c.SetWindowClamp(int64(max(full-kept, 4*c.MyMSS)))
	}
}

// growWindow lets the window open further now that n bytes of data came: a peer that sends
// little need not be promised much (Linux's rcv_ssthresh).
func (c *Conn) growWindow(n uint32) {
	if room := min(c.fullSpace(), c.rcvSpace()); room > c.RcvSsthresh {
		c.RcvSsthresh += min(room-c.RcvSsthresh, max(2*c.MyMSS, 2*n))
	}
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

// selectWindow returns the window to advertise now, in bytes. Unless asked to it never moves
// the right edge back (MUST-34) and opens only by what is worth a segment:
// silly window avoidance, RFC 9293 §3.8.6.2.2.
func (c *Conn) selectWindow(env *Env) uint32 {
	unit := uint32(1) << c.RcvScale
	least := (c.window() + unit - 1) &^ (unit - 1)
	if c.mayShrink(env) {
		least = 0
	}
	return max(c.wantedWindow(env), least)
}

// mayShrink reports whether the right edge may move back when memory is short: tcp_shrink_window, which is
// for windows that are scaled.
func (c *Conn) mayShrink(env *Env) bool { return env.Conf.ShrinkWindow && c.RcvScale > 0 }

// wantedWindow is the window by what is free: none at all if that is less than a segment, and
// without scaling whole segments.
func (c *Conn) wantedWindow(env *Env) uint32 {
	free, full := c.rcvSpace(), c.fullSpace()
	mss := min(c.RcvMSS, full)
	unit := uint32(1) << c.RcvScale
	if free < full/2 {
		c.Quick = 0
		if free = free &^ (unit - 1); free < full>>4 || free < mss {
			return 0
		}
	}
	if c.mayShrink(env) {
		free &^= unit - 1
	}
	free = min(free, c.RcvSsthresh)
	if c.RcvScale > 0 {
		return min((free+unit-1)&^(unit-1), 65535<<c.RcvScale)
	}
	wnd := c.RcvWnd
	switch {
	case free >= mss && wnd <= free-mss, wnd > free:
		wnd = free - free%max(mss, 1)
	case mss == full && free > wnd+full/2:
		wnd = free
	}
	return min(wnd, unscaled(env))
}

// unscaled is the largest window without scaling. Some peers take it for a signed number (Linux's
// tcp_workaround_signed_windows).
func unscaled(env *Env) uint32 {
	if env.Conf.SignedWindows {
		return 32767
	}
	return 65535
}

// advertise chooses the window field of a segment and remembers what was told.
func (c *Conn) advertise(env *Env, syn bool) uint16 {
	if syn { // not scaled (RFC 7323 §2.2), whole segments (Linux)
		mss := c.MyMSS
		if c.Passive && c.TS.On {
			mss -= timestampsLen
		}
		wnd := min(c.rcvSpace(), c.fullSpace(), unscaled(env))
		if mss > 0 && wnd > mss {
			wnd -= wnd % mss
		}
		c.RcvWnd, c.RcvWup, c.RcvSsthresh = wnd, c.RcvNxt, wnd
		return uint16(wnd)
	}
	wnd := c.selectWindow(env)
	c.RcvWnd, c.RcvWup = wnd, c.RcvNxt
	return uint16(min(wnd>>c.RcvScale, 65535))
}

// largestWindow is what the window may grow to: as far as the receive buffer grows by itself, or as
// SO_RCVBUF may set it, unless TCP_WINDOW_CLAMP says less (Linux's tcp_select_initial_window).
func (c *Conn) largestWindow(conf *Config) uint32 {
	most := max(conf.RmemMax, conf.RmemLimit, c.RcvBufMax)
	if clamp := c.Opts.Rare().WindowClamp; clamp != 0 {
		return min(most, clamp)
	}
	return most
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
