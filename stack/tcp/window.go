package tcp

import (
	"math/bits"

	"wirelab/stack/seq"
)

// The receive window. The receive buffer (SO_RCVBUF) counts memory: what a frame costs with all that is kept beside its
// payload (Linux's truesize). Conn.RcvRatio says which part of the buffer may be promised as window; RcvClamp bounds the
// window, and RcvSsthresh lets it grow to that with the data that comes.

const (
	ratioBits    = 8
	firstRatio   = 1 << (ratioBits - 1) // half, until the first full segment shows better
	largestScale = 14                   // RFC 7323 §2.3
)

// windowOf returns how much window a part of the buffer is worth.
func (c *Conn) windowOf(space uint32) uint32 {
	return uint32(uint64(space) * uint64(c.RcvRatio) >> ratioBits)
}

// bufferFor returns how much buffer a window needs.
func (c *Conn) bufferFor(window uint64) uint64 {
	return window << ratioBits / uint64(max(c.RcvRatio, 1))
}

// rcvSpace returns the window that the free room of the receive buffer is worth.
func (c *Conn) rcvSpace() uint32 { return c.windowOf(c.RcvBufMax - min(c.RcvCharge, c.RcvBufMax)) }

// wholeSpace returns the window that an empty receive buffer is worth.
func (c *Conn) wholeSpace() uint32 { return c.windowOf(c.RcvBufMax) }

// fullSpace is the largest window that the connection will offer: its buffer, or what RcvClamp says.
func (c *Conn) fullSpace() uint32 { return min(c.wholeSpace(), c.RcvClamp) }

// advMSS is the payload of the largest segment that the peer sends: what was announced, less the timestamps.
func (c *Conn) advMSS() uint32 {
	if c.TS.On && c.State >= Established {
		return c.MyMSS - timestampsLen
	}
	return c.MyMSS
}

// selectInitial chooses the first window, its scale, and how far it may ever open (Linux's tcp_select_initial_window).
// mss is the payload of a full segment.
func (c *Conn) selectInitial(conf *Config, mss uint32) {
	clamp := c.firstClamp()
	space := min(c.wholeSpace(), clamp)
	if space > mss && mss > 0 {
		space -= space % mss
	}
	c.RcvWnd, c.RcvScale = space, 0
	if conf.SignedWindows {
		c.RcvWnd = min(space, 32767)
	}
	if c.ScaleOn {
		c.RcvScale = c.ownScale(conf)
	}
	c.RcvClamp = min(clamp, 65535<<c.RcvScale)
	c.RcvWup, c.RcvSsthresh = c.RcvNxt, c.RcvWnd
}

// ownScale returns the scale that our SYN offers: for the largest window that there may ever be.
func (c *Conn) ownScale(conf *Config) uint8 {
	clamp := c.firstClamp()
	return scaleFor(min(max(min(c.wholeSpace(), clamp), conf.RmemMax, conf.RmemLimit), clamp))
}

// firstClamp bounds the window before there is a connection: as TCP_WINDOW_CLAMP and SO_RCVBUF say.
func (c *Conn) firstClamp() uint32 {
	clamp := or(c.Opts.Rare().WindowClamp, 65535<<largestScale)
	if c.RcvBufSet {
		clamp = min(clamp, c.wholeSpace())
	}
	return clamp
}

// scaleFor returns the window scale that lets a field of 16 bits tell bytes (RFC 7323 §2.2).
func scaleFor(bytes uint32) uint8 {
	return uint8(min(max(bits.Len32(bytes)-16, 0), largestScale))
}

// beginWindow sets how far the window may open once the handshake is done: a part of the buffer is for what a program is
// slow to read (tcp_app_win), and a segment is kept back (Linux's tcp_init_buffer_space).
func (c *Conn) beginWindow(env *Env, mss uint32) {
	whole, n := c.wholeSpace(), env.Conf.AppWin
	if c.RcvClamp >= whole {
		c.RcvClamp = whole
		if n > 0 && whole > 4*mss {
			c.RcvClamp = max(whole-whole>>n, 4*mss)
		}
	}
	if n > 0 && c.RcvClamp > 2*mss && c.RcvClamp+mss > whole {
		c.RcvClamp = max(2*mss, whole-min(mss, whole))
	}
	c.RcvSsthresh = min(c.RcvSsthresh, c.RcvClamp)
	c.beginTuning(env, min(c.RcvSsthresh, c.RcvWnd, 10*mss))
}

// growWindow lets the window open further now that n bytes of payload came in a frame of size bytes: by two segments for
// each frame that carries as much as the buffer counts for it, by less for smaller ones (Linux's tcp_grow_window).
func (c *Conn) growWindow(env *Env, n, size uint32) {
	room := min(c.RcvClamp, c.rcvSpace())
	if room <= c.RcvSsthresh {
		return
	}
	step := 2 * c.advMSS()
	if c.windowOf(size) > n {
		step = c.smallStep(env, n, size)
	}
	if step == 0 {
		return
	}
	c.RcvSsthresh += min(room-c.RcvSsthresh, max(step, 2*n))
	c.Quick |= 1
}

