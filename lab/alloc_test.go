package lab

import (
	"testing"

	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// streaming is a transfer that has reached its steady state, without checkpoints.
func streaming(t testing.TB, record bool) *Lab {
	p := link.Params{BitsPerSecond: 1_000_000_000, DelayNs: 100_000}
	l, err := New(Scenario{
		Seed: 1, KnowsMAC: true,
		Nodes: []Node{{Name: "A", Routes: []RouteSpec{{Via: wire.V4(10, 0, 0, 254)}}}, {Name: "R", Sysctls: []Setting{{"net.ipv4.ip_forward", "1"}}},
			{Name: "B", Routes: []RouteSpec{{Via: wire.V4(10, 0, 1, 254)}}, Startup: []string{"sink 9 &"}}},
		Links: []Link{{Ends: [2]LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 254), Prefix: 24}}, Params: [2]link.Params{p, p}},
			{Ends: [2]LinkEnd{{Node: 1, Addr: wire.V4(10, 0, 1, 254), Prefix: 24}, {Node: 2, Addr: wire.V4(10, 0, 1, 1), Prefix: 24}}, Params: [2]link.Params{p, p}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.nextMark = 1 << 62
	l.Log.Off, l.Trace.Off = !record, !record
	if err := l.Do(Exec{Line: "source 10.0.1.1 9"}); err != nil {
		t.Fatal(err)
	}
	if err := l.SeekTo(second); err != nil {
		t.Fatal(err)
	}
	return l
}

// The way of a packet takes no memory from the heap; records take theirs in
// large pieces.
func TestPacketsAllocateNothing(t *testing.T) {
	for _, record := range []bool{false, true} {
		l := streaming(t, record)
		got := l.Counts().Bytes
		n := testing.AllocsPerRun(100, func() {
			if err := l.SeekTo(l.Clock + 1_000_000); err != nil {
				t.Fatal(err)
			}
		})
		segments := (l.Counts().Bytes - got) / 101 / 1460
		if segments < 50 || n > 0 && !record || n > 5 {
			t.Errorf("records %v: %v allocations for %d segments", record, n, segments)
		}
	}
}

func benchmarkPackets(b *testing.B, record bool) {
	l := streaming(b, record)
	b.ReportAllocs()
	got := l.Counts().Bytes
	for b.Loop() {
		if err := l.SeekTo(l.Clock + 1_000_000); err != nil {
			b.Fatal(err)
		}
	}
	segments := float64(l.Counts().Bytes-got) / 1460
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/segments, "ns/segment")
}

func BenchmarkPackets(b *testing.B)         { benchmarkPackets(b, false) }
func BenchmarkRecordedPackets(b *testing.B) { benchmarkPackets(b, true) }
