// Package wire knows the bytes on a wire: Ethernet, ARP, IPv4 and IPv6, ICMP and
// ICMPv6, UDP and TCP, and of what UDP carries DNS and DHCP. A view (Ethernet, IPv4, TCP …) reads fields from any bytes that its
// constructor found long enough; a Put function writes a legal header; Fields
// describes a frame for people, with Wireshark's names.
//
// It may import only block. Start reading at ethernet.go and follow the layers up; field
// order and names are those of the RFC that defines each header.
package wire

import (
	"encoding/binary"
	"math/bits"
)

var (
	be = binary.BigEndian
	le = binary.LittleEndian
)

// Sum is a running Internet checksum (RFC 1071) that has not been folded.
type Sum uint64

// words returns the sum of an address's little-endian words. The ffff of a
// mapped IPv4 address is a zero of one's complement: it need not be left out.
func (a *Addr) words() uint64 {
	w0, w1 := le.Uint64(a[0:]), le.Uint64(a[8:])
	return w0>>32 + w0&0xffffffff + w1>>32 + w1&0xffffffff
}

// Fold returns the 16-bit one's complement of the sum: what stands in a header,
// and zero for received data whose checksum is right.
func (s Sum) Fold() uint16 {
	s = s>>32 + s&0xffffffff
	s = s>>32 + s&0xffffffff
	s = s>>16 + s&0xffff
	s = s>>16 + s&0xffff
	return ^uint16(s)
}

// PseudoSum starts the checksum of a transport protocol over its
// pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1).
func PseudoSum(src, dst *Addr, proto uint8, length int) Sum {
	return swapped(src.words()+dst.words()) + Sum(proto) + Sum(length)
}

// swapped returns the sum of big-endian words, given that of the same words in
// little-endian order.
func swapped(sum uint64) Sum {
	sum = sum>>32 + sum&0xffffffff
	sum = sum>>16 + sum&0xffff
	sum = sum>>16 + sum&0xffff
	sum = sum>>16 + sum&0xffff
	return Sum(bits.ReverseBytes16(uint16(sum)))
}

// tail sums the fewer than eight bytes that a wide loop leaves.
func tail(b []byte) Sum {
	var s Sum
	for len(b) >= 2 {
		s += Sum(be.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		s += Sum(b[0]) << 8
	}
	return s
}
