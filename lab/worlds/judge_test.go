package worlds

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"wirelab/lab"
	"wirelab/lab/plain"
	"wirelab/stack/block"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// Limits of a run. A world that needs more than that goes on forever.
const (
	patience  = 8 * 3600 * second // after the last line was typed
	slow      = 600 * second      // what goes on that long without a byte read goes on in vain
	maxEvents = 1_000_000
)

// judge runs a world and looks at all that happens in it.
type judge struct {
	lab    *lab.Lab
	flows  map[flow]*stream
	sends  map[flow]*sender
	offers map[flow]uint32 // the window in a SYN
	trace  *xxhash.Digest  // of every frame sent, and when
	err    error           // the first thing that was wrong

	events   uint64
	bytes    uint64                  // that arrived in programs
	lastRead int64                   // when
	limit    int64                   // when it should be over
	mapped   map[uint16]tcp.Endpoint // what a translator's ports stand for

	translated, looped, stopped bool // see world
	gentle                      bool // see world
	introduced                  bool // nothing waits for a neighbour's address, to leave later than TCP sent it
	told                        tcp.Errno
	storm                       bool // frames in a loop of switches have stopped the lab
	deserted                    bool // an end waits for one that is gone
	creeping                    bool // it was not over in time, but bytes still arrived
}

// flow is one direction of a connection.
type flow struct{ from, to tcp.Endpoint }

// stream is what was written on a flow and not read yet.
type stream struct {
	pending []byte
	written uint64
	read    uint64
	ended   bool
}

func (j *judge) fail(format string, args ...any) {
	if j.err == nil {
		j.err = fmt.Errorf("at %d ns: %w", j.lab.Position().TimeNs, fmt.Errorf(format, args...))
	}
}

// run lives a world to its end and returns what was wrong with it.
func (w *world) run() *judge {
	j := &judge{flows: map[flow]*stream{}, sends: map[flow]*sender{}, offers: map[flow]uint32{}, gentle: w.gentle, introduced: w.scenario.KnowsMAC && w.begin == 0, trace: xxhash.New(),
		mapped: map[uint16]tcp.Endpoint{}, translated: w.translated, looped: w.looped, stopped: w.stopped}
	var err error
	if j.lab, err = lab.New(w.scenario); err != nil {
		j.err = err
		return j
	}
	j.lab.Log.Off, j.lab.Trace.Off = true, true
	j.lab.Watch(lab.Watch{Sends: j.sent, Takes: j.taken, Spy: j.spy})
	last := int64(0)
	for i := range w.typed {
		e := w.typed[i]
		last = e.At.TimeNs
		j.until(last, func() bool { return false })
		if _, err := j.lab.Advance(last, 1<<62); err != nil && !j.stormy() {
			j.fail("%w", err)
		}
		if err := j.lab.Do(e.Input); err != nil {
			j.fail("%w", err)
		}
		j.look()
	}
	j.limit = last + patience
	if j.stopped { // the sender goes on probing for as long as the reader answers
		j.limit = last + 2000*second
	}
	if j.looped {
		j.limit = last + 20*second
	}
	j.until(j.limit, j.settled)
	if j.err == nil && !j.storm {
		j.end()
	}
	return j
}

// stormy reports whether a loop of switches has stopped the lab, as it may.
func (j *judge) stormy() bool {
	j.storm = j.storm || j.looped
	return j.storm
}

// until goes through all events up to a time, or until it is enough.
func (j *judge) until(at int64, enough func() bool) {
	for j.err == nil && j.lab.NextEvent() <= at && !enough() {
		if !j.lab.StepEvent() {
			if j.stormy() {
				return
			}
			j.fail("the next event cannot be executed")
		}
		if j.events++; j.events > maxEvents {
			if j.stormy() {
				return
			}
			j.fail("%d events, and no end", j.events)
		}
		j.look()
	}
}

// settled reports whether all connections are closed, for good: nothing flies,
// and no program rests.
func (j *judge) settled() bool {
	for node := range uint32(2) {
		if j.lab.Machine(node).WakeAt != timer.Never {
			return false
		}
		h := j.lab.Host(node)
		for i := range h.Conns {
			if s := h.Conns[i].State; s != tcp.Closed && s != tcp.Listen {
				return false
			}
		}
	}
	return !j.lab.Flying()
}

