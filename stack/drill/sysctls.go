package drill

import (
	"slices"
	"strconv"
	"strings"

	"wirelab/stack"
	"wirelab/stack/wire"
)

// sysctls takes name=value …, with the names of sysctl or of files in /proc/sys. With -e names that are not there
// are passed over.
func (r *runner) sysctls(c *shellCommand) error {
	lenient, line := false, c.line
	for i, w := range c.words[1:] {
		if strings.HasPrefix(w, "-") {
			for _, o := range w[1:] {
				switch o {
				case 'w', 'q', 'n', 'N', 'b': // how the result is shown
				case 'e':
					lenient = true
				default:
					return notThere(c)
				}
			}
			continue
		}
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return cannot(line, "sysctl %s without a value", c.words[i+1])
		}
		if file, ok := strings.CutPrefix(name, "/proc/sys/"); ok {
			name = file
		}
		name = strings.ReplaceAll(name, "/", ".")
		if theirs := freeBSD(name); theirs != nil {
			if err := r.setFreeBSD(theirs, value, line); err != nil {
				return err
			}
			continue
		}
		if _, there := r.host.SysctlText(name); lenient && !there {
			r.note("%s is not there, and sysctl -e passes over it", name)
			continue
		}
		if err := r.setSysctl(name, value, line); err != nil {
			return err
		}
	}
	return nil
}

// setSysctl sets one setting that must be there.
func (r *runner) setSysctl(name, value string, line int) error {
	ok, err := r.sysctl(name, value)
	switch {
	case err != nil:
		return cannot(line, "sysctl: %v", err)
	case !ok:
		return cannot(line, "sysctl %s is not there", name)
	}
	return nil
}

// freeBSDName is FreeBSD's name of what Linux has settings for, with one over the other unit.
type freeBSDName struct {
	theirs   string
	ours     []string // none: there is nothing to do here
	mul, div int64    // zero: as it stands
}

var freeBSDNames = []freeBSDName{
	{"net.inet.tcp.ecn.enable", []string{"net.ipv4.tcp_ecn"}, 0, 0}, // 0 never, 1 ask, 2 accept: as in Linux
	{"net.inet.tcp.sack.enable", []string{"net.ipv4.tcp_sack"}, 0, 0},
	{"net.inet.tcp.rfc1323", []string{"net.ipv4.tcp_timestamps", "net.ipv4.tcp_window_scaling"}, 0, 0},
	{"net.inet.tcp.cc.algorithm", []string{"net.ipv4.tcp_congestion_control"}, 0, 0},
	{"net.inet.tcp.syncookies", []string{"net.ipv4.tcp_syncookies"}, 0, 0},
	{"net.inet.tcp.syncookies_only", []string{"net.ipv4.tcp_syncookies"}, 2, 1},
	{"net.inet.tcp.msl", []string{"wirelab.msl_ms"}, 0, 0},
	{"net.inet.tcp.keepidle", []string{"net.ipv4.tcp_keepalive_time"}, 1, 1000},
	{"net.inet.tcp.keepintvl", []string{"net.ipv4.tcp_keepalive_intvl"}, 1, 1000},
	{"net.inet.tcp.keepcnt", []string{"net.ipv4.tcp_keepalive_probes"}, 0, 0},
	{"net.inet.tcp.finwait2_timeout", []string{"net.ipv4.tcp_fin_timeout"}, 1, 1000},
	{"net.inet.tcp.rexmit_min", []string{"net.ipv4.tcp_rto_min_us"}, 1000, 1},
	{"net.inet.tcp.pmtud_blackhole_detection", []string{"net.ipv4.tcp_mtu_probing"}, 0, 0},
	{"net.inet.tcp.pmtud_blackhole_mss", []string{"net.ipv4.tcp_base_mss"}, 0, 0},
	{"net.inet.ip.ttl", []string{"net.ipv4.ip_default_ttl"}, 0, 0},
	{"net.inet6.ip6.hlim", []string{"net.ipv6.conf.all.hop_limit"}, 0, 0},
	{"net.inet.tcp.hostcache.purgenow", nil, 0, 0},
	{"net.inet.tcp.hostcache.purge", nil, 0, 0},
	{"net.inet.tcp.nolocaltimewait", nil, 0, 0},                          // of connections within the host, which no script has
	{"net.inet.icmp.icmplim", []string{"net.ipv4.icmp_ratelimit"}, 0, 0}, // so many a second, there; ms between two, here
}

