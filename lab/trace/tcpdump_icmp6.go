package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"wirelab/stack/wire"
)

// What tcpdump -v says of ICMPv6: whether the sum is right, and what neighbour discovery tells (RFC 4861).

func (p *printer) icmp6(s *Summary, u *packet) {
	body := u.body
	if p.Verbose > 0 && !u.fragment && len(body) == u.length && len(body) >= 4 {
		if m := wire.ICMPv6(body); m.ChecksumOK(&u.src, &u.dst) {
			p.say("[icmp6 sum ok] ")
		} else {
			p.sayf("[bad icmp6 cksum 0x%04x -> 0x%04x!] ", m.Checksum(), rightSum(wire.PseudoSum(&u.src, &u.dst, wire.ProtoICMPv6, len(body)), body, 2))
		}
	}
	p.say("ICMP6, ")
	if len(body) >= 4 && body[0] == wire.ICMPv6RouterSolicit { // nothing of the rest is told
		body = append(bytes.Clone(body), make([]byte, max(0, wire.ICMPLen-len(body)))...)
	}
	if len(body) < wire.ICMPLen {
		p.missing("icmp6")
		return
	}
	s.Extra = s.upper(wire.ProtoICMPv6, body)
	words, length := icmp6Body(s), fmt.Sprintf(", length %d", u.length)
	if p.Verbose == 0 {
		p.say(words + length)
		return
	}
	switch s.Flags {
	case wire.ICMPv6RouterSolicit, wire.ICMPv6RouterAdvert, wire.ICMPv6NeighborSolicit, wire.ICMPv6NeighborAdvert, icmpv6Redirect: // the length stands behind the name, and only there
		name, rest, more := strings.Cut(words, ", ")
		if p.say(name + length); more {
			p.say(", " + rest)
		}
		p.neighbour(s.Flags, body)
	default:
		p.say(words)
	}
}

const icmpv6Redirect = 137

// neighbour is the body of a message of neighbour discovery, and its options.
func (p *printer) neighbour(kind uint8, body []byte) {
	at := 24
	switch kind {
	case wire.ICMPv6RouterSolicit:
		at = 8
	case wire.ICMPv6NeighborAdvert:
		p.sayf(", Flags [%s]", flagNames(body[4], "router", "solicited", "override"))
	case icmpv6Redirect:
		at = 40
	case wire.ICMPv6RouterAdvert:
		if at = 16; len(body) < at {
			p.missing("icmp6")
			return
		}
		pref := [...]string{"medium", "high", "reserved", "low"}[body[5]>>3&3]
		p.sayf("\n\thop limit %d, Flags [%s], pref %s, router lifetime %ds, reachable time %dms, retrans timer %dms", body[4],
			flagNames(body[5], "managed", "other stateful", "home agent"), pref,
			binary.BigEndian.Uint16(body[6:]), binary.BigEndian.Uint32(body[8:]), binary.BigEndian.Uint32(body[12:]))
	}
	for at < len(body) {
		if at+2 > len(body) || body[at+1] != 0 && at+int(body[at+1])*8 > len(body) {
			p.missing("icmp6")
			return
		}
		n := int(body[at+1]) * 8
		if n == 0 {
			return
		}
		p.neighbourOption(body[at : at+n])
		at += n
	}
}

var neighbourOptions = map[uint8]string{1: "source link-address", 2: "destination link-address", 3: "prefix info", 4: "redirected header", 5: "mtu",
	7: "advertisement interval", 8: "homeagent information", 24: "route info", 25: "rdnss", 31: "dnssl"}

func (p *printer) neighbourOption(b []byte) {
	name, known := neighbourOptions[b[0]]
	if !known {
		name = "unknown"
	}
	p.sayf("\n\t  %s option (%d), length %d (%d): ", name, b[0], len(b), b[1])
	switch {
	case b[0] <= 2 && known:
		for i, c := range b[2:] {
			if i > 0 {
				p.say(":")
			}
			p.sayf("%02x", c)
		}
	case b[0] == 3 && len(b) >= 32:
		p.sayf("%s/%d, Flags [%s], valid time %s, pref. time %s", wire.Addr(b[16:32]), b[2], flagNames(b[3], "onlink", "auto", "router"),
			lifetime(b[4:]), lifetime(b[8:]))
	case b[0] == 5:
		p.sayf(" %d", binary.BigEndian.Uint32(b[4:]))
	case b[0] == 25 && len(b) >= 24:
		p.sayf(" lifetime %ds,", binary.BigEndian.Uint32(b[4:]))
		for a := b[8:]; len(a) >= 16; a = a[16:] {
			p.sayf(" addr: %s", wire.Addr(a[:16]))
		}
	}
	if p.Verbose > 1 || !known {
		p.optionBytes(b)
	}
}

// optionBytes are the bytes of an option behind its type and length.
func (p *printer) optionBytes(b []byte) {
	for at := 2; at < len(b); at += 16 {
		p.sayf("\n\t    0x%04x: ", at-2)
		for i, c := range b[at:min(at+16, len(b))] {
			if i%2 == 0 {
				p.say(" ")
			}
			p.sayf("%02x", c)
		}
	}
}

func lifetime(b []byte) string {
	if n := binary.BigEndian.Uint32(b); n != 0xffffffff {
		return fmt.Sprintf("%ds", n)
	}
	return "infinity"
}

// flagNames lists the names of the bits that are set, from the highest on.
func flagNames(b byte, names ...string) string {
	var set []string
	for i, name := range names {
		if b&(0x80>>i) != 0 {
			set = append(set, name)
		}
	}
	if set == nil {
		return "none"
	}
	return strings.Join(set, ", ")
}
