package tcp

// InfoField is a field of what getsockopt(2) gives for TCP_INFO: Linux's name, with its unit. Only
// those stand here that a connection can tell; what Linux measures and this stack does not is absent.
type InfoField struct {
	Name string // tcpi_…
	Unit string // "us", "ms", "bytes", "segments", "bytes/s"; "": a number without one
	get  func(c *Conn, conf *Config, now int64) int64
}

// Value returns the field of a connection at a time.
func (f *InfoField) Value(c *Conn, conf *Config, now int64) int64 { return f.get(c, conf, now) }

// Bits of tcpi_options.
const (
	InfoTimestamps = 1 << iota
	InfoSack
	InfoScale
	InfoECN
	InfoECNSeen
	InfoSYNData
)

// infoStates are the numbers of Linux's include/net/tcp_states.h. A socket
// that a program holds in TIME-WAIT shows as closed there.
var infoStates = [...]int64{Closed: 7, Listen: 10, SynSent: 2, SynReceived: 3, Established: 1, FinWait1: 4,
	FinWait2: 5, CloseWait: 8, Closing: 11, LastAck: 9, TimeWait: 7}

const segments = "segments"

// InfoFields is the table of all fields, in Linux's order.
var InfoFields = []InfoField{
	{"tcpi_state", "", func(c *Conn, _ *Config, _ int64) int64 { return infoStates[c.State] }},
	{"tcpi_ca_state", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.CA) }},
	{"tcpi_retransmits", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Retries) }},
	{"tcpi_probes", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Probes) }},
	{"tcpi_backoff", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Backoff) }},
	{"tcpi_options", "", infoOptions},
	{"tcpi_snd_wscale", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.SndScale) }},
	{"tcpi_rcv_wscale", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.RcvScale) }},
	{"tcpi_rto", "us", func(c *Conn, conf *Config, _ int64) int64 { return c.RTO(conf) / 1000 }},
	{"tcpi_ato", "us", func(c *Conn, conf *Config, _ int64) int64 {
		return min(int64(c.AckTimeoutUs), c.longestDelay(conf)/1000)
	}},
	{"tcpi_snd_mss", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.SndMSS) }},
	{"tcpi_rcv_mss", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.RcvMSS) }},
	{"tcpi_unacked", segments, infoUnacked},
	{"tcpi_sacked", segments, infoSacked},
	{"tcpi_lost", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.LostOut) }},
	{"tcpi_retrans", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.RetransOut) }},
	{"tcpi_fackets", segments, nothing},
	{"tcpi_last_data_sent", "ms", func(c *Conn, _ *Config, now int64) int64 { return c.since(now, c.Use.SentAt) }},
	{"tcpi_last_ack_sent", "ms", nothing},
	{"tcpi_last_data_recv", "ms", func(c *Conn, _ *Config, now int64) int64 { return c.since(now, c.LastDataAt) }},
	{"tcpi_last_ack_recv", "ms", func(c *Conn, _ *Config, now int64) int64 { return c.since(now, c.LastRecvAt) }},
	{"tcpi_pmtu", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.PathMTU) }},
	{"tcpi_rcv_ssthresh", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.RcvSsthresh) }},
	{"tcpi_rtt", "us", func(c *Conn, _ *Config, _ int64) int64 { return c.SRTT / 1000 }},
	{"tcpi_rttvar", "us", func(c *Conn, _ *Config, _ int64) int64 { return c.RTTVar / 1000 }},
	{"tcpi_snd_ssthresh", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Ssthresh) }},
	{"tcpi_snd_cwnd", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Cwnd) }},
	{"tcpi_advmss", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.advMSS()) }},
	{"tcpi_reordering", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Reordering) }},
	{"tcpi_rcv_rtt", "us", func(c *Conn, _ *Config, _ int64) int64 {
		if len(c.Tune) == 0 {
			return 0
		}
		return c.Tune[0].RTT / 1000
	}},
	{"tcpi_rcv_space", "bytes", func(c *Conn, _ *Config, _ int64) int64 {
		if len(c.Tune) == 0 {
			return int64(min(c.RcvWnd, 10*c.MyMSS))
		}
		return int64(c.Tune[0].Space)
	}},
	{"tcpi_total_retrans", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.Retrans) }},
	{"tcpi_pacing_rate", "bytes/s", func(c *Conn, conf *Config, _ int64) int64 { return int64(c.pacingRate(conf)) }},
	{"tcpi_max_pacing_rate", "bytes/s", func(c *Conn, _ *Config, _ int64) int64 { return int64(or(c.Opts.Rare().MaxPacing, 1<<64-1)) }},
	{"tcpi_bytes_acked", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.BytesAcked) }},
	{"tcpi_bytes_received", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.BytesReceived) }},
	{"tcpi_segs_out", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.SegsOut) }},
	{"tcpi_segs_in", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.SegsIn) }},
	{"tcpi_notsent_bytes", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.unsent()) }},
	{"tcpi_min_rtt", "us", func(c *Conn, _ *Config, _ int64) int64 {
		if v := c.MinRTT.Value(); v != Never {
			return v / 1000
		}
		return 1<<32 - 1 // Linux: all ones
	}},
	{"tcpi_data_segs_in", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.DataSegsIn) }},
	{"tcpi_data_segs_out", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.DataSegsOut) }},
	{"tcpi_delivered", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Delivered) }},
	{"tcpi_delivered_ce", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.DeliveredCE) }},
	{"tcpi_bytes_sent", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.BytesSent) }},
	{"tcpi_bytes_retrans", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.BytesRetrans) }},
	{"tcpi_dsack_dups", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.DSackDups) }},
	{"tcpi_reord_seen", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.ReorderSeen) }},
	{"tcpi_rcv_ooopack", segments, func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.OutOfOrder) }},
	{"tcpi_snd_wnd", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.SndWnd) }},
	{"tcpi_rcv_wnd", "bytes", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.window()) }},
	{"tcpi_rehash", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.RTOs.Rehashes) }},
	{"tcpi_total_rto", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.RTOs.Count) }},
	{"tcpi_total_rto_recoveries", "", func(c *Conn, _ *Config, _ int64) int64 { return int64(c.Segs.RTOs.Recoveries) }},
	{"tcpi_total_rto_time", "ms", func(c *Conn, _ *Config, now int64) int64 { return c.Segs.RTOs.total(now) }},
}

