package prog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// Ping is the variables of ping.
type Ping struct {
	To                              wire.Addr
	Seq, Received, Errors           uint32
	Told                            bool // the first line is printed
	BeganAt, LastAt, NextAt         int64
	MinNs, MaxNs, SumUs, SumSquares int64 // of round trips; squares in µs²
	Repeats                         uint32
	Acked, Pipe                     uint32     // the latest request that was answered; most that were under way
	EndAt                           int64      // when waiting for the last answers is over; zero: not all requests are sent
	Ewma                            int64      // eight times a moving average of round trips, in µs
	Seen                            [16]uint64 // a bit for each of the last 1024 requests: answered
}

var pingSource = []string{
	`getaddrinfo(host, NULL, &hints, &ai);`,
	`fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);`,
	`sendto(fd, echo request, ai->ai_addr);`,
	`recvmsg(fd, echo reply);  // or with MSG_ERRQUEUE what a router says`,
}

// pingArgs are the command line of ping.
type pingArgs struct {
	host                    string
	count                   uint64 // zero: for ever
	intervalNs, waitNs      int64
	deadlineNs              int64 // zero: none
	size                    uint64
	ttl                     uint64
	family                  uint8
	quiet, flood, broadcast bool
	outstanding             bool  // -O: tells when there is no answer yet
	mtuMode                 int64 // of IP_MTU_DISCOVER; -1: the host's
}

// mtuModes are the words of -M.
var mtuModes = map[string]int64{"dont": tcp.MTUDont, "want": tcp.MTUWant, "do": tcp.MTUDo, "probe": tcp.MTUProbing}

const (
	floodNs     = 10_000_000 // between requests of -f as long as no answer comes
	floodFastNs = 20_000     // and at the least
)

func parsePing(args []string) (a pingArgs, err error) {
	o, err := getopt(args, "c:i:s:t:W:w:M:46nqObf")
	if err != nil {
		return a, err
	}
	if len(o.rest) == 2 && !o.on['c'] { // as labs of old say it
		o.on['c'], o.val['c'], o.rest = true, o.rest[1], o.rest[:1]
	}
	if len(o.rest) != 1 {
		return a, errors.New("an address or a name is needed")
	}
	a.host = o.rest[0]
	errs := make([]error, 8)
	a.count, errs[0] = o.number('c', 1, 1_000_000, 0)
	a.intervalNs, errs[1] = o.seconds('i', 1_000_000_000)
	a.size, errs[2] = o.number('s', 0, 65507, 56)
	a.ttl, errs[3] = o.number('t', 1, 255, 0)
	a.waitNs, errs[4] = o.seconds('W', 10_000_000_000)
	errs[5] = checkHost(a.host)
	a.deadlineNs, errs[6] = o.seconds('w', 0)
	if a.mtuMode = -1; o.on['M'] {
		var ok bool
		if a.mtuMode, ok = mtuModes[o.val['M']]; !ok {
			errs[7] = fmt.Errorf("-M takes do, want, dont or probe, not %q", o.val['M'])
		}
	}
	if a.flood = o.on['f']; a.flood && !o.on['i'] {
		a.intervalNs = floodNs
	}
	if a.intervalNs < 2_000_000 {
		errs[1] = errors.New("-i takes at least 0.002 seconds")
	}
	for _, err := range errs {
		if err != nil {
			return a, err
		}
	}
	a.family, a.quiet, a.broadcast, a.outstanding = familyOf(&o), o.on['q'], o.on['b'], o.on['O']
	return a, nil
}

// familyOf reads -4 and -6.
func familyOf(o *options) uint8 {
	switch {
	case o.on['6']:
		return 6
	case o.on['4']:
		return 4
	}
	return 0
}

// stepPing sends an echo request a second and prints what comes back. The
// time of sending travels in the packet, as it does with the real ping.
func stepPing(s *Sys, p *Proc) bool {
	a, _ := parsePing(p.Args)
	switch p.Line {
	case 1:
		addrs, why, done := s.resolve(p, a.host, a.family)
		if !done {
			return false
		}
		if len(addrs) == 0 {
			s.printf(StyleError, "ping: %s: %s", a.host, why)
			s.exit()
			return false
		}
		p.Ping = []Ping{{To: addrs[0], BeganAt: s.Now, NextAt: s.Now}}
		p.Line = 2
	case 2:
		p.FD, _ = s.Socket(stack.SockICMP)
		s.Bind(p.FD, tcp.Endpoint{})
		s.SetSockopt(p.FD, "IP_RECVERR", 1)
		if a.ttl > 0 {
			s.SetSockopt(p.FD, "IP_TTL", int64(a.ttl))
		}
		if a.mtuMode >= 0 {
			s.SetSockopt(p.FD, "IP_MTU_DISCOVER", a.mtuMode)
		}
		p.Line = 3
	case 3:
		return stepPingSend(s, p, &a)
	case 4:
		return stepPong(s, p, &a)
	}
	return true
}

