package wire

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"net/netip"

	"wirelab/stack/problem"
)

// Addr is an IPv4 or IPv6 address in 16 bytes; an IPv4 address stands there
// in its mapped form ::ffff:a.b.c.d. The zero value is ::, "no address".
type Addr [16]byte

// MAC is an Ethernet address.
type MAC [6]byte

// Broadcast is the Ethernet broadcast address.
var Broadcast = MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// V4 returns the address a.b.c.d.
func V4(a, b, c, d byte) Addr {
	return Addr{10: 0xff, 11: 0xff, 12: a, 13: b, 14: c, 15: d}
}

// From4 returns the IPv4 address whose 32 bits are v.
func From4(v uint32) Addr { return V4(byte(v>>24), byte(v>>16), byte(v>>8), byte(v)) }

// from4 returns the IPv4 address that stands at the front of b.
func from4(b []byte) (a Addr) {
	a[10], a[11] = 0xff, 0xff
	copy(a[12:], b[:4])
	return a
}

// Is4 reports whether a is an IPv4 address.
func (a Addr) Is4() bool {
	return binary.LittleEndian.Uint64(a[:8]) == 0 && a[8]|a[9] == 0 && a[10]&a[11] == 0xff
}

// As4 returns the 32 bits of an IPv4 address.
func (a Addr) As4() uint32 { return binary.BigEndian.Uint32(a[12:]) }

// IsZero reports whether a is no address at all: ::, or 0.0.0.0.
func (a Addr) IsZero() bool { return a == Addr{} || (a.Is4() && a.As4() == 0) }

// IsMulticast reports whether a is a group address (RFC 1112, RFC 4291 §2.7).
func (a Addr) IsMulticast() bool {
	if a.Is4() {
		return a[12]>>4 == 14
	}
	return a[0] == 0xff
}

// IsBroadcast reports whether a is 255.255.255.255.
func (a Addr) IsBroadcast() bool { return a.Is4() && a.As4() == 0xffffffff }

// IsLoopback reports whether a is in 127.0.0.0/8 or is ::1.
func (a Addr) IsLoopback() bool {
	if a.Is4() {
		return a[12] == 127
	}
	return a == Addr{15: 1}
}

// Groups of IPv6 that hosts and routers are in (RFC 4291 §2.7.1).
var (
	AllNodes   = Addr{0xff, 2, 15: 1}
	AllRouters = Addr{0xff, 2, 15: 2}
)

// IsLinkLocal reports whether a means something on one link only: fe80::/10, or
// a group of that scope.
func (a Addr) IsLinkLocal() bool {
	return a[0] == 0xfe && a[1]&0xc0 == 0x80 || a[0] == 0xff && a[1]&15 <= 2
}

// IsNodeLocal reports whether a is a multicast address of interface-local or reserved scope. Its packets never leave the
// host (RFC 4291 §2.7).
func (a Addr) IsNodeLocal() bool { return a[0] == 0xff && a[1]&15 <= 1 }

// SolicitedNode returns the group in which neighbours ask for a (RFC 4291 §2.7.1).
func (a Addr) SolicitedNode() Addr {
	return Addr{0: 0xff, 1: 2, 11: 1, 12: 0xff, 13: a[13], 14: a[14], 15: a[15]}
}

// GroupMAC returns the Ethernet address that stands for a group (RFC 1112 §6.4,
// RFC 2464 §7), or for everybody.
func (a Addr) GroupMAC() MAC {
	switch {
	case a.IsBroadcast():
		return Broadcast
	case a.Is4():
		return MAC{1, 0, 0x5e, a[13] & 0x7f, a[14], a[15]}
	}
	return MAC{0x33, 0x33, a[12], a[13], a[14], a[15]}
}

// EUI64 returns the address that an interface makes from a prefix of 64 bits
// and its MAC (RFC 4291, appendix A).
func (m MAC) EUI64(prefix Addr) Addr {
	copy(prefix[8:], []byte{m[0] ^ 2, m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5]})
	return prefix
}

// CommonBits returns how many bits at the front of a and b agree.
func (a Addr) CommonBits(b Addr) (n uint8) {
	for i := range a {
		if x := a[i] ^ b[i]; x != 0 {
			return n + uint8(bits.LeadingZeros8(x))
		}
		n += 8
	}
	return n
}

// Masked returns a with all but its first n bits zero, counted within 128.
func (a Addr) Masked(n uint8) Addr {
	for i := range a {
		keep := min(max(int(n)-8*i, 0), 8)
		a[i] &= 0xff << (8 - keep)
	}
	return a
}

// InPrefix reports whether a and net agree in their first n bits, counted
// within 32 for IPv4 and within 128 for IPv6.
func (a Addr) InPrefix(net Addr, n uint8) bool {
	if a.Is4() != net.Is4() {
		return false
	}
	if a.Is4() {
		return n == 0 || (a.As4()^net.As4())>>(32-min(uint(n), 32)) == 0
	}
	return a.CommonBits(net) >= min(n, 128)
}

// String returns the address as people write it.
func (a Addr) String() string { return netip.AddrFrom16(a).Unmap().String() }

// AppendTo appends what String returns to b.
func (a Addr) AppendTo(b []byte) []byte { return netip.AddrFrom16(a).Unmap().AppendTo(b) }

// ParseAddr reads an IPv4 or IPv6 address without a zone.
func ParseAddr(s string) (Addr, error) {
	ip, err := netip.ParseAddr(s)
	if err != nil || ip.Zone() != "" {
		return Addr{}, problem.New("%q is not an IP address such as 10.0.0.1", s)
	}
	return ip.As16(), nil
}

// String returns the address as six pairs of hex digits.
func (m MAC) String() string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}
