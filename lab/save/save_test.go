package save

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/vmihailenco/msgpack/v5"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

func sample() *File {
	p := link.Params{BitsPerSecond: 1e7, DelayNs: 1e7, QueuePackets: 64}
	return &File{
		Title: "四次挥手", Author: "x", Lang: "zh", Hash: "0123456789abcdef",
		Scenario: lab.Scenario{Seed: 7, KnowsMAC: true,
			Nodes: []lab.Node{{Name: "A", X: -3, Startup: []string{"ping 10.0.0.2"}}, {Name: "B", Sysctls: []lab.Setting{{Name: "wirelab.isn", Value: "5"}}}},
			Links: []lab.Link{{Ends: [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 2), Prefix: 24}}, Params: [2]link.Params{p, p}}}},
		Journal:  []lab.Entry{{At: lab.Position{TimeNs: 5, Order: 1, Events: 3}, Input: lab.Exec{Line: "hello"}}},
		At:       lab.Position{TimeNs: 9, Order: 2, Inputs: 1, Events: 4},
		Branches: []Branch{{Name: "other", At: lab.Position{TimeNs: 2}, Journal: []lab.Entry{{Input: lab.Exec{Line: "bye"}}}}},
	}
}

func encoded(t testing.TB, f *File) []byte {
	t.Helper()
	b, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	b := encoded(t, sample())
	f, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%+v", f), fmt.Sprintf("%+v", sample()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !bytes.Equal(encoded(t, f), b) {
		t.Error("the bytes changed in a round trip")
	}
}

func TestUnknownKeysSurvive(t *testing.T) {
	f := sample()
	raw, _ := msgpack.Marshal([]string{"later"})
	f.unknown = []field{{"bookmarks", raw}, {"zoom", raw}}
	b := encoded(t, f)
	g, err := Decode(b)
	if err != nil || len(g.unknown) != 2 || !bytes.Equal(encoded(t, g), b) {
		t.Errorf("%v, %d unknown keys", err, len(g.unknown))
	}
}

// wrap puts a valid header before a body that is stored, not compressed.
func wrap(body []byte) []byte { return wrapAs(Version, body) }

func wrapAs(version uint16, body []byte) []byte {
	var z []byte
	for len(body) > 0 {
		n := min(len(body), 65535)
		final := byte(0)
		if n == len(body) {
			final = 1
		}
		z = append(z, final, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8))
		z = append(z, body[:n]...)
		body = body[n:]
	}
	out := append([]byte(magic), byte(version), 0, 0, 0)
	out = binary.LittleEndian.AppendUint64(out, xxhash.Sum64(z))
	return append(out, z...)
}

// Ten thousand damaged copies: bits flipped, cut short, lengths inflated, the
// latter with a checksum that is right. None panics and none costs much memory.
func TestDamagedCopies(t *testing.T) {
	good := encoded(t, sample())
	_, body, err := unwrap(good)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	x, worst := uint64(1), uint64(0)
	for i := range 10_000 {
		x = x*6364136223846793005 + 1442695040888963407
		r := int(x >> 33)
		var bad []byte
		switch i % 3 {
		case 0:
			bad = bytes.Clone(good)
			bad[r%len(bad)] ^= 1 << (x >> 20 % 8)
		case 1:
			bad = good[:r%len(good)]
		case 2:
			b := bytes.Clone(body)
			copy(b[r%len(b):], []byte{0xdd, 0x7f, 0xff, 0xff, 0xff}[:min(5, len(b)-r%len(b))])
			bad = wrap(b)
		}
		f, err := Decode(bad)
		if err == nil && i%3 != 2 {
			t.Fatalf("copy %d was taken", i)
		}
		if err == nil { // decoded by luck: the lab must still refuse or build it
			lab.New(f.Scenario)
		}
		if i%1000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&after)
			worst = max(worst, after.HeapAlloc-min(after.HeapAlloc, before.HeapAlloc))
		}
	}
	if worst > 64<<20 {
		t.Errorf("%d bytes of memory held", worst)
	}
}

func TestSentences(t *testing.T) {
	good := encoded(t, sample())
	newer := bytes.Clone(good)
	newer[4] = 9
	for _, c := range []struct {
		name string
		file []byte
		says string
	}{
		{"empty", nil, "not a .lab file"},
		{"another kind", []byte("PK\x03\x04"), "not a .lab file"},
		{"header only", good[:10], "cut short"},
		{"newer", newer, "newer Wirelab"},
		{"cut", good[:len(good)-1], "checksum"},
		{"nested", wrap(bytes.Repeat([]byte{0x91}, 4<<20)), "nested"},
		{"counted", wrap([]byte{0xdd, 0x0f, 0xff, 0xff, 0xff}), "announces"},
		{"trailing", wrap([]byte{0x80, 0xc0}), "follow"},
		{"not a map", wrap([]byte{0x01}), "not a map"},
	} {
		if _, err := Decode(c.file); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
