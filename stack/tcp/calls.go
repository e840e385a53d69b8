package tcp

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// Connect begins an active open (RFC 9293 §3.10.1) from c.Local to c.Remote,
// both set by the caller, with initial sequence number iss and mss bytes as
// the largest segment that fits the path.
func (c *Conn) Connect(env *Env, iss, mss uint32) {
	c.begin(env, iss, mss)
	c.setState(SynSent)
	c.sendSYN(env, event.Connect, 0)
}

// Accept begins a passive open: the SYN s arrived for a listener, and c is the
// new connection (RFC 9293 §3.10.7.2). fast says that the data in it may be taken at once.
func (c *Conn) Accept(env *Env, s *Segment, iss, mss uint32, fast bool) {
	c.begin(env, iss, mss)
	c.Passive = true
	c.Segs.SegsIn++
	c.takeSYN(env, s)
	c.setState(SynReceived)
	if fast {
		c.takeSYNData(env, s)
	}
	c.sendSYN(env, event.SynAck, 0)
	if env.Conf.Quirks&QuirkTwoWayHandshake != 0 { // believes in the connection before the peer has shown that it does
		c.Rtx.Clear()
		c.SndUna, c.SynAcked, c.RTOAt = c.SndNxt, true, Never
		c.established(env)
	}
}

// AcceptCookie makes the connection that a SYN would have made which was answered with a cookie and
// then forgotten; syn is as much of it as the cookie told.
func (c *Conn) AcceptCookie(env *Env, syn *Segment, iss, mss uint32) {
	c.begin(env, iss, mss)
	c.Passive = true
	c.takeSYN(env, syn)
	c.setState(SynReceived)
	c.Rtx.Push(Sent{At: env.Now, Seq: iss, Len: 1, Flags: wire.SYN, Xmit: 2}) // 2: nobody knows when it was sent
	c.SndNxt++
}

func (c *Conn) begin(env *Env, iss, mss uint32) {
	c.ISS, c.SndUna, c.SndNxt, c.PushSeq, c.Pushed, c.SmallEnd = iss, iss, iss, iss, iss+1, iss
	if mtu := mss + c.headerLen(); c.PathMTU == 0 || c.PathMTU > mtu { // else the host knows better
		c.PathMTU = mtu
	}
	c.MyMSS = mss
	if !c.Remote.Addr.Is4() { // unless the peer says otherwise (RFC 9293 §3.7.1, MUST-15)
		c.PeerMSS = defaultMSS6
	}
	if c.Opts.Rare().MaxSeg != 0 {
		c.MyMSS = min(mss, uint32(c.Opts.Rare().MaxSeg))
	}
	c.ScaleOn, c.SackOn, c.TS.On = env.Conf.WindowScaling, env.Conf.Sack, env.Conf.Timestamps
	c.selectInitial(env.Conf, c.MyMSS)
}

// sendSYN sends our SYN, with n bytes of data (RFC 7413).
func (c *Conn) sendSYN(env *Env, why event.Reason, n uint32) {
	c.Rtx.Push(Sent{At: env.Now, Seq: c.ISS, Len: 1, Flags: wire.SYN, Xmit: 1})
	c.setXmit(env, timerRTO, c.RTO(env.Conf))
	flags := uint8(wire.SYN)
	if c.State == SynReceived {
		flags |= wire.ACK
	} else {
		c.RetransAt = max(env.Now, 1) // how long the peer has had
	}
	c.emit(env, c.ISS, n, flags, why, 1)
	c.SndNxt++
	c.fastSYN(env, n)
}

// Writable returns how many bytes Write would take now.
func (c *Conn) Writable() uint32 { return c.SndBufMax - min(c.SndQueued, c.SndBufMax) }

// canSend returns why nothing can be written, or zero.
func (c *Conn) canSend(env *Env) Errno {
	switch {
	case c.Err != 0:
		err := c.Err
		c.Err = 0
		return err
	case c.FinQueued:
		return EPIPE
	case c.State == SynSent, c.State == SynReceived && !c.FastOpened:
		return EAGAIN
	case c.State != Established && c.State != CloseWait && c.State != SynReceived:
		return EPIPE
	case c.Full(), c.lowatRoom(env) == 0:
		return EAGAIN
	}
	return 0
}

// writeRoom returns how many of n bytes a write takes now. Linux looks whether the buffer is full when it begins a piece,
// and then fills it. While it does, full pieces leave as far as the windows admit, and make room. So a write may take
// more than SO_SNDBUF says.
func (c *Conn) writeRoom(env *Env, n uint32) uint32 {
	goal := c.sizeGoal()
	room := min(c.tailRoom(goal), n)
	if free := c.SndBufMax - min(c.SndQueued+room, c.SndBufMax); free > 0 {
		room += (min(free, n) + goal - 1) / goal * goal
	}
	if now, waiting := c.sendable(env), c.unsent(); room > 0 && room < n && now > waiting {
		room += min(now-waiting, n)
	}
	return min(room, n)
}

