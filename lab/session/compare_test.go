package session

import (
	"testing"
	"time"

	"wirelab/lab"
)

// A branch in which the second packet was dropped parts from the other there, and repeats more.
func TestCompareBranches(t *testing.T) {
	s := New()
	work := func() {
		t.Helper()
		for s.Busy() {
			s.Work(time.Second)
		}
		if err := s.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	s.SeekNs(10e9)
	work()
	if _, err := s.Compare(0); err == nil {
		t.Error("there is no branch yet")
	}
	s.SeekNs(50e6)
	work()
	if err := s.Change(lab.AddRule{Rule: lab.Rule{Filter: "tcp.len > 0", Nth: 1, Surgery: lab.Surgery{Action: lab.ActDrop}}}); err != nil {
		t.Fatal(err)
	}
	work()
	s.SeekNs(10e9)
	work()
	if err := s.NameBranch(0, "as it was"); err != nil || s.Branches()[0].Name != "as it was" {
		t.Fatal(err)
	}
	d, err := s.Compare(0)
	if err != nil {
		t.Fatal(err)
	}
	retransmitted := func(flows []lab.Flow) (n uint64) {
		for _, f := range flows {
			n += f.Retransmissions
		}
		return n
	}
	if d.Same || d.Entry != 0 || d.PacketA == nil || !d.PacketA.Fate.BeforeWire() || d.PacketB.Fate.BeforeWire() {
		t.Errorf("%+v", d)
	}
	if len(d.A) < 2 || len(d.A) > len(d.B) || retransmitted(d.A) <= retransmitted(d.B) {
		t.Errorf("%+v and %+v", d.A, d.B)
	}
}
