package prog

import (
	"wirelab/stack"
	"wirelab/stack/tcp"
)

// iperfServer serves one test after the other.
func (s *Sys) iperfServer(p *Proc, a *iperfArgs) bool {
	f := &p.Iperf[0]
	if p.FD < 0 {
		p.FD, _ = s.Socket(stack.SockTCP)
		err := s.Bind(p.FD, tcp.Endpoint{Port: a.port})
		if err == 0 {
			err = s.Listen(p.FD, 128)
		}
		if err != 0 {
			s.printf(StyleError, "iperf3: error - unable to start listener for connections: %s", err.Error())
			s.exit()
			return false
		}
		s.iperfListening(f, a)
	}
	p.Line = 2
	for len(f.Streams) < maxStreams {
		fd, peer, err := s.Accept(p.FD)
		if err != 0 {
			break
		}
		if len(f.Streams) == 0 {
			s.printf(StyleOut, "Accepted connection from %s, port %d", peer.Addr, peer.Port)
		}
		s.SetSockopt(fd, "TCP_NOTSENT_LOWAT", notSent)
		p.Files = append(p.Files, fd)
		f.Streams = append(f.Streams, Stream{FD: fd, Peer: peer, Up: true})
	}
	s.iperfServe(p, a)
	p.WakeAt = tcp.Never
	if f.Running {
		p.WakeAt = f.LastAt + a.intervalNs
	}
	return false
}

func (s *Sys) iperfListening(f *Iperf, a *iperfArgs) {
	f.Tests++
	s.printf(StyleOut, "-----------------------------------------------------------")
	s.printf(StyleOut, "Server listening on %d (test #%d)", a.port, f.Tests)
	s.printf(StyleOut, "-----------------------------------------------------------")
}

func (s *Sys) iperfServe(p *Proc, a *iperfArgs) {
	f := &p.Iperf[0]
	open := false
	for i := range f.Streams {
		t := &f.Streams[i]
		if t.Cookie < cookieLen && !t.Over {
			var cookie [cookieLen]byte
			n, err := s.Read(t.FD, cookie[:cookieLen-t.Cookie])
			if n > 0 && t.Cookie == 0 {
				t.Sends = cookie[0] == 'R'
			}
			t.Cookie += uint32(n)
			t.Over = err != 0 && err != tcp.EAGAIN || n == 0 && err == 0
			if t.Cookie == cookieLen {
				s.printf(StyleOut, "[%3d] local %s port %d connected to %s port %d", a.number(i), s.Conn(t.FD).Local.Addr, a.port, t.Peer.Addr, t.Peer.Port)
				if !f.Running {
					f.Running, f.BeganAt, f.LastAt, f.EndAt = true, s.Now, s.Now, tcp.Never
					s.iperfHead(t.Sends)
				}
			}
		}
		if t.Cookie == cookieLen {
			for s.iperfMove(p, t, a) {
			}
			if c := s.Conn(t.FD); t.Sends && c != nil && c.FinReceived {
				t.Over = true
			}
		}
		open = open || !t.Over
	}
	p.Line = 3
	if f.Running && f.LastAt+a.intervalNs <= s.Now {
		s.iperfInterval(f, f.LastAt+a.intervalNs, a)
	}
	if len(f.Streams) > 0 && !open {
		if f.Running {
			s.iperfSummary(f, a)
		}
		for i := range f.Streams {
			s.Close(f.Streams[i].FD)
		}
		f.Streams, f.Running, p.Files = nil, false, nil
		s.iperfListening(f, a)
	}
}
