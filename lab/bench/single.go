package bench

import (
	"errors"

	"wirelab/lab"
	"wirelab/lab/link"
)

// smallFlow and gigabit are dumbbells of one flow without loss: 90 and 2,870 segments in flight.
func smallFlow(o options) (*plan, error) {
	return single(o, neck{link.Params{BitsPerSecond: 1_000_000_000, DelayNs: ms / 20, QueuePackets: 1000}, 128 << 10}, 2*second)
}

func gigabit(o options) (*plan, error) {
	return single(o, neck{link.Params{BitsPerSecond: 1_000_000_000, DelayNs: 10 * ms, QueuePackets: 5000}, 4 << 20}, 3*second)
}

func single(o options, n neck, timeNs int64) (*plan, error) {
	if o.Flows != 1 {
		return nil, errors.New("this workload has one flow: leave --flows out")
	}
	if err := checkCC(o.CC); err != nil {
		return nil, err
	}
	p := &plan{scenario: dumbbellScenario(1, o.CC, n), timeNs: timeNs}
	if o.TimeNs != 0 {
		p.timeNs = o.TimeNs
	}
	p.typed = []lab.Entry{{Input: lab.Exec{Node: left(0), Line: "source " + rightAddr(0, host).String() + " 9"}}}
	return p, nil
}
