package session

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wirelab/lab/words"
)

var update = flag.Bool("update", false, "write testdata/why.txt anew")

// Chains from packets, system calls and timers back to what began them, in both languages.
func TestWhyInWords(t *testing.T) {
	s := New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	s.SeekNs(100e9)
	for s.Busy() {
		s.Work(time.Second)
	}
	var b strings.Builder
	for _, lang := range []string{"en", "zh"} {
		if err := s.Lang(lang); err != nil {
			t.Fatal(err)
		}
		for _, what := range []string{"1", "9", "call 5", "call 13", "call 15", "timer 2", "timer 3", "calls", "timers", "call 1000", "timer x", "99", "thing"} {
			b.WriteString("# " + lang + ": why " + what + "\n")
			lines, err := s.WhyText(what)
			for _, line := range lines {
				b.WriteString(line + "\n")
			}
			if err != nil {
				b.WriteString("error: " + words.Tell(s.Language(), err) + "\n")
			}
		}
	}
	file := filepath.Join("testdata", "why.txt")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, lines := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(got), len(lines)) {
		if got[i] != lines[i] {
			t.Errorf("line %d:\n%s\nwant\n%s", i+1, got[i], lines[i])
		}
	}
	if len(got) != len(lines) || strings.Contains(b.String(), "[why.") || strings.Contains(b.String(), "[timer.") {
		t.Errorf("%d lines, want %d", len(got), len(lines))
	}
}
