package lab

import (
	"strings"
	"testing"

	"wirelab/stack/wire"
)

// What is wrong with a scenario is said in one sentence that names the place.
func TestScenarioSentences(t *testing.T) {
	for says, spoil := range map[string]func(s *Scenario){
		"node 1 needs a name that no other node has, not \"A\"":     func(s *Scenario) { s.Nodes[1].Name = "A" },
		"node 1: it is of kind 9, which this version does not know": func(s *Scenario) { s.Nodes[1].Kind = 9 },
		"link 0 leads to node 2, but there are only 2":              func(s *Scenario) { s.Links[0].Ends[1].Node = 2 },
		"link 0: A needs an IPv4 address":                           func(s *Scenario) { s.Links[0].Ends[0].Addr = wire.Addr{} },
		"link 0: a loss is at most 1000000 in a million":            func(s *Scenario) { s.Links[0].Params[1].LossPPM = 1_000_001 },
		"link 0: a delay lies between 0 and 3600 s":                 func(s *Scenario) { s.Links[0].Params[0].DelayNs = -1 },
		"link 0: a jitter lies between 0 and 3600 s":                func(s *Scenario) { s.Links[0].Params[0].JitterNs = 1 << 62 },
		"link 0: a corruption is at most 1000000 in a million":      func(s *Scenario) { s.Links[0].Params[0].CorruptPPM = 2_000_000 },
		"node A: there is no setting \"net.ipv4.tcp_sak\"":          func(s *Scenario) { s.Nodes[0].Sysctls = []Setting{{"net.ipv4.tcp_sak", "1"}} },
		"node A has a route by way of 10.1.0.1, which is on none of its links": func(s *Scenario) {
			s.Nodes[0].Routes = []RouteSpec{{Dst: wire.V4(10, 9, 0, 0), Prefix: 16, Via: wire.V4(10, 1, 0, 1)}}
		},
		"node A has a route to 10.9.0.0/33: that is no network": func(s *Scenario) {
			s.Nodes[0].Routes = []RouteSpec{{Dst: wire.V4(10, 9, 0, 0), Prefix: 33, Via: wire.V4(10, 0, 0, 2)}}
		},
		"node B is a switch: it has no routes, no settings and no programs": func(s *Scenario) { s.Nodes[1].Kind = KindSwitch },
	} {
		s := twoHosts(0, "sink 9 &")
		spoil(&s)
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// A route without a destination is the default route.
func TestDefaultRoute(t *testing.T) {
	s := Scenario{Seed: 1, Nodes: []Node{{Name: "A", Routes: []RouteSpec{{Via: wire.V4(10, 0, 0, 254)}}}, {Name: "R", Sysctls: []Setting{{"net.ipv4.ip_forward", "1"}}},
		{Name: "B", Routes: []RouteSpec{{Via: wire.V4(10, 0, 1, 254)}}}}}
	for i := range byte(2) {
		s.Links = append(s.Links, Link{Ends: [2]LinkEnd{{Node: 2 * uint32(i), Addr: wire.V4(10, 0, i, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, i, 254), Prefix: 24}}})
	}
	l := newLab(t, s)
	l.mustExec(t, 0, "ping 10.0.1.1 1")
	l.mustSeek(t, second)
	if out := l.Machine(0).Output(); !strings.Contains(out, "1 received") {
		t.Errorf("ping says\n%s", out)
	}
}
