package plain

import (
	"encoding/binary"
	"errors"
	"reflect"
	"strconv"

	"wirelab/stack/block"
)

var le = binary.LittleEndian

// encoder writes values one after the other.
type encoder struct {
	pool    *block.Pool
	out     []byte
	digests bool // write the digest of a block, not the block
}

func (e *encoder) value(v reflect.Value, s *shape) {
	switch s.kind {
	case reflect.Invalid:
		e.block(block.Handle(v.Uint()))
	case reflect.Bool:
		var b byte
		if v.Bool() {
			b = 1
		}
		e.out = append(e.out, b)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.number(uint64(v.Int()), s.typ.Size())
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.number(v.Uint(), s.typ.Size())
	case reflect.String:
		e.out = le.AppendUint32(e.out, uint32(v.Len()))
		e.out = append(e.out, v.String()...)
	case reflect.Slice, reflect.Array:
		if s.kind == reflect.Slice {
			e.out = le.AppendUint32(e.out, uint32(v.Len()))
		}
		if s.elem.kind == reflect.Uint8 {
			e.out = append(e.out, v.Bytes()...)
			return
		}
		for i := range v.Len() {
			e.value(v.Index(i), s.elem)
		}
	case reflect.Struct:
		for i, field := range s.fields {
			e.value(v.Field(i), field)
		}
	}
}

func (e *encoder) number(n uint64, size uintptr) {
	switch size {
	case 1:
		e.out = append(e.out, byte(n))
	case 2:
		e.out = le.AppendUint16(e.out, uint16(n))
	case 4:
		e.out = le.AppendUint32(e.out, uint32(n))
	default:
		e.out = le.AppendUint64(e.out, n)
	}
}

// block writes presence, then digest or contents. The number of a handle is
// no state: another run may name the same block otherwise.
func (e *encoder) block(h block.Handle) {
	switch {
	case h == 0:
		e.out = append(e.out, 0)
	case e.digests:
		e.out = le.AppendUint64(append(e.out, 1), e.pool.Digest(h))
	default:
		data := e.pool.Data(h)
		e.out = le.AppendUint32(append(e.out, 1), uint32(len(data)))
		e.out = append(e.out, data...)
	}
}

// decoder reads what encoder wrote, and trusts none of it.
type decoder struct {
	pool *block.Pool
	in   []byte
}

var errShort = errors.New("the state ends in the middle of a value")

func (d *decoder) take(n int) ([]byte, error) {
	if n > len(d.in) {
		return nil, errShort
	}
	b := d.in[:n]
	d.in = d.in[n:]
	return b, nil
}

func (d *decoder) number(size int) (uint64, error) {
	b, err := d.take(size)
	var n uint64
	for i := len(b) - 1; i >= 0; i-- {
		n = n<<8 | uint64(b[i])
	}
	return n, err
}

// length reads a count of elements of at least one byte each, so that a
// damaged count cannot ask for more memory than the input has bytes.
func (d *decoder) length() (int, error) {
	n, err := d.number(4)
	if err == nil && n > uint64(len(d.in)) {
		err = errors.New("the state holds an impossible length")
	}
	return int(n), err
}

func (d *decoder) value(v reflect.Value) error {
	if v.Type() == handleType {
		return d.block(v)
	}
	switch v.Kind() {
	case reflect.Bool:
		n, err := d.number(1)
		v.SetBool(n != 0)
		return err
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		size := int(v.Type().Size())
		n, err := d.number(size)
		v.SetInt(int64(n<<(64-8*size)) >> (64 - 8*size))
		return err
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, err := d.number(int(v.Type().Size()))
		v.SetUint(n)
		return err
	case reflect.String:
		n, err := d.length()
		if err != nil {
			return err
		}
		b, err := d.take(n)
		v.SetString(string(b))
		return err
	case reflect.Slice:
		return d.slice(v)
	case reflect.Array:
		return d.elements(v)
	}
	for i := range v.NumField() {
		if err := d.value(v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

// slice grows as elements arrive: an element in memory can be much larger than
// the byte that announces it.
func (d *decoder) slice(v reflect.Value) error {
	n, err := d.length()
	if err != nil || n == 0 {
		return err
	}
	for i := range n {
		v.Grow(1)
		v.SetLen(i + 1)
		if err := d.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) elements(v reflect.Value) error {
	for i := range v.Len() {
		if err := d.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) block(v reflect.Value) error {
	present, err := d.number(1)
	if err != nil || present == 0 {
		return err
	}
	n, err := d.length()
	if err != nil {
		return err
	}
	if n > block.MaxLen {
		return errors.New("the state holds a block larger than any packet")
	}
	b, err := d.take(n)
	if err == nil {
		v.SetUint(uint64(d.pool.From(b)))
	}
	return err
}

// unshare gives v, a shallow copy, slices and holds of its own.
func unshare(pool *block.Pool, v reflect.Value, s *shape) {
	switch s.kind {
	case reflect.Invalid:
		pool.Retain(block.Handle(v.Uint()))
	case reflect.Slice, reflect.Array:
		if s.kind == reflect.Slice {
			if v.IsNil() {
				return
			}
			own := reflect.MakeSlice(s.typ, v.Len(), v.Len())
			reflect.Copy(own, v)
			v.Set(own)
		}
		for i := 0; !s.elem.flat && i < v.Len(); i++ {
			unshare(pool, v.Index(i), s.elem)
		}
	case reflect.Struct:
		for i, field := range s.fields {
			if !field.flat {
				unshare(pool, v.Field(i), field)
			}
		}
	}
}

func handles(v reflect.Value, s *shape, do func(block.Handle)) {
	switch {
	case s.kind == reflect.Invalid:
		do(block.Handle(v.Uint()))
	case s.elem != nil:
		for i := 0; s.handles && i < v.Len(); i++ {
			handles(v.Index(i), s.elem, do)
		}
	default:
		for i, field := range s.fields {
			if field.handles {
				handles(v.Field(i), field, do)
			}
		}
	}
}

// sliceBytes returns how many bytes the slices within v take.
func sliceBytes(v reflect.Value, s *shape) (bytes uint64) {
	if s.kind == reflect.Slice {
		bytes = uint64(v.Len()) * uint64(s.elem.typ.Size())
	}
	for i := 0; s.elem != nil && s.elem.slices && i < v.Len(); i++ {
		bytes += sliceBytes(v.Index(i), s.elem)
	}
	for i, field := range s.fields {
		if field.slices {
			bytes += sliceBytes(v.Field(i), field)
		}
	}
	return bytes
}

func leaves(v reflect.Value, path string, visit func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			leaves(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			leaves(v.Index(i), path+"["+strconv.Itoa(i)+"]", visit)
		}
	default:
		visit(path, v)
	}
}
