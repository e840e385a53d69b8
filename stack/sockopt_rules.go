package stack

import "wirelab/stack/tcp"

// What socket options do beyond keeping a number.

func rcvBuf(_ *Host, c *tcp.Conn) int64 { return int64(c.RcvBufMax) }

// setRcvBuf doubles what a program asks for, as Linux does, for what keeping segments costs.
func setRcvBuf(c *tcp.Conn, n uint32) { c.SetRcvBuf(max(2*min(n, maxInt32/2), leastRcvBuf)) }

// sndBuf is SO_SNDBUF. Before there is a connection Linux's grows by itself from what tcp_wmem says second;
// here a buffer that nobody set has its final size from the start.
func sndBuf(h *Host, c *tcp.Conn) int64 {
	if c.SndBufMax == h.Conf.WmemDefault && (c.State == tcp.Closed || c.State == tcp.Listen) {
		return int64(h.Conf.Wmem[1])
	}
	return int64(c.SndBufMax)
}

// setSndBuf doubles what a program asks for, as Linux does, for what keeping segments costs.
func setSndBuf(c *tcp.Conn, n uint32) { c.SetSndBuf(max(2*min(n, maxInt32/2), leastSndBuf)) }

// setRcvLowat wants no more than the receive buffer can hold, and makes that large enough (Linux's
// tcp_set_rcvlowat). A negative number asks for as much as there is.
func setRcvLowat(h *Host, c *tcp.Conn, v int64) {
	most := h.Conf.RmemMax / 2
	if c.RcvBufSet {
		most = c.RcvBufMax / 2
	}
	if v < 0 {
		v = maxInt32
	}
	n := uint32(min(v, int64(most)))
	c.Opts.SetRare().RcvLowat = n
	if !c.RcvBufSet {
		c.GrowRcvBuf(n)
	}
	if c.Readable() >= max(n, 1) {
		c.Wake |= tcp.WakeReadable
	}
}

// maxPacing is SO_MAX_PACING_RATE: no limit shows as all ones.
func maxPacing(_ *Host, c *tcp.Conn) int64 { return first(int64(c.Opts.Rare().MaxPacing), -1) }

func setMaxPacing(_ *Host, c *tcp.Conn, v int64) tcp.Errno {
	if v == -1 || v == maxUint32 {
		v = 0
	}
	c.SetMaxPacing(uint64(v))
	return 0
}

// maxSeg is what Linux shows: once connected the size that is used, before what was set.
func maxSeg(_ *Host, c *tcp.Conn) int64 {
	if c.State == tcp.Closed || c.State == tcp.Listen {
		return first(int64(c.Opts.Rare().MaxSeg), int64(c.SndMSS))
	}
	return int64(c.SndMSS)
}

func setMaxSeg(_ *Host, c *tcp.Conn, v int64) tcp.Errno {
	if v != 0 && v < 88 { // Linux's TCP_MIN_MSS
		return tcp.EINVAL
	}
	c.Opts.SetRare().MaxSeg = uint16(v)
	return 0
}

func linger2(h *Host, c *tcp.Conn) int64 {
	return first(int64(c.Opts.Rare().FinTimeoutS), h.Conf.FinTimeoutNs/secondNs)
}

// windowClamp is TCP_WINDOW_CLAMP: what was set, else as much as the receive buffer holds.
func windowClamp(_ *Host, c *tcp.Conn) int64 {
	if c.State == tcp.Closed || c.State == tcp.Listen {
		return int64(c.Opts.Rare().WindowClamp)
	}
	return int64(c.RcvClamp)
}

// setTOS is IP_TOS: the low byte counts, its bits of ECN are TCP's, and the priority goes with it
// (socket(7), SO_PRIORITY).
func setTOS(_ *Host, c *tcp.Conn, v int64) {
	tos := uint8(v) &^ 3
	if tos == c.Opts.TOS {
		return
	}
	c.Opts.TOS = tos
	if p := priorities[tos>>3&3]; p != c.Opts.Rare().Priority {
		c.Opts.SetRare().Priority = p
	}
}

// priorities are Linux's of the two bits of a type of service that ask for throughput and low delay:
// best effort, bulk, interactive, interactive bulk.
var priorities = [...]uint32{0, 2, 6, 4}

// mtuMode is IP_MTU_DISCOVER.
func mtuMode(h *Host, c *tcp.Conn) int64 { return int64(c.MTUMode(&h.Conf)) }

func setMTUMode(_ *Host, c *tcp.Conn, v int64) tcp.Errno {
	c.Opts.MTUMode = uint8(v) + 1
	return 0
}

// setV6Only is for sockets that are not bound yet (RFC 3493 §5.3).
func setV6Only(h *Host, c *tcp.Conn, v int64) tcp.Errno {
	for i := range h.Sockets {
		if s := &h.Sockets[i]; s.Kind == SockTCP && s.Conn == c.ID+1 && s.Bound {
			return tcp.EINVAL
		}
	}
	c.Opts.SetFlag(tcp.FlagV6Only, v != 0)
	return 0
}

// first returns a, or b if a is zero.
func first(a, b int64) int64 {
	if a != 0 {
		return a
	}
	return b
}
