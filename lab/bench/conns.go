package bench

import (
	"fmt"
	"strconv"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// conns opens and closes connections, one after the other, both ways: 20,000 of them.
func conns(o options) (*plan, error) {
	n := o.Conns
	if n == 0 {
		n = 20_000
	}
	p, err := crowd(o, n, "sink 9 &", "churn 10.0.0.2 9 "+strconv.Itoa(n))
	if err == nil {
		p.timeNs = int64(n) * ms
	}
	return p, err
}

// idle opens 10,000 connections that nobody uses.
func idle(o options) (*plan, error) {
	n := o.Conns
	if n == 0 {
		n = 10_000
	}
	p, err := crowd(o, n, "hold 9 &", "crowd 10.0.0.2 9 "+strconv.Itoa(n))
	if err == nil {
		p.timeNs, p.idle = int64(n)*ms+second, true
		p.notes = []string{"measured without records, and less what checkpoints hold"}
	}
	return p, err
}

// crowd is two hosts of which one listens and the other connects n times; a round trip takes
// less than a millisecond.
func crowd(o options, n int, server, client string) (*plan, error) {
	if n < 1 || n > 25_000 {
		return nil, fmt.Errorf("there are ports for 1 to 25000 connections, not %d", n)
	}
	msl := []lab.Setting{{Name: "wirelab.msl_ms", Value: "1"}} // else most of them would stand in TIME-WAIT
	p := link.Params{BitsPerSecond: 10_000_000_000, DelayNs: ms / 20}
	return &plan{
		scenario: lab.Scenario{
			Seed: 1, KnowsMAC: true,
			Nodes: []lab.Node{{Name: "A", Sysctls: msl}, {Name: "B", Sysctls: msl, Startup: []string{server}}},
			Links: []lab.Link{{Ends: ends(0, wire.V4(10, 0, 0, 1), 1, wire.V4(10, 0, 0, 2), 24), Params: both(p)}},
		},
		typed: []lab.Entry{{Input: lab.Exec{Line: client}}},
		conns: n,
	}, nil
}
