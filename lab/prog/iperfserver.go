package prog

import (
	"strconv"

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
			return s.iperfFails(p, "error - unable to start listener for connections: "+err.Error())
		}
		s.iperfListening(f, a)
	}
	p.Line = 3
	for s.iperfAccept(p, a) || p.Conn >= 0 && !s.iperfTalk(p, a) {
	}
	switch {
	case f.Stage == iperfConnecting && f.UDP:
		s.udpAccept(p, a)
	case f.Stage == iperfConnecting:
		s.iperfCookies(p, a)
	}
	p.WakeAt = tcp.Never
	if f.Running {
		if f.UDP {
			s.udpMove(p, a)
		}
		for i := range f.Streams {
			for !f.UDP && s.iperfMove(p, &f.Streams[i], a) {
			}
		}
		if f.LastAt+a.intervalNs <= s.Now {
			s.iperfInterval(f, f.LastAt+a.intervalNs, a)
		}
		p.WakeAt = min(f.LastAt+a.intervalNs, f.nextDatagram())
	}
	return false
}

func (s *Sys) iperfListening(f *Iperf, a *iperfArgs) {
	f.Tests++
	s.printf(StyleOut, "-----------------------------------------------------------")
	s.printf(StyleOut, "Server listening on %d (test #%d)", a.port, f.Tests)
	s.printf(StyleOut, "-----------------------------------------------------------")
}

// iperfAccept takes a connection: the control connection of a test, one of its streams, or one too many.
func (s *Sys) iperfAccept(p *Proc, a *iperfArgs) bool {
	f := &p.Iperf[0]
	fd, peer, err := s.Accept(p.FD)
	switch {
	case err != 0:
		return false
	case p.Conn < 0:
		p.Conn = fd
		s.SetSockopt(fd, "TCP_NODELAY", 1)
		s.printf(StyleOut, "Accepted connection from %s, port %d", peer.Addr, peer.Port)
	case f.Stage == iperfConnecting && !f.UDP && len(f.Streams) < int(f.Wanted):
		s.SetSockopt(fd, "TCP_NOTSENT_LOWAT", notSent)
		p.Files = append(p.Files, fd)
		f.Streams = append(f.Streams, Stream{FD: fd, Peer: peer, Sends: f.Reverse})
	default:
		s.Write(fd, []byte{iperfAccessDenied})
		s.Close(fd)
	}
	return true
}

// iperfCookies reads how the streams begin; when all are of this test, it begins.
func (s *Sys) iperfCookies(p *Proc, a *iperfArgs) {
	f := &p.Iperf[0]
	up := uint32(0)
	for i := 0; i < len(f.Streams); i++ {
		t := &f.Streams[i]
		if room := cookieLen - len(t.Cookie); room > 0 {
			n, err := s.Read(t.FD, s.scratch[:room])
			t.Cookie = append(t.Cookie, s.scratch[:max(n, 0)]...)
			gone := err != 0 && err != tcp.EAGAIN || n == 0 && err == 0
			if gone || len(t.Cookie) == cookieLen && string(t.Cookie) != f.Cookie { // another client
				s.Close(t.FD)
				f.Streams = append(f.Streams[:i:i], f.Streams[i+1:]...)
				p.Files = append(p.Files[:i:i], p.Files[i+1:]...)
				i--
				continue
			}
		}
		if len(t.Cookie) < cookieLen {
			continue
		}
		if up++; !t.Up {
			t.Up = true
			s.printf(StyleOut, "[%3d] local %s port %d connected to %s port %d", a.number(i), s.Conn(t.FD).Local.Addr, a.port, t.Peer.Addr, t.Peer.Port)
		}
	}
	if up == f.Wanted {
		s.iperfBegin(p)
	}
}

// iperfBegin begins the test and says so.
func (s *Sys) iperfBegin(p *Proc) {
	f := &p.Iperf[0]
	f.begin(s.Now, tcp.Never)
	s.iperfSay(p, iperfTestStart, iperfTestRunning)
	s.iperfHead(f, f.Reverse)
}

// serverHears does the next thing that the client said; false if it is not all here.
func (s *Sys) serverHears(p *Proc, a *iperfArgs) bool {
	f := &p.Iperf[0]
	switch f.Stage {
	case iperfCookie:
		if len(f.In) < cookieLen {
			return false
		}
		f.Cookie, f.In, f.Stage = string(f.In[:cookieLen]), append(f.In[:0:0], f.In[cookieLen:]...), iperfParams
		s.iperfSay(p, iperfParamExchange)
		return true
	case iperfParams:
		text, ok := f.takeText()
		if !ok {
			return false
		}
		n, err := strconv.ParseUint(jsonValue(text, "parallel"), 10, 32)
		if err != nil || n == 0 || n > maxStreams {
			s.printf(StyleError, "iperf3: error - unable to receive parameters from client")
			s.iperfNext(p, a)
			return false
		}
		f.Wanted, f.Reverse, f.Stage = uint32(n), jsonValue(text, "reverse") == "true", iperfConnecting
		if f.UDP = jsonValue(text, "udp") == "true"; f.UDP {
			length, _ := strconv.ParseUint(jsonValue(text, "len"), 10, 32)
			rate, _ := strconv.ParseUint(jsonValue(text, "bandwidth"), 10, 40)
			f.Length = uint32(min(max(length, iperfDatagram+4), 65507))
			f.GapNs = iperfGap(f.Length, max(rate, 1000))
			if !s.udpListen(p, a) {
				s.iperfNext(p, a)
				return false
			}
		}
		s.iperfSay(p, iperfCreateStreams)
		return true
	case iperfResults:
		text, ok := f.takeText()
		if !ok {
			return false
		}
		f.peerResults(text)
		s.iperfTell(p, f.results())
		s.iperfSay(p, iperfDisplayResults)
		s.iperfSummary(f, a)
		f.Stage = iperfShowing
		return true
	}
	what := f.In[0]
	f.In = append(f.In[:0:0], f.In[1:]...)
	switch {
	case what == iperfTestEnd && f.Running:
		for i := range f.Streams { // what is here already counts
			for !f.Reverse && !f.UDP && s.iperfMove(p, &f.Streams[i], a) {
			}
		}
		s.iperfOver(f, a)
		s.iperfSay(p, iperfExchangeResults)
		f.Stage = iperfResults
	case what == iperfClientTerminates:
		if f.Running {
			s.iperfOver(f, a)
			s.iperfSummary(f, a)
		}
		s.printf(StyleError, "iperf3: the client has terminated")
		s.iperfNext(p, a)
	case what == iperfDone:
		s.iperfNext(p, a)
	}
	return p.Conn >= 0
}

// iperfNext forgets a test and waits for the next one.
func (s *Sys) iperfNext(p *Proc, a *iperfArgs) {
	f := &p.Iperf[0]
	s.iperfClose(f)
	for _, fd := range p.Files {
		s.Close(fd)
	}
	s.Close(p.Conn)
	*f = Iperf{Tests: f.Tests}
	p.Conn, p.Files, p.Buf, p.Sent = -1, nil, nil, 0
	s.iperfListening(f, a)
}
