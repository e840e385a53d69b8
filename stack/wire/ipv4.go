package wire

// IP protocol numbers.
const (
	ProtoICMP = 1
	ProtoTCP  = 6
	ProtoUDP  = 17
)

// What the two low bits of TOS or traffic class say of congestion (RFC 3168 §5).
const (
	ECT1 = 1 // may be marked
	ECT0 = 2 // may be marked
	CE   = 3 // was marked
)

// IPv4Len is the length of an IPv4 header without options, in bytes.
const IPv4Len = 20

// MaxIPv4 is the length of the longest packet.
const MaxIPv4 = 65535

// Bits of the field that holds flags and fragment offset.
const (
	IPv4DF         = 0x4000 // don't fragment
	IPv4MF         = 0x2000 // more fragments
	ipv4OffsetMask = 0x1fff
)

// IPv4 is a view of an IPv4 packet (RFC 791 §3.1).
type IPv4 []byte

// ParseIPv4 returns a view of b cut to the packet's total length, or false if
// the lengths in it contradict each other or b.
func ParseIPv4(b []byte) (IPv4, bool) {
	if len(b) < IPv4Len || b[0]>>4 != 4 {
		return nil, false
	}
	header, total := int(b[0]&15)*4, int(be.Uint16(b[2:]))
	if header < IPv4Len || total < header || total > len(b) {
		return nil, false
	}
	return b[:total], true
}

func (p IPv4) HeaderLen() int   { return int(p[0]&15) * 4 }
func (p IPv4) TOS() uint8       { return p[1] }
func (p IPv4) TotalLen() int    { return int(be.Uint16(p[2:])) }
func (p IPv4) ID() uint16       { return be.Uint16(p[4:]) }
func (p IPv4) Flags() uint16    { return be.Uint16(p[6:]) &^ ipv4OffsetMask }
func (p IPv4) FragOffset() int  { return int(be.Uint16(p[6:])&ipv4OffsetMask) * 8 }
func (p IPv4) TTL() uint8       { return p[8] }
func (p IPv4) Protocol() uint8  { return p[9] }
func (p IPv4) Checksum() uint16 { return be.Uint16(p[10:]) }
func (p IPv4) Src() Addr        { return from4(p[12:16]) }
func (p IPv4) Dst() Addr        { return from4(p[16:20]) }
func (p IPv4) Payload() []byte  { return p[p.HeaderLen():] }

// IsFragment reports whether the packet is a part of a larger one.
func (p IPv4) IsFragment() bool { return be.Uint16(p[6:])&(IPv4MF|ipv4OffsetMask) != 0 }

// ChecksumOK reports whether the header checksum is right.
func (p IPv4) ChecksumOK() bool { return Sum(0).AddBytes(p[:p.HeaderLen()]).Fold() == 0 }

// IPv4Header is what a host says about a packet it sends.
type IPv4Header struct {
	Src, Dst Addr
	Length   int // header and payload, in bytes
	ID       uint16
	Flags    uint16 // IPv4DF, IPv4MF
	TOS      uint8
	TTL      uint8
	Protocol uint8
	Options  []byte // whole words
}

// Put writes the header, with its checksum, to the front of b.
func (h *IPv4Header) Put(b []byte) {
	_ = b[IPv4Len-1]
	b[0], b[1] = 0x45, h.TOS
	be.PutUint16(b[2:], uint16(h.Length))
	be.PutUint16(b[4:], h.ID)
	be.PutUint16(b[6:], h.Flags)
	b[8], b[9] = h.TTL, h.Protocol
	be.PutUint16(b[10:], 0)
	copy(b[12:16], h.Src[12:])
	copy(b[16:20], h.Dst[12:])
	sum := Sum(be.Uint32(b[0:])) + Sum(be.Uint32(b[4:])) + Sum(be.Uint32(b[8:])) +
		Sum(be.Uint32(b[12:])) + Sum(be.Uint32(b[16:]))
	be.PutUint16(b[10:], sum.Fold())
	if len(h.Options) > 0 {
		b[0] += uint8(len(h.Options) / 4)
		copy(b[IPv4Len:], h.Options)
		IPv4(b).MendChecksum()
	}
}

// DecrementTTL takes one hop off a TTL above zero and mends the checksum (RFC 1624).
func (p IPv4) DecrementTTL() {
	p[8]--
	sum := Sum(^be.Uint16(p[10:])&0xffff) + Sum(0xfeff) // minus 0x0100 in one's complement
	be.PutUint16(p[10:], sum.Fold())
}

// SetFragment makes p, in all its length, a fragment at offset of a larger
// packet, or a whole one, and mends lengths and checksum. Whether it must not
// be fragmented is forgotten.
func (p IPv4) SetFragment(offset int, more bool) {
	be.PutUint16(p[2:], uint16(len(p)))
	be.PutUint16(p[6:], uint16(offset/8))
	if more {
		p[6] |= IPv4MF >> 8
	}
	p.MendChecksum()
}
