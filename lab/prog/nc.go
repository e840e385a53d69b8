package prog

import (
	"errors"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// NC is the variables of nc.
type NC struct {
	Addrs []wire.Addr // to try, the next one first
	Peer  tcp.Endpoint
	Until int64 // -w
	Told  bool
}

var ncSource = []string{
	`fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`bind(fd, INADDR_ANY, port);      // with -l`,
	`listen(fd, 5);                   // with -l`,
	`fd = accept(fd) or connect(fd);  // -l or not`,
	`poll(stdin, fd);`,
	`close(fd);`,
}

type ncArgs struct {
	listen, udp, verbose, zero bool
	host                       string
	port, from                 uint16
	waitNs                     int64
	family                     uint8
}

func parseNC(args []string) (a ncArgs, err error) {
	o, err := getopt(args, "luvznkp:w:46N")
	if err != nil {
		return a, err
	}
	a.listen, a.udp, a.verbose, a.zero, a.family = o.on['l'], o.on['u'], o.on['v'], o.on['z'], familyOf(&o)
	if a.waitNs, err = o.seconds('w', 0); err != nil {
		return a, err
	}
	rest := o.rest
	if o.on['p'] {
		if a.from, err = port(o.val['p']); err != nil {
			return a, err
		}
		if a.listen && len(rest) == 0 {
			rest = []string{o.val['p']}
		}
	}
	switch {
	case a.listen && len(rest) != 1:
		return a, errors.New("with -l a port is needed")
	case !a.listen && len(rest) != 2:
		return a, errors.New("2 arguments are needed")
	case !a.listen:
		a.host = rest[0]
		if err = checkHost(a.host); err != nil {
			return a, err
		}
	}
	a.port, err = port(rest[len(rest)-1])
	return a, err
}

// stepNC copies what is typed to the connection and what arrives to the
// terminal, until both directions have ended.
func stepNC(s *Sys, p *Proc) bool {
	a, _ := parseNC(p.Args)
	switch {
	case p.Line == 6:
		s.exit()
		return false
	case a.udp:
		return stepNCDatagrams(s, p, &a)
	case p.Line <= 3 && a.listen:
		was := p.Line
		if !s.listen(p, a.port, 5, 4) {
			return false
		}
		if a.verbose && was == 3 {
			s.printf(StyleOut, "Listening on 0.0.0.0 %d", a.port)
		}
	case p.Line == 4 && a.listen:
		conn, peer, err := s.Accept(p.FD)
		if !s.accepted(p, conn, peer, err, 5) {
			return false
		}
		if a.verbose {
			s.printf(StyleOut, "Connection received on %s %d", peer.Addr, peer.Port)
		}
	case p.Line <= 4:
		return stepNCConnect(s, p, &a)
	case p.Line == 5:
		return stepCopy(s, p)
	}
	return true
}

// stepNCConnect tries one address of the host after the other.
func stepNCConnect(s *Sys, p *Proc, a *ncArgs) bool {
	if len(p.NC) == 0 {
		addrs, ok := s.mustResolve(p, "nc: getaddrinfo for host \""+a.host+"\" port "+portText(a.port), a.host, a.family)
		if !ok {
			return false
		}
		p.NC = []NC{{Addrs: addrs}}
		if a.waitNs > 0 {
			p.NC[0].Until = s.Now + a.waitNs
		}
	}
	n := &p.NC[0]
	to := tcp.Endpoint{Addr: n.Addrs[0], Port: a.port}
	if p.Line == 1 {
		p.FD, _ = s.Socket(stack.SockTCP)
		s.call(0, int(p.FD), "socket(AF_INET, SOCK_STREAM, 0)")
		if a.from != 0 {
			if err := s.Bind(p.FD, tcp.Endpoint{Port: a.from}); err != 0 {
				s.call(err, 0, "bind(%d, %d)", p.FD, a.from)
				s.exit()
				return false
			}
		}
		p.Line = 4
	}
	err := s.Connect(p.FD, to)
	switch {
	case err == tcp.EINPROGRESS || err == tcp.EALREADY:
		if n.Until == 0 || s.Now < n.Until {
			if p.WakeAt = tcp.Never; n.Until > 0 {
				p.WakeAt = n.Until
			}
			return false
		}
		err = tcp.ETIMEDOUT
	case err == 0 || err == tcp.EISCONN:
		s.call(0, 0, "connect(%d, %s:%d)", p.FD, to.Addr, to.Port)
		if a.verbose {
			s.printf(StyleOut, "Connection to %s %d port [tcp/*] succeeded!", a.host, a.port)
		}
		p.Conn, p.FD, p.Line = p.FD, -1, 5
		if a.zero {
			p.Line = 6
		}
		return true
	}
	s.call(err, 0, "connect(%d, %s:%d)", p.FD, to.Addr, to.Port)
	if a.verbose {
		s.printf(StyleError, "nc: connect to %s port %d (tcp) failed: %s", a.host, a.port, err.Error())
	}
	if n.Addrs = n.Addrs[1:]; len(n.Addrs) == 0 {
		s.exit()
		return false
	}
	s.Close(p.FD)
	p.FD, p.Line = -1, 1
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
		s.write(buf[:n])
	}
	return true
}

