package prog

import (
	"strconv"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// The echo pair of the tutorials: the client sends lines until "exit" and then
// closes its direction; the server sends each line back, says "bye" after the
// client's FIN, and closes.

var echoServerSource = []string{
	`fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`bind(fd, INADDR_ANY, port);`,
	`listen(fd, 5);`,
	`conn = accept(fd, &peer);`,
	`n = read(conn, buf, sizeof buf);`,
	`if (n > 0) { write(conn, buf, n); continue; }`,
	`usleep(think);`,
	`write(conn, "bye\n", 4);`,
	`close(conn);`,
}

func stepEchoServer(s *Sys, p *Proc) bool {
	switch p.Line {
	case 1, 2, 3:
		return stepListen(s, p, p.Args[0], 4)
	case 4:
		return stepAccept(s, p, 5)
	case 5:
		buf := s.scratch[:2048]
		n, err := s.Read(p.Conn, buf)
		switch {
		case err == tcp.EAGAIN:
			return false
		case err != 0:
			s.call(err, 0, "read(%d)", p.Conn)
			p.Line = 9
		case n == 0:
			s.call(0, 0, "read(%d)", p.Conn)
			p.Buf = append(p.Buf, "bye\n"...)
			if p.Line = 7; len(p.Args) > 1 {
				ms, _ := strconv.Atoi(p.Args[1])
				p.WakeAt = s.Now + int64(ms)*1_000_000
			}
		default:
			p.Buf = append(p.Buf, buf[:n]...)
			p.Line = 6
		}
	case 7:
		if p.WakeAt != timer.Never {
			return false
		}
		p.Line = 8
	case 6, 8:
		done, err := s.flush(p.Conn)
		switch {
		case err == tcp.EAGAIN:
			return false
		case err != 0:
			s.call(err, 0, "write(%d)", p.Conn)
			p.Line = 9
		case done && p.Line == 6:
			p.Line = 5
		case done:
			p.Line = 9
		}
	case 9:
		s.call(s.Close(p.Conn), 0, "close(%d)", p.Conn)
		p.Conn = -1
		p.Buf, p.Sent = nil, 0
		p.Line = 4
	}
	return true
}

// stepListen does the first three lines of every server: socket, bind, listen.
func stepListen(s *Sys, p *Proc, portText string, next uint16) bool {
	n, _ := port(portText)
	return s.listen(p, n, 5, next)
}

func (s *Sys) listen(p *Proc, n uint16, backlog uint32, next uint16) bool {
	var err tcp.Errno
	switch p.Line {
	case 1:
		p.FD, err = s.Socket(stack.SockTCP)
		s.call(err, int(p.FD), "socket(AF_INET, SOCK_STREAM, 0)")
	case 2:
		err = s.Bind(p.FD, tcp.Endpoint{Port: n})
		s.call(err, 0, "bind(%d, %d)", p.FD, n)
	case 3:
		err = s.Listen(p.FD, backlog)
		s.call(err, 0, "listen(%d, %d)", p.FD, backlog)
	}
	if err != 0 {
		s.exit()
		return false
	}
	p.Line = min(p.Line+1, next)
	return true
}

// stepAccept waits for the next connection.
func stepAccept(s *Sys, p *Proc, next uint16) bool {
	conn, peer, err := s.Accept(p.FD)
	return s.accepted(p, conn, peer, err, next)
}

// accepted shows what accept said; false if there is no connection.
func (s *Sys) accepted(p *Proc, conn int32, peer tcp.Endpoint, err tcp.Errno, next uint16) bool {
	if err == tcp.EAGAIN {
		return false
	}
	s.call(err, int(conn), "accept(%d) from %s:%d", p.FD, peer.Addr, peer.Port)
	if err != 0 {
		s.exit()
		return false
	}
	p.Conn = conn
	p.Line = next
	return true
}

var echoClientSource = []string{
	`fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`connect(fd, server, port);`,
	`fgets(line, sizeof line, stdin);`,
	`if (line is "exit") shutdown(fd, SHUT_WR);`,
	`write(fd, line, strlen(line));`,
	`n = read(fd, buf, sizeof buf);`,
	`close(fd);`,
}

func stepEchoClient(s *Sys, p *Proc) bool {
	switch p.Line {
	case 1, 2:
		return stepConnect(s, p, 3)
	case 3:
		line, ok := s.gets()
		if !ok && !p.Eof {
			return s.failed(p, 7)
		}
		if p.Line = 5; !ok || line == "exit" {
			p.Line = 4
		}
		p.Buf = append(append(p.Buf[:0], line...), '\n')
	case 4:
		p.Buf = p.Buf[:0]
		s.call(s.Shutdown(p.FD, false, true), 0, "shutdown(%d, SHUT_WR)", p.FD)
		p.Line = 6
	case 5:
		done, err := s.flush(p.FD)
		if err == tcp.EAGAIN {
			return false
		}
		p.Line = 6
		if !done {
			s.call(err, 0, "write(%d)", p.FD)
			p.Line = 7
		}
	case 6:
		return stepReadEcho(s, p)
	case 7:
		s.call(s.Close(p.FD), 0, "close(%d)", p.FD)
		p.FD = -1
		s.exit()
	}
	return true
}

// stepReadEcho prints what comes back: a line each, and after shutdown all there is.
func stepReadEcho(s *Sys, p *Proc) bool {
	buf := s.scratch[:2048]
	n, err := s.Read(p.FD, buf)
	switch {
	case err == tcp.EAGAIN:
		return false
	case err != 0:
		s.call(err, 0, "read(%d)", p.FD)
		p.Line = 7
	case n == 0:
		s.call(0, 0, "read(%d)", p.FD)
		p.Line = 7
	default:
		s.write(buf[:n])
		if !s.Conn(p.FD).FinQueued && buf[n-1] == '\n' { // not p.Eof: ^D may be pressed before the echo is back
			p.Line = 3
		}
	}
	return true
}

// failed moves a program that waits for a person on to line next if its
// connection has meanwhile ended.
func (s *Sys) failed(p *Proc, next uint16) bool {
	if c := s.Conn(p.FD); c != nil && c.State == tcp.Closed {
		_, err := s.Read(p.FD, make([]byte, 1))
		s.call(err, 0, "read(%d)", p.FD)
		p.Line = next
		return true
	}
	return false
}

// stepConnect does the first two lines of every client: socket, connect.
func stepConnect(s *Sys, p *Proc, next uint16) bool { return s.reach(p, next, true) }

// reach does that; told says that each call shows on the terminal, not only one that fails.
func (s *Sys) reach(p *Proc, next uint16, told bool) bool {
	addrs, ok := s.mustResolve(p, p.Command, p.Args[0], 0)
	if !ok {
		return false
	}
	n, _ := port(p.Args[1])
	to := tcp.Endpoint{Addr: addrs[0], Port: n}
	if p.Line == 1 {
		fd, err := s.Socket(stack.SockTCP)
		if told || err != 0 {
			s.call(err, int(fd), "socket(AF_INET, SOCK_STREAM, 0)")
		}
		p.FD = fd
		if p.Line = 2; err != 0 {
			s.exit()
			return false
		}
	}
	switch err := s.Connect(p.FD, to); err {
	case tcp.EINPROGRESS, tcp.EALREADY:
		return false
	case 0, tcp.EISCONN:
		if told {
			s.call(0, 0, "connect(%d, %s:%d)", p.FD, to.Addr, to.Port)
		}
		p.Line = next
		return true
	default:
		s.call(err, 0, "connect(%d, %s:%d)", p.FD, to.Addr, to.Port)
		s.exit()
		return false
	}
}