// nothing is what Linux gives for fields that it no longer fills.
func nothing(*Conn, *Config, int64) int64 { return 0 }

// TimeoutCounts count retransmission timeouts. A recovery is a row of them without news from the peer.
type TimeoutCounts struct {
	Ms                          uint32 // from the first timeout of a recovery until it was over, summed up; less the time now if one goes on
	Count, Recoveries, Rehashes uint16 // the last: how often another path was chosen
	Running                     bool   // a recovery goes on
}

// timedOut counts a timeout that is about to send again. Of a SYN-ACK that a listener's child sent the time counts from when it went
// out first (Linux counts these in the request), and no other path is chosen.
func (c *Conn) timedOut(env *Env) {
	t, since := &c.Segs.RTOs, env.Now
	if c.State == SynReceived && c.Passive {
		since = c.Rtx.Front().At
	} else {
		t.Rehashes++
	}
	if c.Retries == 0 {
		t.Recoveries++
		if !t.Running {
			t.Running = true
			t.Ms -= uint32(since / msNs)
		}
	}
	t.Count++
}

// timeoutOver ends the time of a recovery. The answer to our own SYN does not: Linux still is in its state Loss then.
func (c *Conn) timeoutOver(env *Env, syn bool) {
	if t := &c.Segs.RTOs; t.Running && c.CA != Loss && (c.Passive || !syn) {
		t.Ms, t.Running = uint32(t.total(env.Now)), false
	}
}

func (t *TimeoutCounts) total(now int64) int64 {
	if !t.Running {
		return int64(t.Ms)
	}
	return int64(t.Ms + uint32(now/msNs))
}

// Info returns the field of a name; false if there is none.
func (c *Conn) Info(name string, conf *Config, now int64) (int64, bool) {
	for i := range InfoFields {
		if f := &InfoFields[i]; f.Name == name {
			return f.Value(c, conf, now), true
		}
	}
	return 0, false
}

func infoOptions(c *Conn, _ *Config, _ int64) (v int64) {
	for _, o := range []struct {
		on  bool
		bit int64
	}{{c.TS.On, InfoTimestamps}, {c.SackOn, InfoSack}, {c.ScaleOn, InfoScale}, {c.ECN.On, InfoECN}, {c.ECN.Seen, InfoECNSeen}, {c.Fast.DataAcked, InfoSYNData}} {
		if o.on {
			v |= o.bit
		}
	}
	return v
}

// infoUnacked is what is in flight; of a listener Linux gives how many connections wait for
// accept(2) there, and as tcpi_sacked how many may.
func infoUnacked(c *Conn, _ *Config, _ int64) int64 {
	if c.State == Listen {
		return int64(len(c.Ready))
	}
	return int64(c.packetsOut())
}

func infoSacked(c *Conn, _ *Config, _ int64) int64 {
	if c.State == Listen {
		return int64(c.Backlog)
	}
	return int64(c.SackedOut)
}

// since returns the milliseconds since a time; of what never was, since the peer was heard of last.
func (c *Conn) since(now, at int64) int64 {
	if at == Never || at <= 0 {
		at = c.LastRecvAt
	}
	if at <= 0 || c.State < Established {
		return 0
	}
	return (now - at) / msNs
}
