package prog

import (
	"wirelab/stack/block"
	"wirelab/stack/tcp"
)

// Programs make their system calls here, so that each that comes back can be
// counted; one that would block has not come back.

// Spy sees what programs read and write, for those who check it.
type Spy func(host uint32, fd int32, b []byte, err tcp.Errno, written bool)

func (s *Sys) show(fd int32, b []byte, err tcp.Errno, written bool) {
	if s.Spy != nil {
		s.Spy(s.ID, fd, b, err, written)
	}
}

// made counts a call that is complete.
func (s *Sys) made(err tcp.Errno) {
	if err != tcp.EAGAIN && err != tcp.EINPROGRESS && err != tcp.EALREADY {
		s.Calls++
	}
}

func (s *Sys) Socket(kind uint8) (int32, tcp.Errno) {
	fd, err := s.Host.Socket(kind)
	s.made(err)
	return fd, err
}

func (s *Sys) Bind(fd int32, local tcp.Endpoint) tcp.Errno {
	err := s.Host.Bind(fd, local)
	s.made(err)
	return err
}

func (s *Sys) Listen(fd int32, backlog uint32) tcp.Errno {
	err := s.Host.Listen(fd, backlog)
	s.made(err)
	return err
}

func (s *Sys) Connect(fd int32, remote tcp.Endpoint) tcp.Errno {
	err := s.Host.Connect(fd, remote)
	s.made(err)
	return err
}

func (s *Sys) Accept(fd int32) (int32, tcp.Endpoint, tcp.Errno) {
	conn, peer, err := s.Host.Accept(fd)
	s.made(err)
	return conn, peer, err
}

func (s *Sys) Read(fd int32, b []byte) (int, tcp.Errno) {
	n, err := s.Host.Read(fd, b)
	s.made(err)
	s.show(fd, b[:n], err, false)
	return n, err
}

func (s *Sys) Write(fd int32, b []byte) (int, tcp.Errno) {
	n, err := s.Host.Write(fd, b)
	s.made(err)
	s.show(fd, b[:n], err, true)
	return n, err
}

// WriteBlock is Write of a part of a block, which is not copied.
func (s *Sys) WriteBlock(fd int32, b block.Handle, off, length uint32) (int, tcp.Errno) {
	n, err := s.Host.WriteBlock(fd, b, off, length)
	s.made(err)
	if s.Spy != nil {
		s.show(fd, s.Pool.Data(b)[off:][:n], err, true)
	}
	return n, err
}

func (s *Sys) SendTo(fd int32, b []byte, to tcp.Endpoint) (int, tcp.Errno) {
	n, err := s.Host.SendTo(fd, b, to)
	s.made(err)
	return n, err
}

func (s *Sys) RecvFrom(fd int32, b []byte) (n int, from tcp.Endpoint, ttl uint8, err tcp.Errno) {
	n, from, ttl, err = s.Host.RecvFrom(fd, b)
	s.made(err)
	return n, from, ttl, err
}

func (s *Sys) Shutdown(fd int32, read, write bool) tcp.Errno {
	err := s.Host.Shutdown(fd, read, write)
	s.made(err)
	return err
}

func (s *Sys) Close(fd int32) tcp.Errno {
	err := s.Host.Close(fd)
	s.made(err)
	return err
}
