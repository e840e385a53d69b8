package wire

import "fmt"

// DNSLen is the length of a DNS header in bytes, DNSPort where servers listen.
const DNSLen, DNSPort = 12, 53

// Types of records (RFC 1035 §3.2.2, RFC 3596 §2.1), as far as they are read here.
const (
	DNSTypeA     = 1
	DNSTypeNS    = 2
	DNSTypeCNAME = 5
	DNSTypeSOA   = 6
	DNSTypePTR   = 12
	DNSTypeMX    = 15
	DNSTypeTXT   = 16
	DNSTypeAAAA  = 28
	DNSTypeANY   = 255
	DNSClassIN   = 1
)

// DNS is a view of a message of the domain name system (RFC 1035 §4.1).
type DNS []byte

func (m DNS) ID() uint16     { return be.Uint16(m) }
func (m DNS) Flags() uint16  { return be.Uint16(m[2:]) }
func (m DNS) Response() bool { return m[2]&0x80 != 0 }
func (m DNS) Opcode() uint8  { return m[2] >> 3 & 15 }
func (m DNS) Rcode() uint8   { return m[3] & 15 }

// DNSSection is one of the four parts that a message has behind its header.
type DNSSection uint8

const (
	DNSQuestion DNSSection = iota
	DNSAnswer
	DNSAuthority
	DNSAdditional
)

// Count returns how many records the header promises in a section.
func (m DNS) Count(s DNSSection) int { return int(be.Uint16(m[4+2*int(s):])) }

// DNSRecord is a question or a resource record (RFC 1035 §4.1.2, §4.1.3). Its
// places count from the start of the message: the name lies in [Start, NameEnd),
// the data in [Data, End); a question has none.
type DNSRecord struct {
	Section                   DNSSection
	Type, Class               uint16
	TTL                       uint32 // seconds
	Start, NameEnd, Data, End int
	Nth                       int // in its section, from 0
}

// Next returns the question or record behind r, the first one behind nothing;
// false behind the last, and if what follows is not all there.
func (m DNS) Next(r DNSRecord) (next DNSRecord, ok bool) {
	at, s, n := r.End, r.Section, r.Nth+1
	if at == 0 {
		at, n = DNSLen, 0
	}
	for n == m.Count(s) {
		if s++; s > DNSAdditional {
			return next, false
		}
		n = 0
	}
	next, ok = m.record(s, at)
	next.Nth = n
	return next, ok
}

// whole returns where the last record ends that is all there, and whether it is the last that the header promises.
func (m DNS) whole() (end int, ok bool) {
	end = DNSLen
	left := m.Count(DNSQuestion) + m.Count(DNSAnswer) + m.Count(DNSAuthority) + m.Count(DNSAdditional)
	for r, ok := m.Next(DNSRecord{}); ok; r, ok = m.Next(r) {
		end, left = r.End, left-1
	}
	return end, left == 0
}

func (m DNS) record(s DNSSection, at int) (r DNSRecord, ok bool) {
	var room [maxDNSName]byte
	_, next, ok := m.AppendName(room[:0], at)
	r = DNSRecord{Section: s, Start: at, NameEnd: next, Data: next + 4, End: next + 4}
	if !ok || r.End > len(m) {
		return r, false
	}
	r.Type, r.Class = be.Uint16(m[next:]), be.Uint16(m[next+2:])
	if s == DNSQuestion {
		return r, true
	}
	if r.Data = next + 10; r.Data > len(m) {
		return r, false
	}
	r.TTL = be.Uint32(m[next+4:])
	r.End = r.Data + int(be.Uint16(m[next+8:]))
	return r, r.End <= len(m)
}

const maxDNSName = 255 // bytes, with the lengths of its labels (RFC 1035 §2.3.4)

// AppendName appends the name at offset at to dst: its labels with dots between
// them, nothing for the root; next is where it ends. What a label has beside
// letters is written as RFC 1035 §5.1 says. A pointer leads to what stands
// before it (§4.1.4), so that following them comes to an end.
func (m DNS) AppendName(dst []byte, at int) (b []byte, next int, ok bool) {
	b = dst
	for before, long := at, 0; at < len(m); {
		n := int(m[at])
		if n >= 0xc0 && at+2 <= len(m) {
			if next == 0 {
				next = at + 2
			}
			if at = n&0x3f<<8 | int(m[at+1]); at >= before || at < DNSLen {
				return b, next, false
			}
			before = at
			continue
		}
		if at++; n > 63 || at+n > len(m) { // longer ones are kinds of labels that nobody uses (RFC 6891 §5)
			break
		}
		if long += 1 + n; long > maxDNSName {
			break
		}
		if n == 0 {
			return b, max(next, at), true
		}
		if len(b) > len(dst) {
			b = append(b, '.')
		}
		b = appendLabel(b, m[at:at+n])
		at += n
	}
	return b, max(next, min(at, len(m))), false
}

// Name returns the name at offset at, of which Next has found that it is one.
func (m DNS) Name(at int) string {
	b, _, _ := m.AppendName(nil, at)
	return string(b)
}

func appendLabel(dst, label []byte) []byte {
	for _, c := range label {
		switch {
		case c == '.' || c == '\\':
			dst = append(dst, '\\', c)
		case c <= ' ' || c >= 0x7f:
			dst = fmt.Appendf(dst, "\\%03d", c)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// IsDNS reports whether a payload of length bytes between these ports of UDP is read as DNS.
func IsDNS(from, to uint16, length int) bool {
	return length >= DNSLen && (from == DNSPort || to == DNSPort)
}
