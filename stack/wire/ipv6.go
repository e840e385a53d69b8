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
func (p IPv6) Headers() Chain { return p.walk(true) }

// Skip is Headers for somebody else's packet: options and routes are not judged.
func (p IPv6) Skip() Chain { return p.walk(false) }

func (p IPv6) walk(judge bool) (c Chain) {
	c.Proto, c.At, c.LinkAt = p.NextHeader(), IPv6Len, 6
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
				c.Fault = p.options(c.At+2, c.At+n)
			}
			if c.Fault.Drop {
				return c
			}
			c.Proto, c.LinkAt, c.At = p[c.At], c.At, c.At+n
		case ProtoFragment:
			if c.At+FragmentLen > len(p) {
				c.Fault = Fault{Drop: true}
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
// refused, all others are passed over (RFC 8200 §4.4, RFC 5095 §3).
func (p IPv6) routing(at int) Fault {
	if p[at+3] == 0 {
		return Fault{}
	}
	return Fault{Drop: true, Report: true, Code: CodeErroneousHeader, Pointer: uint32(at + 2)}
}

// options judges options by the two highest bits of those that are not known,
// which are all but padding (RFC 8200 §4.2).
func (p IPv6) options(at, end int) Fault {
	for at < end {
		kind := p[at]
		if kind == 0 { // Pad1
			at++
			continue
		}
		if at+2 > end || at+2+int(p[at+1]) > end {
			return Fault{Drop: true, Report: true, Code: CodeErroneousHeader, Pointer: uint32(at)}
		}
		if action := kind >> 6; kind != 1 && action != 0 {
			return Fault{Drop: true, Report: action != 1, Always: action == 2, Code: CodeUnknownOption, Pointer: uint32(at)}
		}
		at += 2 + int(p[at+1])
	}
	return Fault{}
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
	return p.options(IPv6Len+2, IPv6Len+n)
}

// SetPayload changes what the header says follows it.
func (p IPv6) SetPayload(next uint8, length int) {
	be.PutUint16(p[4:], uint16(length))
	p[6] = next
}
