package event

import (
	"wirelab/stack/ring"
	"wirelab/stack/wire"
)

// Act is a system call that a program made, or a timer that ran out: what a host did of itself, and what came of it. Packets that it
// sent have its event and an index from Cause.Index on, Sent of them; changes of connections are those of the log from Change on.
type Act struct {
	TimeNs                int64
	Cause                 Cause  // the event it belongs to, and the first index of what it caused
	From                  Ref    // what set the timer, or let the program run that made the call
	Change                uint64 // number in the log of the first change it made
	Changes, Sent         uint32
	Host                  uint32
	Conn, Gen             uint32 // the slot of its connection plus one, and how often that slot was used; zero: none
	PID                   uint32 // of the program; zero: none
	FD                    int32
	Arg, Result           int64 // what was asked for, and what came of it: bytes, a descriptor, a backlog
	Local, Remote         wire.Addr
	LocalPort, RemotePort uint16
	Err                   int16 // an Errno
	Call                  Call  // what it is: a call,
	Timer                 Timer // or else a timer
	Program               uint8 // kind of the program
	Option                uint8 // of setsockopt and getsockopt, as package stack numbers them; Arg is its value
}

// Call is a system call.
type Call uint8

// The calls, with the names that people know.
const (
	NoCall Call = iota
	CallSocket
	CallBind
	CallListen
	CallConnect
	CallAccept
	CallRead
	CallWrite
	CallSendTo
	CallRecvFrom
	CallRecvError
	CallShutdown
	CallClose
	CallSetsockopt
	CallGetsockopt
	nCalls
)

var callNames = [nCalls]string{"", "socket", "bind", "listen", "connect", "accept", "read", "write", "sendto", "recvfrom", "recvmsg", "shutdown", "close", "setsockopt", "getsockopt"}

func (c Call) String() string { return callNames[min(c, nCalls-1)] }

// FindCall returns the call of a name, or NoCall.
func FindCall(name string) Call {
	switch name {
	case "send":
		name = "write"
	case "recv":
		name = "read"
	}
	for c := CallSocket; c < nCalls; c++ {
		if callNames[c] == name {
			return c
		}
	}
	return NoCall
}

// Calls returns the names of all calls.
func Calls() []string { return callNames[CallSocket:] }

// Timer is what a host waits for.
type Timer uint8

// The timers: those of a connection, those of a host, and that of a program which sleeps.
const (
	NoTimer Timer = iota
	TimerRTO
	TimerProbe
	TimerReorder
	TimerPersist
	TimerDelAck
	TimerWait
	TimerFinWait2
	TimerKeepAlive
	TimerPace
	TimerMerge
	TimerARP
	TimerND
	TimerReassembly
	TimerIPv6
	TimerNAT
	TimerLoop
	TimerProgram
	nTimers
)

// timers gives each its key in the word catalogues, which is also its name in a goal, other names of it there, and the section that asks for it.
var timers = [nTimers]struct {
	key, section string
	also         []string
}{
	NoTimer:         {},
	TimerRTO:        {"rto", "RFC 6298 §5", []string{"retransmission"}},
	TimerProbe:      {"tlp", "RFC 8985 §7.2", []string{"probe"}},
	TimerReorder:    {"reorder", "RFC 8985 §6.3", []string{"reo", "rack"}},
	TimerPersist:    {"persist", "RFC 9293 §3.8.6.1", nil},
	TimerDelAck:     {"delack", "RFC 9293 §3.8.6.3", []string{"delayed-ack", "ack"}},
	TimerWait:       {"2msl", "RFC 9293 §3.6.1", []string{"timewait", "time-wait", "time_wait"}},
	TimerFinWait2:   {"finwait2", "", []string{"fin-wait-2", "fin_wait2", "fin_wait_2"}},
	TimerKeepAlive:  {"keepalive", "RFC 9293 §3.8.4", []string{"keep-alive", "keep_alive"}},
	TimerPace:       {"pace", "", []string{"pacing"}},
	TimerMerge:      {"compack", "", []string{"ack-compression"}},
	TimerARP:        {"arp", "RFC 1122 §2.3.2.1", nil},
	TimerND:         {"nd", "RFC 4861 §7.3.3", []string{"neighbor"}},
	TimerReassembly: {"reassembly", "RFC 1122 §3.3.2", []string{"fragments"}},
	TimerIPv6:       {"ipv6", "RFC 4861 §6", []string{"autoconf"}},
	TimerNAT:        {"nat", "RFC 5382 §5", nil},
	TimerLoop:       {"loopback", "", []string{"loop"}},
	TimerProgram:    {"program", "", []string{"sleep"}},
}

