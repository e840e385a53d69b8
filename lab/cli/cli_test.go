//go:build !js

package cli

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wirelab/lab/session"
)

// do runs a command line in the test's folder.
func do(t *testing.T, args ...string) (status int, out, errOut string) {
	t.Helper()
	var o, e strings.Builder
	status = run(args, &o, &e)
	return status, o.String(), e.String()
}

// stopped is what commands without --until say on standard error.
var stopped = regexp.MustCompile(`(?m)^wirelab \w+: .*stopped at [0-9.]+ s[:,] .*\n`)

// must runs a command line that has to succeed without a word on standard error, but for where it stopped.
func must(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errOut := do(t, args...)
	errOut = stopped.ReplaceAllString(errOut, "")
	if status != ok || errOut != "" {
		t.Fatalf("wirelab %v: status %d, %s", args, status, errOut)
	}
	return out
}

func put(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// own is a lab that somebody built.
func own(t *testing.T) []byte {
	t.Helper()
	s := session.New()
	if err := s.Blank(); err != nil {
		t.Fatal(err)
	}
	data, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Whatever is wrong, the status is 2, standard output is empty, and standard
// error has one line that says what to do.
func TestSentences(t *testing.T) {
	t.Chdir(t.TempDir())
	whole := []byte(must(t, "example", "four-way-close", "-o", "-"))
	put(t, "good.lab", whole)
	put(t, "own.lab", own(t))
	put(t, "empty.lab", nil)
	put(t, "text.lab", []byte("once upon a time"))
	put(t, "cut.lab", whole[:len(whole)/2])
	put(t, "bent.lab", append([]byte(nil), append(whole[:40:40], append([]byte{^whole[40]}, whole[41:]...)...)...))
	if err := os.Mkdir("folder", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says string }{
		{"", "built without the window"},
		{"good.lab", "built without the window"},
		{"nonsense", `neither a command nor a file "nonsense"`},
		{"--nonsense", "unknown flag --nonsense; wirelab --help"},
		{"good.lab more", "more"},
		{"drill", "<file>"},
		{"drill none.pkt", "no such file"},
		{"drill folder", "folder/*.pkt"},
		{"drill text.lab", "text.lab:1: expected the time of an event"},
		{"drill empty.lab", "no event"},
		{"drill --nonsense x.pkt", "--nonsense; wirelab drill --help"},
		{"run good.lab --until", "--until needs a value;"},
		{"run good.lab --until -3s", "--until=-1"},
		{"check own.lab", "has no lesson"},
		{"check none.lab", "wirelab example NAME"},
		{"sweep good.lab --over seed", "needs values"},
		{"sweep good.lab --over seed=1-3 --shard 3/3", "NUMBER/OF"},
		{"serve --nonsense", "--nonsense; wirelab serve --help"},
		{"run", "<file>"},
		{"run none.lab", "wirelab example NAME"},
		{"run folder", "is a folder"},
		{"run empty.lab", "is empty"},
		{"run text.lab", "not a .lab file"},
		{"run cut.lab", "damaged"},
		{"run bent.lab", "damaged"},
		{"run good.lab another.lab", "another.lab"},
		{"run good.lab --until soon", "not a time such as 10s"},
		{"run good.lab --until=-1s", "not a time such as 10s"},
		{"run good.lab --until", "--until"},
		{"run good.lab --seed x", "--seed"},
		{"run good.lab --seed=-1", "--seed"},
		{"run good.lab --to x", "unknown flag --to"},
		{"example none", "handshake-capture"},
		{"example -o x.lab", "name the lab to write"},
		{"example lost-syn -o folder", "is a folder"},
		{"example lost-syn -o none/x.lab", "none/x.lab"},
		{"export good.lab", "--to"},
		{"export --to x.txt", "<file>"},
		{"export good.lab --to -", "--to trace.txt"},
		{"export good.lab --to x", ".classic.txt .ladder.txt .txt"},
		{"export good.lab --to x.doc", ".classic.txt .ladder.txt .txt"},
		{"export good.lab --to .txt", ".classic.txt .ladder.txt .txt"},
		{"export none.lab --to x.txt", "none.lab"},
		{"export cut.lab --to x.txt", "damaged"},
		{"export good.lab --to none/x.txt", "none/x.txt"},
		{"bench", "bulk or dumbbell"},
		{"bench nonsense", "bulk and dumbbell"},
		{"bench frame", "built without the window; go build without -tags headless has it; the other workloads are bulk, dumbbell,"},
		{"version more", "more"},
		{"bench bulk --nonsense", "--flows"},
	} {
		status, out, errOut := do(t, strings.Fields(c.args)...)
		if status != failed || out != "" || strings.Count(errOut, "\n") != 1 || !strings.HasPrefix(errOut, "wirelab") || !strings.Contains(errOut, c.says) {
			t.Errorf("wirelab %s: status %d, says %q%q, want something with %q", c.args, status, out, errOut, c.says)
		}
	}
	if left, _ := filepath.Glob("x*"); left != nil {
		t.Errorf("what failed has left %v", left)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"run", "--help"}, {"bench", "--help"}} {
		if status, out, errOut := do(t, args...); status != ok || out == "" || errOut != "" {
			t.Errorf("wirelab %v: status %d, %q, %q", args, status, out, errOut)
		}
	}
}

func TestTheWindowGetsTheFile(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "a.lab", nil)
	for _, c := range []struct {
		args []string
		file string
	}{{nil, ""}, {[]string{"a.lab"}, "a.lab"}} {
		opened := "never"
		var errOut strings.Builder
		p := Program{ErrOut: &errOut, OpenWindow: func(file string) error { opened = file; return nil }}
		if status := p.Run(c.args); status != ok || opened != c.file {
			t.Errorf("wirelab %v: status %d, opened %q, %s", c.args, status, opened, errOut.String())
		}
		p.OpenWindow = func(string) error { return errors.New("no display") }
		if status := p.Run(c.args); status != failed || errOut.String() != "wirelab: no display\n" {
			t.Errorf("status %d, %q", status, errOut.String())
		}
	}
}
