package filter

import (
	"math/bits"

	"wirelab/stack/wire"
)

// value is a number, or a stretch of the frame, or says which text of a packet
// is meant. What it is, the node knows that gave it.
type value struct {
	n       int64 // number; of a header: where its payload ends; of a name of DNS: where its message begins
	at, end int32
}

// How computed rows find their value.
const (
	cNumber uint8 = iota
	cTime
	cLength
	cHost
	cLink
	cDir
	cFate
	cReason
	cXmit
	cCopy
	cEthType
	cEthLen
	cARP
	cBytes
	cSum
	cMTU
	cClientMAC
	cDHCPOption
	cPayload
	cStream
	cTCPLen
	cSeq
	cNextSeq
	cAck
	cWindow
	cRetransmission
	cOptions
	cOptionKind
	cOptionLen
	cOptionEnd
)

// States of a checksum, with Wireshark's numbers.
const (
	sumBad = iota
	sumGood
	sumUnverified
	sumAbsent
)

// maxLength8023 is the largest value of the type field that means a length
// (IEEE 802.3 §3.2.6).
const maxLength8023 = 1500

// push puts a value on the stack. What does not fit is left out.
func (m *machine) push(v value) {
	if m.top < maxValues {
		m.vals[m.top] = v
		m.top++
	}
}

func (m *machine) number(n int64) { m.push(value{n: n}) }

// field pushes all values of a field, or those of layer number nr if that is not zero.
func (m *machine) field(r *ref, nr uint8) {
	if r.rows == nil {
		m.fact(r)
		return
	}
	if r.layer == lNone {
		m.packet(r.rows[0].arg)
		return
	}
	m.walk()
	for i := range r.rows {
		for k := range m.n {
			if l := &m.layers[k]; l.proto == r.layer && (nr == 0 || nr == l.nr) && (m.bytes || !l.cut()) {
				m.row(&r.rows[i], l)
			}
		}
	}
}

func (m *machine) fact(r *ref) {
	switch {
	case r.fact == FactTime && m.p.Facts == nil:
		m.number(m.p.TimeNs)
	case m.p.Facts == nil:
	case r.kind == kText:
		if _, ok := m.p.Facts.Text(r.fact); ok {
			m.push(value{})
		}
	default:
		if v, ok := m.p.Facts.Number(r.fact); ok {
			m.number(v)
		}
	}
}

// packet pushes what the lab knows about the frame; of a text, that it is there.
func (m *machine) packet(what uint8) {
	switch what {
	case cDir:
		m.number(int64(m.p.Dir))
	case cXmit:
		m.number(int64(m.p.Why.Xmit))
	case cCopy:
		m.number(int64(m.p.Why.Copy))
	default:
		if m.packetText(what) != "" {
			m.push(value{})
		}
	}
}

func (m *machine) packetText(what uint8) string {
	switch what {
	case cHost:
		return m.p.Host
	case cLink:
		return m.p.Link
	case cFate:
		return m.p.Fate
	}
	return m.p.Why.Reason.Key()
}

// row pushes what stands in a layer at a place that row gives.
func (m *machine) row(r *row, l *layer) {
	switch r.from {
	case fixed, words:
		m.fixed(r, l)
	case ofType:
		if l.at < l.end && m.frame[l.at] == r.arg {
			m.fixed(r, l)
		}
	case inReply:
		if wire.DNS(m.frame[l.at:l.end]).Response() {
			m.fixed(r, l)
		}
	case inQuestion, inRecord, recordData:
		m.record(r, l)
	case dhcpOption:
		m.dhcpOption(r, l)
	case whole:
		m.push(value{n: int64(l.end), at: l.at, end: l.body})
	case option, inOption, inBlocks:
		m.options(r, l)
	default:
		m.computed(r, l)
	}
}

// pieces are the parts of headers that Wireshark 4.0 reads at once: no field of one is there unless all of the part is.
var pieces = [...]struct {
	proto    proto
	from, to int32
}{{lIP, 6, 8}, {lIP6, 1, 4}, {lIP6, 4, 7}, {lTCP, 4, 16}}

// shows reports whether Wireshark shows a field of a header of IPv4 that is all there: the destination only behind the options, which may
// name another, and no header length that another version has.
func (m *machine) shows(r *row, l *layer) bool {
	first := m.frame[l.at]
	switch r.at + r.size {
	case 1:
		return first>>4 == 4 || r.from != words
	case wire.IPv4Len:
		return int(l.at)+4*int(first&15) <= int(l.end)
	}
	return true
}

// needed returns how many bytes of a header there must be for a field that ends at end to be there.
func needed(p proto, end int32) int32 {
	for _, part := range pieces {
		if part.proto == p && end > part.from && end <= part.to {
			return part.to
		}
	}
	return end
}

// fixed pushes the bytes that row names, if the header has them.
func (m *machine) fixed(r *row, l *layer) {
	at := l.at + int32(r.at)
	end := at + int32(r.size)
	if m.bytes && end > l.end {
		m.outside = true
		return
	}
	if l.proto == lIP && !m.bytes && !m.shows(r, l) {
		return
	}
	if !m.bytes && l.at+needed(l.proto, int32(r.at)+int32(r.size)) > l.end {
		return
	}
	if !r.kind.isNumber() {
		m.push(value{at: at, end: end})
		return
	}
	v := m.masked(r, int(at))
	if r.from == words {
		v *= 4
	}
	m.number(v)
}

// masked returns the number at offset at, of row's size and mask.
func (m *machine) masked(r *row, at int) (v int64) {
	for _, b := range m.frame[at : at+int(r.size)] {
		v = v<<8 | int64(b)
	}
	if r.mask != 0 {
		v = v & int64(r.mask) >> bits.TrailingZeros32(r.mask)
	}
	return v
}

// computed pushes what takes more than looking at a place.
func (m *machine) computed(r *row, l *layer) {
	at, end := int(l.at), int(l.end)
	switch r.arg {
	case cNumber:
		m.number(int64(m.p.Number))
	case cTime:
		m.number(m.p.TimeNs)
	case cLength:
		m.number(int64(len(m.frame)))
	case cEthType, cEthLen:
		if end < wire.EthernetLen {
			m.outside = true
			return
		}
		if v := be.Uint16(m.frame[12:]); v <= maxLength8023 == (r.arg == cEthLen) {
			m.number(int64(v))
		}
	case cARP:
		if _, ok := wire.ParseARP(m.frame[at:end]); ok || m.bytes {
			m.fixed(r, l)
		}
	case cBytes:
		m.number(int64(l.end - l.at))
	case cMTU:
		if end-at >= wire.ICMPLen && m.frame[at] == wire.ICMPUnreachable && m.frame[at+1] == wire.CodeFragNeeded {
			m.number(int64(be.Uint16(m.frame[at+6:])))
		}
	case cClientMAC:
		if wire.DHCP(m.frame[at:end]).Ethernet() {
			m.fixed(r, l)
		}
	case cDHCPOption:
		m.dhcpOption(r, l)
	case cSum:
		m.sum(l)
	case cPayload:
		m.payloadOf(l)
	default:
		m.tcp(r.arg, l)
	}
}
