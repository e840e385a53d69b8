package plain

import (
	"reflect"

	"wirelab/stack/block"
)

// Kept is a copy of a value that is put away. Its long slices of numbers are cut into pieces, and a piece that is as it was in the copy
// before is the same memory: between two checkpoints little changes in a send buffer of a thousand extents.
type Kept[T any] struct {
	value T     // without its long slices
	long  []cut // those, in the order of the walk
}

// cut is a slice in pieces.
type cut struct {
	number int // of the slice, among those that might have been long
	shape  *shape
	pieces []*piece
}

// piece is pieceLen elements of a slice. It holds their blocks once, however many copies share it.
type piece struct {
	elems   any // an array
	holders int
}

const (
	pieceLen = 32
	longLen  = 2 * pieceLen // what is shorter is not worth the trouble
)

// Keep returns a copy of *v that shares with before, an earlier copy or nil, what did not change.
func Keep[T any](pool *block.Pool, v *T, before *Kept[T]) *Kept[T] {
	k := &Kept[T]{value: *v}
	w := cutter{pool: pool}
	if before != nil {
		w.before = before.long
	}
	kv, s := of(&k.value)
	w.walk(kv, s)
	k.long = w.long
	return k
}

// Value returns a copy that shares blocks with k and nothing else.
func (k *Kept[T]) Value(pool *block.Pool) T {
	v := k.whole()
	Handles(&v, pool.Retain)
	return v
}

// Release lets go of all blocks that k alone holds.
func (k *Kept[T]) Release(pool *block.Pool) {
	Release(pool, &k.value)
	for i := range k.long {
		for _, p := range k.long[i].pieces {
			if p.holders--; p.holders == 0 {
				handles(reflect.ValueOf(p.elems), k.long[i].shape, pool.Release)
			}
		}
	}
}

// Handles calls do for each handle within k.
func (k *Kept[T]) Handles(do func(block.Handle)) {
	v := k.whole()
	Handles(&v, do)
}

// Beyond returns how many bytes of memory k takes, without those that it shares with before, which may be nil.
func (k *Kept[T]) Beyond(before *Kept[T]) uint64 {
	bytes := size(&k.value)
	for i := range k.long {
		c := &k.long[i]
		var old []*piece
		if before != nil {
			old = piecesOf(before.long, c.number)
		}
		for j, p := range c.pieces {
			bytes += 8
			if j >= len(old) || p != old[j] {
				bytes += uint64(c.shape.pieces.Size())
			}
		}
	}
	return bytes
}

// whole returns the value with slices of its own. It holds no blocks.
func (k *Kept[T]) whole() T {
	v := k.value
	w := joiner{long: k.long}
	vv, s := of(&v)
	w.walk(vv, s)
	return v
}

func piecesOf(long []cut, number int) []*piece {
	for i := range long {
		if long[i].number == number {
			return long[i].pieces
		}
	}
	return nil
}

// cutter makes a shallow copy one of its own, and takes the long slices out of it.
type cutter struct {
	pool   *block.Pool
	before []cut
	long   []cut
	number int
}

func (w *cutter) walk(v reflect.Value, s *shape) {
	switch s.kind {
	case reflect.Invalid:
		w.pool.Retain(block.Handle(v.Uint()))
	case reflect.Struct:
		for i, field := range s.fields {
			if !field.flat {
				w.walk(v.Field(i), field)
			}
		}
	case reflect.Array:
		for i := 0; !s.elem.flat && i < v.Len(); i++ {
			w.walk(v.Index(i), s.elem)
		}
	case reflect.Slice:
		w.number++
		if v.IsNil() {
			return
		}
		if s.pieces != nil && v.Len() >= longLen && v.Len()%pieceLen == 0 {
			w.cut(v, s)
			v.SetZero()
			return
		}
		own := reflect.MakeSlice(s.typ, v.Len(), v.Len())
		reflect.Copy(own, v)
		v.Set(own)
		for i := 0; !s.elem.flat && i < v.Len(); i++ {
			w.walk(v.Index(i), s.elem)
		}
	}
}

func (w *cutter) cut(v reflect.Value, s *shape) {
	c := cut{w.number, s, make([]*piece, v.Len()/pieceLen)}
	for len(w.before) > 0 && w.before[0].number < w.number {
		w.before = w.before[1:]
	}
	var old []*piece
	if len(w.before) > 0 && w.before[0].number == w.number {
		old = w.before[0].pieces
	}
	for i := range c.pieces {
		from := v.Slice(i*pieceLen, (i+1)*pieceLen)
		elems := from.Convert(s.pieces).Interface()
		if i < len(old) && elems == old[i].elems {
			c.pieces[i] = old[i]
		} else {
			c.pieces[i] = &piece{elems: elems}
			handles(from, s, w.pool.Retain)
		}
		c.pieces[i].holders++
	}
	w.long = append(w.long, c)
}

// joiner makes a shallow copy one of its own, with the long slices back in their places.
type joiner struct {
	long   []cut
	number int
}

func (w *joiner) walk(v reflect.Value, s *shape) {
	switch s.kind {
	case reflect.Struct:
		for i, field := range s.fields {
			if field.slices {
				w.walk(v.Field(i), field)
			}
		}
	case reflect.Array:
		for i := 0; s.elem.slices && i < v.Len(); i++ {
			w.walk(v.Index(i), s.elem)
		}
	case reflect.Slice:
		w.number++
		if len(w.long) > 0 && w.long[0].number == w.number {
			w.join(v, s)
			return
		}
		if v.IsNil() {
			return
		}
		own := reflect.MakeSlice(s.typ, v.Len(), v.Len())
		reflect.Copy(own, v)
		v.Set(own)
		for i := 0; s.elem.slices && i < v.Len(); i++ {
			w.walk(v.Index(i), s.elem)
		}
	}
}

func (w *joiner) join(v reflect.Value, s *shape) {
	pieces := w.long[0].pieces
	w.long = w.long[1:]
	own := reflect.MakeSlice(s.typ, len(pieces)*pieceLen, len(pieces)*pieceLen)
	for i, p := range pieces {
		reflect.Copy(own.Slice(i*pieceLen, (i+1)*pieceLen), reflect.ValueOf(p.elems))
	}
	v.Set(own)
}
