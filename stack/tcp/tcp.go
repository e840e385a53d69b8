// Package tcp is the Transmission Control Protocol of RFC 9293 and its
// companions, one file per concern, with Linux's choices where the RFCs leave
// one. A connection is plain state (Conn) that is driven from outside: Input
// takes a segment, Timers fires what is due, the calls of calls.go come from
// the program; each ends in Output, which hands segments to the Env.
//
// It may import block, event, ring, seq, timer and wire. Start reading at Conn, then input.go
// (RFC 9293 §3.10.7) and output.go. Sequence numbers are uint32 and compared
// with package seq; times are nanoseconds of virtual time.
package tcp

import (
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/ring"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// Never is the time of a timer that is not running.
const Never = timer.Never

// State is a connection's state (RFC 9293 §3.3.2).
type State uint8

// The eleven states.
const (
	Closed State = iota
	Listen
	SynSent
	SynReceived
	Established
	FinWait1
	FinWait2
	CloseWait
	Closing
	LastAck
	TimeWait
)

var stateNames = [...]string{"CLOSED", "LISTEN", "SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2",
	"CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"}

func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "?"
}

// Endpoint is an address and a port.
type Endpoint struct {
	Addr wire.Addr
	Port uint16
}

// Bits of Conn.Wake: what a program that waits for the connection may now do.
const (
	WakeReadable = 1 << iota
	WakeWritable
	WakeConnected
	WakeError
	WakeClosed
	WakeBlackHole // not for programs: Fast Open does not get through, or it does
	WakeFastWorks
)

// Extent is a stretch of payload within a block.
type Extent struct {
	Block    block.Handle
	Off, Len uint32
}

// Held is a segment's payload that arrived ahead of a gap.
type Held struct {
	Stored
	Seq uint32
	Fin bool
}

// Sent is a segment that is on its way and not yet acknowledged.
type Sent struct {
	At    int64 // when it was last sent
	Seq   uint32
	Len   uint32 // in sequence space: SYN and FIN count
	Flags uint8  // SYN, FIN and PSH of the segment
	Mark  uint8
	Xmit  uint8 // how often it was sent
}

// Marks of Sent.
const (
	markLost    = 1 << iota // taken for lost
	markRetrans             // sent again, and that copy is on its way
	markSacked              // arrived, says a SACK block (RFC 2018)
	markJoined              // several segments that were sent again as one
	markEnd                 // the last segment of the piece that it left in (segmentation offload)
	markRecord              // the end of a record: nothing may be joined to it (MSG_EOR)
)

// Sacked reports whether a SACK block says that the segment arrived, Resent whether a copy of it is on its way again, Lost whether it is
// taken for lost and waits to be sent again.
func (s *Sent) Sacked() bool { return s.Mark&markSacked != 0 }
func (s *Sent) Resent() bool { return s.Mark&(markSacked|markRetrans) == markRetrans }
func (s *Sent) Lost() bool   { return s.Mark&(markSacked|markRetrans|markLost) == markLost }

// Span is a stretch of sequence space, from Start up to, not including, End.
type Span struct{ Start, End uint32 }

// CAState is where loss recovery stands, with Linux's names and numbers.
type CAState uint8

const (
	Open CAState = iota
	Disorder
	CWR
	Recovery
	Loss
)

var caNames = [...]string{"Open", "Disorder", "CWR", "Recovery", "Loss"}

func (s CAState) String() string { return caNames[min(int(s), len(caNames)-1)] }

