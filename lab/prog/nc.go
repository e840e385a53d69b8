package prog

import (
	"wirelab/stack/tcp"
)

var ncSource = []string{
	`fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`bind(fd, INADDR_ANY, port);      // with -l`,
	`listen(fd, 5);                   // with -l`,
	`fd = accept(fd) or connect(fd);  // -l or not`,
	`poll(stdin, fd);`,
	`close(fd);`,
}

// stepNC copies what is typed to the connection and what arrives to the
// terminal, until both directions have ended.
func stepNC(s *Sys, p *Proc) bool {
	listening := p.Args[0] == "-l"
	switch {
	case p.Line <= 3 && listening:
		return stepListen(s, p, p.Args[1], 4)
	case p.Line == 4 && listening:
		return stepAccept(s, p, 5)
	case p.Line <= 2:
		if !stepConnect(s, p, 5) {
			return false
		}
		p.Conn, p.FD = p.FD, -1
	case p.Line == 5:
		return stepCopy(s, p)
	case p.Line == 6:
		s.exit()
	}
	return true
}

func stepCopy(s *Sys, p *Proc) bool {
	moved := false
	if len(p.Buf) == 0 {
		if line, ok := s.gets(); ok {
			p.Buf = append(append(p.Buf, line...), '\n')
		} else if p.Eof {
			s.Shutdown(p.Conn, false, true)
			p.Eof = false
		}
	}
	if len(p.Buf) > 0 {
		done, err := s.flush(p.Conn)
		moved = done
		if err != 0 && err != tcp.EAGAIN {
			s.call(err, 0, "write(%d)", p.Conn)
			p.Line = 6
			return true
		}
	}
	buf := s.scratch[:2048]
	n, err := s.Read(p.Conn, buf)
	switch {
	case err == tcp.EAGAIN:
		return moved
	case err != 0:
		s.call(err, 0, "read(%d)", p.Conn)
		p.Line = 6
	case n == 0: // the peer is done; we may go on
		if c := s.Conn(p.Conn); c.State != tcp.Closed && !c.FinQueued {
			return moved
		}
		p.Line = 6
	default:
		s.machine.write(buf[:n])
	}
	return true
}
