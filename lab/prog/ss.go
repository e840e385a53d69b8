package prog

import (
	"fmt"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// ss and netstat show sockets; ssinfo.go prints what ss -i adds.

var ssSource = []string{
	`fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);`,
	`send(fd, &request, len, 0);  // SOCK_DIAG_BY_FAMILY`,
	`while (recv(fd, buf, sizeof buf, 0) > 0) print(buf);`,
}

// sock is one line about a socket.
type sock struct {
	udp           bool
	state         tcp.State
	recvQ, sendQ  uint32
	local, remote tcp.Endpoint
	conn          *tcp.Conn
	fd            int32
}

type ssArgs struct {
	options
	filter sockFilter
}

func parseSS(args []string) (a ssArgs, err error) {
	a.options, err = getopt(args, "tualnieo46Hps", "tcp=t", "udp=u", "all=a", "listening=l", "numeric=n", "info=i", "extended=e", "options=o", "ipv4=4", "ipv6=6", "no-header=H", "summary=s", "processes=p")
	if err != nil {
		return a, err
	}
	a.filter, err = parseSockFilter(a.rest)
	return a, err
}

// states returns which states ss shows: those that the filter names, else what -a and -l say, else all but those
// of listeners and of what begins or is over.
func (a *ssArgs) states() uint32 {
	all := ssStateSets["all"]
	switch {
	case a.filter.states != 0:
		return a.filter.states
	case a.on['a']:
		return all
	case a.on['l']:
		return statesOf(tcp.Listen, tcp.Closed)
	}
	return all &^ statesOf(tcp.Listen, tcp.Closed, tcp.TimeWait, tcp.SynReceived)
}

// socks lists the sockets of protocols that options ask for in some states, UDP first as Linux has it.
func (s *Sys) socks(o *options, states uint32) (list []sock) {
	tcpToo := o.on['t'] || !o.on['u']
	udpToo := o.on['u'] || !o.on['t']
	if udpToo {
		for i := range s.Sockets {
			k := &s.Sockets[i]
			line := sock{udp: true, state: tcp.Closed, local: k.Local, remote: k.Remote, fd: int32(i)}
			if k.Remote.Port != 0 {
				line.state = tcp.Established
			}
			if k.Kind != stack.SockUDP || states>>line.state&1 == 0 {
				continue
			}
			for j := range k.Queue {
				line.recvQ += k.Queue[j].Data.Len
			}
			list = append(list, line)
		}
	}
	if !tcpToo {
		return list
	}
	fds := s.socketOf()
	for pass := range 2 { // listeners first
		for i := range s.Conns {
			c := &s.Conns[i]
			if c.State == tcp.Closed || (c.State == tcp.Listen) != (pass == 0) || states>>c.State&1 == 0 {
				continue
			}
			line := sock{state: c.State, local: c.Local, remote: c.Remote, conn: c, fd: fds[i]}
			switch {
			case c.State == tcp.Listen:
				line.recvQ, line.sendQ = uint32(len(c.Ready)), c.Backlog
			case c.State != tcp.TimeWait:
				line.recvQ, line.sendQ = c.RcvQueued, c.SndQueued
				if statesOf(tcp.SynSent, tcp.FinWait1, tcp.Closing, tcp.LastAck)>>c.State&1 != 0 { // a SYN or FIN waits for its acknowledgment
					line.sendQ++
				}
			}
			list = append(list, line)
		}
	}
	return list
}

// socketOf returns by connection the descriptor that holds it, or -1.
func (s *Sys) socketOf() []int32 {
	fds := make([]int32, len(s.Conns))
	for i := range fds {
		fds[i] = -1
	}
	for i := range s.Sockets {
		if k := &s.Sockets[i]; k.Kind == stack.SockTCP && s.Conns[k.Conn-1].Gen == k.Gen {
			fds[k.Conn-1] = int32(i)
		}
	}
	return fds
}

var ssStates = map[tcp.State]string{tcp.Listen: "LISTEN", tcp.SynSent: "SYN-SENT", tcp.SynReceived: "SYN-RECV", tcp.Established: "ESTAB", tcp.FinWait1: "FIN-WAIT-1",
	tcp.FinWait2: "FIN-WAIT-2", tcp.CloseWait: "CLOSE-WAIT", tcp.Closing: "CLOSING", tcp.LastAck: "LAST-ACK", tcp.TimeWait: "TIME-WAIT"}

// ssAddr is an address as ss prints it; a listener's without one is everybody's.
func ssAddr(a wire.Addr) string {
	switch {
	case a.IsZero():
		return "0.0.0.0"
	case !a.Is4():
		return "[" + a.String() + "]"
	}
	return a.String()
}

func ssPort(n uint16) string {
	if n == 0 {
		return "*"
	}
	return fmt.Sprint(n)
}

func stepSS(s *Sys, p *Proc) bool {
	a, _ := parseSS(p.Args)
	if a.on['s'] {
		s.ssSummary()
		s.exit()
		return false
	}
	var list []sock
	rows := [][]string{{"Netid", "State", "Recv-Q", "Send-Q", "Local Address", ":Port", "Peer Address", ":Port"}}
	states := a.states()
	for _, k := range s.socks(&a.options, states) {
		v6 := !k.local.Addr.Is4() && !k.local.Addr.IsZero()
		if a.on['4'] != a.on['6'] && v6 != a.on['6'] || !a.filter.matches(&k) {
			continue
		}
		id, st := "tcp", ssStates[k.state]
		if k.udp {
			if id, st = "udp", "UNCONN"; k.remote.Port != 0 {
				st = "ESTAB"
			}
		}
		list = append(list, k)
		rows = append(rows, []string{id, st, fmt.Sprint(k.recvQ), fmt.Sprint(k.sendQ), ssAddr(k.local.Addr), ":" + ssPort(k.local.Port), ssAddr(k.remote.Addr), ":" + ssPort(k.remote.Port)})
	}
	if a.on['H'] {
		rows[0] = []string{"", "", "Recv-Q", "Send-Q", "", "", "", ""}
	}
	layout := ssLayout{widths: columnWidths(rows), netid: !a.on['t'] && !a.on['u'] || a.on['t'] && a.on['u']}
	onlyUDP := a.on['u'] && !a.on['t'] && !a.on['a'] && !a.on['l'] && a.filter.states == 0 // those that are connected
	layout.state = states&(states-1) != 0 && !onlyUDP
	if !a.on['H'] {
		s.printf(StyleOut, "%s", layout.row(rows[0], "Process"))
	}
	for i := range list {
		s.printf(StyleOut, "%s", layout.row(rows[i+1], s.ssMore(&a.options, &list[i])))
		if k := &list[i]; a.on['i'] && k.conn != nil && k.state != tcp.Listen && k.state != tcp.TimeWait {
			s.printf(StyleOut, "         %s", s.tcpInfo(k.conn))
		}
	}
	s.exit()
	return false
}

func columnWidths(rows [][]string) []int {
	w := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			w[i] = max(w[i], len(cell))
		}
	}
	return w
}

