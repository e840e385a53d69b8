package lab

import (
	"strings"
	"testing"
)

// An entry is done at its own position or not at all: a journal that does not
// fit is reported, whichever way one runs.
func TestJournalThatDoesNotFit(t *testing.T) {
	session := newLab(t, twoHosts(0, "echo-server 7 &"))
	session.mustExec(t, 0, "ping 10.0.0.2 3")
	session.mustSeek(t, 3*second/2)
	session.mustExec(t, 1, "ping 10.0.0.1 2")
	session.mustSeek(t, 9*second)
	end := session.Position()
	good := session.Journal[1].At
	for name, at := range map[string]Position{
		"as it was":                             good,
		"fewer events than there were":          {good.TimeNs, good.Events - 3, 1},
		"more events than there ever are":       {good.TimeNs, 1 << 40, 1},
		"more events than there are until then": {good.TimeNs, good.Events + 2, 1},
		"before its events":                     {good.TimeNs - second, good.Events, 1},
		"behind the next event":                 {good.TimeNs + 2*second, good.Events, 1},
	} {
		for way, run := range map[string]func(*Lab) error{
			"Advance":   func(l *Lab) error { return l.SeekTo(9 * second) },
			"AdvanceTo": func(l *Lab) error { _, err := l.AdvanceTo(end, 1<<62); return err },
			"StepEvent": func(l *Lab) error {
				for l.NextEvent() <= 9*second && l.StepEvent() {
				}
				_, err := l.Advance(9*second, 1<<62)
				return err
			},
		} {
			l := newLab(t, session.Scenario)
			journal := []Entry{session.Journal[0], session.Journal[1]}
			journal[1].At = at
			if err := l.Load(journal); err != nil {
				t.Fatal(err)
			}
			err := run(l)
			if at == good {
				if err != nil || l.Inputs != 2 || l.Hash() != session.Hash() {
					t.Errorf("%s, %s: %v after %d inputs", name, way, err, l.Inputs)
				}
				continue
			}
			if err == nil || !strings.Contains(err.Error(), "recorded by another version") || l.Inputs != 1 {
				t.Errorf("%s, %s: %v after %d inputs", name, way, err, l.Inputs)
			}
			if err := l.Do(Entry{Kind: EntryExec, Node: 1, Text: "ping 10.0.0.1 1"}); err != nil || l.SeekTo(20*second) != nil {
				t.Errorf("%s, %s: the lab cannot go another way: %v", name, way, err)
			}
		}
	}
}

// A position that a lab never has is no place to go to.
func TestPositionThatIsNotThere(t *testing.T) {
	session := newLab(t, twoHosts(0, "echo-server 7 &"))
	session.mustExec(t, 0, "ping 10.0.0.2 3")
	session.mustSeek(t, 3*second/2)
	p := session.Position()
	for _, at := range []Position{{p.TimeNs, p.Events + 1, 1}, {p.TimeNs, p.Events, 2}, {p.TimeNs, p.Events - 1, 1}, {p.TimeNs + 2*second, p.Events, 1}, p} {
		l := newLab(t, session.Scenario)
		if err := l.Load(session.Journal); err != nil {
			t.Fatal(err)
		}
		if done, err := l.AdvanceTo(at, 1<<62); (err == nil) != (at == p) || done != (at == p) {
			t.Errorf("%+v: %v, %v", at, done, err)
		}
	}
}
