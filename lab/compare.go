package lab

import "wirelab/lab/trace"

// Difference is where two histories of one scenario part, and what came of it.
type Difference struct {
	Same    bool
	Entry   int    // the first journal entry that differs; -1: none does
	Packet  uint64 // the first crossing that differs, if there is one in either
	TimeNs  int64  // when that was
	A, B    []Flow
	PacketA *trace.Crossing // nil: that history has none
	PacketB *trace.Crossing
}

// Compare finds the first difference of two labs that have been run as far as is wanted, each with its records.
func Compare(a, b *Lab) Difference {
	d := Difference{Entry: -1, A: a.Flows(), B: b.Flows()}
	for i := range max(len(a.Journal), len(b.Journal)) {
		if i >= len(a.Journal) || i >= len(b.Journal) || !a.Journal[i].Same(&b.Journal[i]) {
			d.Entry = i
			break
		}
	}
	for i := max(a.Trace.First(), b.Trace.First()); i < max(a.Crossings, b.Crossings); i++ {
		if i < a.Crossings {
			d.PacketA = a.Trace.At(i)
		}
		if i < b.Crossings {
			d.PacketB = b.Trace.At(i)
		}
		if i >= a.Crossings || i >= b.Crossings || !d.PacketA.Like(d.PacketB) {
			d.Packet = i
			d.TimeNs = min(offered(d.PacketA), offered(d.PacketB))
			d.PacketA, d.PacketB = kept(d.PacketA), kept(d.PacketB)
			return d
		}
		d.PacketA, d.PacketB = nil, nil
	}
	d.Same = d.Entry < 0
	return d
}

// kept returns a copy of a crossing, for the labs may go on.
func kept(c *trace.Crossing) *trace.Crossing {
	if c == nil {
		return nil
	}
	own := *c
	return &own
}

func offered(c *trace.Crossing) int64 {
	if c == nil {
		return 1<<63 - 1
	}
	return c.Offered
}