// Conn is the transmission control block of one connection: plain state. The
// fields of RFC 9293 §3.3.1 keep their names.
type Conn struct {
	Local, Remote Endpoint
	ID            uint32 // slot in the host's table
	Gen           uint32 // how often the slot was used before
	Parent        uint32 // listener's slot plus one while waiting to be accepted
	State         State
	Passive       bool // opened by a listener
	Deferred      bool // the handshake is done but for the data that TCP_DEFER_ACCEPT waits for
	Queued        bool // stands in the listener's queue
	FastOpened    bool // data may flow before the handshake is done (RFC 7413)
	Orphan        bool // no program holds it any more
	Err           Errno
	SoftErr       Errno // what ICMP reported; told if nothing else helps
	Wake          uint8
	Opts          Options

	// Send side.
	ISS, SndUna, SndNxt, SndWnd uint32
	SndWl1, SndMaxWnd           uint32
	SndMSS                      uint32 // payload bytes of a full segment
	SndScale                    uint8
	Flush                       bool // what is queued goes, whatever Nagle's rule and TCP_CORK say
	SynAcked                    bool
	FinQueued                   bool // FIN follows the last byte of SndBuf
	FinSent                     bool
	PushSeq                     uint32 // behind the last byte of the last write
	Pushed                      uint32 // behind the last segment with PSH
	SmallEnd                    uint32 // behind the last segment that was not full
	SndBufMax                   uint32
	SndQueued                   uint32 // bytes in SndBuf
	SndBuf                      ring.Ring[Extent]
	SndUp                       uint32 // behind the last urgent byte (RFC 9293 §3.8.5)
	SndOff                      uint32 // acknowledged bytes at the front of SndBuf's first extent
	NextExtent, NextOff         uint32 // where SndNxt stands in SndBuf
	Rtx                         ring.Ring[Sent]

	// Receive side.
	IRS, RcvNxt, RcvWup uint32 // RcvWup: RcvNxt when the window was last advertised
	RcvWnd              uint32 // window as last advertised, counted from RcvWup
	RcvMSS              uint32 // the peer's segments, as seen
	RcvScale            uint8
	RcvRatio            uint8 // of 256: which part of the buffer may be promised as window
	NoMemory            bool  // the next segment advertises a closed window: the buffer is overdrawn
	FinReceived         bool
	ReadShut, SawEOF    bool
	RcvBufSet           bool // SO_RCVBUF said how large the buffer is
	Urging              bool // of the other direction: SndUp means something
	Urg                 Urgent
	RcvBufMax           uint32 // SO_RCVBUF, in bytes of memory
	RcvClamp            uint32 // the largest window ever
	RcvQueued           uint32
	RcvBuf              ring.Ring[Stored]
	OutOfOrder          ring.Ring[Held]
	RcvCharge           uint32 // what the received data that nobody has read costs of RcvBufMax, in bytes
	RcvSsthresh         uint32 // the largest window to offer yet: it grows as data comes

	Sacks []SackState // one, once something arrived out of order or twice

	// Acknowledging.
	AckCause event.Cause
	// How many of the next ACKs go out at once, unless the program answers soon.
	Quick        uint8
	Pushes       uint8  // small segments that arrived since the last ACK, up to two (Linux's ICSK_ACK_PUSHED)
	LastSegment  uint16 // size of the last segment if it may have been full
	GSOSegs      uint16 // gso_max_segs of the interface: how many segments may leave as one piece
	Pruned       uint16 // times that memory was short and what waited behind a gap was dropped
	AckTimeoutUs uint32 // how long an ACK waits for data to ride on (Linux's ato)
	Interactive  bool   // the program answers what it gets, so ACKs ride on data (Linux's pingpong)
	DelAckMissed bool   // … but the last time it did not in time
	LastDataAt   int64
	LastRecvAt   int64 // an acceptable segment

	// Congestion control, in segments.
	Cwnd, CwndCount, Ssthresh uint32
	Use                       WindowUse
	Cubic                     []CubicState // one, if that is the algorithm and data was sent
	BBR                       []BBRState   // one, if that is the algorithm

	// Loss recovery, in segments. Without SACK, Sacked counts duplicate ACKs.
	CA                              CAState
	SackedOut, LostOut, RetransOut  uint32
	HighSeq, RecoverFrom            uint32 // SndNxt and SndUna when recovery began
	HighSacked                      uint32 // behind the highest segment SACKed, if SackedOut is not zero
	Reordering                      uint32 // duplicate ACKs that mean a loss, as far as we know the path
	ReorderSeen, DSackDups          uint32
	Delivered, Lost                 uint32 // segments that arrived, and that were taken for lost, ever
	PriorCwnd, PrrDelivered, PrrOut uint32 // since recovery began: the window then, arrived, sent (RFC 6937)
	Undo                            UndoState
	Frto, Reneged                   bool
	AckNow                          bool // of acknowledging: an ACK is due at once, and why
	AckReason                       event.Reason
	Rack                            RackState
	Probe                           ProbeState

	// Round trips (RFC 6298), ns.
	SRTT, RTTVar, RTOBase int64
	RTTSpread             int64 // what RTO adds to SRTT; it shrinks once a round trip only
	RTTSpreadMax          int64 // the largest 4·RTTVar of this round trip
	RTTSeq                uint32
	Backoff               uint8
	Retries               uint8
	XmitTimer             XmitTimer // what RTOAt is for
	Probes                uint8     // of a closed window or of a silent peer, unanswered
	MinRTT                MinFilter
	RetransAt             int64 // when recovery sent the first segment again; 0: none

	// Options agreed on.
	PathMTU       uint32 // the largest packet that the path lets through
	PeerMSS       uint32
	MyMSS         uint32
	ScaleOn       bool
	SackOn        bool // both ends know SACK (RFC 2018)
	TS            Timestamps
	ECN           ECNState
	UserTimeoutMs uint32     // agreed on by option (RFC 5482)
	TxHash        uint32     // the flow label, over IPv6; zero: to be chosen
	MTU           []MTUProbe // one, if the size that passes is searched for
	Tune          []Tuning   // one, if the receive buffer grows by itself
	Fast          FastOpen

	// Deadlines, ns.
	RTOAt, PersistAt, DelAckAt, WaitAt int64
	KeepAt, PaceAt                     int64
	OutAt                              int64 // when a segment was sent last
	AnsweredAt                         int64

	// Listener.
	Backlog  uint32
	HalfOpen uint32
	Ready    []uint32 // slots of connections that wait to be accepted, oldest first

	Segs Counters
}