// smallStep is how much the window grows for a frame that carries little for its size: two of the peer's segments as long
// as the window is small.
func (c *Conn) smallStep(env *Env, n, size uint32) uint32 {
	cost, window := c.windowOf(size)/2, c.windowOf(env.Conf.RmemMax)/2
	for c.RcvSsthresh <= window {
		if cost <= n {
			return 2 * c.RcvMSS
		}
		cost, window = cost/2, window/2
	}
	return 0
}

// measureRatio learns from the first segments of a new size which part of the buffer is payload (Linux's
// tcp_measure_rcv_mss): n bytes came in a frame of size bytes.
func (c *Conn) measureRatio(n, size uint32) {
	ratio := uint8(min(max(uint64(n)<<ratioBits/uint64(size), 1), 255))
	if ratio == c.RcvRatio {
		return
	}
	c.RcvRatio = ratio
	c.clampWindow(c.wholeSpace())
	if len(c.Tune) > 0 {
		c.Tune[0].Space = min(c.Tune[0].Space, c.RcvClamp)
	}
}

// clampWindow bounds the window to n bytes (Linux's tcp_set_window_clamp).
func (c *Conn) clampWindow(n uint32) {
	const least = 1152 // half of Linux's smallest receive buffer
	before := c.RcvClamp
	c.RcvClamp = max(n, least)
	switch {
	case c.RcvClamp < before:
		c.RcvSsthresh = min(c.RcvSsthresh, c.RcvClamp)
	case c.RcvClamp > before:
		c.RcvSsthresh = max(c.RcvSsthresh, min(c.RcvWnd, c.RcvClamp))
	}
}

// admit reports whether the receive buffer takes what arrived in order. If it does not, the peer hears of a closed window
// at once. An empty buffer takes one segment of any size.
func (c *Conn) admit(env *Env, s *Segment) bool {
	if c.ingest(env, s) {
		return true
	}
	c.NoMemory = true
	return s.Data.Len == 0 || c.RcvQueued == 0
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

// mayShrink reports whether the right edge may move back when memory is short: tcp_shrink_window, which is
// for windows that are scaled.
func (c *Conn) mayShrink(env *Env) bool { return env.Conf.ShrinkWindow && c.RcvScale > 0 }

// wantedWindow is the window by what is free: none at all if that is less than a segment, and
// without scaling whole segments (Linux's __tcp_select_window; RFC 9293 §3.8.6.2.2).
func (c *Conn) wantedWindow(env *Env) uint32 {
	free, full := c.rcvSpace(), c.fullSpace()
	mss := min(c.RcvMSS, full)
	unit := uint32(1) << c.RcvScale
	if c.mayShrink(env) {
		free &^= unit - 1
	}
	if free < full/2 {
		c.Quick = 0
		if free = free &^ (unit - 1); free < c.wholeSpace()>>4 || free < mss || c.mayShrink(env) && free < unit {
			return 0
		}
	}
	free = min(free, c.RcvSsthresh)
	if c.RcvScale > 0 {
		return (free + unit - 1) &^ (unit - 1)
	}
	wnd := c.RcvWnd
	switch {
	case free >= mss && wnd <= free-mss, wnd > free:
		wnd = free - free%max(mss, 1)
	case mss == full && free > wnd+full/2:
		wnd = free
	}
	return wnd
}

// selectWindow chooses the window field of a segment and remembers what was told. Unless asked to it never moves the
// right edge back (MUST-34). That of a SYN is not scaled (RFC 7323 §2.2). RcvWnd may be more than the field can say.
func (c *Conn) selectWindow(env *Env, syn bool) uint16 {
	if syn {
		return uint16(min(c.RcvWnd, 65535))
	}
	if c.NoMemory {
		c.NoMemory, c.RcvWnd, c.RcvWup = false, 0, c.RcvNxt
		return 0
	}
	if c.State == TimeWait || c.State == FinWait2 && c.Orphan { // Linux keeps the window as it was then, and nothing else
		c.RcvWup = c.RcvNxt
		return uint16(min(c.RcvWnd>>c.RcvScale, 65535))
	}
	wnd, least := c.wantedWindow(env), c.window()
	if wnd < least && !c.mayShrink(env) {
		unit := uint32(1) << c.RcvScale
		wnd = (least + unit - 1) &^ (unit - 1)
	}
	c.RcvWnd, c.RcvWup = wnd, c.RcvNxt
	if c.RcvScale == 0 && env.Conf.SignedWindows { // some peers take the field for a signed number
		wnd = min(wnd, 32767)
	}
	return uint16(min(wnd>>c.RcvScale, 65535))
}
