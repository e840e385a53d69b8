package save

import (
	"fmt"
	"reflect"

	"github.com/vmihailenco/msgpack/v5"

	"wirelab/lab"
	"wirelab/lab/link"
)

// Structs are arrays in a file, one element for each field in declared order.
// Those that have grown since format 1 leave out fields at the end that are
// zero: a lab that uses nothing new has the bytes that it always had, and older
// programs open it.
func init() {
	grown[link.Params](4)
	grown[lab.Entry](8)
	grown[lab.LinkEnd](3)
}

// grown makes T, which had first fields in format 1, an array of at least that
// many elements. Whoever adds a field adds it at the end.
func grown[T any](first int) {
	msgpack.Register(*new(T), func(e *msgpack.Encoder, v reflect.Value) error {
		n := v.NumField()
		for n > first && v.Field(n-1).IsZero() {
			n--
		}
		if err := e.EncodeArrayLen(n); err != nil {
			return err
		}
		for i := range n {
			if err := e.EncodeValue(v.Field(i)); err != nil {
				return err
			}
		}
		return nil
	}, func(d *msgpack.Decoder, v reflect.Value) error {
		n, err := d.DecodeArrayLen()
		if err != nil {
			return err
		}
		if n > v.NumField() {
			return fmt.Errorf("a later Wirelab wrote it, in which %s has %d fields and not %d; open it with that one", v.Type(), n, v.NumField())
		}
		v.SetZero()
		for i := range max(n, 0) { // nil is -1
			if err := d.DecodeValue(v.Field(i)); err != nil {
				return err
			}
		}
		return nil
	})
}
