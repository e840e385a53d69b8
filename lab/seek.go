package lab

import (
	"fmt"

	"wirelab/lab/link"
	"wirelab/lab/plain"
	"wirelab/lab/prog"
	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/event"
)

// checkpoint is the whole state at one position. Hosts that did not change
// between two checkpoints are kept once, and so is what did not change of the others.
type checkpoint struct {
	at        Position
	crossings uint64
	changes   uint64 // of the log
	acts      uint64
	core      *plain.Kept[core]
	hosts     []*keptHost // nil for switches
	bytes     uint64      // that it takes beyond the one before
}

// hostState is all that there is of one host.
type hostState struct {
	Stack   stack.State
	Machine prog.Machine
	Armed   event.Armed
}

// keptHost is what checkpoints keep of it.
type keptHost struct {
	*plain.Kept[hostState]
	holders int // checkpoints that share it
}

const (
	firstInterval  = 4_000 // events between checkpoints, until they thin out
	bytesPerEvent  = 64    // of state that are copied at most, so that a large lab is not copied all the time
	maxCheckpoints = 512
	// CheckpointLimit is how many bytes checkpoints may hold, with the blocks that only they hold, unless Lab.MemoryLimit leaves less.
	CheckpointLimit = 64 << 20
)

// mark keeps the state as it stands, unless that was done before.
func (l *Lab) mark() {
	l.nextMark = l.Events + l.interval
	if n := len(l.checkpoints); n > 0 && !l.checkpoints[n-1].at.Before(l.Position()) {
		return
	}
	if l.Stopwatch != nil {
		began := l.Stopwatch()
		defer func() { l.Marks, l.MarkNs = l.Marks+1, l.MarkNs+l.Stopwatch()-began }()
	}
	var before checkpoint
	if n := len(l.checkpoints); n > 0 {
		before = l.checkpoints[n-1]
	}
	c := checkpoint{at: l.Position(), crossings: l.Crossings, changes: l.Log.Count, acts: l.Log.Acts.Count,
		core: plain.Keep(l.pool, &l.core, before.core), hosts: make([]*keptHost, len(l.nodes))}
	for i := range l.nodes {
		n := &l.nodes[i]
		if n.host == nil {
			continue
		}
		if n.kept == nil {
			now := hostState{n.host.State, n.machine, n.host.Armed}
			n.kept = &keptHost{Kept: plain.Keep(l.pool, &now, before.host(i))}
		}
		n.kept.holders++
		c.hosts[i] = n.kept
	}
	c.weigh(&before)
	l.packFlying()
	l.nextMark = l.Events + max(l.interval, c.bytes/bytesPerEvent)
	l.checkpoints = append(l.checkpoints, c)
	l.boundRecords()
	for len(l.checkpoints) > 2 && (len(l.checkpoints) > maxCheckpoints || l.checkpointBytes() > CheckpointLimit) {
		l.thin()
	}
}

// packFlying makes the frames smaller that were on their way at the checkpoint before: they have arrived by now, and only
// checkpoints still hold them. Those that are on their way now are for the next time.
func (l *Lab) packFlying() {
	for _, h := range l.flying {
		l.pool.Pack(h)
	}
	l.flying = l.flying[:0]
	for i := range l.Links {
		for d := range l.Links[i].Dir {
			flight := &l.Links[i].Dir[d].Flight
			for k := range flight.Len() {
				if h := flight.At(k).Frame; h != 0 {
					l.flying = append(l.flying, h)
				}
			}
		}
	}
}

// host returns what is kept of host i, or nil.
func (c *checkpoint) host(i int) *plain.Kept[hostState] {
	if i >= len(c.hosts) || c.hosts[i] == nil {
		return nil
	}
	return c.hosts[i].Kept
}

// weigh finds out how much memory c takes beyond the checkpoint before it.
func (c *checkpoint) weigh(before *checkpoint) {
	c.bytes = c.core.Beyond(before.core)
	for i := range c.hosts {
		if h, was := c.host(i), before.host(i); h != nil && h != was {
			c.bytes += h.Beyond(was)
		}
	}
}

// DefaultRecordLimit is how many bytes records may take unless somebody says otherwise: a few hours of a busy lab.
const DefaultRecordLimit = 384 << 20

