// Package plain clones, hashes, encodes and decodes plain state: structs of
// fixed-width integers, bools, strings, arrays, slices and more such structs
// (docs/ARCHITECTURE.md, The rules of determinism). One walk over the fields serves all of a lab's state, so that a
// new field can be forgotten by nobody. Handles of blocks are followed: a clone
// holds the block too, a hash covers its contents.
//
// It may import only block. Start reading at Hash and Clone; value.go has the
// walks, kept.go what checkpoints keep.
package plain

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/cespare/xxhash/v2"

	"wirelab/stack/block"
)

// Hash returns the xxHash64 over the little-endian fixed-width fields of *v in
// declared order; lengths stand before the elements of slices and strings.
func Hash[T any](pool *block.Pool, v *T) uint64 {
	e := encoder{pool: pool, digests: true}
	e.value(of(v))
	return xxhash.Sum64(e.out)
}

// Append appends the encoding of *v to b. Blocks are written out in full.
func Append[T any](pool *block.Pool, b []byte, v *T) []byte {
	e := encoder{pool: pool, out: b}
	e.value(of(v))
	return e.out
}

// Decode reads what Append wrote into *v, which must be zero, and returns what
// follows. On an error *v holds nothing.
func Decode[T any](pool *block.Pool, b []byte, v *T) (rest []byte, err error) {
	d := decoder{pool: pool, in: b}
	if err := d.value(reflect.ValueOf(v).Elem()); err != nil {
		Release(pool, v)
		*v = *new(T)
		return nil, err
	}
	return d.in, nil
}

// Clone returns a copy of *v that shares blocks with it and nothing else.
func Clone[T any](pool *block.Pool, v *T) T {
	c := *v
	cv, s := of(&c)
	unshare(pool, cv, s)
	return c
}

// Release lets go of all blocks that *v holds. *v must not be used afterwards.
func Release[T any](pool *block.Pool, v *T) { Handles(v, pool.Release) }

// Handles calls do for each handle within *v, as often as it stands there.
func Handles[T any](v *T, do func(block.Handle)) {
	tv, s := of(v)
	handles(tv, s, do)
}

// size returns how many bytes of memory *v takes, without blocks and text.
func size[T any](v *T) uint64 {
	tv, s := of(v)
	return uint64(s.typ.Size()) + sliceBytes(tv, s)
}

// Leaves calls visit for every number, bool and string within *v, with its path.
func Leaves[T any](v *T, visit func(path string, leaf reflect.Value)) {
	leaves(reflect.ValueOf(v).Elem(), "", visit)
}

// shape is what the walks want to know about a type. It is made once: asking
// reflect for each value again is most of the cost of a walk.
type shape struct {
	typ     reflect.Type
	kind    reflect.Kind // Invalid stands for a handle
	flat    bool         // copying the value copies everything: no slices and no handles in it
	handles bool         // there are handles in it
	slices  bool         // there are slices in it
	elem    *shape       // of a slice or array
	fields  []*shape     // of a struct
	numbers bool         // numbers and handles are all there is in it
	pieces  reflect.Type // of a slice of such: an array of pieceLen elements
}

var (
	handleType = reflect.TypeFor[block.Handle]()
	shapes     sync.Map // of reflect.Type to *shape: a cache, the same for everyone
)

func of[T any](v *T) (reflect.Value, *shape) {
	return reflect.ValueOf(v).Elem(), shapeOf(reflect.TypeFor[T]())
}

// shapeOf returns the shape of t, and panics if t is not plain: that is a
// mistake in the program, which the tests find.
func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := makeShape(t)
	shapes.Store(t, s)
	return s
}

func makeShape(t reflect.Type) *shape {
	s := &shape{typ: t, kind: t.Kind()}
	if t == handleType {
		s.kind, s.handles, s.numbers = reflect.Invalid, true, true
		return s
	}
	switch t.Kind() {
	case reflect.String:
	case reflect.Bool, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		s.numbers = true
	case reflect.Array, reflect.Slice:
		s.elem = shapeOf(t.Elem())
		s.handles, s.slices = s.elem.handles, s.elem.slices || t.Kind() == reflect.Slice
		s.numbers = s.elem.numbers && t.Kind() == reflect.Array
		if s.elem.numbers && t.Kind() == reflect.Slice {
			s.pieces = reflect.ArrayOf(pieceLen, t.Elem())
		}
	case reflect.Struct:
		s.numbers = true
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				panic(fmt.Sprintf("plain: %v.%s is not exported", t, f.Name))
			}
			field := shapeOf(f.Type)
			s.fields = append(s.fields, field)
			s.handles = s.handles || field.handles
			s.slices = s.slices || field.slices
			s.numbers = s.numbers && field.numbers
		}
	default:
		panic(fmt.Sprintf("plain: %v is not plain state", t))
	}
	s.flat = !s.handles && !s.slices
	return s
}
