// Package lesson holds the built-in labs: real hosts and links, what was typed at
// them, and the steps in which they teach: facts that one after the other come true.
// It may import lab and what lies below it. Start reading at Builtin and Steps.
package lesson

import (
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/problem"
	"wirelab/stack/wire"
)

const second = 1_000_000_000

// info describes a built-in lab. Its title in the word catalogues is
// "lab." + Name.
type info struct {
	Name  string
	build func() (*lab.Lab, error)
}

var builtins = []info{
	{"handshake-capture", handshakeCapture},
	{"four-way-close", fourWayClose},
	{"lost-syn", lostSYN},
	{"home-network", homeNetwork},
}

// Has says whether there is a built-in lab of a name.
func Has(name string) bool {
	for i := range builtins {
		if builtins[i].Name == name {
			return true
		}
	}
	return false
}

// Names lists the built-in labs.
func Names() []string {
	names := make([]string, len(builtins))
	for i := range builtins {
		names[i] = builtins[i].Name
	}
	return names
}

// Builtin returns the lab of that name at time zero, with all that was typed
// in it ahead.
func Builtin(name string) (*lab.Lab, error) {
	for i := range builtins {
		if builtins[i].Name == name {
			return builtins[i].build()
		}
	}
	return nil, problem.New("there is no built-in lab %q; there are %s", name, strings.Join(Names(), ", "))
}

// pair is a client A and a server B on one link of 10 Mbit/s and 10 ms, with
// the addresses and the initial sequence numbers of a capture that tutorials
// print.
func pair() lab.Scenario {
	p := link.Params{BitsPerSecond: 10_000_000, DelayNs: 10_000_000, QueuePackets: 64}
	return lab.Scenario{
		Seed:     1,
		KnowsMAC: true,
		Nodes: []lab.Node{
			{Name: "A", X: -300, Sysctls: []lab.Setting{{Name: "wirelab.isn", Value: "3626544836"}, {Name: "wirelab.port", Value: "3337"}}},
			{Name: "B", X: 300, Sysctls: []lab.Setting{{Name: "wirelab.isn", Value: "1739326486"}}, Startup: []string{"echo-server 7788 &"}},
		},
		Links: []lab.Link{{
			Ends:   [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(192, 168, 1, 116), Prefix: 24}, {Node: 1, Addr: wire.V4(192, 168, 1, 123), Prefix: 24}},
			Params: [2]link.Params{p, p},
		}},
	}
}

const connect = "echo-client 192.168.1.123 7788"

// script builds a lab and does entries at their times, and returns a lab that
// has all that ahead.
func script(s lab.Scenario, entries ...lab.Entry) (*lab.Lab, error) {
	l, err := lab.New(s)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if err := l.SeekTo(e.At.TimeNs); err != nil {
			return nil, err
		}
		if err := l.Do(e.Input); err != nil {
			return nil, err
		}
	}
	fresh, err := lab.New(s)
	if err != nil {
		return nil, err
	}
	return fresh, fresh.Load(l.Journal)
}

func typed(at int64, node uint32, line string) lab.Entry {
	return lab.Entry{At: lab.Position{TimeNs: at}, Input: lab.Exec{Node: node, Line: line}}
}

func handshakeCapture() (*lab.Lab, error) {
	return script(pair(), typed(second/10, 0, connect))
}

// fourWayClose has a server that takes 60 ms to close, longer than an ACK is put off: else the
// FIN would carry the ACK and three segments suffice. Its CLOSE-WAIT and the client's
// FIN-WAIT-2 are there to be seen.
func fourWayClose() (*lab.Lab, error) {
	s := pair()
	s.Nodes[1].Startup = []string{"echo-server 7788 60 &"}
	return script(s, typed(second/10, 0, connect), typed(second/5, 0, "hello"), typed(3*second/10, 0, "exit"))
}

// lostSYN loses the first two SYNs; the waits double from the start.
func lostSYN() (*lab.Lab, error) {
	s := pair()
	s.Nodes[0].Sysctls = append(s.Nodes[0].Sysctls, lab.Setting{Name: "net.ipv4.tcp_syn_linear_timeouts", Value: "0"})
	whole := s.Links[0].Params[0]
	s.Links[0].Params[0].LossPPM = 1_000_000
	mend := lab.Entry{At: lab.Position{TimeNs: 2 * second}, Input: lab.SetLink{Params: whole}}
	return script(s, typed(second/10, 0, connect), mend)
}
