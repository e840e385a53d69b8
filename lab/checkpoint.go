package lab

import (
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
	// checkpointLimit is how many bytes checkpoints may hold, with the blocks that only they hold, unless Lab.MemoryLimit leaves less.
	checkpointLimit = 64 << 20
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
	for len(l.checkpoints) > 2 && (len(l.checkpoints) > maxCheckpoints || l.checkpointBytes() > checkpointLimit) {
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
