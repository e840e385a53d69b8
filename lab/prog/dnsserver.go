package prog

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"wirelab/stack/tcp"
)

// DNSServer is the variables of dns-server.
type DNSServer struct {
	UDP   int32
	Conns []DNSConn
}

// DNSConn is a connection to dns-server.
type DNSConn struct {
	FD   int32
	Peer tcp.Endpoint
	In   []byte // what is no whole question yet
	Out  []byte // of answers, not written yet
}

const (
	maxDNSConns = 64
	maxDNSOut   = 1 << 16 // bytes that wait for a client before its next question is read
)

var dnsServerSource = []string{
	`udp = socket(AF_INET, SOCK_DGRAM, 0);`,
	`bind(udp, INADDR_ANY, port);`,
	`tcp = socket(AF_INET, SOCK_STREAM, 0);`,
	`bind(tcp, INADDR_ANY, port);`,
	`listen(tcp, 10);`,
	`n = poll(fds, nfds, -1);`,
	`n = recvfrom(udp, query, sizeof query, 0, &peer, &len);`,
	`sendto(udp, answer(zone, query), len, 0, &peer, len);`,
	`n = read(conn, query, sizeof query);  // with its length in front`,
	`write(conn, answer(zone, query), len);`,
}

func stepDNSServer(s *Sys, p *Proc) bool {
	z, _ := parseZone(p.Args)
	switch {
	case p.Line < 3:
		return s.bindUDP(p, z.port, 3)
	case p.Line < 6:
		if p.Line == 3 {
			p.DNSServer = []DNSServer{{UDP: p.FD}}
			p.Files = append(p.Files, p.FD)
		}
		p.Line -= 2 // of listen's own lines
		ok := s.listen(p, z.port, 10, 4)
		p.Line += 2
		return ok
	}
	d := &p.DNSServer[0]
	for s.dnsDatagram(p, d, &z) {
	}
	for len(d.Conns) < maxDNSConns {
		fd, peer, err := s.Accept(p.FD)
		if err != 0 {
			break
		}
		p.Files = append(p.Files, fd)
		d.Conns = append(d.Conns, DNSConn{FD: fd, Peer: peer})
	}
	kept := d.Conns[:0:0]
	for i := range d.Conns {
		if c := &d.Conns[i]; s.dnsStream(p, c, &z) {
			kept = append(kept, *c)
		} else {
			s.Close(c.FD)
			p.Files = slices.DeleteFunc(p.Files, func(fd int32) bool { return fd == c.FD })
		}
	}
	d.Conns, p.Line = kept, 6
	return false
}

// dnsDatagram answers the next question that came over UDP; false if there is none.
func (s *Sys) dnsDatagram(p *Proc, d *DNSServer, z *zone) bool {
	p.Line = 7
	b := s.scratch[:4096]
	n, from, _, err := s.RecvFrom(d.UDP, b)
	if err == tcp.EAGAIN {
		return false
	}
	if err != 0 {
		return true // an ICMP error about an answer: its asker is gone
	}
	if answer, about := z.answer(b[:n], false); answer != nil {
		s.printf(StyleOut, "%s#%d: %s", from.Addr, from.Port, about)
		p.Line = 8
		s.SendTo(d.UDP, answer, from)
	}
	return true
}

// dnsStream reads questions of a connection and writes answers, as far as it goes; false at its end (RFC 7766 §6.2).
func (s *Sys) dnsStream(p *Proc, c *DNSConn, z *zone) bool {
	for {
		p.Line = 10
		for len(c.Out) > 0 {
			n, err := s.Write(c.FD, c.Out)
			if err != 0 {
				return err == tcp.EAGAIN
			}
			c.Out = c.Out[n:]
		}
		p.Line = 9
		b := s.scratch[:4096]
		n, err := s.Read(c.FD, b)
		if err != 0 || n == 0 {
			return err == tcp.EAGAIN
		}
		c.In = append(c.In, b[:n]...)
		for len(c.Out) < maxDNSOut {
			query, ok := cutMessage(&c.In)
			if !ok {
				break
			}
			if answer, about := z.answer(query, true); answer != nil {
				s.printf(StyleOut, "%s#%d: %s", c.Peer.Addr, c.Peer.Port, about)
				c.Out = append(c.Out, overTCP(answer)...)
			}
		}
	}
}

// answer makes the answer to a query; nil if it is none. about is a line for the server's terminal.
func (z *zone) answer(query []byte, stream bool) (b []byte, about string) {
	var ps dnsmessage.Parser
	h, err := ps.Start(query)
	if err != nil || h.Response {
		return nil, ""
	}
	q, err := ps.Question()
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: h.ID, Response: true, OpCode: h.OpCode, RecursionDesired: h.RecursionDesired, Authoritative: true}}
	room := udpWithoutEDNS
	switch {
	case err != nil:
		m.RCode, about = dnsmessage.RCodeFormatError, "no question"
	case h.OpCode != 0:
		m.RCode, about = dnsmessage.RCodeNotImplemented, "no query"
	default:
		m.Questions = []dnsmessage.Question{q}
		m.RCode = z.find(q, &m.Answers)
		about = fmt.Sprintf("query: %s %s -> %s, %d records", strings.TrimSuffix(q.Name.String(), "."), typeName(q.Type), rcodeName(m.RCode), len(m.Answers))
		var asked dnsmessage.Message
		if asked.Unpack(query) != nil {
			break
		}
		if opt, ok := findOPT(&asked); ok { // RFC 6891 §6.2.3
			room = min(max(int(opt.Class), udpWithoutEDNS), udpWithEDNS)
			m.Additionals = []dnsmessage.Resource{optRecord(udpWithEDNS)}
		}
	}
	if b, err = m.Pack(); err == nil && len(b) > room && !stream {
		m.Answers, m.Truncated = nil, true
		b, err = m.Pack()
	}
	if err != nil || len(b) > 0xffff {
		return nil, ""
	}
	return b, about
}
