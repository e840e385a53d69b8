package lab

import (
	"testing"

	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// ways run a lab to a time: they must agree.
var ways = map[string]func(l *Lab, until int64, end Position) error{
	"Advance":   func(l *Lab, until int64, _ Position) error { return l.SeekTo(until) },
	"AdvanceTo": func(l *Lab, _ int64, end Position) error { _, err := l.AdvanceTo(end, 1<<62); return err },
	"in slices": func(l *Lab, until int64, _ Position) error {
		for {
			if done, err := l.Advance(until, 3); done || err != nil {
				return err
			}
		}
	},
	"StepEvent": func(l *Lab, until int64, _ Position) error {
		for l.NextEvent() <= until && l.StepEvent() {
		}
		return l.SeekTo(until)
	},
}

// recorded returns a lab with entries at places of every kind: between instants, and between the events of one. A switch makes such an
// instant: a broadcast reaches all hosts at once.
func recorded(t *testing.T) *Lab {
	t.Helper()
	s := Scenario{Seed: 1, Nodes: []Node{{Name: "s", Kind: KindSwitch}}}
	for i := range uint32(5) {
		s.Nodes = append(s.Nodes, Node{Name: string(rune('A' + i))})
		s.Links = append(s.Links, Link{Ends: [2]LinkEnd{{Node: 1 + i, Addr: wire.V4(10, 0, 0, byte(1+i)), Prefix: 24}, {}}, Params: [2]link.Params{cable, cable}})
	}
	l := newLab(t, s)
	l.mustExec(t, 1, "ping 10.0.0.2 3")
	l.mustSeek(t, 3*second/2)
	l.mustExec(t, 2, "ping 10.0.0.5 2")
	l.mustExec(t, 2, "ss")
	for l.Position().Order < 3 {
		if !l.StepEvent() {
			t.Fatal("no instant has several events")
		}
	}
	l.mustExec(t, 1, "ss")
	l.mustSeek(t, 9*second)
	return l
}

// The place of an entry is its time and how many events of the same instant come before it. How many came before that instant means
// nothing: another version may have more or fewer.
func TestEntriesKeepTheirPlace(t *testing.T) {
	want := recorded(t)
	if want.Journal[3].At.Order < 3 {
		t.Fatalf("entry 3 stands at %+v", want.Journal[3].At)
	}
	for name, change := range map[string]func(e *Entry){
		"as it was":                func(*Entry) {},
		"more events before it":    func(e *Entry) { e.At.Events += 1000 },
		"fewer events before it":   func(e *Entry) { e.At.Events /= 2 },
		"format 1, as it was":      func(e *Entry) { e.At.Order = 0 },
		"the number of its inputs": func(e *Entry) { e.At.Inputs = 77 },
	} {
		for way, run := range ways {
			l := newLab(t, want.Scenario)
			journal := append([]Entry(nil), want.Journal...)
			for i := range journal {
				change(&journal[i])
			}
			if err := l.Load(journal); err != nil {
				t.Fatal(err)
			}
			if err := run(l, 9*second, want.Position()); err != nil || l.Inputs != 4 || l.Hash() != want.Hash() {
				t.Errorf("%s, %s: %v, %d inputs, %016x and not %016x", name, way, err, l.Inputs, l.Hash(), want.Hash())
			}
			if l.Journal[3].At != want.Journal[3].At {
				t.Errorf("%s, %s: entry 3 stands at %+v and not at %+v", name, way, l.Journal[3].At, want.Journal[3].At)
			}
			if departed := l.Departed() != nil; departed != (name == "more events before it" || name == "fewer events before it") {
				t.Errorf("%s, %s: departed: %+v", name, way, l.Departed())
			}
		}
	}
}

// An entry whose instant has fewer events than come before it is done at its end; so is one of format 1 whose count of events is
// impossible.
func TestAnEntryComesAtTheEndOfItsInstant(t *testing.T) {
	ran := recorded(t)
	at := ran.Journal[3].At
	atEnd := newLab(t, ran.Scenario)
	if err := atEnd.Load(ran.Journal[:3]); err != nil {
		t.Fatal(err)
	}
	atEnd.mustSeek(t, at.TimeNs)
	place := atEnd.Position()
	atEnd.mustExec(t, 1, "ss")
	atEnd.mustSeek(t, 9*second)
	for name, change := range map[string]func(p *Position){
		"order":                         func(p *Position) { p.Order = 1000 },
		"format 1, too many events":     func(p *Position) { p.Order, p.Events = 0, 1<<40 },
		"format 1, too few events":      func(p *Position) { p.Order, p.Events = 0, 1 },
		"only a time":                   func(p *Position) { p.Order, p.Events = 0, 0 },
		"format 1, more than there are": func(p *Position) { p.Order, p.Events = 0, place.Events+1 },
	} {
		for way, run := range ways {
			l := newLab(t, ran.Scenario)
			journal := append([]Entry(nil), ran.Journal...)
			change(&journal[3].At)
			if err := l.Load(journal); err != nil {
				t.Fatal(err)
			}
			if err := run(l, 9*second, atEnd.Position()); err != nil || l.Inputs != 4 || l.Hash() != atEnd.Hash() || l.Journal[3].At != place {
				t.Errorf("%s, %s: %v, %d inputs, entry 3 at %+v and not %+v", name, way, err, l.Inputs, l.Journal[3].At, place)
			}
			if d := l.Departed(); (d == nil) != (name == "only a time") || d != nil && d.Entry != 3 {
				t.Errorf("%s, %s: departed: %+v", name, way, d)
			}
		}
	}
}

// A journal is in the order of its times.
func TestJournalsAreInOrder(t *testing.T) {
	l := newLab(t, twoHosts(0, ""))
	for _, times := range [][2]int64{{2, 1}, {-1, 3}} {
		if err := l.Load([]Entry{{Position{TimeNs: times[0]}, EndInput{}}, {Position{TimeNs: times[1]}, EndInput{}}}); err == nil {
			t.Errorf("entries at %v were taken", times)
		}
	}
}

// AdvanceTo comes to the place that is meant, or to the end of an instant that has fewer events.
func TestAdvanceTo(t *testing.T) {
	want := recorded(t)
	journal := want.Journal
	mid := journal[3].At
	for _, c := range []struct{ to, at Position }{
		{mid, mid},
		{Position{mid.TimeNs, mid.Order, 4, 0}, Position{mid.TimeNs, mid.Order, 4, mid.Events}},
		{Position{mid.TimeNs - 1, 1, 3, 0}, Position{mid.TimeNs - 1, 1, 3, mid.Events - mid.Order + 1}},
		{Position{mid.TimeNs, 0, 3, mid.Events - 1}, Position{mid.TimeNs, mid.Order - 1, 3, mid.Events - 1}},
	} {
		l := newLab(t, want.Scenario)
		if err := l.Load(journal); err != nil {
			t.Fatal(err)
		}
		if done, err := l.AdvanceTo(c.to, 1<<62); err != nil || !done || l.Position() != c.at {
			t.Errorf("to %+v: %v, %v, at %+v, want %+v", c.to, done, err, l.Position(), c.at)
		}
	}
	l := newLab(t, want.Scenario)
	l.mustSeek(t, 5*second)
	if done, err := l.AdvanceTo(mid, 1<<62); done || err == nil {
		t.Errorf("back to %+v: %v, %v", mid, done, err)
	}
}
