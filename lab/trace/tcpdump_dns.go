package trace

import (
	"encoding/binary"
	"fmt"
	"strings"

	"wirelab/stack/wire"
)

// What tcpdump says of a message of DNS; with -v of each record its name and its time to live, with -vv all sections.

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

const (
	dnsSOA = 6
	dnsOPT = 41 // RFC 6891
)

// dnsWords appends "4360+ A? www.example.org. (33)", or what was answered.
func dnsWords(b []byte, m wire.DNS, length, verbose int) []byte {
	flags := m.Flags()
	b = append(number(b, uint32(m.ID())), dnsOps[m.Opcode()]...)
	whole := false
	if m.Response() {
		b = append(b, dnsResults[m.Rcode()]...)
		b = mark(mark(mark(mark(b, flags, 0x0400, "*", ""), flags, 0x0080, "", "-"), flags, 0x0200, "|", ""), flags, 0x0020, "$", "")
		b, whole = dnsAnswers(b, m, verbose)
	} else {
		b = mark(mark(b, flags, 0x0100, "+", ""), flags, 0x0010, "%", "")
		if odd := flags & 0x06cf; odd != 0 {
			b = fmt.Appendf(b, " [b2&3=0x%x]", flags)
		}
		b, whole = dnsQuestions(b, m, verbose)
	}
	if !whole {
		return append(b, " [|domain]"...)
	}
	return append(number(append(b, " ("...), uint32(length)), ')')
}

// dnsAsked appends the questions, each behind sep; it returns how many are missing.
func dnsAsked(b []byte, m wire.DNS, sep string) (_ []byte, left int) {
	left = m.Count(wire.DNSQuestion)
	for r, ok := m.Next(wire.DNSRecord{}); ok; r, ok = m.Next(r) {
		if r.Section != wire.DNSQuestion {
			break
		}
		if r.Nth > 0 {
			b = append(b, sep...)
		}
		b = append(append(b, ' '), wire.DNSTypeName(r.Type)...)
		if r.Class != wire.DNSClassIN {
			b = fmt.Appendf(b, " (Class %d)", r.Class)
		}
		b = dnsName(append(b, "? "...), m, r.Start)
		left--
	}
	return b, left
}

// dnsQuestions appends what is asked; false if some of it is missing.
func dnsQuestions(b []byte, m wire.DNS, verbose int) (_ []byte, whole bool) {
	counted := func(s wire.DNSSection, usual int, sign string) {
		if n := m.Count(s); n != usual {
			b = append(append(number(append(b, " ["...), uint32(n)), sign...), ']')
		}
	}
	counted(wire.DNSAnswer, 0, "a")
	counted(wire.DNSQuestion, 1, "q")
	counted(wire.DNSAuthority, 0, "n")
	counted(wire.DNSAdditional, 0, "au")
	b, left := dnsAsked(b, m, "")
	if left == 0 && verbose > 1 {
		for _, s := range []struct {
			section wire.DNSSection
			name    string
		}{{wire.DNSAnswer, ""}, {wire.DNSAuthority, " ns:"}, {wire.DNSAdditional, " ar:"}} {
			if b, left = dnsSection(b, m, s.section, s.name, verbose); left > 0 {
				break
			}
		}
	}
	return b, left == 0
}

// dnsSection appends the records of a section behind its name, if it has any; it returns how many are missing.
func dnsSection(b []byte, m wire.DNS, section wire.DNSSection, name string, verbose int) (_ []byte, left int) {
	if left = m.Count(section); left == 0 {
		return b, 0
	}
	for r, ok := m.Next(wire.DNSRecord{}); ok; r, ok = m.Next(r) {
		if r.Section != section {
			continue
		}
		if r.Nth > 0 {
			name = ","
		}
		b = append(b, name...)
		b = dnsRecord(b, m, &r, verbose)
		left--
	}
	return b, left
}

