package stack

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// Reassembly is a packet of which some fragments have arrived (RFC 815, in
// slices; RFC 8200 §4.5).
type Reassembly struct {
	Src, Dst  wire.Addr
	ID        uint32
	Iface     uint32
	Proto     uint8 // of IPv4, where the key of a packet includes it
	Last      bool  // the last fragment is here: Len is that of the payload
	Len       uint32
	Have      uint32 // bytes of payload that are here
	ExpiresAt int64
	Parts     []Part // by offset; they do not overlap
}

// Part is the payload of one fragment: Len bytes at At of Frame, which belong
// at Off of the packet's payload.
type Part struct {
	Frame        block.Handle
	Off, Len, At uint32
}

// fate is what becomes of a fragment that arrived.
type fate uint8

const (
	fragKept fate = iota
	fragIgnored
	fragFatal // nothing good can come of the packet any more
)

// add puts a fragment's payload into its place.
//
// An exact repeat is ignored. Of a packet whose fragments overlap in any other
// way, nothing is used: RFC 5722 §3 asks for it in IPv6, and Linux does so in
// IPv4 too, since honest senders never do it.
func (q *Reassembly) add(p Part, more bool) fate {
	end := p.Off + p.Len
	switch {
	case p.Len == 0,
		!more && (end < q.Len || q.Last && end != q.Len),
		more && q.Last && end > q.Len:
		return fragFatal
	}
	at := len(q.Parts)
	for at > 0 && q.Parts[at-1].Off > p.Off {
		at--
	}
	if at > 0 {
		if reach := q.reach(at - 1); end <= reach {
			return fragIgnored
		}
		if prev := &q.Parts[at-1]; prev.Off+prev.Len > p.Off {
			return fragFatal
		}
	}
	if at < len(q.Parts) && end > q.Parts[at].Off {
		return fragFatal
	}
	q.Parts = append(q.Parts, Part{})
	copy(q.Parts[at+1:], q.Parts[at:])
	q.Parts[at] = p
	q.Have += p.Len
	q.Len, q.Last = max(q.Len, end), q.Last || !more
	return fragKept
}

// reach returns where the bytes end that follow part i without a gap.
func (q *Reassembly) reach(i int) uint32 {
	end := q.Parts[i].Off + q.Parts[i].Len
	for _, p := range q.Parts[i+1:] {
		if p.Off != end {
			break
		}
		end += p.Len
	}
	return end
}

func (q *Reassembly) whole() bool { return q.Last && q.Have == q.Len }

// copyOut writes the payload of a whole packet to b.
func (q *Reassembly) copyOut(pool *block.Pool, b []byte) {
	for _, p := range q.Parts {
		copy(b[p.Off:], pool.Data(p.Frame)[p.At:p.At+p.Len])
	}
}

// collect keeps a fragment and returns the index of its packet in Partial, if
// that is now whole. The caller delivers it and then calls forgetPartial.
func (h *Host) collect(key *Reassembly, p Part, more bool) (index int, whole bool) {
	if h.fragmentBytes() > h.IP.FragHighBytes { // Linux's ipfrag_high_thresh
		h.Counters.IP.ReasmFails++
		return 0, false
	}
	i := h.findPartial(key)
	q := &h.Partial[i]
	switch q.add(p, more) {
	case fragIgnored:
		return 0, false
	case fragFatal:
		h.Counters.IP.ReasmFails++
		h.forgetPartial(i)
		return 0, false
	}
	h.pool.Retain(p.Frame)
	return i, q.whole()
}

// findPartial returns the index of the packet with the key's addresses, protocol
// and identification, which begins here if it is not there.
func (h *Host) findPartial(key *Reassembly) int {
	for i := range h.Partial {
		if q := &h.Partial[i]; q.ID == key.ID && q.Proto == key.Proto && q.Src == key.Src && q.Dst == key.Dst {
			return i
		}
	}
	q := *key
	q.ExpiresAt = h.env.Now + h.IP.FragTimeNs
	if !key.Dst.Is4() {
		q.ExpiresAt = h.env.Now + h.IP.Frag6TimeNs
	}
	h.Partial = append(h.Partial, q)
	h.scheduleChores()
	return len(h.Partial) - 1
}

