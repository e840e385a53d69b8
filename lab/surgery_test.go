package lab

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/stack/seeds"
	"wirelab/stack/wire"
)

// pinging is A pinging B four times, a second apart; the first request is on the wire at 105 ms.
func pinging(t *testing.T) *Lab {
	t.Helper()
	s := twoHosts(0, "")
	s.Nodes[1].Startup = nil
	s.KnowsMAC = true
	l := newLab(t, s)
	l.mustSeek(t, 100_000_000)
	l.mustExec(t, 0, "ping -c 4 10.0.0.2")
	l.mustSeek(t, 105_000_000)
	return l
}

func (l *Lab) on(dir uint8, crossing uint64, s Surgery) error {
	proof, err := l.Proof(crossing)
	if err != nil {
		return err
	}
	return l.Do(Operate{Dir: dir, Packet: crossing, Proof: proof, Surgery: s})
}

// replies returns how many answers ping has printed.
func replies(l *Lab) int { return strings.Count(l.Machine(0).Output(), " bytes from ") }

// What is done to a packet in flight shows in what arrives, and when; and every way to the end leads to the same end.
func TestSurgeryOnAPacketInFlight(t *testing.T) {
	for _, c := range []struct {
		name    string
		s       Surgery
		replies int
		fate    link.Fate
		says    string // on the terminal of A
	}{
		{"drop", Surgery{Action: ActDrop}, 3, link.DroppedByHand, "3 received"},
		{"delay", Surgery{Action: ActDelay, Ns: 300_000_000}, 4, link.Delivered, "icmp_seq=1 ttl=64 time=320 ms"},
		{"duplicate", Surgery{Action: ActDuplicate, Count: 2}, 6, link.Delivered, "4 received, +2 duplicates"},
		{"corrupt", Surgery{Action: ActCorrupt, Bit: 8*40 + 1}, 3, link.Delivered, "3 received"},
		{"edit", Surgery{Action: ActEdit, Field: "ip.ttl", Value: "7"}, 4, link.Delivered, "4 received"},
		{"edit, sums kept", Surgery{Action: ActEdit, Field: "ip.ttl", Value: "7", KeepSums: true}, 3, link.Delivered, "3 received"},
		{"hold", Surgery{Action: ActHold}, 3, link.Delivered, "3 received"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := pinging(t)
			if err := l.on(0, 0, c.s); err != nil {
				t.Fatal(err)
			}
			l.mustSeek(t, 10*second)
			checkCount(t, l)
			if got := replies(l); got != c.replies || l.Trace.At(0).Fate != c.fate || !strings.Contains(l.Machine(0).Output(), c.says) {
				t.Errorf("%d replies, the request was %v:\n%s", got, l.Trace.At(0).Fate.Key(), l.Machine(0).Output())
			}
			if c.s.Action == ActDrop && l.Trace.At(0).Start >= l.Trace.At(0).Arrive {
				t.Errorf("a packet that was taken off the wire is recorded as if it had never left: %+v", l.Trace.At(0))
			}
			end := l.Hash()
			l.mustSeek(t, 103_000_000)
			if l.mustSeek(t, 10*second); l.Hash() != end {
				t.Error("another way leads to another end")
			}
		})
	}
}

// A packet that is held can be released, and then takes the rest of its way; one that is gone cannot be operated on.
func TestHoldAndRelease(t *testing.T) {
	l := pinging(t)
	if err := l.on(0, 0, Surgery{Action: ActHold}); err != nil {
		t.Fatal(err)
	}
	if k := &l.Links[0].Dir[0]; len(k.Held) != 1 || k.Held[0].PPM < 400_000 || k.Held[0].PPM > 600_000 {
		t.Fatalf("%+v", k.Held)
	}
	l.mustSeek(t, 2_500_000_000)
	if err := l.on(0, 0, Surgery{Action: ActRelease}); err != nil {
		t.Fatal(err)
	}
	if err := l.on(0, 0, Surgery{Action: ActRelease}); err == nil || !strings.Contains(err.Error(), "is not held") {
		t.Errorf("released twice: %v", err)
	}
	l.mustSeek(t, 10*second)
	if out := l.Machine(0).Output(); !strings.Contains(out, "icmp_seq=1 ttl=64 time=241") || !strings.Contains(out, "4 received") {
		t.Errorf("%s", out)
	}
	if err := l.on(0, 0, Surgery{Action: ActDrop}); err == nil || !strings.Contains(err.Error(), "packet 1 is not on this link now") {
		t.Errorf("a packet that has arrived was dropped: %v", err)
	}
	checkCount(t, l)
}

