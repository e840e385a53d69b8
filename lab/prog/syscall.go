package prog

import (
	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Programs make their system calls here, so that each that comes back can be
// counted and recorded; one that would block has not come back.

// Spy sees what programs read and write, for those who check it.
type Spy func(host uint32, fd int32, b []byte, err tcp.Errno, written bool)

func (s *Sys) show(fd int32, b []byte, err tcp.Errno, written bool) {
	if s.Spy != nil {
		s.Spy(s.ID, fd, b, err, written)
	}
}

// woke returns what lets programs run.
func (s *Sys) woke() event.Ref {
	if s.Log == nil {
		return event.Unknown
	}
	return s.Log.Woke()
}

// enter begins a call about a descriptor, or about none; arg is what it asks for.
func (s *Sys) enter(call event.Call, fd int32, arg int64) {
	s.act = event.Act{Call: call, FD: fd, Arg: arg}
	if p := s.proc; p != nil {
		s.act.PID, s.act.Program, s.act.From = p.PID, p.Kind, s.from
	}
	s.Party(&s.act, fd)
	s.BeginAct()
}

// to says which other end a call is about.
func (s *Sys) to(e tcp.Endpoint) { s.act.Remote, s.act.RemotePort = e.Addr, e.Port }

// leave ends the call. One that does not come back yet is no act, unless something came of it.
func (s *Sys) leave(result int64, err tcp.Errno) {
	if !Blocks(err) {
		s.Calls++
	}
	s.act.Result, s.act.Err = result, int16(err)
	s.EndAct(&s.act, Blocks(err))
}

// Blocks reports whether a call that a program made does not come back yet: it comes back later, as another act.
func Blocks(err tcp.Errno) bool {
	return err == tcp.EAGAIN || err == tcp.EINPROGRESS || err == tcp.EALREADY
}

func (s *Sys) Socket(kind uint8) (int32, tcp.Errno) {
	s.enter(event.CallSocket, -1, int64(kind))
	fd, err := s.Host.Socket(kind)
	s.Party(&s.act, fd)
	s.leave(int64(fd), err)
	return fd, err
}

func (s *Sys) Bind(fd int32, local tcp.Endpoint) tcp.Errno {
	s.enter(event.CallBind, fd, 0)
	err := s.Host.Bind(fd, local)
	if !s.Party(&s.act, fd) || err != 0 {
		s.act.Local, s.act.LocalPort = local.Addr, local.Port
	}
	s.leave(0, err)
	return err
}

func (s *Sys) Listen(fd int32, backlog uint32) tcp.Errno {
	s.enter(event.CallListen, fd, int64(backlog))
	err := s.Host.Listen(fd, backlog)
	s.leave(0, err)
	return err
}

func (s *Sys) Connect(fd int32, remote tcp.Endpoint) tcp.Errno {
	s.enter(event.CallConnect, fd, 0)
	err := s.Host.Connect(fd, remote)
	s.Party(&s.act, fd)
	s.to(remote)
	s.leave(0, err)
	return err
}

func (s *Sys) Accept(fd int32) (int32, tcp.Endpoint, tcp.Errno) {
	s.enter(event.CallAccept, fd, 0)
	conn, peer, err := s.Host.Accept(fd)
	s.Party(&s.act, conn)
	s.leave(int64(conn), err)
	return conn, peer, err
}

func (s *Sys) Read(fd int32, b []byte) (int, tcp.Errno) {
	s.enter(event.CallRead, fd, int64(len(b)))
	n, err := s.Host.Read(fd, b)
	s.leave(int64(n), err)
	s.show(fd, b[:n], err, false)
	return n, err
}

func (s *Sys) Write(fd int32, b []byte) (int, tcp.Errno) { return s.Send(fd, b, 0) }

// Send is Write with the flags of tcp.Conn.Send.
func (s *Sys) Send(fd int32, b []byte, flags uint8) (int, tcp.Errno) {
	s.enter(event.CallWrite, fd, int64(len(b)))
	n, err := s.Host.Send(fd, b, flags)
	s.leave(int64(n), err)
	s.show(fd, b[:n], err, true)
	return n, err
}

// WriteBlock is Write of a part of a block, which is not copied.
func (s *Sys) WriteBlock(fd int32, b block.Handle, off, length uint32) (int, tcp.Errno) {
	s.enter(event.CallWrite, fd, int64(length))
	n, err := s.Host.WriteBlock(fd, b, off, length)
	s.leave(int64(n), err)
	if s.Spy != nil {
		s.show(fd, s.Pool.Data(b)[off:][:n], err, true)
	}
	return n, err
}

func (s *Sys) SendTo(fd int32, b []byte, to tcp.Endpoint) (int, tcp.Errno) {
	s.enter(event.CallSendTo, fd, int64(len(b)))
	n, err := s.Host.SendTo(fd, b, to)
	s.Party(&s.act, fd)
	s.to(to)
	s.leave(int64(n), err)
	return n, err
}

// SendRaw is SendTo on a raw socket, which needs no descriptor here.
func (s *Sys) SendRaw(proto, ttl uint8, src, dst wire.Addr, body []byte) tcp.Errno {
	s.enter(event.CallSendTo, -1, int64(len(body)))
	err := s.Host.SendRaw(proto, ttl, src, dst, body)
	s.act.Local = src
	s.to(tcp.Endpoint{Addr: dst})
	s.leave(int64(len(body)), err)
	return err
}

func (s *Sys) RecvFrom(fd int32, b []byte) (n int, from tcp.Endpoint, ttl uint8, err tcp.Errno) {
	s.enter(event.CallRecvFrom, fd, int64(len(b)))
	n, from, ttl, err = s.Host.RecvFrom(fd, b)
	s.to(from)
	s.leave(int64(n), err)
	return n, from, ttl, err
}

// RecvError is recvmsg with MSG_ERRQUEUE; false if no error waits.
func (s *Sys) RecvError(fd int32) (stack.ExtError, bool) {
	s.enter(event.CallRecvError, fd, 0)
	e, ok := s.Host.RecvError(fd)
	if ok {
		s.leave(0, 0)
	} else {
		s.leave(-1, tcp.EAGAIN)
	}
	return e, ok
}

func (s *Sys) Shutdown(fd int32, read, write bool) tcp.Errno {
	s.enter(event.CallShutdown, fd, how(read, write))
	err := s.Host.Shutdown(fd, read, write)
	s.leave(0, err)
	return err
}

// how is the second argument of shutdown: SHUT_RD, SHUT_WR or SHUT_RDWR.
func how(read, write bool) int64 {
	switch {
	case read && write:
		return 2
	case write:
		return 1
	}
	return 0
}

func (s *Sys) Close(fd int32) tcp.Errno {
	s.enter(event.CallClose, fd, 0)
	err := s.Host.Close(fd)
	s.leave(0, err)
	return err
}

func (s *Sys) SetSockopt(fd int32, name string, v int64) tcp.Errno {
	s.option(event.CallSetsockopt, fd, name, v)
	err := s.Host.SetSockopt(fd, name, v)
	s.leave(0, err)
	return err
}

// option begins a call about an option of a socket.
func (s *Sys) option(call event.Call, fd int32, name string, v int64) {
	s.enter(call, fd, v)
	s.act.Option = stack.OptionNumber(name)
}

func (s *Sys) SetCongestion(fd int32, name string) tcp.Errno {
	algorithm, _ := tcp.AlgorithmByName(name)
	s.option(event.CallSetsockopt, fd, "TCP_CONGESTION", int64(algorithm))
	err := s.Host.SetCongestion(fd, name)
	s.leave(0, err)
	return err
}

func (s *Sys) SetLinger(fd int32, on bool, seconds int64) tcp.Errno {
	s.option(event.CallSetsockopt, fd, "SO_LINGER", seconds)
	err := s.Host.SetLinger(fd, on, seconds)
	s.leave(0, err)
	return err
}

func (s *Sys) SetTimeout(fd int32, name string, seconds, micros int64) tcp.Errno {
	s.option(event.CallSetsockopt, fd, name, seconds)
	err := s.Host.SetTimeout(fd, name, seconds, micros)
	s.leave(0, err)
	return err
}

// Peek is recv with MSG_PEEK.
func (s *Sys) Peek(fd int32, b []byte) (int, tcp.Errno) {
	s.enter(event.CallRead, fd, int64(len(b)))
	n, err := s.Host.Peek(fd, b)
	s.leave(int64(n), err)
	return n, err
}

// ReadUrgent is recv with MSG_OOB: one byte.
func (s *Sys) ReadUrgent(fd int32, peek bool) (byte, tcp.Errno) {
	s.enter(event.CallRead, fd, 1)
	b, err := s.Host.ReadUrgent(fd, peek)
	s.leave(1, err)
	return b, err
}

func (s *Sys) BindToDevice(fd int32, iface uint32) tcp.Errno {
	s.option(event.CallSetsockopt, fd, "SO_BINDTODEVICE", int64(iface))
	err := s.Host.BindToDevice(fd, iface)
	s.leave(0, err)
	return err
}

func (s *Sys) Sockopt(fd int32, name string) (int64, tcp.Errno) {
	s.option(event.CallGetsockopt, fd, name, 0)
	v, err := s.Host.Sockopt(fd, name)
	s.act.Arg = v
	s.leave(v, err)
	return v, err
}