func (h *Host) fragmentBytes() (n uint32) {
	for i := range h.Partial {
		for _, p := range h.Partial[i].Parts {
			n += p.Len
		}
	}
	return n
}

func (h *Host) forgetPartial(i int) {
	for _, p := range h.Partial[i].Parts {
		h.pool.Release(p.Frame)
	}
	h.Partial = append(h.Partial[:i], h.Partial[i+1:]...)
	h.scheduleChores()
}

// expirePartial gives up packets whose fragments took too long, and says so to
// those senders whose first fragment is here (RFC 1122 §3.3.2, RFC 8200 §4.5).
func (h *Host) expirePartial() {
	for i := 0; i < len(h.Partial); {
		q := &h.Partial[i]
		if q.ExpiresAt > h.env.Now {
			i++
			continue
		}
		h.Counters.IP.ReasmTimeout++
		h.Counters.IP.ReasmFails++
		if len(q.Parts) > 0 && q.Parts[0].Off == 0 {
			h.reassemblyExceeded(q.Iface, h.pool.Data(q.Parts[0].Frame)[wire.EthernetLen:])
		}
		h.forgetPartial(i)
	}
}

// nextPartial returns when expirePartial has something to do.
func (h *Host) nextPartial() int64 {
	at := timer.Never
	for i := range h.Partial {
		at = min(at, h.Partial[i].ExpiresAt)
	}
	return at
}

func (h *Host) reassemblyExceeded(iface uint32, first []byte) {
	if p, ok := wire.ParseIPv4(first); ok {
		h.sendICMPError(p, icmpReport{typ: wire.ICMPTimeExceeded, code: wire.CodeReassembly, why: event.ReassemblyTimeout})
	} else if p, ok := wire.ParseIPv6(first); ok {
		h.sendICMPv6Error(iface, p, wire.ICMPv6TimeExceeded, wire.CodeReassembly, 0, event.ReassemblyTimeout)
	}
}

// inputFragment keeps a fragment of an IPv4 packet and delivers the packet once
// all of it is here (RFC 791 §3.2).
func (h *Host) inputFragment(iface uint32, frame block.Handle, p wire.IPv4, group bool) {
	h.Counters.IP.ReasmReqds++
	n, more := len(p.Payload()), p.Flags()&wire.IPv4MF != 0
	if more {
		n &^= 7
	}
	if p.HeaderLen()+p.FragOffset()+n > wire.MaxIPv4 { // the "ping of death"
		h.Counters.IP.ReasmFails++
		return
	}
	key := Reassembly{Src: p.Src(), Dst: p.Dst(), ID: uint32(p.ID()), Proto: p.Protocol(), Iface: iface}
	part := Part{Frame: frame, Off: uint32(p.FragOffset()), Len: uint32(n), At: uint32(wire.EthernetLen + p.HeaderLen())}
	i, whole := h.collect(&key, part, more)
	if !whole {
		return
	}
	q := &h.Partial[i]
	first := h.pool.Data(q.Parts[0].Frame)[:q.Parts[0].At]
	if len(first)-wire.EthernetLen+int(q.Len) <= wire.MaxIPv4 {
		all := h.pool.New(len(first) + int(q.Len))
		b := h.pool.Data(all)
		copy(b, first)
		q.copyOut(h.pool, b[len(first):])
		ip := wire.IPv4(b[wire.EthernetLen:])
		ip.SetFragment(0, false)
		h.forgetPartial(i)
		h.Counters.IP.ReasmOKs++
		h.deliverIPv4(iface, all, ip, group)
		h.pool.Release(all)
		return
	}
	h.Counters.IP.ReasmFails++
	h.forgetPartial(i)
}
