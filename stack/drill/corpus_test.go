package drill

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpus returns the scripts in testdata by name.
func corpus(t *testing.T) (names []string, texts []string) {
	t.Helper()
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".pkt") {
			return err
		}
		text, err := os.ReadFile(path)
		names = append(names, strings.TrimPrefix(filepath.ToSlash(path), "testdata/"))
		texts = append(texts, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, texts
}

func TestEveryScriptParses(t *testing.T) {
	names, texts := corpus(t)
	if len(names) != 212 {
		t.Errorf("%d scripts", len(names))
	}
	for i := range names {
		if _, err := Parse(names[i], texts[i]); err != nil {
			t.Error(err)
		}
	}
}
