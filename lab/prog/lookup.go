package prog

import (
	"slices"
	"strconv"

	"golang.org/x/net/dns/dnsmessage"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Lookup is a question to a name server, with the numbers of resolv.conf(5).
type Lookup struct {
	FD       int32
	ID       uint16
	Try      uint8
	Want     uint8 // answers that are missing: wantA, wantAAAA
	Asked    uint8
	Failed   bool  // some server could not tell
	Exists   bool  // the name does, with or without an address
	Stream   uint8 // how far a question over TCP is: streamConnect, streamRead
	In       []byte
	Deadline int64
	Addrs    []wire.Addr
}

const (
	wantA = 1 << iota
	wantAAAA

	streamConnect uint8 = 1 // an answer over UDP was truncated (RFC 7766 §5)
	streamRead    uint8 = 2

	lookupTimeoutNs = 5_000_000_000
	lookupAttempts  = 2 // of each server
	maxAnswers      = 32
)

// Words of gai_strerror(3).
const (
	gaiAgain  = "Temporary failure in name resolution"
	gaiNoName = "Name or service not known"
	gaiNoData = "No address associated with hostname"
	gaiFamily = "Address family for hostname not supported"
)

// resolve is getaddrinfo(3): the addresses of a name, the ones to try first first. family is 4, 6, or 0 for
// both. While it is not done it has to be called again whenever the program runs.
func (s *Sys) resolve(p *Proc, name string, family uint8) (addrs []wire.Addr, why string, done bool) {
	if a, err := wire.ParseAddr(name); err == nil || name == "localhost" {
		if err != nil {
			a = wire.V4(127, 0, 0, 1)
		}
		if family == 4 && !a.Is4() || family == 6 && a.Is4() {
			return nil, gaiFamily, true
		}
		return []wire.Addr{a}, "", true
	}
	if len(p.Lookup) == 0 {
		if len(s.Nameservers) == 0 {
			if addrs := s.named(name, family); len(addrs) > 0 {
				return addrs, "", true
			}
			return nil, gaiAgain, true
		}
		p.Lookup = []Lookup{{FD: -1, ID: s.random(p), Asked: wanted(family, s.IP.IPv6)}}
		s.ask(p, name)
	}
	s.answers(p, name)
	q := &p.Lookup[0]
	switch {
	case q.Want == 0:
	case int(q.Try) >= lookupAttempts*len(s.Nameservers):
		q.Failed = true
	default:
		p.WakeAt = q.Deadline
		return nil, "", false
	}
	addrs, why = s.ranked(q.Addrs), ""
	switch {
	case len(addrs) > 0:
	case q.Failed:
		why = gaiAgain
	case q.Exists:
		why = gaiNoData
	default:
		why = gaiNoName
	}
	s.endLookup(p)
	return addrs, why, true
}

// mustResolve is resolve for programs that end when there is no address; what stands before the words.
// Names are looked up once: the answer stays with the program.
func (s *Sys) mustResolve(p *Proc, what, name string, family uint8) ([]wire.Addr, bool) {
	if len(p.Found) > 0 {
		return p.Found, true
	}
	addrs, why, done := s.resolve(p, name, family)
	if done && len(addrs) == 0 {
		s.printf(StyleError, "%s: %s", what, why)
		s.exit()
	}
	if done && !isAddress(name) {
		p.Found = addrs
	}
	return addrs, done && len(addrs) > 0
}

func isAddress(name string) bool {
	_, err := wire.ParseAddr(name)
	return err == nil
}

func portText(n uint16) string { return strconv.Itoa(int(n)) }

func wanted(family uint8, v6 bool) uint8 {
	switch {
	case family == 4 || family == 0 && !v6: // as with AI_ADDRCONFIG
		return wantA
	case family == 6:
		return wantAAAA
	}
	return wantA | wantAAAA
}

// random is what only this program does not know beforehand: it is drawn from the moment it starts (RFC 5452 §9.2).
func (s *Sys) random(p *Proc) uint16 {
	x := uint64(s.Now)*0x9e3779b97f4a7c15 ^ uint64(p.PID)*0xff51afd7ed558ccd ^ s.Secret[0]
	x ^= x >> 31
	return uint16(x * 0xc4ceb9fe1a85ec53 >> 48)
}

func (s *Sys) endLookup(p *Proc) {
	if len(p.Lookup) > 0 && p.Lookup[0].FD >= 0 {
		s.Close(p.Lookup[0].FD)
	}
	p.Lookup = nil
}

// ask sends the question to the next server whose turn it is.
func (s *Sys) ask(p *Proc, name string) {
	q := &p.Lookup[0]
	for ; int(q.Try) < lookupAttempts*len(s.Nameservers); q.Try++ {
		if q.FD >= 0 {
			s.Close(q.FD)
		}
		q.FD, _ = s.Socket(stack.SockUDP)
		q.Want, q.Deadline, q.Stream, q.In = q.Asked, s.Now+lookupTimeoutNs, 0, nil
		if s.Connect(q.FD, s.lookupServer(q)) != 0 {
			continue
		}
		if s.question(q, name) {
			return
		}
	}
}

// lookupServer is the server whose turn it is.
func (s *Sys) lookupServer(q *Lookup) tcp.Endpoint {
	return tcp.Endpoint{Addr: s.Nameservers[int(q.Try)%len(s.Nameservers)], Port: wire.DNSPort}
}

// question writes what is still to be asked; false if it cannot be sent.
func (s *Sys) question(q *Lookup, name string) bool {
	for bit, typ := range []dnsmessage.Type{dnsmessage.TypeA, dnsmessage.TypeAAAA} {
		if q.Want&(1<<bit) == 0 {
			continue
		}
		b, err := buildQuery(q.ID+uint16(bit), name, typ)
		if err != nil {
			q.Want = 0
			return true
		}
		if q.Stream > 0 {
			b = overTCP(b)
		}
		if _, errno := s.Write(q.FD, b); errno != 0 {
			return false
		}
	}
	return true
}

// hear returns the next message of the server; EAGAIN if there is none yet.
func (s *Sys) hear(q *Lookup, name string) ([]byte, tcp.Errno) {
	b := s.scratch[:4096]
	switch q.Stream {
	case 0:
		n, err := s.Read(q.FD, b)
		return b[:n], err
	case streamConnect:
		if err := s.Connect(q.FD, s.lookupServer(q)); Blocks(err) {
			return nil, tcp.EAGAIN
		} else if err != 0 && err != tcp.EISCONN {
			return nil, err
		}
		if q.Stream = streamRead; !s.question(q, name) {
			return nil, tcp.ECONNRESET
		}
	}
	for {
		if m, ok := cutMessage(&q.In); ok {
			return m, 0
		}
		n, err := s.Read(q.FD, b)
		if err == 0 && n == 0 {
			err = tcp.ECONNRESET
		}
		if err != 0 {
			return nil, err
		}
		q.In = append(q.In, b[:n]...)
	}
}

// overStream asks the same server again over TCP.
func (s *Sys) overStream(q *Lookup) {
	s.Close(q.FD)
	q.FD, _ = s.Socket(stack.SockTCP)
	q.Stream, q.Deadline = streamConnect, s.Now+lookupTimeoutNs
}

// answers reads what has come; a server that refuses, fails or is silent gives its turn to the next one.
func (s *Sys) answers(p *Proc, name string) {
	q := &p.Lookup[0]
	for q.Want != 0 && int(q.Try) < lookupAttempts*len(s.Nameservers) {
		b, err := s.hear(q, name)
		switch {
		case err == tcp.EAGAIN && s.Now < q.Deadline:
			return
		case err != 0:
			q.Try++
			s.ask(p, name)
		default:
			switch q.take(b, name) {
			case tookTruncated:
				s.overStream(q)
			case tookFailure:
				q.Try++
				s.ask(p, name)
			}
		}
	}
}

// What take made of a message.
const (
	tookIt        uint8 = iota
	tookFailure         // the server cannot tell
	tookTruncated       // the answer did not fit
)

// take takes a message.
func (q *Lookup) take(b []byte, name string) uint8 {
	var m dnsmessage.Message
	if m.Unpack(b) != nil || !m.Response || len(m.Questions) != 1 || !sameName(m.Questions[0].Name.String(), name) {
		return tookIt // not an answer to us
	}
	bit := m.ID - q.ID
	if bit > 1 || q.Want&(1<<bit) == 0 {
		return tookIt
	}
	if m.Truncated && q.Stream == 0 {
		return tookTruncated
	}
	if m.RCode != dnsmessage.RCodeSuccess && m.RCode != dnsmessage.RCodeNameError {
		return tookFailure
	}
	q.Want &^= 1 << bit
	q.Exists = q.Exists || m.RCode == dnsmessage.RCodeSuccess
	for _, r := range m.Answers {
		if len(q.Addrs) >= maxAnswers {
			break
		}
		switch body := r.Body.(type) {
		case *dnsmessage.AResource:
			q.Addrs = append(q.Addrs, wire.V4(body.A[0], body.A[1], body.A[2], body.A[3]))
		case *dnsmessage.AAAAResource:
			q.Addrs = append(q.Addrs, wire.Addr(body.AAAA))
		}
	}
	return tookIt
}

// ranked puts first what can be reached, and of that IPv6 (RFC 6724 §6, rules 1 and 6).
func (s *Sys) ranked(addrs []wire.Addr) []wire.Addr {
	rank := func(a wire.Addr) int {
		_, _, err := s.RouteTo(a)
		switch {
		case err != 0:
			return 2
		case a.Is4():
			return 1
		}
		return 0
	}
	addrs = slices.Clone(addrs)
	slices.SortStableFunc(addrs, func(a, b wire.Addr) int { return rank(a) - rank(b) })
	return addrs
}
