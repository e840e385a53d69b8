package view

import (
	"sort"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// index is what the views need of all records at once. It grows with the
// trace, and starts anew when a future was cut off.
type index struct {
	seen    uint64
	turns   uint64
	numbers trace.Dump
	sent    []uint32 // crossings of frames that hosts send: the packets of the list
	ladder  warp     // ns to rows of text
	line    warp     // ns to the time line
	density density
	marks   []mark
	waiting []uint64                 // crossings that stand in a queue, with no time to go yet
	longest int64                    // from being offered to arriving, ns
	changes int                      // of the log that were taken in
	states  map[uint32][]stateChange // by node
	phrases []phrases                // of crossings
}

// stateChange is a connection of a host taking another state.
type stateChange struct {
	at    int64
	state tcp.State
	conn  ConnRef
}

// mark is something that the time line shows.
type mark struct {
	at   int64
	kind markKind
	of   uint64
}

type markKind uint8

const (
	markLoss markKind = iota
	markRepeat
	markInput
)

// update takes in new records. It reports whether old ones were cut off.
func (x *index) update(l *lab.Lab) (cut bool) {
	if x.turns != l.Trace.Turns {
		cut = x.seen > 0
		*x = index{turns: l.Trace.Turns, seen: l.Trace.First(), changes: l.Log.First()}
	}
	if x.ladder.gap == nil {
		x.ladder.gap, x.line.gap = ladderGap, lineGap
	}
	x.takeStates(&l.Log)
	x.takeWaiting(l)
	if x.seen == l.Trace.Len() {
		return cut
	}
	for ; x.seen < l.Trace.Len(); x.seen++ {
		x.take(l, x.seen)
	}
	x.ladder.settle()
	x.line.settle()
	return cut
}

// takeWaiting looks after those that stood in a queue.
func (x *index) takeWaiting(l *lab.Lab) {
	still := x.waiting[:0]
	for _, i := range x.waiting {
		if c := l.Trace.At(i); c.Arrive != timer.Never {
			x.way(i, c)
		} else {
			still = append(still, i)
		}
	}
	x.waiting = still
}

func (x *index) takeStates(log *event.Log) {
	if x.states == nil {
		x.states = map[uint32][]stateChange{}
	}
	for ; x.changes < log.Len(); x.changes++ {
		if v, ok := log.Value(x.changes, event.VarState); ok {
			c := log.At(x.changes)
			x.states[c.Host] = append(x.states[c.Host], stateChange{c.TimeNs, tcp.State(v), ConnRef{c.Host, c.Conn, c.Gen, true}})
		}
	}
}

func (x *index) take(l *lab.Lab, i uint64) {
	c := l.Trace.At(i)
	if l.Node(l.EndsOf(c.Link)[c.Dir]).IsHost() {
		x.numbers.Note(i, &c.Head)
		x.sent = append(x.sent, uint32(i))
	}
	if c.Arrive == timer.Never {
		x.waiting = append(x.waiting, i)
		x.line.add(c.Offered, c.Offered, c.Offered)
	} else {
		x.way(i, c)
	}
	x.density.add(x.line.at(c.Offered))
	if c.Why.Xmit > 1 {
		x.marks = append(x.marks, mark{c.Offered, markRepeat, i})
	}
}

// way notes when a frame was on its way and what became of it.
func (x *index) way(i uint64, c *trace.Crossing) {
	x.longest = max(x.longest, c.Arrive-c.Offered)
	x.ladder.add(c.Offered, c.Start, c.Arrive)
	x.line.add(c.Offered, c.Offered, c.Arrive)
	switch {
	case c.Fate == link.Lost:
		x.marks = append(x.marks, mark{(c.Start + c.Arrive) / 2, markLoss, i})
	case c.Fate.BeforeWire():
		x.marks = append(x.marks, mark{c.Arrive, markLoss, i})
	}
}

// Packets returns how many packets hosts have sent in all of the recording.
func (m *Model) Packets() int { return len(m.index.sent) }

// packetAt returns the crossing of packet number row of the list.
func (m *Model) packetAt(row int) uint64 { return uint64(m.index.sent[row]) }

// rowOf returns the list's row of a crossing, or of the packet sent before it.
func (m *Model) rowOf(crossing uint64) int {
	return sort.Search(len(m.index.sent), func(k int) bool { return uint64(m.index.sent[k]) > crossing }) - 1
}

// sentBy returns how many packets hosts had sent by a time.
func (m *Model) sentBy(ns int64) int {
	return sort.Search(len(m.index.sent), func(k int) bool { return m.Lab.Trace.At(uint64(m.index.sent[k])).Offered > ns })
}

// Relative returns the relative sequence and acknowledgment number of crossing i.
func (m *Model) Relative(i uint64) (seq, ack uint32) {
	return m.index.numbers.Relative(i, &m.Lab.Trace.At(i).Head)
}