// sendable returns how many bytes both windows admit now.
func (c *Conn) sendable(env *Env) uint32 {
	window := c.congestionWindow(env)
	window -= min(window, c.InFlight())
	return uint32(min(uint64(window)*uint64(c.SndMSS), uint64(c.usable())))
}

// Full reports whether the send buffer is full: Write would accept no byte.
func (c *Conn) Full() bool { return c.tailRoom(c.sizeGoal()) == 0 && c.Writable() == 0 }

// tailRoom returns how many bytes can be appended to the last unsent piece; none if that piece ends a record.
func (c *Conn) tailRoom(goal uint32) uint32 {
	records := c.Opts.Rare().Records
	if len(records) > 0 && records[len(records)-1] == c.dataEnd() {
		return 0
	}
	if part := c.unsent() % goal; part > 0 {
		return goal - part
	}
	return 0
}

// Write queues a copy of b, or as much of it as there is room for, and sends
// what may be sent.
func (c *Conn) Write(env *Env, b []byte) (int, Errno) { return c.Send(env, b, 0) }

// Flags of Send.
const (
	MsgMore = 1 << iota // MSG_MORE: wait for more before a segment that is not full
	MsgOOB              // MSG_OOB: the last byte is urgent
	MsgEOR              // MSG_EOR: the last byte ends a record, and nothing joins it in its segment
)

// Send is Write with flags.
func (c *Conn) Send(env *Env, b []byte, flags uint8) (int, Errno) {
	if err := c.canSend(env); err != 0 {
		return 0, err
	}
	all := len(b)
	b = b[:min(c.writeRoom(env, uint32(min(len(b), 1<<30))), c.lowatRoom(env))]
	for rest := b; len(rest) > 0; {
		rest = rest[c.queue(env.Pool, rest):]
	}
	if flags&MsgOOB != 0 && len(b) > 0 {
		c.Urging, c.SndUp = true, c.dataEnd()+uint32(len(b))
	}
	if flags&MsgEOR != 0 && len(b) == all && all > 0 {
		r := c.Opts.SetRare()
		r.Records = append(r.Records[:len(r.Records):len(r.Records)], c.dataEnd()+uint32(all))
	}
	c.wrote(env, len(b), flags)
	return len(b), 0
}

// MayWrite reports whether poll(2) would call the connection writable: there is room for a third
// of the buffer, and not too much waits to be sent for the first time (TCP_NOTSENT_LOWAT).
func (c *Conn) MayWrite(conf *Config) bool {
	limit := or(c.Opts.Rare().NotSentLowat, conf.NotSentLowat)
	return c.Writable() > 0 && (limit == 1<<32-1 || c.unsent() < limit)
}

// lowatRoom returns how many more bytes TCP_NOTSENT_LOWAT lets a program queue. What can be sent
// at once does not count.
func (c *Conn) lowatRoom(env *Env) uint32 {
	limit := or(c.Opts.Rare().NotSentLowat, env.Conf.NotSentLowat)
	if limit == 1<<32-1 {
		return 1 << 30
	}
	waiting := c.unsent()
	if waiting >= limit {
		return 0
	}
	now := uint64(c.sendable(env))
	goal := c.sizeGoal()
	whole := (limit - min(waiting, limit) + goal - 1) / goal * goal // Linux looks when it begins a piece
	return uint32(min(now+uint64(whole), 1<<30))
}

// queue copies the front of b behind the send buffer: into the last block, if
// that has room, else into a new one.
func (c *Conn) queue(pool *block.Pool, b []byte) int {
	if c.SndBuf.Len() > 0 {
		e := c.SndBuf.Back()
		if int(e.Off+e.Len) == len(pool.Data(e.Block)) {
			h, n := pool.Append(e.Block, b)
			e.Block = h
			e.Len += uint32(n)
			if n > 0 {
				return n
			}
		}
	}
	n := min(len(b), 16384)
	room := max(n, 512)
	h := pool.New(room)
	pool.Trim(h, copy(pool.Data(h), b[:n]))
	c.pushExtent(Extent{h, 0, uint32(n)})
	return n
}

// lastExtent is the end of the send buffer, nil if nothing is in it.
func (c *Conn) lastExtent() *Extent {
	if c.SndBuf.Len() == 0 {
		return nil
	}
	return c.SndBuf.Back()
}

func (c *Conn) pushExtent(e Extent) {
	c.SndBuf.Push(e)
	if last := c.SndBuf.Len() - 1; last > 0 && int(c.NextExtent) == last-1 && c.NextOff == c.SndBuf.At(last-1).Len {
		c.NextExtent, c.NextOff = uint32(last), 0
	}
}

// WriteBlock queues n bytes at offset off of block b without copying them, or
// as many as there is room for.
func (c *Conn) WriteBlock(env *Env, b block.Handle, off, n uint32) (int, Errno) {
	if err := c.canSend(env); err != 0 {
		return 0, err
	}
	n = c.writeRoom(env, n)
	if last := c.lastExtent(); last != nil && last.Block == b && last.Off+last.Len == off {
		last.Len += n // one stretch, however often its beginning was written
	} else {
		env.Pool.Retain(b)
		c.pushExtent(Extent{b, off, n})
	}
	c.wrote(env, int(n), 0)
	return int(n), 0
}

