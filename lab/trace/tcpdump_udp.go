package trace

import (
	"encoding/binary"
	"fmt"
	"strings"

	"wirelab/stack/wire"
)

// What tcpdump says of datagrams: DNS and DHCP by what they ask and answer.

func udpWords(s *Summary) string {
	switch {
	case s.DNS() && len(s.Extra) >= wire.DNSLen: // those that were long ago have no Extra
		return string(dnsWords(nil, wire.DNS(s.Extra), int(s.Length)))
	case s.DHCP():
		return dhcpWords(s)
	}
	return fmt.Sprintf("UDP, length %d", s.Length)
}

func dhcpWords(s *Summary) string {
	switch op := s.Code; {
	case op == 1 && len(s.Extra) == 6:
		return fmt.Sprintf("BOOTP/DHCP, Request from %s, length %d", wire.MAC(s.Extra), s.Length)
	case op == 1:
		return fmt.Sprintf("BOOTP/DHCP, Request, length %d", s.Length)
	case op == 2:
		return fmt.Sprintf("BOOTP/DHCP, Reply, length %d", s.Length)
	default:
		return fmt.Sprintf("BOOTP/DHCP, unknown (0x%02x), length %d", op, s.Length)
	}
}

var (
	dnsOps = [16]string{"", " inv_q", " stat", " op3", " notify", " update", " op6", " op7", " op8", " updateA", " updateD", " updateDA", " updateM", " updateMA",
		" zoneInit", " zoneRef"}
	dnsResults = [16]string{"", " FormErr", " ServFail", " NXDomain", " NotImp", " Refused", " YXDomain", " YXRRSet", " NXRRSet", " NotAuth", " NotZone",
		" Resp11", " Resp12", " Resp13", " Resp14", " Resp15"}
)

// mark is a sign that stands for a bit of the flags.
func mark(b []byte, flags, bit uint16, set, clear string) []byte {
	if flags&bit != 0 {
		return append(b, set...)
	}
	return append(b, clear...)
}

// dnsWords appends "4360+ A? www.example.org. (33)", or what was answered.
func dnsWords(b []byte, m wire.DNS, length int) []byte {
	flags := m.Flags()
	b = append(number(b, uint32(m.ID())), dnsOps[m.Opcode()]...)
	whole := false
	if m.Response() {
		b = append(b, dnsResults[m.Rcode()]...)
		b = mark(mark(mark(mark(b, flags, 0x0400, "*", ""), flags, 0x0080, "", "-"), flags, 0x0200, "|", ""), flags, 0x0020, "$", "")
		b, whole = dnsAnswers(b, m)
	} else {
		b = mark(mark(b, flags, 0x0100, "+", ""), flags, 0x0010, "%", "")
		if odd := flags & 0x06cf; odd != 0 {
			b = fmt.Appendf(b, " [b2&3=0x%x]", flags)
		}
		b, whole = dnsQuestions(b, m)
	}
	if !whole {
		return append(b, " [|domain]"...)
	}
	return append(number(append(b, " ("...), uint32(length)), ')')
}

// dnsQuestions appends what is asked; false if some of it is missing.
func dnsQuestions(b []byte, m wire.DNS) (_ []byte, whole bool) {
	counted := func(s wire.DNSSection, usual int, sign string) {
		if n := m.Count(s); n != usual {
			b = append(append(number(append(b, " ["...), uint32(n)), sign...), ']')
		}
	}
	counted(wire.DNSAnswer, 0, "a")
	counted(wire.DNSQuestion, 1, "q")
	counted(wire.DNSAuthority, 0, "n")
	counted(wire.DNSAdditional, 0, "au")
	left := m.Count(wire.DNSQuestion)
	for r, ok := m.Next(wire.DNSRecord{}); ok; r, ok = m.Next(r) {
		if r.Section != wire.DNSQuestion {
			break
		}
		b = append(append(b, ' '), wire.DNSTypeName(r.Type)...)
		if r.Class != wire.DNSClassIN {
			b = fmt.Appendf(b, " (Class %d)", r.Class)
		}
		b = dnsName(append(b, "? "...), m, r.Start)
		left--
	}
	return b, left == 0
}

// dnsAnswers appends the answers and how many records there are; false if some of them are missing.
func dnsAnswers(b []byte, m wire.DNS) (_ []byte, whole bool) {
	if n := m.Count(wire.DNSQuestion); n != 1 {
		b = fmt.Appendf(b, " [%dq]%s", n, strings.Repeat(",", min(max(n-1, 0), len(m))))
	}
	b = fmt.Appendf(b, " %d/%d/%d", m.Count(wire.DNSAnswer), m.Count(wire.DNSAuthority), m.Count(wire.DNSAdditional))
	left := m.Count(wire.DNSAnswer)
	for r, ok := m.Next(wire.DNSRecord{}); ok; r, ok = m.Next(r) {
		if r.Section != wire.DNSAnswer {
			continue
		}
		if r.Nth > 0 {
			b = append(b, ',')
		}
		b = dnsRecord(b, m, &r)
		left--
	}
	return b, left == 0
}

// dnsRecord appends the type of a record and its data, where tcpdump shows it.
func dnsRecord(b []byte, m wire.DNS, r *wire.DNSRecord) []byte {
	if r.Class != wire.DNSClassIN {
		b = fmt.Appendf(b, " (Class %d)", r.Class)
	}
	b = append(append(b, ' '), wire.DNSTypeName(r.Type)...)
	data := m[r.Data:r.End]
	switch {
	case r.Type == wire.DNSTypeA && len(data) == 4:
		b = wire.From4(binary.BigEndian.Uint32(data)).AppendTo(append(b, ' '))
	case r.Type == wire.DNSTypeAAAA && len(data) == 16:
		b = wire.Addr(data).AppendTo(append(b, ' '))
	case r.Type == wire.DNSTypeCNAME || r.Type == wire.DNSTypeNS || r.Type == wire.DNSTypePTR:
		b = dnsName(append(b, ' '), m, r.Data)
	case r.Type == wire.DNSTypeMX && len(data) > 2:
		b = number(append(dnsName(append(b, ' '), m, r.Data+2), ' '), uint32(binary.BigEndian.Uint16(data)))
	}
	return b
}

// dnsName appends a name and the dot of the root.
func dnsName(b []byte, m wire.DNS, at int) []byte {
	b, _, _ = m.AppendName(b, at)
	return append(b, '.')
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
			return strings.TrimSpace(string(dnsRecord(nil, m, &r)))
		}
	}
	if m.Response() && m.Rcode() != 0 {
		return strings.TrimSpace(dnsResults[m.Rcode()])
	}
	return asked
}
