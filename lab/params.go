package lab

import (
	"wirelab/lab/link"
	"wirelab/lab/sim"
	"wirelab/stack/problem"
)

const maxDelayNs = 3600e9

// checkParams says what is impossible about the parameters of a link, or nil.
func checkParams(p *link.Params) error {
	for _, d := range []struct {
		name problem.Word
		ns   int64
	}{{problem.Word("a delay"), p.DelayNs}, {problem.Word("a delay of those out of order"), p.ReorderNs}, {problem.Word("a jitter"), p.JitterNs},
		{problem.Word("the target of CoDel"), p.CoDel.TargetNs}, {problem.Word("the interval of CoDel"), p.CoDel.IntervalNs}} {
		if d.ns < 0 || d.ns > maxDelayNs {
			return problem.New("%s lies between 0 and 3600 s, not at %d ns", d.name, d.ns)
		}
	}
	for _, f := range []struct {
		name problem.Word
		ppm  uint32
	}{{problem.Word("a loss"), p.LossPPM}, {problem.Word("a duplication"), p.DuplicatePPM}, {problem.Word("a corruption"), p.CorruptPPM}, {problem.Word("a reordering"), p.ReorderPPM},
		{problem.Word("a change to the bad state"), p.Gilbert.ToBadPPM}, {problem.Word("a change to the good state"), p.Gilbert.ToGoodPPM},
		{problem.Word("a loss in the bad state"), p.Gilbert.LossPPM}, {problem.Word("what RED drops"), p.RED.MaxPPM}} {
		if f.ppm > sim.Million {
			return problem.New("%s is at most 1000000 in a million, not %d", f.name, f.ppm)
		}
	}
	for _, n := range []struct {
		name      problem.Word
		v, lo, hi uint32
	}{{problem.Word("the queue discipline"), uint32(p.Discipline), 0, uint32(link.Disciplines() - 1)}, {problem.Word("the MTU of a link"), p.MTU, 68, 65521},
		{problem.Word("the average where RED begins"), p.RED.MinPackets, 0, 1 << 20}, {problem.Word("the average where RED reaches its most"), p.RED.MaxPackets, 0, 1 << 20},
		{problem.Word("the weight of RED, as a power of two,"), uint32(p.RED.WeightLog), 0, 24},
		{problem.Word("the flows of FQ-CoDel"), p.CoDel.Flows, 0, 1 << 16}, {problem.Word("the quantum of FQ-CoDel"), p.CoDel.Quantum, 0, 1 << 20}} {
		if n.v != 0 && (n.v < n.lo || n.v > n.hi) {
			return problem.New("%s lies between %d and %d, not at %d", n.name, n.lo, n.hi, n.v)
		}
	}
	if err := checkFilter(p.LossFilter); err != nil {
		return problem.New("what a link loses: %w", err)
	}
	return nil
}
