package lab

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirelab/lab/link"
	"wirelab/lab/trace"
)

// disturbed is a lossy transfer whose link is changed while frames wait.
func disturbed(t *testing.T) *Lab {
	return disturbedBy(t, link.Params{LossPPM: 20_000})
}

// everyFault is a link that does to frames whatever a link can do.
var everyFault = link.Params{LossPPM: 10_000, LossRun: 2, DuplicatePPM: 50_000, CorruptPPM: 10_000, ReorderPPM: 50_000, ReorderNs: 4_000_000, JitterNs: 2_000_000}

// disturbedBy is disturbed with the faults of another link.
func disturbedBy(t *testing.T, faults link.Params) *Lab {
	s := twoHosts(0, "sink 9 &")
	s.KnowsMAC = true // ARP has no checksum: a bit changed there ends all talk
	p := s.Links[0].Params[0]
	faults.BitsPerSecond, faults.DelayNs, faults.QueuePackets = p.BitsPerSecond, p.DelayNs, p.QueuePackets
	s.Links[0].Params = [2]link.Params{faults, faults}
	l := newLab(t, s)
	l.interval, l.nextMark = 500, 0
	l.mustExec(t, 0, "source 10.0.0.2 9")
	l.mustSeek(t, 3*second/2)
	p = link.Params{BitsPerSecond: 2_000_000, DelayNs: 30_000_000, QueuePackets: 20}
	if err := l.Do(SetLink{Params: p}); err != nil {
		t.Fatal(err)
	}
	l.mustSeek(t, 4*second)
	return l
}

// The records say of every frame what the links' counters say of all.
func TestRecordsAgreeWithCounters(t *testing.T) {
	recordsAgree(t, disturbed(t))
	l := disturbedBy(t, everyFault)
	if k := &l.Links[0].Dir[0]; k.Counters.Duplicated == 0 || l.Trace.Len() == k.Counters.Offered {
		t.Errorf("%+v: nothing was doubled", k.Counters)
	}
	recordsAgree(t, l)
}

func recordsAgree(t *testing.T, l *Lab) {
	t.Helper()
	for i := range l.Links {
		for d := range l.Links[i].Dir {
			if k := &l.Links[i].Dir[d]; !k.Conserved() {
				t.Errorf("link %d, direction %d: %+v", i, d, k.Counters)
			}
		}
	}
	var got Counts
	for i := range l.Trace.Len() {
		switch c := l.Trace.At(i); {
		case c.Fate == link.Dropped || c.Fate == link.Lost && c.Arrive <= l.Clock:
			got.Dropped++
		case c.Fate == link.Delivered && c.Arrive <= l.Clock:
			got.Delivered++
		}
	}
	got.Sent, got.Bytes = l.Trace.Len(), l.Counts().Bytes
	if diff := cmp.Diff(l.Counts(), got); diff != "" || got.Dropped == 0 {
		t.Errorf("counters (-) against records (+):\n%s", diff)
	}
}

// A lab that took another turn has the records of one that never had the old future.
func TestRecordsAfterATurn(t *testing.T) {
	l := disturbed(t)
	l.mustSeek(t, second)
	l.mustExec(t, 1, "ping 10.0.0.1 2")
	l.mustSeek(t, 2*second)
	fresh := newLab(t, l.Scenario)
	if err := fresh.Load(l.Journal); err != nil {
		t.Fatal(err)
	}
	fresh.mustSeek(t, 2*second)
	if l.Trace.Len() != fresh.Trace.Len() {
		t.Fatalf("%d records, want %d", l.Trace.Len(), fresh.Trace.Len())
	}
	for i := range l.Trace.Len() {
		if diff := cmp.Diff(fresh.Trace.At(i), l.Trace.At(i)); diff != "" {
			t.Fatalf("record %d:\n%s", i, diff)
		}
	}
}

// Every record can be followed to its frame, and to the event that took it in.
func TestFrameOfARecord(t *testing.T) {
	for _, faults := range []link.Params{{LossPPM: 20_000}, everyFault} {
		framesOfRecords(t, disturbedBy(t, faults))
	}
}

func framesOfRecords(t *testing.T, l *Lab) {
	l.mustSeek(t, 2*second)
	held, _ := l.pool.Live()
	for i := uint64(0); i < l.Trace.Len(); i += 97 {
		frame, err := l.FrameOf(i)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(trace.Summarize(frame), l.Trace.Summary(i), cmp.Transformer("", func(b []byte) string { return string(b) })); diff != "" {
			t.Fatalf("frame (-) and record (+) of packet %d:\n%s", i, diff)
		}
	}
	if now, _ := l.pool.Live(); now != held {
		t.Errorf("%d blocks held before looking, %d after", held, now)
	}
	taken := 0
	for n := range l.Events + 1 {
		if i, ok := l.Trace.TakenIn(n); ok {
			taken++
			if c := l.Trace.At(i); c.Fate != link.Delivered || c.Arrive > l.Trace.At(l.Trace.Len()-1).Arrive {
				t.Fatalf("event %d took in packet %d, which was never delivered", n, i)
			}
		}
	}
	if uint64(taken) != l.Counts().Delivered {
		t.Errorf("%d events took a frame in, %d frames were delivered", taken, l.Counts().Delivered)
	}
	sent := uint64(0)
	if err := l.Frames(l.Clock, func(int64, []byte) { sent++ }); err != nil || sent != l.Links[0].Dir[0].Counters.Offered+l.Links[0].Dir[1].Counters.Offered {
		t.Errorf("%d frames are what hosts sent (%v); copies are not", sent, err)
	}
	if _, err := l.FrameOf(1 << 40); err == nil {
		t.Error("a frame that was never sent was found")
	}
}
