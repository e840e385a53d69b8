package stack

import (
	"slices"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Kinds of sockets.
const (
	SockFree uint8 = iota
	SockTCP        // socket(AF_INET, SOCK_STREAM, 0)
	SockUDP        // socket(AF_INET, SOCK_DGRAM, 0)
	SockICMP       // socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), as ping uses it
)

const (
	maxDatagrams = 256                                       // that wait in one socket
	maxDatagram  = wire.MaxIPv4 - wire.IPv4Len - wire.UDPLen // bytes in one, also over IPv6
)

// Socket is one open socket of a host; its index in State.Sockets is its
// descriptor.
type Socket struct {
	Kind          uint8
	Bound         bool
	Chosen        bool   // nobody asked for the port: it goes back when the connection is over
	Stage         Stage  // of a TCP socket, as programs were told
	Conn, Gen     uint32 // of a TCP socket: slot plus one, and the slot's generation
	Local, Remote tcp.Endpoint
	Err           tcp.Errno
	Queue         []Datagram // oldest first, at most maxDatagrams
	Opts          []DatagramOpts
}

// Stage is how far a program knows its TCP socket to be, with the names of Linux's socket states: a
// connection may be over, or open, long before connect(2) says so.
type Stage uint8

const (
	Unconnected Stage = iota
	Connecting        // connect has begun
	Connected         // connect or accept said that it is done
)

// Datagram is a received datagram; of an ICMP echo reply the port is the
// sequence number.
type Datagram struct {
	From tcp.Endpoint
	Data tcp.Extent
	TTL  uint8
}

// Socket opens a socket and returns its descriptor.
func (h *Host) Socket(kind uint8) (int32, tcp.Errno) {
	if kind == SockFree || kind > SockICMP {
		return -1, tcp.EPROTONOSUPPORT
	}
	fd := h.newSocket(kind)
	if kind == SockTCP {
		c := h.newConn()
		h.Sockets[fd].Conn, h.Sockets[fd].Gen = c.ID+1, c.Gen
	}
	return fd, 0
}

// firstFD is the lowest descriptor of a socket: 0, 1 and 2 are a program's
// terminal, and textbooks begin at 3.
const firstFD = 3

func (h *Host) newSocket(kind uint8) int32 {
	for len(h.Sockets) < firstFD {
		h.Sockets = append(h.Sockets, Socket{})
	}
	for i := max(firstFD, int(h.LowFD)); i < len(h.Sockets); i++ {
		if h.Sockets[i].Kind == SockFree {
			h.Sockets[i], h.LowFD = Socket{Kind: kind}, int32(i)+1
			return int32(i)
		}
	}
	h.LowFD = int32(len(h.Sockets)) + 1
	h.Sockets = append(roomForOne(h.Sockets), Socket{Kind: kind})
	return int32(len(h.Sockets) - 1)
}

// socket returns the open socket fd, or nil.
func (h *Host) socket(fd int32) *Socket {
	if fd < firstFD || int(fd) >= len(h.Sockets) || h.Sockets[fd].Kind == SockFree {
		return nil
	}
	return &h.Sockets[fd]
}

// conn returns the connection of a TCP socket, or why there is none.
func (h *Host) conn(fd int32) (*tcp.Conn, tcp.Errno) {
	s := h.socket(fd)
	switch {
	case s == nil:
		return nil, tcp.EBADF
	case s.Kind != SockTCP:
		return nil, tcp.EOPNOTSUPP
	}
	return &h.Conns[s.Conn-1], 0
}

// Conn returns the connection of a TCP socket for looking at, or nil.
func (h *Host) Conn(fd int32) *tcp.Conn {
	c, _ := h.conn(fd)
	return c
}

// Bind gives a socket its local end; a port of zero chooses one.
func (h *Host) Bind(fd int32, local tcp.Endpoint) tcp.Errno {
	s := h.socket(fd)
	switch {
	case s == nil:
		return tcp.EBADF
	case s.Bound && !h.portBack(s):
		return tcp.EINVAL
	case !local.Addr.IsZero() && !h.isLocal(local.Addr) && !h.mayBind(s):
		return tcp.EADDRNOTAVAIL
	}
	if local.Addr.IsZero() {
		local.Addr = wire.Addr{}
	}
	s.Chosen = local.Port == 0
	if s.Chosen && s.Kind == SockTCP && h.Conns[s.Conn-1].Opts.Has(tcp.FlagPortLater) { // connect chooses, for that peer alone
		s.Local = local
		return 0
	}
	if s.Chosen {
		if local.Port = h.choosePort(s.Kind, wire.Addr{}, tcp.Endpoint{}); local.Port == 0 {
			return tcp.EADDRINUSE
		}
	} else if h.portTaken(s.Kind, local) {
		return tcp.EADDRINUSE
	}
	s.Local, s.Bound = local, true
	return 0
}

// mayBind reports whether a socket may have an address that is not the host's.
func (h *Host) mayBind(s *Socket) bool {
	return h.Limits.NonlocalBind || s.Kind == SockTCP && h.Conns[s.Conn-1].Opts.Has(tcp.FlagFreeBind)
}

// portBack reports whether a socket whose connection is over may be bound again: Linux takes the port
// back unless the program had asked for that very one.
func (h *Host) portBack(s *Socket) bool {
	if s.Kind != SockTCP || !s.Chosen {
		return false
	}
	c := &h.Conns[s.Conn-1]
	return c.State == tcp.TimeWait || c.State == tcp.Closed && !c.Fresh()
}

// portTaken reports whether another socket of the kind is bound to the end.
func (h *Host) portTaken(kind uint8, local tcp.Endpoint) bool {
	for i := range h.Sockets {
		s := &h.Sockets[i]
		if s.Kind == kind && s.Bound && s.Local.Port == local.Port &&
			(s.Local.Addr.IsZero() || local.Addr.IsZero() || s.Local.Addr == local.Addr) {
			return true
		}
	}
	return false
}

// choosePort picks an ephemeral port: a keyed hash of the other end, plus a
// counter (RFC 6056 §3.3.3), in the range that ip_local_port_range gives.
func (h *Host) choosePort(kind uint8, local wire.Addr, remote tcp.Endpoint) uint16 {
	if kind == SockTCP && h.FixedPort != 0 && remote.Port != 0 {
		port := h.FixedPort
		h.FixedPort = 0
		return port
	}
	offset := h.hashTuple(tcp.Endpoint{}, remote, h.Secret[1])
	low, count := uint64(h.Limits.PortLow), uint64(h.Limits.PortHigh)-uint64(h.Limits.PortLow)+1
	for range count {
		port := uint16(low + (offset+uint64(h.PortNext))%count)
		h.PortNext++
		if h.portTaken(kind, tcp.Endpoint{Port: port}) || h.Limits.reserved(port) {
			continue
		}
		if _, used := h.index.find(h.Conns, &tuple{tcp.Endpoint{Addr: local, Port: port}, remote}); !used || kind != SockTCP { // not even by one in TIME-WAIT
			return port
		}
	}
	return 0
}

// Listen makes a TCP socket wait for connections. No backlog is longer than net.core.somaxconn.
func (h *Host) Listen(fd int32, backlog uint32) tcp.Errno {
	c, err := h.conn(fd)
	if err != 0 {
		return err
	}
	backlog = min(backlog, h.Limits.Backlog)
	if c.State == tcp.Listen { // only the backlog changes
		c.Backlog = backlog
		return 0
	}
	s := h.socket(fd)
	if c.State != tcp.Closed || s.Stage != Unconnected {
		return tcp.EINVAL
	}
	if !s.Bound {
		s.Local.Port, s.Bound, s.Chosen = h.choosePort(SockTCP, wire.Addr{}, tcp.Endpoint{}), true, true
	}
	c.Local = h.Sockets[fd].Local
	if all := uint32(fastServer | fastServerAll); h.FastOpen&all == all && c.Opts.FastOpen == 0 {
		c.Opts.FastOpen = uint16(min(backlog, h.Limits.Backlog, 65535))
	}
	h.enlist(c)
	h.run(c, event.Listen, func(c *tcp.Conn) { c.Listen(backlog) })
	return 0
}

// address gives a socket its two ends.
func (h *Host) address(fd int32, remote tcp.Endpoint) tcp.Errno {
	s := h.socket(fd)
	if s == nil {
		return tcp.EBADF
	}
	if remote.Addr.IsMulticast() || remote.Addr.IsZero() || remote.Addr.Is4() && h.way(remote.Addr).hop.IsBroadcast() {
		return tcp.ENETUNREACH // MUST-46
	}
	src, ok := h.sourceFor(remote.Addr)
	if !ok {
		return tcp.ENETUNREACH
	}
	if !s.Local.Addr.IsZero() && s.Local.Addr.Is4() != src.Is4() {
		return tcp.EAFNOSUPPORT
	}
	if s.Local.Addr.IsZero() {
		s.Local.Addr = src
	}
	if !s.Bound {
		if s.Local.Port = h.choosePort(s.Kind, s.Local.Addr, remote); s.Local.Port == 0 {
			return tcp.EADDRNOTAVAIL
		}
		s.Bound, s.Chosen = true, true
	}
	s.Remote = remote
	if s.Kind != SockTCP {
		return 0
	}
	c := &h.Conns[s.Conn-1]
	c.ISS = 0
	if old := h.lookup(s.Local, remote); old != nil && old.State != tcp.Closed {
		if !h.reusable(old) {
			return tcp.EADDRNOTAVAIL
		}
		c.ISS = beyond(old)
		h.retire(old)
	}
	c.Local, c.Remote = s.Local, remote
	h.enlist(c)
	s.Stage = Connecting
	return 0
}

// Connect gives a socket its remote end. For TCP that begins the handshake and
// returns EINPROGRESS; the socket becomes writable when it is done. Asked again it says how that went, once.
func (h *Host) Connect(fd int32, remote tcp.Endpoint) tcp.Errno {
	s := h.socket(fd)
	if s != nil && s.Kind == SockTCP {
		if begun, err := h.connecting(s); begun {
			return err
		}
	}
	if err := h.address(fd, remote); err != 0 || h.Sockets[fd].Kind != SockTCP {
		return err
	}
	c := &h.Conns[h.Sockets[fd].Conn-1]
	h.prepare(c)
	if c.Fast.Connect {
		return h.connectLater(c)
	}
	h.run(c, event.Connect, func(c *tcp.Conn) { c.Connect(&h.env, h.isn(c), h.mssFor(remote.Addr)) })
	return tcp.EINPROGRESS
}

// prepare gives a connection that is about to be opened what the host knows of the way.
func (h *Host) prepare(c *tcp.Conn) {
	c.PathMTU = h.pathMTU(c.Remote.Addr)
	c.GSOSegs = h.gsoSegs(c.Remote.Addr)
	if c.TS.Offset = 0; h.Conf.PlainStamps {
		return
	}
	c.TS.Offset = uint32(h.hashTuple(tcp.Endpoint{Addr: c.Local.Addr}, tcp.Endpoint{Addr: c.Remote.Addr}, h.Secret[0]) >> 32)
}

// connecting returns what connect(2) says about a connection that has begun; false if none has. A
// failure is told once, and then the socket is as new.
func (h *Host) connecting(s *Socket) (begun bool, err tcp.Errno) {
	c := &h.Conns[s.Conn-1]
	switch {
	case s.Stage == Connected, s.Stage == Unconnected && c.State != tcp.Closed:
		return true, tcp.EISCONN
	case s.Stage == Unconnected:
		c.Err = 0
		return false, 0
	case c.Fast.Deferred:
		return true, tcp.EISCONN
	case c.State == tcp.SynSent, c.State == tcp.SynReceived:
		return true, tcp.EALREADY
	case c.State == tcp.Closed:
		if err = c.Err; err == 0 { // somebody else was told
			err = tcp.ECONNABORTED
		}
		h.disconnect(s)
		return true, err
	}
	s.Stage = Connected
	return true, 0
}

// disconnect makes a socket whose connection is over as new, but for its options.
func (h *Host) disconnect(s *Socket) {
	c := &h.Conns[s.Conn-1]
	h.unlist(c)
	h.run(c, event.Close, func(c *tcp.Conn) { c.Disconnect(&h.env) })
	s.Stage, s.Remote = Unconnected, tcp.Endpoint{}
	if s.Chosen {
		s.Local, s.Bound, s.Chosen = tcp.Endpoint{}, false, false
	}
}

// Accept takes the oldest finished connection from a listener's queue.
func (h *Host) Accept(fd int32) (int32, tcp.Endpoint, tcp.Errno) {
	l, err := h.conn(fd)
	switch {
	case err != 0:
		return -1, tcp.Endpoint{}, err
	case l.State != tcp.Listen:
		return -1, tcp.Endpoint{}, tcp.EINVAL
	case len(l.Ready) == 0:
		return -1, tcp.Endpoint{}, tcp.EAGAIN
	}
	slot := l.Ready[0]
	l.Ready = slices.Delete(l.Ready, 0, 1)
	c := &h.Conns[slot]
	c.Parent, c.Queued = 0, false
	child := h.newSocket(SockTCP)
	s := &h.Sockets[child]
	s.Conn, s.Gen, s.Local, s.Remote, s.Stage = slot+1, c.Gen, c.Local, c.Remote, Connected
	return child, c.Remote, 0
}

// Write sends b on a connected socket and returns how much was taken.
func (h *Host) Write(fd int32, b []byte) (n int, err tcp.Errno) { return h.Send(fd, b, 0) }

// Send is Write with the flags of tcp.Conn.Send.
func (h *Host) Send(fd int32, b []byte, flags uint8) (n int, err tcp.Errno) {
	s := h.socket(fd)
	if s != nil && s.Kind != SockTCP {
		if s.Remote.Port == 0 {
			return 0, tcp.EDESTADDRREQ
		}
		return h.SendTo(fd, b, s.Remote)
	}
	c, err := h.conn(fd)
	if err != 0 {
		return 0, err
	}
	if c.State == tcp.Closed && c.Err == 0 {
		return 0, tcp.EPIPE
	}
	if c.Fast.Deferred {
		return h.connectFast(c, b)
	}
	h.run(c, event.AppWrite, func(c *tcp.Conn) { n, err = c.Send(&h.env, b, flags) })
	return n, err
}

// WriteBlock sends n bytes at off of a block on a connected TCP socket without
// copying them.
func (h *Host) WriteBlock(fd int32, b block.Handle, off, length uint32) (n int, err tcp.Errno) {
	c, err := h.conn(fd)
	if err != 0 {
		return 0, err
	}
	if c.Full() { // nothing changes
		return c.WriteBlock(&h.env, b, off, length)
	}
	h.run(c, event.AppWrite, func(c *tcp.Conn) { n, err = c.WriteBlock(&h.env, b, off, length) })
	return n, err
}

// WaitsFor returns how many of n bytes a blocking read waits for: what SO_RCVLOWAT says, or one; all of them with
// MSG_WAITALL.
func (h *Host) WaitsFor(fd int32, n int, all bool) int {
	c, err := h.conn(fd)
	switch {
	case err != 0: // datagrams come whole
		return 1
	case all:
		return n
	}
	return min(n, max(int(c.Opts.Rare().RcvLowat), 1))
}

// Peek is Read without taking anything out.
func (h *Host) Peek(fd int32, b []byte) (int, tcp.Errno) {
	c, err := h.conn(fd)
	switch {
	case err != 0:
		return 0, err
	case c.RcvQueued > 0:
		return c.Peek(h.pool, b), 0
	}
	return h.Read(fd, b)
}

// Ending reports whether no more data comes: a blocking call has nothing to wait for.
func (h *Host) Ending(fd int32) bool {
	c, err := h.conn(fd)
	return err == 0 && (c.FinReceived || c.ReadShut || c.Err != 0 || c.State == tcp.Closed)
}

// Ended reports whether the next read tells of an end or an error rather than of data.
func (h *Host) Ended(fd int32) bool {
	c, err := h.conn(fd)
	return err == 0 && c.RcvQueued == 0 && h.Ending(fd)
}

// Read receives from a connected socket: 0 bytes at the end of a stream,
// EAGAIN if there is nothing yet.
func (h *Host) Read(fd int32, b []byte) (n int, err tcp.Errno) {
	s := h.socket(fd)
	if s != nil && s.Kind != SockTCP {
		n, _, _, err = h.RecvFrom(fd, b)
		return n, err
	}
	c, err := h.conn(fd)
	if err != 0 {
		return 0, err
	}
	if c.RcvQueued == 0 { // nothing changes
		return c.Read(&h.env, b)
	}
	h.run(c, event.AppRead, func(c *tcp.Conn) { n, err = c.Read(&h.env, b) })
	h.Counters.BytesDelivered += uint64(n)
	return n, err
}

// ReadUrgent is recv(2) with MSG_OOB: the urgent byte.
func (h *Host) ReadUrgent(fd int32, peek bool) (byte, tcp.Errno) {
	c, err := h.conn(fd)
	if err != 0 {
		return 0, err
	}
	return c.ReadUrgent(peek)
}

// SendTo sends one datagram.
func (h *Host) SendTo(fd int32, b []byte, to tcp.Endpoint) (int, tcp.Errno) {
	s := h.socket(fd)
	switch {
	case s == nil:
		return 0, tcp.EBADF
	case s.Kind == SockTCP:
		return 0, tcp.EISCONN
	case s.Err != 0:
		err := s.Err
		s.Err = 0
		return 0, err
	case len(b) > maxDatagram:
		return 0, tcp.EMSGSIZE
	}
	src, ok := h.sendFrom(s, to.Addr)
	if !ok {
		return 0, tcp.ENETUNREACH
	}
	if !s.Bound {
		s.Local.Port, s.Bound = h.choosePort(s.Kind, wire.Addr{}, to), true
	}
	if !s.Local.Addr.IsZero() {
		src = s.Local.Addr
	}
	if src.Is4() != to.Addr.Is4() {
		return 0, tcp.EAFNOSUPPORT
	}
	if err := h.maySend(s, to, headerLen(&to.Addr)+wire.UDPLen+len(b)); err != 0 { // that of an echo is as long
		return 0, err
	}
	if s.Kind == SockICMP {
		h.sendEcho(wire.ICMPEcho, src, to.Addr, s.Local.Port, to.Port, b, headed{ttl: s.ttl(), df: s.fragBit()}, event.EchoRequest)
		return len(b), 0
	}
	if s.device() != 0 && to.Addr.IsBroadcast() {
		h.broadcastOn(s, src, b, to)
		return len(b), 0
	}
	h.Counters.UDPOutDatagrams++
	frame, p := h.newPacket(&to.Addr, wire.UDPLen+len(b))
	copy(p[wire.UDPLen:], b)
	wire.PutUDP(p, &src, &to.Addr, s.Local.Port, to.Port)
	h.sendIP(frame, src, to.Addr, headed{proto: wire.ProtoUDP, ttl: s.ttl(), df: s.fragBit(), flow: h.packetLabel(&tcp.Endpoint{Addr: src, Port: s.Local.Port}, &to, wire.ProtoUDP)}, h.why(event.UDPSend, 1))
	return len(b), 0
}

// RecvFrom receives one datagram, cut to the length of b.
func (h *Host) RecvFrom(fd int32, b []byte) (n int, from tcp.Endpoint, ttl uint8, err tcp.Errno) {
	s := h.socket(fd)
	switch {
	case s == nil:
		return 0, from, 0, tcp.EBADF
	case s.Err != 0:
		err, s.Err = s.Err, 0
		return 0, from, 0, err
	case len(s.Queue) == 0:
		return 0, from, 0, tcp.EAGAIN
	}
	if s.Kind == SockUDP {
		h.Counters.UDPInDatagrams++
	}
	d := s.Queue[0]
	s.Queue = append(s.Queue[:0], s.Queue[1:]...)
	n = copy(b, h.pool.Data(d.Data.Block)[d.Data.Off:d.Data.Off+d.Data.Len])
	h.pool.Release(d.Data.Block)
	h.Counters.BytesDelivered += uint64(n)
	return n, d.From, d.TTL, 0
}

// Shutdown ends one or both directions of a connection.
func (h *Host) Shutdown(fd int32, read, write bool) (err tcp.Errno) {
	c, err := h.conn(fd)
	if err != 0 {
		return err
	}
	if slot := c.ID; c.State == tcp.Listen && read {
		h.closeChildren(slot)
		c = &h.Conns[slot]
	}
	was := c.State
	h.run(c, event.Close, func(c *tcp.Conn) { err = c.Shutdown(&h.env, read, write) })
	if c.State == tcp.Closed && err == 0 {
		h.disconnect(&h.Sockets[fd])
		if was == tcp.SynSent {
			c.Err = tcp.ECONNRESET
		}
	}
	return err
}

// Close gives the descriptor back. A listener resets what nobody accepted
// (RFC 9293 §3.10.4).
func (h *Host) Close(fd int32) tcp.Errno {
	s := h.socket(fd)
	if s == nil {
		return tcp.EBADF
	}
	for i := range s.Queue {
		h.pool.Release(s.Queue[i].Data.Block)
	}
	if s.Kind == SockTCP {
		slot := s.Conn - 1
		h.closeChildren(slot)
		h.run(&h.Conns[slot], event.Close, func(c *tcp.Conn) {
			if c.Close(&h.env); h.tooManyOrphans(c) {
				c.Abort(&h.env)
			}
		})
	}
	h.Sockets[fd] = Socket{}
	h.LowFD = min(h.LowFD, fd)
	return 0
}

// closeChildren resets the connections that wait in a listener's queue and
// forgets those whose handshake is not done.
func (h *Host) closeChildren(listener uint32) {
	for i := range h.Conns {
		c := &h.Conns[i]
		if c.Parent != listener+1 {
			continue
		}
		c.Parent = 0
		c.Orphan = true
		h.run(c, event.ResetAbort, func(c *tcp.Conn) {
			if c.State == tcp.SynReceived && !c.FastOpened {
				c.Fail(&h.env, 0)
			} else {
				c.Abort(&h.env)
			}
		})
	}
}

// Bits that Ready returns.
const (
	Readable = 1 << iota
	Writable
	Failed
	Pressing // urgent data has come
)

// Ready returns what could be done with a socket now without EAGAIN.
func (h *Host) Ready(fd int32) uint8 {
	s := h.socket(fd)
	if s == nil {
		return Readable | Writable | Failed
	}
	if s.Kind != SockTCP {
		ready := uint8(Writable)
		if len(s.Queue) > 0 || s.Err != 0 {
			ready |= Readable
		}
		return ready
	}
	c := &h.Conns[s.Conn-1]
	var ready uint8
	if c.Readable() >= max(c.Opts.Rare().RcvLowat, 1) || c.FinReceived || c.ReadShut || len(c.Ready) > 0 || c.State == tcp.Closed {
		ready |= Readable
	}
	if c.State == tcp.Closed || c.Fast.Deferred || (c.State >= tcp.Established || c.FastOpened) && (c.MayWrite(&h.Conf) || c.FinQueued) {
		ready |= Writable
	}
	if c.Err != 0 {
		ready |= Failed
	}
	if c.Urg.State == tcp.UrgentHere {
		ready |= Pressing
	}
	return ready
}
