package lab

import (
	"wirelab/lab/plain"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/problem"
)

// Frames are not recorded: a replay in a lab of its own is where they are to
// be had. It shares the pool with the lab, and gives back what it took.

// sending is a frame as it is offered to a link; again says that it is the copy that the link makes.
type sending struct {
	node  uint32
	port  port
	frame block.Handle
	why   event.Why
	again bool
}

// replay returns a lab with the same scenario and journal whose nodes' frames
// tap sees, and again the copies of those that a link doubles, at time zero; the
// first frames may have been sent already.
func (l *Lab) replay(tap func(r *Lab, f sending), watch ...Watch) *Lab {
	r := &Lab{Scenario: l.Scenario, Journal: l.Journal, pool: l.pool, interval: 1 << 62, nextMark: 1 << 62}
	r.plug()
	r.Log.Off, r.Trace.Off = true, true
	r.tap = func(node uint32, p port, frame block.Handle, why event.Why, again bool) {
		tap(r, sending{node, p, frame, why, again})
	}
	for _, w := range watch {
		r.Watch(w)
	}
	r.build() // it was built before: there is nothing wrong with it
	return r
}

// discard gives the blocks of a replay back.
func (l *Lab) discard() {
	plain.Release(l.pool, &l.core)
	for i := range l.nodes {
		if n := &l.nodes[i]; n.host != nil {
			plain.Release(l.pool, &n.host.State)
			plain.Release(l.pool, &n.machine)
		}
	}
}

// Close gives back all blocks that the lab and its checkpoints hold. What its pool still has then belongs to nobody.
func (l *Lab) Close() {
	for i := range l.checkpoints {
		l.forget(&l.checkpoints[i])
	}
	l.checkpoints = nil
	l.discard()
}

// Frames hands each frame that a host sends, from the start until the time
// until, to see. The bytes are good only during the call.
func (l *Lab) Frames(until int64, see func(timeNs int64, frame []byte)) error {
	r := l.replay(func(r *Lab, f sending) {
		if r.nodes[f.node].host != nil && !f.again {
			see(r.Clock, l.pool.Data(f.frame))
		}
	})
	defer r.discard()
	_, err := r.Advance(until, 1<<62)
	return err
}

// FrameOf returns a copy of the frame of crossing number i, as it was sent.
func (l *Lab) FrameOf(i uint64) ([]byte, error) {
	if i >= max(l.Crossings, l.Trace.Len()) {
		return nil, problem.New("no packet number %d was sent", i+1)
	}
	var found []byte
	r := l.replay(func(r *Lab, f sending) {
		if r.Crossings == i {
			found = append([]byte{}, l.pool.Data(f.frame)...)
		}
	})
	defer r.discard()
	if n := l.checkpointWith(func(c *checkpoint) bool { return c.crossings <= i }); r.Crossings <= i && n > 0 {
		r.restore(&l.checkpoints[n])
	}
	for found == nil {
		if done, err := r.stepEvent(); err != nil {
			return nil, err
		} else if !done {
			return nil, problem.New("packet number %d is not sent again on replay", i+1)
		}
	}
	return found, nil
}

// checkpointWith returns the last checkpoint that fits, and 0 if none does.
func (l *Lab) checkpointWith(fits func(*checkpoint) bool) int {
	n := len(l.checkpoints) - 1
	for n > 0 && !fits(&l.checkpoints[n]) {
		n--
	}
	return n
}
