package lab

import (
	"wirelab/lab/trace"
	"wirelab/stack/event"
)

// BecauseKind says what one step of the way back is.
type BecauseKind uint8

const (
	BecausePacket  BecauseKind = iota // the packet was sent, for Reason
	BecauseArrived                    // the packet arrived
	BecauseTimer                      // a timer ran out: act Act
	BecauseInput                      // somebody did something: entry Entry of the journal
	BecauseStart                      // the lab began
	BecauseHost                       // a time came that the host Node had waited for, and nobody recorded why
	BecauseCall                       // a program made a system call: act Act
)

var becauseKeys = [...]string{"packet", "arrived", "timer", "input", "start", "host", "call"}

// Key returns the kind's key in the word catalogues, without "why.".
func (k BecauseKind) Key() string { return becauseKeys[k] }

// Because is one step of the way back from something that happened to what began it.
type Because struct {
	Kind   BecauseKind
	TimeNs int64
	Packet uint64 // crossing
	Entry  uint64
	Act    uint64
	Node   uint32
	Reason event.Reason
}

const maxBecause = 10_000

// Why tells how a packet came about: first itself, last what somebody did, or the start. Records must be on.
func (l *Lab) Why(crossing uint64) []Because {
	if !l.Trace.Has(crossing) {
		return nil
	}
	return l.because(nil, crossing)
}

// WhyAct does so for a system call that a program made, or a timer that ran out, by its number among the acts of the log.
func (l *Lab) WhyAct(act uint64) []Because {
	if !l.Log.Acts.Has(act) {
		return nil
	}
	return l.becauseAct(nil, act)
}

// because goes back from a packet.
func (l *Lab) because(steps []Because, i uint64) []Because {
	c := l.Trace.At(i)
	steps = append(steps, Because{Kind: BecausePacket, TimeNs: c.Offered, Packet: i, Reason: c.Why.Reason, Node: l.sender(c)})
	if len(steps) > maxBecause {
		return steps
	}
	if k, ok := l.passedOn(i, c); ok {
		steps = append(steps, Because{Kind: BecauseArrived, TimeNs: c.Offered, Packet: k, Node: l.sender(c)})
		return l.because(steps, k)
	}
	if n, ok := l.actOf(c.Why.Cause, l.sender(c)); ok {
		return l.becauseAct(steps, n)
	}
	return l.from(steps, c.Why.Cause, c.Offered, l.sender(c))
}

// becauseAct goes back from a system call or a timer.
func (l *Lab) becauseAct(steps []Because, n uint64) []Because {
	a := *l.Log.Acts.At(n)
	kind := BecauseCall
	if a.Timer != event.NoTimer {
		kind = BecauseTimer
	}
	steps = append(steps, Because{Kind: kind, TimeNs: a.TimeNs, Act: n, Node: a.Host})
	if before, ok := a.From.Act(); ok && before < n && l.Log.Acts.Has(before) && len(steps) <= maxBecause {
		return l.becauseAct(steps, before)
	} else if ok || a.From == event.Unknown {
		return steps
	}
	return l.from(steps, event.Cause{Event: uint64(a.From)}, a.TimeNs, a.Host)
}

// from goes back from an event.
func (l *Lab) from(steps []Because, cause event.Cause, at int64, node uint32) []Because {
	if n, ok := cause.Input(); ok {
		host, _ := hostOf(l.Journal[n].Input)
		return append(steps, Because{Kind: BecauseInput, TimeNs: l.Journal[n].At.TimeNs, Entry: n, Node: host})
	}
	if i, ok := l.Trace.TakenIn(cause.Event); ok && l.Trace.Has(i) {
		steps = append(steps, Because{Kind: BecauseArrived, TimeNs: l.Trace.At(i).Arrive, Packet: i, Node: node})
		return l.because(steps, i)
	}
	if cause.Event == 0 {
		return append(steps, Because{Kind: BecauseStart, Node: node})
	}
	if n, ok := l.timerIn(cause, node); ok && (len(steps) == 0 || steps[len(steps)-1].Act != n) {
		return l.becauseAct(steps, n) // it let all programs of the host look whether they can go on
	}
	return append(steps, Because{Kind: BecauseHost, TimeNs: at, Node: node})
}

// timerIn returns the timer that ran out on a host in the event of a cause.
func (l *Lab) timerIn(cause event.Cause, node uint32) (n uint64, ok bool) {
	acts, turn := &l.Log.Acts, l.turn(cause)
	for n = acts.Search(func(a *event.Act) bool { return l.turn(a.Cause) >= turn }); acts.Has(n) && l.turn(acts.At(n).Cause) == turn; n++ {
		if a := acts.At(n); a.Timer != event.NoTimer && a.Host == node {
			return n, true
		}
	}
	return 0, false
}

// passedOn returns the crossing by which a frame came to the switch that sent it on as c, number i.
func (l *Lab) passedOn(i uint64, c *trace.Crossing) (k uint64, ok bool) {
	node, why := l.sender(c), c.Why
	if l.plan.nodes[node].IsHost() {
		return 0, false
	}
	at, bytes := c.Offered, c.Bytes
	const farthest = 100_000
	for k = i; k > l.Trace.First() && i-k < farthest; k-- {
		o := l.Trace.At(k - 1)
		if o.Arrive == at && o.Why == why && o.Bytes == bytes && l.plan.ends[o.Link][1-o.Dir] == node {
			return k - 1, true
		}
	}
	return 0, false
}

func (l *Lab) sender(c *trace.Crossing) uint32 { return l.plan.ends[c.Link][c.Dir] }

// actOf returns the act that caused something: one of the host node, unless that is a switch.
func (l *Lab) actOf(cause event.Cause, node uint32) (n uint64, ok bool) {
	acts, turn := &l.Log.Acts, l.turn(cause)
	for n = acts.Search(func(a *event.Act) bool { return l.turn(a.Cause) >= turn }); acts.Has(n); n++ {
		a := acts.At(n)
		if l.turn(a.Cause) != turn {
			break
		}
		if a.Cause.Event == cause.Event && (a.Host == node || !l.plan.nodes[node].IsHost()) && cause.Index-a.Cause.Index < a.Sent {
			return n, true
		}
	}
	return 0, false
}

// turn is how many events had been executed when a cause came about.
func (l *Lab) turn(c event.Cause) uint64 {
	if n, ok := c.Input(); ok && n < uint64(len(l.Journal)) {
		return l.Journal[n].At.Events
	}
	return c.Event
}
