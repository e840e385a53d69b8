package prog

import (
	"errors"

	"wirelab/stack/tcp"
)

// Programs about many connections: churn opens and closes one after the other, crowd opens
// many and keeps them, hold accepts and keeps.

const maxConnections = 1_000_000

// checkMany checks ADDRESS PORT COUNT.
func checkMany(args []string) error {
	if len(args) != 3 {
		return errors.New("3 arguments are needed")
	}
	if err := ports(2, 1)(args[:2]); err != nil {
		return err
	}
	_, err := count(args[2], maxConnections)
	return err
}

var churnSource = []string{
	`while (n-- > 0) { fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`connect(fd, server, port);`,
	`shutdown(fd, SHUT_WR);`,
	`while (read(fd, buf, sizeof buf) > 0);`,
	`close(fd); }`,
}

func stepChurn(s *Sys, p *Proc) bool {
	switch p.Line {
	case 1, 2:
		return s.reach(p, 3, false)
	case 3:
		s.Shutdown(p.FD, false, true)
		p.Line = 4
	case 4:
		n, err := s.Read(p.FD, s.scratch[:])
		if err == tcp.EAGAIN {
			return false
		}
		if err != 0 || n == 0 {
			p.Line = 5
		}
	case 5:
		s.Close(p.FD)
		p.FD = -1
		return s.counted(p)
	}
	return true
}

var crowdSource = []string{
	`while (n-- > 0) { fd[n] = socket(AF_INET, SOCK_STREAM, 0);`,
	`connect(fd[n], server, port); }`,
	`pause();`,
}

func stepCrowd(s *Sys, p *Proc) bool {
	switch p.Line {
	case 1, 2:
		return s.reach(p, 3, false)
	case 3:
		if p.FD < 0 { // all are there
			return false
		}
		p.Files, p.FD = append(p.Files, p.FD), -1
		if p.Bulk.Bytes++; p.Bulk.Bytes < p.connections() {
			p.Line = 1
			return true
		}
		s.printf(StyleOut, "%d connections", p.Bulk.Bytes)
	}
	return false
}

// connections is how many connections the program was told to open.
func (p *Proc) connections() uint64 {
	n, _ := count(p.Args[2], maxConnections)
	return n
}

// counted goes back to the first line until the count is reached.
func (s *Sys) counted(p *Proc) bool {
	p.Bulk.Bytes++
	if p.Bulk.Bytes < p.connections() {
		p.Line = 1
		return true
	}
	s.printf(StyleOut, "%d connections", p.Bulk.Bytes)
	s.exit()
	return false
}

var holdSource = []string{
	`fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`bind(fd, INADDR_ANY, port);`,
	`listen(fd, 5);`,
	`while (accept(fd, &peer) >= 0);`,
}

func stepHold(s *Sys, p *Proc) bool {
	if p.Line < 4 {
		return stepListen(s, p, p.Args[0], 4)
	}
	conn, _, err := s.Accept(p.FD)
	if err != 0 {
		return false
	}
	p.Files = append(p.Files, conn)
	return true
}
