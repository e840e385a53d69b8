package save

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"

	"wirelab/lab"
)

// maxCost is how many bytes may be allocated to find out that a file is refused.
const maxCost = 64 << 20

// open opens a file as a session does, and returns what that allocated. A lab that opens runs a little.
func open(data []byte) (err error, cost uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var l *lab.Lab
	f, err := Decode(data)
	if err == nil {
		if l, err = lab.New(f.Scenario); err == nil {
			err = l.Load(f.Journal)
		}
	}
	runtime.ReadMemStats(&after)
	if l != nil {
		if err == nil {
			l.AdvanceTo(f.At, 300)
			l.Advance(1<<40, 300)
		}
		l.Close()
	}
	return err, after.TotalAlloc - before.TotalAlloc
}

// Files that cost a gigabyte, or a terminal its honesty, when they were found.
func TestHostileFiles(t *testing.T) {
	names, _ := filepath.Glob("testdata/hostile/*.lab")
	if len(names) < 4 {
		t.Fatal("the files are missing")
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		err, cost := open(data)
		if opens := strings.Contains(name, "zero-time"); (err == nil) != opens || cost > maxCost {
			t.Errorf("%s: %v, %d bytes allocated", name, err, cost)
		}
	}
}

// bodies returns the body of a file of each format, with something of every kind in it.
func bodies(t testing.TB) map[uint16][]byte {
	t.Helper()
	all := map[uint16][]byte{}
	for _, data := range [][]byte{encoded(t, sample()), kept(t, "surgery"), kept(t, "branches-and-notes"), kept(t, "built-by-hand")} {
		version, body, err := unwrap(data)
		if err != nil {
			t.Fatal(err)
		}
		if len(body) > len(all[version]) {
			all[version] = body
		}
	}
	return all
}

// kept returns a kept file of format 1.
func kept(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "session", "testdata", "format1", name+".lab"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// value is where a value stands in a body, with those in it.
type value struct {
	from, to int
	path     string // the way to it; of a long list the elements behind the first have one path
}

// values returns where all values of a body stand, in order; those inside others come behind them.
func values(t testing.TB, body []byte) (all []value) {
	var walk func(at int, path string) int
	walk = func(at int, path string) int {
		n := len(all)
		all = append(all, value{from: at, path: path})
		size, inside, err := head(body, at)
		if err != nil {
			t.Fatal(err)
		}
		at += size
		for i := range inside {
			if inside > 24 { // no struct has so many fields
				i = min(i, 1)
			}
			at = walk(at, fmt.Sprint(path, " ", i))
		}
		all[n].to = at
		return at
	}
	walk(0, "")
	return all
}

func replaced(body []byte, v value, by []byte) []byte {
	return bytes.Join([][]byte{body[:v.from], by, body[v.to:]}, nil)
}

// bombs are values that take far more memory, or are far larger, than their bytes.
func bombs() map[string][]byte {
	many := func(what ...byte) []byte {
		const n = 100_000
		return append(binary.BigEndian.AppendUint32([]byte{0xdd}, n), bytes.Repeat(what, n)...)
	}
	return map[string][]byte{
		"nil":                {0xc0},
		"many nils":          many(0xc0),
		"many empty arrays":  many(0x90),
		"many empty strings": many(0xa0),
		"many zeros":         many(0),
		"many maps":          many(0x80),
		"many pairs of nils": many(0x92, 0xc0, 0xc0),
		"an array of 2^32-1": {0xdd, 0xff, 0xff, 0xff, 0xff},
		"a string of 2^28":   {0xdb, 0x10, 0, 0, 0},
		"the largest number": {0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"the least number":   {0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0},
		"true":               {0xc3},
		"a float":            {0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0},
		"an extension":       {0xc7, 0x02, 0x01, 0, 0},
		"control characters": append([]byte{0xa8}, "\x1b]0;\a\r\n\x00"...),
		"other direction":    append([]byte{0xa4}, "\u202ea"...),
		"no UTF-8":           {0xa2, 0xff, 0xfe},
		"a long string":      append([]byte{0xda, 0xff, 0xff}, bytes.Repeat([]byte{'x'}, 65535)...),
	}
}

// Every value of a file is replaced by every bomb: none costs much, and what opens saves and opens again.
func TestBombs(t *testing.T) {
	for version, body := range bodies(t) {
		all := values(t, body)
		slices.SortStableFunc(all, func(a, b value) int { return strings.Compare(a.path, b.path) })
		all = slices.CompactFunc(all, func(a, b value) bool { return a.path == b.path })
		for name, bomb := range bombs() {
			for _, v := range all[1:] {
				if c := body[v.from]; strings.HasPrefix(name, "many") && (c < 0x80 || c >= 0xcc && c < 0xd9 || c >= 0xe0) {
					continue // a number: another kind of value is refused at once
				}
				data := wrapAs(version, replaced(body, v, bomb))
				err, cost := open(data)
				if cost > maxCost {
					t.Fatalf("format %d, %s at byte %d: %d bytes allocated, %v", version, name, v.from, cost, err)
				}
				if err == nil {
					opensAgain(t, data)
				} else if says := err.Error(); strings.Contains(says, "msgpack") || strings.ContainsFunc(says, lab.Unseen) {
					t.Errorf("format %d, %s at byte %d: it says %q", version, name, v.from, says)
				}
			}
		}
	}
}

// opensAgain holds a file to its word: what opens saves, and opens again with the same bytes.
func opensAgain(t *testing.T, data []byte) {
	t.Helper()
	f, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.Encode()
	if err != nil {
		t.Errorf("what was opened cannot be saved: %v", err)
		return
	}
	g, err := Decode(again)
	if err != nil {
		t.Errorf("what was saved cannot be opened: %v", err)
		return
	}
	if third, err := g.Encode(); err != nil || !bytes.Equal(third, again) {
		t.Errorf("saved twice, the bytes differ (%v)", err)
	}
}

// A bomb under deflate is a thousandth of its size, and is refused before it is inflated into memory.
func TestDeflatedBomb(t *testing.T) {
	for _, size := range []int{maxBody + 1, 200 << 20} {
		data, err := pack(make([]byte, size))
		if err != nil {
			t.Fatal(err)
		}
		if err, cost := open(data); err == nil || !strings.Contains(err.Error(), "inflates to more") || cost > 1<<20 {
			t.Errorf("%d bytes in %d: %v, %d bytes allocated", size, len(data), err, cost)
		}
	}
}

// Keys of later versions are kept, but not without end, and none twice.
func TestKeys(t *testing.T) {
	long := strings.Repeat("x", 101)
	for name, keys := range map[string][]string{"twice": {"title", "title"}, "too long": {long}, "too many": make([]string, 102)} {
		var b bytes.Buffer
		e := msgpack.NewEncoder(&b)
		e.EncodeMapLen(len(keys))
		for i, key := range keys {
			if key == "" {
				key = fmt.Sprint("later", i)
			}
			e.EncodeString(key)
			e.EncodeString("x")
		}
		if err, _ := open(wrap(b.Bytes())); err == nil || !strings.Contains(err.Error(), "too many keys") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
