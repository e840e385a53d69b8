package prog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// The zone of dns-server, given by its arguments, and its answers (RFC 1035). The server is in dnsserver.go, the client in dig.go.

// fqdn puts the dot behind a name.
func fqdn(name string) string {
	if strings.HasSuffix(name, ".") {
		return name
	}
	return name + "."
}

// sameName compares names as RFC 4343 asks: the case of letters does not matter.
func sameName(a, b string) bool { return strings.EqualFold(fqdn(a), fqdn(b)) }

// buildQuery makes a question (RFC 1035 §4.1), with an OPT record if there is one (RFC 6891 §6.1).
func buildQuery(id uint16, name string, typ dnsmessage.Type, opt ...dnsmessage.Resource) ([]byte, error) {
	n, err := dnsmessage.NewName(fqdn(name))
	if err != nil {
		return nil, err
	}
	m := dnsmessage.Message{
		Header:      dnsmessage.Header{ID: id, RecursionDesired: true},
		Questions:   []dnsmessage.Question{{Name: n, Type: typ, Class: dnsmessage.ClassINET}},
		Additionals: opt,
	}
	return m.Pack()
}

const (
	udpWithoutEDNS = 512  // the longest message over UDP (RFC 1035 §4.2.1)
	udpWithEDNS    = 1232 // what BIND asks for and gives: it fits all links of IPv6
)

// optRecord is an OPT record that takes messages of size bytes over UDP.
func optRecord(size uint16, options ...dnsmessage.Option) dnsmessage.Resource {
	root, _ := dnsmessage.NewName(".")
	h := dnsmessage.ResourceHeader{Name: root}
	h.SetEDNS0(int(size), dnsmessage.RCodeSuccess, false)
	return dnsmessage.Resource{Header: h, Body: &dnsmessage.OPTResource{Options: options}}
}

// findOPT returns the header of the OPT record of a message, of which the class is the size that its sender takes.
func findOPT(m *dnsmessage.Message) (h dnsmessage.ResourceHeader, ok bool) {
	for _, r := range m.Additionals {
		if r.Header.Type == dnsmessage.TypeOPT {
			return r.Header, true
		}
	}
	return h, false
}

// overTCP returns a DNS message with its two-byte length in front, as TCP carries it (RFC 1035 §4.2.2).
func overTCP(b []byte) []byte { return append([]byte{byte(len(b) >> 8), byte(len(b))}, b...) }

// cutMessage removes the first complete DNS message from bytes received over TCP.
func cutMessage(in *[]byte) (message []byte, ok bool) {
	b := *in
	if len(b) < 2 {
		return nil, false
	}
	n := 2 + (int(b[0])<<8 | int(b[1]))
	if len(b) < n {
		return nil, false
	}
	message, *in = b[2:n:n], append([]byte(nil), b[n:]...)
	return message, true
}

// record is a line of a zone.
type record struct {
	name, value string // the value is a name if addr is zero: an alias
	addr        wire.Addr
}

// zone is what the command line of a server says.
type zone struct {
	port    uint16
	ttl     uint32
	records []record
}

func parseZone(args []string) (z zone, err error) {
	o, err := getopt(args, "t:")
	if err != nil {
		return z, err
	}
	ttl, err := o.number('t', 0, 1<<31-1, 3600)
	if err != nil {
		return z, err
	}
	z.ttl = uint32(ttl)
	if len(o.rest) == 0 {
		return z, errors.New("a port is needed")
	}
	if z.port, err = port(o.rest[0]); err != nil {
		return z, err
	}
	for _, word := range o.rest[1:] {
		name, value, ok := strings.Cut(word, "=")
		if !ok || name != "*" && checkHost(strings.TrimPrefix(name, "*.")) != nil {
			return z, fmt.Errorf("%q is not NAME=ADDRESS or ALIAS=NAME", word)
		}
		r := record{name: name, value: value}
		if r.addr, err = wire.ParseAddr(value); err != nil {
			if err = checkHost(value); err != nil {
				return z, err
			}
		}
		z.records = append(z.records, r)
	}
	return z, nil
}

