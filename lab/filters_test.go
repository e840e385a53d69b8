package lab

import (
	"strings"
	"testing"

	"wirelab/lab/link"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// crossings returns how many SYNs, and how many other frames, were lost and arrived.
func crossings(t *testing.T, l *Lab) (lost, arrived [2]int) {
	for i := range l.Trace.Len() {
		c := l.Trace.At(i)
		other := 1
		if c.Head.Flags&wire.SYN != 0 && c.Head.Window > 0 {
			other = 0
		}
		if c.Fate == link.Lost {
			lost[other]++
		} else {
			arrived[other]++
		}
	}
	return lost, arrived
}

func TestALossFilterLosesWhatMatches(t *testing.T) {
	for _, text := range []string{"tcp.flags.syn == 1", "tcp[tcpflags] & tcp-syn != 0", "tcp.flags.syn == 1 && frame.time_relative < 5s"} {
		s := twoHosts(0, "echo-server 7 &")
		s.Links[0].Params[0].LossFilter = text
		l := newLab(t, s)
		l.mustExec(t, 0, "echo-client 10.0.0.2 7")
		l.mustSeek(t, 10*second)
		lost, arrived := crossings(t, l)
		if lost[0] < 3 || lost[1] != 0 || (arrived[0] > 0) != strings.Contains(text, "time") || arrived[1] == 0 {
			t.Errorf("%s: lost %v, arrived %v (SYNs, others)", text, lost, arrived)
		}
	}
}

// What the lab knows of a packet and its connection counts on a link as it does everywhere.
func TestALossFilterKnowsConnections(t *testing.T) {
	s := twoHosts(0, "sink 7 &")
	s.Links[0].Params[0].LossFilter = `tcp.seq > 20000 && tcp.seq < 24000 && wl.xmit == 1 && wl.host == "A" && tcb.cwnd >= 10`
	l := newLab(t, s)
	l.mustExec(t, 0, "source 10.0.0.2 7 200000")
	l.mustSeek(t, 10*second)
	lost := 0
	for i := range l.Trace.Len() {
		if c := l.Trace.At(i); c.Fate == link.Lost {
			lost++
			if c.Why.Xmit != 1 {
				t.Errorf("packet %d, which was sent again, is lost", i+1)
			}
		}
	}
	if got := l.Host(1).Counters.BytesDelivered; lost < 2 || lost > 3 || got != 200_000 {
		t.Errorf("%d packets were lost, and %d bytes arrived", lost, got)
	}
}

func TestLossFiltersAreChecked(t *testing.T) {
	for text, says := range map[string]string{
		"tcp.flag == 1":     "did you mean tcp.flags?",
		"wl.xmit > 1":       "",
		"tcb.cwnd > 10":     "",
		"wl.link = 7":       "the filter",
		"tcp port 80":       "",
		"lab.time > 2s":     "",
		"tcp.seq_raw == 77": "",
	} {
		s := twoHosts(0, "")
		s.Links[0].Params[1].LossFilter = text
		_, err := New(s)
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// More filters than are kept do not confuse each other, and those kept cost nothing.
func TestFiltersAreKept(t *testing.T) {
	l := newLab(t, twoHosts(0, ""))
	frame := make([]byte, 100)
	for i := range 2 * maxCompiled {
		text := strings.Repeat(" ", i) + "frame.len == 100"
		if i%2 == 1 {
			text = strings.Repeat(" ", i) + "tcp ["
		}
		for range 2 {
			if l.fits(text, port{}, frame, event.Why{}) != (i%2 == 0) {
				t.Fatal(text)
			}
		}
	}
	if n := testing.AllocsPerRun(100, func() { l.fits("frame.len == 100", port{}, frame, event.Why{}) }); n > 0 {
		t.Errorf("%v allocations for a frame", n)
	}
}
