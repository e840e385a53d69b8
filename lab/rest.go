package lab

import (
	"wirelab/lab/prog"
	"wirelab/stack/event"
	"wirelab/stack/timer"
)

// Where a lab ends that nobody gives an end: once nothing is in flight, no entry of its journal lies ahead, and no timer is due within
// restSoonNs; at RestLimitNs at the latest.
//
// A retransmission, a delayed ACK and whatever else a host or a program has begun are waited for however far ahead they are; periodic
// timers, such as keep-alives and router advertisements, are not waited for at all (stack.Host.Unfinished, prog.Machine.Unfinished).
// A frame that somebody holds is not in flight: it would never arrive.
const (
	restSoonNs  = 1_000_000_000
	restLimitNs = 60_000_000_000
)

// Doing says what goes on in a lab that is not at rest: one thing of possibly many.
type Doing uint8

const (
	AtRest       Doing = iota // the lab is at rest
	InputAhead                // an entry of the journal lies ahead
	InFlight                  // a frame is on its way over link Link
	TimerRuns                 // the timer Timer of node Node runs
	ProgramWaits              // the program Program of node Node waits for a time
)

// Rest is how RunToRest ended.
type Rest struct {
	TimeNs  int64
	Doing   Doing // what still went on at RestLimitNs
	Link    uint32
	Node    uint32
	Timer   event.Timer
	Program string
}

// RunToRest runs the lab until it is at rest, at most to RestLimitNs. All events of its last instant are executed then, so that
// SeekTo(Rest.TimeNs) leads to the same state.
func (l *Lab) RunToRest() (Rest, error) {
	var r Rest
	for {
		if l.goesOn(&r); r.Doing == AtRest {
			if _, next := l.Queue.Next(); next > l.Clock {
				return r, nil
			}
		}
		if l.NextEvent() > restLimitNs {
			_, err := l.Advance(restLimitNs, 1<<62)
			return l.cause(r), err
		}
		if _, err := l.stepEvent(); err != nil {
			return l.cause(r), err
		}
	}
}

// goesOn finds out what goes on. It looks first where something did when it was asked before: r is its last answer.
func (l *Lab) goesOn(r *Rest) {
	r.TimeNs = l.Clock
	if l.Ahead() {
		r.Doing = InputAhead
		return
	}
	links := uint32(len(l.Links))
	for i := range links {
		id := (r.Link + i) % links
		if k := &l.Links[id]; k.Dir[0].OnWay()+k.Dir[1].OnWay() > 0 {
			r.Doing, r.Link = InFlight, id
			return
		}
	}
	if !l.hostsGoOn(r) {
		r.Doing = AtRest
	}
}

// hostsGoOn finds out what goes on at hosts.
func (l *Lab) hostsGoOn(r *Rest) bool {
	nodes := uint32(len(l.nodes))
	for i := range nodes {
		id := (r.Node + i) % nodes
		if n := &l.nodes[id]; n.host != nil && n.goesOn(l.Clock+restSoonNs, r) {
			r.Node = id
			return true
		}
	}
	return false
}

// cause returns what to tell of a lab that is not at rest: rather what a host waits for than the packets that come of it.
func (l *Lab) cause(r Rest) Rest {
	r.Node = 0
	if l.goesOn(&r); r.Doing == InFlight {
		l.hostsGoOn(&r)
	}
	return r
}

// goesOn finds out what goes on at a host.
func (n *node) goesOn(soon int64, r *Rest) bool {
	if n.host.NextDeadline() != timer.Never {
		if t, ok := n.host.Unfinished(soon); ok {
			r.Doing, r.Timer = TimerRuns, t
			return true
		}
	}
	if n.machine.WakeAt != timer.Never {
		if p, ok := n.machine.Unfinished(soon); ok {
			r.Doing, r.Program = ProgramWaits, prog.Name(p.Kind)
			return true
		}
	}
	return false
}
