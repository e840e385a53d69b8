package view

import (
	"cmp"
	"encoding/binary"
	"slices"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// plotted is what the plots need of all records of a lab. It grows with them, a
// bounded number a frame, and starts anew when a future was cut off.
type plotted struct {
	of     *lab.Lab
	turns  uint64
	seen   uint64 // crossings
	until  int64  // all that happened by then was taken in
	known  conns
	named  int                 // of those
	flows  map[flowKey][]*flow // one for each time that the two endpoints met
	recent [2]*flow
	queues []*queue  // two for each link
	open   []pending // what has not come to its end
	due    []happening
	curves map[*connEnd]*curves
}

// flowKey is one direction of a connection.
type flowKey struct{ src, dst tcp.Endpoint }

// flow is what one end sent, numbered from its SYN.
type flow struct {
	flowKey
	host  uint32 // that sent it
	iss   uint32
	next  int64 // a number near to those in use
	data  track // sequence numbers that were sent the first time
	again track // those that were sent again
	sacks track // those that SACK reported, when the report arrived
	flags []flag
	dirs  []uint32 // link directions that it took
	ack   uint32   // the last that arrived, and whether the reports with it are worth a look
	holes bool
}

// flag is something about a segment that is marked where it was sent.
type flag struct {
	at     int64
	lo, hi float64
	id     uint32
	kind   flagKind
}

type flagKind uint8

const (
	flagLost flagKind = iota
	flagSyn
	flagFin
	flagRst
)

var flagLabels = [...]string{flagSyn: "SYN", flagFin: "FIN", flagRst: "RST"}

// queue is a direction of a link, and how many packets waited there.
type queue struct {
	dir  uint32 // twice the link, plus the direction
	n    int
	long track
}

// pending is a crossing that has not left its queue, or not arrived.
type pending struct {
	crossing uint64
	what     happens
}

type happens uint8

const (
	leaves happens = iota
	arrives
	joins
)

// happening is a pending crossing's turn.
type happening struct {
	at int64
	pending
}

// maxTaken is how many crossings are taken in at a time: a long recording must not stop a frame.
const maxTaken = 10_000

// update takes in new records, and reports whether there are more.
func (x *plotted) update(l *lab.Lab) (more bool) {
	if x.of != l || x.turns != l.Trace.Turns || x.seen > l.Trace.Len() {
		*x = plotted{of: l, turns: l.Trace.Turns, seen: l.Trace.First(), flows: map[flowKey][]*flow{}, curves: map[*connEnd]*curves{}}
	}
	x.known.update(l)
	x.named = 0
	for _, e := range x.known.ends {
		if e.named {
			x.named++
		}
	}
	tr := &l.Trace
	to := min(tr.Len(), x.seen+maxTaken)
	for to > x.seen && to < tr.Len() && tr.At(to).Offered == tr.At(to-1).Offered {
		to++ // an instant is taken in as a whole
	}
	until := max(x.until, l.Position().TimeNs)
	if more = to < tr.Len(); more {
		until = tr.At(to).Offered - 1
	} else {
		if to > tr.First() {
			until = max(until, tr.At(to-1).Offered)
		}
		if n := l.Log.Len(); n > l.Log.First() {
			until = max(until, l.Log.At(n-1).TimeNs)
		}
	}
	if to == x.seen && until == x.until {
		return more
	}
	x.due = x.due[:0]
	for ; x.seen < to; x.seen++ {
		x.take(l, x.seen)
	}
	x.until = until
	x.settle(l)
	return more
}

// take takes in a crossing as it was offered.
func (x *plotted) take(l *lab.Lab, i uint64) {
	c := l.Trace.At(i)
	at, dir := c.Offered, 2*c.Link+uint32(c.Dir)
	if c.Start > at {
		x.due = append(x.due, happening{at, pending{i, joins}})
		x.open = append(x.open, pending{i, leaves})
	}
	if c.Proto != trace.TCP {
		return
	}
	f, from := x.flow(c.Src, c.Dst), l.EndsOf(c.Link)[c.Dir]
	if l.Node(from).IsHost() && (f == nil || c.Flags&wire.SYN != 0 && f.iss != c.Seq) {
		f = x.translated(l, i)
		if c = l.Trace.At(i); f == nil {
			f = x.begin(c, from)
		}
	}
	if f != nil && f.host == from { // others only pass it on
		f.send(c, uint32(i))
	}
	if f != nil && !slices.Contains(f.dirs, dir) {
		f.dirs = append(f.dirs, dir)
	}
	x.open = append(x.open, pending{i, arrives})
}

// settle goes through what came to its end, in the order of time.
func (x *plotted) settle(l *lab.Lab) {
	still := x.open[:0]
	for _, p := range x.open {
		c := l.Trace.At(p.crossing)
		at := c.Start
		if p.what == arrives {
			at = c.Arrive
		}
		if at == timer.Never || at > x.until {
			still = append(still, p)
		} else {
			x.due = append(x.due, happening{at, p})
		}
	}
	x.open = still
	slices.SortFunc(x.due, func(a, b happening) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.what, b.what), cmp.Compare(a.crossing, b.crossing))
	})
	for i := range x.due {
		h := &x.due[i]
		c := l.Trace.At(h.crossing)
		switch h.what {
		case joins:
			x.queue(2*c.Link+uint32(c.Dir)).step(h.at, 1)
		case leaves:
			x.queue(2*c.Link+uint32(c.Dir)).step(h.at, -1)
		case arrives:
			x.arrive(l, h.crossing)
		}
	}
}