func (c *Conn) wrote(env *Env, n int, flags uint8) {
	c.afterIdle(env)
	c.rateLimited()
	if c.unsent() == 0 {
		c.Flush = false
	}
	c.SndQueued += uint32(n)
	if flags&MsgMore != 0 {
		c.push(env, pushFull)
		return
	}
	c.PushSeq = c.dataEnd()
	c.Output(env)
}

// dataEnd returns the sequence number behind the last byte written.
func (c *Conn) dataEnd() uint32 {
	return c.dataUna() + c.SndQueued
}

// Shutdown closes one or both directions, as shutdown(2): read, write.
func (c *Conn) Shutdown(env *Env, read, write bool) Errno {
	switch c.State {
	case Closed, TimeWait: // a program that asks of TIME-WAIT is past it
		return ENOTCONN
	case Listen, SynSent: // there is nothing to end in order
		if read || c.State == SynSent {
			c.finish(env, 0)
		}
		return 0
	}
	if read {
		c.ReadShut = true
		c.Wake |= WakeReadable
	}
	if write {
		c.queueFIN(env)
	}
	return 0
}

func (c *Conn) queueFIN(env *Env) {
	switch c.State {
	case SynReceived, Established:
		c.setState(FinWait1)
	case CloseWait:
		c.setState(LastAck)
	default:
		return
	}
	c.FinQueued = true
	c.Output(env)
}

// Close is what close(2) does: the program is done with the connection. Unread
// data makes it a reset (RFC 9293 §3.6.1), else what was written is still
// delivered, then FIN.
func (c *Conn) Close(env *Env) {
	c.Orphan = true
	switch c.State {
	case Listen, SynSent:
		c.finish(env, 0)
		return
	case Closed, TimeWait:
		return
	}
	closing := c.State == LastAck || c.State == Closing
	switch {
	case c.RcvQueued > 0:
		c.abort(env, event.ResetUnread)
	case c.Opts.Lingers && c.Opts.LingerS == 0 && !closing:
		c.abort(env, event.ResetAbort)
	case c.State == FinWait2 && c.Opts.Rare().FinTimeoutS < 0: // TCP_LINGER2 (Linux's TCPAbortOnLinger)
		c.abort(env, event.ResetAbort)
	case c.State == FinWait2:
		c.waitForFIN(env)
	case c.State == FinWait1, closing:
	default:
		c.queueFIN(env)
	}
}

// waitForFIN bounds how long a connection that nobody holds waits for the peer to close, too.
func (c *Conn) waitForFIN(env *Env) {
	wait := or(int64(c.Opts.Rare().FinTimeoutS)*secondNs, env.Conf.FinTimeoutNs)
	if wait < 0 {
		c.finish(env, 0)
		return
	}
	c.RcvWnd, c.RcvWup = c.window(), c.RcvNxt
	c.WaitAt = env.Now + wait
}

// Abort ends the connection with a reset (RFC 9293 §3.10.5).
func (c *Conn) Abort(env *Env) { c.abort(env, event.ResetAbort) }

func (c *Conn) abort(env *Env, why event.Reason) {
	if c.State >= SynReceived && c.State != TimeWait {
		c.reset(env, c.SndNxt, why)
	}
	c.finish(env, 0)
}

// Fail ends a connection with an error that did not come from the peer's TCP,
// such as an ICMP message.
func (c *Conn) Fail(env *Env, err Errno) { c.finish(env, err) }

// Disconnect makes a connection that is over as new, with the options that the program set.
func (c *Conn) Disconnect(env *Env) {
	c.Free(env)
	old := *c
	c.Init(env.Conf, c.ID, c.Gen)
	c.Inherit(&old)
	c.Fast.Connect, c.Fast.NoCookie = old.Fast.Connect, old.Fast.NoCookie
}

// Fresh reports whether a closed connection was never opened.
func (c *Conn) Fresh() bool { return c.State == Closed && c.Segs.SegsIn == 0 && c.Segs.SegsOut == 0 }

// Listen turns a closed connection into a listener; backlog is the length of
// the queue of connections that wait for accept(2).
func (c *Conn) Listen(backlog uint32) {
	c.Backlog = backlog
	c.setState(Listen)
}

// Reopens reports whether s is a SYN that may reopen a connection in TIME-WAIT: one beyond everything
// received before, by its number or by its timestamp (RFC 9293 §3.10.7.4, MAY-2; RFC 6191 §2).
func (c *Conn) Reopens(env *Env, s *Segment) bool {
	if s.Flags&(wire.SYN|wire.RST|wire.ACK) != wire.SYN {
		return false
	}
	if c.TS.On && s.HasTS {
		if !c.freshEnough(env, s, 0) {
			return false // an old duplicate
		}
		if seq.GT(s.TSVal, c.TS.Recent) {
			return true
		}
	}
	return seq.GT(s.Seq, c.RcvNxt)
}
