package view

import "testing"

// What a host that joins a network sends is called by its name, not only by the protocol that carries it.
func TestDatagramsAreCalledByTheirProtocol(t *testing.T) {
	m := openLab(t, "home-network", 0)
	seek(t, m, 3100*ms)
	count := map[string]int{}
	for row := range m.Packets() {
		c := m.Lab.Trace.At(m.packetAt(row))
		count[Letters(&c.Head)]++
	}
	for letters, want := range map[string]int{"DISCOVER": 2, "OFFER": 2, "REQUEST": 2, "DHCP ACK": 2, "DNS ?": 2, "DNS !": 2, "UDP": 0} { // DNS once on each side of the NAT
		if count[letters] != want {
			t.Errorf("%d packets are called %s, want %d: %v", count[letters], letters, want, count)
		}
	}
	labels := map[string]bool{}
	for row := range m.Packets() {
		labels[m.Label(m.packetAt(row))] = true
	}
	for _, want := range []string{"DHCP Discover", "DHCP Offer 192.168.1.100", "DHCP Request", "DHCP ACK 192.168.1.101", "DNS ? A www.example.org", "DNS ! A 203.0.113.80"} {
		if !labels[want] {
			t.Errorf("no packet is labelled %s: %v", want, labels)
		}
	}
}
