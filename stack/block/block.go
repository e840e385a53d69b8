// Package block keeps payload and frames in recycled, reference-counted
// blocks that are named by handle and immutable once another holder has
// them. State holds only handles, so a checkpoint of a host with megabytes of
// buffered data copies a few thousand numbers, and the data itself is shared.
//
// It stands below wire and may import nothing of the project. Start reading
// at Pool.
package block

import "github.com/cespare/xxhash/v2"

// Handle names a block of a Pool. Zero is no block.
type Handle uint32

// Size classes of the recycled memory, in bytes: a bare ACK, a full Ethernet
// frame, a jumbo frame or a large write, and the largest IP packet. The larger
// ones are odd multiples of a cache line: in blocks of 2,048 bytes all headers
// would fall into the same few sets of the cache and push each other out.
var classes = [...]int{128, 1600, 16384 + 64, 65536 + 64}

// MaxLen is the largest block in bytes.
const MaxLen = 65536 + 64

type slot struct {
	data   []byte
	digest uint64
	refs   int32
	known  bool   // digest is that of data
	packed bool   // data is only the beginning of the block, and from has the rest
	at     uint16 // where that rest begins in the block,
	off    uint32 // and in from
	rest   uint32 // how long it is
	from   Handle // zero: not known
}

// Pool owns the blocks of one lab. It is not safe for concurrent use: a lab
// runs on one thread.
type Pool struct {
	slots []slot
	free  []Handle
	spare [len(classes)][][]byte
	live  int
	bytes int64
}

// NewPool returns an empty pool.
func NewPool() *Pool { return &Pool{slots: make([]slot, 1)} }

// New returns a block of n bytes whose contents the caller must write before
// anybody else sees it, held once. n is at most MaxLen.
func (p *Pool) New(n int) Handle {
	data := p.memory(n)
	p.live++
	s := slot{data: data[:n], refs: 1}
	if k := len(p.free); k > 0 {
		h := p.free[k-1]
		p.free = p.free[:k-1]
		p.slots[h] = s
		return h
	}
	p.slots = append(p.slots, s)
	return Handle(len(p.slots) - 1)
}

// memory returns room for a block of n bytes.
func (p *Pool) memory(n int) (data []byte) {
	class := classOf(n)
	if s := p.spare[class]; len(s) > 0 {
		data = s[len(s)-1]
		p.spare[class] = s[:len(s)-1]
	} else {
		data = p.fresh(class)
	}
	p.bytes += int64(cap(data))
	return data
}

// slabBytes is how much memory is asked for at once.
const slabBytes = 1 << 16

// fresh returns new memory for a block and keeps more of it for later.
func (p *Pool) fresh(class int) []byte {
	n := classes[class]
	slab := make([]byte, max(slabBytes/n, 1)*n)
	for at := n; at < len(slab); at += n {
		p.spare[class] = append(p.spare[class], slab[at:at:at+n])
	}
	return slab[:n:n]
}

// From returns a block that holds a copy of b.
func (p *Pool) From(b []byte) Handle {
	h := p.New(len(b))
	copy(p.slots[h].data, b)
	return h
}

// Data returns the bytes of h. They may be changed only by the one holder of
// a block, and never after Digest was asked for.
func (p *Pool) Data(h Handle) []byte {
	if s := &p.slots[h]; !s.packed {
		return s.data
	}
	return p.unpack(h)
}

// Retain adds a holder.
func (p *Pool) Retain(h Handle) {
	if h != 0 {
		p.slots[h].refs++
	}
}

// Release takes a holder away; the last one recycles the block.
func (p *Pool) Release(h Handle) {
	if h == 0 {
		return
	}
	s := &p.slots[h]
	s.refs--
	if s.refs > 0 {
		return
	}
	if s.refs < 0 {
		panic("block: released more often than retained")
	}
	from := Handle(0)
	if s.packed {
		from = s.from
	}
	p.live--
	p.recycle(s.data)
	*s = slot{}
	p.free = append(p.free, h)
	p.Release(from)
}

// recycle takes back the memory of a block.
func (p *Pool) recycle(data []byte) {
	p.bytes -= int64(cap(data))
	class := classOf(cap(data))
	p.spare[class] = append(p.spare[class], data[:0])
}

// Own returns a block with the contents of h that the caller may change: h
// itself if nobody else holds it, else a copy, with the caller's hold on it.
func (p *Pool) Own(h Handle) Handle {
	data := p.Data(h)
	if s := &p.slots[h]; s.refs == 1 {
		s.known = false
		return h
	}
	fresh := p.From(data)
	s, f := &p.slots[h], &p.slots[fresh]
	f.from, f.off, f.at = s.from, s.off, s.at
	p.Release(h)
	return fresh
}

// Trim shortens a new block to n bytes; the memory stays for Append.
func (p *Pool) Trim(h Handle, n int) { p.slots[h].data = p.Data(h)[:n] }

// Append adds b to the end of block h, as far as its memory reaches, and
// returns the handle that now holds the data and how many bytes fitted. A
// block that others hold is copied first, so what they see never changes, and
// the outcome does not depend on who else holds it.
func (p *Pool) Append(h Handle, b []byte) (Handle, int) {
	p.Data(h) // as a whole
	s := &p.slots[h]
	n := min(cap(s.data)-len(s.data), len(b))
	if n <= 0 {
		return h, 0
	}
	old := len(s.data)
	if s.refs > 1 {
		fresh := p.New(cap(s.data))
		copy(p.slots[fresh].data, p.slots[h].data)
		p.slots[fresh].data = p.slots[fresh].data[:old]
		p.Release(h)
		h, s = fresh, &p.slots[fresh]
	}
	s.data = s.data[:old+n]
	copy(s.data[old:], b)
	s.known = false
	return h, n
}

// Digest returns the xxHash64 of the contents, computed once per block.
func (p *Pool) Digest(h Handle) uint64 {
	if h == 0 {
		return 0
	}
	s := &p.slots[h]
	if !s.known {
		digest := xxhash.Sum64(p.Data(h))
		s = &p.slots[h]
		s.digest, s.known = digest, true
	}
	return s.digest
}

// Live returns how many blocks are held and the bytes of memory under them.
func (p *Pool) Live() (blocks int, bytes int64) { return p.live, p.bytes }

func classOf(n int) int {
	for i, c := range classes {
		if n <= c {
			return i
		}
	}
	panic("block: larger than MaxLen")
}
