package view

import "wirelab/stack/tcp"

// What the sender knows of each segment that is not acknowledged.

// maxPieces bounds how finely what is in flight is cut: more could not be seen.
const maxPieces = 100

// sentPieces appends what is known of the numbers from SND.UNA on, which is number una: reported by SACK, taken for lost, sent again,
// or simply on its way. Pieces of one kind that touch are one.
func sentPieces(dst []span, c *tcp.Conn, una int64) []span {
	for i := range c.Rtx.Len() {
		s, kind := c.Rtx.At(i), spanFlight
		switch {
		case s.Sacked():
			kind = spanSacked
		case s.Resent():
			kind = spanAgain
		case s.Lost():
			kind = spanLost
		}
		from := max(una+int64(int32(s.Seq-c.SndUna)), una)
		to := una + int64(int32(s.Seq-c.SndUna)) + int64(s.Len)
		if n := len(dst); n > 0 && (dst[n-1].kind == kind && dst[n-1].to == from || n == maxPieces) {
			dst[n-1].to = max(dst[n-1].to, to)
			continue
		}
		dst = addSpan(dst, from, to, kind)
	}
	return dst
}

// inFlight appends the pieces of [from, to), and what no piece is about as being on its way.
func inFlight(dst, pieces []span, from, to int64) []span {
	at := from
	for _, p := range pieces {
		if p.kind == spanFlight {
			continue
		}
		dst = addSpan(dst, at, min(p.from, to), spanFlight)
		dst = addSpan(dst, max(p.from, at), min(p.to, to), p.kind)
		at = max(at, min(p.to, to))
	}
	return addSpan(dst, at, to, spanFlight)
}
