package trace

import (
	"fmt"
	"strings"

	"wirelab/stack/wire"
)

// What tcpdump says of datagrams: DNS and DHCP by what they ask and answer.

func udpWords(s *Summary) string {
	switch {
	case s.DNS() && len(s.Extra) >= wire.DNSLen: // those that were long ago have no Extra
		return string(dnsWords(nil, wire.DNS(s.Extra), int(s.Length), 0))
	case s.DHCP():
		return dhcpWords(s)
	}
	return fmt.Sprintf("UDP, length %d", s.Length)
}

func dhcpWords(s *Summary) string {
	switch op := s.Code; {
	case op == 1 && len(s.Extra) == 6:
		return fmt.Sprintf("BOOTP/DHCP, Request from %s, length %d", macWords(wire.MAC(s.Extra), s.Named), s.Length)
	case op == 1:
		return fmt.Sprintf("BOOTP/DHCP, Request, length %d", s.Length)
	case op == 2:
		return fmt.Sprintf("BOOTP/DHCP, Reply, length %d", s.Length)
	default:
		return fmt.Sprintf("BOOTP/DHCP, unknown (0x%02x), length %d", op, s.Length)
	}
}

// Topic says in a few words what a message of DNS or DHCP is about: the name that
// is asked for, the address that is the answer, or that is given; maybe nothing.
func (s *Summary) Topic() string {
	switch {
	case s.DHCP() && s.Seq != 0:
		return wire.From4(s.Seq).String()
	case !s.DNS() || len(s.Extra) < wire.DNSLen:
		return ""
	}
	m, asked := wire.DNS(s.Extra), ""
	for r, ok := m.Next(wire.DNSRecord{}); ok; r, ok = m.Next(r) {
		switch {
		case r.Section == wire.DNSQuestion && r.Nth == 0:
			asked = fmt.Sprintf("%s %s", wire.DNSTypeName(r.Type), m.Name(r.Start))
		case r.Section == wire.DNSAnswer && (r.Type == wire.DNSTypeA || r.Type == wire.DNSTypeAAAA):
			return strings.TrimSpace(string(dnsRecord(nil, m, &r, 0)))
		}
	}
	if m.Response() && m.Rcode() != 0 {
		return strings.TrimSpace(dnsResults[m.Rcode()])
	}
	return asked
}