// ssLayout says which columns there are: that of the state is left out if it can be one only.
type ssLayout struct {
	widths       []int
	netid, state bool
}

// row prints a row: addresses to the right, up to the colon, and ports to the left.
func (l *ssLayout) row(row []string, more string) string {
	var b strings.Builder
	w := l.widths
	if l.netid {
		fmt.Fprintf(&b, "%-*s ", w[0], row[0])
	}
	if l.state {
		fmt.Fprintf(&b, "%-*s ", w[1], row[1])
	}
	fmt.Fprintf(&b, "%-*s %-*s %*s%-*s %*s%-*s%s", w[2], row[2], w[3], row[3], w[4], row[4], w[5], row[5], w[6], row[6], w[7], row[7], more)
	return strings.TrimRight(b.String(), " ")
}

// ssSummary is ss -s, as far as there is something to count.
func (s *Sys) ssSummary() {
	var total, estab, closed, orphaned, wait, udp, udp6, v6 int
	for i := range s.Sockets {
		if k := &s.Sockets[i]; k.Kind == stack.SockUDP {
			if udp++; !k.Local.Addr.Is4() && !k.Local.Addr.IsZero() {
				udp6++
			}
		}
	}
	for i := range s.Conns {
		c := &s.Conns[i]
		switch {
		case c.State == tcp.Closed && c.Orphan:
			continue
		case c.State == tcp.Closed:
			closed++
		case c.State == tcp.TimeWait:
			wait++
		case c.State == tcp.Established:
			estab++
		}
		total++
		if c.Orphan && c.State != tcp.TimeWait && c.State != tcp.Closed {
			orphaned++
		}
		if !c.Local.Addr.Is4() && !c.Local.Addr.IsZero() {
			v6++
		}
	}
	s.printf(StyleOut, "Total: %d", total+udp-closed-wait)
	s.printf(StyleOut, "TCP:   %d (estab %d, closed %d, orphaned %d, timewait %d)", total, estab, closed+wait, orphaned, wait)
	s.printf(StyleOut, "")
	s.printf(StyleOut, "Transport Total     IP        IPv6")
	line := func(name string, n, n6 int) { s.printf(StyleOut, "%-10s%-9d %-9d %d", name, n, n-n6, n6) }
	open := total - closed - wait
	line("RAW", 0, 0)
	line("UDP", udp, udp6)
	line("TCP", open, v6)
	line("INET", udp+open, udp6+v6)
	line("FRAG", len(s.Partial), 0)
	s.printf(StyleOut, "")
}

