package filter

import "wirelab/stack/wire"

// What a segment says beyond its fixed fields: numbers relative to the first
// ones, the scaled window, options.

// tcp pushes a computed value of a segment.
func (m *machine) tcp(what uint8, l *layer) {
	flow := &m.p.Flow
	if what == cStream {
		if flow.Known && l.nr == 1 {
			m.number(int64(flow.Stream))
		}
		return
	}
	t := wire.TCP(m.frame[l.at:l.end])
	if what == cSeq && l.quoted && len(t) >= 8 { // errors need quote no more (RFC 792)
		m.number(int64(t.Seq() - flow.Seq))
		return
	}
	if int32(len(t)) < needed(lTCP, wire.TCPLen-4) { // up to the window
		return
	}
	switch what {
	case cTCPLen, cNextSeq:
		m.length(t, l, what == cNextSeq)
	case cSeq:
		m.number(int64(t.Seq() - flow.Seq))
	case cAck:
		m.acknowledged(t)
	case cWindow:
		shift := uint8(0)
		if t.Flags()&wire.SYN == 0 { // RFC 7323 §2.2: those of SYNs are never scaled
			shift = min(flow.Shift, 14)
		}
		m.number(int64(t.Window()) << shift)
	case cRetransmission:
		if m.p.Why.Xmit > 1 && l.nr == 1 {
			m.push(value{})
		}
	default:
		m.optionList(what, l)
	}
}

// acknowledged pushes the acknowledgment number; without ACK it means nothing
// and stays as it is.
func (m *machine) acknowledged(t wire.TCP) {
	ack := t.Ack()
	if t.Flags()&wire.ACK != 0 {
		ack -= m.p.Flow.Ack
	}
	m.number(int64(ack))
}

// length pushes how many bytes of data the segment has by what IP says, or the
// number that comes next; SYN and FIN take one each.
func (m *machine) length(t wire.TCP, l *layer, next bool) {
	n := l.stated - int32(t.HeaderLen())
	if n < 0 || t.HeaderLen() < wire.TCPLen || t.HeaderLen() > len(t) {
		return
	}
	if !next {
		m.number(int64(n))
		return
	}
	m.number(int64(t.Seq() - m.p.Flow.Seq + uint32(n) + uint32(t.Flags()>>1&1) + uint32(t.Flags()&1)))
}

// optionBytes returns the options of a segment, where they begin, and whether the frame ends before the header does.
func (m *machine) optionBytes(l *layer) (opts []byte, at int32, cut bool) {
	at = l.at + wire.TCPLen
	if at > l.body {
		return nil, at, false
	}
	return m.frame[at:l.body], at, int(l.at)+wire.TCP(m.frame[l.at:l.body]).HeaderLen() > int(l.body)
}

// nextOption returns the kind of the option at offset at, and where the next begins. The last of options that are cut counts as soon
// as its kind and length are there.
func nextOption(opts []byte, at int, cut bool) (kind uint8, next int, ok bool) {
	if o, next, ok := wire.NextOption(opts, at); ok {
		return o.Kind, next, true
	}
	if cut && at+2 <= len(opts) && opts[at] != wire.OptEnd && opts[at+1] >= 2 {
		return opts[at], len(opts), true
	}
	return 0, at, false
}

// options pushes what row asks for of each option of its kind.
func (m *machine) options(r *row, l *layer) {
	opts, start, cut := m.optionBytes(l)
	for at := 0; ; {
		kind, next, ok := nextOption(opts, at, cut)
		if !ok {
			return
		}
		if kind == r.arg {
			m.option(r, start+int32(at), start+int32(next))
		}
		at = next
	}
}

// optionLen returns how long an option of a kind must be, 0 if any length will do.
func optionLen(kind uint8) int32 {
	switch kind {
	case wire.OptMSS, wire.OptUserTimeout:
		return 4
	case wire.OptWindowScale:
		return 3
	case wire.OptSACKPermitted:
		return 2
	case wire.OptTimestamps:
		return 10
	}
	return 0
}

// option pushes what row asks for of the option at [at, end).
func (m *machine) option(r *row, at, end int32) {
	switch need := optionLen(r.arg); {
	case r.from == option:
		m.push(value{at: at, end: end})
	case r.from == inBlocks:
		for b := at + int32(r.at); b+int32(r.size) <= end; b += 8 {
			m.number(int64(be.Uint32(m.frame[b:]) - m.p.Flow.Ack))
		}
	case need == int32(m.frame[at+1]) && at+int32(r.at)+int32(r.size) <= end:
		m.number(m.masked(r, int(at)+int(r.at)))
	}
}

// optionList pushes the list as a whole, or the head of each option in it.
func (m *machine) optionList(what uint8, l *layer) {
	opts, start, cut := m.optionBytes(l)
	if what == cOptions && (len(opts) > 0 || cut) {
		m.push(value{at: start, end: max(start, l.body)})
		return
	}
	for at := 0; at < len(opts); {
		kind, next, ok := nextOption(opts, at, cut)
		last := !ok && opts[at] == wire.OptEnd
		switch {
		case what == cOptionEnd && last:
			m.push(value{at: start + int32(at), end: l.body})
		case what == cOptionKind && (ok || last || !cut):
			m.number(int64(opts[at]))
		case what == cOptionLen && ok && kind != wire.OptNop:
			m.number(int64(opts[at+1]))
		}
		if !ok {
			return
		}
		at = next
	}
}
