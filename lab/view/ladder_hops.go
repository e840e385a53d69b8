package view

import (
	"cmp"
	"slices"

	"wirelab/lab/link"
	"wirelab/stack/event"
)

// hop is one of the arrows of a packet: number k of those that are shown, as the packet's first is number of.
type hop struct {
	of, k, rank int
}

// rankHops lists the arrows that are shown, those of one packet next to each other: first the one that is to be labelled.
func (d *Ladder) rankHops(m *Model) {
	if d.first == nil {
		d.first = map[event.Why]int{}
	}
	clear(d.first)
	d.hops = d.hops[:0]
	for k, i := range d.shown {
		why := origin(m, i)
		of, known := d.first[why]
		if !known {
			of = k
			d.first[why] = k
		}
		d.hops = append(d.hops, hop{of, k, d.rank(m, k)})
	}
	slices.SortStableFunc(d.hops, func(a, b hop) int {
		if c := cmp.Compare(a.of, b.of); c != 0 {
			return c
		}
		return cmp.Compare(b.rank, a.rank)
	})
}

// rank says which of the arrows of a packet its label belongs to: the selected one, the one that does not arrive, the widest, the first.
func (d *Ladder) rank(m *Model, k int) int {
	const most = 1 << 20
	switch i := d.shown[k]; {
	case int64(i) == m.Packet:
		return 2 * most
	case m.Lab.Trace.At(i).Fate != link.Delivered:
		return most
	}
	return int(abs(d.lines[k].x1-d.lines[k].x0) + 0.5)
}

// origin is why the packet was sent that crossing i passes on: switches keep that as it is, routers send for a reason of their own.
func origin(m *Model, i uint64) event.Why {
	why := m.Lab.Trace.At(i).Why
	for why.Reason == event.Forwarded {
		k, ok := m.Lab.Trace.TakenIn(why.Cause.Event)
		if !ok || k >= i || !m.Lab.Trace.Has(k) {
			break
		}
		i, why = k, m.Lab.Trace.At(k).Why
	}
	return why
}
