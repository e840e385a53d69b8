// Package seeds is where tests get the seeds of their random choices. Every run has the same ones, so that a test fails on all
// machines or on none. The environment variable WIRELAB_SEEDS asks for others: a number is the first of them, and "fresh" draws that
// number (go test -count=1, or the result is that of another run). Then tests go on for longer, and each logs the number: setting the
// variable to it repeats the run.
//
// Only tests import it. It imports nothing of the project.
package seeds

import (
	"flag"
	"hash/maphash"
	"iter"
	"os"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

const (
	variable = "WIRELAB_SEEDS"
	usual    = 1 // the first seed if nobody asks for another
	longer   = 4 // times as much is done with other seeds
)

// chosen reads the variable when a test asks first: go test notices only then that a result depends on it.
var chosen = sync.OnceValues(func() (first uint64, other bool) { return read(os.Getenv(variable)) })

// read returns the first seed that a value of the variable asks for, and whether it is another than the usual one.
func read(text string) (first uint64, other bool) {
	switch text {
	case "":
		return usual, false
	case "fresh":
		return new(maphash.Hash).Sum64() >> 32, true // short enough to be typed
	}
	n, err := strconv.ParseUint(text, 10, 62)
	if err != nil {
		panic(variable + " is a whole number, fresh or nothing, not " + strconv.Quote(text))
	}
	return n, true
}

// presetRapid gives package rapid its seed, which it would draw, and keeps it from writing files beside the tests: the seed repeats a
// failure. Flags and rapid's own variables still count.
var presetRapid = sync.OnceFunc(func() {
	first, _ := chosen()
	preset("rapid.seed", "0", strconv.FormatUint(max(first, 1), 10))
	preset("rapid.checks", "100", strconv.FormatUint(More(100), 10))
	preset("rapid.nofailfile", "false", "true")
})

// preset gives a flag a value instead of the usual one.
func preset(name, usual, value string) {
	f := flag.Lookup(name)
	if f.Value.String() != usual {
		return
	}
	if err := f.Value.Set(value); err != nil {
		panic(err)
	}
}

// First returns the seed of a test that needs one.
func First(t testing.TB) uint64 {
	t.Helper()
	first, other := chosen()
	if other {
		t.Logf("%s=%d repeats these random choices", variable, first)
	}
	return first
}

// Range returns n seeds that follow one another, and more of them if they are not the usual ones. Those begin at 0.
func Range(t testing.TB, n uint64) iter.Seq[uint64] {
	t.Helper()
	from := First(t)
	if _, other := chosen(); !other {
		from = 0
	}
	return func(yield func(uint64) bool) {
		for i := range More(n) {
			if !yield(from + i) {
				return
			}
		}
	}
}

// More returns n, or as much more as a test does with other seeds than the usual ones.
func More(n uint64) uint64 {
	if _, other := chosen(); other {
		return longer * n
	}
	return n
}

// Check is rapid.Check. A property that does not hold is told with the seed that shows it.
func Check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	First(t)
	presetRapid()
	rapid.Check(t, property)
}
