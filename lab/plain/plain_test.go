package plain

import (
	"reflect"
	"testing"

	"wirelab/stack/block"
)

type inner struct {
	On   bool
	Name string
	Data block.Handle
}

type sample struct {
	A     int8
	B     uint16
	C     int64
	Bytes []byte
	Addr  [3]byte
	List  []inner
	Nest  [2][]uint32
}

func make1(p *block.Pool) sample {
	return sample{-3, 7, -1 << 40, []byte("raw"), [3]byte{1, 2, 3},
		[]inner{{true, "x", p.From([]byte("one"))}, {false, "", 0}}, [2][]uint32{{1, 2}, nil}}
}

func TestRoundTripAndClone(t *testing.T) {
	p := block.NewPool()
	s := make1(p)
	c := Clone(p, &s)
	enc := Append(p, nil, &s)
	var d sample
	rest, err := Decode(p, append(enc, 9), &d)
	if err != nil || len(rest) != 1 {
		t.Fatalf("decode: %v, %d bytes left", err, len(rest))
	}
	want := Hash(p, &s)
	if Hash(p, &c) != want || Hash(p, &d) != want {
		t.Error("clone or decoded copy has another hash")
	}
	for n := range enc { // cut short anywhere: an error and no block left over
		var short sample
		if _, err := Decode(p, enc[:n], &short); err == nil {
			t.Fatalf("%d of %d bytes decoded", n, len(enc))
		}
	}
	Release(p, &s)
	Release(p, &c)
	Release(p, &d)
	if n, _ := p.Live(); n != 0 {
		t.Errorf("%d blocks left over", n)
	}
}

// Change turns a leaf into another value.
func change(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "!")
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() ^ 1)
	default:
		v.SetUint(v.Uint() ^ 1)
	}
}

func TestEveryLeafCounts(t *testing.T) {
	p := block.NewPool()
	s := make1(p)
	clone := Clone(p, &s)
	want := Hash(p, &s)
	n := 0
	Leaves(&s, func(path string, leaf reflect.Value) {
		if leaf.Type() == handleType {
			return
		}
		n++
		old := reflect.New(leaf.Type()).Elem()
		old.Set(leaf)
		change(leaf)
		if Hash(p, &s) == want {
			t.Errorf("%s does not count", path)
		}
		if Hash(p, &clone) != want {
			t.Errorf("a change of %s shows in the clone", path)
		}
		leaf.Set(old)
	})
	if n != 15 {
		t.Errorf("%d leaves, want 15", n)
	}
	s.List[0].Data = p.From([]byte("two"))
	if Hash(p, &s) == want {
		t.Error("the contents of a block do not count")
	}
}

func TestSizeAndHandles(t *testing.T) {
	p := block.NewPool()
	s := make1(p)
	want := uint64(reflect.TypeFor[sample]().Size()) + 3 + 2*uint64(reflect.TypeFor[inner]().Size()) + 2*4
	if got := size(&s); got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
	var all []block.Handle
	Handles(&s, func(h block.Handle) { all = append(all, h) })
	if len(all) != 2 || all[0] != s.List[0].Data || all[1] != 0 {
		t.Errorf("handles %v", all)
	}
}

func TestNotPlain(t *testing.T) {
	for _, bad := range []reflect.Type{reflect.TypeFor[int](), reflect.TypeFor[map[string]int8](), reflect.TypeFor[*int8](),
		reflect.TypeFor[float64](), reflect.TypeFor[struct{ x int8 }](), reflect.TypeFor[any]()} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v passes for plain", bad)
				}
			}()
			shapeOf(bad)
		}()
	}
}
