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
	traceMost     = 65000 // bytes of a packet
)

var tracerouteSource = []string{
	`getaddrinfo(host, NULL, &hints, &ai);`,
	`fd = socket(AF_INET, SOCK_DGRAM, 0);  // with IP_RECVERR`,
	`setsockopt(fd, IPPROTO_IP, IP_TTL, &hop, sizeof hop);`,
	`sendto(fd, probe, n, 0, ai->ai_addr);  // to port 33434 + probe`,
	`recvmsg(fd, &msg, MSG_ERRQUEUE);`,
}

type traceArgs struct {
	host               string
	first, hops, tries uint64
	port               uint16 // of the first probe; of an echo its sequence number
	bytes              uint64 // of a packet with its headers; zero: as usual
	waitNs             int64
	family             uint8
	numeric, echo      bool
}

func parseTraceroute(args []string) (a traceArgs, err error) {
	o, err := getopt(args, "f:m:q:w:p:I46n", "icmp=I", "first=f", "max-hops=m", "queries=q", "wait=w", "port=p")
	if err != nil {
		return a, err
	}
	if len(o.rest) == 2 {
		if a.bytes, err = count(o.rest[1], traceMost); err != nil {
			return a, err
		}
		o.rest = o.rest[:1]
	}
	if len(o.rest) != 1 {
		return a, errors.New("an address or a name is needed, and perhaps the length of a packet")
	}
	a.host, a.family, a.numeric, a.echo = o.rest[0], familyOf(&o), o.on['n'], o.on['I']
	usual := uint64(tracePort)
	if a.echo {
		usual = 1
	}
	errs := make([]error, 5)
	var port uint64
	a.hops, errs[0] = o.number('m', 1, 255, 30)
	a.first, errs[1] = o.number('f', 1, max(a.hops, 1), 1)
	a.tries, errs[2] = o.number('q', 1, 10, traceTries)
	a.waitNs, errs[3] = o.seconds('w', traceWaitNs)
	port, errs[4] = o.number('p', 1, 65535, usual)
	a.port = uint16(port)
	for _, err := range errs {
		if err != nil {
			return a, err
		}
	}
	return a, checkHost(a.host)
}

// data returns how many bytes a probe carries behind its header of 8 bytes.
func (a *traceArgs) data(to wire.Addr) (data, whole int) {
	whole, head := traceBytes, wire.IPv4Len
	if !to.Is4() {
		whole, head = traceBytesIP6, wire.IPv6Len
	}
	if a.bytes > 0 {
		whole = max(int(a.bytes), head+wire.UDPLen)
	}
	return whole - head - wire.UDPLen, whole
}

// stepTraceroute sends UDP datagrams that live for one hop, then for two …, to ports where nobody listens; with -I
// echo requests.
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
		p.Trace = []Trace{{To: addrs[0], Hop: uint8(a.first), Probe: a.port}}
		p.Line = 2
	case 2:
		kind := stack.SockUDP
		if a.echo {
			kind = stack.SockICMP
		}
		p.FD, _ = s.Socket(kind)
		if a.echo {
			s.Bind(p.FD, tcp.Endpoint{})
		}
		s.SetSockopt(p.FD, "IP_RECVERR", 1)
		s.SetSockopt(p.FD, "IP_MTU_DISCOVER", tcp.MTUDont)
		_, whole := a.data(p.Trace[0].To)
		s.printf(StyleOut, "traceroute to %s (%s), %d hops max, %d byte packets", a.host, p.Trace[0].To, a.hops, whole)
		if _, _, err := s.RouteTo(p.Trace[0].To); err != 0 {
			s.printf(StyleError, "connect: %s", err.Error())
			s.exit()
			return false
		}
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
		n, _ := a.data(t.To)
		clear(s.scratch[:n])
		t.SentAt = s.Now
		if _, err := s.SendTo(p.FD, s.scratch[:n], tcp.Endpoint{Addr: t.To, Port: t.Probe}); err != 0 {
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
		if e.Port == t.Probe {
			t.note(&e, s.Now-t.SentAt, a.numeric)
			return s.traceNext(p, a)
		}
	}
	for {
		n, from, _, err := s.RecvFrom(p.FD, s.scratch[:64])
		if err != 0 || n < 0 {
			break
		}
		if from.Port != t.Probe {
			continue
		} // somebody listens there, or the echo came back
		t.time(from.Addr, s.Now-t.SentAt, a.numeric)
		t.Arrived = true
		return s.traceNext(p, a)
	}
	if s.Now < t.SentAt+a.waitNs {
		p.WakeAt = t.SentAt + a.waitNs
		return false
	}
	t.Text += " *"
	return s.traceNext(p, a)
}

// time adds who answered, if that is somebody else than before, and when.
func (t *Trace) time(from wire.Addr, rtt int64, numeric bool) {
	if from != t.Last {
		t.Last = from
		if numeric {
			t.Text += " " + from.String()
		} else {
			t.Text += fmt.Sprintf(" %s (%s)", from, from)
		}
	}
	t.Text += fmt.Sprintf("  %s ms", ms3(rtt))
}

// note adds what an error says to the line of the hop.
func (t *Trace) note(e *stack.ExtError, rtt int64, numeric bool) {
	t.time(e.From, rtt, numeric)
	if !t.To.Is4() {
		marks := [...]string{" !N", " !X", " !S", " !H", ""}
		if e.Type == wire.ICMPv6Unreachable && int(e.Code) < len(marks) {
			t.Text, t.Arrived = t.Text+marks[e.Code], true
		}
		return
	}
	if e.Type == wire.ICMPUnreachable {
		t.Arrived = true
		t.Text += traceMark(e)
	}
}

// traceMark is what traceroute prints behind an answer that says why the destination is not reached.
func traceMark(e *stack.ExtError) string {
	switch e.Code {
	case wire.CodePortUnreachable: // it is reached
		return ""
	case wire.CodeNetUnreachable, 6, 8, 11:
		return " !N"
	case wire.CodeHostUnreachable, 7, 12:
		return " !H"
	case wire.CodeProtoUnreachable:
		return " !P"
	case wire.CodeFragNeeded:
		return fmt.Sprintf(" !F-%d", e.MTU)
	case 5:
		return " !S"
	case 9, 10, 13:
		return " !X"
	case 14:
		return " !V"
	case 15:
		return " !C"
	}
	return fmt.Sprintf(" !<%d>", e.Code)
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