func stepPingSend(s *Sys, p *Proc, a *pingArgs) bool {
	ping := &p.Ping[0]
	if ping.NextAt > s.Now || ping.allSent(a) {
		p.Line = 4
		return true
	}
	if a.outstanding && ping.Seq > 0 && !ping.answered(uint16(ping.Seq)) {
		s.printf(StyleOut, "no answer yet for icmp_seq=%d", ping.Seq)
	}
	data := s.scratch[:max(a.size, 8)]
	for i := range data {
		data[i] = byte(i)
	}
	binary.BigEndian.PutUint64(data, uint64(s.Now))
	_, err := s.SendTo(p.FD, data[:a.size], tcp.Endpoint{Addr: ping.To, Port: uint16(ping.Seq + 1)})
	switch {
	case err == 0 || err == tcp.EMSGSIZE:
	case err == tcp.EACCES && a.broadcast:
		s.printf(StyleError, "WARNING: pinging broadcast address")
		s.SetSockopt(p.FD, "SO_BROADCAST", 1)
		return true
	case err == tcp.EACCES:
		s.printf(StyleError, "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules")
		s.exit()
		return false
	case !ping.Told: // as Linux does, which finds the way once
		s.printf(StyleError, "ping: connect: %s", err.Error())
		s.exit()
		return false
	case s.pingErrors(p, a): // it was about an earlier one
		return true
	default:
		s.printf(StyleError, "ping: sendmsg: %s", err.Error())
	}
	ping.Seq++
	ping.Seen[ping.Seq/64%16] &^= 1 << (ping.Seq % 64)
	ping.LastAt = s.Now
	ping.NextAt += a.intervalNs
	if ping.allSent(a) {
		ping.EndAt = s.Now + a.waitNs
		if ping.Received > 0 { // -W counts as long as there is no answer at all
			ping.EndAt = s.Now + max(2*ping.MaxNs, a.intervalNs)
		}
	}
	if !ping.Told {
		ping.Told = true
		if ping.To.Is4() {
			s.printf(StyleOut, "PING %s (%s) %d(%d) bytes of data.", a.host, ping.To, a.size, a.size+28)
		} else {
			s.printf(StyleOut, "PING %s(%s) %d data bytes", a.host, ping.To, a.size)
		}
	}
	if a.flood && !a.quiet {
		s.write([]byte{'.'})
	}
	if err == tcp.EMSGSIZE {
		s.pingErrors(p, a)
		return s.pingOn(p, a)
	}
	return true
}

// allSent reports whether no request follows. With a deadline, the answers are counted, not the requests.
func (g *Ping) allSent(a *pingArgs) bool {
	return a.count > 0 && uint64(g.Seq) >= a.count && a.deadlineNs == 0
}

func stepPong(s *Sys, p *Proc, a *pingArgs) bool {
	ping := &p.Ping[0]
	if s.pingErrors(p, a) {
		return s.pingOn(p, a)
	}
	buf := s.scratch[:]
	n, from, ttl, err := s.RecvFrom(p.FD, buf)
	if err == 0 && n >= 8 {
		s.pingReply(p, a, buf[:n], from, ttl)
		return s.pingOn(p, a)
	}
	end := timer.Never
	if a.deadlineNs > 0 {
		end = ping.BeganAt + a.deadlineNs
	}
	if ping.EndAt > 0 {
		end = min(end, ping.EndAt)
	}
	switch {
	case s.Now >= end:
		return stepPingEnd(s, p)
	case ping.EndAt == 0 && ping.NextAt <= s.Now:
		p.Line = 3
		return true
	case ping.EndAt == 0:
		end = min(end, ping.NextAt)
	}
	p.WakeAt = end
	return false
}

// pingReply takes an answer and prints it.
func (s *Sys) pingReply(p *Proc, a *pingArgs, b []byte, from tcp.Endpoint, ttl uint8) {
	ping := &p.Ping[0]
	ping.acknowledge(from.Port)
	again := ping.seen(from.Port)
	line := fmt.Sprintf("%d bytes from %s: icmp_seq=%d ttl=%d", len(b), from.Addr, from.Port, ttl)
	if a.size >= 8 {
		rtt := s.Now - int64(binary.BigEndian.Uint64(b[8:]))
		ping.note(rtt)
		line += " time=" + pingTime(rtt)
		line += " ms"
	}
	if again {
		line += " (DUP!)"
	}
	switch {
	case a.quiet:
	case a.flood:
		s.write([]byte("\b \b"))
	default:
		s.printf(StyleOut, "%s", line)
	}
	if a.flood && ping.Acked == ping.Seq { // nothing is under way: the next one goes at once
		ping.NextAt = max(s.Now, ping.LastAt+floodFastNs)
	}
}

