package stack

import "wirelab/stack/tcp"

const (
	maxInt32   = 1<<31 - 1
	maxUint32  = 1<<32 - 1
	maxSeconds = maxInt32 / 1000 // Linux keeps times as a number of ticks
)

// coreSysctls are settings of sockets and of IP that TCP feels.
var coreSysctls = []sysctl{
	number("net.core.rmem_max", 2304, maxInt32, func(h *Host) *uint32 { return &h.Conf.RmemLimit }),
	number("net.core.somaxconn", 0, maxInt32, func(h *Host) *uint32 { return &h.Limits.Backlog }),
	number("net.core.wmem_max", 4608, maxInt32, func(h *Host) *uint32 { return &h.Conf.WmemLimit }),
	number("net.ipv4.ip_default_ttl", 1, 255, func(h *Host) *uint8 { return &h.TTL }),
	flag("net.ipv4.ip_forward", func(h *Host) *bool { return &h.Forward }),
	number("net.ipv4.ip_no_pmtu_disc", 0, 3, func(h *Host) *uint8 { return &h.Conf.NoPMTUDisc }),
	flag("net.ipv4.ip_nonlocal_bind", func(h *Host) *bool { return &h.Limits.NonlocalBind }),
	number("net.ipv4.route.min_pmtu", leastMTU, maxInt32, func(h *Host) *uint32 { return &h.IP.MinPathMTU }),
	span("net.ipv4.route.mtu_expires", 0, maxSeconds, secondNs, func(h *Host) *int64 { return &h.IP.MTUExpiresNs }),
}

