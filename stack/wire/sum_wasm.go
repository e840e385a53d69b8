package wire

// AddBytes adds b, padded with a zero byte to even length. b must begin at an
// even offset of the data being summed.
//
// WebAssembly has no carry flag: 32-bit halves into a 64-bit sum are twice as
// fast there as 64-bit words with a carry.
func (s Sum) AddBytes(b []byte) Sum {
	var sum uint64
	for len(b) >= 32 {
		p := (*[32]byte)(b) // one check of bounds for all
		w0, w1, w2, w3 := le.Uint64(p[0:]), le.Uint64(p[8:]), le.Uint64(p[16:]), le.Uint64(p[24:])
		sum += w0>>32 + w0&0xffffffff + w1>>32 + w1&0xffffffff + w2>>32 + w2&0xffffffff + w3>>32 + w3&0xffffffff
		b = b[32:]
	}
	for len(b) >= 8 {
		w := le.Uint64(b)
		sum += w>>32 + w&0xffffffff
		b = b[8:]
	}
	return s + swapped(sum) + tail(b)
}
