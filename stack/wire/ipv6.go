package wire

// More IP protocol numbers: those of IPv6's extension headers (RFC 8200 §4) and of ICMPv6.
const (
	ProtoHopByHop    = 0
	ProtoRouting     = 43
	ProtoFragment    = 44
	ProtoICMPv6      = 58
	ProtoNone        = 59
	ProtoDestOptions = 60
)

// IPv6Len is the length of an IPv6 header without extensions, FragmentLen that
// of a fragment header; every link carries packets of IPv6MinMTU (RFC 8200 §5).
const (
	IPv6Len     = 40
	FragmentLen = 8
	IPv6MinMTU  = 1280
)

// IPv6 is a view of an IPv6 packet (RFC 8200 §3).
type IPv6 []byte

// ParseIPv6 returns a view of b cut to the packet's length, or false if that
// contradicts b.
func ParseIPv6(b []byte) (IPv6, bool) {
	if len(b) < IPv6Len || b[0]>>4 != 6 {
		return nil, false
	}
	total := IPv6Len + int(be.Uint16(b[4:]))
	if total > len(b) {
		return nil, false
	}
	return b[:total], true
}

func (p IPv6) TrafficClass() uint8 { return uint8(be.Uint16(p[0:]) >> 4) }
func (p IPv6) FlowLabel() uint32   { return be.Uint32(p[0:]) & 0xfffff }
func (p IPv6) PayloadLen() int     { return int(be.Uint16(p[4:])) }
func (p IPv6) NextHeader() uint8   { return p[6] }
func (p IPv6) HopLimit() uint8     { return p[7] }
func (p IPv6) Src() Addr           { return Addr(p[8:24]) }
func (p IPv6) Dst() Addr           { return Addr(p[24:40]) }
func (p IPv6) Payload() []byte     { return p[IPv6Len:] }

// DecrementHopLimit takes one hop off a limit above zero; no checksum covers it.
func (p IPv6) DecrementHopLimit() { p[7]-- }

// IPv6Header is what a host says about a packet it sends.
type IPv6Header struct {
	Src, Dst     Addr
	Length       int // of what follows the header, in bytes
	FlowLabel    uint32
	TrafficClass uint8
	Next         uint8
	HopLimit     uint8
}

// Put writes the header to the front of b.
func (h *IPv6Header) Put(b []byte) {
	_ = b[IPv6Len-1]
	be.PutUint32(b[0:], 6<<28|uint32(h.TrafficClass)<<20|h.FlowLabel&0xfffff)
	be.PutUint16(b[4:], uint16(h.Length))
	b[6], b[7] = h.Next, h.HopLimit
	copy(b[8:24], h.Src[:])
	copy(b[24:40], h.Dst[:])
}

// Fragment is a view of a fragment header (RFC 8200 §4.5).
type Fragment []byte

func (f Fragment) NextHeader() uint8 { return f[0] }
func (f Fragment) Offset() int       { return int(be.Uint16(f[2:]) &^ 7) }
func (f Fragment) More() bool        { return f[3]&1 != 0 }
func (f Fragment) ID() uint32        { return be.Uint32(f[4:]) }

// PutFragment writes a fragment header to the front of b; offset is a multiple of 8.
func PutFragment(b []byte, next uint8, offset int, more bool, id uint32) {
	_ = b[FragmentLen-1]
	b[0], b[1] = next, 0
	be.PutUint16(b[2:], uint16(offset))
	if more {
		b[3] |= 1
	}
	be.PutUint32(b[4:], id)
}

// Fault is why a packet is dropped while its headers are read: what ICMPv6 is
// to say of it, if it is to say anything.
type Fault struct {
	Drop    bool
	Report  bool  // with parameter problem of this code, at byte Pointer
	Always  bool  // also if the packet was for a group (RFC 8200 §4.2, 10 in the kind of an option)
	Code    uint8 // of parameter problem (RFC 4443 §3.4)
	Pointer uint32
}

// Chain is what stands between the IPv6 header and the upper layer.
type Chain struct {
	Proto  uint8 // of the upper layer
	At     int   // where it begins in the packet
	FragAt int   // where the fragment header begins; zero: there is none
	LinkAt int   // where the byte stands that names Proto, or the fragment header if there is one
	Fault  Fault
}

// Headers walks the extension headers, in whatever order they stand (RFC 8200
// §4.1), up to the upper layer or a fragment header: what is behind that is
// read when the packet is whole. A router passing the packet on has no business
// here but for hop-by-hop options.
func (p IPv6) Headers() Chain {
	return p.walk(Chain{Proto: p.NextHeader(), At: IPv6Len, LinkAt: 6}, true)
}

// Behind is Headers for what follows the fragment header of a packet that is whole. There is not a second one.
func (p IPv6) Behind(c Chain) Chain {
	c = p.walk(Chain{Proto: c.Proto, At: c.At, LinkAt: c.FragAt}, true)
	if c.FragAt > 0 {
		c.Fault = fieldFault(c.FragAt)
	}
	return c
}

// fieldFault says that the field at a byte is wrong.
func fieldFault(at int) Fault {
	return Fault{Drop: true, Report: true, Code: CodeErroneousHeader, Pointer: uint32(at)}
}

// Skip is Headers for somebody else's packet: options and routes are not judged.
func (p IPv6) Skip() Chain {
	return p.walk(Chain{Proto: p.NextHeader(), At: IPv6Len, LinkAt: 6}, false)
}

