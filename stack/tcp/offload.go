package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// Segmentation offload. Linux hands several segments down as one piece and lets the device cut it. On our wire each
// segment travels by itself, but what belongs to a piece leaves together, and the last segment of a piece has PSH. A
// piece has as many segments as the congestion window, half of it at most, and tcp_tso_autosize let out at once.

const (
	// MaxPieceSegs is how many segments a piece has at most unless the interface sets less (Linux's GSO_MAX_SEGS).
	MaxPieceSegs = 65535

	maxPiece    = 65536 - 321 // bytes of payload: Linux's GSO_LEGACY_MAX_SIZE less MAX_TCP_HEADER
	pieceShift  = 10          // sk_pacing_shift: a piece is what the pace lets out in about 1 ms
	slowPace    = 150_000     // bytes a second: below this BBR sends single segments
	deferWithin = 1_000_000   // ns
)

// piece is what leaves at once.
type piece struct {
	bytes uint32
	fin   bool
}

// pieceSegs returns how many segments a piece may have now (Linux's tcp_tso_autosize).
func (c *Conn) pieceSegs(env *Env) uint32 {
	if c.GSOSegs == 1 {
		return 1
	}
	bytes := uint64(maxPiece)
	if rate := c.pacingRate(env.Conf); rate != 0 {
		bytes = rate >> pieceShift
		if us := c.MinRTT.Value() / 1000; us > 0 {
			if far := us >> env.Conf.TSORTTLog; far < 32 { // a near receiver has little else in its queues
				bytes += maxPiece >> far
			}
		}
	}
	least := uint32(env.Conf.MinTSOSegs)
	if len(c.BBR) > 0 {
		least = 2
		if c.BBR[0].Pace.Rate < slowPace {
			least = 1
		}
	}
	return min(max(uint32(min(bytes, maxPiece))/c.segmentSize(), least), uint32(c.GSOSegs))
}

// sizeGoal returns how many bytes a program's writes are gathered to before a new piece begins (Linux's
// tcp_xmit_size_goal).
func (c *Conn) sizeGoal() uint32 {
	size, most := c.segmentSize(), uint32(maxPiece)
	half := c.SndMaxWnd
	if half > defaultMSS {
		half /= 2
	}
	if half > 0 {
		most = min(most, half)
	}
	return max(size, min(most/size, uint32(c.GSOSegs))*size)
}

// nextPiece returns what may leave now. Both windows, Nagle's rule, silly window avoidance and the pace have a word;
// held says that the congestion window is what does not let anything go.
func (c *Conn) nextPiece(env *Env, how push) (p piece, ok, held bool) {
	left, last := c.unsentRecord()
	fin := c.FinQueued && last && !c.FinSent
	if left == 0 && !fin {
		return piece{}, false, false
	}
	quota := c.quota(env, how)
	if quota == 0 {
		return piece{}, false, true
	}
	size := c.segmentSize()
	switch {
	case left <= size:
		p = piece{left, fin}
		if need := left + b2u(fin); need > c.usable() || left < size && last && !fin && !c.pushes(how) {
			return piece{}, false, false
		}
	case size > c.usable():
		return piece{}, false, false
	default:
		if how != pushProbe {
			if wait, held := c.waitsForMore(env, left, last, fin); wait {
				return piece{}, false, held
			}
		}
		p.bytes = c.cut(left, quota*size, last, how)
		p.fin = fin && p.bytes == left
	}
	return p, !c.paced(env), false
}

