package event

import "math/bits"

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
	NVars
)

var varNames = [NVars]string{"state", "snd.una", "snd.nxt", "snd.wnd", "rcv.nxt", "rcv.wnd", "cwnd", "ssthresh",
	"flight", "srtt", "rttvar", "rto", "backoff", "mss", "ca_state", "sndq", "rcvq", "ofo"}

func (v Var) String() string { return varNames[min(v, NVars-1)] }

// Vars is a snapshot of a connection's variables: sequence numbers as they
// are, times in microseconds, cwnd and flight in segments, the rest in bytes.
type Vars [NVars]uint32

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
	changes []Change
	values  []uint32
}

// Add records the difference between before and after, if there is one.
func (l *Log) Add(c Change, before, after *Vars) {
	for v := range before {
		if before[v] != after[v] {
			c.Mask |= 1 << v
		}
	}
	if c.Mask == 0 {
		return
	}
	l.Count++
	if l.Off || l.Count <= uint64(len(l.changes)) {
		return
	}
	c.first = uint32(len(l.values))
	for m := c.Mask; m != 0; m &= m - 1 {
		l.values = append(l.values, after[bits.TrailingZeros32(m)])
	}
	l.changes = append(l.changes, c)
}

// Len returns how many records are kept, also of what lies ahead of the state.
func (l *Log) Len() int { return len(l.changes) }

// At returns record i.
func (l *Log) At(i int) *Change { return &l.changes[i] }

// Value returns what record i set variable v to; false if it left it alone.
func (l *Log) Value(i int, v Var) (uint32, bool) {
	c := &l.changes[i]
	if c.Mask&(1<<v) == 0 {
		return 0, false
	}
	return l.values[int(c.first)+bits.OnesCount32(c.Mask&(1<<v-1))], true
}

// Truncate forgets everything past the first n records: the future of a lab
// that took another turn.
func (l *Log) Truncate(n int) {
	if n < len(l.changes) {
		l.values = l.values[:l.changes[n].first]
		l.changes = l.changes[:n]
	}
}
