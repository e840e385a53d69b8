package prog

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"wirelab/stack"
	"wirelab/stack/wire"
)

// The older tools: date, hostname, nslookup of BIND, and arp, route and ifconfig of net-tools.

// noOperands is the parser of a program that takes options only.
func noOperands(spec string, long ...string) func([]string) (options, error) {
	return func(args []string) (o options, err error) {
		if o, err = getopt(args, spec, long...); err == nil && len(o.rest) > 0 {
			err = fmt.Errorf("%q has no meaning", o.rest[0])
		}
		return o, err
	}
}

var dateSource = []string{`clock_gettime(CLOCK_REALTIME, &now);`}

func parseDate(args []string) (format string, err error) {
	o, err := getopt(args, "uRI", "utc=u", "universal=u", "rfc-email=R")
	switch {
	case err != nil:
		return "", err
	case o.on['R']:
		format = "%a, %d %b %Y %H:%M:%S +0000"
	case o.on['I']:
		format = "%F"
	default:
		format = "%a %b %e %H:%M:%S UTC %Y"
	}
	for _, w := range o.rest {
		if w[:min(1, len(w))] != "+" {
			return "", fmt.Errorf("invalid date '%s': the time of a lab is not set; only +FORMAT can follow", w)
		}
		format = w[1:]
	}
	return format, nil
}

// stepDate prints the virtual time: a lab begins at the beginning of 1970.
func stepDate(s *Sys, p *Proc) bool {
	format, _ := parseDate(p.Args)
	s.printf(StyleOut, "%s", strftime(format, s.Now))
	s.exit()
	return false
}

// strftime formats a virtual time, in ns since 1970, in UTC, as strftime(3) does for the conversions of date(1).
func strftime(format string, ns int64) string {
	at := time.Unix(0, ns).UTC()
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch c := format[i]; c {
		case 'Y':
			b.WriteString(at.Format("2006"))
		case 'm':
			b.WriteString(at.Format("01"))
		case 'd':
			b.WriteString(at.Format("02"))
		case 'e':
			b.WriteString(at.Format("_2"))
		case 'H':
			b.WriteString(at.Format("15"))
		case 'M':
			b.WriteString(at.Format("04"))
		case 'S':
			b.WriteString(at.Format("05"))
		case 'N':
			fmt.Fprintf(&b, "%09d", at.Nanosecond())
		case 's':
			fmt.Fprintf(&b, "%d", at.Unix())
		case 'a':
			b.WriteString(at.Format("Mon"))
		case 'b':
			b.WriteString(at.Format("Jan"))
		case 'F':
			b.WriteString(strftime("%Y-%m-%d", ns))
		case 'T':
			b.WriteString(strftime("%H:%M:%S", ns))
		case 'Z':
			b.WriteString("UTC")
		case '%':
			b.WriteByte('%')
		default:
			b.WriteString(format[i-1 : i+1])
		}
	}
	return b.String()
}

var hostnameSource = []string{`gethostname(name, sizeof name);`}

var parseHostname = noOperands("sfI", "short=s", "fqdn=f", "long=f", "all-ip-addresses=I")

func stepHostname(s *Sys, p *Proc) bool {
	o, _ := parseHostname(p.Args)
	defer s.exit()
	if !o.on['I'] {
		s.printf(StyleOut, "%s", s.Name)
		return false
	}
	line := ""
	for i := range s.Ifaces {
		f := &s.Ifaces[i]
		if !f.Addr.IsZero() {
			line += f.Addr.String() + " "
		}
		for _, a := range f.Addrs {
			if !a.Addr.IsLinkLocal() {
				line += a.Addr.String() + " "
			}
		}
	}
	s.printf(StyleOut, "%s", line)
	return false
}

// nslookup is dig with other words: it asks for A, and then for AAAA.
func parseNslookup(args []string) (q digQuery, err error) {
	q = digQuery{typ: dnsmessage.TypeA, tries: 3, timeoutNs: 5_000_000_000, port: wire.DNSPort, short: true, lookup: true}
	if len(args) == 0 || len(args) > 2 {
		return q, fmt.Errorf("a name is needed, and the server to ask can follow")
	}
	if args[0][:min(1, len(args[0]))] == "-" {
		return q, fmt.Errorf("there is no option %s; dig NAME TYPE asks for more", args[0])
	}
	if q.name = args[0]; len(args) == 2 {
		q.server = args[1]
		if err = checkHost(q.server); err != nil {
			return q, err
		}
	}
	return q, checkHost(strings.TrimSuffix(q.name, "."))
}