// RecordBytes returns how much memory the records of what happened take.
func (l *Lab) RecordBytes() uint64 { return uint64(l.Trace.Bytes() + l.Log.Bytes()) }

// boundRecords forgets the oldest records when they take more than RecordLimit, a quarter of them at once, so that this is
// seldom done: those before a checkpoint. A seek back to where they are missing records anew from there on.
func (l *Lab) boundRecords() {
	if l.RecordLimit == 0 || l.RecordBytes() <= l.RecordLimit {
		return
	}
	acts := &l.Log.Acts
	first := l.Trace.First() + uint64(l.Log.First()) + uint64(acts.First())
	end := l.Trace.Len() + uint64(l.Log.Len()) + uint64(acts.Len())
	for i := range l.checkpoints {
		c := &l.checkpoints[i]
		if upTo := c.crossings + c.changes + c.acts; upTo > first && (upTo >= first+(end-first)/4 || i == len(l.checkpoints)-1) {
			l.Log.Forget(int(c.changes))
			acts.Forget(c.acts)
			l.Trace.Forget(c.crossings, c.at.Events)
			return
		}
	}
}

// recordAgain begins the records anew where the lab has been put, if they do not reach to there without a gap.
func (l *Lab) recordAgain() {
	reach := func(n uint64, first, end int) bool { return n >= uint64(first) && n <= uint64(end) }
	acts := &l.Log.Acts
	if l.Trace.Off || reach(l.Crossings, int(l.Trace.First()), int(l.Trace.Len())) && reach(l.Log.Count, l.Log.First(), l.Log.Len()) && reach(acts.Count, acts.First(), acts.Len()) {
		return
	}
	l.Trace.Restart(l.Crossings)
	l.Log.Restart(l.Log.Count)
	acts.Restart(acts.Count)
	l.furthest, l.Trace.Again = l.Position(), false
}

// checkpointBytes is about how much memory checkpoints hold; that of the blocks counts what the lab itself holds, too.
func (l *Lab) checkpointBytes() uint64 {
	_, blocks := l.pool.Live()
	bytes := uint64(blocks)
	for i := range l.checkpoints {
		bytes += l.checkpoints[i].bytes
	}
	return bytes
}

// Checkpoints returns how many checkpoints there are and the memory that they
// take beyond that of the lab as it stands: state, and the blocks that only
// they hold.
func (l *Lab) Checkpoints() (n int, bytes uint64) {
	counted := map[block.Handle]bool{}
	note := func(h block.Handle) { counted[h] = true }
	plain.Handles(&l.core, note)
	for i := range l.nodes {
		if h := l.nodes[i].host; h != nil {
			plain.Handles(&h.State, note)
			plain.Handles(&l.nodes[i].machine, note)
		}
	}
	count := func(h block.Handle) {
		if h != 0 && !counted[h] {
			note(h)
			bytes += uint64(l.pool.Size(h))
		}
	}
	shared := map[*keptHost]bool{}
	for i := range l.checkpoints {
		c := &l.checkpoints[i]
		bytes += c.bytes
		c.core.Handles(count)
		for _, h := range c.hosts {
			if h != nil && !shared[h] {
				shared[h] = true
				h.Handles(count)
			}
		}
	}
	return len(l.checkpoints), bytes
}

// thin drops every second checkpoint but the first and takes new ones half as
// often, so that memory stays bounded however long a session is.
func (l *Lab) thin() {
	kept := l.checkpoints[:0]
	for i := range l.checkpoints {
		if i%2 == 0 {
			kept = append(kept, l.checkpoints[i])
		} else {
			l.forget(&l.checkpoints[i])
		}
	}
	clear(l.checkpoints[len(kept):])
	l.checkpoints = kept
	for i := 1; i < len(kept); i++ {
		kept[i].weigh(&kept[i-1])
	}
	l.interval *= 2
}

// forget releases what only checkpoint c holds.
func (l *Lab) forget(c *checkpoint) {
	c.core.Release(l.pool)
	for i, h := range c.hosts {
		if h == nil {
			continue
		}
		if h.holders--; h.holders == 0 {
			if i < len(l.nodes) && l.nodes[i].kept == h {
				l.nodes[i].kept = nil
			}
			h.Release(l.pool)
		}
	}
}