// Who has edited a packet can still release it: what is meant is the packet as it is now.
func TestOperateOnWhatWasEdited(t *testing.T) {
	l := pinging(t)
	for _, s := range []Surgery{{Action: ActHold}, {Action: ActEdit, Field: "ip.ttl", Value: "7"}, {Action: ActRelease}} {
		if err := l.on(0, 0, s); err != nil {
			t.Fatal(err)
		}
	}
	l.mustSeek(t, 10*second)
	end := l.Hash()
	l.mustSeek(t, 0)
	if l.mustSeek(t, 10*second); len(l.Missed) > 0 || l.Hash() != end || replies(l) != 4 {
		t.Errorf("%d replies; entries %v met no packet", replies(l), l.Missed)
	}
}

// A rule acts on the packets that it names, and on no others.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		name    string
		r       Rule
		replies int
	}{
		{"every packet from A", Rule{Link: 1, Dir: 1, Surgery: Surgery{Action: ActDrop}}, 0},
		{"the second packet from B", Rule{Dir: 2, Nth: 2, Surgery: Surgery{Action: ActDrop}}, 3},
		{"a delay", Rule{Dir: 1, Nth: 1, Surgery: Surgery{Action: ActDelay, Ns: second / 2}}, 4},
		{"one bit", Rule{Dir: 1, Nth: 3, Surgery: Surgery{Action: ActCorrupt, Bit: 8*40 + 1}}, 3},
		{"an edit", Rule{Dir: 1, Surgery: Surgery{Action: ActEdit, Field: "ip.dst", Value: "10.0.0.9"}}, 0},
		{"another link", Rule{Link: 1, Dir: 1, Nth: 9, Surgery: Surgery{Action: ActDrop}}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := twoHosts(0, "")
			s.Nodes[1].Startup, s.KnowsMAC = nil, true
			l := newLab(t, s)
			if err := l.Do(AddRule{Rule: c.r}); err != nil {
				t.Fatal(err)
			}
			l.mustExec(t, 0, "ping -c 4 10.0.0.2")
			l.mustSeek(t, 10*second)
			checkCount(t, l)
			if got := replies(l); got != c.replies {
				t.Errorf("%d replies, want %d; %+v", got, c.replies, l.Rules[0])
			}
		})
	}
	l := newLab(t, twoHosts(0, ""))
	for _, r := range []Rule{{}, {Surgery: Surgery{Action: ActRelease}}, {Link: 2, Surgery: Surgery{Action: ActDrop}},
		{Surgery: Surgery{Action: ActDuplicate}}, {PPM: 2_000_000, Surgery: Surgery{Action: ActDrop}}} {
		if err := l.Do(AddRule{Rule: r}); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
}

// Half of the packets, by chance: the same half each time.
func TestRuleByChance(t *testing.T) {
	l := newLab(t, twoHosts(0, "sink 7 &"))
	if err := l.Do(AddRule{Rule: Rule{Dir: 1, PPM: 100_000, Surgery: Surgery{Action: ActDrop}}}); err != nil {
		t.Fatal(err)
	}
	l.mustExec(t, 0, "source 10.0.0.2 7 1000000")
	l.mustSeek(t, 60*second)
	r := &l.Rules[0]
	if r.Hits*10 < r.Seen*7/10 || r.Hits*10 > r.Seen*13/10 || l.Host(1).Counters.BytesDelivered != 1_000_000 {
		t.Errorf("%d of %d packets, %d bytes arrived", r.Hits, r.Seen, l.Host(1).Counters.BytesDelivered)
	}
	end := l.Hash()
	l.mustSeek(t, second)
	if l.mustSeek(t, 60*second); l.Hash() != end {
		t.Error("another time others were dropped")
	}
}

