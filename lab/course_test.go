package lab

import "testing"

// A course finds facts in their order, in slices or at once, behind the lab or ahead of it, and knows when it must begin again.
func TestCourse(t *testing.T) {
	facts := []string{"tcp.flags.syn == 1 && tcp.flags.ack == 0", "tcb.state == ESTABLISHED", "tcp.flags.fin == 1", "tcb.state == TIME_WAIT"}
	build := func() *Lab {
		l := newLab(t, twoHosts(20_000, "sink 7 &"))
		l.mustExec(t, 0, "source 10.0.0.2 7 300000")
		fresh := newLab(t, l.Scenario)
		if err := fresh.Load(l.Journal); err != nil {
			t.Fatal(err)
		}
		return fresh
	}
	follow := func(l *Lab) *Course {
		c, err := l.Follow(facts)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	l := build()
	ahead := follow(l)
	for !ahead.Step(7, true) {
	}
	if len(ahead.Met) != len(facts) || l.Clock != 0 {
		t.Fatalf("looked ahead from %d ns: found %v", l.Clock, ahead.Met)
	}
	behind := follow(l)
	for behind.Step(1000, false); len(behind.Met) < len(facts); behind.Step(1000, false) {
		n := len(behind.Met)
		if l.Position().Before(ahead.Met[n]) {
			if !l.StepEvent() {
				t.Fatal("nothing happens any more")
			}
		} else if behind.Met[n-1] != ahead.Met[n-1] {
			t.Fatalf("fact %d: found at %v, and ahead at %v", n, behind.Met[n-1], ahead.Met[n-1])
		}
	}
	for i, fact := range facts {
		other := build()
		c, err := other.Await(fact)
		if err != nil {
			t.Fatal(err)
		}
		for i > 0 && other.Position().Before(ahead.Met[i-1]) {
			other.StepEvent()
			c.Met(other)
		}
		for !c.Met(other) {
			if !other.StepEvent() {
				t.Fatalf("%s is never met", fact)
			}
		}
		if at := other.Position(); at != ahead.Met[i] {
			t.Errorf("%s: run until it is met: %v, followed: %v", fact, at, ahead.Met[i])
		}
	}
	if behind.Stale() {
		t.Error("nothing was done, and the course is stale")
	}
	if err := l.Do(Exec{Line: "ping -c 1 10.0.0.2"}); err != nil || !behind.Stale() {
		t.Errorf("something was done (%v), and the course is as before", err)
	}
	for _, c := range []*Course{ahead, behind} {
		c.Close()
	}
	if _, err := l.Follow([]string{"tcb.state =="}); err == nil {
		t.Error("a fact that is none was taken")
	}
}
