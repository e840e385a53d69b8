package worlds

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"wirelab/stack"
)

// undrawn names the settings that no world draws, with the reason.
var undrawn = map[string]string{
	"net.core.somaxconn":                          "labs draw it: a world that drops SYNs for it never ends",
	"net.ipv4.icmp_echo_ignore_all":               "no world sends an echo",
	"net.ipv4.icmp_echo_ignore_broadcasts":        "no world sends an echo",
	"net.ipv4.ip_forward":                         "the router of a world needs it",
	"net.ipv4.ip_local_port_range":                "no world runs out of ports",
	"net.ipv4.ip_local_reserved_ports":            "no world runs out of ports",
	"net.ipv4.ip_nonlocal_bind":                   "no program of a world binds an address",
	"net.ipv4.tcp_allowed_congestion_control":     "no program of a world chooses one",
	"net.ipv4.tcp_available_congestion_control":   "it can only be read",
	"net.ipv4.tcp_max_tw_buckets":                 "no world has many connections",
	"net.ipv4.tcp_fastopen_key":                   "the host draws its own",
	"net.ipv4.tcp_fastopen_blackhole_timeout_sec": "no program of a world asks for Fast Open twice",
	"net.ipv6.conf.all.accept_ra":                 "no world has a router of IPv6",
	"net.ipv6.conf.all.dad_transmits":             "a world waits for detection",
	"net.ipv6.conf.all.disable_ipv6":              "a world draws its version of IP apart",
	"net.ipv6.conf.all.forwarding":                "no world has a router of IPv6",
	"net.ipv6.ip6frag_time":                       "TCP sends no fragments over IPv6",
	"wirelab.nameserver":                          "no world looks up a name",
	"wirelab.nat":                                 "a world draws its translator apart",
	"wirelab.nat_icmp_s":                          "no world sends an echo",
	"wirelab.nat_tcp_closing_s":                   "a translator that forgets early breaks a connection for good",
	"wirelab.nat_tcp_s":                           "a translator that forgets early breaks a connection for good",
	"wirelab.nat_udp_s":                           "no world sends UDP",
	"wirelab.port":                                "two connections would have one port",
}

// moreKnobs are settings of which single functions depend.
var moreKnobs = []knob{
	knobOf("net.core.default_qdisc", "fq", "fq_codel", "pfifo_fast"),
	knobOf("net.core.rmem_max", "2304", "212992", "100000000"),
	knobOf("net.core.wmem_max", "4608", "212992", "100000000"),
	knobOf("net.ipv4.icmp_ratelimit", "0", "1000"),
	knobOf("net.ipv4.ip_no_pmtu_disc", "0", "1", "2", "3"),
	knobOf("net.ipv4.ipfrag_high_thresh", "262144", "4194304"),
	knobOf("net.ipv4.ipfrag_time", "1", "30"),
	knobOf("net.ipv4.neigh.default.base_reachable_time_ms", "1000", "30000"),
	knobOf("net.ipv4.route.min_pmtu", "256", "552"),
	knobOf("net.ipv4.route.mtu_expires", "5", "600"),
	knobOf("net.ipv4.tcp_app_win", "0", "2", "31"),
	knobOf("net.ipv4.tcp_challenge_ack_limit", "1", "100", "2147483647"),
	knobOf("net.ipv4.tcp_comp_sack_delay_ns", "0", "1000000", "20000000"),
	knobOf("net.ipv4.tcp_comp_sack_nr", "0", "3", "255"),
	knobOf("net.ipv4.tcp_invalid_ratelimit", "0", "500", "5000"),
	knobOf("net.ipv4.tcp_keepalive_probes", "3", "9"),
	knobOf("net.ipv4.tcp_max_orphans", "4", "8192"),
	knobOf("net.ipv4.tcp_max_syn_backlog", "8", "4096"),
	knobOf("net.ipv4.tcp_min_rtt_wlen", "0", "10", "300"),
	knobOf("net.ipv4.tcp_min_snd_mss", "48", "536"),
	knobOf("net.ipv4.tcp_min_tso_segs", "1", "2", "10", "255"),
	knobOf("net.ipv4.tcp_mtu_probe_floor", "48", "1000"),
	knobOf("net.ipv4.tcp_pacing_ca_ratio", "50", "120", "1000"),
	knobOf("net.ipv4.tcp_pacing_ss_ratio", "100", "200", "1000"),
	knobOf("net.ipv4.tcp_probe_interval", "5", "600"),
	knobOf("net.ipv4.tcp_probe_threshold", "1", "8", "500"),
	knobOf("net.ipv4.tcp_reflect_tos", "0", "1"),
	knobOf("net.ipv4.tcp_retrans_collapse", "0", "1"),
	knobOf("net.ipv4.tcp_stdurg", "0"), // 1 at one end alone moves the urgent byte
	knobOf("net.ipv4.tcp_syn_retries", "6", "10"),
	knobOf("net.ipv4.tcp_thin_linear_timeouts", "0", "1"),
	knobOf("net.ipv4.tcp_tso_rtt_log", "0", "9", "30"),
	knobOf("net.ipv4.tcp_tso_win_divisor", "0", "1", "3", "100"),
	knobOf("net.ipv4.tcp_tw_reuse_delay", "1", "1000"),
	knobOf("net.ipv4.tcp_workaround_signed_windows", "0", "1"),
	knobOf("net.ipv6.auto_flowlabels", "0", "1", "2", "3"),
	knobOf("net.ipv6.conf.all.hop_limit", "1", "64"),
	knobOf("wirelab.nat_filter", "0", "1", "2"),
}