// end is what must hold when all is over.
func (j *judge) end() {
	for node := range uint32(2) {
		h := j.lab.Host(node)
		for i := range h.Conns {
			c := &h.Conns[i]
			if c.State == tcp.Closed || c.State == tcp.Listen {
				continue
			}
			if j.stopped || j.looped {
				continue
			}
			if j.limit-j.lastRead < slow {
				j.creeping = true
				return
			}
			// Without keep-alive, who only waits does not notice that the other is gone.
			if c.SndQueued == 0 && c.SndUna == c.SndNxt && j.gone(1-node, c) {
				j.deserted = true
				continue
			}
			j.fail("%s still has a connection in %v: %d bytes to send, window %d, in flight %d, RTO at %d, persist at %d",
				h.Name, c.State, c.SndQueued, c.SndWnd, c.SndNxt-c.SndUna, c.RTOAt, c.PersistAt)
		}
	}
	for f, s := range j.flows { // whichever is found first will do
		if j.gentle && (j.told != 0 || !s.ended || s.read < s.written) {
			j.fail("nothing was ever lost, yet of %d bytes from %v %d were read (%s)", s.written, f.from, s.read, j.told.Name())
		}
		if s.ended && len(s.pending) > 0 {
			j.fail("%v → %v ended for its reader after %d bytes; %d were written", f.from, f.to, s.read, s.written)
		}
	}
	for i := range j.lab.Links {
		for d := range uint8(2) {
			if k := &j.lab.LinkAt(i).Dir[d]; !k.Conserved() {
				j.fail("link counters %+v", k.Counters)
			}
		}
	}
	if !j.stopped && !j.looped {
		j.leaks()
	}
}

// leaks looks for blocks that nobody has in hand, and for those that a host
// keeps for nothing: only frames that wait for a neighbour's address are left.
func (j *judge) leaks() {
	if n, _ := j.lab.Checkpoints(); n > 1 {
		return // later ones than that at the start hold blocks, too
	}
	held := map[block.Handle]bool{}
	waiting := 0
	for node := range j.lab.Present {
		h := j.lab.Host(node)
		if h == nil {
			continue
		}
		note := func(b block.Handle) { held[b] = b != 0 }
		plain.Handles(&h.State, note)
		plain.Handles(j.lab.Machine(node), note)
		for i := range h.Neighbors {
			waiting += len(h.Neighbors[i].Pending)
		}
	}
	delete(held, 0)
	if blocks, _ := j.lab.Pool().Live(); blocks != len(held) || blocks > waiting && !j.deserted {
		j.fail("%d blocks are live: %d in somebody's hands, and %d are to be", blocks, len(held), waiting)
	}
}

// gone reports whether a node has closed its end of c.
func (j *judge) gone(node uint32, c *tcp.Conn) bool {
	p := j.find(node, flow{c.Remote, c.Local})
	return p == nil || p.State == tcp.Closed
}

// find returns the connection of a node whose segments are those of f, or nil.
func (j *judge) find(node uint32, f flow) *tcp.Conn {
	conns := j.lab.Host(node).Conns
	f = j.inside(f)
	for i := range conns {
		if c := &conns[i]; c.State != tcp.Closed && j.inside(flow{c.Local, c.Remote}) == f {
			return c
		}
	}
	return nil
}

// spy sees what programs write and read: each byte once, in order.
func (j *judge) spy(node uint32, fd int32, b []byte, err tcp.Errno, written bool) {
	c := j.lab.Host(node).Conn(fd)
	if c == nil || err == tcp.EAGAIN {
		return
	}
	f := j.inside(flow{c.Remote, c.Local})
	if written {
		f = j.inside(flow{c.Local, c.Remote})
	}
	s := j.flows[f]
	if s == nil {
		s = &stream{}
		j.flows[f] = s
	}
	switch {
	case err != 0:
		j.told = err
	case written:
		s.pending = append(s.pending, b...)
		s.written += uint64(len(b))
	case len(b) == 0:
		s.ended = true
		if len(s.pending) > 0 {
			j.fail("%v reads to the end of %v after %d bytes; %d were written", f.to, f.from, s.read, s.written)
		}
	case !bytes.HasPrefix(s.pending, b):
		j.fail("%v reads %d bytes behind byte %d that %v did not write there; %d were written", f.to, len(b), s.read, f.from, s.written)
	default:
		s.pending = s.pending[len(b):]
		s.read += uint64(len(b))
		j.bytes += uint64(len(b))
		j.lastRead = j.lab.Position().TimeNs
	}
}

// note adds a frame to the hash of the run.
func (j *judge) note(node uint32, frame []byte) {
	var head [12]byte
	binary.LittleEndian.PutUint64(head[:], uint64(j.lab.Position().TimeNs))
	binary.LittleEndian.PutUint32(head[8:], node)
	j.trace.Write(head[:])
	j.trace.Write(frame)
}
