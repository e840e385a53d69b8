package wire

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"wirelab/stack/seeds"
)

// list walks options and prints kind and data of each.
func list(opts []byte) string {
	text := ""
	for at := 0; ; {
		o, next, ok := NextOption(opts, at)
		if !ok {
			return text
		}
		text += fmt.Sprintf("%d@%d:%x ", o.Kind, o.At, o.Data)
		at = next
	}
}

func TestNextOption(t *testing.T) {
	for _, c := range []struct {
		name, options, want string
	}{
		{"none", "", ""},
		{"of a SYN", "020405b40402080a000000640000000001030307", "2@0:05b4 4@4: 8@6:0000006400000000 1@16: 3@17:07 "},
		{"padding only", "01010101", "1@0: 1@1: 1@2: 1@3: "},
		{"end", "00", ""},
		{"nothing counts behind the end", "0100020405b4", "1@0: "},
		{"unknown kinds are stepped over (MUST-6)", "fd0401020103", "253@0:0102 1@4: "},
		{"an empty option", "0402fe02", "4@0: 254@2: "},
		{"the last kind without a length", "0102", "1@0: "},
		{"length 0 would never end", "0200", ""},
		{"length 1 would point into itself", "0201ff", ""},
		{"length beyond the list", "0101020405", "1@0: 1@1: "},
		{"length 255", "02ff0000", ""},
		{"good up to the bad one", "0303070301", "3@0:07 "},
	} {
		if got := list(unhex(t, c.options)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestNextOptionFarOut(t *testing.T) {
	for _, at := range []int{4, 5, 100} {
		if o, next, ok := NextOption([]byte{1, 1, 1, 1}, at); ok || next != at || o.Data != nil {
			t.Errorf("at %d: %v, %d, %v", at, o, next, ok)
		}
	}
}

// Any bytes come to an end, every option is where it says, and one that is no
// option leaves at where it was.
func TestNextOptionOnNoise(t *testing.T) {
	seed := seeds.First(t)
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range 20_000 {
		opts := make([]byte, r.IntN(MaxTCPOptions+1))
		for j := range opts {
			opts[j] = byte(r.Uint32() >> r.IntN(32)) // small numbers, mostly
		}
		for at := 0; ; {
			o, next, ok := NextOption(opts, at)
			if !ok {
				if next != at {
					t.Fatalf("seed %d, list %d, %x: refused at %d, yet next is %d", seed, i, opts, at, next)
				}
				break
			}
			if next <= at || next > len(opts) || o.At != at || o.Kind != opts[at] || !bytes.HasSuffix(opts[at:next], o.Data) {
				t.Fatalf("seed %d, list %d, %x: %v from %d to %d", seed, i, opts, o, at, next)
			}
			at = next
		}
	}
}