// Every setting of a host is drawn, or there is a reason why not.
func TestSettingsAreDrawn(t *testing.T) {
	drawn := map[string]bool{}
	for _, k := range slices.Concat(knobs, moreKnobs) {
		drawn[k.name] = true
		for _, v := range k.values {
			if err := stack.CheckSysctl(k.name, v); err != nil {
				t.Error(err)
			}
		}
	}
	for _, name := range stack.Sysctls() {
		switch why := undrawn[name]; {
		case stack.SysctlIsInert(name):
		case drawn[name] == (why != ""):
			t.Errorf("%s: drawn %v, and the reason not to is %q", name, drawn[name], why)
		}
	}
}

// coverage counts what the worlds were made of.
type coverage struct {
	mu   sync.Mutex
	of   map[string]int // traits and settings, by name
	sets map[string]bool
}

func (c *coverage) note(w *world) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of, c.sets = map[string]int{}, map[string]bool{}
	}
	for _, trait := range w.traits {
		c.of[trait]++
	}
	for i := range w.scenario.Nodes {
		for _, s := range w.scenario.Nodes[i].Sysctls {
			if undrawn[s.Name] == "" { // else the world needs it
				c.sets[s.Name] = true
			}
		}
	}
}

// String is the line that shows it: each trait with the number of its worlds, and how many settings had their turn.
func (c *coverage) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var parts []string
	for _, trait := range traits {
		parts = append(parts, fmt.Sprintf("%s %d", trait, c.of[trait]))
	}
	return fmt.Sprintf("%s; %d of %d settings drawn", strings.Join(parts, ", "), len(c.sets), len(knobs)+len(moreKnobs))
}

// missing lists the traits that no world had.
func (c *coverage) missing() (list []string) {
	for _, trait := range traits {
		if c.of[trait] == 0 {
			list = append(list, trait)
		}
	}
	return list
}

// traits are what a world may have besides two hosts and a link.
var traits = []string{"router", "translator", "narrow path", "path that narrows", "queue management", "link down", "stopped reader", "urgent data", "switch loop", "IPv6"}

func (w *world) has(trait string) { w.traits = append(w.traits, trait) }
