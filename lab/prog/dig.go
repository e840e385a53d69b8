package prog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Dig is the variables of dig.
type Dig struct {
	Server wire.Addr
	ID     uint16
	Try    uint8
	TCP    bool   // asked for, or the answer over UDP was truncated
	In     []byte // over TCP
	SentAt int64
	Second bool // nslookup: it asks for AAAA
	Found  bool // nslookup: there is an address
}

type digQuery struct {
	server, name string
	typ          dnsmessage.Type
	tries        uint64
	timeoutNs    int64
	short        bool
	tcp          bool
	ignore       bool   // a truncated answer is taken as it is
	edns         uint16 // the size of messages over UDP to take; zero: without EDNS
	port         uint16
	lookup       bool // in the words of nslookup
}

// parseDig reads dig's operands, which may stand in any order: @server, name, type, +option.
func parseDig(args []string) (q digQuery, err error) {
	q = digQuery{typ: dnsmessage.TypeA, tries: 3, timeoutNs: 5_000_000_000, edns: udpWithEDNS, port: wire.DNSPort}
	var words []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		key, value, _ := strings.Cut(strings.TrimPrefix(a, "+"), "=")
		switch {
		case strings.HasPrefix(a, "@"):
			q.server = a[1:]
			err = checkHost(q.server)
		case a == "+short":
			q.short = true
		case a == "+tcp" || a == "+vc":
			q.tcp = true
		case a == "+ignore":
			q.ignore = true
		case a == "+noedns":
			q.edns = 0
		case a == "+edns":
			q.edns = udpWithEDNS
		case key == "bufsize" && a[:min(1, len(a))] == "+":
			n, e := strconv.ParseUint(value, 10, 16)
			if e != nil {
				return q, errors.New("+bufsize takes a number from 0 to 65535")
			}
			q.edns = uint16(n)
		case a[:min(1, len(a))] == "+" && (key == "tries" || key == "time"):
			n, e := strconv.ParseUint(value, 10, 8)
			if e != nil || n == 0 {
				return q, fmt.Errorf("+%s takes a number from 1 to 255", key)
			}
			if key == "tries" {
				q.tries = n
			} else {
				q.timeoutNs = int64(n) * 1_000_000_000
			}
		case a[:min(1, len(a))] == "+":
			return q, fmt.Errorf("there is no option %s", a)
		case a == "-p" && i+1 < len(args):
			i++
			q.port, err = port(args[i])
		case a == "-t" && i+1 < len(args):
			i++
			words = append(words, args[i])
		case strings.HasPrefix(a, "-"):
			return q, fmt.Errorf("there is no option %s", a)
		default:
			words = append(words, a)
		}
		if err != nil {
			return q, err
		}
	}
	for _, w := range words {
		if t, ok := typeByName(w); ok && q.name != "" {
			q.typ = t
		} else if ok && len(words) > 1 {
			q.typ = t
		} else if q.name != "" {
			return q, fmt.Errorf("%q is one name too many", w)
		} else {
			q.name = w
		}
	}
	if q.name == "" {
		return q, errors.New("a name is needed")
	}
	return q, checkHost(strings.TrimSuffix(q.name, "."))
}

var digSource = []string{
	`fd = socket(AF_INET, SOCK_DGRAM, 0);`,
	`connect(fd, server, 53);`,
	`send(fd, query, n, 0);`,
	`n = recv(fd, answer, sizeof answer, 0);  // or a timeout, and once more`,
	`fd = socket(AF_INET, SOCK_STREAM, 0);  // the answer was truncated`,
	`connect(fd, server, 53);`,
	`write(fd, query, n);  // its length in front`,
	`n = read(fd, answer, sizeof answer);`,
}

func stepDig(s *Sys, p *Proc) bool {
	q := p.query()
	switch p.Line {
	case 1:
		if q.server == "" && len(s.Nameservers) == 0 {
			s.printf(StyleError, ";; no servers could be reached: say which with @ADDRESS, or sysctl -w wirelab.nameserver=ADDRESS")
			s.exit()
			return false
		}
		if q.server == "" {
			q.server = s.Nameservers[0].String()
		}
		addrs, why, done := s.resolve(p, q.server, 0)
		if !done {
			return false
		}
		if len(addrs) == 0 {
			s.printf(StyleError, "dig: couldn't get address for '%s': %s", q.server, why)
			s.exit()
			return false
		}
		p.Dig = []Dig{{Server: addrs[0], ID: s.random(p)}}
		if p.Line = 5; !q.tcp {
			p.FD, _ = s.Socket(stack.SockUDP)
			p.Line = 2
		}
	case 2:
		if err := s.Connect(p.FD, tcp.Endpoint{Addr: p.Dig[0].Server, Port: q.port}); err != 0 {
			s.printf(StyleError, ";; UDP setup with %s#%d(%s) for %s failed: %s.", p.Dig[0].Server, q.port, p.Dig[0].Server, q.name, strings.ToLower(err.Error()))
			return digNone(s, p, &q)
		}
		p.Line = 3
	case 3:
		d := &p.Dig[0]
		d.Try++
		d.SentAt = s.Now
		s.Write(p.FD, s.digQuery(p, &q))
		p.Line, p.WakeAt = 4, s.Now+q.timeoutNs
	case 4:
		return digAnswer(s, p, &q)
	default:
		return digStream(s, p, &q)
	}
	return true
}

