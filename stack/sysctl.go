package stack

import (
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/tcp"
)

const ms = int64(1_000_000)

// sysctl is one setting of a host: Linux's name where Linux has it, wirelab.*
// where it has not. Values are whole numbers from low to high.
type sysctl struct {
	name      string
	low, high int64
	get       func(h *Host) int64
	set       func(h *Host, v int64)
}

// sysctls is the one table that host, drill, shell and files share.
var sysctls = append(ipSysctls, []sysctl{
	{"net.ipv4.ip_forward", 0, 1, func(h *Host) int64 { return truth(h.Forward) }, func(h *Host, v int64) { h.Forward = v != 0 }},
	{"net.ipv4.ip_default_ttl", 1, 255, func(h *Host) int64 { return int64(h.TTL) }, func(h *Host, v int64) { h.TTL = uint8(v) }},
	{"net.ipv4.tcp_syn_retries", 1, 127, func(h *Host) int64 { return int64(h.Conf.SynRetries) }, func(h *Host, v int64) { h.Conf.SynRetries = uint8(v) }},
	{"net.ipv4.tcp_synack_retries", 0, 127, func(h *Host) int64 { return int64(h.Conf.SynAckRetries) }, func(h *Host, v int64) { h.Conf.SynAckRetries = uint8(v) }},
	{"net.ipv4.tcp_syn_linear_timeouts", 0, 64, func(h *Host) int64 { return int64(h.Conf.SynLinearTimeouts) }, func(h *Host, v int64) { h.Conf.SynLinearTimeouts = uint8(v) }},
	{"net.ipv4.tcp_retries2", 0, 30, func(h *Host) int64 { return int64(h.Conf.Retries2) }, func(h *Host, v int64) { h.Conf.Retries2 = uint8(v) }},
	{"net.ipv4.tcp_orphan_retries", 0, 30, func(h *Host) int64 { return int64(h.Conf.OrphanRetries) }, func(h *Host, v int64) { h.Conf.OrphanRetries = uint8(v) }},
	{"net.ipv4.tcp_fin_timeout", 1, 3600, func(h *Host) int64 { return h.Conf.FinTimeoutNs / (1000 * ms) }, func(h *Host, v int64) { h.Conf.FinTimeoutNs = v * 1000 * ms }},
	{"net.ipv4.tcp_window_scaling", 0, 1, func(h *Host) int64 { return truth(h.Conf.WindowScaling) }, func(h *Host, v int64) { h.Conf.WindowScaling = v != 0 }},
	{"net.ipv4.tcp_syncookies", 0, 2, func(h *Host) int64 { return int64(h.SynCookies) }, func(h *Host, v int64) { h.SynCookies = uint8(v) }},
	{"net.ipv4.tcp_max_syn_backlog", 0, maxInt32, func(h *Host) int64 { return int64(h.MaxSynBacklog) }, func(h *Host, v int64) { h.MaxSynBacklog = uint32(v) }},
	{"net.ipv4.tcp_fastopen_blackhole_timeout_sec", 0, maxInt32, func(h *Host) int64 { return int64(h.FastBlackHole.TimeoutS) }, func(h *Host, v int64) { h.FastBlackHole.TimeoutS = uint32(v) }},
	{"net.ipv4.tcp_abort_on_overflow", 0, 1, func(h *Host) int64 { return truth(h.AbortOnOverflow) }, func(h *Host, v int64) { h.AbortOnOverflow = v != 0 }},
	{"net.ipv4.tcp_fastopen", 0, 1<<20 - 1, func(h *Host) int64 { return int64(h.FastOpen) }, func(h *Host, v int64) { h.FastOpen = uint32(v) }},
	{"net.ipv4.tcp_keepalive_time", 1, 32767, func(h *Host) int64 { return h.Conf.KeepIdleNs / (1000 * ms) }, func(h *Host, v int64) { h.Conf.KeepIdleNs = v * 1000 * ms }},
	{"net.ipv4.tcp_keepalive_intvl", 1, 32767, func(h *Host) int64 { return h.Conf.KeepIntvlNs / (1000 * ms) }, func(h *Host, v int64) { h.Conf.KeepIntvlNs = v * 1000 * ms }},
	small("net.ipv4.tcp_keepalive_probes", 127, func(c *tcp.Config) *uint8 { return &c.KeepCount }),
	{"net.ipv4.tcp_notsent_lowat", 0, 1<<32 - 1, func(h *Host) int64 { return int64(h.Conf.NotSentLowat) }, func(h *Host, v int64) { h.Conf.NotSentLowat = uint32(v) }},
	small("net.ipv4.tcp_retries1", 255, func(c *tcp.Config) *uint8 { return &c.Retries1 }),
	small("net.ipv4.tcp_mtu_probing", 2, func(c *tcp.Config) *uint8 { return &c.MTUProbing }),
	{"net.ipv4.tcp_base_mss", 48, 65535, func(h *Host) int64 { return int64(h.Conf.BaseMSS) }, func(h *Host, v int64) { h.Conf.BaseMSS = uint32(v) }},
	{"net.ipv4.tcp_mtu_probe_floor", 48, 65535, func(h *Host) int64 { return int64(h.Conf.ProbeFloor) }, func(h *Host, v int64) { h.Conf.ProbeFloor = uint32(v) }},
	flag("net.ipv4.tcp_rfc1337", func(h *Host) *bool { return &h.Conf.RFC1337 }),
	flag("net.ipv4.tcp_retrans_collapse", func(h *Host) *bool { return &h.Conf.RetransCollapse }),
	flag("net.ipv4.tcp_moderate_rcvbuf", func(h *Host) *bool { return &h.Conf.ModerateRcvBuf }),
	flag("wirelab.hystart_plus_plus", func(h *Host) *bool { return &h.Conf.HyStartPlus }),
	flag("wirelab.user_timeout_option", func(h *Host) *bool { return &h.Conf.UserTimeoutOption }),
	{"net.ipv4.tcp_tw_reuse", 0, 2, func(h *Host) int64 { return int64(h.TWReuse) }, func(h *Host, v int64) { h.TWReuse = uint8(v) }},
	flag("net.ipv4.tcp_sack", func(h *Host) *bool { return &h.Conf.Sack }),
	flag("net.ipv4.tcp_dsack", func(h *Host) *bool { return &h.Conf.DSack }),
	flag("net.ipv4.tcp_timestamps", func(h *Host) *bool { return &h.Conf.Timestamps }),
	flag("net.ipv4.tcp_slow_start_after_idle", func(h *Host) *bool { return &h.Conf.SlowStartAfterIdle }),
	flag("net.ipv4.tcp_ecn_fallback", func(h *Host) *bool { return &h.Conf.ECNFallback }),
	small("net.ipv4.tcp_ecn", 2, func(c *tcp.Config) *uint8 { return &c.ECN }),
	small("net.ipv4.tcp_early_retrans", 4, func(c *tcp.Config) *uint8 { return &c.EarlyRetrans }),
	small("net.ipv4.tcp_recovery", 7, func(c *tcp.Config) *uint8 { return &c.Recovery }),
	small("net.ipv4.tcp_frto", 2, func(c *tcp.Config) *uint8 { return &c.Frto }),
	{"net.ipv4.tcp_reordering", 1, 300, func(h *Host) int64 { return int64(h.Conf.Reordering) }, func(h *Host, v int64) { h.Conf.Reordering = uint32(v) }},
	{"net.ipv4.tcp_max_reordering", 1, 300, func(h *Host) int64 { return int64(h.Conf.MaxReordering) }, func(h *Host, v int64) { h.Conf.MaxReordering = uint32(v) }},
	{"net.ipv4.tcp_rto_max_ms", 1000, 120_000, func(h *Host) int64 { return h.Conf.RTOMaxNs / ms }, func(h *Host, v int64) { h.Conf.RTOMaxNs = v * ms }},
	{"net.ipv4.tcp_rto_min_us", 1, 1_000_000, func(h *Host) int64 { return h.Conf.RTOMinNs / 1000 }, func(h *Host, v int64) { h.Conf.RTOMinNs = v * 1000 }},
	{"wirelab.rmem_bytes", 2048, 1 << 30, func(h *Host) int64 { return int64(h.Conf.RmemDefault) }, func(h *Host, v int64) {
		h.Conf.RmemDefault, h.Conf.RmemMax = uint32(v), max(h.Conf.RmemMax, uint32(v))
	}},
	{"wirelab.wmem_bytes", 2048, 1 << 30, func(h *Host) int64 { return int64(h.Conf.WmemDefault) }, func(h *Host, v int64) { h.Conf.WmemDefault = uint32(v) }},
	{"wirelab.msl_ms", 1, 600_000, func(h *Host) int64 { return h.Conf.MSLNs / ms }, func(h *Host, v int64) { h.Conf.MSLNs = v * ms }},
	{"wirelab.isn", -1, 1<<32 - 1, func(h *Host) int64 { return h.Conf.FixedISN }, func(h *Host, v int64) { h.Conf.FixedISN = v }},
	{"wirelab.port", 0, 65535, func(h *Host) int64 { return int64(h.FixedPort) }, func(h *Host, v int64) { h.FixedPort = uint16(v) }},
	quirk("wirelab.no_time_wait", tcp.QuirkNoTimeWait),
	quirk("wirelab.stop_and_wait", tcp.QuirkStopAndWait),
	quirk("wirelab.no_congestion_control", tcp.QuirkNoCongestionControl),
	quirk("wirelab.no_delayed_ack", tcp.QuirkNoDelayedAck),
	quirk("wirelab.no_checksum", tcp.QuirkNoChecksum),
	quirk("wirelab.two_way_handshake", tcp.QuirkTwoWayHandshake),
	quirk("wirelab.predictable_isn", tcp.QuirkPredictableISN),
}...)