func (x *plotted) queue(dir uint32) *queue {
	for uint32(len(x.queues)) <= dir {
		x.queues = append(x.queues, &queue{dir: uint32(len(x.queues))})
	}
	return x.queues[dir]
}

func (q *queue) step(at int64, by int) {
	q.n += by
	q.long.add(at, float64(q.n))
}

// flow returns the latest of two endpoints, or nil.
func (x *plotted) flow(src, dst tcp.Endpoint) *flow {
	key := flowKey{src, dst}
	for i, f := range x.recent {
		if f != nil && f.flowKey == key {
			x.recent[0], x.recent[i] = f, x.recent[0]
			return f
		}
	}
	all := x.flows[key]
	if len(all) == 0 {
		return nil
	}
	x.recent[1], x.recent[0] = x.recent[0], all[len(all)-1]
	return x.recent[0]
}

// begin begins a flow with a crossing of it.
func (x *plotted) begin(c *trace.Crossing, host uint32) *flow {
	f := &flow{flowKey: flowKey{c.Src, c.Dst}, host: host, iss: c.Seq - 1}
	if c.Flags&wire.SYN != 0 {
		f.iss = c.Seq
	} else {
		for _, e := range x.known.ends { // its beginning was forgotten
			if e.named && e.local == c.Src && e.remote == c.Dst {
				f.iss = e.iss
			}
		}
	}
	x.flows[f.flowKey] = append(x.flows[f.flowKey], f)
	x.recent = [2]*flow{f, x.recent[0]}
	if old := x.recent[1]; old != nil && old.flowKey == f.flowKey {
		x.recent[1] = nil
	}
	return f
}

// translated returns the flow of a segment that a router sends on with other addresses, and knows it by those from then on.
func (x *plotted) translated(l *lab.Lab, i uint64) *flow {
	c := *l.Trace.At(i)
	k, ok := l.Trace.TakenIn(c.Why.Cause.Event)
	if !ok || c.Why.Reason != event.Forwarded || !l.Trace.Has(k) {
		return nil
	}
	came := l.Trace.At(k)
	f := x.flow(came.Src, came.Dst)
	if key := (flowKey{c.Src, c.Dst}); f != nil && f.flowKey != key {
		x.flows[key] = append(x.flows[key], f)
	}
	return f
}