// tcpSysctls are the settings of TCP.
var tcpSysctls = []sysctl{
	flag("net.ipv4.tcp_abort_on_overflow", func(h *Host) *bool { return &h.AbortOnOverflow }),
	small("net.ipv4.tcp_app_win", 31, func(c *tcp.Config) *uint8 { return &c.AppWin }),
	number("net.ipv4.tcp_base_mss", 48, 65535, func(h *Host) *uint32 { return &h.Conf.BaseMSS }),
	number("net.ipv4.tcp_challenge_ack_limit", 0, maxInt32, func(h *Host) *uint32 { return &h.Conf.ChallengeLimit }),
	span("net.ipv4.tcp_comp_sack_delay_ns", 0, 1<<40, 1, func(h *Host) *int64 { return &h.Conf.CompSackNs }),
	small("net.ipv4.tcp_comp_sack_nr", maxUint8, func(c *tcp.Config) *uint8 { return &c.CompSackMost }),
	flag("net.ipv4.tcp_dsack", func(h *Host) *bool { return &h.Conf.DSack }),
	small("net.ipv4.tcp_early_retrans", 4, func(c *tcp.Config) *uint8 { return &c.EarlyRetrans }),
	small("net.ipv4.tcp_ecn", 2, func(c *tcp.Config) *uint8 { return &c.ECN }),
	flag("net.ipv4.tcp_ecn_fallback", func(h *Host) *bool { return &h.Conf.ECNFallback }),
	number("net.ipv4.tcp_fastopen", 0, 1<<20-1, func(h *Host) *uint32 { return &h.FastOpen }),
	number("net.ipv4.tcp_fastopen_blackhole_timeout_sec", 0, maxInt32, func(h *Host) *uint32 { return &h.FastBlackHole.TimeoutS }),
	span("net.ipv4.tcp_fin_timeout", 1, maxSeconds, secondNs, func(h *Host) *int64 { return &h.Conf.FinTimeoutNs }),
	small("net.ipv4.tcp_frto", 2, func(c *tcp.Config) *uint8 { return &c.Frto }),
	span("net.ipv4.tcp_invalid_ratelimit", 0, maxInt32, ms, func(h *Host) *int64 { return &h.Conf.InvalidRateNs }),
	span("net.ipv4.tcp_keepalive_intvl", 1, maxSeconds, secondNs, func(h *Host) *int64 { return &h.Conf.KeepIntvlNs }),
	small("net.ipv4.tcp_keepalive_probes", maxUint8, func(c *tcp.Config) *uint8 { return &c.KeepCount }),
	span("net.ipv4.tcp_keepalive_time", 1, maxSeconds, secondNs, func(h *Host) *int64 { return &h.Conf.KeepIdleNs }),
	number("net.ipv4.tcp_max_orphans", 0, maxInt32, func(h *Host) *uint32 { return &h.Limits.Orphans }),
	number("net.ipv4.tcp_max_reordering", 1, maxInt32, func(h *Host) *uint32 { return &h.Conf.MaxReordering }),
	number("net.ipv4.tcp_max_syn_backlog", 0, maxInt32, func(h *Host) *uint32 { return &h.Limits.SynBacklog }),
	number("net.ipv4.tcp_max_tw_buckets", 0, maxInt32, func(h *Host) *uint32 { return &h.Limits.TimeWaits }),
	{"net.ipv4.tcp_min_rtt_wlen", 0, 86400, func(h *Host) int64 { return int64(h.Conf.MinRTTWindowMs / 1000) },
		func(h *Host, v int64) { h.Conf.MinRTTWindowMs = uint32(v) * 1000 }},
	number("net.ipv4.tcp_min_snd_mss", 48, 65535, func(h *Host) *uint32 { return &h.Conf.MinSndMSS }),
	number("net.ipv4.tcp_min_tso_segs", 1, maxUint8, func(h *Host) *uint8 { return &h.Conf.MinTSOSegs }),
	flag("net.ipv4.tcp_moderate_rcvbuf", func(h *Host) *bool { return &h.Conf.ModerateRcvBuf }),
	number("net.ipv4.tcp_mtu_probe_floor", 48, 65535, func(h *Host) *uint32 { return &h.Conf.ProbeFloor }),
	small("net.ipv4.tcp_mtu_probing", 2, func(c *tcp.Config) *uint8 { return &c.MTUProbing }),
	number("net.ipv4.tcp_notsent_lowat", 0, maxUint32, func(h *Host) *uint32 { return &h.Conf.NotSentLowat }),
	small("net.ipv4.tcp_orphan_retries", maxUint8, func(c *tcp.Config) *uint8 { return &c.OrphanRetries }),
	number("net.ipv4.tcp_pacing_ca_ratio", 0, 1000, func(h *Host) *uint16 { return &h.Conf.PacingCA }),
	number("net.ipv4.tcp_pacing_ss_ratio", 0, 1000, func(h *Host) *uint16 { return &h.Conf.PacingSS }),
	span("net.ipv4.tcp_probe_interval", 0, 1<<22, secondNs, func(h *Host) *int64 { return &h.Conf.ProbeIntervalNs }),
	number("net.ipv4.tcp_probe_threshold", 0, maxInt32, func(h *Host) *uint32 { return &h.Conf.ProbeThreshold }),
	small("net.ipv4.tcp_recovery", 7, func(c *tcp.Config) *uint8 { return &c.Recovery }),
	flag("net.ipv4.tcp_reflect_tos", func(h *Host) *bool { return &h.Limits.ReflectTOS }),
	number("net.ipv4.tcp_reordering", 1, maxInt32, func(h *Host) *uint32 { return &h.Conf.Reordering }),
	flag("net.ipv4.tcp_retrans_collapse", func(h *Host) *bool { return &h.Conf.RetransCollapse }),
	small("net.ipv4.tcp_retries1", maxUint8, func(c *tcp.Config) *uint8 { return &c.Retries1 }),
	small("net.ipv4.tcp_retries2", maxUint8, func(c *tcp.Config) *uint8 { return &c.Retries2 }),
	flag("net.ipv4.tcp_rfc1337", func(h *Host) *bool { return &h.Conf.RFC1337 }),
	span("net.ipv4.tcp_rto_max_ms", 1000, 120_000, ms, func(h *Host) *int64 { return &h.Conf.RTOMaxNs }),
	span("net.ipv4.tcp_rto_min_us", 1, maxInt32, 1000, func(h *Host) *int64 { return &h.Conf.RTOMinNs }),
	flag("net.ipv4.tcp_sack", func(h *Host) *bool { return &h.Conf.Sack }),
	flag("net.ipv4.tcp_shrink_window", func(h *Host) *bool { return &h.Conf.ShrinkWindow }),
	flag("net.ipv4.tcp_slow_start_after_idle", func(h *Host) *bool { return &h.Conf.SlowStartAfterIdle }),
	flag("net.ipv4.tcp_stdurg", func(h *Host) *bool { return &h.Conf.StdUrg }),
	number("net.ipv4.tcp_syn_linear_timeouts", 0, 127, func(h *Host) *uint8 { return &h.Conf.SynLinearTimeouts }),
	number("net.ipv4.tcp_syn_retries", 1, 127, func(h *Host) *uint8 { return &h.Conf.SynRetries }),
	number("net.ipv4.tcp_synack_retries", 0, maxUint8, func(h *Host) *uint8 { return &h.Conf.SynAckRetries }),
	number("net.ipv4.tcp_syncookies", 0, 2, func(h *Host) *uint8 { return &h.SynCookies }),
	flag("net.ipv4.tcp_thin_linear_timeouts", func(h *Host) *bool { return &h.Conf.ThinLinear }),
	{"net.ipv4.tcp_timestamps", 0, 2, func(h *Host) int64 { return truth(h.Conf.Timestamps) + truth(h.Conf.PlainStamps) },
		func(h *Host, v int64) { h.Conf.Timestamps, h.Conf.PlainStamps = v != 0, v == 2 }},
	small("net.ipv4.tcp_tso_rtt_log", maxUint8, func(c *tcp.Config) *uint8 { return &c.TSORTTLog }),
	small("net.ipv4.tcp_tso_win_divisor", maxUint8, func(c *tcp.Config) *uint8 { return &c.TSOWinDivisor }),
	number("net.ipv4.tcp_tw_reuse", 0, 2, func(h *Host) *uint8 { return &h.TWReuse }),
	number("net.ipv4.tcp_tw_reuse_delay", 1, 60_000, func(h *Host) *uint32 { return &h.Limits.TWReuseDelayMs }),
	flag("net.ipv4.tcp_window_scaling", func(h *Host) *bool { return &h.Conf.WindowScaling }),
	flag("net.ipv4.tcp_workaround_signed_windows", func(h *Host) *bool { return &h.Conf.SignedWindows }),
}

