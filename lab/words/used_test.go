//go:build !js

package words

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wirelab/static"
)

// literal finds keys written out in the source: words.Get(lang, "key" … and x.Say("key" …; a key that
// goes on behind a + is the beginning of keys. So are those of session's failKey("code", "key" ….
var literal = regexp.MustCompile(`(?:words\.Get\([^,()]+,\s*|\.Say\(|failKey\("\w+", )"([^"]+)"(\s*\+)?`)

func TestEveryKeyInTheSourceIsInTheCatalogue(t *testing.T) {
	catalogue := parse(static.WordsEnglish)
	eachSource(t, func(path string) error {
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range literal.FindAllSubmatch(source, -1) {
			key, begins := string(found[1]), len(found[2]) > 0
			_, ok := catalogue[key]
			for k := range catalogue {
				ok = ok || begins && strings.HasPrefix(k, key)
			}
			if !ok {
				t.Errorf("%s uses the key %q, which static/words/en.txt lacks", path, found[1])
			}
		}
		return nil
	})
}

// eachSource visits the files of the program, without tests.
func eachSource(t *testing.T, visit func(path string) error) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		return visit(path)
	})
	if err != nil {
		t.Fatal(err)
	}
}
