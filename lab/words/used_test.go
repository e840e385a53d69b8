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

// literal finds keys written out in the source: words.Get(lang, "key" … and x.T("key" …
var literal = regexp.MustCompile(`(?:words\.Get\([^,()]+,\s*|\.T\()"([^"]+)"`)

func TestEveryKeyInTheSourceIsInTheCatalogue(t *testing.T) {
	catalogue := parse(static.WordsEnglish)
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
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range literal.FindAllSubmatch(source, -1) {
			if _, ok := catalogue[string(found[1])]; !ok {
				t.Errorf("%s uses the key %q, which static/words/en.txt lacks", path, found[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