// labSysctls are what Linux lacks, and the deliberately broken variants.
var labSysctls = []sysctl{
	flag("wirelab.hystart_plus_plus", func(h *Host) *bool { return &h.Conf.HyStartPlus }),
	{"wirelab.isn", -1, maxUint32, func(h *Host) int64 { return h.Conf.FixedISN }, func(h *Host, v int64) { h.Conf.FixedISN = v }},
	span("wirelab.msl_ms", 1, 600_000, ms, func(h *Host) *int64 { return &h.Conf.MSLNs }),
	quirk("wirelab.no_checksum", tcp.QuirkNoChecksum),
	quirk("wirelab.no_congestion_control", tcp.QuirkNoCongestionControl),
	quirk("wirelab.no_delayed_ack", tcp.QuirkNoDelayedAck),
	quirk("wirelab.no_time_wait", tcp.QuirkNoTimeWait),
	number("wirelab.port", 0, 65535, func(h *Host) *uint16 { return &h.FixedPort }),
	quirk("wirelab.predictable_isn", tcp.QuirkPredictableISN),
	{"wirelab.rmem_bytes", 2048, 1 << 30, func(h *Host) int64 { return int64(h.Conf.RmemDefault) }, func(h *Host, v int64) {
		h.Conf.RmemDefault, h.Conf.RmemMax = uint32(v), max(h.Conf.RmemMax, uint32(v))
	}},
	quirk("wirelab.stop_and_wait", tcp.QuirkStopAndWait),
	quirk("wirelab.two_way_handshake", tcp.QuirkTwoWayHandshake),
	flag("wirelab.user_timeout_option", func(h *Host) *bool { return &h.Conf.UserTimeoutOption }),
	number("wirelab.wmem_bytes", 2048, 1<<30, func(h *Host) *uint32 { return &h.Conf.WmemDefault }),
}
