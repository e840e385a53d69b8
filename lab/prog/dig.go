package prog

import (
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
	SentAt int64
}

type digQuery struct {
	server, name string
	typ          dnsmessage.Type
	tries        uint64
	timeoutNs    int64
	short        bool
	port         uint16
}

// parseDig reads dig's operands, which may stand in any order: @server, name, type, +option.
func parseDig(args []string) (q digQuery, err error) {
	q = digQuery{typ: dnsmessage.TypeA, tries: 3, timeoutNs: 5_000_000_000, port: wire.DNSPort}
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
}

func stepDig(s *Sys, p *Proc) bool {
	q, _ := parseDig(p.Args)
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
		p.FD, _ = s.Socket(stack.SockUDP)
		p.Line = 2
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
		b, _ := buildQuery(d.ID, q.name, q.typ)
		s.Write(p.FD, b)
		p.Line, p.WakeAt = 4, s.Now+q.timeoutNs
	case 4:
		return digAnswer(s, p, &q)
	}
	return true
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
		var m dnsmessage.Message
		if m.Unpack(b[:n]) != nil || m.ID != d.ID || !m.Response {
			return true
		}
		if q.short {
			for _, r := range m.Answers {
				s.printf(StyleOut, "%s", recordValue(r.Body))
			}
		} else {
			s.digPrint(p, q, &m, n)
		}
		s.exit()
		return false
	}
	return true
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
	s.printf(StyleOut, ";; SERVER: %s#%d(%s) (UDP)", d.Server, q.port, d.Server)
	s.printf(StyleOut, ";; WHEN: %s", dateOf(s.Now))
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
func dateOf(ns int64) string {
	days := [...]string{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}
	sec := ns / 1_000_000_000
	day := sec / 86400
	return fmt.Sprintf("%s Jan %2d %02d:%02d:%02d UTC 1970", days[day%7], day%31+1, sec/3600%24, sec/60%60, sec%60)
}
