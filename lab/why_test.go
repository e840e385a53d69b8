package lab

import (
	"fmt"
	"strings"
	"testing"

	"wirelab/lab/trace"
	"wirelab/stack/event"
)

// chain writes the steps of Why in short.
func (l *Lab) chain(i uint64) string { return l.inShort(l.Why(i)) }

func (l *Lab) inShort(steps []Because) string {
	var words []string
	for _, b := range steps {
		switch b.Kind {
		case BecausePacket:
			words = append(words, b.Reason.Key())
		case BecauseInput:
			line := ""
			if typed, ok := l.Journal[b.Entry].Input.(Exec); ok {
				line = typed.Line
			}
			words = append(words, fmt.Sprintf("typed %q", line))
		case BecauseCall:
			words = append(words, l.Log.Acts.At(b.Act).Call.String())
		case BecauseTimer:
			words = append(words, "timer "+l.Log.Acts.At(b.Act).Timer.Key())
		default:
			words = append(words, b.Kind.Key())
		}
	}
	return strings.Join(words, " < ")
}

// find returns the first crossing that was sent for a reason.
func (l *Lab) sentFor(t *testing.T, r event.Reason) uint64 {
	t.Helper()
	for i := range l.Trace.Len() {
		if c := l.Trace.At(i); c.Why.Reason == r && (c.Proto == trace.TCP || r == event.EchoReply) {
			return i
		}
	}
	t.Fatalf("nothing was sent for %s", r.Key())
	return 0
}

// Every packet leads back to what somebody typed, by way of packets and timers.
func TestWhy(t *testing.T) {
	s := twoHosts(0, "echo-server 7 &")
	s.KnowsMAC = true
	l := newLab(t, s)
	l.mustSeek(t, second)
	l.mustExec(t, 0, "echo-client 10.0.0.2 7")
	l.mustSeek(t, 2*second)
	l.Do(AddRule{Rule: Rule{Filter: "tcp.len > 0", Dir: 1, Nth: 1, Surgery: Surgery{Action: ActDrop}}})
	l.mustExec(t, 0, "hello")
	l.mustSeek(t, 10*second)
	l.mustExec(t, 0, "exit")
	l.mustSeek(t, 200*second)
	client := `typed "echo-client 10.0.0.2 7"`
	for _, c := range []struct {
		reason event.Reason
		want   string
	}{
		{event.Connect, "connect < connect < " + client},
		{event.SynAck, "syn_ack < arrived < connect < connect < " + client},
		{event.HandshakeAck, "handshake_ack < arrived < syn_ack < arrived < connect < connect < " + client},
		{event.TailLossProbe, `tail_loss_probe < timer tlp < write < typed "hello"`},
		{event.AckFIN, `ack_fin < arrived < close < close < arrived < close < shutdown < typed "exit"`},
	} {
		if got := l.chain(l.sentFor(t, c.reason)); got != c.want {
			t.Errorf("%s: %s, want %s", c.reason.Key(), got, c.want)
		}
	}
	for i := range l.Trace.Len() {
		if why := l.Why(i); why[len(why)-1].Kind != BecauseInput {
			t.Errorf("packet %d: %s", i, l.chain(i))
		}
	}
	for i := range l.Log.Len() {
		if why := l.whyChange(i); len(why) == 0 {
			t.Errorf("change %d has no cause", i)
		}
	}
}

// What a program does of itself leads back to its start.
func TestWhyOfWhatNobodyTyped(t *testing.T) {
	s := twoHosts(0, "sink 7 &")
	s.Nodes[0].Startup, s.KnowsMAC = []string{"ping 10.0.0.2 2"}, true
	l := newLab(t, s)
	l.mustSeek(t, 5*second)
	if got := l.chain(l.sentFor(t, event.EchoReply)); got != "echo_reply < arrived < echo_request < sendto < start" {
		t.Error(got)
	}
	if got := l.chain(2); got != "echo_request < sendto < timer program < sendto < start" {
		t.Error(got)
	}
}

// whyChange is WhyAct for a change of a connection, by its number in the log; it begins with what caused it.
func (l *Lab) whyChange(record int) []Because {
	if n, ok := l.Log.Acts.Of(uint64(record)); ok {
		return l.becauseAct(nil, n)
	}
	c := l.Log.At(record)
	return l.from(nil, c.Cause, c.TimeNs, c.Host)
}
