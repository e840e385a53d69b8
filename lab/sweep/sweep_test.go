package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// transfer is a lab in which A sends B 100 kB.
func transfer() *Plan {
	p := link.Params{BitsPerSecond: 10_000_000, DelayNs: 10_000_000, QueuePackets: 50}
	until := int64(20e9)
	return &Plan{Until: &until, Scenario: lab.Scenario{Seed: 1, KnowsMAC: true,
		Nodes: []lab.Node{{Name: "A", Startup: []string{"source 10.0.0.2 7 100000"}}, {Name: "B", Startup: []string{"sink 7 &"}}},
		Links: []lab.Link{{Ends: [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 2), Prefix: 24}}, Params: [2]link.Params{p, p}}},
	}}
}

// told is what was said of the last sweep.
var told []string

func run(t *testing.T, p *Plan, s Shard) []result {
	t.Helper()
	var out bytes.Buffer
	report, err := p.Run(context.Background(), s, &out)
	if err != nil {
		t.Fatal(err)
	}
	told = report.Unchanged
	var results []result
	for line := range strings.Lines(out.String()) {
		var r result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	return results
}

// Whichever packet is lost, all data arrives; each run but the first loses one.
func TestDropEachPacket(t *testing.T) {
	p := transfer()
	if err := p.Over("drop"); err != nil {
		t.Fatal(err)
	}
	results := run(t, p, Shard{0, 1})
	if len(results) < 100 || len(results) != p.Runs() {
		t.Fatalf("%d runs", len(results))
	}
	for i, r := range results {
		dropped := uint64(min(i, 1))
		if r.Index != i || r.Error != "" || r.BytesDelivered != 100_000 || r.PacketsDropped != dropped || r.DoneNs == 0 {
			t.Errorf("run %d: %+v", i, r)
		}
	}
	if slices.IndexFunc(results, func(r result) bool { return r.Retransmissions > 0 }) < 0 {
		t.Error("no loss was ever repaired")
	}
}

// Shards are parts of the whole: put together they are all of it, each run once.
func TestShards(t *testing.T) {
	p := transfer()
	for _, over := range []string{"seed=1-3", "link.0.loss=0%,1%", "*.net.ipv4.tcp_congestion_control=reno,cubic,bbr"} {
		if err := p.Over(over); err != nil {
			t.Fatal(err)
		}
	}
	whole := run(t, p, Shard{0, 1})
	var parts []result
	for i := range 5 {
		parts = append(parts, run(t, p, Shard{i, 5})...)
	}
	slices.SortFunc(parts, func(a, b result) int { return a.Index - b.Index })
	if len(whole) != 18 || len(parts) != 18 {
		t.Fatalf("%d runs, %d in parts", len(whole), len(parts))
	}
	hashes := map[string]bool{}
	for i := range whole {
		if whole[i].StateHash != parts[i].StateHash || whole[i].Over["seed"] != parts[i].Over["seed"] || whole[i].Error != "" {
			t.Errorf("run %d: %+v and %+v", i, whole[i], parts[i])
		}
		hashes[whole[i].StateHash] = true
	}
	if len(hashes) != 18 {
		t.Errorf("18 runs ended in %d states", len(hashes))
	}
	if got := whole[17].Over; got["seed"] != "3" || got["link.0.loss"] != "1%" {
		t.Errorf("the last run is of %v", got)
	}
}

func TestOverRefuses(t *testing.T) {
	for over, says := range map[string]string{
		"": "nothing to sweep", "speed=1": "nothing to sweep", "seed=x": "whole number", "seed": "needs values", "link.7.delay=1ms": "there is no link 7; there are 0 (A-B)",
		"link.0.speed=1": "no setting", "C.net.ipv4.tcp_sack=0": `no host "C"; there are A, B`, "A.net.ipv4.tcp_sak=0": `no setting "net.ipv4.tcp_sak"`, "link.A-C.loss=0%": "there is no link A-C", "link.loss=1%": "lacks a setting",
		"rule.1=on": "no rules", "C.what=1": `no host "C"`, "A.net.ipv4.tcp_sack=7": "from 0 to 1", "seed=5-1": "no range",
		"seed=1-9999999999": "no range", "seed=1,,2": "empty value", "seed=1-10/0": "no range", "drop=one": "counted from 1",
	} {
		if err := transfer().Over(over); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", over, err, says)
		}
	}
	p := transfer()
	p.Over("seed=1-2000")
	if err := p.Over("drop=1-2000"); err == nil || !strings.Contains(err.Error(), "4000000 runs") {
		t.Errorf("%v", err)
	}
}