func (p IPv6) walk(c Chain, judge bool) Chain {
	for {
		switch c.Proto {
		case ProtoHopByHop:
			if judge && c.At != IPv6Len { // only right behind the IPv6 header (§4.3)
				c.Fault = Fault{Drop: true, Report: true, Code: CodeUnknownNext, Pointer: uint32(c.LinkAt)}
				return c
			}
			fallthrough
		case ProtoDestOptions, ProtoRouting:
			n, ok := p.extension(c.At)
			if !ok {
				c.Fault = Fault{Drop: true}
				return c
			}
			switch {
			case !judge:
			case c.Proto == ProtoRouting:
				c.Fault = p.routing(c.At)
			default:
				c.Fault = p.options(c.At+2, c.At+n, c.Proto == ProtoHopByHop)
			}
			if c.Fault.Drop {
				return c
			}
			c.Proto, c.LinkAt, c.At = p[c.At], c.At, c.At+n
		case ProtoFragment:
			if c.At+FragmentLen > len(p) {
				c.Fault = fieldFault(c.At)
				return c
			}
			c.FragAt = c.At
			c.Proto, c.At = p[c.At], c.At+FragmentLen
			return c
		default:
			return c
		}
	}
}

// extension returns the length of the header at offset at, which begins with
// the next header's number and its own length.
func (p IPv6) extension(at int) (n int, ok bool) {
	if at+8 > len(p) {
		return 0, false
	}
	n = 8 + 8*int(p[at+1])
	return n, at+n <= len(p)
}

// routing judges a routing header: none is known, so one with segments left is
// refused, all others are passed over (RFC 8200 §4.4, RFC 5095 §3). Those of RPL and of segment routing are dropped:
// they are for routers that were told to take them (Linux's rpl_seg_enabled, seg6_enabled).
func (p IPv6) routing(at int) Fault {
	const rpl, segments = 3, 4
	if t := p[at+2]; t == rpl || t == segments {
		return Fault{Drop: true}
	}
	if p[at+3] == 0 {
		return Fault{}
	}
	return fieldFault(at + 2)
}

// What Linux takes of options (ip6_parse_tlv): more may be an attack, and is dropped in silence.
const (
	maxPadding = 7 // bytes in a row
	maxOptions = 8
)

// options judges options by the two highest bits of those that are not known (RFC 8200 §4.2). Of hop-by-hop options
// router alert and jumbo payload are.
func (p IPv6) options(at, end int, hopByHop bool) Fault {
	const pad1, padN = 0, 1
	padding, n := 0, 0
	for at < end {
		size := 1
		if p[at] != pad1 {
			if at+2 > end || at+2+int(p[at+1]) > end {
				return Fault{Drop: true}
			}
			size = 2 + int(p[at+1])
		}
		if p[at] == pad1 || p[at] == padN {
			if padding += size; padding > maxPadding || size > 2 && !zero(p[at+2:at+size]) {
				return Fault{Drop: true}
			}
		} else {
			if n++; n > maxOptions {
				return Fault{Drop: true}
			}
			if f := p.option(at, size, hopByHop); f.Drop {
				return f
			}
			padding = 0
		}
		at += size
	}
	return Fault{}
}

func (p IPv6) option(at, size int, hopByHop bool) Fault {
	const alert, jumbo = 5, 0xc2
	action := p[at] >> 6
	switch {
	case hopByHop && p[at] == alert: // RFC 2711 §2.1
		return Fault{Drop: size != 4}
	case hopByHop && p[at] == jumbo:
		return p.jumbo(at, size)
	case action == 0:
		return Fault{}
	}
	return Fault{Drop: true, Report: action != 1, Always: action == 2, Code: CodeUnknownOption, Pointer: uint32(at)}
}

// jumbo judges a jumbo payload option (RFC 2675 §3). Nothing here carries a packet that needs one.
func (p IPv6) jumbo(at, size int) Fault {
	switch {
	case size != 6 || at%4 != 2:
		return Fault{Drop: true}
	case be.Uint32(p[at+2:]) <= 65535:
		return fieldFault(at + 2)
	case p.PayloadLen() != 0:
		return fieldFault(at)
	}
	return Fault{Drop: true}
}

func zero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

// Beheaded reports whether a first fragment does not hold all headers, that of the upper layer among them (RFC 7112
// §5; Linux's ipv6frag_thdr_truncated). c ends at its fragment header.
func (p IPv6) Beheaded(c Chain) bool {
	proto, at := c.Proto, c.At
	for {
		n := 1 // of a protocol that nobody knows
		switch proto {
		case ProtoHopByHop, ProtoRouting, ProtoDestOptions:
			if at+2 > len(p) {
				return false // Linux cannot see it, and waits for the rest
			}
			proto, at = p[at], at+8+8*int(p[at+1])
			continue
		case ProtoFragment, ProtoNone:
			return false
		case ProtoTCP:
			n = TCPLen
		case ProtoUDP, ProtoICMPv6:
			n = 8
		}
		return at+n > len(p)
	}
}

// HopByHop judges the options that every node on the way reads.
func (p IPv6) HopByHop() Fault {
	if p.NextHeader() != ProtoHopByHop {
		return Fault{}
	}
	n, ok := p.extension(IPv6Len)
	if !ok {
		return Fault{Drop: true}
	}
	return p.options(IPv6Len+2, IPv6Len+n, true)
}

// SetPayload changes what the header says follows it.
func (p IPv6) SetPayload(next uint8, length int) {
	be.PutUint16(p[4:], uint16(length))
	p[6] = next
}