// digQuery is the question, with EDNS a cookie with it (RFC 7873 §4.1).
func (s *Sys) digQuery(p *Proc, q *digQuery) []byte {
	var opt []dnsmessage.Resource
	if q.edns != 0 {
		const cookie = 10
		id := p.Dig[0].ID
		c := binary.BigEndian.AppendUint64(nil, uint64(id)*0x9e3779b97f4a7c15^s.Secret[0])
		opt = append(opt, optRecord(q.edns, dnsmessage.Option{Code: cookie, Data: c}))
	}
	b, _ := buildQuery(p.Dig[0].ID, q.name, q.typ, opt...)
	return b
}

// digStream does the lines of TCP.
func digStream(s *Sys, p *Proc, q *digQuery) bool {
	d := &p.Dig[0]
	switch p.Line {
	case 5:
		if p.FD >= 0 {
			s.Close(p.FD)
		}
		p.FD, _ = s.Socket(stack.SockTCP)
		d.TCP, d.SentAt, p.Line = true, s.Now, 6
	case 6:
		err := s.Connect(p.FD, tcp.Endpoint{Addr: d.Server, Port: q.port})
		if Blocks(err) && s.Now < d.SentAt+q.timeoutNs {
			p.WakeAt = d.SentAt + q.timeoutNs
			return false
		}
		if err != 0 && err != tcp.EISCONN {
			return digFailed(s, q, d, err)
		}
		d.SentAt, p.Line = s.Now, 7
	case 7:
		if _, err := s.Write(p.FD, overTCP(s.digQuery(p, q))); err != 0 {
			return digFailed(s, q, d, err)
		}
		p.Line = 8
	case 8:
		b := s.scratch[:4096]
		n, err := s.Read(p.FD, b)
		if err == tcp.EAGAIN && s.Now < d.SentAt+q.timeoutNs {
			p.WakeAt = d.SentAt + q.timeoutNs
			return false
		}
		if err != 0 || n == 0 {
			return digFailed(s, q, d, err)
		}
		d.In = append(d.In, b[:n]...)
		if message, ok := cutMessage(&d.In); ok {
			return s.digTake(p, q, message)
		}
	}
	return true
}

// digFailed ends dig for a connection that did not open, or that ended too soon.
func digFailed(s *Sys, q *digQuery, d *Dig, err tcp.Errno) bool {
	why := strings.ToLower(err.Error())
	switch {
	case Blocks(err):
		why = "timed out"
	case err == 0:
		why = "end of file"
	}
	s.printf(StyleError, ";; Connection to %s#%d(%s) for %s failed: %s.", d.Server, q.port, d.Server, q.name, why)
	s.printf(StyleError, ";; no servers could be reached")
	s.exit()
	return false
}

func digAnswer(s *Sys, p *Proc, q *digQuery) bool {
	d, b := &p.Dig[0], s.scratch[:4096]
	n, err := s.Read(p.FD, b)
	switch {
	case err == tcp.EAGAIN && s.Now < d.SentAt+q.timeoutNs:
		p.WakeAt = d.SentAt + q.timeoutNs
		return false
	case err != 0:
		what := "timed out"
		if err != tcp.EAGAIN {
			what = strings.ToLower(err.Error())
		}
		s.printf(StyleError, ";; communications error to %s#%d: %s", d.Server, q.port, what)
		if uint64(d.Try) >= q.tries {
			return digNone(s, p, q)
		}
		p.Line = 3
	default:
		return s.digTake(p, q, b[:n])
	}
	return true
}

