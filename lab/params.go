package lab

import (
	"fmt"

	"wirelab/lab/link"
	"wirelab/lab/sim"
)

const maxDelayNs = 3600e9

// checkParams says what is impossible about the parameters of a link, or nil.
func checkParams(p *link.Params) error {
	for _, d := range []struct {
		name string
		ns   int64
	}{{"a delay", p.DelayNs}, {"a delay of those out of order", p.ReorderNs}, {"a jitter", p.JitterNs},
		{"the target of CoDel", p.CoDel.TargetNs}, {"the interval of CoDel", p.CoDel.IntervalNs}} {
		if d.ns < 0 || d.ns > maxDelayNs {
			return fmt.Errorf("%s lies between 0 and 3600 s, not at %d ns", d.name, d.ns)
		}
	}
	for _, f := range []struct {
		name string
		ppm  uint32
	}{{"a loss", p.LossPPM}, {"a duplication", p.DuplicatePPM}, {"a corruption", p.CorruptPPM}, {"a reordering", p.ReorderPPM},
		{"a change to the bad state", p.Gilbert.ToBadPPM}, {"a change to the good state", p.Gilbert.ToGoodPPM},
		{"a loss in the bad state", p.Gilbert.LossPPM}, {"what RED drops", p.RED.MaxPPM}} {
		if f.ppm > sim.Million {
			return fmt.Errorf("%s is at most 1000000 in a million, not %d", f.name, f.ppm)
		}
	}
	for _, n := range []struct {
		name      string
		v, lo, hi uint32
	}{{"the queue discipline", uint32(p.Discipline), 0, uint32(link.Disciplines() - 1)}, {"the MTU of a link", p.MTU, 68, 65521},
		{"the average where RED begins", p.RED.MinPackets, 0, 1 << 20}, {"the average where RED reaches its most", p.RED.MaxPackets, 0, 1 << 20},
		{"the weight of RED, as a power of two,", uint32(p.RED.WeightLog), 0, 24},
		{"the flows of FQ-CoDel", p.CoDel.Flows, 0, 1 << 16}, {"the quantum of FQ-CoDel", p.CoDel.Quantum, 0, 1 << 20}} {
		if n.v != 0 && (n.v < n.lo || n.v > n.hi) {
			return fmt.Errorf("%s lies between %d and %d, not at %d", n.name, n.lo, n.hi, n.v)
		}
	}
	if err := checkFilter(p.LossFilter); err != nil {
		return fmt.Errorf("what a link loses: %w", err)
	}
	return nil
}
