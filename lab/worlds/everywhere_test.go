package worlds

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirelab/lab"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

const everywhere = 36 // labs of which every target must make the same

// The same seed comes to the same state on every machine: this test runs as amd64, 386, wasm, arm64 and s390x, which keeps its
// numbers the other way round, and the file is the same. The latter two are emulated (build.sh):
//
//	GOARCH=s390x go test -exec qemu-s390x-static -run Everywhere ./lab/worlds
func TestLabsAreTheSameEverywhere(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "engine %d\n", lab.Engine)
	for seed := range uint64(everywhere) {
		l := newLife(seed, shortLife)
		if l.live(); l.err != nil {
			t.Fatalf("lab %d: %v", seed, l.err)
		}
		fmt.Fprintf(&b, "%d %016x %d\n", seed, l.lab.Hash(), l.lab.Counts().Sent)
	}
	file := filepath.Join("testdata", "labs.golden")
	if *update {
		was, _ := os.ReadFile(file)
		if engine, _, _ := strings.Cut(b.String(), "\n"); b.String() != string(was) && strings.HasPrefix(string(was), engine+"\n") {
			t.Fatal("labs come to other states: raise lab.Engine, so that files of the version before are known to be older")
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("seed, state hash at the end and packets sent are\n%s\nand %s has\n%s\nIf the stack or the lab was meant to behave otherwise, raise lab.Engine and run the test with -update.", b.String(), file, want)
	}
}
