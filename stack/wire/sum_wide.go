//go:build !wasm

package wire

import "math/bits"

// AddBytes adds b, padded with a zero byte to even length. b must begin at an
// even offset of the data being summed.
//
// 64-bit words are added with end-around carry; the sum of big-endian words
// modulo 2^16-1 does not depend on how wide the words are (RFC 1071 §2).
func (s Sum) AddBytes(b []byte) Sum {
	var sum, carry uint64
	for len(b) >= 64 {
		sum, carry = bits.Add64(sum, be.Uint64(b[0:]), carry)
		sum, carry = bits.Add64(sum, be.Uint64(b[8:]), carry)
		sum, carry = bits.Add64(sum, be.Uint64(b[16:]), carry)
		sum, carry = bits.Add64(sum, be.Uint64(b[24:]), carry)
		sum, carry = bits.Add64(sum, be.Uint64(b[32:]), carry)
		sum, carry = bits.Add64(sum, be.Uint64(b[40:]), carry)
		sum, carry = bits.Add64(sum, be.Uint64(b[48:]), carry)
		sum, carry = bits.Add64(sum, be.Uint64(b[56:]), carry)
		b = b[64:]
	}
	for len(b) >= 8 {
		sum, carry = bits.Add64(sum, be.Uint64(b), carry)
		b = b[8:]
	}
	return s + Sum(sum>>32) + Sum(sum&0xffffffff) + Sum(carry) + tail(b)
}