// Counters count segments, as TCP_INFO names them.
type Counters struct {
	SegsIn, SegsOut, DataSegsIn, DataSegsOut uint32
	BytesSent, BytesRetrans                  uint64 // payload
	Retrans, OutOfOrder                      uint32 // sent again; arrived ahead of a gap
	BytesReceived, BytesAcked                uint64
	DeliveredCE                              uint32 // arrived, said an ACK that tells of congestion
	RTOs                                     TimeoutCounts
}

// Env is what a connection is handed with each call. It is not state.
type Env struct {
	Now    int64
	Cause  event.Cause // of what is being handled
	Pool   *block.Pool
	Conf   *Config
	Out    Out
	Cookie Cookie // for the SYN that is sent next, if Conn.Fast.Ask
	// SynAckLimit bounds how often a SYN-ACK is repeated while the listener's queue is crowded.
	SynAckLimit uint8

	Challenges *Challenges // of all connections of the host

	seg    Segment // the one being sent, here so that it is not allocated each time
	news   news    // what the ACK being taken in told
	sample rateSample
}

// Out takes the segments that a connection sends.
type Out interface {
	Segment(c *Conn, s *Segment)
}

// Config is what a host sets for all its connections: sysctls by Linux's
// names, in the units of Linux's code where those are sane, else ns and bytes.
type Config struct {
	RTOMinNs, RTOMaxNs, RTOInitNs int64
	RTOFallbackNs                 int64 // after a handshake that gave no round trip
	DelAckNs, MSLNs, FinTimeoutNs int64
	KeepIdleNs, KeepIntvlNs       int64
	KeepCount                     uint8
	SynRetries, SynAckRetries     uint8
	SynLinearTimeouts             uint8
	Retries1, Retries2            uint8
	OrphanRetries                 uint8
	MTUProbing                    uint8  // tcp_mtu_probing
	NoPMTUDisc                    uint8  // ip_no_pmtu_disc
	BaseMSS, ProbeFloor           uint32 // tcp_base_mss, tcp_mtu_probe_floor
	RFC1337, UserTimeoutOption    bool
	ModerateRcvBuf                bool
	RetransCollapse               bool
	HyStartPlus                   bool // wirelab.hystart_plus_plus
	WindowScaling                 bool
	Sack, DSack, Timestamps       bool
	PlainStamps                   bool  // tcp_timestamps is 2: they begin at the same value for all
	EarlyRetrans, Recovery, Frto  uint8 // tcp_early_retrans, tcp_recovery, tcp_frto
	Reordering, MaxReordering     uint32
	SlowStartAfterIdle            bool
	NotSentLowat                  uint32
	FairQueue                     bool   // net.core.default_qdisc is fq, which keeps the pace that TCP asks for
	PacingSS, PacingCA            uint16 // tcp_pacing_ss_ratio, tcp_pacing_ca_ratio, in per cent
	InvalidRateNs                 int64  // tcp_invalid_ratelimit
	ChallengeLimit                uint32 // tcp_challenge_ack_limit, a second
	MinRTTWindowMs                uint32 // tcp_min_rtt_wlen
	ProbeIntervalNs               int64  // tcp_probe_interval
	ProbeThreshold                uint32 // tcp_probe_threshold
	MinSndMSS                     uint32 // tcp_min_snd_mss
	MinTSOSegs, TSORTTLog         uint8  // tcp_min_tso_segs, tcp_tso_rtt_log
	TSOWinDivisor                 uint8  // tcp_tso_win_divisor
	ThinLinear, ShrinkWindow      bool   // tcp_thin_linear_timeouts, tcp_shrink_window
	StdUrg, SignedWindows         bool   // tcp_stdurg, tcp_workaround_signed_windows
	CompSackNs                    int64  // tcp_comp_sack_delay_ns
	CompSackMost                  uint8  // tcp_comp_sack_nr
	AppWin                        uint8  // tcp_app_win
	ECN                           uint8  // tcp_ecn: 0 never, 1 ask for it, 2 accept it
	ECNFallback                   bool
	CongestionControl             uint8 // an index into algorithms
	InitialWindow                 uint32
	RmemDefault, RmemMax          uint32 // what tcp_rmem says second and third: receive buffers begin and end with that
	WmemDefault                   uint32
	RmemMin                       uint32    // what tcp_rmem says first
	Wmem                          [3]uint32 // what tcp_wmem says
	RmemLimit, WmemLimit          uint32    // net.core.rmem_max and wmem_max: of SO_RCVBUF and SO_SNDBUF
	Quirks                        uint32
	FixedISN                      int64 // -1: by hash
}

