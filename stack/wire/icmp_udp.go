package wire

// ICMP types and codes (RFC 792).
const (
	ICMPEchoReply    = 0
	ICMPUnreachable  = 3
	ICMPEcho         = 8
	ICMPSourceQuench = 4
	ICMPRedirect     = 5
	ICMPTimeExceeded = 11
	ICMPParamProblem = 12
	ICMPMaskReply    = 18

	CodeNetUnreachable   = 0
	CodeHostUnreachable  = 1
	CodeProtoUnreachable = 2
	CodePortUnreachable  = 3
	CodeFragNeeded       = 4
	CodeSourceRoute      = 5
)

// ICMPLen is the length of an ICMP header in bytes.
const ICMPLen = 8

// ICMP is a view of an ICMP message (RFC 792).
type ICMP []byte

// ParseICMP returns a view of b, or false if b is too short.
func ParseICMP(b []byte) (ICMP, bool) { return b, len(b) >= ICMPLen }

func (m ICMP) Type() uint8      { return m[0] }
func (m ICMP) Code() uint8      { return m[1] }
func (m ICMP) Checksum() uint16 { return be.Uint16(m[2:]) }
func (m ICMP) ID() uint16       { return be.Uint16(m[4:]) }
func (m ICMP) Seq() uint16      { return be.Uint16(m[6:]) }
func (m ICMP) Payload() []byte  { return m[ICMPLen:] }
func (m ICMP) ChecksumOK() bool { return Sum(0).AddBytes(m).Fold() == 0 }

// PutICMP writes a header in front of the payload that already stands at
// b[ICMPLen:], with the checksum over both.
func PutICMP(b []byte, typ, code uint8, id, seq uint16) {
	b[0], b[1] = typ, code
	be.PutUint16(b[2:], 0)
	be.PutUint16(b[4:], id)
	be.PutUint16(b[6:], seq)
	be.PutUint16(b[2:], Sum(0).AddBytes(b).Fold())
}

// UDPLen is the length of a UDP header in bytes.
const UDPLen = 8

// UDP is a view of a UDP datagram (RFC 768).
type UDP []byte

// ParseUDP returns a view of b cut to the datagram's length, or false if the
// length contradicts b.
func ParseUDP(b []byte) (UDP, bool) {
	if len(b) < UDPLen {
		return nil, false
	}
	n := int(be.Uint16(b[4:]))
	if n < UDPLen || n > len(b) {
		return nil, false
	}
	return b[:n], true
}

func (u UDP) SrcPort() uint16  { return be.Uint16(u[0:]) }
func (u UDP) DstPort() uint16  { return be.Uint16(u[2:]) }
func (u UDP) Length() int      { return int(be.Uint16(u[4:])) }
func (u UDP) Checksum() uint16 { return be.Uint16(u[6:]) }
func (u UDP) Payload() []byte  { return u[UDPLen:] }

// ChecksumOK reports whether the checksum is right or was not computed.
func (u UDP) ChecksumOK(src, dst *Addr) bool {
	return u.Checksum() == 0 || PseudoSum(src, dst, ProtoUDP, len(u)).AddBytes(u).Fold() == 0
}

// PutUDP writes a header in front of the payload that already stands at
// b[UDPLen:], with the checksum over both.
func PutUDP(b []byte, src, dst *Addr, srcPort, dstPort uint16) {
	be.PutUint16(b[0:], srcPort)
	be.PutUint16(b[2:], dstPort)
	be.PutUint16(b[4:], uint16(len(b)))
	be.PutUint16(b[6:], 0)
	sum := PseudoSum(src, dst, ProtoUDP, len(b)).AddBytes(b).Fold()
	if sum == 0 {
		sum = 0xffff // zero would mean "not computed"
	}
	be.PutUint16(b[6:], sum)
}
