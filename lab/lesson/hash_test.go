package lesson

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

// instants at which the labs are compared: at rest, between two packets, in the
// middle of one, while a timer runs, and long after.
var instants = []int64{0, second / 10, 105_000_000, 300_000_000, 350_000_001, 2 * second, 61 * second, 300 * second}

// The same lab comes to the same state on every machine: this test runs as
// amd64, as 386 and as wasm, and the file is the same.
func TestTheStateIsTheSameEverywhere(t *testing.T) {
	var b strings.Builder
	for _, name := range append(Names(), "a lossy crowd") {
		l, err := build(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range instants {
			if err := l.SeekTo(at); err != nil {
				t.Fatal(err)
			}
			c := l.Counts()
			fmt.Fprintf(&b, "%s %d %016x %d %d\n", name, at, l.Hash(), c.Sent, c.Delivered)
		}
	}
	file := filepath.Join("testdata", "hashes.golden")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("lab, time, state hash, packets sent and delivered are\n%s\nand %s has\n%s\nIf the stack or the lab was meant to behave otherwise, run the test with -update.", b.String(), file, want)
	}
}

func build(name string) (*lab.Lab, error) {
	if name != "a lossy crowd" {
		return Builtin(name)
	}
	return crowd()
}

// crowd is four hosts at a switch, with links that are slow, full and lossy,
// and everything that programs can do on them at once.
func crowd() (*lab.Lab, error) {
	s := lab.Scenario{Seed: 42, Nodes: []lab.Node{{Name: "switch", Kind: lab.KindSwitch}}}
	for i := range uint32(4) {
		p := link.Params{BitsPerSecond: 2_000_000 + 1_000_000*uint64(i), DelayNs: 3_000_000 + int64(i), QueuePackets: 12, LossPPM: 30_000 * i}
		s.Nodes = append(s.Nodes, lab.Node{Name: string(rune('A' + i)), Startup: []string{"echo-server 7 &", "sink 9 &"}})
		s.Links = append(s.Links, lab.Link{
			Ends:   [2]lab.LinkEnd{{Node: i + 1, Addr: wire.V4(10, 0, 0, byte(i+1)), Prefix: 24}, {Node: 0}},
			Params: [2]link.Params{p, p},
		})
	}
	var entries []lab.Entry
	for i, line := range []string{"source 10.0.0.2 9 300000", "source 10.0.0.3 9 200000", "source 10.0.0.4 9 400000 &", "ping 10.0.0.1 20", "echo-client 10.0.0.3 7", "hello"} {
		entries = append(entries, typed(second/10+int64(i)*7_000_001, uint32(i%4+1), line))
	}
	return script(s, entries...)
}
