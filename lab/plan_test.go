package lab

import (
	"strings"
	"testing"

	"wirelab/lab/link"
	"wirelab/stack/wire"
)

func end(node uint32, addr wire.Addr) LinkEnd {
	e := LinkEnd{Node: node, Addr: addr}
	if !addr.IsZero() {
		e.Prefix = 24
	}
	return e
}

func (l *Lab) mustDo(t *testing.T, in Input) {
	t.Helper()
	if err := l.Do(in); err != nil {
		t.Fatal(err)
	}
}

var cable = link.Params{BitsPerSecond: 10_000_000, DelayNs: 1_000_000, QueuePackets: 100}

// plugged is a link between a and b, which bring their addresses.
func plugged(a, b LinkEnd) Input {
	return AddLink{Ends: [2]LinkEnd{a, b}, Params: [2]link.Params{cable, cable}}
}

func (l *Lab) shows(t *testing.T, host uint32, want string) {
	t.Helper()
	if out := l.Machine(host).Output(); !strings.Contains(out, want) {
		t.Errorf("%s does not show %q:\n%s", l.Node(host).Name, want, out)
	}
}

// A lab that begins empty is built by hand while time goes on, and comes to the same states again whichever way one goes back.
func TestBuiltWhileTimeGoesOn(t *testing.T) {
	l := newLab(t, Scenario{Seed: 5})
	type instant struct {
		at   int64
		hash uint64
	}
	var instants []instant
	at := int64(0)
	next := func(ns int64) {
		at += ns
		l.mustSeek(t, at)
		instants = append(instants, instant{at, l.Hash()})
		at++ // what is done next is done later
		l.mustSeek(t, at)
	}
	a, b, c := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 2), wire.V4(10, 0, 0, 3)
	for _, name := range []string{"a", "b"} {
		l.mustDo(t, AddNode{Name: name})
	}
	l.mustDo(t, AddNode{Name: "s", Kind: KindSwitch})
	l.mustDo(t, plugged(end(0, a), end(2, wire.Addr{})))
	l.mustDo(t, plugged(end(2, wire.Addr{}), end(1, b)))
	next(second / 2)
	l.mustExec(t, 1, "sink 9 &")
	l.mustExec(t, 0, "ping -c 1 10.0.0.2")
	next(second)
	l.shows(t, 0, "1 received")

	l.mustDo(t, AddNode{Name: "c"})
	l.mustDo(t, plugged(end(3, c), end(2, wire.Addr{})))
	l.mustExec(t, 3, "source 10.0.0.2 9 20000000 &")
	next(second)
	l.mustDo(t, RemoveLink{Link: 1}) // while data flows
	for d := range l.Links[1].Dir {
		if k := &l.Links[1].Dir[d]; k.OnWay()+len(k.Held) > 0 || !k.Conserved() {
			t.Errorf("direction %d of the cable that was pulled holds frames or lost count: %+v", d, k.Counters)
		}
	}
	got := l.Host(1).Counters.BytesDelivered
	next(second)
	if l.Host(1).Counters.BytesDelivered != got {
		t.Error("data gets through where no cable is")
	}
	l.mustDo(t, plugged(end(1, wire.Addr{}), end(2, wire.Addr{}))) // into the same port: the address is there again
	next(30 * second)
	if l.Host(1).Counters.BytesDelivered == got || len(l.Host(1).Ifaces) != 1 {
		t.Errorf("data does not go on; b has %d interfaces", len(l.Host(1).Ifaces))
	}
	l.mustDo(t, SetAddress{Node: 0, End: end(0, wire.V4(10, 0, 0, 9))})
	l.mustDo(t, RemoveNode{Node: 3})
	if !l.Gone(3) || !l.Cut(2) || l.Host(3) != nil {
		t.Error("a node that was taken out is still there")
	}
	l.mustExec(t, 0, "ping -c 1 -W 1 10.0.0.3")
	next(3 * second)
	l.shows(t, 0, "0 received")
	l.mustDo(t, Rename{Node: 0, Name: "alice", Label: "Alice"})
	next(second)

	for _, k := range []int{2, 6, 0, 5, 1, 4, 3, 6, 1, 0, 2} {
		in := instants[min(k, len(instants)-1)]
		l.mustSeek(t, in.at)
		if l.Hash() != in.hash {
			t.Errorf("at %d ns the state is another than before", in.at)
		}
	}
	l.mustSeek(t, second/4) // before c came
	if l.Nodes() != 3 || l.Ever() != 4 || !l.Gone(3) {
		t.Errorf("there are %d nodes of %d", l.Nodes(), l.Ever())
	}
	again := newLab(t, l.Scenario)
	if err := again.Load(l.Journal); err != nil {
		t.Fatal(err)
	}
	for _, in := range instants {
		again.mustSeek(t, in.at)
		if again.Hash() != in.hash {
			t.Errorf("replayed, the state at %d ns is another", in.at)
		}
	}
	if err := again.Turn(again.Journal[:2]); err != nil { // a branch in which only two hosts were added
		t.Fatal(err)
	}
	again.mustSeek(t, at)
	if again.Nodes() != 2 || again.Ever() != 2 {
		t.Errorf("the other branch has %d nodes of %d", again.Nodes(), again.Ever())
	}
}

func TestChangesOfTheNetworkThatMakeNoSense(t *testing.T) {
	l := newLab(t, twoHosts(0, ""))
	l.mustDo(t, AddNode{Name: "s", Kind: KindSwitch})
	l.mustDo(t, AddNode{Name: "old"})
	l.mustDo(t, RemoveNode{Node: 3})
	for _, c := range []struct {
		e    Input
		want string
	}{
		{AddNode{}, "1 to 63 bytes"},
		{AddNode{Name: "s"}, "another node called s"},
		{AddNode{Name: "old"}, "another node called old"},
		{AddNode{Name: "two words"}, "no blanks"},
		{AddNode{Name: "a\u202eb"}, "cannot be seen"},
		{AddNode{Name: "*"}, "something else"},
		{AddNode{Name: "x", Kind: 7}, "no kind 7"},
		{plugged(end(0, wire.Addr{}), end(0, wire.Addr{})), "to itself"},
		{plugged(end(0, wire.Addr{}), end(3, wire.Addr{})), "old was taken out"},
		{plugged(end(0, wire.Addr{}), end(9, wire.Addr{})), "no node number 9"},
		{RemoveNode{Node: 3}, "old was taken out"},
		{RemoveLink{Link: 5}, "no link number 5"},
		{Exec{Node: 3, Line: "ls"}, "old was taken out"},
		{Exec{Node: 2, Line: "ls"}, "s is no host"},
		{Rename{Node: 2, Name: "B"}, "another node called B"},
		{SetAddress{Node: 0, Iface: 4, End: end(0, wire.V4(10, 0, 0, 7))}, "no interface number 4"},
	} {
		if err := l.Do(c.e); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.e, err, c.want)
		}
	}
}
