package stack

import "testing"

// The names are those of Linux, each once, and a host that did nothing counted nothing.
func TestSnmpNames(t *testing.T) {
	h := New(0, "A", 1, nil, nil, nil)
	seen := map[string]bool{}
	for _, c := range h.Snmp() {
		if seen[c.Name] || c.Value != 0 {
			t.Errorf("%s %d", c.Name, c.Value)
		}
		seen[c.Name] = true
	}
	for _, name := range []string{"IpInReceives", "TcpActiveOpens", "TcpRetransSegs", "UdpNoPorts", "Ip6OutForwDatagrams", "TcpExtListenDrops", "TcpExtTCPTimeouts", "TcpExtTCPDSACKRecv"} {
		if !seen[name] {
			t.Errorf("%s is missing", name)
		}
	}
}
