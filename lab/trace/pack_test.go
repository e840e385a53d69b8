package trace

import (
	"math/rand/v2"
	"testing"

	"wirelab/lab/link"
	"wirelab/stack/event"
	"wirelab/stack/seeds"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// anyCrossings draws a chunk: most look like a bulk transfer, some like anything.
func anyCrossings(r *rand.Rand, n int) []Crossing {
	all := make([]Crossing, n)
	now, event64 := int64(0), uint64(0)
	for i := range all {
		c := &all[i]
		now += int64(r.IntN(200_000))
		event64 += uint64(r.IntN(3))
		*c = Crossing{Offered: now, Start: now, Arrive: now + 10_000_000, Bytes: 1514, Link: uint32(r.IntN(3)), Dir: uint8(i & 1)}
		c.Why = event.Why{Cause: event.Cause{Event: event64, Index: uint32(r.IntN(3))}, Reason: event.AckArrived, Xmit: 1}
		c.Head = Head{Src: tcp.Endpoint{Addr: wire.V4(10, 0, 0, 1), Port: 40000}, Dst: tcp.Endpoint{Addr: wire.V4(10, 0, 0, 2), Port: 80}, Seq: uint32(i) * 1460, Ack: 1, Window: 501, Length: 1460, Proto: TCP, Flags: 16}
		if i&1 == 1 {
			c.Src, c.Dst, c.Length, c.Bytes = c.Dst, c.Src, 0, 66
		}
		if r.IntN(50) == 0 {
			c.Start, c.Arrive, c.Fate, c.Flip, c.Mark = timer.Never, timer.Never, link.Fate(r.IntN(link.Fates())), r.Uint32(), true
			c.Seq, c.Ack, c.Window, c.Code, c.Why.Copy = r.Uint32(), r.Uint32(), uint16(r.Uint32()), uint8(r.Uint32()), 3
		}
	}
	return all
}

func TestPackingKeepsEverything(t *testing.T) {
	for seed := range seeds.Range(t, 50) {
		all := anyCrossings(rand.New(rand.NewPCG(seed, 0)), 1024)
		packed := newPacker().pack(nil, all)
		got := make([]Crossing, len(all))
		newPacker().unpack(got, packed)
		for i := range all {
			if got[i] != all[i] {
				t.Fatalf("seed %d: crossing %d became %+v, was %+v", seed, i, got[i], all[i])
			}
		}
		if per := len(packed) / len(all); per > 24 {
			t.Errorf("%d bytes a crossing", per)
		}
	}
}

func BenchmarkPack(b *testing.B) {
	all := anyCrossings(rand.New(rand.NewPCG(1, 0)), 1024)
	var packed []byte
	p := newPacker()
	b.ReportAllocs()
	for b.Loop() {
		packed = p.pack(packed[:0], all)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/record")
	b.ReportMetric(float64(len(packed))/1024, "bytes/record")
}

func BenchmarkUnpack(b *testing.B) {
	all := anyCrossings(rand.New(rand.NewPCG(1, 0)), 1024)
	packed := newPacker().pack(nil, all)
	for b.Loop() {
		newPacker().unpack(all, packed)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/record")
}
