package prog

import (
	"fmt"
	"path"
	"strings"

	"wirelab/stack"
)

// nstat and netstat -s print what the stack counted.

var nstatSource = []string{`f = open("/proc/net/snmp", O_RDONLY); g = open("/proc/net/netstat", O_RDONLY);`, `while (fgets(line, sizeof line, f)) print(line);`}

func parseNstat(args []string) (o options, err error) {
	if o, err = getopt(args, "aznrs", "zeros=z", "ignore=a", "nooutput=n", "reset=r", "noupdate=s"); err != nil {
		return o, err
	}
	for _, pattern := range o.rest {
		if _, err := path.Match(pattern, ""); err != nil {
			return o, fmt.Errorf("%q is no pattern such as TcpExt* or *Rsts", pattern)
		}
	}
	return o, nil
}

// stepNstat prints what changed since nstat ran last, or with -a since the host began.
func stepNstat(s *Sys, p *Proc) bool {
	o, _ := parseNstat(p.Args)
	m := s.machine
	if o.on['r'] {
		m.Counted = nil
	}
	list := s.Snmp()
	if !o.on['n'] {
		s.printf(StyleOut, "#kernel")
	}
	for i, c := range list {
		v := c.Value
		if !o.on['a'] && i < len(m.Counted) {
			v -= m.Counted[i]
		}
		if !o.on['n'] && (v > 0 || o.on['z']) && matches(o.rest, c.Name) {
			s.printf(StyleOut, "%-32s%-16d%6s", c.Name, v, "0.0")
		}
	}
	if !o.on['s'] {
		m.Counted = m.Counted[:0:0]
		for _, c := range list {
			m.Counted = append(m.Counted, c.Value)
		}
	}
	s.exit()
	return false
}

func matches(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return len(patterns) == 0
}

// statWords are what netstat -s says of a counter; those that begin with ? are left out when they are zero. What
// has no words here is printed by its name, if it is not zero.
var statWords = map[string]string{
	"IpInReceives": "total packets received", "IpInHdrErrors": "?with invalid headers", "IpInAddrErrors": "?with invalid addresses", "IpForwDatagrams": "forwarded",
	"IpInDelivers": "incoming packets delivered", "IpOutRequests": "requests sent out", "IpOutNoRoutes": "?dropped because of missing route",
	"IpReasmTimeout": "?fragments dropped after timeout", "IpReasmReqds": "?reassemblies required", "IpReasmOKs": "?packets reassembled ok", "IpReasmFails": "?packet reassemblies failed",
	"IpFragOKs": "?fragments received ok", "IpFragCreates": "?fragments created",
	"TcpActiveOpens": "active connection openings", "TcpPassiveOpens": "passive connection openings", "TcpAttemptFails": "failed connection attempts",
	"TcpEstabResets": "connection resets received", "TcpInSegs": "segments received", "TcpOutSegs": "segments sent out", "TcpRetransSegs": "segments retransmitted",
	"TcpInErrs": "bad segments received", "TcpOutRsts": "resets sent",
	"UdpInDatagrams": "packets received", "UdpNoPorts": "packets to unknown port received", "UdpInErrors": "packet receive errors", "UdpOutDatagrams": "packets sent", "UdpRcvbufErrors": "receive buffer errors",
	"TcpExtSyncookiesSent": "?SYN cookies sent", "TcpExtSyncookiesRecv": "?SYN cookies received", "TcpExtSyncookiesFailed": "?invalid SYN cookies received",
	"TcpExtTW": "?TCP sockets finished time wait in fast timer", "TcpExtDelayedACKs": "?delayed acks sent",
	"TcpExtListenOverflows": "?times the listen queue of a socket overflowed", "TcpExtListenDrops": "?SYNs to LISTEN sockets dropped",
	"TcpExtTCPFastRetrans": "?fast retransmits", "TcpExtTCPSlowStartRetrans": "?retransmits in slow start",
	"TcpExtTCPAbortOnData": "?connections reset due to unexpected data", "TcpExtTCPAbortOnTimeout": "?connections aborted due to timeout",
}

// netstatCounters is netstat -s.
func (s *Sys) netstatCounters() {
	list := s.Snmp()
	for _, group := range []string{"Ip", "Icmp", "Tcp", "Udp", "TcpExt"} {
		s.printf(StyleOut, "%s:", group)
		if group == "Ip" {
			forwarding := 2
			if s.Forward {
				forwarding = 1
			}
			s.printf(StyleOut, "    Forwarding: %d", forwarding)
		}
		for _, c := range list {
			if statGroup(c.Name) == group {
				s.netstatCounter(group, c)
			}
		}
	}
}

func (s *Sys) netstatCounter(group string, c stack.Counter) {
	words, known := statWords[c.Name]
	words, quiet := strings.CutPrefix(words, "?")
	switch {
	case c.Value == 0 && (quiet || !known):
	case known:
		s.printf(StyleOut, "    %d %s", c.Value, words)
	default:
		s.printf(StyleOut, "    %s: %d", strings.TrimPrefix(c.Name, group), c.Value)
	}
	if c.Name == "TcpEstabResets" {
		now := 0
		for i := range s.Conns {
			if k := &s.Conns[i]; ssStates[k.State] == "ESTAB" || ssStates[k.State] == "CLOSE-WAIT" {
				now++
			}
		}
		s.printf(StyleOut, "    %d connections established", now)
	}
}

// statGroup is the group of a counter; those of IPv6 have none here.
func statGroup(name string) string {
	for _, group := range []string{"TcpExt", "Ip6", "Icmp6", "Ip", "Icmp", "Tcp", "Udp"} {
		if strings.HasPrefix(name, group) {
			return group
		}
	}
	return ""
}
