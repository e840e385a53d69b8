//go:build !js

package cli

import (
	"strings"
	"testing"
	"time"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/save"
	"wirelab/lab/session"
	"wirelab/stack/wire"
)

// build saves a lab of two hosts on which lines are typed at a time.
func build(t *testing.T, name string, at int64, params link.Params, lines ...string) {
	t.Helper()
	s := lab.Scenario{Seed: 1, KnowsMAC: true, Nodes: []lab.Node{{Name: "A"}, {Name: "B", Startup: []string{"sink 7 &", "httpd 80 &"}}}, Links: []lab.Link{{
		Ends:   [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 2), Prefix: 24}},
		Params: [2]link.Params{params, params},
	}}}
	f := save.File{Title: "built", Scenario: s}
	for _, line := range lines {
		f.Journal = append(f.Journal, lab.Entry{At: lab.Position{TimeNs: at}, Input: lab.Exec{Line: line}})
	}
	data, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, name, data)
}

// Without --until a lab that was left at its start runs until nothing more goes on, and says so.
func TestWithoutUntil(t *testing.T) {
	t.Chdir(t.TempDir())
	whole := link.Params{BitsPerSecond: 10_000_000, DelayNs: 10_000_000, QueuePackets: 100}
	lossy := whole
	lossy.LossPPM = 1_000_000
	build(t, "nothing.lab", 0, whole)
	build(t, "transfer.lab", 100*ms, whole, "source 10.0.0.2 7 100000")
	build(t, "late.lab", 70*second, whole, "source 10.0.0.2 7 100000")
	build(t, "lost.lab", 0, lossy, "source 10.0.0.2 7 100000")
	build(t, "ping.lab", 0, whole, "ping 10.0.0.2")
	build(t, "sleep.lab", 0, whole, `script 'sleep(20)' ; ping -c 1 10.0.0.2`)
	build(t, "keepalive.lab", 0, whole, "sysctl -w net.ipv4.tcp_keepalive_time=1", "nc 10.0.0.2 7")
	for _, name := range []string{"handshake-capture", "four-way-close", "lost-syn", "home-network"} {
		must(t, "example", name, "-o", name+".lab")
	}
	for _, c := range []struct {
		name string
		at   time.Duration
		says string
		sent uint64
	}{
		{"nothing", 0, "nothing in flight and no timer within 1 s; --until goes further", 0},
		{"handshake-capture", 130171200, "nothing in flight and no timer within 1 s;", 3},
		{"four-way-close", 390214400, "no timer within 1 s (the next is due at 60.3801616 s);", 13},
		{"lost-syn", 3130171200, "no timer within 1 s;", 5},
		{"home-network", 5061560960, "no timer within 1 s (the next is due at 8.0002", 124},
		{"late", 60 * time.Second, "the most without --until, and more of what was typed lies ahead;", 0},
		{"lost", 60 * time.Second, "the most without --until, and the retransmission timer of A runs;", 10},
		{"ping", 60 * time.Second, "the most without --until, and ping on A goes on;", 121},
		{"sleep", 20*time.Second + 20156800, "no timer within 1 s", 2},
	} {
		code, out, errOut := do(t, "run", "--json", c.name+".lab")
		s := status(t, c.name+".lab")
		if code != ok || strings.Count(out, "\n") != 1 || strings.Count(errOut, "\n") != 1 || !strings.Contains(errOut, "wirelab run: stopped at "+seconds(int64(c.at))+": ") || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: status %d, %s, want %s and %q", c.name, code, errOut, seconds(int64(c.at)), c.says)
		}
		if s.TimeNs != int64(c.at) || s.PacketsSent != c.sent {
			t.Errorf("%s: at %d ns %d packets were sent, want %d at %d", c.name, s.TimeNs, s.PacketsSent, c.sent, c.at)
		}
		if exact := status(t, c.name+".lab", "--until", time.Duration(s.TimeNs).String()); exact.StateHash != s.StateHash {
			t.Errorf("%s: --until %v comes to another state", c.name, time.Duration(s.TimeNs))
		}
	}
}

// A lab that was left beyond its start is taken there, whatever lies ahead.
func TestWhereALabWasLeft(t *testing.T) {
	t.Chdir(t.TempDir())
	s := session.New()
	if err := s.Example("lost-syn"); err != nil {
		t.Fatal(err)
	}
	goTo(t, s, 200*time.Millisecond)
	data, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	put(t, "left.lab", data)
	for _, args := range []string{"run left.lab", "why left.lab 1", "export left.lab --to x.txt", "check left.lab", "sweep left.lab --over seed=1"} {
		_, _, errOut := do(t, strings.Fields(args)...)
		if command, _, _ := strings.Cut(args, " "); !strings.Contains(errOut, "wirelab "+command+": ") || !strings.Contains(errOut, "at 0.2 s, where the lab was left; --until goes further\n") {
			t.Errorf("%s: %s", args, errOut)
		}
	}
}

// Another seed does not forget what lies ahead.
func TestAnotherSeedFromTheStart(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "example", "lost-syn", "-o", "lost-syn.lab")
	if a, b := status(t, "lost-syn.lab"), status(t, "lost-syn.lab", "--seed", "7"); a.PacketsSent != 5 || b.PacketsSent != 5 || a.StateHash == b.StateHash {
		t.Errorf("seed 1: %+v, seed 7: %+v", a, b)
	}
}

// The commands of the manual say something of a lab that was left at its start.
func TestCommandsOnAnExample(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "example", "handshake-capture", "-o", "handshake.lab")
	must(t, "example", "lost-syn", "-o", "lost-syn.lab")
	for _, c := range []struct{ args, says string }{
		{"run --json handshake.lab", `"packets_sent":3`},
		{"check handshake.lab", "4 of 4"},
		{"why handshake.lab 1", "somebody typed on A: echo-client"},
		{"compare handshake.lab lost-syn.lab", "first different packet: 1, at 100ms"},
		{"compare lost-syn.lab lost-syn.lab", "the two histories are the same"},
	} {
		if out := must(t, strings.Fields(c.args)...); !strings.Contains(out, c.says) {
			t.Errorf("%s: %s", c.args, out)
		}
	}
	if _, _, errOut := do(t, "compare", "handshake.lab", "lost-syn.lab"); errOut != "wirelab compare: both were left at their start; stopped at 3.1301712 s: nothing in flight and no timer within 1 s\n" {
		t.Error(errOut)
	}
	must(t, "check", "handshake.lab", "lost-syn.lab")
	if _, _, errOut := do(t, "check", "handshake.lab", "lost-syn.lab"); strings.Count(errOut, "\n") != 2 || !strings.Contains(errOut, `wirelab check: "lost-syn.lab" stopped at 3.1301712 s`) {
		t.Error(errOut)
	}
}

const ms, second = 1_000_000, 1_000_000_000