// query is what the command line of dig or nslookup asks.
func (p *Proc) query() digQuery {
	if kinds[p.Kind].name != "nslookup" {
		q, _ := parseDig(p.Args)
		return q
	}
	q, _ := parseNslookup(p.Args)
	if len(p.Dig) > 0 && p.Dig[0].Second {
		q.typ = dnsmessage.TypeAAAA
	}
	return q
}

// nslookupTake prints an answer.
func (s *Sys) nslookupTake(p *Proc, q *digQuery, m *dnsmessage.Message) bool {
	d := &p.Dig[0]
	name := strings.TrimSuffix(q.name, ".")
	if !d.Second {
		s.printf(StyleOut, "Server:         %s", d.Server)
		s.printf(StyleOut, "Address:        %s#%d", d.Server, q.port)
		s.printf(StyleOut, "")
		if m.RCode != dnsmessage.RCodeSuccess {
			s.printf(StyleOut, "** server can't find %s: %s", name, rcodeName(m.RCode))
			s.printf(StyleOut, "")
			s.exit()
			return false
		}
		if !m.Authoritative {
			s.printf(StyleOut, "Non-authoritative answer:")
		}
	}
	for _, r := range m.Answers {
		owner := strings.TrimSuffix(r.Header.Name.String(), ".")
		switch r.Header.Type {
		case dnsmessage.TypeCNAME:
			if !d.Second {
				s.printf(StyleOut, "%s", untab(owner+"\tcanonical name = "+recordValue(r.Body)))
			}
		case q.typ:
			d.Found = true
			s.printf(StyleOut, "%s", untab("Name:\t"+owner))
			s.printf(StyleOut, "Address: %s", recordValue(r.Body))
		}
	}
	if !d.Second {
		d.Second, d.Try = true, 0
		d.ID++
		p.Line = 3
		return true
	}
	if !d.Found {
		s.printf(StyleOut, "*** Can't find %s: No answer", name)
	}
	s.printf(StyleOut, "")
	s.exit()
	return false
}

var arpSource = []string{`f = open("/proc/net/arp", O_RDONLY);`, `while (fgets(line, sizeof line, f)) print(line);`}

func parseArp(args []string) (o options, err error) {
	if o, err = getopt(args, "nae", "all=a", "numeric=n"); err == nil && len(o.rest) > 1 {
		err = fmt.Errorf("%q is one address too many", o.rest[1])
	}
	if err == nil && len(o.rest) == 1 {
		if a, e := wire.ParseAddr(o.rest[0]); e != nil || !a.Is4() {
			err = fmt.Errorf("%q is not an address such as 10.0.0.1; arp only shows, ip neigh changes", o.rest[0])
		}
	}
	return o, err
}

func stepArp(s *Sys, p *Proc) bool {
	o, _ := parseArp(p.Args)
	defer s.exit()
	shown := 0
	for i := range s.Neighbors {
		n := &s.Neighbors[i]
		if !n.Addr.Is4() || len(o.rest) == 1 && n.Addr.String() != o.rest[0] {
			continue
		}
		name, permanent := s.Ifaces[n.Iface].Name, n.State == stack.NudPermanent
		if shown++; o.on['a'] {
			s.printf(StyleOut, "? (%s) at %s on %s", n.Addr, bsdStyle(n, permanent), name)
			continue
		}
		if shown == 1 {
			s.printf(StyleOut, "Address                  HWtype  HWaddress           Flags Mask            Iface")
		}
		flags := "C"
		if permanent {
			flags = "CM"
		}
		if n.Known {
			s.printf(StyleOut, "%-23s  ether   %-20s%-22s%s", n.Addr, n.MAC, flags, name)
		} else {
			s.printf(StyleOut, "%-23s  %-8s%-42s%s", n.Addr, "", "(incomplete)", name)
		}
	}
	if shown == 0 && len(o.rest) == 1 {
		s.printf(StyleOut, "%s (%s) -- no entry", o.rest[0], o.rest[0])
	}
	return false
}

func bsdStyle(n *stack.Neighbor, permanent bool) string {
	switch {
	case !n.Known:
		return "<incomplete>"
	case permanent:
		return n.MAC.String() + " [ether] PERM"
	}
	return n.MAC.String() + " [ether]"
}