func b2u(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// quota returns how many segments the congestion window lets the next piece have. Two pieces should be in flight at
// least.
func (c *Conn) quota(env *Env, how push) uint32 {
	window, out := c.congestionWindow(env), c.InFlight()
	if out >= window {
		return b2u(how == pushProbe)
	}
	return min(max(window/2, 1), window-out, c.pieceSegs(env))
}

// cut returns how many of left bytes the next piece takes: most, or what the peer's window admits. The segment that is
// not full at its end is left out if Nagle's rule holds it (Linux's tcp_mss_split_point).
func (c *Conn) cut(left, most uint32, last bool, how push) uint32 {
	size, room := c.segmentSize(), c.usable()
	if c.Urging {
		return size
	}
	if !last && most <= room {
		return min(left, most)
	}
	fits := min(left, room)
	if most <= fits {
		return most
	}
	if part := fits % size; part != 0 && !c.pushes(how) {
		return fits - part
	}
	return fits
}

// waitsForMore reports whether a piece waits for the next ACK, because the windows admit only a small part of it now (Linux's
// tcp_tso_should_defer). held reports whether the congestion window is the limit.
func (c *Conn) waitsForMore(env *Env, left uint32, last, fin bool) (wait, held bool) {
	if c.CA >= Recovery || c.Rtx.Len() == 0 || env.Now-c.OutAt > deferWithin {
		return false, false
	}
	most := uint64(c.congestionWindow(env))
	theirs, ours := uint64(c.usable()), (most-uint64(c.InFlight()))*uint64(c.SndMSS)
	room := min(theirs, ours)
	switch {
	case room >= uint64(c.pieceSegs(env))*uint64(c.SndMSS), !last && room >= uint64(left):
		return false, false
	}
	if n := uint64(env.Conf.TSOWinDivisor); n > 0 {
		if room >= min(uint64(c.SndWnd), most*uint64(c.SndMSS))/n {
			return false, false
		}
	} else if room > 3*uint64(c.SndMSS) {
		return false, false
	}
	if soon := c.Rtx.Front().At + c.SRTT - env.Now; soon > min(c.SRTT/2, deferWithin) {
		return false, false
	}
	switch {
	case ours < theirs && ours <= uint64(left):
		return true, true
	case ours >= theirs && theirs <= uint64(left):
		return true, false
	}
	return !fin && last, false
}

// sendPiece sends a piece, a segment at a time.
func (c *Conn) sendPiece(env *Env, p piece, why event.Reason) (segments uint32) {
	size := c.segmentSize()
	c.spend(env, p.bytes)
	for rest := p.bytes; ; {
		n := min(rest, size)
		rest -= n
		push := rest == 0 && p.bytes > size
		c.transmit(env, n, p.fin && rest == 0, push, why)
		segments++
		if rest == 0 {
			c.Rtx.Back().Mark |= markEnd
			return segments
		}
	}
}

// unsentRecord returns how many unsent bytes stand before the next end of a record (MSG_EOR), and whether they reach to
// the end of what was written.
func (c *Conn) unsentRecord() (n uint32, last bool) {
	n = c.unsent()
	if records := c.Opts.Rare().Records; len(records) > 0 {
		if part := records[0] - c.SndNxt; part < n {
			return part, false
		}
	}
	return n, true
}

// endRecord reports whether a record ends at number end, which is being sent.
func (c *Conn) endRecord(end uint32) bool {
	records := c.Opts.Rare().Records
	if len(records) == 0 || seq.GT(records[0], end) {
		return false
	}
	c.Opts.SetRare().Records = append([]uint32(nil), records[1:]...)
	return true
}

// resendPiece sends segment i again, and with it those behind it that left in the same piece and are lost, too, as far
// as the congestion window reaches. It returns how many went, none if the peer's window does not admit them.
func (c *Conn) resendPiece(env *Env, i int, why event.Reason) (segments uint32) {
	quota, sent := c.quotaAgain(env), c.Segs.BytesSent
	defer func() { c.spend(env, uint32(c.Segs.BytesSent-sent)) }()
	for segments < quota && i < c.Rtx.Len() {
		p := c.Rtx.At(i)
		if p.Mark&(markLost|markRetrans|markSacked) != markLost {
			break
		}
		end := p.Mark&markEnd != 0
		next := i + 1
		more := !end && segments+1 < quota && next < c.Rtx.Len() && c.Rtx.At(next).Mark&(markLost|markRetrans|markSacked) == markLost
		if !more {
			p.Mark |= markEnd
			if segments > 0 {
				p.Flags |= wire.PSH
			}
		}
		if !c.resend(env, i, why) {
			break
		}
		segments++
		if !more {
			break
		}
		i++
	}
	return segments
}

// quotaAgain returns how many segments the congestion window lets a piece have that is sent again.
func (c *Conn) quotaAgain(env *Env) uint32 {
	window, out := c.congestionWindow(env), c.InFlight()
	return min(window-min(window, out), c.pieceSegs(env))
}
