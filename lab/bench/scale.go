package bench

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

const (
	totalPerSec = 100_000 // segments of all flows together
	maxSwitches = 10
)

// scale is --hosts hosts on at most ten switches around one router; each sends to a random other one. What the network does for a segment is the
// same whatever their number, so that its cost shows what the others cost: nine of ten flows cross the router; all flows together offer the same
// load, because the link of each host carries its share of it and little more; and round trips count as many segments, so that the
// window that a loss of 1 % leaves fills them.
func scale(o options) (*plan, error) {
	if o.Hosts < 2 || o.Hosts > 4000 {
		return nil, errors.New("scale has 2 to 4000 hosts: give --hosts a number such as 10, 100 or 1000")
	}
	if err := checkCC(o.CC); err != nil {
		return nil, err
	}
	switches := min(o.Hosts, maxSwitches)
	p := &plan{timeNs: 10 * second, notes: []string{fmt.Sprintf("%d hosts on %d switches", o.Hosts, switches)}}
	if o.TimeNs != 0 {
		p.timeNs = o.TimeNs
	}
	s := &p.scenario
	s.Seed, s.KnowsMAC = 1, true
	s.Nodes = []lab.Node{{Name: "R", Sysctls: []lab.Setting{{Name: "net.ipv4.ip_forward", Value: "1"}}}}
	trunk := link.Params{BitsPerSecond: 10_000_000_000, DelayNs: ms / 100}
	for k := range switches {
		s.Nodes = append(s.Nodes, lab.Node{Name: fmt.Sprintf("W%d", k), Kind: lab.KindSwitch})
		s.Links = append(s.Links, lab.Link{Ends: [2]lab.LinkEnd{{Node: 0, Addr: scaleAddr(k, gateway), Prefix: 16}, {Node: uint32(1 + k)}}, Params: both(trunk)})
	}
	everyNs := int64(o.Hosts) * second / totalPerSec // a segment of each host
	delay := everyNs / 2
	up := link.Params{BitsPerSecond: uint64(1514*8*second/everyNs) * 105 / 100, DelayNs: delay, QueuePackets: 100, LossPPM: 10_000}
	down := link.Params{DelayNs: delay}
	to := cycle(o.Hosts)
	for i := range o.Hosts {
		k, n := i%switches, uint32(len(s.Nodes))
		s.Nodes = append(s.Nodes, lab.Node{Name: fmt.Sprintf("H%d", i), Sysctls: settings(128<<10, o.CC), Startup: []string{"sink 9 &"},
			Routes: []lab.RouteSpec{{Dst: wire.V4(0, 0, 0, 0), Via: scaleAddr(k, gateway)}}})
		s.Links = append(s.Links, lab.Link{Ends: [2]lab.LinkEnd{{Node: n, Addr: scaleHost(i, switches), Prefix: 16}, {Node: uint32(1 + k)}},
			Params: [2]link.Params{up, down}})
		p.typed = append(p.typed, lab.Entry{At: lab.Position{TimeNs: int64(i) * 100_000}, Input: lab.Exec{Node: n, Line: fmt.Sprintf("source %v 9", scaleHost(to[i], switches))}})
	}
	return p, nil
}

// cycle gives each of n hosts a random other one to send to, and each to one: a sink serves one connection at a time.
func cycle(n int) []int {
	order, to := rand.New(rand.NewPCG(1, 3)).Perm(n), make([]int, n)
	for i, host := range order {
		to[host] = order[(i+1)%n]
	}
	return to
}

// scaleAddr is an address in the network of a switch; scaleHost is that of host i.
func scaleAddr(sw, number int) wire.Addr  { return wire.V4(10, byte(sw), byte(number>>8), byte(number)) }
func scaleHost(i, switches int) wire.Addr { return scaleAddr(i%switches, 256+i/switches) }