// bindUDP does the first two lines of every server of datagrams.
func (s *Sys) bindUDP(p *Proc, port, next uint16) bool {
	var err tcp.Errno
	if p.Line == 1 {
		p.FD, err = s.Socket(stack.SockUDP)
		s.call(err, int(p.FD), "socket(AF_INET, SOCK_DGRAM, 0)")
	} else {
		err = s.Bind(p.FD, tcp.Endpoint{Port: port})
		s.call(err, 0, "bind(%d, %d)", p.FD, port)
	}
	if err != 0 {
		s.exit()
		return false
	}
	p.Line = min(p.Line+1, next)
	return true
}

const maxAliases = 11 // that an answer follows (BIND's max-query-restarts)

// find looks a question up, through aliases (RFC 1034 §4.3.2).
func (z *zone) find(q dnsmessage.Question, answers *[]dnsmessage.Resource) dnsmessage.RCode {
	name, known := q.Name, false
	var seen []string // no record stands in an answer twice (RFC 2181 §5)
	for range maxAliases + 1 {
		alias := ""
		seen = append(seen, strings.ToLower(name.String()))
		for _, r := range z.matching(name.String()) {
			known = true
			h := dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET, TTL: z.ttl}
			switch {
			case r.addr == wire.Addr{}:
				if target, err := dnsmessage.NewName(fqdn(r.value)); err == nil {
					alias = r.value
					h.Type = dnsmessage.TypeCNAME
					*answers = append(*answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.CNAMEResource{CNAME: target}})
				}
			case r.addr.Is4() && (q.Type == dnsmessage.TypeA || q.Type == dnsmessage.TypeALL):
				h.Type = dnsmessage.TypeA
				*answers = append(*answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: [4]byte(r.addr[12:])}})
			case !r.addr.Is4() && (q.Type == dnsmessage.TypeAAAA || q.Type == dnsmessage.TypeALL):
				h.Type = dnsmessage.TypeAAAA
				*answers = append(*answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(r.addr)}})
			}
		}
		if alias == "" || q.Type == dnsmessage.TypeCNAME || q.Type == dnsmessage.TypeALL || slices.Contains(seen, strings.ToLower(fqdn(alias))) {
			break
		}
		name, _ = dnsmessage.NewName(fqdn(alias))
	}
	if !known {
		return dnsmessage.RCodeNameError
	}
	return dnsmessage.RCodeSuccess
}

// matching returns the records of a name; those of *.example hold for all below that have none (RFC 4592).
func (z *zone) matching(name string) (found []record) {
	for _, r := range z.records {
		if sameName(r.name, name) {
			found = append(found, r)
		}
	}
	if found != nil {
		return found
	}
	for _, r := range z.records {
		if rest, ok := strings.CutPrefix(r.name, "*"); ok && strings.HasSuffix(strings.ToLower(fqdn(name)), strings.ToLower(fqdn(rest))) {
			found = append(found, r)
		}
	}
	return found
}

var dnsTypes = []struct {
	typ  dnsmessage.Type
	name string
}{{dnsmessage.TypeA, "A"}, {dnsmessage.TypeAAAA, "AAAA"}, {dnsmessage.TypeCNAME, "CNAME"}, {dnsmessage.TypeNS, "NS"}, {dnsmessage.TypeMX, "MX"},
	{dnsmessage.TypeTXT, "TXT"}, {dnsmessage.TypeSOA, "SOA"}, {dnsmessage.TypePTR, "PTR"}, {dnsmessage.TypeALL, "ANY"}}

func typeName(t dnsmessage.Type) string {
	for _, k := range dnsTypes {
		if k.typ == t {
			return k.name
		}
	}
	return fmt.Sprintf("TYPE%d", t)
}

func typeByName(s string) (dnsmessage.Type, bool) {
	for _, k := range dnsTypes {
		if strings.EqualFold(k.name, s) {
			return k.typ, true
		}
	}
	return 0, false
}

func rcodeName(r dnsmessage.RCode) string {
	names := [...]string{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"}
	if int(r) < len(names) {
		return names[r]
	}
	return fmt.Sprintf("RESERVED%d", r)
}
