package save

import (
	"bytes"
	"reflect"

	"github.com/vmihailenco/msgpack/v5"

	"wirelab/lab"
	"wirelab/stack/problem"
)

// Values of a document are structs of integers, bools, strings, byte arrays, arrays, slices, inputs and more such structs. A struct is an array
// of its fields in declared order, without those at the end that are zero: whoever adds a field adds it at the end, and older files stay
// as they are.

// encode appends v to what e writes.
func encode(e *msgpack.Encoder, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		return e.EncodeBool(v.Bool())
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return e.EncodeInt(v.Int())
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return e.EncodeUint(v.Uint())
	case reflect.String:
		return e.EncodeString(v.String())
	case reflect.Struct:
		n := v.NumField()
		for n > 0 && v.Field(n-1).IsZero() {
			n--
		}
		if err := e.EncodeArrayLen(n); err != nil {
			return err
		}
		for i := range n {
			if err := encode(e, v.Field(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Interface:
		return encodeInput(e, v.Interface().(lab.Input))
	case reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			b := make([]byte, v.Len())
			reflect.Copy(reflect.ValueOf(b), v)
			return e.EncodeBytes(b)
		}
	}
	if err := e.EncodeArrayLen(v.Len()); err != nil {
		return err
	}
	for i := range v.Len() {
		if err := encode(e, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// decoder reads values of known types. It allocates nothing before it knows that the bytes for it are left: one byte of a file can be one
// element of a slice, which takes hundreds in memory.
type decoder struct {
	*msgpack.Decoder
	left int // bytes of memory that values may still take
}

func newDecoder(body []byte) *decoder {
	return &decoder{msgpack.NewDecoder(bytes.NewReader(body)), maxDecoded}
}

// spend takes memory for n things of some bytes each, or says that there is no more.
func (d *decoder) spend(n int, each uintptr) error {
	if n > d.left/max(int(each), 1) {
		return problem.New("it would take more than the %d MB of memory that a lab may take", maxDecoded>>20)
	}
	d.left -= n * int(each)
	return nil
}

func (d *decoder) value(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		b, err := d.DecodeBool()
		v.SetBool(b)
		return err
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := d.DecodeInt64()
		if err == nil && v.OverflowInt(n) {
			return problem.New("the number %d is too large for its place", n)
		}
		v.SetInt(n)
		return err
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, err := d.DecodeUint64()
		if err == nil && v.OverflowUint(n) {
			return problem.New("the number %d is too large for its place", n)
		}
		v.SetUint(n)
		return err
	case reflect.String:
		return d.text(v)
	case reflect.Struct:
		return d.fields(v)
	case reflect.Array:
		return d.array(v)
	case reflect.Interface:
		return d.input(v)
	}
	return d.slice(v)
}

func (d *decoder) text(v reflect.Value) error {
	n, err := d.DecodeBytesLen()
	if err != nil {
		return err
	}
	if err := d.spend(max(n, 0), 1); err != nil {
		return err
	}
	b := make([]byte, max(n, 0))
	if err := d.ReadFull(b); err != nil {
		return err
	}
	v.SetString(string(b))
	return nil
}

func (d *decoder) fields(v reflect.Value) error {
	n, err := d.DecodeArrayLen()
	switch {
	case err != nil:
		return err
	case n < 0:
		return problem.New("there is nothing where a value belongs")
	case n > v.NumField():
		return problem.New("it has %d fields where this version knows %d: a later Wirelab wrote it; open it with a newer one", n, v.NumField())
	}
	for i := range n {
		if err := d.value(v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) array(v reflect.Value) error {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		n, err := d.DecodeBytesLen()
		if err == nil && n != v.Len() {
			return problem.New("%d bytes stand where %d belong", n, v.Len())
		}
		if err != nil {
			return err
		}
		return d.ReadFull(v.Slice(0, n).Bytes())
	}
	if err := d.exactly(v.Len()); err != nil {
		return err
	}
	for i := range v.Len() {
		if err := d.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// length reads the length of a slice, and spends its memory; nil is an empty one.
func (d *decoder) length(each uintptr) (int, error) {
	n, err := d.DecodeArrayLen()
	if err != nil || n <= 0 {
		return 0, err
	}
	return n, d.spend(n, each)
}

// exactly reads the length of an array that must be n.
func (d *decoder) exactly(n int) error {
	if got, err := d.DecodeArrayLen(); err != nil || got != n {
		return problem.New("%d values stand where %d belong", max(got, 0), n)
	}
	return nil
}

func (d *decoder) slice(v reflect.Value) error {
	n, err := d.length(v.Type().Elem().Size())
	if err != nil || n == 0 {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		if err := d.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// memoryOf returns what a decoder spends on v.
func memoryOf(v reflect.Value) (bytes int) {
	switch v.Kind() {
	case reflect.String:
		return v.Len()
	case reflect.Interface:
		in := v.Elem()
		return int(in.Type().Size()) + memoryOf(in)
	case reflect.Struct:
		for i := range v.NumField() {
			bytes += memoryOf(v.Field(i))
		}
		return bytes
	case reflect.Slice:
		bytes = v.Len() * int(v.Type().Elem().Size())
	case reflect.Array:
	default:
		return 0
	}
	switch v.Type().Elem().Kind() {
	case reflect.String, reflect.Interface, reflect.Struct, reflect.Slice, reflect.Array:
		for i := range v.Len() {
			bytes += memoryOf(v.Index(i))
		}
	}
	return bytes
}
