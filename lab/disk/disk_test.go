//go:build !js

package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadAndWrite(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.lab")
	if _, err := Read(name); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "wirelab example") {
		t.Errorf("a file that is not there: %v", err)
	}
	for _, text := range []string{"first", "second"} {
		if err := Write(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if data, err := Read(name); err != nil || string(data) != text {
			t.Errorf("read %q, %v", data, err)
		}
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if found, _ := os.ReadDir(dir); len(found) != 1 {
		t.Errorf("%d files are left behind", len(found)-1)
	}
	for _, c := range []struct {
		err  error
		says string
	}{
		{Write(dir, nil), "is a folder"},
		{Write(filepath.Join(dir, "none", "x"), nil), "no such file or directory"},
		{os.WriteFile(name, nil, 0o644), ""},
	} {
		if c.says != "" && (c.err == nil || !strings.Contains(c.err.Error(), c.says)) {
			t.Errorf("%v does not say %q", c.err, c.says)
		}
	}
	if _, err := Read(name); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("an empty file: %v", err)
	}
}
