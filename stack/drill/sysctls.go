package drill

import (
	"strconv"
	"strings"
)

// sysctls takes name=value …, with the names of sysctl or of files in /proc/sys.
func (r *runner) sysctls(words []string, line int) error {
	for _, w := range words {
		if strings.HasPrefix(w, "-") {
			continue
		}
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return cannot(line, "sysctl %s without a value", w)
		}
		if file, ok := strings.CutPrefix(name, "/proc/sys/"); ok {
			name = strings.ReplaceAll(file, "/", ".")
		}
		if name = freeBSD(name); name == "" {
			continue
		}
		ok, err := r.sysctl(name, value)
		switch {
		case err != nil:
			return cannot(line, "sysctl: %v", err)
		case !ok:
			return cannot(line, "sysctl %s is not there", name)
		}
	}
	return nil
}

// freeBSDNames are FreeBSD's names of settings that Linux has, too; "" has
// nothing to do here.
var freeBSDNames = []struct{ theirs, ours string }{
	{"net.inet.tcp.ecn.enable", "net.ipv4.tcp_ecn"}, {"net.inet.tcp.sack.enable", "net.ipv4.tcp_sack"},
	{"net.inet.tcp.cc.algorithm", "net.ipv4.tcp_congestion_control"}, {"net.inet.tcp.syncookies", "net.ipv4.tcp_syncookies"},
	{"net.inet.tcp.msl", "wirelab.msl_ms"}, {"net.inet.tcp.hostcache.purgenow", ""}, {"net.inet.tcp.hostcache.purge", ""},
}

func freeBSD(name string) string {
	for _, n := range freeBSDNames {
		if n.theirs == name {
			return n.ours
		}
	}
	return name
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
	return true, r.host.SetSysctl(name, value)
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
