package prog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Iperf is the variables of iperf, in the words of iperf3. As there, a connection of its own carries what both sides
// agree on (iperfcontrol.go), and each stream begins with the cookie of the test.
type Iperf struct {
	Streams                []Stream
	Addr                   wire.Addr
	BeganAt, LastAt, EndAt int64 // of the test, of the interval, of the test as planned
	OverAt                 int64 // when this side ended the test
	Running                bool
	Stage                  uint8  // of the control connection
	In                     []byte // that came over it and is not read yet
	Cookie                 string
	Wanted                 uint32 // streams
	Reverse, UDP           bool
	Length                 uint32 // of a datagram
	GapNs                  int64  // between datagrams
	HelloAt                int64  // when those that got no answer greet again
	Tests                  uint32
}

// Stream is one connection of a test.
type Stream struct {
	FD               int32
	Peer             tcp.Endpoint
	Cookie           []byte // as far as it is through
	Sends            bool
	Up, Over         bool
	Bytes, Before    uint64 // in all, and before this interval
	Retr, RetrBefore uint32
	PeerBytes        uint64 // what the other side says
	PeerNs           int64
	PeerRetr         uint32
	Counted          // of datagrams
	CountedBefore    Counted
	PeerCounted      Counted
	TransitNs        int64 // of the last one that came
	NextAt           int64 // when one is due
}

const (
	iperfPort   = 5201
	cookieLen   = 37
	maxStreams  = 128
	firstStream = 5 // iperf3's numbers begin there
)

var iperfSource = []string{
	`control = socket(AF_INET, SOCK_STREAM, 0);`,
	`connect(control, server, 5201);  // or bind, listen, accept`,
	`while (now < end) write(fd[i], block, sizeof block);  // or read`,
	`getsockopt(fd[i], IPPROTO_TCP, TCP_INFO, &info, &len);  // each second`,
	`shutdown(fd[i], SHUT_WR);`,
}

type iperfArgs struct {
	server, reverse    bool
	udp                bool
	rate               uint64 // of datagrams, in bits per second
	length             uint32 // of one; zero: as usual
	host, algorithm    string
	port               uint16
	timeNs, intervalNs int64
	bytes, streams     uint64
	family             uint8
}

func parseIperf(args []string) (a iperfArgs, err error) {
	o, err := getopt(args, "sc:p:t:n:P:RC:i:ub:l:46", "server=s", "client=c", "port=p", "time=t", "bytes=n", "parallel=P", "reverse=R", "congestion=C", "interval=i", "udp=u", "bitrate=b", "bandwidth=b", "length=l")
	if err != nil {
		return a, err
	}
	a.server, a.reverse, a.host, a.algorithm, a.family = o.on['s'], o.on['R'], o.val['c'], o.val['C'], familyOf(&o)
	port, e1 := o.number('p', 1, 65535, iperfPort)
	a.port = uint16(port)
	var e2, e3, e4, e5, e6 error
	a.timeNs, e2 = o.seconds('t', 10_000_000_000)
	a.intervalNs, e3 = o.seconds('i', 1_000_000_000)
	a.streams, e4 = o.number('P', 1, maxStreams, 1)
	if o.on['n'] {
		a.bytes, e6 = parseBytes(o.val['n'])
	}
	a.udp, a.rate = o.on['u'], iperfRate
	length, e7 := o.number('l', iperfDatagram+4, 65507, 0)
	if a.length = uint32(length); o.on['b'] {
		if a.rate, e5 = parseRate(o.val['b']); e5 == nil && !a.udp {
			e5 = errors.New("-b goes with -u")
		}
	}
	if o.on['l'] && !a.udp {
		e7 = errors.New("-l goes with -u")
	}
	if a.intervalNs < 100_000_000 {
		e3 = errors.New("-i takes at least 0.1 seconds")
	}
	if o.on['C'] {
		if _, ok := tcp.AlgorithmByName(a.algorithm); !ok {
			e6 = fmt.Errorf("-C takes a congestion control that is there, not %q; sysctl net.ipv4.tcp_available_congestion_control lists them", a.algorithm)
		}
	}
	for _, e := range []error{e1, e2, e3, e4, e5, e6, e7} {
		if e != nil {
			return a, e
		}
	}
	switch {
	case len(o.rest) > 0:
		return a, fmt.Errorf("%q has no meaning", o.rest[0])
	case a.server == o.on['c']:
		return a, errors.New("either -s or -c HOST is needed")
	case !a.server:
		return a, checkHost(a.host)
	}
	return a, nil
}

