package drill

import (
	"wirelab/stack/tcp"
)

// variable is a field of TCP_INFO that the stack can tell.
type variable struct {
	name string
	get  func(c *tcp.Conn) int64
}

// linuxStates are the numbers of Linux's include/net/tcp_states.h. A socket
// that a program holds in TIME-WAIT shows as closed there.
var linuxStates = [...]int64{tcp.Closed: 7, tcp.Listen: 10, tcp.SynSent: 2, tcp.SynReceived: 3, tcp.Established: 1, tcp.FinWait1: 4,
	tcp.FinWait2: 5, tcp.CloseWait: 8, tcp.Closing: 11, tcp.LastAck: 9, tcp.TimeWait: 7}

// variables lists what the stack knows; a script that names another one
// cannot be run. Times are microseconds, windows segments or bytes, as in Linux.
var variables = []variable{
	{"tcpi_state", func(c *tcp.Conn) int64 { return linuxStates[c.State] }},
	{"tcpi_ca_state", func(c *tcp.Conn) int64 { return int64(c.CA) }},
	{"tcpi_retransmits", func(c *tcp.Conn) int64 { return int64(c.Retries) }},
	{"tcpi_backoff", func(c *tcp.Conn) int64 { return int64(c.Backoff) }},
	{"tcpi_options", func(c *tcp.Conn) int64 {
		v := int64(0)
		for _, o := range []struct {
			on   bool
			name string
		}{{c.ScaleOn, "TCPI_OPT_WSCALE"}, {c.SackOn, "TCPI_OPT_SACK"}, {c.TS.On, "TCPI_OPT_TIMESTAMPS"}, {c.ECN.On, "TCPI_OPT_ECN"}, {c.ECN.Seen, "TCPI_OPT_ECN_SEEN"}, {c.Fast.DataAcked, "TCPI_OPT_SYN_DATA"}} {
			if o.on {
				v |= infoConstants[o.name]
			}
		}
		return v
	}},
	{"tcpi_snd_wscale", func(c *tcp.Conn) int64 { return int64(c.SndScale) }},
	{"tcpi_rcv_wscale", func(c *tcp.Conn) int64 { return int64(c.RcvScale) }},
	{"tcpi_snd_mss", func(c *tcp.Conn) int64 { return int64(c.SndMSS) }},
	{"tcpi_rcv_mss", func(c *tcp.Conn) int64 { return int64(c.RcvMSS) }},
	{"tcpi_advmss", func(c *tcp.Conn) int64 { return int64(c.MyMSS) }},
	{"tcpi_unacked", func(c *tcp.Conn) int64 { return int64(c.Rtx.Len()) }},
	{"tcpi_sacked", func(c *tcp.Conn) int64 { return int64(c.SackedOut) }},
	{"tcpi_lost", func(c *tcp.Conn) int64 { return int64(c.LostOut) }},
	{"tcpi_retrans", func(c *tcp.Conn) int64 { return int64(c.RetransOut) }},
	{"tcpi_rtt", func(c *tcp.Conn) int64 { return c.SRTT / 1000 }},
	{"tcpi_rttvar", func(c *tcp.Conn) int64 { return c.RTTVar / 1000 }},
	{"tcpi_snd_ssthresh", func(c *tcp.Conn) int64 { return int64(c.Ssthresh) }},
	{"tcpi_snd_cwnd", func(c *tcp.Conn) int64 { return int64(c.Cwnd) }},
	{"tcpi_total_retrans", func(c *tcp.Conn) int64 { return int64(c.Segs.Retrans) }},
	{"tcpi_bytes_acked", func(c *tcp.Conn) int64 { return int64(c.Segs.BytesAcked) }},
	{"tcpi_bytes_received", func(c *tcp.Conn) int64 { return int64(c.Segs.BytesReceived) }},
	{"tcpi_segs_out", func(c *tcp.Conn) int64 { return int64(c.Segs.SegsOut) }},
	{"tcpi_segs_in", func(c *tcp.Conn) int64 { return int64(c.Segs.SegsIn) }},
	{"tcpi_data_segs_in", func(c *tcp.Conn) int64 { return int64(c.Segs.DataSegsIn) }},
	{"tcpi_data_segs_out", func(c *tcp.Conn) int64 { return int64(c.Segs.DataSegsOut) }},
	{"tcpi_bytes_sent", func(c *tcp.Conn) int64 { return int64(c.Segs.BytesSent) }},
	{"tcpi_bytes_retrans", func(c *tcp.Conn) int64 { return int64(c.Segs.BytesRetrans) }},
	{"tcpi_probes", func(c *tcp.Conn) int64 { return int64(c.Probes) }},
	{"tcpi_pmtu", func(c *tcp.Conn) int64 { return int64(c.PathMTU) }},
	{"tcpi_reordering", func(c *tcp.Conn) int64 { return int64(c.Reordering) }},
	{"tcpi_reord_seen", func(c *tcp.Conn) int64 { return int64(c.ReorderSeen) }},
	{"tcpi_dsack_dups", func(c *tcp.Conn) int64 { return int64(c.DSackDups) }},
	{"tcpi_delivered", func(c *tcp.Conn) int64 { return int64(c.Delivered) }},
	{"tcpi_rcv_ssthresh", func(c *tcp.Conn) int64 { return int64(c.RcvSsthresh) }},
	{"tcpi_min_rtt", func(c *tcp.Conn) int64 {
		if v := c.MinRTT.Value(); v != tcp.Never {
			return v / 1000
		}
		return 1<<32 - 1
	}},
	{"tcpi_notsent_bytes", notSent},
	{"tcpi_snd_wnd", func(c *tcp.Conn) int64 { return int64(c.SndWnd) }},
	{"tcpi_rcv_wnd", func(c *tcp.Conn) int64 { return max(int64(int32(c.RcvWup+c.RcvWnd-c.RcvNxt)), 0) }},
}

