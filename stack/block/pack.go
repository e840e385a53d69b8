package block

import "bytes"

// A frame that only a checkpoint holds says the same once more as the send buffer that it was cut from, and which the
// checkpoint holds too. Pack keeps its headers and a reference to the rest.

// Made notes that the bytes of h from at on are those of from at off. It holds nothing and promises nothing: Pack looks.
func (p *Pool) Made(h Handle, at int, from Handle, off uint32) {
	s := &p.slots[h]
	s.from, s.off, s.at = from, off, uint16(at)
}

const leastPacked = 256 // bytes that must be won

// Pack makes h smaller if what it was made of is still there, held by others too, and says the same. Data makes it whole again;
// slices that Data returned before are no longer good.
func (p *Pool) Pack(h Handle) {
	s := &p.slots[h]
	if s.packed || s.from == 0 || s.refs == 0 || len(s.data) < int(s.at)+leastPacked || cap(s.data) == classes[0] || int(s.at) > classes[0] {
		return
	}
	from, rest := &p.slots[s.from], s.data[s.at:]
	if from.packed || from.refs == 0 || int(s.off)+len(rest) > len(from.data) || !bytes.Equal(rest, from.data[s.off:int(s.off)+len(rest)]) {
		s.from = 0
		return
	}
	from.refs++
	whole, head := s.data, p.memory(int(s.at))
	s.data = head[:s.at]
	copy(s.data, whole)
	s.rest, s.packed = uint32(len(rest)), true
	p.recycle(whole)
}

// Size returns how much memory a block takes.
func (p *Pool) Size(h Handle) int { return cap(p.slots[h].data) }

// unpack makes a block whole again.
func (p *Pool) unpack(h Handle) []byte {
	s := &p.slots[h]
	head, from, n := s.data, s.from, int(s.at)+int(s.rest)
	whole := p.memory(n)[:n]
	copy(whole, head)
	copy(whole[s.at:], p.Data(from)[s.off:s.off+s.rest])
	s = &p.slots[h]
	s.data, s.packed = whole, false
	p.recycle(head)
	p.Release(from)
	return whole
}
