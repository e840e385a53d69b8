package prog

import (
	"errors"
	"fmt"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Trace is the variables of traceroute. Probes of one hop are sent one after the other.
type Trace struct {
	To      wire.Addr
	Last    wire.Addr // who answered the probe before, of this hop
	Text    string    // the line of this hop, as far as it is known
	SentAt  int64
	Probe   uint16
	Hop     uint8
	Try     uint8
	Arrived bool
}

const (
	tracePort     = 33434 // of the first probe; each takes the next one
	traceTries    = 3
	traceWaitNs   = 5_000_000_000
	traceBytes    = 60
	traceBytesIP6 = 80
)

var tracerouteSource = []string{
	`getaddrinfo(host, NULL, &hints, &ai);`,
	`fd = socket(AF_INET, SOCK_DGRAM, 0);  // with IP_RECVERR`,
	`setsockopt(fd, IPPROTO_IP, IP_TTL, &hop, sizeof hop);`,
	`sendto(fd, probe, n, 0, ai->ai_addr);  // to port 33434 + probe`,
	`recvmsg(fd, &msg, MSG_ERRQUEUE);`,
}

type traceArgs struct {
	host        string
	hops, tries uint64
	waitNs      int64
	family      uint8
	numeric     bool
}

func parseTraceroute(args []string) (a traceArgs, err error) {
	o, err := getopt(args, "m:q:w:46n")
	if err != nil {
		return a, err
	}
	if len(o.rest) != 1 {
		return a, errors.New("an address or a name is needed")
	}
	a.host, a.family, a.numeric = o.rest[0], familyOf(&o), o.on['n']
	if a.hops, err = o.number('m', 1, 255, 30); err != nil {
		return a, err
	}
	if a.tries, err = o.number('q', 1, 10, traceTries); err != nil {
		return a, err
	}
	if a.waitNs, err = o.seconds('w', traceWaitNs); err != nil {
		return a, err
	}
	return a, checkHost(a.host)
}

// stepTraceroute sends UDP datagrams that live for one hop, then for two …, to ports where nobody listens.
func stepTraceroute(s *Sys, p *Proc) bool {
	a, _ := parseTraceroute(p.Args)
	switch p.Line {
	case 1:
		addrs, why, done := s.resolve(p, a.host, a.family)
		if !done {
			return false
		}
		if len(addrs) == 0 {
			s.printf(StyleError, "%s: %s", a.host, why)
			s.printf(StyleError, "Cannot handle \"host\" cmdline arg `%s' on position 1 (argc 1)", a.host)
			s.exit()
			return false
		}
		p.Trace = []Trace{{To: addrs[0], Hop: 1}}
		p.Line = 2
	case 2:
		p.FD, _ = s.Socket(stack.SockUDP)
		s.SetSockopt(p.FD, "IP_RECVERR", 1)
		size := traceBytes
		if !p.Trace[0].To.Is4() {
			size = traceBytesIP6
		}
		if _, _, err := s.RouteTo(p.Trace[0].To); err != 0 {
			s.printf(StyleError, "connect: %s", err.Error())
			s.exit()
			return false
		}
		s.printf(StyleOut, "traceroute to %s (%s), %d hops max, %d byte packets", a.host, p.Trace[0].To, a.hops, size)
		p.Line = 3
	case 3:
		t := &p.Trace[0]
		if t.Try == 0 {
			t.Text, t.Last = fmt.Sprintf("%2d ", t.Hop), wire.Addr{}
		}
		s.SetSockopt(p.FD, "IP_TTL", int64(t.Hop))
		p.Line = 4
	case 4:
		t := &p.Trace[0]
		n := 32 // of data: 60 bytes with the headers, 80 over IPv6
		clear(s.scratch[:n])
		t.SentAt = s.Now
		if _, err := s.SendTo(p.FD, s.scratch[:n], tcp.Endpoint{Addr: t.To, Port: tracePort + t.Probe}); err != 0 {
			s.printf(StyleError, "send: %s", err.Error())
			s.exit()
			return false
		}
		p.Line = 5
	case 5:
		return s.traceAnswer(p, &a)
	}
	return true
}

// traceAnswer waits for what a router or the destination says about the probe.
func (s *Sys) traceAnswer(p *Proc, a *traceArgs) bool {
	t := &p.Trace[0]
	for {
		e, ok := s.RecvError(p.FD)
		if !ok {
			break
		}
		if e.Port == tracePort+t.Probe {
			t.note(&e, s.Now-t.SentAt, a.numeric)
			return s.traceNext(p, a)
		}
	}
	if n, from, _, err := s.RecvFrom(p.FD, s.scratch[:64]); err == 0 && n >= 0 && from.Port == tracePort+t.Probe { // somebody listens there
		t.note(&stack.ExtError{From: from.Addr, Type: wire.ICMPUnreachable, Code: wire.CodePortUnreachable}, s.Now-t.SentAt, a.numeric)
		return s.traceNext(p, a)
	}
	if s.Now < t.SentAt+a.waitNs {
		p.WakeAt = t.SentAt + a.waitNs
		return false
	}
	t.Text += " *"
	return s.traceNext(p, a)
}

// note adds an answer to the line of the hop.
func (t *Trace) note(e *stack.ExtError, rtt int64, numeric bool) {
	if e.From != t.Last {
		t.Last = e.From
		if numeric {
			t.Text += " " + e.From.String()
		} else {
			t.Text += fmt.Sprintf(" %s (%s)", e.From, e.From)
		}
	}
	t.Text += fmt.Sprintf("  %s ms", ms3(rtt))
	if !t.To.Is4() {
		marks := [...]string{" !N", " !X", " !S", " !H", ""}
		if e.Type == wire.ICMPv6Unreachable && int(e.Code) < len(marks) {
			t.Text, t.Arrived = t.Text+marks[e.Code], true
		}
		return
	}
	if e.Type == wire.ICMPUnreachable {
		t.Arrived = true
		switch e.Code {
		case wire.CodeNetUnreachable:
			t.Text += " !N"
		case wire.CodeHostUnreachable:
			t.Text += " !H"
		case wire.CodeProtoUnreachable:
			t.Text += " !P"
		case wire.CodeFragNeeded:
			t.Text += fmt.Sprintf(" !F-%d", e.MTU)
		case 13:
			t.Text += " !X"
		}
	}
}

func (s *Sys) traceNext(p *Proc, a *traceArgs) bool {
	t := &p.Trace[0]
	t.Probe++
	t.Try++
	p.Line = 3
	if uint64(t.Try) < a.tries {
		return true
	}
	s.printf(StyleOut, "%s", t.Text)
	t.Try = 0
	if t.Arrived || uint64(t.Hop) == a.hops {
		s.exit()
		return false
	}
	t.Hop++
	return true
}