// notSent returns the bytes that were written and never sent.
func notSent(c *tcp.Conn) int64 {
	sent := c.SndNxt - c.SndUna
	if !c.SynAcked && sent > 0 {
		sent-- // the SYN
	}
	return max(int64(c.SndQueued)-int64(sent), 0)
}

// infoConstants are the names beside the variables.
var infoConstants = map[string]int64{
	"TCP_ESTABLISHED": 1, "TCP_SYN_SENT": 2, "TCP_SYN_RECV": 3, "TCP_FIN_WAIT1": 4, "TCP_FIN_WAIT2": 5, "TCP_TIME_WAIT": 6,
	"TCP_CLOSE": 7, "TCP_CLOSE_WAIT": 8, "TCP_LAST_ACK": 9, "TCP_LISTEN": 10, "TCP_CLOSING": 11, "TCP_NEW_SYN_RECV": 12,
	"TCP_CA_Open": 0, "TCP_CA_Disorder": 1, "TCP_CA_CWR": 2, "TCP_CA_Recovery": 3, "TCP_CA_Loss": 4,
	"TCPI_OPT_TIMESTAMPS": 1, "TCPI_OPT_SACK": 2, "TCPI_OPT_WSCALE": 4, "TCPI_OPT_ECN": 8, "TCPI_OPT_ECN_SEEN": 16,
	"TCPI_OPT_SYN_DATA": 32, "TCPI_OPT_USEC_TS": 64, "TCPI_OPT_TFO_CHILD": 128,
}

// snapshot is a snippet of code with what the connection looked like when it
// was reached. The code itself runs when the script is over.
type snapshot struct {
	code   *Shell
	values []int64 // by index in variables
	rto    int64
}

// snapshot takes down the variables of the connection under test.
func (r *runner) snapshot(code *Shell) error {
	c := r.underTest()
	if c == nil {
		return cannot(code.Line, "code when there is no socket to ask for TCP_INFO")
	}
	s := snapshot{code: code, rto: c.RTO(&r.host.Conf) / 1000}
	for i := range variables {
		s.values = append(s.values, variables[i].get(c))
	}
	r.snapshots = append(r.snapshots, s)
	return nil
}

// underTest returns the connection of the descriptor that the script means:
// that of the flow, else the one opened last.
func (r *runner) underTest() *tcp.Conn {
	if r.flow != nil && r.flow.fd >= 0 {
		if c := r.host.Conn(r.flow.fd); c != nil {
			return c
		}
	}
	for i := len(r.fds) - 1; i >= 0; i-- {
		if c := r.host.Conn(r.fds[i].live); c != nil {
			return c
		}
	}
	return nil
}

// lookup returns the value of a name that the snapshot or Linux gives.
func (s *snapshot) lookup(name string) (int64, bool) {
	if name == "tcpi_rto" {
		return s.rto, true
	}
	for i := range variables {
		if variables[i].name == name {
			return s.values[i], true
		}
	}
	v, ok := infoConstants[name]
	return v, ok
}
