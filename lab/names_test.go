package lab

import (
	"strings"
	"testing"
)

// Programs find a host by the name on its card, with the address that it has now, and by the new name once it is renamed; but
// who has a name server asks that. A rewound lab does the same again.
func TestHostsAreFoundByName(t *testing.T) {
	l := newLab(t, twoHosts(0, "echo-server 7 &"))
	l.mustExec(t, 0, "ping -c 1 b")
	l.mustSeek(t, 2*second)
	l.mustDo(t, Rename{Node: 1, Name: "web", Label: "web"})
	l.mustExec(t, 0, "ping -c 1 web")
	l.mustSeek(t, 4*second)
	l.mustExec(t, 0, "ping -c 1 B")
	l.mustSeek(t, 6*second)
	l.mustExec(t, 0, "sysctl -w wirelab.nameserver=10.0.0.2")
	l.mustExec(t, 0, "ping -c 1 web")
	l.mustSeek(t, 30*second)
	var said strings.Builder
	for _, line := range l.Machine(0).Lines {
		said.WriteString(line.Text + "\n")
	}
	for _, want := range []string{"PING b (10.0.0.2)", "PING web (10.0.0.2)", "ping: B: Temporary failure in name resolution", "ping: web: Temporary failure in name resolution"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &said)
		}
	}
	if n := strings.Count(said.String(), " 1 received"); n != 2 {
		t.Errorf("%d pings were answered", n)
	}
	hash := l.Hash()
	l.mustSeek(t, second)
	l.mustSeek(t, 30*second)
	if l.Hash() != hash {
		t.Error("the way to the same instant differs")
	}
}
