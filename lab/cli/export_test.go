//go:build !js

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirelab/lab/lesson"
	"wirelab/lab/save"
)

func TestExampleListsAndWrites(t *testing.T) {
	t.Chdir(t.TempDir())
	lines := strings.Split(strings.TrimSpace(must(t, "example")), "\n")
	if len(lines) != len(lesson.Names()) {
		t.Fatalf("%q", lines)
	}
	for i, line := range lines {
		name, title, tab := strings.Cut(line, "\t")
		if !tab || name != lesson.Names()[i] || title == "" || strings.Contains(title, "[") {
			t.Errorf("line %q", line)
		}
		onto := must(t, "example", name, "-o", "-")
		for range 2 { // the same again is no loss
			if out := must(t, "example", name); out != name+".lab\n" {
				t.Errorf("it says %q", out)
			}
		}
		must(t, "example", "-o", "other.lab", name)
		for _, file := range []string{name + ".lab", "other.lab"} {
			data, err := os.ReadFile(file)
			if err != nil || string(data) != onto {
				t.Errorf("%s is not what -o - prints (%v)", file, err)
			}
		}
		if f, err := save.Decode([]byte(onto)); err != nil || f.Title != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	put(t, "lost-syn.lab", []byte("precious"))
	if status, _, says := do(t, "example", "lost-syn"); status != 2 || !strings.Contains(says, `there is a file "lost-syn.lab" already`) {
		t.Errorf("status %d, %s", status, says)
	}
	if left, _ := filepath.Glob(".wirelab-*"); left != nil {
		t.Errorf("%v lie about", left)
	}
}

// write must not put a file in the place of a link or a device.
func TestWriteKeepsWhatStandsThere(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "real.lab", []byte("old"))
	if err := os.Symlink("real.lab", "link.lab"); err != nil {
		t.Skip(err)
	}
	must(t, "example", "lost-syn", "-o", "link.lab")
	if info, err := os.Lstat("link.lab"); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone (%v)", err)
	}
	if data, err := os.ReadFile("real.lab"); err != nil || string(data) == "old" {
		t.Errorf("the file behind the link was not written (%v)", err)
	}
	must(t, "example", "lost-syn", "-o", os.DevNull)
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("the device is gone (%v)", err)
	}
}

func TestExportByEnding(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "example", "four-way-close", "-o", "x.lab")
	must(t, "export", "x.lab", "--to", "whole.txt")
	if data, err := os.ReadFile("whole.txt"); err != nil || strings.Count(string(data), "Flags [F.]") != 2 {
		t.Errorf("without --until: %v\n%s", err, data)
	}
	for _, c := range []struct{ args, file, says string }{
		{"x.lab --to a.txt --until 200ms", "a.txt", "Flags [S.], seq 1739326486, ack 3626544837"},
		{"--until=0.2 --to a.classic.txt x.lab", "a.classic.txt", "S 1739326486:1739326486(0) ack 3626544837"},
	} {
		must(t, append([]string{"export"}, strings.Fields(c.args)...)...)
		data, err := os.ReadFile(c.file)
		if err != nil || strings.Count(string(data), "\n") != 4 || !strings.Contains(string(data), c.says) {
			t.Errorf("export %s: %v\n%s", c.args, err, data)
		}
	}
	must(t, "export", "x.lab", "--until=0", "--to", "none.txt")
	if data, err := os.ReadFile("none.txt"); err != nil || len(data) != 0 {
		t.Errorf("%v, %q", err, data)
	}
}
