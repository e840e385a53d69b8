package prog

import (
	"fmt"
	"strconv"
	"strings"

	"wirelab/lab/link"
	"wirelab/stack"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// ifaceRow is an interface as ip shows it.
type ifaceRow struct {
	number           int
	name, flags, mac string
	state, qdisc     string
	mtu, qlen        uint32
	stats            *stack.IfStats
	on               *stack.Iface // nil: lo
}

// ipShow shows interfaces, and their addresses unless only links are asked for.
func (s *Sys) ipShow(a *ipArgs) error {
	name, upOnly, err := showWords(a.words)
	if err != nil {
		return err
	}
	if name != "" && name != "lo" {
		if _, err := s.device(name); err != nil {
			return fmt.Errorf("Device \"%s\" does not exist.", name)
		}
	}
	for _, r := range s.ifaceRows() {
		if name != "" && name != r.name || upOnly && !strings.Contains(","+r.flags+",", ",UP,") {
			continue
		}
		s.showRow(a, &r)
	}
	return nil
}

// showWords reads what stands behind `ip addr show`: up, and the name of an interface with or without dev.
func showWords(words []string) (name string, up bool, err error) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "up":
			up = true
			continue
		case w == "dev" && i+1 == len(words):
			return "", false, errIncomplete
		case w == "dev":
			i++
			w = words[i]
		}
		if name != "" {
			return "", false, fmt.Errorf("Error: either \"dev\" is duplicate, or \"%s\" is a garbage.", w)
		}
		name = w
	}
	return name, up, nil
}

func (s *Sys) ifaceRows() []ifaceRow {
	rows := []ifaceRow{{number: 1, name: "lo", flags: "LOOPBACK,UP,LOWER_UP", mac: "00:00:00:00:00:00", state: "UNKNOWN", qdisc: "noqueue", mtu: 65536, qlen: 1000, stats: &s.LoStats}}
	for i := range s.Ifaces {
		f, d := &s.Ifaces[i], s.wire(i)
		usual, _, _ := s.qdiscOf(d)
		r := ifaceRow{number: i + 2, name: f.Name, flags: "BROADCAST,MULTICAST,UP,LOWER_UP", mac: f.MAC.String(), state: "UP", qdisc: usual, mtu: f.MTU, qlen: 1000, stats: &f.Stats, on: f}
		switch {
		case f.Down:
			r.flags, r.state = "BROADCAST,MULTICAST", "DOWN"
		case s.Wires != nil && (d == nil || d.Down):
			r.flags, r.state = "NO-CARRIER,BROADCAST,MULTICAST,UP", "DOWN"
		}
		if d != nil && d.QueuePackets > 0 && d.Discipline == link.UseDropTail && d.Qdisc.Kind == "" {
			r.qlen = d.QueuePackets
		}
		rows = append(rows, r)
	}
	return rows
}

func (s *Sys) showRow(a *ipArgs, r *ifaceRow) {
	addresses := [][2]string(nil)
	if a.object == "address" {
		addresses = s.addressesOf(r, a.family)
	}
	if a.brief {
		line := fmt.Sprintf("%-16s %-14s ", r.name, r.state)
		for _, l := range addresses {
			line += strings.Fields(l[0])[1] + " "
		}
		if a.object == "link" {
			line += fmt.Sprintf("%s <%s> ", r.mac, r.flags)
		}
		s.printf(StyleOut, "%s", line)
		return
	}
	if a.one && a.object == "address" {
		for _, l := range addresses {
			s.printf(StyleOut, "%d: %s%s\\%s", r.number, r.name, l[0], l[1])
		}
		return
	}
	mode := ""
	if a.object == "link" {
		mode = " mode DEFAULT"
	}
	lines := []string{fmt.Sprintf("%d: %s: <%s> mtu %d qdisc %s state %s%s group default qlen %d", r.number, r.name, r.flags, r.mtu, r.qdisc, r.state, mode, r.qlen)}
	if a.family == 0 || a.object == "link" {
		kind, brd := "ether", "ff:ff:ff:ff:ff:ff"
		if r.on == nil {
			kind, brd = "loopback", r.mac
		}
		lines = append(lines, fmt.Sprintf("    link/%s %s brd %s", kind, r.mac, brd))
	}
	for _, l := range addresses {
		lines = append(lines, l[:]...)
	}
	if a.stats {
		lines = append(lines, statsLines(r.stats)...)
	}
	if a.one {
		lines = []string{strings.Join(lines, "\\")}
	}
	for _, l := range lines {
		s.printf(StyleOut, "%s", l)
	}
}

