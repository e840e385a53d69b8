package ring

import "encoding/binary"

// PackWords and UnpackWords pack numbers as differences to the one stride before, in variable length.
func PackWords(dst []byte, chunk []uint32, stride int) []byte {
	for i, v := range chunk {
		if i >= stride {
			v -= chunk[i-stride]
		}
		dst = binary.AppendVarint(dst, int64(int32(v)))
	}
	return dst
}

// UnpackWords restores what PackWords packed.
func UnpackWords(chunk []uint32, b []byte, stride int) {
	for i := range chunk {
		v, n := binary.Varint(b)
		b = b[n:]
		chunk[i] = uint32(v)
		if i >= stride {
			chunk[i] += chunk[i-stride]
		}
	}
}

// Packed is what records are kept in: it grows at the end, and its older elements are kept packed, a chunk at a time, and unpacked again when somebody looks at
// them. It is not plain state. Make it with NewPacked.
type Packed[T any] struct {
	pack    func(dst []byte, chunk []T) []byte
	unpack  func(chunk []T, packed []byte)
	chunks  []packedChunk[T]
	n       int
	gone    int    // chunks that were forgotten at the front
	first   int    // the first element that is still there
	sealed  int    // chunks before this one are packed, or were unpacked only to be looked at
	clock   uint64 // counts looks, to find the chunk that was looked at least lately
	open    int    // packed chunks that are unpacked, too
	bytes   int    // of packed chunks
	scratch []byte
	spare   *[chunk]T // of a chunk that was packed, to be used again
}

type packedChunk[T any] struct {
	live   *[chunk]T
	packed []byte // nil: there is only live
	used   uint64
}

const (
	chunk      = 1024 // elements
	liveChunks = 4    // at the end that are never packed; more would push other things out of the processor's cache
	openChunks = 64   // older ones that stay unpacked after somebody looked
)

// NewPacked returns an empty list. pack appends a chunk in packed form to dst; unpack restores exactly that.
func NewPacked[T any](pack func(dst []byte, chunk []T) []byte, unpack func(chunk []T, packed []byte)) *Packed[T] {
	return &Packed[T]{pack: pack, unpack: unpack}
}

// Len returns how many elements there are; a nil list has none.
func (l *Packed[T]) Len() int {
	if l == nil {
		return 0
	}
	return l.n
}

// Bytes returns how much memory the elements take, where size is that of one.
func (l *Packed[T]) Bytes(size int) int {
	if l == nil {
		return 0
	}
	return l.bytes + (len(l.chunks)-l.sealed+l.open)*chunk*size
}

// At returns element i for looking at: what is written through the pointer may be lost. It is good until the list grows.
func (l *Packed[T]) At(i int) *T {
	c := l.chunkOf(i)
	if c.live == nil {
		l.look(c)
	} else if c.packed != nil {
		l.clock++
		c.used = l.clock
	}
	return &c.live[uint(i)%chunk]
}

// Edit returns element i for writing.
func (l *Packed[T]) Edit(i int) *T {
	p := l.At(i)
	if c := l.chunkOf(i); c.packed != nil { // it is packed again when its turn comes
		l.bytes -= len(c.packed)
		l.open--
		c.packed = nil
		l.sealed = min(l.sealed, i/chunk-l.gone)
	}
	return p
}

// look unpacks a chunk, and forgets the one that was looked at least lately if there are too many.
func (l *Packed[T]) look(c *packedChunk[T]) {
	if l.open >= openChunks {
		var oldest *packedChunk[T]
		for k := range l.chunks {
			if o := &l.chunks[k]; o.packed != nil && o.live != nil && (oldest == nil || o.used < oldest.used) {
				oldest = o
			}
		}
		oldest.live = nil
		l.open--
	}
	c.live = new([chunk]T)
	l.unpack(c.live[:], c.packed)
	l.clock++
	c.used = l.clock
	l.open++
}

// Push adds v at the end.
func (l *Packed[T]) Push(v T) { *l.Grow() = v }

// Grow adds a zero element at the end and returns it.
func (l *Packed[T]) Grow() *T {
	at := uint(l.n)
	if at/chunk == uint(len(l.chunks)+l.gone) {
		l.seal()
		l.chunks = append(l.chunks, packedChunk[T]{live: l.empty()})
	}
	l.n++
	return &l.chunks[at/chunk-uint(l.gone)].live[at%chunk]
}

// empty returns room for a chunk.
func (l *Packed[T]) empty() *[chunk]T {
	room := l.spare
	if l.spare = nil; room == nil {
		return new([chunk]T)
	}
	clear(room[:])
	return room
}

// seal packs what is old enough.
func (l *Packed[T]) seal() {
	for ; l.sealed < len(l.chunks)-liveChunks; l.sealed++ {
		if c := &l.chunks[l.sealed]; c.packed == nil {
			l.scratch = l.pack(l.scratch[:0], c.live[:])
			c.packed = append([]byte(nil), l.scratch...)
			l.spare, c.live = c.live, nil
			l.bytes += len(c.packed)
		}
	}
}

// chunkOf returns the chunk of element i, which is there.
func (l *Packed[T]) chunkOf(i int) *packedChunk[T] { return &l.chunks[uint(i)/chunk-uint(l.gone)] }

// First returns the first element that is still there; Len if none is.
func (l *Packed[T]) First() int {
	if l == nil {
		return 0
	}
	return l.first
}

// Forget drops elements before number n, as far as whole chunks go. The others keep their numbers.
func (l *Packed[T]) Forget(n int) {
	if l == nil {
		return
	}
	for l.sealed > 0 && (l.gone+1)*chunk <= n {
		if c := &l.chunks[0]; c.packed != nil {
			l.bytes -= len(c.packed)
			if c.live != nil {
				l.open--
			}
		}
		l.chunks[0] = packedChunk[T]{}
		l.chunks = l.chunks[1:]
		l.gone++
		l.sealed--
		l.first = max(l.first, l.gone*chunk)
	}
}

// Restart empties the list; the next element will be number n.
func (l *Packed[T]) Restart(n int) {
	*l = Packed[T]{pack: l.pack, unpack: l.unpack, scratch: l.scratch, n: n, first: n, gone: n / chunk}
	if n%chunk > 0 {
		l.chunks = append(l.chunks, packedChunk[T]{live: new([chunk]T)})
	}
}

// Truncate forgets all but the first n elements.
func (l *Packed[T]) Truncate(n int) {
	if n >= l.Len() {
		return
	}
	if n <= l.first {
		l.Restart(n)
		return
	}
	kept := (n+chunk-1)/chunk - l.gone
	if n%chunk > 0 {
		l.Edit(n - 1)
		clear(l.chunks[kept-1].live[n%chunk:])
	}
	for k := kept; k < len(l.chunks); k++ {
		if c := &l.chunks[k]; c.packed != nil {
			l.bytes -= len(c.packed)
			if c.live != nil {
				l.open--
			}
		}
	}
	clear(l.chunks[kept:])
	l.chunks = l.chunks[:kept]
	l.sealed = min(l.sealed, kept)
	l.n = n
}
