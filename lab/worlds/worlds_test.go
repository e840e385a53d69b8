package worlds

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wirelab/lab"
	"wirelab/lab/save"
	"wirelab/stack/seeds"
)

var (
	worlds = flag.Uint64("worlds", 0, "how many worlds are drawn; 0: 20,000, fewer where the machine is slow, more with fresh seeds")
	first  = flag.Uint64("seed", 0, "the seed of the first world or lab; the others follow; 0: as WIRELAB_SEEDS says, else 1")
	keepIn = flag.String("keep", filepath.Join(os.TempDir(), "wirelab-worlds"), "the folder for .lab files of worlds and labs in which something is wrong")
)

const (
	twice    = 20  // one world in so many is run a second time
	mostBad  = 5   // after so many bad worlds, no more are looked at
	fewSlow  = 300 // worlds where Go runs slowly: as wasm, or as 386 beside the same tests as amd64
	fewShort = 200
)

func count() uint64 {
	switch {
	case *worlds > 0:
		return *worlds
	case *labs > 0:
		return 0 // it is labs that somebody wants
	case runtime.GOARCH == "wasm" || runtime.GOARCH == "386":
		return seeds.More(fewSlow)
	case testing.Short():
		return fewShort
	}
	return seeds.More(20_000)
}

// tally is what happened in all worlds together, so that one sees that it was much.
type tally struct {
	worlds, events, bytes, lost, deserted, creeping, bad atomic.Uint64
	coverage                                             coverage
}

// In no world is a promise of TCP broken.
func TestWorlds(t *testing.T) {
	began := time.Now()
	var sum tally
	eachDrawn(t, count(), &sum.bad, func(seed uint64) { sum.live(t, seed, seed%twice == 0) })
	t.Logf("%d worlds in %.1f s: %d events, %d bytes read by programs, %d frames lost or dropped; in %d an end waits for one that is gone, %d were not over in time",
		sum.worlds.Load(), time.Since(began).Seconds(), sum.events.Load(), sum.bytes.Load(), sum.lost.Load(), sum.deserted.Load(), sum.creeping.Load())
	t.Logf("coverage: %v", &sum.coverage)
	if missing := sum.coverage.missing(); sum.worlds.Load() >= 1000 && len(missing) > 0 {
		t.Errorf("no world had: %v", missing)
	}
	if n := sum.worlds.Load(); n >= 200 && (sum.bytes.Load() < 10_000*n || sum.deserted.Load()+sum.creeping.Load() > n/50) {
		t.Error("too little happened to prove anything")
	}
}

// eachDrawn lives n worlds or labs, from the first seed on, on all cores, until too many have been bad.
func eachDrawn(t *testing.T, n uint64, bad *atomic.Uint64, live func(seed uint64)) {
	from := *first
	if from == 0 {
		from = seeds.First(t)
	}
	var next atomic.Uint64
	var shards sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		shards.Go(func() {
			for bad.Load() < mostBad {
				i := next.Add(1) - 1
				if i >= n {
					return
				}
				live(from + i)
			}
		})
	}
	shards.Wait()
}

// live runs one world, and some a second time.
func (sum *tally) live(t *testing.T, seed uint64, again bool) {
	w := drawWorld(seed)
	j := w.run()
	sum.worlds.Add(1)
	sum.coverage.note(w)
	sum.events.Add(j.events)
	sum.bytes.Add(j.bytes)
	if j.lab != nil {
		sum.lost.Add(j.lab.Counts().Dropped)
	}
	if j.deserted {
		sum.deserted.Add(1)
	}
	if j.creeping {
		sum.creeping.Add(1)
	}
	if again && j.err == nil {
		if k := drawWorld(seed).run(); k.trace.Sum64() != j.trace.Sum64() || k.lab.Hash() != j.lab.Hash() {
			j.fail("the same seed gave another run")
		}
	}
	if j.err != nil {
		sum.bad.Add(1)
		t.Errorf("world %d, %v\n\tagain: go test ./lab/worlds -worlds 1 -seed %d\n\tlook:  %s", seed, j.err, seed, w.keep(j))
	}
}

// keep writes a world into a .lab file and says how to open it, or why it cannot.
func (w *world) keep(j *judge) string {
	if j.lab == nil {
		return "there is no lab to look at"
	}
	b, err := w.file(j)
	return keepFile(fmt.Sprintf("world-%d.lab", w.seed), b, err)
}

// keepFile writes what is to be looked at and says how to open it, or why it cannot.
func keepFile(name string, b []byte, err error) string {
	path := filepath.Join(*keepIn, name)
	if err == nil {
		err = os.MkdirAll(*keepIn, 0o755)
	}
	if err == nil {
		err = os.WriteFile(path, b, 0o644)
	}
	if err != nil {
		return "the lab cannot be written: " + err.Error()
	}
	return "wirelab " + path
}

// titleOf returns a title that says what went wrong in a lab: the first line of it.
func titleOf(what string, seed uint64, err error) string {
	title, _, _ := strings.Cut(fmt.Sprintf("%s %d: %v", what, seed, err), "\n")
	return title[:min(len(title), lab.MaxLabel)]
}

// file returns a world as it stands as a .lab file.
func (w *world) file(j *judge) ([]byte, error) {
	f := save.File{Title: titleOf("World", w.seed, j.err), Lang: "en", Scenario: w.scenario, Journal: j.lab.Journal,
		At: j.lab.Position(), Hash: fmt.Sprintf("%016x", j.lab.Hash())}
	return f.Encode()
}

// A world that is kept comes to the same state when somebody opens it.
func TestWorldsCanBeOpened(t *testing.T) {
	for seed := range seeds.Range(t, 20) {
		w := drawWorld(seed)
		j := w.run()
		b, err := w.file(j)
		if err != nil {
			t.Fatal(err)
		}
		f, err := save.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		l, err := lab.New(f.Scenario)
		if err == nil {
			err = l.Load(f.Journal)
		}
		if err == nil {
			_, err = l.AdvanceTo(f.At, 1<<62)
		}
		if got := fmt.Sprintf("%016x", l.Hash()); err != nil || got != f.Hash {
			t.Errorf("world %d: opened, it comes to %s and not %s (%v)", seed, got, f.Hash, err)
		}
	}
}