// dnsAnswers appends the answers and how many records there are; false if some of them are missing.
func dnsAnswers(b []byte, m wire.DNS, verbose int) (_ []byte, whole bool) {
	n := m.Count(wire.DNSQuestion)
	if n != 1 {
		b = fmt.Appendf(b, " [%dq]", n)
	}
	if verbose > 1 {
		if n > 0 {
			b = append(b, " q:"...)
		}
		var left int
		if b, left = dnsAsked(b, m, ", q:"); left > 0 {
			return b, false
		}
	} else if n != 1 {
		b = append(b, strings.Repeat(",", min(max(n-1, 0), len(m)))...)
	}
	b = fmt.Appendf(b, " %d/%d/%d", m.Count(wire.DNSAnswer), m.Count(wire.DNSAuthority), m.Count(wire.DNSAdditional))
	b, left := dnsSection(b, m, wire.DNSAnswer, "", verbose)
	if left == 0 && verbose > 1 {
		if b, left = dnsSection(b, m, wire.DNSAuthority, " ns:", verbose); left == 0 {
			b, left = dnsSection(b, m, wire.DNSAdditional, " ar:", verbose)
		}
	}
	return b, left == 0
}

// dnsRecord appends the type of a record and its data, where tcpdump shows it.
func dnsRecord(b []byte, m wire.DNS, r *wire.DNSRecord, verbose int) []byte {
	if verbose > 0 {
		b = dnsName(append(b, ' '), m, r.Start)
	}
	if r.Class != wire.DNSClassIN && r.Type != dnsOPT {
		b = fmt.Appendf(b, " (Class %d)", r.Class)
	}
	if verbose > 2 && r.Type != dnsOPT {
		b = append(relative(append(b, " ["...), r.TTL), ']')
	}
	name := wire.DNSTypeName(r.Type)
	if r.Type == dnsOPT {
		name = "OPT"
	}
	b = append(append(b, ' '), name...)
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
	case r.Type == dnsSOA && verbose > 0:
		b = dnsAuthority(append(b, ' '), m, r)
	case r.Type == dnsOPT:
		b = number(append(b, " UDPsize="...), uint32(r.Class))
		if r.TTL&0x8000 != 0 {
			b = append(b, " DO"...)
		}
		b = dnsOptions(b, data)
	}
	return b
}

// dnsAuthority appends what a record of type SOA says: two names and five numbers (RFC 1035 §3.3.13).
func dnsAuthority(b []byte, m wire.DNS, r *wire.DNSRecord) []byte {
	b, at, ok := m.AppendName(b, r.Data)
	b = append(b, ". "...)
	if !ok {
		return b
	}
	b, at, ok = m.AppendName(b, at)
	b = append(b, '.')
	for ; ok && at+4 <= r.End; at += 4 {
		b = number(append(b, ' '), binary.BigEndian.Uint32(m[at:]))
	}
	return b
}

// dnsOptions appends what a record of type OPT carries (RFC 6891 §6.1.2).
func dnsOptions(b, data []byte) []byte {
	open := " ["
	for ; len(data) >= 4; open = "," {
		code, n := binary.BigEndian.Uint16(data), int(binary.BigEndian.Uint16(data[2:]))
		if 4+n > len(data) {
			break
		}
		value := data[4 : 4+n]
		switch b = append(b, open...); {
		case code == dnsCookie && n >= 8:
			if b = fmt.Appendf(b, "COOKIE %x", value[:8]); n > 8 {
				b = fmt.Appendf(b, " %x", value[8:])
			}
		default:
			b = fmt.Appendf(b, "Opt%d", code)
			if n > 0 {
				b = fmt.Appendf(b, " %x", value)
			}
		}
		data = data[4+n:]
	}
	if open == " [" {
		return b
	}
	return append(b, ']')
}

const dnsCookie = 10 // RFC 7873

// relative appends a time in seconds as "1h30m".
func relative(b []byte, seconds uint32) []byte {
	if seconds == 0 {
		return append(b, "0s"...)
	}
	for _, unit := range []struct {
		name    byte
		seconds uint32
	}{{'y', 31536000}, {'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}} {
		if n := seconds / unit.seconds; n > 0 {
			b = append(number(b, n), unit.name)
			seconds -= n * unit.seconds
		}
	}
	return b
}

// dnsName appends a name and the dot of the root.
func dnsName(b []byte, m wire.DNS, at int) []byte {
	b, _, _ = m.AppendName(b, at)
	return append(b, '.')
}
