// Package event is what a host did and why, as plain data: reasons for every
// segment, causes that chain back to the start, one record for each change of a
// connection's variables, and one for each system call and each timer that ran
// out. It imports only ring and wire. Start reading at Why, then Log and Act.
package event

// Cause is where something came from: the number of the event of the
// simulation that was being handled, and a running number within that event.
// It is assigned whether or not anything is recorded, so that replaying a lab
// finds the same causes.
type Cause struct {
	Event uint64
	Index uint32
}

// input is set in Cause.Event of what somebody did; the rest is the number of the journal entry.
const input = 1 << 63

// InputEvent is the event number that stands for journal entry n.
func InputEvent(n uint64) uint64 { return n | input }

// Input returns the journal entry that a cause is; false if it is an event of the simulation.
func (c Cause) Input() (n uint64, ok bool) { return c.Event &^ input, c.Event&input != 0 }

// Why travels with a frame over every link and names what made it.
type Why struct {
	Cause  Cause
	Reason Reason
	Xmit   uint8 // 1 for the first transmission, 2 for the first repeat …
	Copy   uint8 // 0 for the frame itself, n for its n-th duplicate
}

// Reason says why a segment or frame was sent, or what changed a connection.
type Reason uint8

// Reasons for frames and for changes of a connection.
const (
	None Reason = iota
	Connect
	SynAck
	HandshakeAck
	AppWrite
	WindowOpened
	AckArrived
	AckSecond
	AckQuick
	AckDelayed
	AckOutOfOrder
	AckDuplicate
	AckFIN
	WindowUpdate
	Close
	RTO
	FastRetransmit
	PartialAck
	LossRecovery
	ZeroWindowProbe
	ProbeAnswer
	ChallengeAck
	ResetNoConnection
	ResetUnread
	ResetAbort
	ResetUnacceptable
	SegmentArrived
	AppRead
	Listen
	TimeWaitEnd
	FinWait2End
	GaveUp
	ResetReceived
	ARPWho
	ARPIs
	EchoRequest
	EchoReply
	UDPSend
	Unreachable
	TTLExceeded
	Forwarded
	TooBig
	ReassemblyTimeout
	ParameterProblem
	NeighborProbe
	NeighborWho
	NeighborIs
	DuplicateProbe
	RouterWho
	RouterIs
	TailLossProbe
	RackTimeout
	KeepAlive
	PathMTU
	Forged
	RawSend
	nReasons
)

// reasons gives each its key in the word catalogues and the section that asks
// for it.
var reasons = [nReasons]struct{ key, section string }{
	None:              {"none", ""},
	Connect:           {"connect", "RFC 9293 §3.5"},
	SynAck:            {"syn_ack", "RFC 9293 §3.10.7.2"},
	HandshakeAck:      {"handshake_ack", "RFC 9293 §3.10.7.3"},
	AppWrite:          {"app_write", "RFC 9293 §3.10.2"},
	WindowOpened:      {"window_opened", "RFC 9293 §3.8.6"},
	AckArrived:        {"ack_arrived", "RFC 5681 §3.1"},
	AckSecond:         {"ack_second", "RFC 9293 §3.8.6.3"},
	AckQuick:          {"ack_quick", "RFC 5681 §4.2"},
	AckDelayed:        {"ack_delayed", "RFC 9293 §3.8.6.3"},
	AckOutOfOrder:     {"ack_out_of_order", "RFC 5681 §4.2"},
	AckDuplicate:      {"ack_duplicate", "RFC 9293 §3.10.7.4"},
	AckFIN:            {"ack_fin", "RFC 9293 §3.10.7.4"},
	WindowUpdate:      {"window_update", "RFC 9293 §3.8.6.2.2"},
	Close:             {"close", "RFC 9293 §3.6"},
	RTO:               {"rto", "RFC 6298 §5.4"},
	FastRetransmit:    {"fast_retransmit", "RFC 5681 §3.2"},
	PartialAck:        {"partial_ack", "RFC 6582 §3.2"},
	LossRecovery:      {"loss_recovery", "RFC 5681 §3.1"},
	ZeroWindowProbe:   {"zero_window_probe", "RFC 9293 §3.8.6.1"},
	ProbeAnswer:       {"probe_answer", "RFC 9293 §3.8.6.1"},
	ChallengeAck:      {"challenge_ack", "RFC 5961 §3"},
	ResetNoConnection: {"reset_no_connection", "RFC 9293 §3.5.2"},
	ResetUnread:       {"reset_unread", "RFC 9293 §3.6.1"},
	ResetAbort:        {"reset_abort", "RFC 9293 §3.10.5"},
	ResetUnacceptable: {"reset_unacceptable", "RFC 9293 §3.10.7.3"},
	SegmentArrived:    {"segment_arrived", "RFC 9293 §3.10.7.4"},
	AppRead:           {"app_read", "RFC 9293 §3.10.3"},
	Listen:            {"listen", "RFC 9293 §3.10.1"},
	TimeWaitEnd:       {"time_wait_end", "RFC 9293 §3.10.8"},
	FinWait2End:       {"fin_wait2_end", ""},
	GaveUp:            {"gave_up", "RFC 9293 §3.8.3"},
	ResetReceived:     {"reset_received", "RFC 9293 §3.5.3"},
	ARPWho:            {"arp_who", "RFC 826"},
	ARPIs:             {"arp_is", "RFC 826"},
	EchoRequest:       {"echo_request", "RFC 792"},
	EchoReply:         {"echo_reply", "RFC 792"},
	UDPSend:           {"udp_send", "RFC 768"},
	Unreachable:       {"unreachable", "RFC 1122 §3.2.2.1"},
	TTLExceeded:       {"ttl_exceeded", "RFC 1812 §5.3.1"},
	Forwarded:         {"forwarded", "RFC 1812 §5.2"},
	TailLossProbe:     {"tail_loss_probe", "RFC 8985 §7.3"},
	RackTimeout:       {"rack_timeout", "RFC 8985 §6.3"},
	KeepAlive:         {"keep_alive", "RFC 9293 §3.8.4"},
	PathMTU:           {"path_mtu", "RFC 1191 §6"},
	TooBig:            {"too_big", "RFC 1191 §4"},
	ReassemblyTimeout: {"reassembly_timeout", "RFC 1122 §3.3.2"},
	ParameterProblem:  {"parameter_problem", "RFC 8200 §4.2"},
	NeighborProbe:     {"neighbor_probe", "RFC 4861 §7.3.3"},
	NeighborWho:       {"neighbor_who", "RFC 4861 §7.2.2"},
	NeighborIs:        {"neighbor_is", "RFC 4861 §7.2.4"},
	DuplicateProbe:    {"duplicate_probe", "RFC 4862 §5.4.2"},
	RouterWho:         {"router_who", "RFC 4861 §6.3.7"},
	RouterIs:          {"router_is", "RFC 4861 §6.2.4"},
	RawSend:           {"raw_send", ""},
	Forged:            {"forged", ""},
}

// Key returns the reason's key in the word catalogues, without "reason.".
func (r Reason) Key() string { return reasons[min(r, nReasons-1)].key }

// Section returns the section of the RFC that asks for it, or "".
func (r Reason) Section() string { return reasons[min(r, nReasons-1)].section }

// Reasons returns how many reasons there are.
func Reasons() int { return int(nReasons) }
