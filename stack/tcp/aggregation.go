package tcp

// Aggregation is how much more than expected ACKs tell of at once: on a wireless link or behind a
// receiver that joins segments they come in heaps, and BBR must have enough in flight to fill the
// time between them (Linux's extra_acked).
type Aggregation struct {
	At     int64  // since when Acked counts
	Acked  uint32 // segments
	Extra  [2]uint32
	Rounds uint8 // of the window that Extra[Index] is the maximum of
	Index  uint8
}

const (
	heapRounds = 5       // that a maximum counts at least
	heapMost   = 1 << 20 // segments: then counting starts over
	heapMaxUs  = 100_000 // what is sent in this time is the most to allow for
)

func (a *Aggregation) restart(env *Env) { a.At, a.Acked = env.Now, 0 }

// updateHeaps compares what was acknowledged with what the bandwidth lets expect.
func (b *BBRState) updateHeaps(c *Conn, env *Env, s *rateSample) {
	if s.acked == 0 || !s.good {
		return
	}
	a := &b.Heaps
	if b.RoundStart {
		if a.Rounds++; a.Rounds >= heapRounds {
			a.Rounds, a.Index = 0, 1-a.Index
			a.Extra[a.Index] = 0
		}
	}
	expected := uint32(b.bw() * uint64((env.Now-a.At)/1000) >> bbrScale)
	if a.Acked <= expected || a.Acked+s.acked >= heapMost {
		a.restart(env)
		expected = 0
	}
	a.Acked += s.acked
	a.Extra[a.Index] = max(a.Extra[a.Index], min(a.Acked-expected, c.Cwnd))
}

// heapRoom is how much the window grows for it.
func (b *BBRState) heapRoom() uint32 {
	if !b.Full {
		return 0
	}
	most := b.bw() * heapMaxUs >> bbrScale
	return uint32(min(uint64(max(b.Heaps.Extra[0], b.Heaps.Extra[1])), most))
}