// acknowledge counts how many requests were under way when an answer came.
func (g *Ping) acknowledge(seq uint16) {
	behind := uint16(g.Seq) - seq
	if behind > 0x7fff {
		return
	}
	g.Pipe = max(g.Pipe, uint32(behind)+1)
	g.Acked = max(g.Acked, g.Seq-uint32(behind))
}

// pingOn goes on, or ends when all that was asked for is here. With a deadline, an error ends it too.
func (s *Sys) pingOn(p *Proc, a *pingArgs) bool {
	ping := &p.Ping[0]
	if a.count > 0 && uint64(ping.Received+ping.Errors) >= a.count || a.deadlineNs > 0 && ping.Errors > 0 {
		return stepPingEnd(s, p)
	}
	return true
}

// pingTime prints a round trip with three digits below 1 ms, and fewer above, as iputils does.
func pingTime(ns int64) string {
	us := ns / 1000
	switch {
	case us >= 100_000:
		return fmt.Sprintf("%d", us/1000)
	case us >= 10_000:
		return fmt.Sprintf("%d.%d", us/1000, us%1000/100)
	case us >= 1000:
		return fmt.Sprintf("%d.%02d", us/1000, us%1000/10)
	}
	return fmt.Sprintf("%d.%03d", us/1000, us%1000)
}

// answered reports whether there was an answer to a request.
func (g *Ping) answered(seq uint16) bool { return g.Seen[seq/64%16]&(1<<(seq%64)) != 0 }

// seen counts an answer, and reports whether there was one to the same request before.
func (g *Ping) seen(seq uint16) bool {
	if g.answered(seq) {
		g.Repeats++
		return true
	}
	g.Seen[seq/64%16] |= 1 << (seq % 64)
	g.Received++
	return false
}

// note takes a round trip into the statistics.
func (g *Ping) note(rtt int64) {
	if g.Received+g.Repeats == 1 || rtt < g.MinNs {
		g.MinNs = rtt
	}
	g.MaxNs = max(g.MaxNs, rtt)
	g.SumUs += rtt / 1000
	g.SumSquares += (rtt / 1000) * (rtt / 1000)
	if g.Ewma == 0 {
		g.Ewma = rtt / 1000 * 8
	} else {
		g.Ewma += rtt/1000 - g.Ewma/8
	}
}

func stepPingEnd(s *Sys, p *Proc) bool {
	pingStatistics(s, p)
	s.exit()
	return false
}

func pingStatistics(s *Sys, p *Proc) {
	if len(p.Ping) == 0 || !p.Ping[0].Told {
		return
	}
	a, _ := parsePing(p.Args)
	g := &p.Ping[0]
	lost := g.Seq - min(g.Seq, g.Received)
	switch {
	case p.Stop: // ^C stands on that line
	case a.flood && !a.quiet: // the dots do
		s.write([]byte{'\n'})
	default:
		s.printf(StyleOut, "")
	}
	s.printf(StyleOut, "--- %s ping statistics ---", a.host)
	errors := ""
	if g.Repeats > 0 {
		errors = fmt.Sprintf("+%d duplicates, ", g.Repeats)
	}
	if g.Errors > 0 {
		errors += fmt.Sprintf("+%d errors, ", g.Errors)
	}
	percent := fmt.Sprintf("%d", uint64(lost)*100/uint64(max(g.Seq, 1)))
	if rest := uint64(lost) * 100 % uint64(max(g.Seq, 1)); rest > 0 { // six digits at most, as %g
		percent = percentOf(uint64(lost), uint64(g.Seq))
	}
	s.printf(StyleOut, "%d packets transmitted, %d received, %s%s%% packet loss, time %dms", g.Seq, g.Received, errors, percent, (g.LastAt-g.BeganAt)/1_000_000)
	var last []string
	if g.Received > 0 && a.size >= 8 {
		n := int64(g.Received + g.Repeats)
		avg := g.SumUs / n * 1000
		variance := (g.SumSquares - g.SumUs*g.SumUs/n) / n
		last = append(last, fmt.Sprintf("rtt min/avg/max/mdev = %s/%s/%s/%s ms", ms3(g.MinNs), ms3(avg), ms3(g.MaxNs), ms3(int64(root(uint64(max(variance, 0))))*1000)))
	}
	if g.Pipe > 1 {
		last = append(last, fmt.Sprintf("pipe %d", g.Pipe))
	}
	if g.Received > 0 && a.flood && g.Seq > 1 {
		last = append(last, fmt.Sprintf("ipg/ewma %s/%s ms", ms3((g.LastAt-g.BeganAt)/int64(g.Seq-1)), ms3(g.Ewma/8*1000)))
	}
	s.printf(StyleOut, "%s", strings.Join(last, ", "))
}
