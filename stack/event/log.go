package event

import (
	"math/bits"

	"wirelab/stack/ring"
)

// Var names a variable of a connection that changes are recorded of.
type Var uint8

// The variables, with the names of RFC 9293 and of Linux.
const (
	VarState Var = iota
	VarSndUna
	VarSndNxt
	VarSndWnd
	VarRcvNxt
	VarRcvWnd
	VarCwnd
	VarSsthresh
	VarFlight
	VarSRTT
	VarRTTVar
	VarRTO
	VarBackoff
	VarMSS
	VarCAState
	VarSndQueued
	VarRcvQueued
	VarOutOfOrder
	VarISS
	VarIRS
	VarSndWl1
	VarSndUp
	VarSndScale
	VarRcvScale
	VarSacked
	VarLost
	VarRetrans
	VarRecover
	VarReordering
	NVars
)

var varNames = [NVars]string{"state", "snd.una", "snd.nxt", "snd.wnd", "rcv.nxt", "rcv.wnd", "cwnd", "ssthresh",
	"flight", "srtt", "rttvar", "rto", "backoff", "mss", "ca_state", "sndq", "rcvq", "ofo",
	"iss", "irs", "snd.wl1", "snd.up", "snd_wscale", "rcv_wscale", "sacked_out", "lost_out", "retrans_out", "recover", "reordering"}

func (v Var) String() string { return varNames[min(v, NVars-1)] }

// Vars are a connection's variables at one time: sequence numbers as they
// are, times in microseconds, cwnd and flight in segments, the rest in bytes.
type Vars [NVars]uint32

// Set makes x the value of variable i; it returns bit i if that is a change.
func (v *Vars) Set(i Var, x uint32) uint32 {
	if v[i] == x {
		return 0
	}
	v[i] = x
	return 1 << i
}

// Change is one step of a connection: what changed, when, and why.
type Change struct {
	TimeNs int64
	Cause  Cause
	Host   uint32
	Conn   uint32 // slot in the host's table
	Gen    uint32 // how often that slot was used
	Mask   uint32 // bit v is set if variable v changed
	first  uint32 // index of the first new value
	Reason Reason
}

// Log holds the changes of one lab in the order they happened. It is not part
// of the lab's state: after a seek back, replay counts the records again but
// appends only what is new.
type Log struct {
	Count   uint64 // how many records the state, as it stands now, has made
	Off     bool   // count, but keep nothing
	Acts    Acts
	changes *ring.Packed[Change] // nil: there are none yet
	values  *ring.Packed[uint32]
}

// Add records that the variables of c.Mask have changed to their values in now.
func (l *Log) Add(c *Change, now *Vars) {
	l.Count++
	if l.Off || l.Count <= uint64(l.Len()) {
		return
	}
	l.begin()
	at := l.changes.Grow()
	*at = *c
	at.first = uint32(l.values.Len())
	for m := c.Mask; m != 0; m &= m - 1 {
		l.values.Push(now[bits.TrailingZeros32(m)])
	}
}

// begin makes the lists.
func (l *Log) begin() {
	if l.changes == nil {
		l.changes, l.values = ring.NewPacked(packChanges, unpackChanges), ring.NewPacked(packValues, unpackValues)
	}
}

// Len returns how many records are kept, also of what lies ahead of the state.
func (l *Log) Len() int { return l.changes.Len() }

const changeBytes = 48 // of a Change in memory

// Bytes returns about how much memory the records take.
func (l *Log) Bytes() int {
	return l.changes.Bytes(changeBytes) + l.values.Bytes(4) + l.Acts.Bytes()
}

// First returns the first record that is still kept.
func (l *Log) First() int { return l.changes.First() }

// Forget drops records before number n, as far as that is easily done.
func (l *Log) Forget(n int) {
	l.changes.Forget(n)
	if first := l.changes.First(); first < l.changes.Len() {
		l.values.Forget(int(l.changes.At(first).first))
	}
}

// Restart forgets everything; the next record to be kept is number n.
func (l *Log) Restart(n uint64) {
	l.begin()
	l.changes.Restart(int(n))
	l.values.Restart(0)
}

// At returns record i, for looking at; it must be kept.
func (l *Log) At(i int) *Change { return l.changes.At(i) }

// Value returns what record i set variable v to; false if it left it alone.
func (l *Log) Value(i int, v Var) (uint32, bool) {
	c := l.changes.At(i)
	if c.Mask&(1<<v) == 0 {
		return 0, false
	}
	return *l.values.At(int(c.first) + bits.OnesCount32(c.Mask&(1<<v-1))), true
}

// Truncate forgets everything past the first n records: the future of a lab
// that took another turn.
func (l *Log) Truncate(n int) {
	if n <= l.First() {
		if l.changes != nil && n < l.Len() {
			l.Restart(uint64(n))
		}
		return
	}
	if n < l.Len() {
		l.values.Truncate(int(l.changes.At(n).first))
		l.changes.Truncate(n)
	}
}
