package lab

import (
	"math/rand/v2"
	"testing"
)

// Records stay below their limit however long a lab runs; wherever it is put, what is recorded there is what an unlimited
// recording has, and the state is the same.
func TestRecordsAreBounded(t *testing.T) {
	const limit = 20 << 20
	run := func(bytes uint64) *Lab {
		l := newLab(t, twoHosts(1000, "sink 7 &"))
		l.RecordLimit = bytes
		l.mustExec(t, 0, "source 10.0.0.2 7")
		for at := int64(second); at <= 600*second; at += 10 * second {
			l.mustSeek(t, at)
			if got := l.RecordBytes(); bytes > 0 && got > bytes*5/4 {
				t.Fatalf("at %d s records take %d bytes", at/second, got)
			}
		}
		return l
	}
	whole, bounded := run(0), run(limit)
	if whole.RecordBytes() < 2*limit || bounded.Trace.First() == 0 || bounded.Log.First() == 0 {
		t.Fatalf("the whole recording takes %d bytes; the other begins at %d and %d", whole.RecordBytes(), bounded.Trace.First(), bounded.Log.First())
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 12 {
		at := r.Int64N(590 * second)
		whole.mustSeek(t, at)
		bounded.mustSeek(t, at)
		if whole.Hash() != bounded.Hash() {
			t.Fatalf("at %d ns the states differ", at)
		}
		bounded.mustSeek(t, at+2*second)
		if !bounded.Trace.Has(bounded.Crossings-1) || bounded.Log.Len() < int(bounded.Log.Count) {
			t.Fatalf("at %d ns nothing is recorded: %d to %d of %d", at, bounded.Trace.First(), bounded.Trace.Len(), bounded.Crossings)
		}
		for i := max(bounded.Trace.First(), bounded.Crossings-min(bounded.Crossings, 3000)); i < bounded.Crossings; i++ {
			if a, b := whole.Trace.At(i), bounded.Trace.At(i); !a.Like(b) || a.Why != b.Why {
				t.Fatalf("crossing %d: %+v, want %+v", i, b, a)
			}
		}
		for i := max(bounded.Log.First(), int(bounded.Log.Count)-3000); i < int(bounded.Log.Count); i++ {
			a, b := whole.Log.At(i), bounded.Log.At(i)
			if a.TimeNs != b.TimeNs || a.Cause != b.Cause || a.Mask != b.Mask || a.Reason != b.Reason {
				t.Fatalf("change %d: %+v, want %+v", i, b, a)
			}
		}
		acts := &bounded.Log.Acts
		for i := max(uint64(acts.First()), acts.Count-min(acts.Count, 3000)); i < acts.Count; i++ {
			if a, b := whole.Log.Acts.At(i), acts.At(i); *a != *b {
				t.Fatalf("act %d: %+v, want %+v", i, b, a)
			}
		}
	}
}

// A host that talks only to itself sends nothing over a link: its records are bounded all the same.
func TestRecordsWithoutPacketsAreBounded(t *testing.T) {
	l := newLab(t, twoHosts(0, ""))
	l.RecordLimit = 8 << 20
	l.mustExec(t, 0, "sink 7 &")
	l.mustExec(t, 0, "source 127.0.0.1 7 &")
	for at := int64(1); at <= 5; at++ {
		l.mustSeek(t, at*second/20)
		if got := l.RecordBytes(); got > 13<<20 {
			t.Fatalf("records take %d bytes", got)
		}
	}
	if l.Log.First() == 0 {
		t.Error("nothing was forgotten: the test proves nothing")
	}
}
