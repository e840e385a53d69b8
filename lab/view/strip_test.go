package view

import (
	"math/rand/v2"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/ui"
)

// What is kept of the time line's strip is what a new one would draw: as time goes on, after seeks, in other futures and labs.
func TestTheStripIsNeverOld(t *testing.T) {
	m := &Model{Lang: "en"}
	strip := func(d *TimeLine) func(*ui.UI, ui.Rect) { return func(u *ui.UI, r ui.Rect) { d.Draw(u, r, m) } }
	r := rand.New(rand.NewPCG(3, 4))
	m.Look(bulkLab(t, 1, 30_000))
	kept, fresh := newRig(t, 1200, 120, strip(new(TimeLine))), newRig(t, 1200, 120, strip(new(TimeLine)))
	for range 200 {
		switch r.IntN(12) {
		case 0:
			seek(t, m, int64(r.IntN(900))*ms)
		case 1:
			p := link.Params{BitsPerSecond: 8_000_000, DelayNs: int64(5+r.IntN(20)) * ms, QueuePackets: 20, LossPPM: 30_000}
			if err := m.Lab.Do(lab.SetLink{Link: 1, Params: p}); err != nil {
				t.Fatal(err)
			}
		case 2:
			m.Look(bulkLab(t, r.Uint64(), 30_000))
		default:
			seek(t, m, m.Now()+int64(r.IntN(3))*ms)
		}
		kept.frame()
		fresh.body = strip(new(TimeLine))
		fresh.frame()
		if got, want := kept.Stats(), fresh.Stats(); got.Vertices != want.Vertices || got.Triangles != want.Triangles {
			t.Fatalf("at %d ns: %+v, a new one %+v", m.Now(), got, want)
		}
	}
}

// The line goes on as far as another future was seen; a press where only that has something goes to the end of this one.
func TestAPressBeyondThisFuture(t *testing.T) {
	m := openLab(t, "four-way-close", 1200*ms) // the last packet was at 380 ms
	alone := m.lineEnd()
	m.Branches = []Branch{{ForkNs: 100 * ms, TimeNs: 100 * ms, SeenNs: 60_000 * ms}}
	if m.lineEnd() <= alone {
		t.Fatal("the line does not go as far as the other future")
	}
	var d TimeLine
	r := newRig(t, 1200, 140, func(u *ui.UI, r ui.Rect) { d.Draw(u, r, m) })
	strip, ok := r.Find("time/strip")
	if !ok {
		t.Fatal("there is no strip")
	}
	r.in.Outside, r.in.X, r.in.Y = false, strip.Bounds.Right()-40, strip.Bounds.Y+20
	r.frame()
	r.in.Down[ui.Primary] = true
	m.Asks = nil
	r.frame()
	if n := len(m.Asks); n == 0 || m.Asks[n-1].Kind != AskSeek || m.Asks[n-1].TimeNs != max(m.index.line.end().ns, m.Now()) {
		t.Errorf("at %d ns a press asked for %+v", m.Now(), m.Asks)
	}
}

// Times that differ are not written alike.
func TestTimesOnTheStripDiffer(t *testing.T) {
	var k tick
	for _, c := range []struct {
		ns   int64
		want string
	}{{100_000_000, "100 ms"}, {100_254_000, "+254 µs"}, {100_382_000, "+382 µs"}, {101_000_000, "101 ms"}, {2_000_000_000, "2 s"}, {2_000_000_500, "+500 ns"}} {
		if got := k.next(c.ns); got != c.want {
			t.Errorf("%d ns is written %s, want %s", c.ns, got, c.want)
		}
	}
}
