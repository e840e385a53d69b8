package stack

import (
	"encoding/binary"
	"math/bits"
)

// sipHash is SipHash-2-4 of b under a key of two words, the lower one first: the keyed hash of Linux's Fast
// Open cookies, so that the same key gives the same cookies.
func sipHash(key [2]uint64, b []byte) uint64 {
	v := [4]uint64{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573}
	last := uint64(len(b)) << 56
	for ; len(b) >= 8; b = b[8:] {
		v = sipAbsorb(v, binary.LittleEndian.Uint64(b))
	}
	for i, c := range b {
		last |= uint64(c) << (8 * i)
	}
	v = sipAbsorb(v, last)
	v[2] ^= 0xff
	for range 4 {
		v = sipRound(v)
	}
	return v[0] ^ v[1] ^ v[2] ^ v[3]
}

func sipAbsorb(v [4]uint64, word uint64) [4]uint64 {
	v[3] ^= word
	v = sipRound(sipRound(v))
	v[0] ^= word
	return v
}

func sipRound(v [4]uint64) [4]uint64 {
	v[0] += v[1]
	v[1] = bits.RotateLeft64(v[1], 13) ^ v[0]
	v[0] = bits.RotateLeft64(v[0], 32)
	v[2] += v[3]
	v[3] = bits.RotateLeft64(v[3], 16) ^ v[2]
	v[0] += v[3]
	v[3] = bits.RotateLeft64(v[3], 21) ^ v[0]
	v[2] += v[1]
	v[1] = bits.RotateLeft64(v[1], 17) ^ v[2]
	v[2] = bits.RotateLeft64(v[2], 32)
	return v
}
