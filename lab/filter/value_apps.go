package filter

import "wirelab/stack/wire"

// DNS and DHCP: records and options, which stand wherever those before them end.

// record pushes what row asks for of each question or record of a message.
func (m *machine) record(r *row, l *layer) {
	msg := wire.DNS(m.frame[l.at:l.end])
	for rec, ok := msg.Next(wire.DNSRecord{}); ok; rec, ok = msg.Next(rec) {
		start, end := rec.NameEnd, rec.Data // of what stands behind the name
		switch {
		case (rec.Section == wire.DNSQuestion) != (r.from == inQuestion):
			continue
		case r.from == recordData && (rec.Type != uint16(r.arg) || r.size > 0 && rec.End-rec.Data != int(r.size)):
			continue
		case r.from == recordData:
			start, end = rec.Data, rec.End
		case r.kind == kDomain:
			start, end = rec.Start, rec.NameEnd
		}
		m.piece(r, l, start, end)
	}
}

// piece pushes the bytes that row names of those at [start, end) of a layer, all of them if it names none.
func (m *machine) piece(r *row, l *layer, start, end int) {
	at := l.at + int32(start)
	switch {
	case r.kind.isNumber():
		m.number(m.masked(r, int(at)+int(r.at)))
	case r.size > 0:
		m.push(value{at: at, end: at + int32(r.size)})
	default: // a name of DNS is read from where its message begins
		m.push(value{n: int64(l.at), at: at, end: l.at + int32(end)})
	}
}

// dhcpOption pushes what row asks for of each option of a message.
func (m *machine) dhcpOption(r *row, l *layer) {
	msg := wire.DHCP(m.frame[l.at:l.end])
	for o, next, ok := msg.NextOption(0); ok; o, next, ok = msg.NextOption(next) {
		switch {
		case o.Cut:
		case (o.Code == wire.DHCPOptEnd) != (r.from == dhcpOption && r.arg == wire.DHCPOptEnd):
		case r.from != dhcpOption, o.Code == wire.DHCPOptEnd:
			m.piece(r, l, o.Start, o.End)
		case o.Code != r.arg || len(o.Value) == 0:
		case r.size == 0:
			m.piece(r, l, o.Start+2, o.End)
		case len(o.Value)%int(r.size) == 0:
			for at := o.Start + 2; at < o.End; at += int(r.size) {
				m.piece(r, l, at, at+int(r.size))
			}
		}
	}
}