// parseBytes reads a number with K, M or G behind it, which count in 1024s as iperf3's do.
func parseBytes(s string) (uint64, error) {
	unit := uint64(1)
	if s != "" {
		if i := strings.IndexByte("kmg", s[len(s)-1]|32); i >= 0 {
			unit, s = 1<<(10*(i+1)), s[:len(s)-1]
		}
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n == 0 {
		return 0, errors.New("-n takes a number of bytes such as 500K or 20M")
	}
	return n * unit, nil
}

// parseRate reads bits per second with K, M or G behind them, which count in 1000s.
func parseRate(s string) (uint64, error) {
	unit := uint64(1)
	if s != "" {
		if i := strings.IndexByte("kmg", s[len(s)-1]|32); i >= 0 {
			unit, s = [...]uint64{1000, 1_000_000, 1_000_000_000}[i], s[:len(s)-1]
		}
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n*unit < 1000 || n*unit > 100_000_000_000 {
		return 0, errors.New("-b takes bits per second such as 500K or 20M")
	}
	return n * unit, nil
}

func stepIperf(s *Sys, p *Proc) bool {
	a, _ := parseIperf(p.Args)
	if len(p.Iperf) == 0 {
		p.Iperf = []Iperf{{}}
	}
	if a.server {
		return s.iperfServer(p, &a)
	}
	f := &p.Iperf[0]
	switch p.Line {
	case 1:
		addrs, ok := s.mustResolve(p, "iperf3: error - unable to connect to server", a.host, a.family)
		if !ok {
			return false
		}
		f.Addr, f.Cookie, f.Wanted, p.Line = addrs[0], s.cookie(p), uint32(a.streams), 2
		f.UDP, f.Reverse, f.Length = a.udp, a.reverse, a.length
		if f.Length == 0 {
			f.Length = udpLength(f.Addr)
		}
		f.GapNs = iperfGap(f.Length, a.rate)
		p.Conn, _ = s.Socket(stack.SockTCP)
	case 2:
		switch err := s.Connect(p.Conn, tcp.Endpoint{Addr: f.Addr, Port: a.port}); err {
		case tcp.EINPROGRESS, tcp.EALREADY:
			return false
		case 0, tcp.EISCONN:
		default:
			return s.iperfFails(p, "error - unable to connect to server: "+err.Error())
		}
		s.SetSockopt(p.Conn, "TCP_NODELAY", 1)
		p.Buf, p.Line = append(p.Buf, f.Cookie...), 3
	default:
		if !s.iperfTalk(p, &a) {
			return false
		}
		switch {
		case f.Stage == iperfConnecting && f.UDP:
			s.udpConnect(p, &a)
		case f.Stage == iperfConnecting:
			s.iperfConnect(p, &a)
		}
		if f.Running && !p.Done {
			s.iperfRun(p, &a)
		}
		return false
	}
	return true
}

// cookie returns what the connections of a test begin with.
func (s *Sys) cookie(p *Proc) string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	b := make([]byte, cookieLen)
	x := uint64(s.random(p))<<32 | uint64(p.PID)
	for i := range cookieLen - 1 {
		x = x*6364136223846793005 + 1442695040888963407
		b[i] = letters[x>>59]
	}
	return string(b)
}

func (s *Sys) iperfFails(p *Proc, why string) bool {
	s.printf(StyleError, "iperf3: %s", why)
	s.exit()
	return false
}

// iperfConnect opens the streams. The test begins when the server says so.
func (s *Sys) iperfConnect(p *Proc, a *iperfArgs) {
	f := &p.Iperf[0]
	for len(f.Streams) < int(f.Wanted) {
		fd, err := s.Socket(stack.SockTCP)
		if err != 0 {
			s.iperfFails(p, "error - unable to create a new stream: "+err.Error())
			return
		}
		s.SetSockopt(fd, "TCP_NOTSENT_LOWAT", notSent)
		if a.algorithm != "" {
			s.SetCongestion(fd, a.algorithm)
		}
		p.Files = append(p.Files, fd)
		f.Streams = append(f.Streams, Stream{FD: fd, Sends: !a.reverse})
	}
	for i := range f.Streams {
		t := &f.Streams[i]
		if !t.Up {
			switch err := s.Connect(t.FD, tcp.Endpoint{Addr: f.Addr, Port: a.port}); err {
			case tcp.EINPROGRESS, tcp.EALREADY:
				continue
			case 0, tcp.EISCONN:
				t.Up = true
				c := s.Conn(t.FD)
				s.printf(StyleOut, "[%3d] local %s port %d connected to %s port %d", a.number(i), c.Local.Addr, c.Local.Port, c.Remote.Addr, c.Remote.Port)
			default:
				s.iperfFails(p, "error - unable to create a new stream: "+err.Error())
				return
			}
		}
		if left := f.Cookie[len(t.Cookie):]; left != "" {
			n, _ := s.Write(t.FD, []byte(left))
			t.Cookie = append(t.Cookie, left[:max(n, 0)]...)
		}
	}
}

func (s *Sys) iperfHead(f *Iperf, sends bool) {
	tail := ""
	switch {
	case f.UDP && sends:
		tail = "         Total Datagrams"
	case f.UDP:
		tail = "         Jitter    Lost/Total Datagrams"
	case sends:
		tail = "         Retr  Cwnd"
	}
	s.printf(StyleOut, "[ ID] Interval           Transfer     Bitrate%s", tail)
}

// begin begins the test on this side.
func (f *Iperf) begin(now, end int64) {
	f.Stage, f.Running, f.BeganAt, f.LastAt, f.EndAt = iperfTesting, true, now, now, end
	for i := range f.Streams {
		f.Streams[i].NextAt = now
	}
}

// iperfRun moves data until the time is over, and reports each second; then it says so to the server.
func (s *Sys) iperfRun(p *Proc, a *iperfArgs) {
	f := &p.Iperf[0]
	open := f.UDP
	if f.UDP {
		s.udpMove(p, a)
	}
	for moved := !f.UDP; moved; { // in turn, so that none takes all of -n
		moved = false
		for i := range f.Streams {
			moved = s.iperfMove(p, &f.Streams[i], a) || moved
		}
	}
	for i := range f.Streams {
		open = open || !f.Streams[i].Over
	}
	if f.LastAt+a.intervalNs <= s.Now && s.Now < f.EndAt {
		s.iperfInterval(f, f.LastAt+a.intervalNs, a)
	}
	if s.Now >= f.EndAt || !open || a.bytes > 0 && f.total() >= a.bytes && s.iperfDrained(f) {
		s.iperfOver(f, a)
		s.iperfSay(p, iperfTestEnd)
		return
	}
	p.WakeAt = min(f.LastAt+a.intervalNs, f.EndAt, f.nextDatagram())
}

// nextDatagram returns when one is due.
func (f *Iperf) nextDatagram() int64 {
	next := tcp.Never
	for i := range f.Streams {
		if t := &f.Streams[i]; f.UDP && t.Sends {
			next = min(next, t.NextAt)
		}
	}
	return next
}

// iperfOver ends the test on this side.
func (s *Sys) iperfOver(f *Iperf, a *iperfArgs) {
	if s.Now-f.LastAt >= 1_000_000 {
		s.iperfInterval(f, s.Now, a)
	}
	for i := range f.Streams {
		s.countRetrans(&f.Streams[i])
	}
	f.OverAt, f.Running = s.Now, false
}

func (f *Iperf) total() (n uint64) {
	for i := range f.Streams {
		n += f.Streams[i].Bytes
	}
	return n
}

// iperfDrained reports whether all that was sent is acknowledged.
func (s *Sys) iperfDrained(f *Iperf) bool {
	for i := range f.Streams {
		if c := s.Conn(f.Streams[i].FD); c != nil && f.Streams[i].Sends && c.SndQueued > 0 {
			return false
		}
	}
	return true
}

// notSent is how much may wait in a socket behind what is under way: about what Linux lets its buffers,
// which grow with the congestion window, hold.
const notSent = 128 << 10

// iperfMove sends or takes a piece; false if it would block, or there is no more.
func (s *Sys) iperfMove(p *Proc, t *Stream, a *iperfArgs) bool {
	var n int
	var err tcp.Errno
	switch {
	case t.Over:
		return false
	case !t.Sends:
		if n, err = s.Read(t.FD, s.scratch[:]); n == 0 && err == 0 {
			t.Over = true
		}
	case !a.server && a.bytes > 0 && p.Iperf[0].total() >= a.bytes || s.Ready(t.FD)&stack.Writable == 0:
		return false
	default:
		n, err = s.WriteBlock(t.FD, s.page(p), 0, pageLen)
	}
	t.Bytes += uint64(n)
	t.Over = t.Over || err != 0 && err != tcp.EAGAIN
	return n > 0
}

// page returns the block that a program writes over and over.
func (s *Sys) page(p *Proc) block.Handle {
	if p.Bulk.Page == 0 {
		if isPage(s.Pool.Data(s.pageSeen)) {
			s.Pool.Retain(s.pageSeen)
		} else {
			s.pageSeen = s.Pool.New(pageLen)
			for i, data := 0, s.Pool.Data(s.pageSeen); i < pageLen; i++ {
				data[i] = pageByte(i)
			}
		}
		p.Bulk.Page = s.pageSeen
	}
	return p.Bulk.Page
}

// isPage reports whether a block that was a page once still is one.
func isPage(b []byte) bool {
	for i := range b {
		if b[i] != pageByte(i) {
			return false
		}
	}
	return len(b) == pageLen
}

func pageByte(i int) byte { return byte(i*7 + i>>8) }

// iperfClose closes the streams. What still waits to be sent does not count, and must not disturb the next test: as with
// iperf3 a reset ends it.
func (s *Sys) iperfClose(f *Iperf) {
	for i := range f.Streams {
		t := &f.Streams[i]
		if c := s.Conn(t.FD); c != nil && t.Sends && c.SndQueued > 0 {
			s.SetLinger(t.FD, true, 0)
		}
	}
}

func stopIperf(s *Sys, p *Proc) {
	a, _ := parseIperf(p.Args)
	who, last := "client", iperfClientTerminates
	if a.server {
		who, last = "server", iperfServerTerminates
	}
	if len(p.Iperf) > 0 {
		f := &p.Iperf[0]
		if f.Running {
			s.iperfOver(f, &a)
			s.iperfSummary(f, &a)
		}
		if p.Conn >= 0 && p.Line > 2 {
			s.iperfSay(p, last)
		}
		s.iperfClose(f)
	}
	s.printf(StyleError, "iperf3: interrupt - the %s has terminated", who)
}