// statsLines are the counters in the columns of iproute2, which grow with the numbers. No frame is lost within an interface:
// what a queue drops, tc -s qdisc shows.
func statsLines(k *stack.IfStats) []string {
	rows := [2][6]uint64{{k.RxBytes, k.RxPackets, 0, 0, 0, k.RxMulticast}, {k.TxBytes, k.TxPackets}}
	heads := [2][6]string{{"bytes", "packets", "errors", "dropped", "missed", "mcast"}, {"bytes", "packets", "errors", "dropped", "carrier", "collsns"}}
	widths := [6]int{10, 7, 6, 7, 7, 7}
	for _, row := range rows {
		for i, n := range row {
			widths[i] = max(widths[i], len(strconv.FormatUint(n, 10)))
		}
	}
	var lines []string
	for i, way := range []string{"RX", "TX"} {
		head, values := "    "+way+": ", "    "
		for c := range 6 {
			w := widths[c]
			values += fmt.Sprintf("%*d ", w, rows[i][c])
			if c == 0 {
				w -= 4
			}
			head += fmt.Sprintf("%*s ", w, heads[i][c])
		}
		lines = append(lines, head+"          ", values)
	}
	return lines
}

const forever = "       valid_lft forever preferred_lft forever"

// addressesOf returns two lines for each address of an interface.
func (s *Sys) addressesOf(r *ifaceRow, family uint8) (lines [][2]string) {
	f := r.on
	if f == nil {
		if family != 6 {
			lines = append(lines, [2]string{"    inet 127.0.0.1/8 scope host lo", forever})
		}
		if family != 4 && s.IP.IPv6 {
			lines = append(lines, [2]string{"    inet6 ::1/128 scope host ", forever})
		}
		return lines
	}
	if family != 6 && !f.Addr.IsZero() {
		lines = append(lines, s.addressLines4(f))
	}
	if family == 4 {
		return lines
	}
	for i := range f.Addrs {
		lines = append(lines, s.addressLines6(&f.Addrs[i]))
	}
	return lines
}

func (s *Sys) addressLines4(f *stack.Iface) [2]string {
	brd, dynamic, life := "", "", forever
	if all := broadcastOf(f.Addr, f.Prefix); all != "" {
		brd = " brd " + all
	}
	if until := s.leaseOf(f.Addr); until != timer.Never {
		left := s.lifetime(until)
		dynamic, life = " dynamic", fmt.Sprintf("       valid_lft %s preferred_lft %s", left, left)
	}
	return [2]string{fmt.Sprintf("    inet %s/%d%s scope global%s %s", f.Addr, f.Prefix, brd, dynamic, f.Name), life}
}

func (s *Sys) addressLines6(a *stack.Addr6) [2]string {
	scope, flags := "global", ""
	if a.Addr.IsLinkLocal() {
		scope = "link"
	}
	switch {
	case a.State == stack.AddrTentative:
		flags = " tentative"
	case a.State == stack.AddrDuplicate:
		flags = " dadfailed tentative"
	case a.State == stack.AddrDeprecated:
		flags = " deprecated"
	}
	if a.Auto {
		flags += " dynamic mngtmpaddr"
	}
	return [2]string{fmt.Sprintf("    inet6 %s/%d scope %s%s ", a.Addr, a.Prefix, scope, flags),
		fmt.Sprintf("       valid_lft %s preferred_lft %s", s.lifetime(a.ValidUntil), s.lifetime(a.PreferredUntil))}
}

// leaseOf returns until when dhclient may use an address, or timer.Never if it did not bring it.
func (s *Sys) leaseOf(addr wire.Addr) int64 {
	for i := range s.machine.Procs {
		p := &s.machine.Procs[i]
		if len(p.DHClient) > 0 && p.DHClient[0].State >= dhcpBound && p.DHClient[0].Addr == addr {
			return p.DHClient[0].Expires
		}
	}
	return timer.Never
}

func (s *Sys) lifetime(until int64) string {
	if until == timer.Never {
		return "forever"
	}
	return fmt.Sprintf("%dsec", max(until-s.Now, 0)/1_000_000_000)
}
