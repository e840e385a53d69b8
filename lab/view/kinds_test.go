package view

import "testing"

// What a host that joins a network sends is called by its name, not only by the protocol that carries it.
func TestDatagramsAreCalledByTheirProtocol(t *testing.T) {
	m := openLab(t, "home-network", 0)
	seek(t, m, 3100*ms)
	count := map[string]int{}
	for row := range m.Packets() {
		c := m.Lab.Trace.At(m.PacketAt(row))
		count[Letters(&c.Head)]++
	}
	for letters, want := range map[string]int{"DHCP": 8, "DNS ?": 2, "DNS !": 2, "UDP": 0} { // DNS once on each side of the NAT
		if count[letters] != want {
			t.Errorf("%d packets are called %s, want %d: %v", count[letters], letters, want, count)
		}
	}
	for _, c := range []struct {
		from, to uint16
		want     string
	}{{53, 40000, "DNS !"}, {40000, 53, "DNS ?"}, {53, 53, "DNS ?"}, {68, 67, "DHCP"}, {67, 68, "DHCP"}, {67, 40000, "UDP"}, {7, 9, "UDP"}} {
		if got := datagramWords(c.from, c.to); got != c.want {
			t.Errorf("from port %d to %d: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}
