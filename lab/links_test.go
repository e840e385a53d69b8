package lab

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wirelab/lab/link"
	"wirelab/stack/seeds"
)

// A lower MTU while data flows: the sender's segments shrink with its interface.
func TestMTUChangesWhileDataFlows(t *testing.T) {
	l := newLab(t, twoHosts(0, "sink 7 &"))
	l.mustExec(t, 0, "source 10.0.0.2 7 4000000")
	l.mustSeek(t, second)
	p := l.Links[0].Dir[0].Params
	p.MTU = 600
	for dir := range uint8(2) {
		if err := l.Do(SetLink{Dir: dir, Params: p}); err != nil {
			t.Fatal(err)
		}
	}
	l.mustSeek(t, 30*second)
	if got := l.Host(1).Counters.BytesDelivered; got != 4_000_000 {
		t.Errorf("%d bytes arrived", got)
	}
}

// anyLink draws what a person may set.
func anyLink(r *rand.Rand) link.Params {
	ppm := func() uint32 { return uint32(r.IntN(4)/3) * uint32(r.IntN(50_000)) }
	return link.Params{
		BitsPerSecond: []uint64{0, 1_000_000, 10_000_000, 100_000_000}[r.IntN(4)], DelayNs: int64(r.IntN(20_000_000)),
		QueuePackets: uint32(r.IntN(60)), QueueBytes: uint32(r.IntN(2)) * uint32(3000+r.IntN(60_000)),
		LossPPM: ppm(), LossRun: uint32(r.IntN(3)), DuplicatePPM: ppm(), CorruptPPM: ppm(), ReorderPPM: ppm(), ReorderNs: int64(r.IntN(10_000_000)),
		JitterNs: int64(r.IntN(2)) * int64(r.IntN(5_000_000)), Discipline: link.Discipline(r.IntN(link.Disciplines())), ECN: r.IntN(2) == 0,
		LossEvery: uint32(r.IntN(4)/3) * uint32(20+r.IntN(100)), Gilbert: link.GilbertParams{ToBadPPM: ppm() / 10, ToGoodPPM: 300_000},
		MTU: []uint32{0, 0, 600, 1280, 1500}[r.IntN(5)], Down: r.IntN(8) == 0,
	}
}

// Links are changed in every way while data flows; no frame is lost count of, whatever way leads to an instant
// it looks the same there, and once the link is good again all data arrives.
func TestLinksAreEditedWhileTheLabRuns(t *testing.T) {
	for seed := range seeds.Range(t, 60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 4))
			s := twoHosts(0, "sink 7 &")
			s.Seed = seed
			s.Nodes[0].Sysctls = []Setting{{"net.ipv4.tcp_ecn", "1"}, {"net.ipv4.tcp_mtu_probing", "1"}}
			l := newLab(t, s)
			good := l.Links[0].Dir[0].Params
			l.mustExec(t, 0, "source 10.0.0.2 7 3000000")
			var instants []int64
			var hashes []uint64
			for at := int64(0); at < 6*second; {
				at += int64(r.IntN(second))
				l.mustSeek(t, at)
				instants, hashes = append(instants, at), append(hashes, l.Hash())
				set := SetLink{Dir: uint8(r.IntN(2)), Params: anyLink(r)}
				if at >= 5*second {
					set.Params = good
				}
				if err := l.Do(set); err != nil {
					t.Fatal(err)
				}
				checkCount(t, l)
			}
			for dir := range uint8(2) {
				l.Do(SetLink{Dir: dir, Params: good})
			}
			l.mustSeek(t, 300*second)
			checkCount(t, l)
			if got := l.Host(1).Counters.BytesDelivered; got != 3_000_000 && !strings.Contains(l.Machine(0).Output(), "ETIMEDOUT") {
				t.Errorf("%d of 3000000 bytes arrived:\n%s", got, l.Machine(0).Output())
			}
			end := l.Hash()
			for range 5 {
				k := r.IntN(len(instants))
				if l.mustSeek(t, instants[k]-1); k > 0 {
					l.mustSeek(t, instants[k-1])
				}
				if l.mustSeek(t, instants[k]); l.Inputs == uint64(k)+1 && l.Hash() != hashes[k] {
					t.Errorf("at %d ns the hash is another", instants[k])
				}
			}
			if l.mustSeek(t, 300*second); l.Hash() != end {
				t.Error("the end is another")
			}
		})
	}
}

// checkCount holds each direction to the equation of its counters.
func checkCount(t *testing.T, l *Lab) {
	t.Helper()
	for i := range l.Links {
		for d := range l.Links[i].Dir {
			if k := &l.Links[i].Dir[d]; !k.Conserved() {
				t.Errorf("link %d, direction %d: %+v with %d on their way", i, d, k.Counters, k.OnWay())
			}
		}
	}
}
