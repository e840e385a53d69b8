package stack

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"wirelab/stack/problem"
)

// Settings of Linux 6.18 that change nothing here: there is no memory to run out of, no offload, no table
// of routes by mark, no load balancer behind a flow label. They take and show what Linux's do, so that a
// script that sets them runs on.

// InertSetting is one of them that is not as Linux begins with.
type InertSetting struct{ Name, Value string }

// inertSysctl takes as many whole numbers as its default has, from low to high.
type inertSysctl struct {
	name      string
	low, high int64
	usual     string
}

const (
	maxUint8 = 255
	anyInt   = math.MinInt32
)

// inertSysctls stand in order of name.
var inertSysctls = []inertSysctl{
	{"net.core.netdev_max_backlog", 0, maxInt32, "1000"},
	{"net.core.optmem_max", 0, maxInt32, "131072"},
	{"net.core.rmem_default", 2304, maxInt32, "212992"}, // TCP has tcp_rmem; a queue of datagrams is counted in datagrams
	{"net.core.wmem_default", 4608, maxInt32, "212992"},
	{"net.ipv4.fwmark_reflect", 0, maxUint8, "0"},
	{"net.ipv4.icmp_ignore_bogus_error_responses", 0, 1, "1"},
	{"net.ipv4.icmp_msgs_burst", 0, maxInt32, "10000"},
	{"net.ipv4.icmp_msgs_per_sec", 0, maxInt32, "10000"},
	{"net.ipv4.icmp_ratemask", 0, maxUint32, "6168"},
	{"net.ipv4.ip_autobind_reuse", 0, 1, "0"},
	{"net.ipv4.ip_dynaddr", 0, maxUint8, "0"},
	{"net.ipv4.ip_early_demux", 0, maxUint8, "1"},
	{"net.ipv4.ip_forward_update_priority", 0, 1, "1"},
	{"net.ipv4.ip_forward_use_pmtu", 0, maxUint8, "0"},
	{"net.ipv4.ip_unprivileged_port_start", 0, 65535, "1024"}, // every program may do everything
	{"net.ipv4.ipfrag_low_thresh", 0, maxInt32, "3145728"},
	{"net.ipv4.ipfrag_max_dist", 0, maxInt32, "64"},
	{"net.ipv4.tcp_adv_win_scale", -31, 31, "1"},  // obsolete since Linux 6.6
	{"net.ipv4.tcp_autocorking", 0, 1, "1"},       // there is no queue below to wait for
	{"net.ipv4.tcp_backlog_ack_defer", 0, 1, "1"}, // no segment ever waits for a program
	{"net.ipv4.tcp_child_ehash_entries", 0, 1 << 24, "0"},
	{"net.ipv4.tcp_comp_sack_slack_ns", 0, math.MaxInt64, "100000"}, // timers here are exact
	{"net.ipv4.tcp_early_demux", 0, maxUint8, "1"},
	{"net.ipv4.tcp_ecn_option", 0, 2, "2"}, // without AccECN
	{"net.ipv4.tcp_ecn_option_beacon", 0, 3, "3"},
	{"net.ipv4.tcp_fack", 0, maxUint8, "0"}, // obsolete
	{"net.ipv4.tcp_fwmark_accept", 0, 1, "0"},
	{"net.ipv4.tcp_l3mdev_accept", 0, 1, "0"},
	{"net.ipv4.tcp_limit_output_bytes", anyInt, maxInt32, "4194304"},
	{"net.ipv4.tcp_low_latency", 0, maxUint8, "0"},                   // obsolete
	{"net.ipv4.tcp_mem", 0, math.MaxInt64, "379071\t505431\t758142"}, // pages, by how much memory there is
	{"net.ipv4.tcp_migrate_req", 0, 1, "0"},
	{"net.ipv4.tcp_no_metrics_save", 0, maxUint8, "0"}, // nothing is remembered of a closed connection
	{"net.ipv4.tcp_no_ssthresh_metrics_save", 0, 1, "1"},
	{"net.ipv4.tcp_pingpong_thresh", 1, maxUint8, "1"},
	{"net.ipv4.tcp_plb_cong_thresh", 0, 256, "128"},
	{"net.ipv4.tcp_plb_enabled", 0, 1, "0"},
	{"net.ipv4.tcp_plb_idle_rehash_rounds", 0, 31, "3"},
	{"net.ipv4.tcp_plb_rehash_rounds", 0, 31, "12"},
	{"net.ipv4.tcp_plb_suspend_rto_sec", 0, maxUint8, "60"},
	{"net.ipv4.udp_early_demux", 0, maxUint8, "1"},
	{"net.ipv4.udp_mem", 0, math.MaxInt64, "758142\t1010862\t1516284"},
	{"net.ipv4.udp_rmem_min", 1, maxInt32, "4096"},
	{"net.ipv4.udp_wmem_min", 1, maxInt32, "4096"},
	{"net.ipv6.bindv6only", 0, maxUint8, "0"}, // a socket has no family here; IPV6_V6ONLY works
}

func findInertSysctl(name string) *inertSysctl {
	i, ok := slices.BinarySearchFunc(inertSysctls, name, func(s inertSysctl, name string) int { return strings.Compare(s.name, name) })
	if !ok {
		return nil
	}
	return &inertSysctls[i]
}

// SysctlIsInert reports whether a setting is there but changes nothing.
func SysctlIsInert(name string) bool { return findInertSysctl(name) != nil }

// read returns the value as sysctl(8) would show it.
func (s *inertSysctl) read(value string) (string, error) {
	words, n := strings.Fields(value), len(strings.Fields(s.usual))
	good := len(words) == n
	for i, w := range words {
		v, err := strconv.ParseInt(w, 0, 64)
		good = good && err == nil && v >= s.low && v <= s.high
		words[i] = strconv.FormatInt(v, 10)
	}
	if !good {
		what := problem.New("a whole number")
		if n > 1 {
			what = problem.New("%d whole numbers", n)
		}
		return "", problem.New("%s takes %s from %d to %d, not %q", s.name, what, s.low, s.high, value)
	}
	return strings.Join(words, "\t"), nil
}

// inertText returns the value of such a setting.
func (h *Host) inertText(s *inertSysctl) string {
	for i := range h.Inert {
		if h.Inert[i].Name == s.name {
			return h.Inert[i].Value
		}
	}
	return s.usual
}

// setInert keeps the value of such a setting, if it is not Linux's default.
func (h *Host) setInert(s *inertSysctl, value string) {
	h.Inert = slices.DeleteFunc(h.Inert, func(k InertSetting) bool { return k.Name == s.name })
	if value == s.usual {
		return
	}
	at := 0
	for at < len(h.Inert) && h.Inert[at].Name < s.name {
		at++
	}
	h.Inert = slices.Insert(h.Inert, at, InertSetting{s.name, value})
}
