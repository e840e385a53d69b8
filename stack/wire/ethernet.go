package wire

// EtherTypes (IEEE 802 numbers).
const (
	TypeIPv4 = 0x0800
	TypeARP  = 0x0806
	TypeIPv6 = 0x86dd
)

// EthernetLen is the length of an Ethernet II header in bytes; the frame check
// sequence is not part of a frame here.
const EthernetLen = 14

// Ethernet is a view of an Ethernet II frame.
type Ethernet []byte

// ParseEthernet returns a view of b, or false if b is too short to be a frame.
func ParseEthernet(b []byte) (Ethernet, bool) { return b, len(b) >= EthernetLen }

func (e Ethernet) Dst() MAC        { return MAC(e[0:6]) }
func (e Ethernet) Src() MAC        { return MAC(e[6:12]) }
func (e Ethernet) Type() uint16    { return be.Uint16(e[12:]) }
func (e Ethernet) Payload() []byte { return e[EthernetLen:] }

// PutEthernet writes a header to the front of b.
func PutEthernet(b []byte, dst, src MAC, etherType uint16) {
	_ = b[EthernetLen-1]
	copy(b[0:6], dst[:])
	copy(b[6:12], src[:])
	be.PutUint16(b[12:], etherType)
}

// ARP operations (RFC 826).
const (
	ARPRequest = 1
	ARPReply   = 2
)

// ARPLen is the length of an ARP packet for IPv4 over Ethernet.
const ARPLen = 28

// ARP is a view of an ARP packet for IPv4 over Ethernet (RFC 826).
type ARP []byte

// ParseARP returns a view of b, or false if b is not ARP for IPv4 over Ethernet.
func ParseARP(b []byte) (ARP, bool) {
	ok := len(b) >= ARPLen && be.Uint16(b[0:]) == 1 && be.Uint16(b[2:]) == TypeIPv4 && b[4] == 6 && b[5] == 4
	return b, ok
}

func (a ARP) Op() uint16     { return be.Uint16(a[6:]) }
func (a ARP) SenderMAC() MAC { return MAC(a[8:14]) }
func (a ARP) SenderIP() Addr { return From4(be.Uint32(a[14:])) }
func (a ARP) TargetMAC() MAC { return MAC(a[18:24]) }
func (a ARP) TargetIP() Addr { return From4(be.Uint32(a[24:])) }

// PutARP writes an ARP packet to the front of b.
func PutARP(b []byte, op uint16, senderMAC MAC, senderIP Addr, targetMAC MAC, targetIP Addr) {
	_ = b[ARPLen-1]
	be.PutUint16(b[0:], 1)
	be.PutUint16(b[2:], TypeIPv4)
	b[4], b[5] = 6, 4
	be.PutUint16(b[6:], op)
	copy(b[8:], senderMAC[:])
	be.PutUint32(b[14:], senderIP.As4())
	copy(b[18:], targetMAC[:])
	be.PutUint32(b[24:], targetIP.As4())
}