// small is a setting from 0 to high.
func small(name string, high int64, field func(*tcp.Config) *uint8) sysctl {
	return sysctl{name, 0, high, func(h *Host) int64 { return int64(*field(&h.Conf)) }, func(h *Host, v int64) { *field(&h.Conf) = uint8(v) }}
}

func quirk(name string, bit uint32) sysctl {
	return sysctl{name, 0, 1, func(h *Host) int64 { return truth(h.Conf.Quirks&bit != 0) }, func(h *Host, v int64) {
		h.Conf.Quirks &^= bit
		if v != 0 {
			h.Conf.Quirks |= bit
		}
	}}
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// CheckSysctl returns why a setting is impossible, or nil.
func CheckSysctl(name, value string) error {
	if t := findTextSysctl(name); t != nil {
		_, err := t.read(value)
		return err
	}
	_, _, err := findSysctl(name, value)
	return err
}

// SetSysctl sets name to value, or says why it cannot.
func (h *Host) SetSysctl(name, value string) error {
	if t := findTextSysctl(name); t != nil {
		set, err := t.read(value)
		if err == nil {
			set(h)
		}
		return err
	}
	s, v, err := findSysctl(name, value)
	if err == nil {
		s.set(h, v)
	}
	return err
}

// SysctlText returns the value of name as sysctl(8) prints it; false if there is no such setting.
func (h *Host) SysctlText(name string) (string, bool) {
	if t := findTextSysctl(name); t != nil {
		return t.get(h), true
	}
	v, ok := h.Sysctl(name)
	return strconv.FormatInt(v, 10), ok
}

// Sysctl returns the value of name; false if there is no such setting.
func (h *Host) Sysctl(name string) (int64, bool) {
	for i := range sysctls {
		if sysctls[i].name == name {
			return sysctls[i].get(h), true
		}
	}
	return 0, false
}

func findSysctl(name, value string) (*sysctl, int64, error) {
	for i := range sysctls {
		s := &sysctls[i]
		if s.name != name {
			continue
		}
		v, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil || v < s.low || v > s.high {
			return nil, 0, fmt.Errorf("%s takes a whole number from %d to %d, not %q", name, s.low, s.high, value)
		}
		return s, v, nil
	}
	return nil, 0, fmt.Errorf("there is no setting %q", name)
}
