// Package lab is a laboratory: hosts, links and switches in virtual time, a
// journal of what people did, and checkpoints to go back to. It knows nothing
// of pixels, clocks or files.
//
// There is one runner, Advance, and one door for change, Do. Everything that
// decides the future stands in plain state (core, stack.State, prog.Machine);
// the rest can be rebuilt from it. Start reading at Lab, then run.go; journal.go,
// checkpoint.go and seek.go are the time machine.
package lab

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"

	"wirelab/lab/link"
	"wirelab/lab/plain"
	"wirelab/lab/prog"
	"wirelab/lab/trace"
	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/timer"
)

// core is the state that no single host owns.
type core struct {
	Clock     int64
	Events    uint64 // executed so far
	Inputs    uint64 // journal entries included so far
	Crossings uint64 // frames offered to links so far
	Seed      uint64
	Queue     timer.Queue // over both directions of each link (wayID) and over nodes (nodeID)
	Links     []link.Link
	Rules     []ruleState
	Switches  []link.Switch // by node; empty for hosts
}

// node is what a host or a switch needs at run time.
type node struct {
	host    *stack.Host // nil: it is a switch
	machine prog.Machine
	ports   []port
	places  *link.Places // of a switch
	kept    *keptHost    // equal to the host's state, if that did not change since
}

// port is the link and direction that a frame sent from a port takes.
type port struct {
	link uint32
	dir  uint8
}

// Lab is one laboratory at one instant, with its past and, after a seek back,
// its recorded future.
type Lab struct {
	Scenario    Scenario
	Journal     []Entry
	Log         event.Log
	Trace       trace.Trace
	RecordLimit uint64   // bytes that records may take; zero: no limit
	Missed      []uint64 // entries of the journal whose packet was not there

	Stopwatch func() int64 // for those who measure: a clock in ns that checkpoints are timed with, or nil
	Marks     int64        // checkpoints so timed,
	MarkNs    int64        // and the time they took

	dumps prog.TcpdumpLines

	core
	plan        plan
	rebuilt     bool // some journal that it had changed the network
	watch       Watch
	await       *Condition
	typing      uint64 // the event number of the journal entry that is being done; zero: none is
	timers      uint64 // that have fired while somebody looked on
	wire        link.Env
	filters     compiled
	nodes       []node
	pool        *block.Pool
	sys         prog.Sys
	tap         func(node uint32, p port, frame block.Handle, why event.Why, again bool) // sees what nodes send, and what links double
	checkpoints []checkpoint
	flying      []block.Handle // frames that were on their way at the last checkpoint
	cuts        uint64         // how often a future was cut off
	inInstant   uint64         // events executed at the time of the clock
	loopSince   int64          // events are counted since then, to find loops that take no time
	loopEvents  uint64         // events since then and since the last journal entry
	departed    *Departure     // of the replay from the record, the first
	furthest    Position       // where the lab was when it was put elsewhere: so far, and no farther, the records know what happens
	interval    uint64         // events between checkpoints
	nextMark    uint64
	hashAt      Position
	hash        uint64
	hashed      bool
}

// New builds the lab that a scenario describes, at time zero.
func New(s Scenario) (*Lab, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	l := &Lab{Scenario: s, pool: block.NewPool(), interval: firstInterval, RecordLimit: defaultRecordLimit}
	l.plug()
	if err := l.build(); err != nil {
		return nil, err
	}
	l.mark()
	return l, nil
}

// NoCheckpoints is for a lab that nobody will rewind: it keeps no states of its past but the first.
func (l *Lab) NoCheckpoints() { l.interval, l.nextMark = 1<<62, 1<<62 }

// CheckpointEvery lets so many events lie between two checkpoints from now on. It changes nothing but how long seeks take.
func (l *Lab) CheckpointEvery(events uint64) { l.interval, l.nextMark = events, l.Events }

// plug connects the parts that are not state.
func (l *Lab) plug() {
	l.Seed, l.sys.Pool, l.sys.Wires, l.sys.Hosts = l.Scenario.Seed, l.pool, l, l
	l.wire = link.Env{Pool: l.pool, Seed: l.Seed, Record: &l.Trace, Matches: l.matches}
}

// Host returns the host of a node, or nil if it is a switch, or not there now.
func (l *Lab) Host(id uint32) *stack.Host {
	if l.Gone(id) {
		return nil
	}
	return l.nodes[id].host
}

// Calls returns how many system calls of programs came back, those of a replay
// included: it only ever grows.
func (l *Lab) Calls() uint64 { return l.sys.Calls }

// Timers returns how many times timers of hosts have fired since the lab was made, seeks included: to see whether one just did.
func (l *Lab) Timers() uint64 { return l.timers }

// Machine returns the programs and the terminal of a node.
func (l *Lab) Machine(id uint32) *prog.Machine { return &l.nodes[id].machine }

// LinkAt returns link i for looking at.
func (l *Lab) LinkAt(i int) *link.Link { return &l.Links[i] }

// Flying reports whether a frame is on its way over any link.
func (l *Lab) Flying() bool {
	for i := range l.Links {
		if l.Links[i].Dir[0].OnWay()+l.Links[i].Dir[1].OnWay() > 0 {
			return true
		}
	}
	return false
}

// Pool returns the lab's blocks, for reading frames.
func (l *Lab) Pool() *block.Pool { return l.pool }

// Hash returns the state hash: xxHash64 over the state of clock, queue, links,
// switches, hosts and programs. Two labs with equal hashes have the same future.
func (l *Lab) Hash() uint64 {
	if at := l.Position(); !l.hashed || l.hashAt != at {
		b := binary.LittleEndian.AppendUint64(nil, plain.Hash(l.pool, &l.core))
		for i := range l.nodes {
			if n := &l.nodes[i]; n.host != nil {
				b = binary.LittleEndian.AppendUint64(b, plain.Hash(l.pool, &n.host.State))
				b = binary.LittleEndian.AppendUint64(b, plain.Hash(l.pool, &n.machine))
			}
		}
		l.hash, l.hashAt, l.hashed = xxhash.Sum64(b), at, true
	}
	return l.hash
}

// Counts are sums over all links and hosts.
type Counts struct {
	Sent, Delivered, Dropped, Bytes uint64
}

// Counts returns the lab's counters as they stand.
func (l *Lab) Counts() Counts {
	var c Counts
	for i := range l.Links {
		for d := range l.Links[i].Dir {
			k := &l.Links[i].Dir[d].Counters
			c.Sent += k.Offered + k.Duplicated + k.Injected
			c.Delivered += k.Delivered
			c.Dropped += k.Dropped
		}
	}
	for i := range l.nodes {
		if h := l.nodes[i].host; h != nil {
			c.Bytes += h.Counters.BytesDelivered
		}
	}
	return c
}
