package wire

// ICMPv6 types and codes (RFC 4443 §2.1; RFC 4861 §4).
const (
	ICMPv6Unreachable     = 1
	ICMPv6TooBig          = 2
	ICMPv6TimeExceeded    = 3
	ICMPv6ParamProblem    = 4
	ICMPv6Echo            = 128
	ICMPv6EchoReply       = 129
	ICMPv6RouterSolicit   = 133
	ICMPv6RouterAdvert    = 134
	ICMPv6NeighborSolicit = 135
	ICMPv6NeighborAdvert  = 136
	ICMPv6Redirect        = 137

	// of unreachable
	Code6NoRoute = 0
	Code6Admin   = 1
	Code6Scope   = 2
	Code6Address = 3
	Code6Port    = 4
	// of time exceeded, as in ICMP
	CodeReassembly = 1
	// of parameter problem
	CodeErroneousHeader = 0
	CodeUnknownNext     = 1
	CodeUnknownOption   = 2
	CodeIncompleteChain = 3 // RFC 7112 §6.1
)

// ICMPv6 is a view of an ICMPv6 message (RFC 4443 §2.1).
type ICMPv6 []byte

// ParseICMPv6 returns a view of b, or false if b is too short. Its header is as
// long as ICMP's, ICMPLen.
func ParseICMPv6(b []byte) (ICMPv6, bool) { return b, len(b) >= ICMPLen }

func (m ICMPv6) Type() uint8      { return m[0] }
func (m ICMPv6) Code() uint8      { return m[1] }
func (m ICMPv6) Checksum() uint16 { return be.Uint16(m[2:]) }
func (m ICMPv6) ID() uint16       { return be.Uint16(m[4:]) }
func (m ICMPv6) Seq() uint16      { return be.Uint16(m[6:]) }
func (m ICMPv6) MTU() uint32      { return be.Uint32(m[4:]) } // of packet too big
func (m ICMPv6) Payload() []byte  { return m[ICMPLen:] }

// IsError reports whether the message is about another packet.
func (m ICMPv6) IsError() bool { return m[0] < 128 }

// ChecksumOK reports whether the checksum over pseudo-header and message is
// right (RFC 4443 §2.3).
func (m ICMPv6) ChecksumOK(src, dst *Addr) bool {
	return PseudoSum(src, dst, ProtoICMPv6, len(m)).AddBytes(m).Fold() == 0
}

// PutICMPv6 writes a header whose second half is rest in front of the body that
// already stands at b[ICMPLen:], with the checksum over both.
func PutICMPv6(b []byte, src, dst *Addr, typ, code uint8, rest uint32) {
	b[0], b[1] = typ, code
	be.PutUint16(b[2:], 0)
	be.PutUint32(b[4:], rest)
	be.PutUint16(b[2:], PseudoSum(src, dst, ProtoICMPv6, len(b)).AddBytes(b).Fold())
}

// Neighbour discovery (RFC 4861 §4). Lengths are those of messages without options.
const (
	RouterSolicitLen = ICMPLen
	RouterAdvertLen  = 16
	NeighborLen      = 24 // of a solicitation or an advertisement
	RedirectLen      = 40

	// Bits of the second half of a neighbour advertisement's header.
	NARouter    = 1 << 31
	NASolicited = 1 << 30
	NAOverride  = 1 << 29
)

// Kinds of options of neighbour discovery (RFC 4861 §4.6).
const (
	NDSourceMAC  = 1
	NDTargetMAC  = 2
	NDPrefix     = 3
	NDRedirected = 4
	NDMTU        = 5

	NDMACLen    = 8 // of NDSourceMAC and NDTargetMAC over Ethernet
	NDPrefixLen = 32
	NDMTULen    = 8
)

// Bits in a prefix information option (RFC 4861 §4.6.2).
const (
	PrefixOnLink     = 0x80
	PrefixAutonomous = 0x40
)

// Target returns the address that a neighbour solicitation, a neighbour
// advertisement or a redirect is about.
func (m ICMPv6) Target() Addr { return Addr(m[8:24]) }

