package trace

import (
	"encoding/binary"

	"wirelab/lab/link"
	"wirelab/stack/event"
	"wirelab/stack/ring"
	"wirelab/stack/tcp"
)

// Crossings are packed by chunks: what many have in common stands in a dictionary, the rest as differences to
// the one before of the same kind, in variable length. About 15 bytes for each are left of 128.

// kin is what crossings of one kind have in common.
type kin struct {
	src, dst                     tcp.Endpoint
	proto                        Proto
	flags, code, dir, xmit, copy uint8
	reason                       event.Reason
	fate                         link.Fate
	mark                         bool
	link                         uint32
}

func kinOf(c *Crossing) kin {
	return kin{c.Src, c.Dst, c.Proto, c.Flags, c.Code, c.Dir, c.Why.Xmit, c.Why.Copy, c.Why.Reason, c.Fate, c.Mark, c.Link}
}

func (k *kin) put(c *Crossing) {
	c.Src, c.Dst, c.Proto, c.Flags, c.Code, c.Dir, c.Link = k.src, k.dst, k.proto, k.flags, k.code, k.dir, k.link
	c.Why.Xmit, c.Why.Copy, c.Why.Reason, c.Fate, c.Mark = k.xmit, k.copy, k.reason, k.fate, k.mark
}

// numbers are the rest of a crossing, as they are written: how many, and which.
const nNumbers = 11

func numbersOf(c *Crossing) [nNumbers]uint64 {
	return [nNumbers]uint64{uint64(c.Offered), uint64(c.Start - c.Offered), uint64(c.Arrive - c.Start), c.Why.Cause.Event, uint64(c.Why.Cause.Index),
		uint64(c.Seq), uint64(c.Ack), uint64(c.Window), uint64(c.Length), uint64(c.Bytes), uint64(c.Flip)}
}

func setNumbers(c *Crossing, n *[nNumbers]uint64) {
	c.Offered = int64(n[0])
	c.Start = c.Offered + int64(n[1])
	c.Arrive = c.Start + int64(n[2])
	c.Why.Cause.Event, c.Why.Cause.Index = n[3], uint32(n[4])
	c.Seq, c.Ack, c.Window, c.Length, c.Bytes, c.Flip = uint32(n[5]), uint32(n[6]), uint16(n[7]), uint16(n[8]), uint32(n[9]), uint32(n[10])
}

// shared are the numbers that differ least from those of the crossing before, of whatever kind: time and event.
var shared = [nNumbers]bool{0: true, 3: true}

// packer remembers what packing and unpacking go by.
type packer struct {
	index map[kin]int
	kinds []kin
	last  [][nNumbers]uint64 // by kind; the shared ones stand in before
	any   [nNumbers]uint64
}

// before returns what number i is written as a difference to.
func (p *packer) before(kind, i int) *uint64 {
	if shared[i] {
		return &p.any[i]
	}
	return &p.last[kind][i]
}

func newPacker() *packer { return &packer{index: map[kin]int{}} }

// reset begins a chunk.
func (p *packer) reset() {
	clear(p.index)
	p.kinds, p.last, p.any = p.kinds[:0], p.last[:0], [nNumbers]uint64{}
}

// pack appends a chunk to dst.
func (p *packer) pack(dst []byte, chunk []Crossing) []byte {
	p.reset()
	recent := [2]int{-1, -1} // most crossings are like one of the last two
	for i := range chunk {
		c := &chunk[i]
		k := kinOf(c)
		n, known := recent[0], true
		if n < 0 || p.kinds[n] != k {
			if n = recent[1]; n < 0 || p.kinds[n] != k {
				n, known = p.index[k]
			}
			recent[0], recent[1] = n, recent[0]
		}
		if !known {
			n = len(p.kinds)
			p.index[k] = n
			recent[0] = n
			p.kinds, p.last = append(p.kinds, k), append(p.last, [nNumbers]uint64{})
		}
		dst = binary.AppendUvarint(dst, uint64(n))
		if !known {
			dst = appendKin(dst, &k)
		}
		for j, v := range numbersOf(c) {
			b := p.before(n, j)
			dst = binary.AppendVarint(dst, int64(v-*b))
			*b = v
		}
	}
	return dst
}