// netstat

var netstatStates = map[tcp.State]string{tcp.Listen: "LISTEN", tcp.SynSent: "SYN_SENT", tcp.SynReceived: "SYN_RECV", tcp.Established: "ESTABLISHED", tcp.FinWait1: "FIN_WAIT1",
	tcp.FinWait2: "FIN_WAIT2", tcp.CloseWait: "CLOSE_WAIT", tcp.Closing: "CLOSING", tcp.LastAck: "LAST_ACK", tcp.TimeWait: "TIME_WAIT"}

func parseNetstat(args []string) (o options, err error) {
	o, err = getopt(args, "tualnpreis", "tcp=t", "udp=u", "all=a", "listening=l", "numeric=n", "route=r", "statistics=s")
	if err == nil && len(o.rest) > 0 {
		err = fmt.Errorf("%q has no meaning", o.rest[0])
	}
	return o, err
}

func stepNetstat(s *Sys, p *Proc) bool {
	o, _ := parseNetstat(p.Args)
	if o.on['s'] {
		s.netstatCounters()
		s.exit()
		return false
	}
	if o.on['r'] {
		s.netstatRoutes()
		s.exit()
		return false
	}
	which, states := "w/o servers", ssStateSets["all"]
	switch {
	case o.on['a']:
		which = "servers and established"
	case o.on['l']:
		which, states = "only servers", statesOf(tcp.Listen, tcp.Closed)
	default:
		states &^= statesOf(tcp.Listen, tcp.Closed)
	}
	s.printf(StyleOut, "Active Internet connections (%s)", which)
	s.printf(StyleOut, "Proto Recv-Q Send-Q Local Address           Foreign Address         State      ")
	list := s.socks(&o, states)
	for _, wantUDP := range []bool{false, true} {
		for i := range list {
			k := &list[i]
			if k.udp != wantUDP {
				continue
			}
			proto, state, sendQ := "tcp", netstatStates[k.state], k.sendQ
			if k.udp {
				if proto, state = "udp", ""; k.remote.Port != 0 {
					state = "ESTABLISHED"
				}
			}
			if k.state == tcp.Listen {
				sendQ = 0
			}
			if !k.local.Addr.Is4() && !k.local.Addr.IsZero() {
				proto += "6"
			}
			s.printf(StyleOut, "%-5s %6d %6d %-23s %-23s %-11s", proto, k.recvQ, sendQ, netstatAddr(k.local), netstatAddr(k.remote), state)
		}
	}
	s.exit()
	return false
}

func netstatAddr(e tcp.Endpoint) string {
	if e.Addr.IsZero() {
		return "0.0.0.0:" + ssPort(e.Port)
	}
	return e.Addr.String() + ":" + ssPort(e.Port)
}

// netstatRoutes is netstat -rn.
func (s *Sys) netstatRoutes() {
	s.printf(StyleOut, "Kernel IP routing table")
	s.printf(StyleOut, "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface")
	for r := range s.routes4 {
		via, flags := gateway(r)
		s.printf(StyleOut, "%-15s %-15s %-15s %-9s 0 0          0 %s", network(r.Dst, r.Prefix), via, netmask(r.Prefix), flags, s.Ifaces[r.Iface].Name)
	}
}
