package bench

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// seek is a recorded session of a million link crossings, and 200 random instants of it.
func seek(o Options) (*plan, error) {
	if o.Flows == 1 {
		o.Flows = 10
	}
	o.CC = "cubic"
	p, err := dumbbell(o)
	if err != nil {
		return nil, err
	}
	p.crossings, p.seeks = 1_000_000, 200
	return p, nil
}

// seek goes to instants at random and measures how long each takes, until the state is there.
func (r *Result) seek(l *lab.Lab, n int) error {
	end := l.Position().TimeNs
	random := rand.New(rand.NewPCG(1, 2))
	took := make([]int64, n)
	for i := range took {
		at := random.Int64N(end)
		began := time.Now()
		if err := l.SeekTo(at); err != nil {
			return err
		}
		took[i] = time.Since(began).Nanoseconds()
	}
	slices.Sort(took)
	r.P50Ns, r.P99Ns = took[n/2], took[n*99/100]
	return nil
}

const totalPerSec = 100_000 // segments of all flows together

// scale is --hosts hosts on as many switches as each has hosts, so that most flows cross the router in the middle at any size; each host sends to a random other one. The load of all
// together is the same whatever their number, so that the cost of a segment shows what the others cost.
func scale(o Options) (*plan, error) {
	if o.Hosts < 2 || o.Hosts > 4000 {
		return nil, errors.New("scale has 2 to 4000 hosts: give --hosts a number such as 10, 100 or 1000")
	}
	if err := checkCC(o.CC); err != nil {
		return nil, err
	}
	fan := 1 // hosts on a switch
	for fan*fan < o.Hosts {
		fan++
	}
	switches := (o.Hosts + fan - 1) / fan
	p := &plan{timeNs: 10 * second, notes: []string{fmt.Sprintf("%d hosts on %d switches", o.Hosts, switches)}}
	if o.TimeNs != 0 {
		p.timeNs = o.TimeNs
	}
	s := &p.scenario
	s.Seed, s.KnowsMAC = 1, true
	s.Nodes = []lab.Node{{Name: "R", Sysctls: []lab.Setting{{Name: "net.ipv4.ip_forward", Value: "1"}}}}
	perHost := uint64(totalPerSec / o.Hosts * 1500 * 8)
	access := link.Params{BitsPerSecond: max(perHost*105/100, 10_000), DelayNs: ms, QueuePackets: 100, LossPPM: 10_000}
	trunk := link.Params{BitsPerSecond: 10_000_000_000, DelayNs: ms / 10}
	random := rand.New(rand.NewPCG(1, 3))
	for k := range switches {
		s.Nodes = append(s.Nodes, lab.Node{Name: fmt.Sprintf("W%d", k), Kind: lab.KindSwitch})
		s.Links = append(s.Links, lab.Link{Ends: [2]lab.LinkEnd{{Node: 0, Addr: scaleAddr(k, 254), Prefix: 24}, {Node: uint32(1 + k)}}, Params: both(trunk)})
	}
	for i := range o.Hosts {
		k, n := i/fan, uint32(len(s.Nodes))
		s.Nodes = append(s.Nodes, lab.Node{Name: fmt.Sprintf("H%d", i), Sysctls: settings(128<<10, o.CC), Startup: []string{"sink 9 &"},
			Routes: []lab.RouteSpec{{Dst: wire.V4(0, 0, 0, 0), Via: scaleAddr(k, 254)}}})
		s.Links = append(s.Links, lab.Link{Ends: [2]lab.LinkEnd{{Node: n, Addr: scaleAddr(k, 1+i%fan), Prefix: 24}, {Node: uint32(1 + k)}}, Params: both(access)})
		to := random.IntN(o.Hosts - 1)
		if to >= i {
			to++
		}
		p.typed = append(p.typed, lab.Entry{At: lab.Position{TimeNs: int64(i) * 100_000}, Kind: lab.EntryExec, Node: n,
			Text: fmt.Sprintf("source %v 9", scaleAddr(to/fan, 1+to%fan))})
	}
	return p, nil
}

func scaleAddr(sw, host int) wire.Addr { return wire.V4(10, byte(sw>>8), byte(sw), byte(host)) }
