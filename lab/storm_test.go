package lab

import (
	"strings"
	"testing"
	"time"

	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// Two switches with two links between them: a broadcast goes round for ever and doubles each time. That meets a limit with
// a sentence, soon enough, and the lab can still be rewound.
func TestBroadcastStorm(t *testing.T) {
	for _, jitter := range []int64{0, 500_000} {
		broadcastStorm(t, jitter)
	}
}

func broadcastStorm(t *testing.T, jitter int64) {
	t.Helper()
	p := link.Params{DelayNs: 1_000_000}
	both := [2]link.Params{p, p}
	s := Scenario{Seed: 1, Nodes: []Node{{Name: "A"}, {Name: "S1", Kind: KindSwitch}, {Name: "S2", Kind: KindSwitch}},
		Links: []Link{{Ends: [2]LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1}}, Params: both}}}
	for i := range int64(3) { // never two frames at one instant
		p.DelayNs, p.JitterNs = 1_000_000+i*70_001, jitter
		s.Links = append(s.Links, Link{Ends: [2]LinkEnd{{Node: 1}, {Node: 2}}, Params: [2]link.Params{p, p}})
	}
	l := newLab(t, s)
	l.mustExec(t, 0, "ping 10.0.0.2")
	began := time.Now()
	err := l.SeekTo(60 * second)
	if err == nil || !strings.Contains(err.Error(), "loop") {
		t.Fatalf("at %d ns: %v", l.Clock, err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
	if _, bytes := l.pool.Live(); bytes > 1<<30 {
		t.Errorf("%d bytes of frames", bytes)
	}
	l.mustSeek(t, 0)
	if err := l.SeekTo(60 * second); err == nil {
		t.Error("the second time the storm went unnoticed")
	}
}

// A loop of routes ends with the packets' time to live.
func TestRoutingLoop(t *testing.T) {
	p := link.Params{DelayNs: 1_000_000}
	both := [2]link.Params{p, p}
	forward := []Setting{{"net.ipv4.ip_forward", "1"}}
	l := newLab(t, Scenario{Seed: 1, Nodes: []Node{{Name: "A", Routes: []RouteSpec{{Via: wire.V4(10, 0, 0, 2)}}},
		{Name: "R1", Sysctls: forward, Routes: []RouteSpec{{Via: wire.V4(10, 0, 1, 2)}}}, {Name: "R2", Sysctls: forward, Routes: []RouteSpec{{Via: wire.V4(10, 0, 1, 1)}}}},
		Links: []Link{{Ends: [2]LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 2), Prefix: 24}}, Params: both},
			{Ends: [2]LinkEnd{{Node: 1, Addr: wire.V4(10, 0, 1, 1), Prefix: 24}, {Node: 2, Addr: wire.V4(10, 0, 1, 2), Prefix: 24}}, Params: both}}})
	l.mustExec(t, 0, "ping 192.0.2.1")
	l.mustSeek(t, 10*second)
	if n := l.Trace.Len(); n > 1000 {
		t.Errorf("%d packets of four that went round", n)
	}
}

// ring returns switches in a ring, and a host at one of them that calls for an address that nobody has.
func ring(t *testing.T, p link.Params) *Lab {
	t.Helper()
	both := [2]link.Params{p, p}
	s := Scenario{Seed: 1, Nodes: []Node{{Name: "A"}, {Name: "S1", Kind: KindSwitch}, {Name: "S2", Kind: KindSwitch}, {Name: "S3", Kind: KindSwitch}},
		Links: []Link{{Ends: [2]LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1}}, Params: both}}}
	for i := range uint32(3) {
		s.Links = append(s.Links, Link{Ends: [2]LinkEnd{{Node: 1 + i}, {Node: 1 + (i+1)%3}}, Params: both})
	}
	l := newLab(t, s)
	l.mustExec(t, 0, "ping 10.0.0.2")
	return l
}

// A loop that takes no virtual time is found however the run is cut into slices, whoever goes on is told again, and taking a link out
// ends it.
func TestLoopThatTakesNoTime(t *testing.T) {
	for _, p := range []link.Params{{}, {DelayNs: 1}} {
		for _, slice := range []uint64{1, 64, 1 << 62} {
			l := ring(t, p)
			var err error
			for done := false; !done && err == nil; {
				done, err = l.Advance(60*second, slice)
			}
			if err == nil || !strings.Contains(err.Error(), "a loop in the network") || l.Clock > 10_000_000 {
				t.Fatalf("slices of %d: at %d ns after %d events: %v", slice, l.Clock, l.Events, err)
			}
			if _, again := l.Advance(60*second, slice); again == nil {
				t.Error("whoever goes on is not told again")
			}
			if done, err := l.AdvanceTo(Position{TimeNs: 60 * second}, slice); done || err == nil {
				t.Error("AdvanceTo does not tell")
			}
			if l.StepEvent() {
				t.Error("StepEvent goes on")
			}
			l.mustDo(t, RemoveLink{Link: 2})
			l.mustSeek(t, 60*second)
		}
	}
}
