package view

import (
	"cmp"
	"math"
	"slices"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Sequence space as bars: what can be known of it without pixels. All numbers
// are counted from the sender's initial sequence number.

// spanKind is what a stretch of sequence space is to one of the ends.
type spanKind uint8

const (
	spanAcked    spanKind = iota // sent and acknowledged
	spanFlight                   // sent, not acknowledged
	spanSyn                      // the same, of a SYN
	spanFin                      // the same, of a FIN
	spanQueued                   // written by the program, may be sent
	spanUsable                   // may be sent, if there were something
	spanHeld                     // written by the program, in the peer's window, but beyond the congestion window
	spanShut                     // the same, if there were something
	spanBlocked                  // written by the program, beyond the peer's window
	spanBeyond                   // may not be sent yet
	spanRead                     // received, and read by the program
	spanBuffered                 // received, not yet read
	spanWindow                   // would be taken
	spanEarly                    // received ahead of a gap
	spanOutside                  // would be refused
	spanOver                     // will never be used: the FIN was the last, or the connection is closed
	spanSacked                   // sent, and the other end has reported it beyond a gap
	spanLost                     // sent, taken for lost, and not sent again yet
	spanAgain                    // sent again, and on its way
	spanKinds
)

// span is a stretch of sequence space, without to.
type span struct {
	from, to int64
	kind     spanKind
}

// stub is how much is shown of what lies beyond all windows, if nothing waits there.
const stub = 1

// sendSpans returns what the sender sees. The last span is open. The congestion
// window lets it send what stands before cwnd; pieces tell of what is in flight; a connection that is closed had sent a FIN or not.
func sendSpans(dst []span, v *event.Vars, iss uint32, cwnd int64, pieces []span, sentFin bool) []span {
	una := int64(v[event.VarSndUna] - iss)
	next := una + int64(v[event.VarSndNxt]-v[event.VarSndUna])
	edge := una + int64(v[event.VarSndWnd])
	written := max(next, una+int64(v[event.VarSndQueued]))
	state := tcp.State(v[event.VarState])
	acked := state == tcp.FinWait2 || state == tcp.TimeWait || state == tcp.Closed && sentFin && una == next // the FIN is
	fin := una > 0 && next-una == int64(v[event.VarSndQueued])+1
	if acked {
		dst = addSpan(dst, 0, una-1, spanAcked)
		dst = addSpan(dst, una-1, una, spanFin)
	} else {
		dst = addSpan(dst, 0, una, spanAcked)
	}
	switch {
	case una == 0:
		dst = addSpan(dst, una, min(next, 1), spanSyn)
		dst = addSpan(dst, 1, next, spanFlight)
	case fin:
		dst = inFlight(dst, pieces, una, next-1)
		dst = addSpan(dst, next-1, next, spanFin)
	default:
		dst = inFlight(dst, pieces, una, next)
	}
	if fin || acked || state == tcp.Closed {
		return addSpan(dst, next, next+stub, spanOver)
	}
	may := min(edge, max(cwnd, next))
	dst = addSpan(dst, next, min(written, may), spanQueued)
	dst = addSpan(dst, written, may, spanUsable)
	dst = addSpan(dst, max(next, may), min(written, edge), spanHeld)
	dst = addSpan(dst, max(written, may), edge, spanShut)
	dst = addSpan(dst, max(next, edge), written, spanBlocked)
	end := max(written, edge)
	return addSpan(dst, end, end+stub, spanBeyond)
}

// receiver is what the receiver's end knows, in numbers that count from the
// sender's initial one.
type receiver struct {
	next, edge int64 // RCV.NXT, and the first number that would be refused
	queued     int64 // bytes that the program has not read
	fin        bool  // the FIN stands just before next
	closed     bool  // nothing more will be taken
	early      []span
}

// recvSpans returns what the receiver sees. The last span is open.
func recvSpans(dst []span, r *receiver) []span {
	data := r.next
	if r.fin {
		data--
	}
	dst = addSpan(dst, 0, data-r.queued, spanRead)
	dst = addSpan(dst, data-r.queued, data, spanBuffered)
	dst = addSpan(dst, data, r.next, spanFin)
	if r.fin || r.closed {
		return addSpan(dst, r.next, r.next+stub, spanOver)
	}
	at, edge := r.next, max(r.edge, r.next)
	for _, e := range r.early {
		dst = addSpan(dst, at, e.from, spanWindow)
		dst = addSpan(dst, max(at, e.from), e.to, spanEarly)
		at = max(at, e.to)
	}
	dst = addSpan(dst, at, edge, spanWindow)
	end := max(edge, at)
	return addSpan(dst, end, end+stub, spanOutside)
}

func addSpan(dst []span, from, to int64, kind spanKind) []span {
	if to <= from {
		return dst
	}
	return append(dst, span{from, to, kind})
}

// receiverOf reads the receiver's side. c is nil if the connection is not there
// any more, or not there yet; then the log's numbers must do.
func receiverOf(dst []span, v *event.Vars, irs uint32, c *tcp.Conn, gotFin bool) receiver {
	r := receiver{next: int64(v[event.VarRcvNxt] - irs), queued: int64(v[event.VarRcvQueued]), early: dst[:0]}
	r.edge = r.next + int64(v[event.VarRcvWnd])
	switch tcp.State(v[event.VarState]) {
	case tcp.CloseWait, tcp.LastAck, tcp.Closing, tcp.TimeWait:
		r.fin = true
	case tcp.Closed:
		r.closed, r.fin = true, gotFin
	}
	if c == nil || c.RcvNxt != v[event.VarRcvNxt] {
		return r
	}
	r.edge = r.next + int64(int32(c.RcvWup+c.RcvWnd-c.RcvNxt))
	r.fin = c.FinReceived
	for i := range c.OutOfOrder.Len() {
		h := c.OutOfOrder.At(i)
		from := r.next + int64(int32(h.Seq-c.RcvNxt))
		r.early = append(r.early, span{from, from + int64(h.Len), spanEarly})
	}
	r.early = joined(r.early)
	return r
}

// joined puts stretches in order, and those that touch together.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// seqScale maps sequence numbers to a width. It is not linear: six bytes and a
// window of 64 kB must show on one bar. Each stretch between two numbers that
// matter gets a least width, and shares the rest by the logarithm of its length.
type seqScale struct {
	points []int64
	xs     []float32
}

// fit lays the ends of all spans out over a width.
func (s *seqScale) fit(width, least float32, bars ...[]span) {
	s.points, s.xs = append(s.points[:0], 0), s.xs[:0]
	for _, bar := range bars {
		for _, p := range bar {
			s.points = append(s.points, p.from, p.to)
		}
	}
	slices.Sort(s.points)
	s.points = slices.Compact(s.points)
	n := len(s.points) - 1
	least = min(least, 0.6*width/float32(max(n, 1)))
	total := float32(0)
	for i := range n {
		total += weight(s.points[i+1] - s.points[i])
	}
	x, rest := float32(0), width-least*float32(n)
	s.xs = append(s.xs, 0)
	for i := range n {
		x += least + rest*weight(s.points[i+1]-s.points[i])/total
		s.xs = append(s.xs, min(x, width))
	}
	if n > 0 {
		s.xs[n] = width
	}
}

func weight(n int64) float32 { return float32(math.Log2(1 + float64(n))) }

// x returns where a number stands.
func (s *seqScale) x(at int64) float32 {
	i, found := slices.BinarySearch(s.points, at)
	switch {
	case found:
		return s.xs[i]
	case i == 0:
		return 0
	case i == len(s.points):
		return s.xs[i-1]
	}
	share := float32(at-s.points[i-1]) / float32(s.points[i]-s.points[i-1])
	return s.xs[i-1] + (s.xs[i]-s.xs[i-1])*share
}

// at returns the number that stands at x: the inverse of x.
func (s *seqScale) at(x float32) int64 {
	i, _ := slices.BinarySearch(s.xs, x)
	if i == 0 || i == len(s.xs) {
		return s.points[min(i, len(s.points)-1)]
	}
	share := (x - s.xs[i-1]) / (s.xs[i] - s.xs[i-1])
	return s.points[i-1] + int64(float64(s.points[i]-s.points[i-1])*float64(share))
}
