package worlds

import (
	"flag"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"wirelab/stack/seeds"
)

var labs = flag.Uint64("labs", 0, "how many labs are drawn; 0: 500, fewer where the machine is slow, more with fresh seeds")

func countLabs() uint64 {
	switch {
	case *labs > 0:
		return *labs
	case *worlds > 0:
		return 0 // it is worlds that somebody wants
	case runtime.GOARCH == "wasm" || runtime.GOARCH == "386":
		return seeds.More(40)
	case testing.Short():
		return 50
	}
	return seeds.More(500)
}

// labTally is what happened in all labs together.
type labTally struct{ labs, events, deeds, seeks, sent, bad atomic.Uint64 }

// In any lab, every instant is the same whatever way leads to it, and no frame is lost count of.
func TestLabs(t *testing.T) {
	began := time.Now()
	var sum labTally
	eachDrawn(t, countLabs(), &sum.bad, func(seed uint64) { sum.live(t, seed) })
	n := sum.labs.Load()
	t.Logf("%d labs in %.1f s: %d events, %d packets, %d deeds, %d seeks", n, time.Since(began).Seconds(), sum.events.Load(), sum.sent.Load(), sum.deeds.Load(), sum.seeks.Load())
	if n >= 40 && (sum.events.Load() < 500*n || sum.deeds.Load() < 10*n) {
		t.Error("too little happened to prove anything")
	}
}

// live lives one lab.
func (sum *labTally) live(t *testing.T, seed uint64) {
	watchdog := time.AfterFunc(3*time.Minute, func() { panic(fmt.Sprintf("lab %d hangs", seed)) })
	defer watchdog.Stop()
	l := newLife(seed, fullLife)
	l.live()
	if l.err == nil {
		sum.sent.Add(l.lab.Counts().Sent)
		l.proofs()
	}
	sum.labs.Add(1)
	sum.events.Add(l.events)
	sum.deeds.Add(l.deeds)
	sum.seeks.Add(l.seeks)
	if l.err == nil {
		return
	}
	sum.bad.Add(1)
	where := "there is no lab to look at"
	if l.lab != nil {
		b, err := l.file()
		where = keepFile(fmt.Sprintf("lab-%d.lab", seed), b, err)
	}
	t.Errorf("lab %d: %v\n\tagain: go test ./lab/worlds -run TestLabs -labs 1 -seed %d\n\tlook:  %s", seed, l.err, seed, where)
}

// Seeds that found a fault once: what waited in a queue whose kind was changed kept the times that the old one had planned; a
// program that went on because the timer of another ran out had no cause.
func TestLabsThatFoundFaults(t *testing.T) {
	var sum labTally
	for _, seed := range []uint64{51136, 58740, 200393} {
		sum.live(t, seed)
	}
}
