package stack

import (
	"encoding/binary"

	"wirelab/stack/wire"
)

// Options of IPv4, as in Linux's ip_options.c.

// stamped is what the options of a packet ask of a host that it reaches.
type stamped struct {
	bad     int  // where the option begins for which the packet is dropped; zero: all are right
	pointer int  // at what byte an ICMP error about that points
	route   bool // there is a source route
	slot    int  // where record route now keeps an address of this host; zero: nowhere
}

// stamp adds this host's address and time to the options of a packet that arrived, where they ask for it, and blanks
// what stands behind their end (Linux's ip_options_compile).
func (h *Host) stamp(p wire.IPv4) (s stamped) {
	var seen [256]bool
	here := h.addrFor(p.Dst(), p.Src())
	for at := wire.IPv4Len; at < p.HeaderLen(); {
		n, ok := p.OptionLen(at)
		if !ok {
			return stamped{bad: at, pointer: at}
		}
		kind, wrong := p[at], -1
		o := p[at : at+n]
		switch kind {
		case wire.OptEnd:
			clear(p[at:p.HeaderLen()])
			return s
		case wire.OptLooseRoute, wire.OptStrictRoute: // either once (RFC 1812 §5.2.4.1)
			kind, s.route = wire.OptLooseRoute, true
			if wrong = badSlots(o, 3, 4); wrong < 0 && seen[kind] {
				wrong = 0
			}
		case wire.OptRecordRoute:
			if wrong = badSlots(o, 3, 4); seen[kind] {
				wrong = 0
			} else if wrong < 0 && int(o[2]) <= n {
				if wrong = putAddr(o, here); wrong < 0 {
					s.slot = at + int(o[2]) - 1
					o[2] += 4
				}
			}
		case wire.OptTimestamp:
			if wrong = badSlots(o, 4, 5); seen[kind] {
				wrong = 0
			} else if wrong < 0 {
				wrong = h.stampTime(o, here)
			}
		case wire.OptAlert:
			if n < 4 {
				wrong = 1
			}
		}
		if wrong >= 0 {
			return stamped{bad: at, pointer: at + wrong}
		}
		seen[kind] = kind != wire.OptNop
		at += n
	}
	return s
}

// badSlots returns which byte is wrong of an option whose third one points into it: less than least bytes, or a
// pointer before first. Minus one: none.
func badSlots(o []byte, least int, first uint8) int {
	switch {
	case len(o) < least:
		return 1
	case o[2] < first:
		return 2
	}
	return -1
}

// putAddr writes an address where an option points, or returns which byte is wrong.
func putAddr(o []byte, a wire.Addr) int {
	if int(o[2])+3 > len(o) {
		return 2
	}
	copy(o[o[2]-1:], a[12:])
	return -1
}

// stampTime adds the time to a timestamp option (RFC 791 §3.1), or returns which byte is wrong. Where there is no
// room any more it counts who had none.
func (h *Host) stampTime(o []byte, here wire.Addr) int {
	flag, at := o[3]&15, int(o[2])
	if at > len(o) {
		switch {
		case flag == wire.StampAddrsSet:
		case o[3]>>4 == 15:
			return 3
		default:
			o[3] += 1 << 4
		}
		return -1
	}
	if at+3 > len(o) || (flag == wire.StampAddrs || flag == wire.StampAddrsSet) && at+7 > len(o) {
		return 2
	}
	switch flag {
	case wire.StampTimes:
		h.putTime(o[at-1:])
		o[2] += 4
	case wire.StampAddrs:
		copy(o[at-1:], here[12:])
		h.putTime(o[at+3:])
		o[2] += 8
	case wire.StampAddrsSet:
		if h.stampsFor(o[at-1:]) {
			h.putTime(o[at+3:])
			o[2] += 8
		}
	}
	return -1
}

// stampsFor reports whether the address that is written at b is for this host to stamp; Linux takes
// all for its own that is no unicast address.
func (h *Host) stampsFor(b []byte) bool {
	a := wire.From4(binary.BigEndian.Uint32(b))
	return h.isLocal(a) || a.IsMulticast() || a == wire.From4(0)
}

// putTime writes milliseconds since midnight UT.
func (h *Host) putTime(b []byte) {
	binary.BigEndian.PutUint32(b, uint32(h.env.Now/ms%86_400_000))
}

// replyOptions returns the options of an answer from src to a packet that stamp has seen: its record route and its
// timestamps, to which the answer's source adds itself (Linux's ip_options_echo). What stands from byte end on is
// left out. It reports false if the room that is left is no whole slot: then there is no answer.
func (h *Host) replyOptions(p wire.IPv4, end int, src wire.Addr) (opts []byte, ok bool) {
	for _, want := range []uint8{wire.OptRecordRoute, wire.OptTimestamp} {
		o := findOption(p, want, end)
		if o == nil {
			continue
		}
		opts = append(opts, o...)
		o = opts[len(opts)-len(o):]
		switch {
		case int(o[2]) > len(o):
		case want == wire.OptRecordRoute:
			if putAddr(o, src) >= 0 {
				return nil, false
			}
			o[2] += 4
		default:
			if h.stampTime(o, src) >= 0 {
				return nil, false
			}
		}
	}
	for len(opts)%4 != 0 {
		opts = append(opts, wire.OptEnd)
	}
	return opts, true
}

// findOption returns the first option of a kind in front of byte end of the header, or nil.
func findOption(p wire.IPv4, kind uint8, end int) []byte {
	for at := wire.IPv4Len; at < min(end, p.HeaderLen()) && p[at] != wire.OptEnd; {
		n, ok := p.OptionLen(at)
		if !ok {
			return nil
		}
		if p[at] == kind {
			return p[at : at+n]
		}
		at += n
	}
	return nil
}
