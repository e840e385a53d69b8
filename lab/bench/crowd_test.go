package bench

import (
	"fmt"
	"testing"

	"wirelab/lab"
	"wirelab/stack/tcp"
)

// One lab holds a thousand hosts and ten thousand connections, and comes to the same state again after a seek.
func TestThousandHostsTenThousandConnections(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	const hosts, each = 1000, 10
	p, err := scale(options{Hosts: hosts, CC: "cubic"})
	if err != nil {
		t.Fatal(err)
	}
	s := p.scenario
	to := cycle(hosts)
	first := len(s.Nodes) - hosts
	for i := range hosts {
		n := &s.Nodes[first+i]
		n.Startup = append(n.Startup, "hold 81 &", fmt.Sprintf("crowd %v 81 %d &", scaleHost(to[i], maxSwitches), each))
	}
	l, err := lab.New(s)
	if err != nil {
		t.Fatal(err)
	}
	established := func() (n int) {
		for id := range l.Present {
			h := l.Host(id)
			for i := 0; h != nil && i < len(h.Conns); i++ {
				if h.Conns[i].State == tcp.Established {
					n++
				}
			}
		}
		return n
	}
	const until = 60 * second
	if err := l.SeekTo(until); err != nil {
		t.Fatal(err)
	}
	hash := l.Hash()
	if got := established(); got != 2*hosts*each {
		t.Fatalf("%d ends of connections are established, want %d", got, 2*hosts*each)
	}
	for _, at := range []int64{second, until} {
		if err := l.SeekTo(at); err != nil {
			t.Fatal(err)
		}
	}
	if l.Hash() != hash {
		t.Error("after a seek the state is another")
	}
}