// Quirks are deliberately broken variants, off unless a lab asks for them.
const (
	QuirkNoTimeWait = 1 << iota
	QuirkStopAndWait
	QuirkNoCongestionControl
	QuirkNoDelayedAck
	QuirkNoChecksum
	QuirkTwoWayHandshake
	QuirkPredictableISN
)

// unlimited is the value of tcp_challenge_ack_limit with which it is none.
const unlimited = 1<<31 - 1

// DefaultConfig returns Linux's defaults.
func DefaultConfig() Config {
	const ms = int64(1_000_000)
	return Config{
		RTOMinNs: 200 * ms, RTOMaxNs: 120_000 * ms, RTOInitNs: 1000 * ms, RTOFallbackNs: 3000 * ms,
		DelAckNs: 40 * ms, MSLNs: 30_000 * ms, FinTimeoutNs: 60_000 * ms,
		KeepIdleNs: 7200_000 * ms, KeepIntvlNs: 75_000 * ms, KeepCount: 9,
		SynRetries: 6, SynAckRetries: 5, SynLinearTimeouts: 4, Retries1: 3, Retries2: 15, BaseMSS: 1024, ProbeFloor: 48, OrphanRetries: 0,
		ModerateRcvBuf: true, RetransCollapse: true, WindowScaling: true, Sack: true, DSack: true, Timestamps: true,
		EarlyRetrans: 3, Recovery: 1, Frto: 2, Reordering: 3, MaxReordering: 300, SlowStartAfterIdle: true, NotSentLowat: 1<<32 - 1, ECN: 2, ECNFallback: true,
		PacingSS: 200, PacingCA: 120, InvalidRateNs: 500 * ms, ChallengeLimit: unlimited, MinRTTWindowMs: 300_000,
		ProbeIntervalNs: 600_000 * ms, ProbeThreshold: 8, MinSndMSS: minMSS, AppWin: 31,
		MinTSOSegs: 2, TSORTTLog: 9, TSOWinDivisor: 3,
		CompSackNs: msNs, CompSackMost: 44,
		InitialWindow: 10,
		RmemDefault:   131072, RmemMax: 6291456, WmemDefault: 2626560,
		RmemMin: 4096, Wmem: [3]uint32{4096, 16384, 4194304}, RmemLimit: 4194304, WmemLimit: 4194304,
		FixedISN: -1,
	}
}

// Init makes c a closed connection with the host's defaults, in slot id.
func (c *Conn) Init(conf *Config, id, gen uint32) {
	*c = Conn{
		ID: id, Gen: gen, SndBufMax: conf.WmemDefault, RcvBufMax: conf.RmemDefault, RcvRatio: firstRatio, GSOSegs: MaxPieceSegs,
		LastDataAt: Never, RTOAt: Never, PersistAt: Never, DelAckAt: Never, WaitAt: Never,
		RTOBase: conf.RTOInitNs, Ssthresh: infinite, Cwnd: conf.InitialWindow,
		PeerMSS: defaultMSS, SndMSS: defaultMSS, RcvMSS: defaultMSS, AnsweredAt: -1 << 62,
		Opts: Options{CC: conf.CongestionControl}, KeepAt: Never, PaceAt: Never, Use: WindowUse{SentAt: -1}, Reordering: conf.Reordering, Rack: RackState{Steps: 1},
	}
}