// relative counts a sequence number from the flow's first, beyond 2³² as well.
func (f *flow) relative(seq uint32) int64 {
	return f.next + int64(int32(seq-f.iss-uint32(f.next)))
}

func (f *flow) send(c *trace.Crossing, id uint32) {
	lo := f.relative(c.Seq)
	hi := lo + int64(c.Length)
	if c.Flags&wire.SYN != 0 {
		f.flag(flag{c.Offered, float64(lo), float64(lo), id, flagSyn})
		hi++
	}
	if c.Flags&wire.FIN != 0 {
		f.flag(flag{c.Offered, float64(hi), float64(hi), id, flagFin})
		hi++
	}
	if c.Flags&wire.RST != 0 {
		f.flag(flag{c.Offered, float64(lo), float64(lo), id, flagRst})
	}
	switch {
	case hi == lo:
	case c.Why.Xmit > 1:
		f.again.addSpan(c.Offered, float64(lo), float64(hi), id)
	default:
		f.data.addSpan(c.Offered, float64(lo), float64(hi), id)
		f.next = max(f.next, hi)
	}
}

// flag puts a mark into its place; what was lost is known later than what came after it.
func (f *flow) flag(k flag) {
	i := len(f.flags)
	for i > 0 && (f.flags[i-1].at > k.at || f.flags[i-1].at == k.at && f.flags[i-1].id > k.id) {
		i--
	}
	f.flags = slices.Insert(f.flags, i, k)
}

// arrive looks at a segment that arrived, or that did not.
func (x *plotted) arrive(l *lab.Lab, i uint64) {
	c := l.Trace.At(i)
	if c.Fate != link.Delivered {
		x.lose(l, i)
		return
	}
	f := x.flow(c.Dst, c.Src)
	if f == nil || c.Flags&wire.ACK == 0 || l.EndsOf(c.Link)[1-c.Dir] != f.host {
		return
	}
	if look := f.holes || c.Ack == f.ack; look { // finding options takes time, and few segments have a report
		before := len(f.sacks.at)
		f.report(l.Trace.Summary(i).Extra, l.Trace.At(i).Arrive, uint32(i))
		f.holes = len(f.sacks.at) > before
	}
	f.ack = l.Trace.At(i).Ack
}

// lose marks the segment that was lost, on whatever link, where its host sent it.
func (x *plotted) lose(l *lab.Lab, i uint64) {
	c := l.Trace.At(i)
	f := x.flow(c.Src, c.Dst)
	if f == nil {
		return
	}
	lo := float64(f.relative(c.Seq))
	var of *track
	at := -1
	for _, t := range [...]*track{&f.data, &f.again} {
		const far = 3000 // segments that may be on their way
		last := t.after(c.Offered) - 1
		for k := last; k >= 0 && k > last-far; k-- {
			if t.lo[k] == lo {
				if of == nil || t.at[k] > of.at[at] {
					of, at = t, k
				}
				break
			}
		}
	}
	if of != nil {
		f.flag(flag{of.at[at], of.lo[at], of.hi[at], of.id[at], flagLost})
	}
}

// report takes the blocks out of a segment's options (RFC 2018 §3).
func (f *flow) report(options []byte, at int64, id uint32) {
	for o, next, ok := wire.NextOption(options, 0); ok; o, next, ok = wire.NextOption(options, next) {
		if o.Kind != wire.OptSACK {
			continue
		}
		for b := o.Data; len(b) >= 8; b = b[8:] {
			f.sacks.addSpan(at, float64(f.relative(binary.BigEndian.Uint32(b))), float64(f.relative(binary.BigEndian.Uint32(b[4:]))), id)
		}
	}
}

// flowOf returns what an end sent.
func (x *plotted) flowOf(e *connEnd) *flow {
	all := x.flows[flowKey{e.local, e.remote}]
	for _, f := range all {
		if f.iss == e.iss {
			return f
		}
	}
	return nil
}
