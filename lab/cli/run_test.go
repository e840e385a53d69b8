//go:build !js

package cli

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"wirelab/lab/bench"
	"wirelab/lab/lesson"
	"wirelab/lab/save"
	"wirelab/lab/session"
)

// status runs `wirelab run --json` and reads what it prints.
func status(t *testing.T, args ...string) session.Status {
	t.Helper()
	var s session.Status
	if err := json.Unmarshal([]byte(must(t, append([]string{"run", "--json"}, args...)...)), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// edited is a lab as a person leaves it: a built-in one, taken elsewhere.
func edited(t *testing.T, name string) *session.Session {
	t.Helper()
	s := session.New()
	if err := s.Example(name); err != nil {
		t.Fatal(err)
	}
	goTo(t, s, 5*time.Second)
	for _, line := range []string{"ping 192.168.1.123 3", "echo-client 192.168.1.123 7788"} {
		if err := s.Exec(s.Lab().Scenario.Nodes[0].Name, line); err != nil {
			t.Fatal(err)
		}
		goTo(t, s, time.Duration(s.Status().TimeNs)+3*time.Second/2)
	}
	data, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	put(t, name+".lab", data)
	return s
}

func goTo(t *testing.T, s *session.Session, at time.Duration) {
	t.Helper()
	s.SeekNs(at.Nanoseconds())
	if err := work(s); err != nil {
		t.Fatal(err)
	}
}

func TestRunComesToWhereTheSessionWas(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range lesson.Names() {
		s := edited(t, name)
		file := name + ".lab"
		if got, want := status(t, file), s.Status(); got != want {
			t.Errorf("%s: run says\n%+v, the session\n%+v", name, got, want)
		}
		if got := status(t, "--seed", "1", file); got != s.Status() {
			t.Errorf("%s: the seed it has anyway makes a difference", name)
		}
		for _, at := range []time.Duration{2 * time.Second, 20 * time.Second} { // before and behind the saved position
			goTo(t, s, at)
			if got, want := status(t, file, "--until", at.String()), s.Status(); got != want {
				t.Errorf("%s at %v: run says\n%+v, the session\n%+v", name, at, got, want)
			}
		}
	}
}

func TestRunPrintsTheContractsKeys(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "example", "lost-syn", "-o", "x.lab")
	out := must(t, "run", "x.lab", "--until=4", "--json")
	at := 0
	for _, key := range []string{"title", "time_ns", "playing", "events", "packets_sent", "packets_delivered", "packets_dropped", "bytes_delivered", "state_hash", "record_bytes", "record_limit_bytes", "lang"} {
		i := strings.Index(out[at:], `"`+key+`":`)
		if i < 0 {
			t.Errorf("%s lacks %s, or has it elsewhere", out, key)
			continue
		}
		at += i
	}
	if strings.Count(out, `":`) != 12 || strings.Count(out, "\n") != 1 {
		t.Errorf("%s is not one object of twelve keys", out)
	}
	table := must(t, "run", "--until", "4s", "x.lab")
	for _, want := range []string{"title              The first SYNs are lost\n", "time               4s\n", "packets dropped    2\n"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q:\n%s", want, table)
		}
	}
}

func TestAnotherSeed(t *testing.T) {
	t.Chdir(t.TempDir())
	s := edited(t, "lost-syn")
	first, again := status(t, "lost-syn.lab", "--seed", "7"), status(t, "--seed=7", "lost-syn.lab")
	if first != again || first.StateHash == s.Status().StateHash {
		t.Errorf("seed 7 comes to %s, then %s; seed 1 to %s", first.StateHash, again.StateHash, s.Status().StateHash)
	}
	if first.TimeNs != s.Status().TimeNs || first.PacketsSent != s.Status().PacketsSent {
		t.Errorf("what was typed was not typed again: %+v, was %+v", first, s.Status())
	}
	if status(t, "lost-syn.lab", "--seed=0").StateHash == first.StateHash {
		t.Error("seed 0 is seed 7")
	}
}

// A file whose hash is not reached was made by another version; that is worth
// a sentence, and no more.
func TestAFileOfAnotherVersion(t *testing.T) {
	t.Chdir(t.TempDir())
	want := edited(t, "four-way-close").Status()
	alter := func(name string, change func(*save.File)) {
		data, err := os.ReadFile("four-way-close.lab")
		if err != nil {
			t.Fatal(err)
		}
		f, err := save.Decode(data)
		if err == nil {
			change(f)
			data, err = f.Encode()
		}
		if err != nil {
			t.Fatal(err)
		}
		put(t, name, data)
	}
	alter("hash.lab", func(f *save.File) { f.Hash = "0123456789abcdef" })
	alter("events.lab", func(f *save.File) { f.At.Events += 1000 })
	got, out, errOut := do(t, "run", "--json", "hash.lab")
	if got != ok || !strings.Contains(out, want.StateHash) || !strings.Contains(errOut, "another version") || strings.Count(errOut, "\n") != 2 || len(stopped.FindAllString(errOut, -1)) != 1 {
		t.Errorf("status %d, %s%s", got, out, errOut)
	}
	if got, out, errOut := do(t, "run", "--json", "events.lab"); got != ok || !strings.Contains(out, want.StateHash) || !strings.Contains(errOut, "another version") {
		t.Errorf("status %d, %s%s", got, out, errOut)
	}
}

func TestBenchPassesItsFlagsOn(t *testing.T) {
	out := must(t, "bench", "--json", "bulk", "--bytes=64KiB")
	var r bench.Result
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.Bytes != 64<<10 {
		t.Errorf("%v: %s", err, out)
	}
}