const (
	infinite    = 0x7fffffff // Linux's TCP_INFINITE_SSTHRESH
	defaultMSS  = 536        // RFC 9293 §3.7.1, MUST-15
	defaultMSS6 = 1220       // over IPv6
	minMSS      = 48         // Linux's tcp_min_snd_mss
)

// Update brings v up to date and returns the set of variables that changed.
func (c *Conn) Update(v *event.Vars) (changed uint32) {
	changed = v.Set(event.VarState, uint32(c.State)) |
		v.Set(event.VarSndUna, c.SndUna) | v.Set(event.VarSndNxt, c.SndNxt) | v.Set(event.VarSndWnd, c.SndWnd) |
		v.Set(event.VarRcvNxt, c.RcvNxt) | v.Set(event.VarRcvWnd, c.RcvWnd) |
		v.Set(event.VarCwnd, c.Cwnd) | v.Set(event.VarSsthresh, c.Ssthresh) | v.Set(event.VarFlight, c.InFlight()) |
		v.Set(event.VarSRTT, uint32(c.SRTT/1000)) | v.Set(event.VarRTTVar, uint32(c.RTTVar/1000)) |
		v.Set(event.VarRTO, uint32(c.RTO(nil)/1000)) | v.Set(event.VarBackoff, uint32(c.Backoff)) |
		v.Set(event.VarMSS, c.SndMSS) | v.Set(event.VarCAState, uint32(c.CA))
	return changed | v.Set(event.VarSndQueued, c.SndQueued) | v.Set(event.VarRcvQueued, c.RcvQueued) |
		v.Set(event.VarOutOfOrder, uint32(c.OutOfOrder.Len())) |
		v.Set(event.VarISS, c.ISS) | v.Set(event.VarIRS, c.IRS) | v.Set(event.VarSndWl1, c.SndWl1) | v.Set(event.VarSndUp, c.SndUp) |
		v.Set(event.VarSndScale, uint32(c.SndScale)) | v.Set(event.VarRcvScale, uint32(c.RcvScale)) |
		v.Set(event.VarSacked, c.SackedOut) | v.Set(event.VarLost, c.LostOut) | v.Set(event.VarRetrans, c.RetransOut) |
		v.Set(event.VarRecover, c.HighSeq) | v.Set(event.VarReordering, c.Reordering)
}

// setState moves the connection to state s and wakes whoever waits for it.
func (c *Conn) setState(s State) {
	c.State = s
	if s == Established {
		c.Wake |= WakeConnected | WakeWritable
	}
	if s == Closed {
		c.Wake |= WakeClosed | WakeReadable | WakeWritable
	}
}

// fail ends the connection because nothing comes back: with what ICMP said about it, if
// anything, else with err.
func (c *Conn) fail(env *Env, err Errno) {
	if c.SoftErr != 0 {
		err = c.SoftErr
	}
	c.finish(env, err)
}

// finish ends the connection with an error, or without one, and frees what it holds.
func (c *Conn) finish(env *Env, err Errno) {
	if err != 0 {
		c.Err = err
		c.Wake |= WakeError
	}
	c.fastEnd()
	c.freeSend(env)
	c.dropHeld(env)
	c.RTOAt, c.PersistAt, c.DelAckAt, c.WaitAt, c.KeepAt, c.PaceAt = Never, Never, Never, Never, Never, Never
	c.AckNow = false
	c.setState(Closed)
}

func (c *Conn) freeSend(env *Env) {
	for c.SndBuf.Len() > 0 {
		env.Pool.Release(c.SndBuf.Pop().Block)
	}
	c.SndBuf.Clear()
	c.Rtx.Clear()
	c.SndQueued, c.SndOff, c.NextExtent, c.NextOff = 0, 0, 0, 0
	c.SackedOut, c.LostOut, c.RetransOut = 0, 0, 0
	c.BBR, c.Cubic, c.Sacks, c.MTU, c.Tune = nil, nil, nil, nil, nil
}

func (c *Conn) dropHeld(env *Env) {
	for c.OutOfOrder.Len() > 0 {
		h := c.OutOfOrder.Pop()
		c.RcvCharge -= h.Cost
		env.Pool.Release(h.Block)
	}
	c.OutOfOrder.Clear()
}

// Free releases everything; the slot may be used again.
func (c *Conn) Free(env *Env) {
	c.freeSend(env)
	c.dropHeld(env)
	for c.RcvBuf.Len() > 0 {
		env.Pool.Release(c.RcvBuf.Pop().Block)
	}
	c.RcvBuf.Clear()
	c.RcvQueued, c.RcvCharge = 0, 0
}
