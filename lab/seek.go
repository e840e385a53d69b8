package lab

import (
	"wirelab/lab/link"
	"wirelab/lab/plain"
	"wirelab/stack"
	"wirelab/stack/problem"
)

// defaultRecordLimit is how many bytes records may take unless somebody says otherwise: a few hours of a busy lab.
const defaultRecordLimit = 384 << 20

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

// cutFuture forgets the checkpoints and records that lie ahead.
func (l *Lab) cutFuture() {
	l.cuts++
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

// Furthest returns the latest position in this future that the lab has been at.
func (l *Lab) Furthest() Position {
	if at := l.Position(); l.furthest.Before(at) {
		return at
	}
	return l.furthest
}

// SeekTo goes to time t: after every event at or before it.
func (l *Lab) SeekTo(t int64) error {
	l.Jump(t)
	_, err := l.Advance(t, 1<<62)
	return err
}

func (l *Lab) restore(c *checkpoint) {
	l.furthest = l.Furthest()
	plain.Release(l.pool, &l.core)
	l.core = c.core.Value(l.pool)
	l.inInstant, l.loopSince, l.loopEvents = c.at.Order-1, c.at.TimeNs, 0
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

// AdvanceTo runs to the position p, which may lie between two events of one instant, or until it has done limit events and entries. It
// reports whether it got there. If the instant has fewer events than come before p, the lab stands at its end.
func (l *Lab) AdvanceTo(p Position, limit uint64) (done bool, err error) {
	if p.TimeNs < l.Clock {
		return false, problem.New("the lab stands at %d ns, and cannot advance to %d ns", l.Clock, p.TimeNs)
	}
	for range limit {
		entry := l.Inputs < p.Inputs && l.Ahead() && l.Journal[l.Inputs].At.TimeNs <= p.TimeNs
		if entry && l.dueEntry(p.TimeNs) {
			continue
		}
		_, next := l.Queue.Next()
		if next > p.TimeNs || next == p.TimeNs && !entry && l.reached(p) {
			l.setClock(p.TimeNs)
			l.compareTo(l.Inputs, p)
			return true, nil
		}
		if err := l.event(); err != nil {
			return false, err
		}
	}
	return false, nil
}
