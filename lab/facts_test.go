package lab

import (
	"strings"
	"testing"

	"wirelab/lab/trace"
	"wirelab/stack/tcp"
)

// until runs until a condition is met, and returns when that was; a negative time if it never is.
func (l *Lab) until(t *testing.T, text string) int64 {
	t.Helper()
	c, err := l.Await(text)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Forget()
	for l.NextEvent() < 100*second && l.StepEvent() {
		if c.Met(l) {
			return l.Clock
		}
	}
	return -1
}

// A lab can be run until a packet is sent, a connection or a host is in some state, or a variable passes a mark.
func TestRunUntil(t *testing.T) {
	for _, c := range []struct {
		text  string
		check func(l *Lab, at int64) bool
	}{
		{"tcp.flags.syn == 1 && tcp.flags.ack == 1", func(l *Lab, _ int64) bool {
			h := l.Trace.At(l.Trace.Len() - 1)
			return h.Proto == trace.TCP && h.Flags == 0x12
		}},
		{`host == "A" && tcb.state == "ESTABLISHED"`, func(l *Lab, _ int64) bool { return l.Host(0).Conns[0].State >= tcp.Established }},
		{`host == "B" && tcb.state == "ESTABLISHED"`, func(l *Lab, _ int64) bool {
			return l.Host(1).Conns[1].State == tcp.Established && l.Host(1).Conns[1].Passive
		}},
		{"tcb.cwnd > 12", func(l *Lab, _ int64) bool { return l.Host(0).Conns[0].Cwnd > 12 }},
		{`host == "B" && lab.time >= 30ms`, func(l *Lab, at int64) bool { return at >= 30_000_000 && at < 50_000_000 }},
		{`wl.host == "B" && tcp.len == 0 && tcp.ack > 20000`, func(l *Lab, _ int64) bool {
			h := l.Trace.At(l.Trace.Len() - 1)
			return h.Dir == 1 && h.Ack-l.Host(0).Conns[0].ISS > 20000
		}},
	} {
		l := newLab(t, twoHosts(0, "sink 7 &"))
		l.mustExec(t, 0, "source 10.0.0.2 7 1000000")
		if at := l.until(t, c.text); at < 0 || !c.check(l, at) {
			t.Errorf("%s: stopped at %d ns", c.text, at)
		}
	}
	l := newLab(t, twoHosts(0, ""))
	for text, says := range map[string]string{"tcp.flagz == 1": "tcp.flagz", "lab.time > 1s": "for ever"} {
		if _, err := l.Await(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Rules know what the lab knows: who sent a packet, and which data it carries.
func TestRulesKnowTheLab(t *testing.T) {
	l := newLab(t, twoHosts(0, "sink 7 &"))
	for _, r := range []Rule{
		{Filter: `wl.host == "A" && tcp.len > 0`, Nth: 2, Surgery: Surgery{Action: ActDrop}}, // the second data segment from A
		{Filter: `tcp.seq == 1 && tcp.len > 0 && wl.xmit == 1`, Surgery: Surgery{Action: ActDelay, Ns: 1}},
	} {
		if err := l.Do(AddRule{Rule: r}); err != nil {
			t.Fatal(err)
		}
	}
	l.mustExec(t, 0, "source 10.0.0.2 7 100000")
	l.mustSeek(t, 10*second)
	if got := l.Host(1).Counters.BytesDelivered; got != 100_000 || l.Rules[0].Hits != 1 || l.Rules[1].Hits != 1 {
		t.Errorf("%d bytes; %+v", got, l.Rules)
	}
	var dropped, data int
	for i := range l.Trace.Len() {
		if c := l.Trace.At(i); c.Dir == 0 && c.Proto == trace.TCP && c.Length > 0 {
			if data++; c.Fate.BeforeWire() {
				dropped = data
			}
		}
	}
	if dropped != 2 {
		t.Errorf("data segment %d was dropped", dropped)
	}
	if err := l.Do(AddRule{Rule: Rule{Filter: "tcp.flagz", Surgery: Surgery{Action: ActDrop}}}); err == nil || !strings.Contains(err.Error(), "tcp.flagz") {
		t.Errorf("a rule that means nothing: %v", err)
	}
}

// The host of a packet is known without a connection, too.
func TestHostOfAnyPacket(t *testing.T) {
	l := newLab(t, twoHosts(0, ""))
	c, err := l.Await(`host == "B" && icmp`)
	if err != nil {
		t.Fatal(err)
	}
	l.mustExec(t, 0, "ping -c 1 10.0.0.2")
	for !c.Met(l) {
		if !l.StepEvent() {
			t.Fatal("B's answer was not seen")
		}
	}
	if x := l.Trace.At(l.Crossings - 1); l.EndsOf(x.Link)[x.Dir] != 1 {
		t.Errorf("met by %+v", x)
	}
}
