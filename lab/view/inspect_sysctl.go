package view

import (
	"slices"
	"strings"

	"wirelab/lab/ui"
	"wirelab/stack"
)

const (
	tcpPrefix  = "net.ipv4.tcp_"
	algorithms = "net.ipv4.tcp_congestion_control"
)

// explained are the settings of a host that lessons are about, in the order in which they are shown; what each is for stands in
// the catalogue.
var explained = []string{
	algorithms, "net.ipv4.tcp_sack", "net.ipv4.tcp_timestamps", "net.ipv4.tcp_window_scaling", "net.ipv4.tcp_ecn", "net.ipv4.tcp_slow_start_after_idle",
	"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_syn_retries", "net.ipv4.tcp_synack_retries", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_retries2",
	"net.ipv4.tcp_rto_min_us", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_fastopen", "net.ipv4.tcp_mtu_probing", "net.ipv4.ip_forward", "net.ipv4.ip_default_ttl", "wirelab.msl_ms",
}

// sysctlGroup is a heading, and what stands below it.
type sysctlGroup struct {
	id    string
	names []string
}

// sysctlGroups are all settings of hosts: first those that are explained, then what else TCP and the lab have, at the end what has
// no effect here.
var sysctlGroups = groupSysctls()

func groupSysctls() []sysctlGroup {
	groups := []sysctlGroup{{"common", explained}, {id: "tcp"}, {id: "lab"}, {id: "others"}, {id: "inert"}}
	for _, name := range stack.Sysctls() {
		g := 3
		switch {
		case slices.Contains(explained, name):
			continue
		case stack.SysctlIsInert(name):
			g = 4
		case strings.HasPrefix(name, tcpPrefix):
			g = 1
		case strings.HasPrefix(name, "wirelab."):
			g = 2
		}
		groups[g].names = append(groups[g].names, name)
	}
	return groups
}

// sysctls lists the settings of a host whose names have the letters that are looked for.
func (d *Inspect) sysctls(u *ui.UI, r *ui.Rect, m *Model, name string, h *stack.Host) {
	field := r.CutTop(u.Grow(ui.ControlHeight)+ui.Space2).InsetXY(ui.Space2, ui.Space1)
	u.TextField(field, "search", m.Say("view.inspect_search"), &d.search, ui.FieldOpt{Icon: ui.IconSearch, Mono: true, Style: ui.CodeSmall, Placeholder: m.Say("view.inspect_search")})
	wanted := strings.ToLower(d.search)
	for i := range sysctlGroups {
		g, headed := &sysctlGroups[i], false
		for _, key := range g.names {
			if !strings.Contains(key, wanted) {
				continue
			}
			if !headed {
				headed = true
				d.rows = append(d.rows, property{name: m.Say(glued("view.sysctl_", g.id)), head: true})
			}
			d.rows = append(d.rows, sysctlRow(m, name, h, key, i == 0))
		}
	}
}

// sysctlRow is one of them, of the host of a name.
func sysctlRow(m *Model, name string, h *stack.Host, key string, explained bool) property {
	value, _ := h.SysctlText(key)
	value = strings.ReplaceAll(value, "\t", " ")
	takes := value
	if key == algorithms {
		all, _ := h.SysctlText("net.ipv4.tcp_available_congestion_control")
		takes = strings.ReplaceAll(all, " ", "|")
	}
	p := property{id: key, name: key, cells: []cellOf{{id: key, value: value, command: "sysctl " + name + " " + key + " %s", takes: takes}}}
	if explained {
		p.tip = func() string { return sysctlWords(m, key) }
	}
	return p
}

// sysctlWords says what a setting is for, and from where to where it goes.
func sysctlWords(m *Model, key string) string {
	text := m.Say("sysctl." + strings.TrimPrefix(key, "net.ipv4."))
	if low, high, ok := stack.SysctlBounds(key); ok && high > 2 { // the sentence says what few values mean
		text = m.Say("view.sysctl_bounds", text, low, high)
	}
	return text
}
