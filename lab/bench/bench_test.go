package bench

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"wirelab/lab"
)

// small are the workloads of the tests: the real ones, cut short.
var small = [][]string{
	{"bulk", "--bytes", "1MiB"},
	{"dumbbell", "--flows", "2", "--time", "1s"},
}

func run(t *testing.T, args ...string) Result {
	t.Helper()
	var out, errOut strings.Builder
	if status := Command("bench", append(args, "--json"), &out, &errOut); status != 0 {
		t.Fatalf("%v: status %d: %s", args, status, errOut.String())
	}
	var r Result
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryByteArrives(t *testing.T) {
	r := run(t, small[0]...)
	if r.Bytes != 1<<20 || r.Drops != 0 || r.Segments != 719 || r.Checkpoints != 1 || r.CheckpointBytes == 0 {
		t.Errorf("%+v", r)
	}
}

// Both flows must get through, and the bottleneck must be one.
func TestDumbbellIsADumbbell(t *testing.T) {
	p, err := planFor(options{Name: "dumbbell", Flows: 2, CC: "reno", TimeNs: 3 * second})
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.New(p.scenario)
	if err == nil {
		err = p.run(l)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if got := l.Host(right(i)).Counters.BytesDelivered; got < 500_000 {
			t.Errorf("flow %d moved %d bytes; its terminal says\n%s", i, got, l.Machine(left(i)).Output())
		}
	}
	for i := range p.scenario.Links {
		if drops := l.LinkAt(i).Dir[0].Counters.Dropped; (drops > 0) != (i == 0) {
			t.Errorf("link %d dropped %d packets", i, drops)
		}
	}
	if c := l.Counts(); c.Bytes > 3*100_000_000/8 {
		t.Errorf("%d bytes in 3 s are more than 100 Mbit/s", c.Bytes)
	}
}

// What is measured must be the same run, whoever looks.
func TestTheHashRepeats(t *testing.T) {
	for _, args := range small {
		want := run(t, args...).StateHash
		if got := run(t, args...).StateHash; got != want {
			t.Errorf("%v: hash %s, then %s", args, want, got)
		}
		if got := run(t, append(slices.Clone(args), "--trace=off")...).StateHash; got != want {
			t.Errorf("%v: hash %s, without trace %s", args, want, got)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"", 2, "bulk or dumbbell"},
		{"bulk dumbbell", 2, "name one workload"},
		{"nonsense", 2, "bulk and dumbbell"},
		{"frame", 2, "not yet"},
		{"dumbbell --cc vegas", 2, "reno, cubic or bbr"},
		{"dumbbell --flows 0", 2, "1 to 250"},
		{"dumbbell --flows x", 2, "flows"},
		{"dumbbell --flows 9 --time 80ms", 2, "--time"},
		{"dumbbell --time soon", 2, "60s"},
		{"bulk --bytes many", 2, "1GiB"},
		{"bulk --bytes 99999999999GiB", 2, "1GiB"},
		{"bulk --time 1s", 2, "--bytes"},
		{"bulk --flows 2", 2, "one flow"},
		{"bulk --trace=maybe", 2, "on or off"},
		{"bulk --nonsense", 2, "--flows"},
		{"--help", 0, ""},
	} {
		var out, errOut strings.Builder
		if got := Command("bench", strings.Fields(c.args), &out, &errOut); got != c.status {
			t.Errorf("bench %s: status %d, want %d", c.args, got, c.status)
		}
		if !strings.Contains(errOut.String(), c.says) || c.status != 0 && out.Len() > 0 {
			t.Errorf("bench %s says %q, want something with %q", c.args, errOut.String(), c.says)
		}
	}
}
