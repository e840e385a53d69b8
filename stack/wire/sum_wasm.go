package wire

// AddBytes adds b, padded with a zero byte to even length. b must begin at an
// even offset of the data being summed.
//
// WebAssembly has no carry flag: 32-bit halves into a 64-bit sum are twice as
// fast there as 64-bit words with a carry.
func (s Sum) AddBytes(b []byte) Sum {
	sum := uint64(s)
	for len(b) >= 32 {
		w0, w1, w2, w3 := be.Uint64(b[0:]), be.Uint64(b[8:]), be.Uint64(b[16:]), be.Uint64(b[24:])
		sum += w0>>32 + w0&0xffffffff + w1>>32 + w1&0xffffffff + w2>>32 + w2&0xffffffff + w3>>32 + w3&0xffffffff
		b = b[32:]
	}
	for len(b) >= 8 {
		w := be.Uint64(b)
		sum += w>>32 + w&0xffffffff
		b = b[8:]
	}
	return Sum(sum) + tail(b)
}