// digTake prints an answer, or goes on with TCP if it did not fit (RFC 7766 §5).
func (s *Sys) digTake(p *Proc, q *digQuery, b []byte) bool {
	var m dnsmessage.Message
	d := &p.Dig[0]
	if m.Unpack(b) != nil || m.ID != d.ID || !m.Response {
		return true
	}
	if m.Truncated && !d.TCP && !q.ignore {
		if !q.short {
			s.printf(StyleOut, ";; Truncated, retrying in TCP mode.")
		}
		p.Line = 5
		return true
	}
	if q.lookup {
		return s.nslookupTake(p, q, &m)
	}
	if q.short {
		for _, r := range m.Answers {
			s.printf(StyleOut, "%s", recordValue(r.Body))
		}
	} else {
		s.digPrint(p, q, &m, len(b))
	}
	s.exit()
	return false
}

func digNone(s *Sys, p *Proc, q *digQuery) bool {
	if !q.short {
		s.digHead(p, q)
	}
	s.printf(StyleError, ";; no servers could be reached")
	s.exit()
	return false
}

func (s *Sys) digHead(p *Proc, q *digQuery) {
	s.printf(StyleOut, "")
	s.printf(StyleOut, "; <<>> DiG 9.18.49 <<>> %s", strings.Join(p.Args, " "))
	if q.server != "" {
		s.printf(StyleOut, "; (1 server found)")
	}
	s.printf(StyleOut, ";; global options: +cmd")
}

// digPrint prints a message as dig does.
func (s *Sys) digPrint(p *Proc, q *digQuery, m *dnsmessage.Message, size int) {
	d := &p.Dig[0]
	s.digHead(p, q)
	s.printf(StyleOut, ";; Got answer:")
	s.printf(StyleOut, ";; ->>HEADER<<- opcode: QUERY, status: %s, id: %d", rcodeName(m.RCode), m.ID)
	flags := ""
	for _, f := range []struct {
		on   bool
		name string
	}{{m.Response, " qr"}, {m.Authoritative, " aa"}, {m.Truncated, " tc"}, {m.RecursionDesired, " rd"}, {m.RecursionAvailable, " ra"}} {
		if f.on {
			flags += f.name
		}
	}
	s.printf(StyleOut, ";; flags:%s; QUERY: %d, ANSWER: %d, AUTHORITY: %d, ADDITIONAL: %d", flags, len(m.Questions), len(m.Answers), len(m.Authorities), len(m.Additionals))
	if m.RecursionDesired && !m.RecursionAvailable {
		s.printf(StyleOut, ";; WARNING: recursion requested but not available")
	}
	s.printf(StyleOut, "")
	if h, ok := findOPT(m); ok {
		flags := ""
		if h.DNSSECAllowed() {
			flags = " do"
		}
		s.printf(StyleOut, ";; OPT PSEUDOSECTION:")
		s.printf(StyleOut, "; EDNS: version: %d, flags:%s; udp: %d", h.TTL>>16&255, flags, h.Class)
	}
	s.printf(StyleOut, ";; QUESTION SECTION:")
	for _, k := range m.Questions {
		s.printf(StyleOut, "%-31s IN      %s", ";"+k.Name.String(), typeName(k.Type))
	}
	s.printf(StyleOut, "")
	if len(m.Answers) > 0 {
		s.printf(StyleOut, ";; ANSWER SECTION:")
		for _, r := range m.Answers {
			s.printf(StyleOut, "%-23s %-7d IN      %-7s %s", r.Header.Name.String(), r.Header.TTL, typeName(r.Header.Type), recordValue(r.Body))
		}
		s.printf(StyleOut, "")
	}
	s.printf(StyleOut, ";; Query time: %d msec", (s.Now-d.SentAt)/1_000_000)
	over := "UDP"
	if d.TCP {
		over = "TCP"
	}
	s.printf(StyleOut, ";; SERVER: %s#%d(%s) (%s)", d.Server, q.port, d.Server, over)
	s.printf(StyleOut, ";; WHEN: %s", strftime("%a %b %d %H:%M:%S UTC %Y", s.Now))
	s.printf(StyleOut, ";; MSG SIZE  rcvd: %d", size)
	s.printf(StyleOut, "")
}

func recordValue(b dnsmessage.ResourceBody) string {
	switch r := b.(type) {
	case *dnsmessage.AResource:
		return wire.V4(r.A[0], r.A[1], r.A[2], r.A[3]).String()
	case *dnsmessage.AAAAResource:
		return wire.Addr(r.AAAA).String()
	case *dnsmessage.CNAMEResource:
		return r.CNAME.String()
	}
	return "?"
}

// dateOf prints a virtual time as date(1) would: a lab begins with Unix time.
func dateOf(ns int64) string { return strftime("%a %b %e %H:%M:%S UTC %Y", ns) }
