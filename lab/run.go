package lab

import (
	"wirelab/lab/link"
	"wirelab/lab/prog"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/problem"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// A loop that takes no virtual time, or next to none, feeds itself for ever. So many events within loopNs are taken for one: a link of
// 100 Gbit/s carries less than a thousand frames in the time, but every node may call every other at once.
const (
	loopNs            = 100_000
	loopEvents        = 50_000
	loopEventsPerLink = 1000
	loopEventsPerPair = 4
)

// loopLimit is how many events within loopNs are no loop yet.
func (l *Lab) loopLimit() uint64 {
	nodes := uint64(len(l.nodes))
	return loopEvents + loopEventsPerLink*uint64(len(l.Links)) + loopEventsPerPair*nodes*nodes
}

// A storm multiplies frames without end: so many on all links are taken for one. The count is looked at every checkOnWay events.
const (
	maxOnWay   = 500_000
	checkOnWay = 4096
)

// Advance runs the lab to the time until, or until it has executed limit events, whichever is first, and reports whether it got
// there. Journal entries that lie ahead are done at their positions.
func (l *Lab) Advance(until int64, limit uint64) (done bool, err error) {
	for range limit {
		if l.dueEntry(until) {
			continue
		}
		if _, next := l.Queue.Next(); next > until {
			l.setClock(max(l.Clock, until))
			return l.Clock == until, nil
		}
		if err := l.event(); err != nil {
			return false, err
		}
	}
	return false, nil
}

// event executes the next event. Before it does, it looks for loops.
func (l *Lab) event() error {
	id, at := l.Queue.Next()
	if at-l.loopSince >= loopNs {
		l.loopSince, l.loopEvents = at, 0
	}
	if l.loopEvents++; l.loopEvents > loopEvents && l.loopEvents > l.loopLimit() {
		l.loopEvents-- // whoever tries again is told again
		return problem.New("more than %d events at %d ns with next to no time passing: a loop in the network; lower its traffic or give a link some delay", l.loopEvents, at)
	}
	if l.Events%checkOnWay == 0 && l.onWay() > maxOnWay {
		return problem.New("more than %d frames are on their way at %d ns: a loop in the network multiplies them; take a link out of it, or let a queue be full sooner", maxOnWay, l.Clock)
	}
	if l.Events >= l.nextMark {
		l.mark()
	}
	l.step(id, at)
	return nil
}

// onWay returns how many frames wait or fly on all links.
func (l *Lab) onWay() (n int) {
	for i := range l.Links {
		n += l.Links[i].Dir[0].OnWay() + l.Links[i].Dir[1].OnWay()
	}
	return n
}

// StepEvent executes the next event or does the next journal entry, whatever its time; false if there is neither, or if the lab is
// in a loop (Advance says so).
func (l *Lab) StepEvent() bool {
	done, err := l.stepEvent()
	return done && err == nil
}

func (l *Lab) stepEvent() (done bool, err error) {
	at := l.NextEvent()
	if at == timer.Never {
		return false, nil
	}
	if l.dueEntry(at) {
		return true, nil
	}
	err = l.event()
	return err == nil, err
}

// NextEvent returns the time of the next event or journal entry, or timer.Never.
func (l *Lab) NextEvent() int64 {
	_, at := l.Queue.Next()
	if l.Ahead() {
		at = min(at, l.Journal[l.Inputs].At.TimeNs)
	}
	return at
}

// goOn is for what is about to happen: it is recorded if it never happened before.
func (l *Lab) goOn() {
	if f := &l.furthest; l.Events > f.Events || l.Events == f.Events && l.Inputs >= f.Inputs {
		l.Trace.Again = false
	}
}

// step executes one event: a frame leaves a link, or a host's deadline is due.
func (l *Lab) step(id uint32, at int64) {
	l.goOn()
	l.setClock(at)
	l.Events++
	l.inInstant++
	if id%2 == 1 {
		l.onHost(id/2, func(n *node) {
			if n.host.NextDeadline() <= l.Clock {
				l.timers++
			}
			n.host.Poll(l.Clock)
			if n.machine.WakeAt <= l.Clock {
				n.machine.Run(&l.sys)
			}
		})
		return
	}
	k, side := &l.Links[id/4], id/2%2
	var e link.Entry
	if k.Dir[side].Step(l.wires(), &e) && !e.Lost {
		l.Trace.Arrive(l.Events, e.Crossing)
		l.arrive(k.Ends[1-side], &e)
	}
	l.Queue.Set(id, k.Dir[side].Next())
}

// arrive hands a frame to the node at the end of its link.
func (l *Lab) arrive(to link.End, e *link.Entry) {
	n := &l.nodes[to.Node]
	if n.host == nil {
		l.switchFrame(to, e)
		return
	}
	if l.watch.Takes != nil {
		l.watch.Takes(to.Node, l.pool.Data(e.Frame))
	}
	l.touch(to.Node)
	if n.machine.Taps > 0 && !n.host.Ifaces[to.Port].Down {
		l.tapped(n, int(to.Port), false, l.pool.Data(e.Frame))
	}
	n.host.HandleFrame(l.Clock, to.Port, e.Frame)
	l.settle(to.Node)
}

// tapped shows a frame at an interface to the programs of a host that look at frames; interface -1 is lo.
func (l *Lab) tapped(n *node, port int, out bool, frame []byte) {
	g := prog.Sight{Now: l.Clock, Host: n.host, Port: port, Out: out, Frame: frame, Known: &l.dumps}
	if l.watch.Wrote != nil {
		g.Wrote = func(pid uint32, record []byte) { l.watch.Wrote(n.host.ID, pid, record) }
	}
	n.machine.Tap(&g)
}

// switchFrame sends a frame on through a switch.
func (l *Lab) switchFrame(at link.End, e *link.Entry) {
	eth, ok := wire.ParseEthernet(l.pool.Data(e.Frame))
	if !ok {
		l.pool.Release(e.Frame)
		return
	}
	n := &l.nodes[at.Node]
	if n.places == nil {
		n.places = new(link.Places)
	}
	out, flood := l.Switches[at.Node].Forward(l.Clock, at.Port, eth, n.places)
	if !flood && out != at.Port && out < uint32(len(n.ports)) {
		l.Transmit(at.Node, out, e.Frame, e.Why)
		return
	}
	for p := range uint32(len(n.ports)) {
		if flood && p != at.Port {
			l.pool.Retain(e.Frame)
			l.Transmit(at.Node, p, e.Frame, e.Why)
		}
	}
	l.pool.Release(e.Frame)
}

// Transmit takes a frame that a node sends: it is offered to the link, which
// may double it, once the rules of surgery have had their way with it.
func (l *Lab) Transmit(id, iface uint32, frame block.Handle, why event.Why) {
	if l.watch.Sends != nil && l.nodes[id].host != nil {
		l.watch.Sends(id, l.pool.Data(frame))
	}
	if n := &l.nodes[id]; n.machine.Taps > 0 {
		l.tapped(n, int(iface), true, l.pool.Data(frame))
	}
	p := l.nodes[id].ports[iface]
	k := &l.Links[p.link]
	copies := uint32(0)
	if k.Doubles(l.Seed, p.dir) {
		copies++
	}
	var t treatment
	if len(l.Rules) > 0 {
		t = l.treat(p, &frame, why)
		copies += t.copies
	}
	for range copies {
		l.pool.Retain(frame)
	}
	l.record(id, p, frame, why, false)
	if t.treated {
		k.OfferTreated(l.wires(), p.dir, link.Entry{Frame: frame, Crossing: l.Crossings, Why: why}, &t.Treatment)
	} else {
		k.Offer(l.wires(), p.dir, frame, l.Crossings, why)
	}
	l.Crossings++
	for range copies {
		why.Copy++
		l.record(id, p, frame, why, true)
		k.Repeat(l.wires(), p.dir, frame, l.Crossings, why)
		l.Crossings++
	}
	l.Queue.Set(wayID(p.link, p.dir), k.Dir[p.dir].Next())
}

// record writes down that a frame begins its way over a link, or again: the copy that the link makes of it.
func (l *Lab) record(id uint32, p port, frame block.Handle, why event.Why, again bool) {
	if l.tap != nil {
		l.tap(id, p, frame, why, again)
	}
	bytes := l.pool.Data(frame)
	if l.await != nil && !again {
		l.await.offered(l, p, bytes, why)
	}
	if c := l.Trace.Add(l.Crossings, bytes); c != nil {
		c.Offered, c.Why, c.Link, c.Dir, c.Bytes = l.Clock, why, p.link, p.dir, uint32(len(bytes))
		c.Start, c.Arrive = timer.Never, timer.Never
	}
}

// wires returns what links are handed now.
func (l *Lab) wires() *link.Env {
	l.wire.Now = l.Clock
	return &l.wire
}

// onHost does something on a host and settles what follows.
func (l *Lab) onHost(id uint32, do func(*node)) {
	n := &l.nodes[id]
	if n.host == nil {
		return
	}
	l.touch(id)
	do(n)
	l.settle(id)
}

// touch prepares a host for a change: checkpoints no longer share its state.
func (l *Lab) touch(id uint32) {
	n := &l.nodes[id]
	n.kept = nil
	if l.await != nil {
		l.await.touched(id)
	}
	n.host.Begin(l.Clock, max(l.typing, l.Events))
	l.sys.Host, l.sys.Now = n.host, l.Clock
	l.hashed = false
}

// settle lets the host's programs run if something woke them, and puts the
// host's next deadline into the queue.
func (l *Lab) settle(id uint32) {
	n := &l.nodes[id]
	if n.host.Woken() {
		n.machine.Run(&l.sys)
	}
	l.Queue.Set(nodeID(id), min(n.host.NextDeadline(), n.machine.WakeAt))
}
