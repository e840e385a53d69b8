package lab

import (
	"wirelab/lab/trace"
	"wirelab/stack/event"
	"wirelab/stack/seq"
	"wirelab/stack/wire"
)

// Kinds of Because.
type BecauseKind uint8

const (
	BecausePacket  BecauseKind = iota // the packet was sent, for Reason
	BecauseArrived                    // the packet arrived
	BecauseTimer                      // a timer ran out that was started when the packet was sent or arrived
	BecauseInput                      // somebody did something: entry Entry of the journal
	BecauseStart                      // the lab began
	BecauseHost                       // a timer of the host Node or of a program there ran out
)

var becauseKeys = [...]string{"packet", "arrived", "timer", "input", "start", "host"}

// Key returns the kind's key in the word catalogues, without "why.".
func (k BecauseKind) Key() string { return becauseKeys[k] }

// Because is one step of the way back from something that happened to what began it.
type Because struct {
	Kind   BecauseKind
	TimeNs int64
	Packet uint64 // crossing
	Entry  uint64
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

// WhyChange does so for a change of a connection, by its number in the log; it begins with what caused it.
func (l *Lab) WhyChange(record int) []Because {
	c := l.Log.At(record)
	return l.from(nil, c.Cause, c.TimeNs, c.Host)
}

// because goes back from a packet.
func (l *Lab) because(steps []Because, i uint64) []Because {
	c := l.Trace.At(i)
	steps = append(steps, Because{Kind: BecausePacket, TimeNs: c.Offered, Packet: i, Reason: c.Why.Reason, Node: l.sender(c)})
	if len(steps) > maxBecause {
		return steps
	}
	if _, took := l.Trace.TakenIn(c.Why.Cause.Event); !took {
		if k, ok := l.armedBy(i, c); ok {
			steps = append(steps, Because{Kind: BecauseTimer, TimeNs: c.Offered, Packet: k, Reason: c.Why.Reason, Node: l.sender(c)})
			return l.because(steps, k)
		}
	}
	return l.from(steps, c.Why.Cause, c.Offered, l.sender(c))
}

// from goes back from an event.
func (l *Lab) from(steps []Because, cause event.Cause, at int64, node uint32) []Because {
	if n, ok := cause.Input(); ok {
		return append(steps, Because{Kind: BecauseInput, TimeNs: l.Journal[n].At.TimeNs, Entry: n, Node: l.Journal[n].Node})
	}
	if i, ok := l.Trace.TakenIn(cause.Event); ok && l.Trace.Has(i) {
		steps = append(steps, Because{Kind: BecauseArrived, TimeNs: l.Trace.At(i).Arrive, Packet: i, Node: node})
		return l.because(steps, i)
	}
	if cause.Event == 0 {
		return append(steps, Because{Kind: BecauseStart, Node: node})
	}
	return append(steps, Because{Kind: BecauseHost, TimeNs: at, Node: node})
}

func (l *Lab) sender(c *trace.Crossing) uint32 { return l.plan.ends[c.Link][c.Dir] }

// armedBy finds the packet with which the timer began that made c be sent: what is sent again, or what waited for its ACK.
func (l *Lab) armedBy(i uint64, c *trace.Crossing) (uint64, bool) {
	if c.Proto != trace.TCP {
		return 0, false
	}
	switch c.Why.Reason {
	case event.RTO, event.TailLossProbe, event.SynAck, event.Connect, event.RackTimeout, event.LossRecovery:
		return l.lastBefore(i, func(o *trace.Crossing) bool {
			return o.Src == c.Src && o.Dst == c.Dst && o.Link == c.Link && o.Dir == c.Dir && seq.LE(o.Seq, c.Seq) && seq.LT(c.Seq, o.Seq+max(uint32(o.Length), 1)) &&
				(o.Length > 0 || o.Flags&(wire.SYN|wire.FIN) != 0)
		})
	case event.AckDelayed:
		return l.lastBefore(i, func(o *trace.Crossing) bool {
			return o.Src == c.Dst && o.Dst == c.Src && o.Link == c.Link && o.Arrive <= c.Offered && (o.Length > 0 || o.Flags&wire.FIN != 0)
		})
	case event.KeepAlive, event.ZeroWindowProbe:
		return l.lastBefore(i, func(o *trace.Crossing) bool {
			return o.Src == c.Dst && o.Dst == c.Src && o.Link == c.Link && o.Arrive <= c.Offered || o.Src == c.Src && o.Dst == c.Dst && o.Link == c.Link && o.Dir == c.Dir
		})
	}
	return 0, false
}

// lastBefore returns the last crossing before i that fits, looking back so far as a timer may run.
func (l *Lab) lastBefore(i uint64, fits func(*trace.Crossing) bool) (uint64, bool) {
	const farthest = 200_000
	for k := i; k > l.Trace.First() && i-k < farthest; k-- {
		if fits(l.Trace.At(k - 1)) {
			return k - 1, true
		}
	}
	return 0, false
}
