package lab

import (
	"math/rand/v2"
	"slices"
	"testing"

	"wirelab/stack/event"
	"wirelab/stack/seeds"
)

// acts returns a copy of all that is recorded.
func (l *Lab) acts() (list []event.Act) {
	for n := range uint64(l.Log.Acts.Len()) {
		list = append(list, *l.Log.Acts.At(n))
	}
	return list
}

// busy is a lab with losses, a slow reader, keep-alives, ARP, pings and a program that sleeps.
func busy(t *testing.T) *Lab {
	s := twoHosts(50_000, "sink 7 100 20 &")
	s.Nodes[0].Startup = []string{"ping -c 50 10.0.0.2 &", "source 10.0.0.2 7 60000 &"}
	return newLab(t, s)
}

// Replay after a seek records nothing again, and what is recorded behind a seek, in another future too, is what a lab
// records that was never sought.
func TestActsAreTheSameAfterSeeks(t *testing.T) {
	straight, sought := busy(t), busy(t)
	sought.CheckpointEvery(50)
	straight.mustSeek(t, 40*second)
	want := straight.acts()
	if len(want) < 200 {
		t.Fatalf("only %d acts", len(want))
	}
	r := rand.New(rand.NewPCG(seeds.First(t), 2))
	for range 30 {
		sought.mustSeek(t, r.Int64N(40*second))
	}
	sought.mustSeek(t, 40*second)
	if got := sought.acts(); !slices.Equal(got, want) {
		t.Fatalf("%d acts, want %d", len(got), len(want))
	}
	for _, l := range []*Lab{straight, sought} {
		l.mustSeek(t, 17*second+12345)
		l.mustExec(t, 1, "ping -c 2 10.0.0.1")
		l.mustSeek(t, 30*second)
	}
	fresh := busy(t)
	fresh.mustSeek(t, 17*second+12345)
	fresh.mustExec(t, 1, "ping -c 2 10.0.0.1")
	fresh.mustSeek(t, 30*second)
	if want := fresh.acts(); !slices.Equal(straight.acts(), want) || !slices.Equal(sought.acts(), want) {
		t.Error("another future has other acts after seeks")
	}
}

// Every packet that a host sends of itself, every timer and every system call leads back to an input or the start.
func TestEverythingHasACause(t *testing.T) {
	l := busy(t)
	l.mustSeek(t, 20*second)
	ends := func(what string, n uint64, steps []Because) {
		if last := steps[len(steps)-1].Kind; last != BecauseStart && last != BecauseInput {
			t.Errorf("%s %d: %s", what, n, l.inShort(steps))
		}
	}
	for i := range l.Trace.Len() {
		ends("packet", i, l.Why(i))
	}
	for n := range uint64(l.Log.Acts.Len()) {
		ends("act", n, l.WhyAct(n))
	}
	for i := range l.Log.Len() {
		if l.Log.At(i).TimeNs > 0 {
			ends("change", uint64(i), l.whyChange(i))
		}
	}
}

// A timer that ran out leads back to what set it, a system call to what let its program run.
func TestWhyActs(t *testing.T) {
	s := twoHosts(0, "echo-server 7 30 &")
	l := newLab(t, s)
	l.mustSeek(t, second)
	l.mustExec(t, 0, "echo-client 10.0.0.2 7")
	l.mustSeek(t, 2*second)
	l.mustExec(t, 0, "hello")
	l.mustSeek(t, 3*second)
	l.mustExec(t, 0, "exit")
	l.mustSeek(t, 200*second)
	first := func(is func(*event.Act) bool) string {
		for n := range uint64(l.Log.Acts.Len()) {
			if is(l.Log.Acts.At(n)) {
				return l.inShort(l.WhyAct(n))
			}
		}
		return "none"
	}
	call := func(c event.Call, host uint32) func(*event.Act) bool {
		return func(a *event.Act) bool { return a.Call == c && a.Host == host }
	}
	const typed = `typed "echo-client 10.0.0.2 7"`
	for _, c := range []struct {
		name string
		is   func(*event.Act) bool
		want string
	}{
		{"listen", call(event.CallListen, 1), "listen < start"},
		{"connect", call(event.CallConnect, 0), "connect < " + typed},
		{"accept", call(event.CallAccept, 1), "accept < arrived < handshake_ack < arrived < syn_ack < arrived < connect < connect < " + typed},
		{"read", call(event.CallRead, 1), `read < arrived < app_write < write < typed "hello"`},
		{"write", call(event.CallWrite, 1), `write < arrived < app_write < write < typed "hello"`},
		{"2msl", func(a *event.Act) bool { return a.Timer == event.TimerWait }, `timer 2msl < arrived < close < close < timer program < read < arrived < close < shutdown < typed "exit"`},
	} {
		if got := first(c.is); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// A call that blocks has come to nothing yet: it comes back later, and then it has a result.
func TestACallThatBlocksHasNoResultYet(t *testing.T) {
	l := busy(t)
	l.mustSeek(t, second)
	var connects []string
	for _, a := range l.acts() {
		if a.Call == event.CallConnect && a.Conn != 0 {
			connects = append(connects, CallText(&a))
		}
	}
	want := []string{"connect(4, 10.0.0.2:7)", "connect(4, 10.0.0.2:7) = 0"}
	if !slices.Equal(connects, want) {
		t.Errorf("the calls are %q, want %q", connects, want)
	}
}

func TestInstantText(t *testing.T) {
	for ns, want := range map[int64]string{0: "0 s", 999: "0 s", 50_000: "0.05 ms", 100_000_000: "100 ms", 350_052_800: "350.052 ms", 1_100_000_000: "1.1 s", 3_091_476_160: "3.091476 s", 60_380_161_600: "60.380161 s"} {
		if got := InstantText(ns); got != want {
			t.Errorf("%d ns are %q, want %q", ns, got, want)
		}
	}
}