func freeBSD(name string) *freeBSDName {
	for i := range freeBSDNames {
		if freeBSDNames[i].theirs == name {
			return &freeBSDNames[i]
		}
	}
	return nil
}

func (r *runner) setFreeBSD(n *freeBSDName, value string, line int) error {
	if n.mul != 0 {
		v, err := strconv.ParseInt(value, 0, 32)
		if err != nil || v%n.div != 0 {
			return cannot(line, "sysctl %s=%s: not a value that can be had here", n.theirs, value)
		}
		value = strconv.FormatInt(v*n.mul/n.div, 10)
	}
	if v, err := strconv.ParseInt(value, 0, 32); err == nil && v > 0 && n.theirs == "net.inet.icmp.icmplim" {
		value = strconv.FormatInt(max(1000/v, 1), 10)
	}
	if value == "newreno" {
		value = "reno"
	}
	if strings.HasPrefix(n.theirs, "net.inet.tcp.hostcache.") && value != "0" {
		r.forgetPeers(func(wire.Addr) bool { return true })
	}
	for _, name := range n.ours {
		if err := r.setSysctl(name, value, line); err != nil {
			return err
		}
	}
	return nil
}

// sysctl sets one setting; false if neither the host's table nor this runner
// has it.
func (r *runner) sysctl(name, value string) (bool, error) {
	if _, ok := r.host.SysctlText(name); !ok {
		return false, nil
	}
	if v, err := strconv.ParseInt(strings.TrimSpace(value), 0, 64); err == nil { // also in hex
		value = strconv.FormatInt(v, 10)
	}
	before, _ := r.host.SysctlText(name)
	err := r.host.SetSysctl(name, value)
	if after, _ := r.host.SysctlText(name); after != before && stack.SysctlIsInert(name) && !slices.Contains(r.inert, name) {
		r.inert = append(r.inert, name)
		r.note("%s changes nothing here", name[strings.LastIndexByte(name, '.')+1:])
	}
	return true, err
}

// profile is what the defaults.sh of the public scripts sets.
var profile = []struct{ name, value string }{
	{"net.ipv4.tcp_rmem", "4096 540000 15728640"}, {"net.ipv4.tcp_wmem", "4096 262144 4194304"},
	{"net.ipv4.tcp_timestamps", "1"}, {"net.ipv4.tcp_syn_retries", "5"}, {"net.ipv4.tcp_synack_retries", "5"},
	{"net.ipv4.tcp_frto", "2"}, {"net.ipv4.tcp_sack", "1"}, {"net.ipv4.tcp_dsack", "1"}, {"net.ipv4.tcp_reordering", "3"},
	{"net.ipv4.tcp_congestion_control", "cubic"}, {"net.ipv4.tcp_slow_start_after_idle", "0"},
	{"net.ipv4.tcp_early_retrans", "3"}, {"net.ipv4.tcp_recovery", "1"}, {"net.ipv4.tcp_tso_win_divisor", "3"},
	{"net.ipv4.tcp_ecn", "0"}, {"net.ipv4.tcp_ecn_option", "2"}, {"net.ipv4.tcp_pacing_ss_ratio", "200"}, {"net.ipv4.tcp_pacing_ca_ratio", "120"},
	{"net.ipv4.tcp_notsent_lowat", "4294967295"}, {"net.ipv4.tcp_fastopen", "0x70403"},
	{"net.ipv4.tcp_fastopen_key", "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4"}, {"net.ipv4.tcp_syncookies", "1"},
}

// defaults sets the profile. What the host has no setting for is noted: its
// script may pass all the same.
func (r *runner) defaults() {
	var missing []string
	for _, p := range profile {
		if ok, err := r.sysctl(p.name, p.value); !ok || err != nil {
			missing = append(missing, strings.TrimPrefix(p.name, "net.ipv4."))
		}
	}
	if missing != nil {
		r.note("defaults.sh: not there: %s", strings.Join(missing, " "))
	}
}