var routeSource = []string{`f = open("/proc/net/route", O_RDONLY);`, `while (fgets(line, sizeof line, f)) print(line);`}

func parseRoute(args []string) (o options, err error) {
	if o, err = getopt(args, "ne", "numeric=n"); err == nil && len(o.rest) > 0 {
		err = fmt.Errorf("%q: route only shows; ip route add and ip route del change", o.rest[0])
	}
	return o, err
}

func stepRoute(s *Sys, p *Proc) bool {
	o, _ := parseRoute(p.Args)
	s.printf(StyleOut, "Kernel IP routing table")
	s.printf(StyleOut, "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface")
	for r := range s.routes4 {
		via, flags := gateway(r)
		dst := network(r.Dst, r.Prefix).String()
		if r.Prefix == 0 && !o.on['n'] {
			dst = "default"
		}
		s.printf(StyleOut, "%-15s %-15s %-15s %-5s %-6d %-2d %7d %s", dst, via, netmask(r.Prefix), flags, 0, 0, 0, s.Ifaces[r.Iface].Name)
	}
	s.exit()
	return false
}

// routes4 yields the IPv4 routes in the order of the table.
func (s *Sys) routes4(yield func(*stack.Route) bool) {
	for i := range s.Routes {
		if r := &s.Routes[i]; r.Dst.Is4() && !yield(r) {
			return
		}
	}
}

// gateway returns the columns Gateway and Flags of an IPv4 route, as route(8) and netstat(8) print them.
func gateway(r *stack.Route) (via, flags string) {
	via, flags = "0.0.0.0", "U"
	if !r.Via.IsZero() {
		via, flags = r.Via.String(), "UG"
	}
	if r.Prefix == 32 {
		flags += "H"
	}
	return via, flags
}

func netmask(prefix uint8) wire.Addr { return wire.From4(uint32(0xffffffff << (32 - uint64(prefix)))) }

var ifconfigSource = []string{`fd = socket(AF_INET, SOCK_DGRAM, 0);`, `ioctl(fd, SIOCGIFCONF, &conf);`}

func parseIfconfig(args []string) (o options, err error) {
	if o, err = getopt(args, "a"); err == nil && len(o.rest) > 1 {
		err = fmt.Errorf("%q: ifconfig only shows; ip addr and ip link change", o.rest[1])
	}
	return o, err
}

func stepIfconfig(s *Sys, p *Proc) bool {
	o, _ := parseIfconfig(p.Args)
	defer s.exit()
	shown := false
	for i := range s.Ifaces {
		if f := &s.Ifaces[i]; len(o.rest) == 0 || o.rest[0] == f.Name {
			s.ifconfig(f)
			shown = true
		}
	}
	if !shown && len(o.rest) == 1 {
		s.printf(StyleError, "%s: error fetching interface information: Device not found", o.rest[0])
	}
	return false
}

func (s *Sys) ifconfig(f *stack.Iface) {
	line := func(format string, args ...any) { s.printf(StyleOut, "        "+format, args...) }
	s.printf(StyleOut, "%s: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu %d", f.Name, f.MTU)
	if !f.Addr.IsZero() {
		mask := uint32(0xffffffff << (32 - uint64(f.Prefix)))
		line("inet %s  netmask %s  broadcast %s", f.Addr, netmask(f.Prefix), wire.From4(f.Addr.As4()|^mask))
	}
	for _, a := range f.Addrs {
		scope := "0x0<global>"
		if a.Addr.IsLinkLocal() {
			scope = "0x20<link>"
		}
		line("inet6 %s  prefixlen %d  scopeid %s", a.Addr, a.Prefix, scope)
	}
	line("ether %s  txqueuelen 1000  (Ethernet)", f.MAC)
	line("RX packets %d  bytes %d (%s)", f.Stats.RxPackets, f.Stats.RxBytes, inUnits(f.Stats.RxBytes))
	line("TX packets %d  bytes %d (%s)", f.Stats.TxPackets, f.Stats.TxBytes, inUnits(f.Stats.TxBytes))
	s.printf(StyleOut, "")
}

// inUnits is a number of bytes as ifconfig says it.
func inUnits(n uint64) string {
	unit, size := "B", uint64(1)
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if n < size*1024 {
			break
		}
		unit, size = u, size*1024
	}
	return fmt.Sprintf("%d.%d %s", n/size, n%size*10/size, unit)
}
