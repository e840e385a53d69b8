package bench

import (
	"fmt"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// maxFlows is what the addresses below have room for.
const maxFlows = 250

// dumbbell is n left hosts and n right ones, each on a link of its own to the
// router of its side, and one slow link between the routers with a short
// queue. Flow i starts at i × 10 ms and sends without limit.
func dumbbell(o options) (*plan, error) {
	if o.Flows < 1 || o.Flows > maxFlows {
		return nil, fmt.Errorf("dumbbell has 1 to %d flows, not %d", maxFlows, o.Flows)
	}
	if err := checkCC(o.CC); err != nil {
		return nil, err
	}
	p := &plan{scenario: dumbbellScenario(o.Flows, o.CC, fast100), timeNs: o.TimeNs}
	if p.timeNs == 0 {
		p.timeNs = 60 * second
		if o.Flows >= 100 {
			p.timeNs = 30 * second
		}
	}
	last := int64(o.Flows-1) * 10 * ms
	if p.timeNs <= last {
		return nil, fmt.Errorf("the last of %d flows starts at %d ms: give --time more than that", o.Flows, last/ms)
	}
	for i := range o.Flows {
		p.typed = append(p.typed, lab.Entry{At: lab.Position{TimeNs: int64(i) * 10 * ms}, Input: lab.Exec{Node: left(i), Line: fmt.Sprintf("source %v 9", rightAddr(i, host))}})
	}
	return p, nil
}

// Nodes 0 and 1 are the routers; the hosts follow in pairs.
func left(i int) uint32  { return uint32(2 + 2*i) }
func right(i int) uint32 { return uint32(3 + 2*i) }

// The host of each access network has the first address, its router the last.
const host, gateway = 1, 254

func leftAddr(i int, host byte) wire.Addr  { return wire.V4(10, 1, byte(i), host) }
func rightAddr(i int, host byte) wire.Addr { return wire.V4(10, 2, byte(i), host) }

// neck is the slow link of a dumbbell.
type neck struct {
	link.Params
	buffer int
}

var fast100 = neck{link.Params{BitsPerSecond: 100_000_000, DelayNs: 10 * ms, QueuePackets: 100}, 4 << 20}

func dumbbellScenario(flows int, cc string, bottleneck neck) lab.Scenario {
	access := link.Params{BitsPerSecond: 1_000_000_000, DelayNs: ms / 10}
	one, two := wire.V4(10, 3, 0, 1), wire.V4(10, 3, 0, 2)
	router := func(name string, to, via wire.Addr) lab.Node {
		return lab.Node{Name: name, Sysctls: []lab.Setting{{Name: "net.ipv4.ip_forward", Value: "1"}}, Routes: []lab.RouteSpec{{Dst: to, Prefix: 16, Via: via}}}
	}
	s := lab.Scenario{Seed: 1, KnowsMAC: true}
	s.Nodes = append(s.Nodes, router("R1", rightAddr(0, 0), two), router("R2", leftAddr(0, 0), one))
	s.Links = append(s.Links, lab.Link{Ends: ends(0, one, 1, two, 30), Params: both(bottleneck.Params)})
	end := func(name string, via wire.Addr) lab.Node {
		return lab.Node{Name: name, Sysctls: settings(bottleneck.buffer, cc), Routes: []lab.RouteSpec{{Dst: wire.V4(0, 0, 0, 0), Via: via}}}
	}
	for i := range flows {
		source, sink := end(fmt.Sprintf("L%d", i+1), leftAddr(i, gateway)), end(fmt.Sprintf("S%d", i+1), rightAddr(i, gateway))
		sink.Startup = []string{"sink 9 &"}
		s.Nodes = append(s.Nodes, source, sink)
		s.Links = append(s.Links,
			lab.Link{Ends: ends(left(i), leftAddr(i, host), 0, leftAddr(i, gateway), 24), Params: both(access)},
			lab.Link{Ends: ends(1, rightAddr(i, gateway), right(i), rightAddr(i, host), 24), Params: both(access)})
	}
	return s
}

func ends(a uint32, aAddr wire.Addr, b uint32, bAddr wire.Addr, prefix uint8) [2]lab.LinkEnd {
	return [2]lab.LinkEnd{{Node: a, Addr: aAddr, Prefix: prefix}, {Node: b, Addr: bAddr, Prefix: prefix}}
}

// both gives the two directions of a link the same parameters.
func both(p link.Params) [2]link.Params { return [2]link.Params{p, p} }
