package session

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirelab/lab/save"
)

// format1Files returns the kept files of format 1 by name. The first program that wrote the format made them: the built-in labs,
// lines typed between the events of one instant, surgery of every kind, branches, a network built by hand, and labs drawn at random.
func format1Files(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/format1/*.lab")
	if err != nil || len(names) < 20 {
		t.Fatalf("%d files of format 1 (%v)", len(names), err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimSuffix(filepath.Base(name), ".lab")] = data
	}
	link, err := os.ReadFile("testdata/format1/link.txt")
	if err != nil {
		t.Fatal(err)
	}
	code, _ := strings.CutPrefix(strings.TrimSpace(string(link)), "#lab=")
	if files["link"], err = base64.RawURLEncoding.DecodeString(code); err != nil {
		t.Fatal(err)
	}
	return files
}

// Files of format 1 open for ever, and replay to the instant at which they were saved. Where this version comes to another state, it says
// so. Saved again they are of the present format, and open as well.
func TestFormat1Opens(t *testing.T) {
	for name, data := range format1Files(t) {
		t.Run(name, func(t *testing.T) {
			f, err := save.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			s := opened(t, data)
			got := s.Status()
			if got.TimeNs != f.At.TimeNs || len(s.Branches()) != len(f.Branches) || s.Lab().Position().Inputs != f.At.Inputs {
				t.Errorf("replayed to %d ns, entry %d, %d branches; saved at %d ns, entry %d, %d branches", got.TimeNs, s.Lab().Position().Inputs, len(s.Branches()),
					f.At.TimeNs, f.At.Inputs, len(f.Branches))
			}
			if same := got.StateHash == f.Hash; same != (s.Departure() == nil) {
				t.Errorf("the state is %s, recorded was %s, said is %v", got.StateHash, f.Hash, s.Departure())
			}
			again, err := s.Save()
			if err != nil {
				t.Fatal(err)
			}
			o := opened(t, again)
			if o.Status() != got || o.Departure() != nil {
				t.Errorf("saved and opened again:\n%+v (%v), was\n%+v", o.Status(), o.Departure(), got)
			}
			for i := range o.Branches() {
				if a, b := s.Branches()[i], o.Branches()[i]; a.Name != b.Name || a.At != b.At || len(a.Journal) != len(b.Journal) {
					t.Errorf("branch %d came back as %q at %+v with %d entries, was %q at %+v with %d", i, b.Name, b.At, len(b.Journal), a.Name, a.At, len(a.Journal))
				}
			}
		})
	}
}

func opened(t *testing.T, data []byte) *Session {
	t.Helper()
	s := New()
	if err := s.Open(data); err != nil {
		t.Fatal(err)
	}
	finish(t, s)
	return s
}

// A file of another version names where it first departs from what was recorded: before an entry, at the end, or in the state alone.
func TestDeparture(t *testing.T) {
	data := format1Files(t)["typed-between-events"]
	hash := opened(t, data).Status().StateHash // of this version, whose engine may be a later one than the file's
	for _, c := range []struct {
		change func(*save.File)
		says   []string
	}{
		{func(*save.File) {}, nil},
		{func(f *save.File) { f.Hash = "0123456789abcdef" }, []string{"in the state at the end", "0123456789abcdef was recorded", "At 4 s"}},
		{func(f *save.File) { f.At.Events = 700 }, []string{"first difference is at 4 s: 700 events were recorded, 17 happened"}},
		{func(f *save.File) { f.Journal[2].At.Events, f.At.Events = 100, 700 }, []string{"before entry 3 at", "typed on B: ss -t", "100 events were recorded"}},
	} {
		f, err := save.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		f.Hash = hash
		c.change(f)
		changed, err := f.Encode()
		if err != nil {
			t.Fatal(err)
		}
		s := opened(t, changed)
		if (s.Departure() == nil) != (c.says == nil) {
			t.Errorf("it says %v, want %q", s.Departure(), c.says)
		}
		for _, says := range c.says {
			if !strings.Contains(s.Departure().Error(), says) {
				t.Errorf("it says %v, want %q", s.Departure(), says)
			}
		}
	}
}