// Key returns the timer's key in the word catalogues, without "timer.": its name.
func (t Timer) Key() string { return timers[min(t, nTimers-1)].key }

// Section returns the section of the RFC that asks for it, or "".
func (t Timer) Section() string { return timers[min(t, nTimers-1)].section }

// FindTimer returns the timer of a name, or NoTimer.
func FindTimer(name string) Timer {
	for t := TimerRTO; t < nTimers; t++ {
		if timers[t].key == name {
			return t
		}
		for _, other := range timers[t].also {
			if other == name {
				return t
			}
		}
	}
	return NoTimer
}

// Timers returns the names of all timers.
func Timers() (names []string) {
	for t := TimerRTO; t < nTimers; t++ {
		names = append(names, t.Key())
	}
	return names
}

// Reason is what a change of a connection by this timer is told to come from.
func (t Timer) Reason() Reason {
	switch t {
	case TimerProbe:
		return TailLossProbe
	case TimerReorder:
		return RackTimeout
	case TimerPersist:
		return ZeroWindowProbe
	case TimerDelAck:
		return AckDelayed
	case TimerWait:
		return TimeWaitEnd
	case TimerFinWait2:
		return FinWait2End
	case TimerKeepAlive:
		return KeepAlive
	case TimerPace:
		return LossRecovery
	case TimerMerge:
		return AckOutOfOrder
	}
	return RTO
}

// Ref names what something came from: an act by its number, or else an event of the simulation or an input, by the number in Cause.Event.
type Ref uint64

const (
	actRef      = 1 << 62
	Unknown Ref = 1<<64 - 1
)

// ActRef names act n.
func ActRef(n uint64) Ref { return actRef | Ref(n) }

// Act returns the number of the act that r names; false if it is none.
func (r Ref) Act() (n uint64, ok bool) {
	return uint64(r &^ actRef), r != Unknown && r&(input|actRef) == actRef
}

// Arm is when a timer runs out, and what set it.
type Arm struct {
	At   int64
	From Ref
}

// Armed is what set the timers of one host that run: no state, but checkpoints keep it, so that the same is recorded after a seek.
type Armed struct {
	Conns  [][ConnTimers]Arm // by slot, in the order of tcp.Conn.Deadlines
	Others []OtherArm        // those of the host and its programs; few
	Loop   ring.Ring[Ref]    // what sent each frame that is on its way over the loopback
}

// ConnTimers is how many timers a connection has that run at one time.
const ConnTimers = 7

// OtherArm is a timer that no connection has; ID is a program's.
type OtherArm struct {
	Arm
	ID   uint32
	Kind Timer
}

// Set notes that a timer was set, unless that is known; one of a program takes the place of the last. Those that can no longer run out are forgotten.
func (a *Armed) Set(kind Timer, id uint32, now, at int64, from Ref) {
	for i := range a.Others {
		o := &a.Others[i]
		if o.Kind == kind && o.ID == id && (o.At == at || kind == TimerProgram) {
			if o.At != at {
				o.Arm = Arm{at, from}
			}
			return
		}
	}
	kept := a.Others[:0]
	for _, o := range a.Others {
		if o.At >= now {
			kept = append(kept, o)
		}
	}
	a.Others = append(kept, OtherArm{Arm{at, from}, id, kind})
}

// Take returns what set the timer that runs out now, and forgets it; Unknown if nobody saw it.
func (a *Armed) Take(kind Timer, id uint32, now int64) Ref {
	from, kept := Unknown, a.Others[:0]
	for _, o := range a.Others {
		if o.Kind == kind && o.ID == id && o.At == now {
			from = o.From
		} else {
			kept = append(kept, o)
		}
	}
	a.Others = kept
	return from
}
