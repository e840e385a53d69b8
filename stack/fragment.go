package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// sendFragments sends the IPv4 packet in a frame, which may itself be a
// fragment, in pieces of at most mtu bytes (RFC 791 §3.2). It takes the frame.
func (h *Host) sendFragments(w *way, frame block.Handle, mtu int, why event.Why) {
	p := wire.IPv4(h.pool.Data(frame)[wire.EthernetLen:])
	header, data := p.HeaderLen(), p[p.HeaderLen():p.TotalLen()]
	room := (mtu - header) &^ 7
	from, more := p.FragOffset(), p.Flags()&wire.IPv4MF != 0
	for at := 0; at < len(data) && room > 0; at += room {
		n := min(room, len(data)-at)
		piece := h.pool.New(wire.EthernetLen + header + n)
		b := wire.IPv4(h.pool.Data(piece)[wire.EthernetLen:])
		copy(b, p[:header])
		copy(b[header:], data[at:at+n])
		if at > 0 {
			b.DropFirstOptions()
			why = h.why(why.Reason, why.Xmit)
		}
		b.SetFragment(from+at, more || at+n < len(data))
		h.Counters.IP.FragCreates++
		h.sendVia(w, piece, why)
	}
	h.Counters.IP.FragOKs++
	h.pool.Release(frame)
}
