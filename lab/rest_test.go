package lab

import (
	"testing"

	"wirelab/lab/link"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// Where a lab comes to rest: what is waited for, and what is not.
func TestRunToRest(t *testing.T) {
	const connect = `script 'fd = socket(AF_INET, SOCK_STREAM, 0); setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, 1); connect(fd, "10.0.0.2", 7); `
	ms := int64(1_000_000)
	for _, c := range []struct {
		name     string
		change   func(s *Scenario)
		do       []Input
		from, to int64
		want     Rest // Doing, and what it is about
	}{
		{name: "nothing", to: 0},
		{name: "a handshake", do: []Input{Exec{Line: connect + "recv(fd, 9)'"}}, from: 50 * ms, to: 80 * ms},
		{name: "keep-alives are periodic", do: []Input{SetSysctl{Name: "net.ipv4.tcp_keepalive_time", Value: "1"}, SetSysctl{Name: "net.ipv4.tcp_keepalive_intvl", Value: "1"}, Exec{Line: connect + "recv(fd, 9)'"}}, from: 50 * ms, to: 80 * ms},
		{name: "TIME-WAIT is far", do: []Input{Exec{Line: connect + "close(fd)'"}}, from: 60 * ms, to: 90 * ms},
		{name: "TIME-WAIT within a second", do: []Input{SetSysctl{Name: "wirelab.msl_ms", Value: "300"}, Exec{Line: connect + "close(fd)'"}}, from: 600 * ms, to: 730 * ms},
		{name: "a retransmission is waited for", change: func(s *Scenario) {
			s.KnowsMAC = true
			s.Nodes[0].Sysctls = []Setting{{"net.ipv4.tcp_syn_retries", "3"}, {"net.ipv4.tcp_syn_linear_timeouts", "0"}}
		}, // 1 + 2 + 4 + 8 s
			do: []Input{SetLink{Params: link.Params{LossPPM: 1_000_000}}, Exec{Line: connect + "'"}}, from: 15 * second, to: 15 * second},
		{name: "retransmissions for ever", change: func(s *Scenario) { s.KnowsMAC = true }, do: []Input{SetLink{Params: link.Params{LossPPM: 1_000_000}}, Exec{Line: connect + "'"}}, from: 60 * second, to: 60 * second, want: Rest{Doing: TimerRuns, Timer: event.TimerRTO}},
		{name: "a closed window is probed", do: []Input{Exec{Node: 1, Line: `script 's = socket(AF_INET, SOCK_STREAM, 0); bind(s, "10.0.0.2", 8); listen(s, 1); c = accept(s); sleep(1000)'`}, Exec{Line: "source 10.0.0.2 8 900000"}},
			from: 60 * second, to: 60 * second, want: Rest{Doing: TimerRuns, Timer: event.TimerPersist}},
		{name: "a program that sleeps", do: []Input{Exec{Line: "script 'sleep(7)'"}}, from: 7 * second, to: 7 * second},
		{name: "a program without end", do: []Input{Exec{Line: "ping 10.0.0.2"}}, from: 60 * second, to: 60 * second, want: Rest{Doing: ProgramWaits, Program: "ping"}},
		{name: "nobody answers ARP", do: []Input{Exec{Line: "echo-client 10.0.0.99 7"}}, from: 3 * second, to: 3 * second},
		{name: "a datagram for nobody", do: []Input{Exec{Line: `script 'u = socket(AF_INET, SOCK_DGRAM, 0); sendto(u, "x", "10.0.0.99", 5)'`}}, from: 3 * second, to: 3 * second},
		{name: "a held packet never arrives", do: []Input{AddRule{Rule: Rule{Filter: "arp", Surgery: Surgery{Action: ActHold}}}, Exec{Line: `script 'u = socket(AF_INET, SOCK_DGRAM, 0); sendto(u, "x", "10.0.0.2", 5)'`}}, from: 3 * second, to: 3 * second},
		{name: "routers advertise themselves for ever", change: func(s *Scenario) {
			for i := range s.Nodes {
				s.Nodes[i].Sysctls = []Setting{{"net.ipv6.conf.all.disable_ipv6", "0"}}
			}
			s.Nodes[0].Kind = KindRouter
			s.Links[0].Ends[0].Addr6, s.Links[0].Ends[0].Prefix6, s.Links[0].Ends[0].Advertise = wire.Addr{0x20, 1, 0xd, 0xb8, 15: 1}, 64, true
		}, from: second, to: 20 * second},
		{name: "a lease is kept", change: func(s *Scenario) {
			s.Nodes[1].Startup = []string{"dhcpd -l 600 10.0.0.100 10.0.0.110 &"}
			s.Links[0].Ends[0] = LinkEnd{Node: 0}
		}, do: []Input{Exec{Line: "dhclient"}}, from: 40 * ms, to: 4 * second},
	} {
		s := twoHosts(0, "sink 7 &")
		if c.change != nil {
			c.change(&s)
		}
		l := newLab(t, s)
		for _, in := range c.do {
			if err := l.Do(in); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
		r, err := l.RunToRest()
		if err != nil || r.TimeNs != l.Clock || r.TimeNs < c.from || r.TimeNs > c.to {
			t.Errorf("%s: at rest at %d ns (%v), want %d to %d", c.name, r.TimeNs, err, c.from, c.to)
		}
		if r.Doing != c.want.Doing || r.Doing == TimerRuns && r.Timer != c.want.Timer || r.Doing == ProgramWaits && r.Program != c.want.Program {
			t.Errorf("%s: at %d ns %+v, want %+v", c.name, r.TimeNs, r, c.want)
		}
		hash, at := l.Hash(), l.Clock
		if l.mustSeek(t, at); l.Hash() != hash {
			t.Errorf("%s: a seek to %d ns leads to another state", c.name, at)
		}
	}
}

// What was typed later counts, up to the limit.
func TestRunToRestWaitsForTheJournal(t *testing.T) {
	for _, c := range []struct {
		at, rest int64
		doing    Doing
	}{{30 * second, 30*second + 40_158_400, AtRest}, {61 * second, restLimitNs, InputAhead}} {
		l := newLab(t, twoHosts(0, "sink 7 &"))
		if err := l.Load([]Entry{{Position{TimeNs: c.at}, Exec{Line: `script 'u = socket(AF_INET, SOCK_DGRAM, 0); sendto(u, "x", "10.0.0.2", 5)'`}}}); err != nil {
			t.Fatal(err)
		}
		if r, err := l.RunToRest(); err != nil || r.TimeNs != c.rest || r.Doing != c.doing {
			t.Errorf("typed at %d ns: %+v, %v", c.at, r, err)
		}
	}
}
