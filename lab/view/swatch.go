package view

import (
	"wirelab/lab/trace"
	"wirelab/lab/ui"
	"wirelab/stack/wire"
)

// swatch draws the silhouette of a kind of packet, small: colour must not be
// the only carrier.
func (k Kind) swatch(u *ui.UI, r ui.Rect) {
	c := k.Color(&u.Theme)
	r = r.Center(min(r.W, 14), min(r.H, 10))
	switch k {
	case KindSyn:
		u.Flag(r, false, c)
	case KindAck:
		u.RoundFill(r.InsetXY(0, r.H*0.2), r.H/2, c)
	case KindData:
		u.RoundFill(r, 2, c)
	case KindFin:
		u.Fill(r.CutLeft(2), c)
		r.CutLeft(2)
		u.RoundFill(r, 2, c)
	case KindRst:
		u.Octagon(r.Center(12, 10), c)
	default:
		u.RoundStroke(r, r.H/2, 1, c)
	}
}

// Letters names a packet's kind in at most seven letters.
func Letters(h *trace.Head) string {
	switch kindOf(h) {
	case KindSyn:
		if h.Flags&wire.ACK != 0 {
			return "SYN·ACK"
		}
		return "SYN"
	case KindAck:
		return "ACK"
	case KindData:
		return "DATA"
	case KindFin:
		return "FIN"
	case KindRst:
		return "RST"
	}
	return otherWords(h)
}
