package stack

import (
	"github.com/cespare/xxhash/v2"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// lastConn remembers the connection of the last segment: most segments are
// for the same one.
type lastConn struct {
	key  tuple
	slot uint32
	ok   bool
}

// enlist makes a connection findable by its addresses.
func (h *Host) enlist(c *tcp.Conn) { h.index.put(h.Conns, c.ID) }

// unlist takes a connection out of what can be found by its addresses.
func (h *Host) unlist(c *tcp.Conn) {
	h.index.remove(h.Conns, c.ID)
	h.last.ok = false
}

// ConnBetween returns the connection with these ends, or nil.
func (h *Host) ConnBetween(local, remote tcp.Endpoint) *tcp.Conn { return h.lookup(local, remote) }

// lookup finds the connection between two ends.
func (h *Host) lookup(local, remote tcp.Endpoint) *tcp.Conn {
	key := tuple{local, remote}
	if h.last.ok && h.last.key == key {
		return &h.Conns[h.last.slot]
	}
	slot, ok := h.index.find(h.Conns, &key)
	if !ok {
		return nil
	}
	h.last = lastConn{key, slot, true}
	return &h.Conns[slot]
}

// listener finds who listens at an end. With IPV6_V6ONLY that is nobody for IPv4.
func (h *Host) listener(local tcp.Endpoint) *tcp.Conn {
	slot, ok := h.index.find(h.Conns, &tuple{local: local})
	if !ok {
		slot, ok = h.index.find(h.Conns, &tuple{local: tcp.Endpoint{Port: local.Port}})
	}
	if !ok || local.Addr.Is4() && h.Conns[slot].Opts.Has(tcp.FlagV6Only) {
		return nil
	}
	return &h.Conns[slot]
}

// newConn returns a closed connection in a free slot.
func (h *Host) newConn() *tcp.Conn {
	var slot uint32
	var gen uint32
	if n := len(h.FreeConns); n > 0 {
		slot = h.FreeConns[n-1]
		h.FreeConns = h.FreeConns[:n-1]
		gen = h.Conns[slot].Gen + 1
	} else {
		slot = uint32(len(h.Conns))
		h.Conns = append(roomForOne(h.Conns), tcp.Conn{})
	}
	c := &h.Conns[slot]
	c.Init(&h.Conf, slot, gen)
	h.watch(slot)
	return c
}

// roomForOne returns s with room for one more element. Tables of a host with thousands of connections
// grow by an eighth: append would leave a quarter and more of it empty.
func roomForOne[T any](s []T) []T {
	if len(s) < cap(s) {
		return s
	}
	bigger := make([]T, len(s), len(s)+max(4, len(s)/8))
	copy(bigger, s)
	return bigger
}

// watch begins to record changes of the connection in a slot, from how it
// stands now.
func (h *Host) watch(slot uint32) {
	for int(slot) >= len(h.vars) {
		h.vars = append(roomForOne(h.vars), event.Vars{})
	}
	h.Conns[slot].Update(&h.vars[slot])
}

// inputTCP takes a segment to its connection, to a listener, or answers that
// there is neither.
func (h *Host) inputTCP(p *packet) {
	h.Counters.InSegs++
	t, ok := wire.ParseTCP(p.body)
	if !ok {
		h.Counters.InErrs++
		return
	}
	if h.Conf.Quirks&tcp.QuirkNoChecksum == 0 && !t.ChecksumOK(&p.src, &p.dst) {
		h.Counters.InCsumErrors++
		h.Counters.InErrs++
		return
	}
	local := tcp.Endpoint{Addr: p.dst, Port: t.DstPort()}
	remote := tcp.Endpoint{Addr: p.src, Port: t.SrcPort()}
	var s tcp.Segment
	s.Read(t, p.frame, p.at+t.HeaderLen())
	s.TOS = p.tos &^ 3
	s.CE, s.ECT = p.tos&3 == wire.CE, p.tos&3 == wire.ECT0 || p.tos&3 == wire.ECT1
	c := h.lookup(local, remote)
	if c != nil && p.ttl < c.Opts.Rare().MinTTL {
		h.Counters.MinTTLDrop++
		return
	}
	var reopened uint32
	if c != nil && c.State == tcp.TimeWait && c.Reopens(&h.env, &s) {
		reopened = beyond(c)
		h.retire(c) // RFC 9293 §3.10.7.4: a new SYN may reopen
		c = nil
	}
	if c != nil && c.State != tcp.Closed {
		if c.State == tcp.SynReceived && c.Parent != 0 && h.refuses(c, &s) {
			return
		}
		h.segment(c, &s)
		return
	}
	if l := h.listener(local); l != nil && l.State == tcp.Listen {
		h.inputListen(l, local, remote, &s, reopened)
		return
	}
	h.answerReset(p, local, remote, &s)
}

// segment hands s to connection c; a copy of run without its closure, since
// this is the packet path.
func (h *Host) segment(c *tcp.Conn, s *tcp.Segment) {
	cause, una := h.env.Cause, c.SndUna
	was, before := c.State, newsOf(c)
	c.Input(&h.env, s)
	h.countNews(newsOf(c).minus(before))
	switch {
	case was == tcp.SynSent && c.State == tcp.Established && (c.Fast.Ask || c.Fast.Sent):
		h.keepCookie(c, s)
	case was == tcp.SynReceived && c.State == tcp.Closed && c.FastOpened && c.Parent == 0:
		h.noteFastReset(c)
	}
	if h.doubts > 0 && c.SndUna != una {
		h.confirm(c.Local.Addr, c.Remote.Addr)
	}
	h.settle(c, cause, event.SegmentArrived)
}

// answerReset answers a segment of no connection with its TOS, and with the record route and timestamps of its packet p,
// if that is at hand (Linux's ip_send_unicast_reply).
func (h *Host) answerReset(p *packet, local, remote tcp.Endpoint, s *tcp.Segment) {
	r, ok := tcp.ResetFor(s)
	if !ok {
		return
	}
	var opts []byte
	if p != nil && p.dst.Is4() {
		if opts, ok = h.replyOptions(p.ip, len(p.ip), p.dst); !ok {
			return
		}
	}
	h.Counters.OutRsts++
	h.Counters.OutSegs++
	frame, b := h.newPacket(&remote.Addr, wire.TCPLen)
	wire.PutTCP(b, &local.Addr, &remote.Addr, local.Port, remote.Port, r.Seq, r.Ack, r.Flags, 0, 0, 0)
	h.sendIP(frame, local.Addr, remote.Addr, headed{proto: wire.ProtoTCP, tos: s.TOS, flow: h.packetLabel(&local, &remote, wire.ProtoTCP), alone: true, opts: opts}, h.why(r.Reason, 1))
}

// run does something to a connection and settles what follows from it.
func (h *Host) run(c *tcp.Conn, why event.Reason, do func(*tcp.Conn)) {
	cause := h.env.Cause
	do(c)
	h.settle(c, cause, why)
}

// settle records what changed, sets the timer, wakes programs, and frees a
// connection that is closed and that nobody holds.
func (h *Host) settle(c *tcp.Conn, cause event.Cause, why event.Reason) {
	if c.State == tcp.TimeWait && h.timeWaitFull(c) {
		c.Fail(&h.env, 0)
	}
	now := &h.vars[c.ID]
	was := tcp.State(now[event.VarState])
	if changed := c.Update(now); changed != 0 && h.Log != nil {
		h.Log.Add(&event.Change{TimeNs: h.env.Now, Cause: cause, Host: h.ID, Conn: c.ID, Gen: c.Gen, Reason: why, Mask: changed}, now)
	}
	h.countState(c, was, why)
	if h.recording() {
		h.Timers.Set(c.ID, h.noteArmed(c))
	} else {
		h.Timers.Set(c.ID, c.Deadline())
	}
	if c.Wake != 0 {
		h.woken = true
		if c.Wake&(tcp.WakeBlackHole|tcp.WakeFastWorks) != 0 {
			h.fastNews(c)
		}
		if c.Parent != 0 {
			h.promote(c)
		}
		c.Wake = 0
	}
	if c.State == tcp.Closed && c.Orphan {
		h.release(c)
	}
}

// beyond is an initial sequence number behind all that the connection c used (Linux).
func beyond(c *tcp.Conn) uint32 { return max(c.SndNxt+65537, 1) }

// reusable reports whether connect(2) may take the ends of a connection in TIME-WAIT: timestamps must
// tell old segments from new ones, and the clock must have gone on since (tcp_tw_reuse: 1 everywhere,
// 2 within this host).
func (h *Host) reusable(c *tcp.Conn) bool {
	may := h.TWReuse == 1 || h.TWReuse == 2 && c.Remote.Addr.IsLoopback()
	return may && c.State == tcp.TimeWait && c.TS.On && h.env.Now-(c.WaitAt-2*h.Conf.MSLNs) >= int64(h.Limits.TWReuseDelayMs)*ms
}

// retire ends a connection in TIME-WAIT whose addresses another one takes over. A program that
// still holds it can go on reading what it has not read.
func (h *Host) retire(c *tcp.Conn) {
	if c.Orphan {
		h.release(c)
		return
	}
	h.last.ok = false
	h.run(c, event.SegmentArrived, func(c *tcp.Conn) { c.Fail(&h.env, 0) })
}

// release frees a connection's slot.
func (h *Host) release(c *tcp.Conn) {
	h.Timers.Set(c.ID, timer.Never)
	h.unlist(c)
	h.forgetKeys(c.ID)
	c.Free(&h.env)
	id, gen := c.ID, c.Gen
	*c = tcp.Conn{ID: id, Gen: gen, Orphan: true}
	h.FreeConns = append(h.FreeConns, id)
}

// Segment puts a connection's segment on the wire.
func (h *Host) Segment(c *tcp.Conn, s *tcp.Segment) {
	opts := s.OptionsLen()
	n := int(s.Data.Len)
	frame, b := h.newPacket(&c.Remote.Addr, wire.TCPLen+opts+n)
	if n > 0 {
		at := s.Seq
		if s.Flags&wire.SYN != 0 {
			at++
		}
		c.CopyOut(h.pool, frame, len(h.pool.Data(frame))-n, at)
	}
	if opts > 0 {
		s.PutOptions(b[wire.TCPLen:])
	}
	wire.PutTCP(b, &c.Local.Addr, &c.Remote.Addr, c.Local.Port, c.Remote.Port, s.Seq, s.Ack, s.Flags, s.Window, s.Urgent, opts)
	h.countSent(s)
	tos := c.Opts.TOS &^ 3
	if s.ECT {
		tos |= wire.ECT0
	}
	h.sendIP(frame, c.Local.Addr, c.Remote.Addr, headed{proto: wire.ProtoTCP, tos: tos, ttl: c.Opts.TTL, df: h.fragBit(c), flow: h.connLabel(c), alone: c.State == tcp.SynReceived && c.Parent != 0, ident: h.segmentIdent(c)}, h.why(s.Reason, s.Xmit))
}

// fragBit returns whether routers may cut the packets of c (ip(7), IP_MTU_DISCOVER).
func (h *Host) fragBit(c *tcp.Conn) uint8 {
	switch mode := c.MTUMode(&h.Conf); {
	case mode == tcp.MTUDo:
		return dfAlways
	case c.MayFragment(&h.Conf):
		return dfNever
	}
	return dfUsual
}

// isn chooses an initial sequence number: a clock of 4 µs plus a keyed hash of
// the addresses (RFC 6528 §3), unless an old connection or wirelab.isn fixes it.
func (h *Host) isn(c *tcp.Conn) uint32 {
	if c.ISS != 0 {
		return c.ISS
	}
	if h.Conf.FixedISN >= 0 {
		return uint32(h.Conf.FixedISN)
	}
	if h.Conf.Quirks&tcp.QuirkPredictableISN != 0 { // the clock alone, as in RFC 793
		return uint32(h.env.Now / 4000)
	}
	return uint32(h.env.Now/4000) + uint32(h.hashTuple(c.Local, c.Remote, h.Secret[0]))
}

func (h *Host) hashTuple(local, remote tcp.Endpoint, key uint64) uint64 {
	var b [36]byte
	copy(b[0:], local.Addr[:])
	copy(b[16:], remote.Addr[:])
	b[32], b[33], b[34], b[35] = byte(local.Port>>8), byte(local.Port), byte(remote.Port>>8), byte(remote.Port)
	return mix(xxhash.Sum64(b[:]), key)
}
