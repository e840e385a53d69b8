package lab

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"wirelab/stack/event"
)

// toGoal runs to a goal and says what happened there: the last act, or else the last packet, of that instant.
func (l *Lab) toGoal(t *testing.T, text string) string {
	t.Helper()
	g, err := l.Goal(text)
	if err != nil {
		t.Fatal(err)
	}
	acts, sent, events := l.Log.Acts.Count, l.Crossings, l.Events
	for l.NextEvent() < 500*second && l.StepEvent() {
		if !g.Met(l) {
			acts, sent, events = l.Log.Acts.Count, l.Crossings, l.Events
			continue
		}
		var did []string
		for n := acts; n < l.Log.Acts.Count; n++ {
			a := l.Log.Acts.At(n)
			did = append(did, fmt.Sprintf("%s%s@%d", a.Timer.Key(), a.Call, a.Host))
		}
		if i, ok := l.Trace.TakenIn(l.Events); ok && l.Events > events {
			did = append(did, "got@"+fmt.Sprint(l.Links[l.Trace.At(i).Link].Ends[1-l.Trace.At(i).Dir].Node))
		}
		for i := sent; i < l.Crossings; i++ {
			did = append(did, fmt.Sprintf("sent@%d", l.sender(l.Trace.At(i))))
		}
		return strings.Join(did, " ")
	}
	return "never"
}

// A lab can be run to a timer by its name, to a system call, and to whatever a host or a connection does next; also over what is recorded already.
func TestRunToGoals(t *testing.T) {
	s := twoHosts(0, "echo-server 7 30 &")
	l := newLab(t, s)
	l.mustSeek(t, second)
	l.mustExec(t, 0, "echo-client 10.0.0.2 7")
	l.mustSeek(t, 2*second)
	l.Do(AddRule{Rule: Rule{Filter: "tcp.len > 0", Dir: 1, Nth: 1, Surgery: Surgery{Action: ActDrop}}})
	l.mustExec(t, 0, "hello")
	l.mustSeek(t, 5*second)
	l.mustExec(t, 0, "exit")
	ends := fmt.Sprintf("10.0.0.1:%d > 10.0.0.2:7", l.Host(0).Conns[0].Local.Port)
	for round := range 2 {
		for _, c := range []struct{ text, want string }{
			{"timer program of host B", "program@1 write@1 close@1 sent@1 sent@1"},
			{"timer tlp", "tlp@0 sent@0"},
			{"timer 2msl of host B of connection " + ends, "never"},
			{"timer time-wait of connection " + ends, "2msl@0"},
			{"timer delack of host A", "never"},
			{"call connect", "connect@0 got@0 sent@0"},
			{"call send of host B", "read@1 write@1 got@1 sent@1 sent@1"},
			{"next event of host B", "got@1 sent@1"},
			{"event of host A", "got@0 sent@0"},
			{"next event of connection " + ends, "write@0 sent@0"},
			{"event of host A of connection " + ends, "write@0 sent@0"},
			{"event of host B of connection " + ends, "read@1 write@1 got@1 sent@1 sent@1"},
			{"event of connection 10.0.0.1:1 > 10.0.0.2:2", "never"},
		} {
			l.mustSeek(t, second+1)
			if strings.Contains(c.text, "connection") {
				l.mustSeek(t, second+150_000_000)
			}
			if got := l.toGoal(t, c.text); got != c.want {
				t.Errorf("round %d, at %d: %s: %s, want %s", round, l.Clock, c.text, got, c.want)
			}
		}
	}
	for text, key := range map[string]string{
		"timer rot": "no_timer", "call sned of host A": "no_call", "timer rto of host Z": "no_host", "event of A": "no_place", "event of connection x > y": "no_end",
		"timer of connection 1.2.3.4:5 > 6.7.8.9:10": "no_owner", "thing": "no_goal",
	} {
		var wrong *GoalError
		if _, err := l.Goal(text); !errors.As(err, &wrong) || wrong.Key != key || len(wrong.Known) == 0 {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, want := range map[string]bool{"timer rto": true, "next event of host A": true, "tcp.flags.syn == 1": false, "10s": false, "": false, "event == 3": false} {
		if NamesGoal(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	for _, name := range event.Timers() {
		if event.FindTimer(name).Key() != name {
			t.Errorf("timer %s is not found", name)
		}
	}
}
