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

// Files of format 1 open for ever, and replay to the instant at which they were saved.
func TestFormat1Opens(t *testing.T) {
	for name, data := range format1Files(t) {
		t.Run(name, func(t *testing.T) {
			f, err := save.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			s := New()
			if err := s.Open(data); err != nil {
				t.Fatal(err)
			}
			finish(t, s)
			if got := s.Status(); got.TimeNs != f.At.TimeNs || got.StateHash != f.Hash {
				t.Errorf("replayed to %d ns and %s, saved at %d ns and %s", got.TimeNs, got.StateHash, f.At.TimeNs, f.Hash)
			}
			if n := len(s.Branches()); n != len(f.Branches) {
				t.Errorf("%d branches, saved with %d", n, len(f.Branches))
			}
		})
	}
}