// Flags returns the bits of a neighbour advertisement.
func (m ICMPv6) Flags() uint32 { return be.Uint32(m[4:]) }

// RouterAdvert is what a router says of itself (RFC 4861 §4.2), without options.
type RouterAdvert struct {
	HopLimit    uint8  // zero: not said, as are the times
	Flags       uint8  // managed, other: for DHCPv6
	Lifetime    uint16 // seconds; zero: no default router
	ReachableMs uint32
	RetransMs   uint32
}

// RouterAdvert reads the fixed part of a router advertisement of at least
// RouterAdvertLen bytes.
func (m ICMPv6) RouterAdvert() RouterAdvert {
	return RouterAdvert{m[4], m[5], be.Uint16(m[6:]), be.Uint32(m[8:]), be.Uint32(m[12:])}
}

// Put writes what follows the header of a router advertisement to b and returns
// the second half of the header, for PutICMPv6.
func (a *RouterAdvert) Put(b []byte) (rest uint32) {
	be.PutUint32(b[0:], a.ReachableMs)
	be.PutUint32(b[4:], a.RetransMs)
	return uint32(a.HopLimit)<<24 | uint32(a.Flags)<<16 | uint32(a.Lifetime)
}

// NDOption is a view of one option of neighbour discovery, its kind and length included.
type NDOption []byte

// NextNDOption returns the option at offset at and where the next one begins;
// false behind the last one, or if that is damaged: then next is less than len(b).
func NextNDOption(b []byte, at int) (o NDOption, next int, ok bool) {
	if at+8 > len(b) || b[at+1] == 0 || at+8*int(b[at+1]) > len(b) {
		return nil, at, false
	}
	next = at + 8*int(b[at+1])
	return b[at:next], next, true
}

// NDOptionsOK reports whether options fill b; a message in which they do not is
// dropped (RFC 4861 §6.1, §7.1).
func NDOptionsOK(b []byte) bool {
	for at := 0; at < len(b); {
		_, next, ok := NextNDOption(b, at)
		if !ok {
			return false
		}
		at = next
	}
	return true
}

// FindNDOption returns the first option of a kind with at least n bytes, or nil.
func FindNDOption(b []byte, kind uint8, n int) NDOption {
	for at := 0; ; {
		o, next, ok := NextNDOption(b, at)
		if !ok || o[0] == kind && len(o) >= n {
			return o
		}
		at = next
	}
}

func (o NDOption) Kind() uint8 { return o[0] }
func (o NDOption) MAC() MAC    { return MAC(o[2:8]) }
func (o NDOption) MTU() uint32 { return be.Uint32(o[4:]) }

// PutNDMAC writes an option with a link-layer address.
func PutNDMAC(b []byte, kind uint8, mac MAC) {
	b[0], b[1] = kind, 1
	copy(b[2:8], mac[:])
}

// PutNDMTU writes the option that says how large packets on the link may be.
func PutNDMTU(b []byte, mtu uint32) {
	_ = b[NDMTULen-1]
	b[0], b[1], b[2], b[3] = NDMTU, 1, 0, 0
	be.PutUint32(b[4:], mtu)
}

// PrefixInfo is a prefix that a router advertises (RFC 4861 §4.6.2).
type PrefixInfo struct {
	Prefix       Addr
	Bits         uint8
	Flags        uint8  // PrefixOnLink, PrefixAutonomous
	ValidSec     uint32 // all ones: for ever
	PreferredSec uint32
}

// Prefix reads a prefix information option of at least NDPrefixLen bytes.
func (o NDOption) Prefix() PrefixInfo {
	return PrefixInfo{Addr(o[16:32]), o[2], o[3], be.Uint32(o[4:]), be.Uint32(o[8:])}
}

// Put writes the option to the front of b.
func (i *PrefixInfo) Put(b []byte) {
	_ = b[NDPrefixLen-1]
	b[0], b[1], b[2], b[3] = NDPrefix, 4, i.Bits, i.Flags
	be.PutUint32(b[4:], i.ValidSec)
	be.PutUint32(b[8:], i.PreferredSec)
	be.PutUint32(b[12:], 0)
	copy(b[16:32], i.Prefix[:])
}
