package link

import (
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/timer"
)

const ms = 1_000_000

func offer(l *Link, pool *block.Pool, now int64, bytes int) bool {
	n := l.Dir[0].Counters.Dropped
	l.Offer(envAt(pool, now), 0, pool.New(bytes), 0, event.Why{})
	return l.Dir[0].Counters.Dropped == n
}

// book remembers what became of frames.
type book struct {
	ways   map[uint64]Entry
	drops  map[uint64]Fate
	marked map[uint64]bool
	times  []Entry // in the order in which they got them
}

func (b *book) Way(e *Entry)                      { b.ways[e.Crossing] = *e; b.times = append(b.times, *e) }
func (b *book) Wait(uint64)                       {}
func (b *book) Hold(*Entry, bool)                 {}
func (b *book) Drop(i uint64, _ int64, fate Fate) { b.drops[i] = fate }
func (b *book) Mark(i uint64)                     { b.marked[i] = true }

func newBook() *book { return &book{map[uint64]Entry{}, map[uint64]Fate{}, map[uint64]bool{}, nil} }

func envAt(pool *block.Pool, now int64) *Env {
	return &Env{Pool: pool, Seed: 1, Now: now, Record: newBook()}
}

func arrive(d *Direction, pool *block.Pool, now int64) (e Entry, ok bool) {
	ok = d.Step(envAt(pool, now), &e)
	return e, ok
}

// Three frames of 1,250 bytes at 10 Mbit/s take 1 ms each and arrive 10 ms later.
func TestTimes(t *testing.T) {
	pool := block.NewPool()
	l := &Link{}
	d := &l.Dir[0]
	d.Params = Params{BitsPerSecond: 10_000_000, DelayNs: 10 * ms}
	for range 3 {
		offer(l, pool, 5*ms, 1250)
	}
	for i, want := range []int64{16 * ms, 17 * ms, 18 * ms} {
		if d.Next() != want {
			t.Fatalf("frame %d arrives at %d, want %d", i, d.Next(), want)
		}
		e, ok := arrive(d, pool, want)
		if !ok || e.Start != int64(5+i)*ms || !d.Conserved() {
			t.Fatalf("frame %d: %v %+v", i, ok, e)
		}
		pool.Release(e.Frame)
	}
	if d.Next() != timer.Never {
		t.Error("an empty link wants to be looked at")
	}
}

func TestWireTimeRoundsUp(t *testing.T) {
	d := Direction{Params: Params{BitsPerSecond: 3}}
	if got := d.wireTime(1); got != 2_666_666_667 {
		t.Errorf("one byte at 3 bit/s takes %d ns", got)
	}
}

func TestDropTail(t *testing.T) {
	pool := block.NewPool()
	l := &Link{}
	l.Dir[0].Params = Params{BitsPerSecond: 1_000_000, QueuePackets: 4}
	taken := 0
	for range 10 {
		if offer(l, pool, 0, 125) {
			taken++
		}
	}
	if taken != 5 || l.Dir[0].Counters.Dropped != 5 || !l.Dir[0].Conserved() { // one is on the wire
		t.Errorf("%d taken, %+v", taken, l.Dir[0].Counters)
	}
	if n, _ := pool.Live(); n != 5 {
		t.Errorf("%d blocks held", n)
	}
}

func TestLossIsSeenAtTheEnd(t *testing.T) {
	pool := block.NewPool()
	l := &Link{}
	d := &l.Dir[0]
	d.Params = Params{DelayNs: ms, LossPPM: 300_000}
	for i := range int64(1000) {
		offer(l, pool, i*ms, 100)
	}
	for d.Next() != timer.Never {
		e, _ := arrive(d, pool, d.Next())
		pool.Release(e.Frame)
		if !d.Conserved() {
			t.Fatalf("%+v", d.Counters)
		}
	}
	if c := d.Counters; c.Dropped < 250 || c.Dropped > 350 {
		t.Errorf("%d of 1000 lost, want about 300", c.Dropped)
	}
	if n, _ := pool.Live(); n != 0 {
		t.Errorf("%d blocks left over", n)
	}
}

// A frame on the wire keeps its times; those that wait are sent at the new
// rate, in the old order, and may overtake it.
func TestSetMovesThoseThatWait(t *testing.T) {
	pool := block.NewPool()
	l := &Link{}
	d := &l.Dir[0]
	d.Params = Params{BitsPerSecond: 10_000_000, DelayNs: 10 * ms}
	for range 3 {
		offer(l, pool, 0, 1250)
	}
	env := envAt(pool, ms/2)
	d.Set(env, 0, 0, Params{BitsPerSecond: 100_000_000})
	if moved := len(env.Record.(*book).times); moved != 2 || d.Depth(ms/2) != 2 || d.Depth(ms) != 1 || d.Waits(ms) != 1 {
		t.Fatalf("%d moved, %d wait", moved, d.Waits(ms))
	}
	for i, want := range []int64{ms + ms/10, ms + ms/5, 11 * ms} {
		if e, ok := arrive(d, pool, d.Next()); !ok || e.Arrive != want || !d.Conserved() {
			t.Fatalf("frame %d arrives at %d, want %d", i, e.Arrive, want)
		}
	}
}

// A link without a limit forgets those that waited as well.
func TestWaitingStaysShort(t *testing.T) {
	pool := block.NewPool()
	l := &Link{}
	d := &l.Dir[0]
	d.Params = Params{BitsPerSecond: 1_000_000_000}
	for i := range int64(10_000) {
		for range 3 {
			offer(l, pool, i*ms, 1250)
		}
		for d.Next() != timer.Never {
			e, _ := arrive(d, pool, d.Next())
			pool.Release(e.Frame)
		}
	}
	if d.Waiting.Len() > 2 || len(d.Waiting.Buf) > 4 {
		t.Errorf("%d frames wait, in room for %d", d.Waiting.Len(), len(d.Waiting.Buf))
	}
}