// cutFuture forgets the checkpoints and records that lie ahead.
func (l *Lab) cutFuture() {
	n := len(l.checkpoints)
	for n > 1 && l.Position().Before(l.checkpoints[n-1].at) {
		n--
		l.forget(&l.checkpoints[n])
		l.checkpoints[n] = checkpoint{}
	}
	l.checkpoints = l.checkpoints[:n]
	l.Log.Truncate(int(l.Log.Count))
	l.Log.Acts.Truncate(l.Log.Acts.Count)
	l.Trace.Truncate(l.Crossings, l.Events)
	if !l.Trace.Again { // there was none
		return
	}
	l.furthest, l.Trace.Again = l.Position(), false
	for i := range l.Links { // those on their way may have been moved by what is cut off
		for d := range l.Links[i].Dir {
			dir := &l.Links[i].Dir[d]
			for j := range dir.Flight.Len() {
				l.Trace.Way(dir.Flight.At(j))
			}
			dir.Backlog.Each(l.Trace.Wait)
			dir.Each(func(e *link.Entry) {
				if !link.Congested(l.pool.Data(e.Frame)) {
					l.Trace.Unmark(e.Crossing)
				}
			})
			for j := range dir.Held {
				l.Trace.Hold(&dir.Held[j].Entry, dir.Held[j].OnWire())
			}
		}
	}
}

// Jump goes to the last checkpoint at or before time t, if that is nearer than where the lab stands.
// Advance(t) then completes the seek; the two are apart so that a long
// seek can be worked off in slices.
func (l *Lab) Jump(t int64) {
	c := &l.checkpoints[l.checkpointWith(func(c *checkpoint) bool { return c.at.TimeNs <= t })]
	if t < l.Clock || l.Position().Before(c.at) {
		l.restore(c)
	}
}

// JumpTo is Jump to a position; AdvanceTo completes it.
func (l *Lab) JumpTo(p Position) {
	c := &l.checkpoints[l.checkpointWith(func(c *checkpoint) bool { return !p.Before(c.at) })]
	if p.Before(l.Position()) || l.Position().Before(c.at) {
		l.restore(c)
	}
}

// SeekTo goes to time t: after every event at or before it.
func (l *Lab) SeekTo(t int64) error {
	l.Jump(t)
	_, err := l.Advance(t, 1<<62)
	return err
}

func (l *Lab) restore(c *checkpoint) {
	if at := l.Position(); l.furthest.Before(at) {
		l.furthest = at
	}
	plain.Release(l.pool, &l.core)
	l.core = c.core.Value(l.pool)
	l.Log.Count, l.Log.Acts.Count = c.changes, c.acts
	l.reshape(c.hosts)
	for i, kept := range c.hosts {
		n := &l.nodes[i]
		if kept != nil && n.kept == kept {
			continue
		}
		l.release(n)
		if kept == nil {
			n.host = nil
			continue
		}
		now := kept.Value(l.pool)
		n.host = stack.Restore(now.Stack, l.pool, l, &l.Log)
		n.host.Armed, n.machine, n.kept = now.Armed, now.Machine, kept
	}
	l.packFlying()
	l.Trace.Again = l.Position().Before(l.furthest)
	l.recordAgain()
	l.hashed = false
	l.nextMark = l.Events + l.interval
}

// AdvanceTo runs to exactly the position p, which may lie between two events
// of one instant, or until it has executed limit events. It reports whether it
// got there.
func (l *Lab) AdvanceTo(p Position, limit uint64) (done bool, err error) {
	for (l.Events < p.Events || l.Inputs < p.Inputs) && l.NextEvent() <= p.TimeNs {
		if limit == 0 {
			return false, nil
		}
		if _, err := l.stepEvent(); err != nil {
			return false, err
		}
		limit--
	}
	if l.Events != p.Events || l.Inputs != p.Inputs || l.Clock > p.TimeNs || l.NextEvent() < p.TimeNs {
		return false, fmt.Errorf("%w: it stood at %d ns behind event %d and input %d, and this version never does",
			errOtherVersion, p.TimeNs, p.Events, p.Inputs)
	}
	l.Clock = p.TimeNs
	return true, nil
}
