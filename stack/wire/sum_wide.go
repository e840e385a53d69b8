//go:build !wasm

package wire

import "math/bits"

// AddBytes adds b, padded with a zero byte to even length. b must begin at an
// even offset of the data being summed.
//
// 64-bit words are added with end-around carry, in the order of the bytes in
// memory: how wide the words are and which way round they stand makes no
// difference to the sum but for one swap at the end (RFC 1071 §2).
func (s Sum) AddBytes(b []byte) Sum {
	var sum, carry uint64
	for len(b) >= 64 {
		p := (*[64]byte)(b) // one check of bounds for all
		sum, carry = bits.Add64(sum, le.Uint64(p[0:]), carry)
		sum, carry = bits.Add64(sum, le.Uint64(p[8:]), carry)
		sum, carry = bits.Add64(sum, le.Uint64(p[16:]), carry)
		sum, carry = bits.Add64(sum, le.Uint64(p[24:]), carry)
		sum, carry = bits.Add64(sum, le.Uint64(p[32:]), carry)
		sum, carry = bits.Add64(sum, le.Uint64(p[40:]), carry)
		sum, carry = bits.Add64(sum, le.Uint64(p[48:]), carry)
		sum, carry = bits.Add64(sum, le.Uint64(p[56:]), carry)
		b = b[64:]
	}
	for len(b) >= 8 {
		sum, carry = bits.Add64(sum, le.Uint64(b), carry)
		b = b[8:]
	}
	return s + swapped(sum>>32+sum&0xffffffff+carry) + tail(b)
}