// unpack restores a chunk.
func (p *packer) unpack(chunk []Crossing, b []byte) {
	p.reset()
	for i := range chunk {
		kind, size := binary.Uvarint(b)
		b = b[size:]
		if n := int(kind); n == len(p.kinds) {
			var k kin
			b = readKin(b, &k)
			p.kinds, p.last = append(p.kinds, k), append(p.last, [nNumbers]uint64{})
		}
		c := &chunk[i]
		p.kinds[kind].put(c)
		var now [nNumbers]uint64
		for j := range now {
			v, size := binary.Varint(b)
			b = b[size:]
			was := p.before(int(kind), j)
			*was += uint64(v)
			now[j] = *was
		}
		setNumbers(c, &now)
	}
}

func appendKin(dst []byte, k *kin) []byte {
	mark := uint8(0)
	if k.mark {
		mark = 1
	}
	for _, e := range []*tcp.Endpoint{&k.src, &k.dst} {
		dst = binary.LittleEndian.AppendUint16(append(dst, e.Addr[:]...), e.Port)
	}
	dst = append(dst, uint8(k.proto), k.flags, k.code, k.dir, k.xmit, k.copy, uint8(k.reason), uint8(k.fate), mark)
	return binary.LittleEndian.AppendUint32(dst, k.link)
}

func readKin(b []byte, k *kin) []byte {
	for _, e := range []*tcp.Endpoint{&k.src, &k.dst} {
		copy(e.Addr[:], b)
		e.Port = binary.LittleEndian.Uint16(b[16:])
		b = b[18:]
	}
	k.proto, k.flags, k.code, k.dir, k.xmit, k.copy = Proto(b[0]), b[1], b[2], b[3], b[4], b[5]
	k.reason, k.fate, k.mark, k.link = event.Reason(b[6]), link.Fate(b[7]), b[8] != 0, binary.LittleEndian.Uint32(b[9:])
	return b[13:]
}

// packExtras and packArrivals pack what comes with crossings.
func packExtras(dst []byte, chunk []extra) []byte {
	var last extra
	for i := range chunk {
		x := &chunk[i]
		dst = binary.AppendUvarint(dst, x.crossing-last.crossing)
		dst = binary.AppendVarint(dst, int64(x.first)-int64(last.first))
		dst = binary.AppendUvarint(dst, uint64(x.len))
		last = *x
	}
	return dst
}

func unpackExtras(chunk []extra, b []byte) {
	var last extra
	for i := range chunk {
		crossing, n := binary.Uvarint(b)
		first, m := binary.Varint(b[n:])
		length, k := binary.Uvarint(b[n+m:])
		b = b[n+m+k:]
		chunk[i] = extra{last.crossing + crossing, uint32(int64(last.first) + first), uint32(length)}
		last = chunk[i]
	}
}

func packArrivals(dst []byte, chunk []arrival) []byte {
	var last arrival
	for i := range chunk {
		a := &chunk[i]
		dst = binary.AppendUvarint(dst, a.event-last.event)
		dst = binary.AppendVarint(dst, int64(a.crossing-last.crossing))
		last = *a
	}
	return dst
}

func unpackArrivals(chunk []arrival, b []byte) {
	var last arrival
	for i := range chunk {
		event, n := binary.Uvarint(b)
		crossing, m := binary.Varint(b[n:])
		b = b[n+m:]
		chunk[i] = arrival{last.event + event, last.crossing + uint64(crossing)}
		last = chunk[i]
	}
}

// Options of TCP take three or four words, timestamps the same three.
func packOptions(dst []byte, chunk []uint32) []byte { return ring.PackWords(dst, chunk, 3) }
func unpackOptions(chunk []uint32, b []byte)        { ring.UnpackWords(chunk, b, 3) }
