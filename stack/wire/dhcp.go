package wire

// Ports of DHCP, and what its messages have in front of their options: BOOTP's
// fields, and with the cookie that says that options follow (RFC 2131 §2).
const (
	DHCPServerPort = 67
	DHCPClientPort = 68
	BOOTPLen       = 236
	DHCPLen        = 240
	DHCPCookie     = 0x63825363
)

// Types of messages (RFC 2132 §9.6).
const (
	DHCPDiscover = 1 + iota
	DHCPOffer
	DHCPRequest
	DHCPDecline
	DHCPAck
	DHCPNak
	DHCPRelease
	DHCPInform
)

// Options (RFC 2132), as far as they are read here.
const (
	DHCPOptPad       = 0
	DHCPOptMask      = 1
	DHCPOptRouter    = 3
	DHCPOptDNS       = 6
	DHCPOptHostname  = 12
	DHCPOptDomain    = 15
	DHCPOptRequested = 50
	DHCPOptLease     = 51
	DHCPOptType      = 53
	DHCPOptServer    = 54
	DHCPOptParams    = 55
	DHCPOptRenewal   = 58
	DHCPOptRebinding = 59
	DHCPOptEnd       = 255
)

// DHCP is a view of a message of DHCP, or of BOOTP, which has no type (RFC 2131 §2, RFC 951).
type DHCP []byte

// ParseDHCP returns a view of b, or false if b is too short.
func ParseDHCP(b []byte) (DHCP, bool) { return b, len(b) >= BOOTPLen }

func (m DHCP) Op() uint8        { return m[0] } // 1 a request, 2 a reply
func (m DHCP) XID() uint32      { return be.Uint32(m[4:]) }
func (m DHCP) Broadcast() bool  { return m[10]&0x80 != 0 }
func (m DHCP) ClientAddr() Addr { return From4(be.Uint32(m[12:])) }
func (m DHCP) YourAddr() Addr   { return From4(be.Uint32(m[16:])) }
func (m DHCP) Ethernet() bool   { return m[1] == 1 && m[2] == 6 } // what ClientMAC holds
func (m DHCP) ClientMAC() MAC   { return MAC(m[28:34]) }
func (m DHCP) HasOptions() bool { return len(m) >= DHCPLen && be.Uint32(m[BOOTPLen:]) == DHCPCookie }

// DHCPOption is an option: its bytes are [Start, End) of the message, its value the last of them.
type DHCPOption struct {
	Code       uint8
	Value      []byte
	Start, End int
	Cut        bool // its length leads beyond the message
}

// NextOption returns the option at offset at or behind it, of 0 the first one, and
// where to look for the next; false behind the one that ends them, which has no
// value, and behind one that is cut.
func (m DHCP) NextOption(at int) (o DHCPOption, next int, ok bool) {
	if !m.HasOptions() {
		return o, 0, false
	}
	for at = max(at, DHCPLen); at < len(m) && m[at] == DHCPOptPad; {
		at++
	}
	if at >= len(m) {
		return o, 0, false
	}
	o = DHCPOption{Code: m[at], Start: at, End: at + 1}
	switch {
	case o.Code == DHCPOptEnd:
		return o, len(m), true
	case at+2 > len(m) || at+2+int(m[at+1]) > len(m):
		o.End, o.Cut = len(m), true
	default:
		o.End = at + 2 + int(m[at+1])
		o.Value = m[at+2 : o.End]
	}
	return o, o.End, true
}

// Type returns the type of the message, zero if it says none.
func (m DHCP) Type() uint8 {
	for o, next, ok := m.NextOption(0); ok; o, next, ok = m.NextOption(next) {
		if o.Code == DHCPOptType && len(o.Value) == 1 {
			return o.Value[0]
		}
	}
	return 0
}

// IsDHCP reports whether a payload of length bytes between these ports of UDP is read as DHCP.
func IsDHCP(from, to uint16, length int) bool {
	served := func(p uint16) bool { return p == DHCPServerPort || p == DHCPClientPort }
	return length >= BOOTPLen && (served(from) || served(to))
}