// stepNCDatagrams is nc -u: each line is a datagram. One that listens answers whoever sent the first.
func stepNCDatagrams(s *Sys, p *Proc, a *ncArgs) bool {
	if p.Line < 5 {
		return stepNCBind(s, p, a)
	}
	n, moved := &p.NC[0], false
	if line, ok := s.gets(); ok && n.Told {
		_, err := s.Write(p.FD, append([]byte(line), '\n'))
		if moved = true; err != 0 {
			s.call(err, 0, "write(%d)", p.FD)
		}
	} else if ok {
		s.machine.Input = append([]string{line}, s.machine.Input...) // nobody to send it to yet
	}
	buf := s.scratch[:]
	size, from, _, err := s.RecvFrom(p.FD, buf)
	switch {
	case err == tcp.EAGAIN:
		if p.Eof && len(s.machine.Input) == 0 {
			p.Line = 6
			return true
		}
		return moved
	case err != 0:
		s.call(err, 0, "read(%d)", p.FD)
		p.Line = 6
		return true
	}
	if !n.Told {
		n.Told, n.Peer = true, from
		s.Connect(p.FD, from)
		if a.verbose {
			s.printf(StyleOut, "Connection received on %s %d", from.Addr, from.Port)
		}
	}
	s.write(buf[:size])
	return true
}

func stepNCBind(s *Sys, p *Proc, a *ncArgs) bool {
	if a.listen {
		if p.Line < 3 {
			return s.bindUDP(p, a.port, 3)
		}
		p.NC, p.Line = []NC{{}}, 5
		if a.verbose {
			s.printf(StyleOut, "Bound on 0.0.0.0 %d", a.port)
		}
		return true
	}
	addrs, ok := s.mustResolve(p, "nc: getaddrinfo for host \""+a.host+"\" port "+portText(a.port), a.host, a.family)
	if !ok {
		return false
	}
	p.FD, _ = s.Socket(stack.SockUDP)
	s.call(0, int(p.FD), "socket(AF_INET, SOCK_DGRAM, 0)")
	if a.from != 0 {
		s.Bind(p.FD, tcp.Endpoint{Port: a.from})
	}
	to := tcp.Endpoint{Addr: addrs[0], Port: a.port}
	err := s.Connect(p.FD, to)
	s.call(err, 0, "connect(%d, %s:%d)", p.FD, to.Addr, to.Port)
	if err != 0 {
		s.exit()
		return false
	}
	p.NC, p.Line = []NC{{Peer: to, Told: true}}, 5
	return true
}
