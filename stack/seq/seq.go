// Package seq is the arithmetic of sequence numbers: 32 bits that wrap, so
// that "less" means "behind by less than half the space" (RFC 9293 §3.4).
// Times of the timestamp option (RFC 7323 §5.2) compare in the same way.
package seq

// LT reports whether a lies before b.
func LT(a, b uint32) bool { return int32(a-b) < 0 }

// LE reports whether a lies before b or is b.
func LE(a, b uint32) bool { return int32(a-b) <= 0 }

// GT reports whether a lies after b.
func GT(a, b uint32) bool { return int32(a-b) > 0 }

// GE reports whether a lies after b or is b.
func GE(a, b uint32) bool { return int32(a-b) >= 0 }
