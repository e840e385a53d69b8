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

func parseSS(args []string) (o options, err error) {
	o, err = getopt(args, "tualniemo46Hps", "tcp=t", "udp=u", "all=a", "listening=l", "numeric=n", "info=i", "extended=e", "options=o", "ipv4=4", "ipv6=6", "no-header=H", "summary=s")
	if err == nil && len(o.rest) > 0 {
		err = fmt.Errorf("filters such as %q are not there; only options", o.rest[0])
	}
	return o, err
}

// socks lists the sockets that options ask for, UDP first as Linux has it; brief leaves out what begins and
// what is over.
func (s *Sys) socks(o *options, brief bool) (list []sock) {
	tcpToo := o.on['t'] || !o.on['u']
	udpToo := o.on['u'] || !o.on['t']
	all, listening := o.on['a'], o.on['l']
	if udpToo {
		for i := range s.Sockets {
			k := &s.Sockets[i]
			connected := k.Remote.Port != 0
			if k.Kind != stack.SockUDP || !all && listening == connected {
				continue
			}
			line := sock{udp: true, local: k.Local, remote: k.Remote, fd: int32(i)}
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
			if c.State == tcp.Closed || (c.State == tcp.Listen) != (pass == 0) || c.State == tcp.Listen && !all && !listening || c.State != tcp.Listen && listening && !all {
				continue
			}
			if brief && !all && (c.State == tcp.SynReceived || c.State == tcp.TimeWait) {
				continue
			}
			line := sock{state: c.State, local: c.Local, remote: c.Remote, conn: c, fd: fds[i]}
			switch {
			case c.State == tcp.Listen:
				line.recvQ, line.sendQ = uint32(len(c.Ready)), c.Backlog
			case c.State != tcp.TimeWait:
				line.recvQ, line.sendQ = c.RcvQueued, c.SndQueued
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
	o, _ := parseSS(p.Args)
	if o.on['s'] {
		s.ssSummary()
		s.exit()
		return false
	}
	list := s.socks(&o, true)
	netid := !o.on['t'] && !o.on['u'] || o.on['t'] && o.on['u']
	rows := [][]string{{"Netid", "State", "Recv-Q", "Send-Q", "Local Address", ":Port", "Peer Address", ":Port"}}
	for i := range list {
		k := &list[i]
		if o.on['4'] && !k.local.Addr.Is4() && !k.local.Addr.IsZero() || o.on['6'] && (k.local.Addr.Is4() || k.local.Addr.IsZero()) {
			list[i].fd = -2
			continue
		}
		id, st := "tcp", ssStates[k.state]
		if k.udp {
			if id, st = "udp", "UNCONN"; k.remote.Port != 0 {
				st = "ESTAB"
			}
		}
		rows = append(rows, []string{id, st, fmt.Sprint(k.recvQ), fmt.Sprint(k.sendQ), ssAddr(k.local.Addr), ":" + ssPort(k.local.Port), ssAddr(k.remote.Addr), ":" + ssPort(k.remote.Port)})
	}
	widths := columnWidths(rows)
	n := 0
	for i, row := range rows {
		if i == 0 && o.on['H'] {
			continue
		}
		s.printf(StyleOut, "%s", ssRow(row, widths, netid, i == 0))
		if i == 0 {
			continue
		}
		for list[n].fd == -2 {
			n++
		}
		s.ssMore(&o, &list[n])
		n++
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

// ssRow prints a row: addresses to the right, up to the colon, and ports to the left.
func ssRow(row []string, w []int, netid, head bool) string {
	var b strings.Builder
	if netid {
		fmt.Fprintf(&b, "%-*s ", w[0], row[0])
	}
	fmt.Fprintf(&b, "%-*s %-*s %-*s %*s%-*s %*s%-*s", w[1], row[1], w[2], row[2], w[3], row[3], w[4], row[4], w[5], row[5], w[6], row[6], w[7], row[7])
	if head {
		b.WriteString("Process")
	}
	return strings.TrimRight(b.String(), " ")
}

// ssSummary is ss -s, as far as there is something to count.
func (s *Sys) ssSummary() {
	var total, estab, closed, orphaned, wait, udp, v6 int
	for i := range s.Sockets {
		switch s.Sockets[i].Kind {
		case stack.SockUDP:
			udp++
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
	s.printf(StyleOut, "UDP       %-9d %-9d %d", udp, udp, 0)
	s.printf(StyleOut, "TCP       %-9d %-9d %d", total-closed-wait, total-closed-wait-v6, v6)
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
	which := "w/o servers"
	if o.on['a'] {
		which = "servers and established"
	} else if o.on['l'] {
		which = "only servers"
	}
	s.printf(StyleOut, "Active Internet connections (%s)", which)
	s.printf(StyleOut, "Proto Recv-Q Send-Q Local Address           Foreign Address         State      ")
	list := s.socks(&o, false)
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
	for i := range s.Routes {
		r := &s.Routes[i]
		if !r.Dst.Is4() {
			continue
		}
		via, flags := gateway(r)
		s.printf(StyleOut, "%-15s %-15s %-15s %-9s 0 0          0 %s", network(r.Dst, r.Prefix), via, netmask(r.Prefix), flags, s.Ifaces[r.Iface].Name)
	}
}