// A forged frame is taken for real: B answers an echo request that A never sent.
func TestInject(t *testing.T) {
	l := newLab(t, twoHosts(0, "sink 7 &"))
	l.mustExec(t, 0, "ping 10.0.0.2 1")
	l.mustSeek(t, second)
	var request uint64
	for i := range l.Trace.Len() {
		if c := l.Trace.At(i); c.Proto == trace.ICMP && c.Dir == 0 {
			request = i
		}
	}
	frame, err := l.FrameOf(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := wire.Edit(frame, "icmp.seq", "77", true); err != nil {
		t.Fatal(err)
	}
	n := l.Trace.Len()
	if err := l.Do(Inject{Frame: string(frame)}); err != nil {
		t.Fatal(err)
	}
	l.mustSeek(t, 2*second)
	if got := l.Trace.Len() - n; got != 2 {
		t.Errorf("%d packets followed, want the forged one and the answer", got)
	}
	if c := l.Links[0].Dir[0].Counters; c.Injected != 1 {
		t.Errorf("%+v", c)
	}
	checkCount(t, l)
	if err := l.Do(Inject{Frame: "short"}); err == nil {
		t.Error("a frame of five bytes was taken")
	}
}

// If what came before is another, the packet that was meant is not there: that is noted, and no other is harmed.
func TestSurgeryMeansOnePacket(t *testing.T) {
	l := pinging(t)
	if err := l.on(0, 0, Surgery{Action: ActDrop}); err != nil {
		t.Fatal(err)
	}
	journal := append([]Entry(nil), l.Journal...)
	other := journal[1].Input.(Operate)
	other.Proof++
	journal[1].Input = other
	l = newLab(t, l.Scenario)
	if err := l.Load(journal); err != nil {
		t.Fatal(err)
	}
	l.mustSeek(t, 10*second)
	if len(l.Missed) != 1 || l.Missed[0] != 1 || replies(l) != 4 {
		t.Errorf("missed %v, %d replies", l.Missed, replies(l))
	}
}

// Surgery of all kinds at random while data flows: no frame is lost count of, and every seek finds the same.
func TestSurgeryAtRandom(t *testing.T) {
	for seed := range seeds.Range(t, 60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 5))
			s := twoHosts(uint32(r.IntN(2)*10_000), "sink 7 &")
			s.Seed = seed
			l := newLab(t, s)
			for d := range uint8(2) {
				p := anyLink(r)
				p.Down, p.LossEvery = false, 0
				l.Do(SetLink{Dir: d, Params: p})
			}
			l.mustExec(t, 0, "source 10.0.0.2 7 300000")
			type instant struct {
				at     int64
				inputs uint64
				hash   uint64
			}
			var seen []instant
			for at := int64(0); at < 4*second; {
				at += int64(r.IntN(second / 4))
				l.mustSeek(t, at)
				l.operateSomewhere(r)
				checkCount(t, l)
				seen = append(seen, instant{at, l.Inputs, l.Hash()})
			}
			l.mustSeek(t, 30*second)
			checkCount(t, l)
			end := l.Hash()
			for range 6 {
				k := seen[r.IntN(len(seen))]
				l.mustSeek(t, k.at)
				if l.Inputs == k.inputs && l.Hash() != k.hash {
					t.Errorf("at %d ns the hash is another", k.at)
				}
			}
			if l.mustSeek(t, 30*second); l.Hash() != end || len(l.Missed) > 0 {
				t.Errorf("the end is another, or an entry met no packet: %v", l.Missed)
			}
		})
	}
}

// operateSomewhere does something to a packet that is on its way, or makes a rule.
func (l *Lab) operateSomewhere(r *rand.Rand) {
	s := Surgery{Action: Action(1 + r.IntN(int(nActions)-1)), Ns: int64(r.IntN(second)), Count: uint32(1 + r.IntN(3)), Bit: uint32(r.IntN(700)),
		Field: []string{"ip.ttl", "tcp.seq", "tcp.flags.reset", "tcp.window_size_value"}[r.IntN(4)], Value: fmt.Sprint(r.IntN(2)), KeepSums: r.IntN(2) == 0}
	dir := uint8(r.IntN(2))
	if r.IntN(5) == 0 {
		l.Do(AddRule{Rule: Rule{Dir: dir + 1, Nth: uint64(r.IntN(3)), PPM: 20_000, Surgery: s}})
		return
	}
	var there []uint64
	l.Links[0].Dir[dir].Each(func(e *link.Entry) { there = append(there, e.Crossing) })
	if len(there) > 0 {
		l.Do(Operate{Dir: dir, Packet: there[r.IntN(len(there))], Surgery: s})
	}
}

// What was to become of a frame that waits, a mark or a drop, is forgotten with the future that is cut off.
func TestACutFutureMarksNothing(t *testing.T) {
	s := twoHosts(0, "sink 7 &")
	s.Nodes[0].Sysctls = []Setting{{"net.ipv4.tcp_ecn", "1"}}
	plain := link.Params{BitsPerSecond: 2_000_000, DelayNs: 10_000_000}
	codel := plain
	codel.Discipline, codel.ECN = link.UseCoDel, true
	s.Links[0].Params = [2]link.Params{codel, codel}
	l := newLab(t, s)
	l.mustExec(t, 0, "source 10.0.0.2 7 1000000")
	l.mustSeek(t, 3*second)
	marked := uint64(0)
	for !l.Trace.At(marked).Mark {
		marked++
	}
	l.mustSeek(t, l.Trace.At(marked).Offered)
	if err := l.Do(SetLink{Params: plain}); err != nil {
		t.Fatal(err)
	}
	l.mustSeek(t, 3*second)
	fresh := newLab(t, s)
	if err := fresh.Load(l.Journal); err != nil {
		t.Fatal(err)
	}
	fresh.mustSeek(t, 3*second)
	if d := Compare(l, fresh); !d.Same || l.Hash() != fresh.Hash() {
		t.Errorf("packet %d is recorded as %+v; it is %+v", d.Packet, d.PacketA, d.PacketB)
	}
}
