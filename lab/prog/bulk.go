package prog

import (
	"errors"

	"wirelab/stack/block"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// Bulk is the variables of source and sink.
type Bulk struct {
	Bytes, Limit uint64
	Page         block.Handle // what a source writes over and over
}

const pageLen = 65536

// pace returns how much a program moves at once and how long it then rests, as
// its arguments from number i on say, or as fast as it goes.
func pace(args []string, i int) (chunk uint64, pauseNs int64) {
	if len(args) <= i {
		return pageLen, 0
	}
	chunk, _ = count(args[i], pageLen)
	ms, _ := count(args[i+1], maxPauseMs)
	return chunk, int64(ms) * 1_000_000
}

const maxPauseMs = 3_600_000

// checkPace checks the arguments that pace reads; they may be missing.
func checkPace(args []string) error {
	if len(args) == 0 {
		return nil
	}
	if len(args) != 2 {
		return errors.New("a number of bytes and a pause belong together")
	}
	_, err := count(args[0], pageLen)
	if err == nil {
		_, err = count(args[1], maxPauseMs)
	}
	return err
}

var sourceSource = []string{
	`fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`connect(fd, server, port);`,
	`while (more) write(fd, page, sizeof page);`,
	`shutdown(fd, SHUT_WR);`,
	`while (read(fd, buf, sizeof buf) > 0);`,
}

// stepSource sends a page of bytes over and over, by reference: what waits in
// its send buffer costs no memory.
func stepSource(s *Sys, p *Proc) bool {
	b := &p.Bulk
	switch p.Line {
	case 1, 2:
		b.Limit = 1 << 62
		if len(p.Args) > 2 {
			b.Limit, _ = count(p.Args[2], 1<<60)
		}
		return stepConnect(s, p, 3)
	case 3:
		s.page(p)
		chunk, pause := pace(p.Args, 3)
		for b.Bytes < b.Limit {
			if p.WakeAt != timer.Never {
				return false
			}
			off := uint32(b.Bytes % pageLen)
			n, err := s.WriteBlock(p.FD, b.Page, off, uint32(min(chunk, pageLen-uint64(off), b.Limit-b.Bytes)))
			if err == tcp.EAGAIN {
				return false
			}
			if err != 0 {
				s.call(err, 0, "write(%d)", p.FD)
				s.exit()
				return false
			}
			b.Bytes += uint64(n)
			if pause > 0 {
				p.WakeAt = s.Now + pause
			}
		}
		p.Line = 4
	case 4:
		s.Shutdown(p.FD, false, true)
		p.Line = 5
	case 5:
		n, err := s.Read(p.FD, s.scratch[:])
		if err == tcp.EAGAIN {
			return false
		}
		if err != 0 {
			s.call(err, 0, "read(%d)", p.FD)
			s.exit()
			return false
		}
		if n == 0 {
			s.printf(StyleOut, "%d bytes sent", b.Bytes)
			s.exit()
			return false
		}
	}
	return true
}

var sinkSource = []string{
	`fd = socket(AF_INET, SOCK_STREAM, 0);`,
	`bind(fd, INADDR_ANY, port);`,
	`listen(fd, 5);`,
	`conn = accept(fd, &peer);`,
	`while ((n = read(conn, buf, sizeof buf)) > 0) total += n;`,
	`close(conn);`,
}

// stepSink reads and forgets, one connection after the other.
func stepSink(s *Sys, p *Proc) bool {
	switch p.Line {
	case 1, 2, 3:
		return stepListen(s, p, p.Args[0], 4)
	case 4:
		return stepAccept(s, p, 5)
	case 5:
		if p.WakeAt != timer.Never {
			return false
		}
		chunk, pause := pace(p.Args, 1)
		n, err := s.Read(p.Conn, s.scratch[:chunk])
		switch {
		case err == tcp.EAGAIN:
			return false
		case err != 0 || n == 0:
			if err != 0 {
				s.call(err, 0, "read(%d)", p.Conn)
			}
			if p.Bulk.Bytes > 0 {
				s.printf(StyleOut, "%d bytes received", p.Bulk.Bytes)
			}
			p.Bulk.Bytes = 0
			p.Line = 6
		default:
			p.Bulk.Bytes += uint64(n)
			if pause > 0 {
				p.WakeAt = s.Now + pause
			}
		}
	case 6:
		s.Close(p.Conn)
		p.Conn = -1
		p.Line = 4
	}
	return true
}
