package prog

import (
	"fmt"
	"slices"
	"strconv"
)

// kind is one program: how it is called, how it goes on, and what it looks like.
type kind struct {
	name, usage, about string
	check              func(args []string) error // of the command line
	step               func(*Sys, *Proc) bool    // one line; false when it blocks
	source             []string
	stop               func(*Sys, *Proc) // what it still does when it is interrupted, or nil
}

// kinds is filled by init because the shell's table and the programs in it
// refer to each other. The order is part of the saved state: append only.
var kinds []kind

func init() {
	kinds = []kind{
		{"echo-server", "PORT [THINK_MS]", "sends each line back, says bye at the end", plain(checkEchoServer), stepEchoServer, echoServerSource, nil},
		{"echo-client", "HOST PORT", "sends lines that are typed, until exit", plain(ports(2, 1)), stepEchoClient, echoClientSource, nil},
		{"nc", "[-l] [-u] [-v] [-z] [-w SECONDS] [-p PORT] HOST PORT | nc -l PORT", "copies between the terminal and a connection", checked(parseNC), stepNC, ncSource, nil},
		{"ping", "[-46bfnqO] [-c COUNT] [-i SECONDS] [-s BYTES] [-t TTL] [-M do|want|dont|probe] [-W SECONDS] [-w SECONDS] HOST", "asks whether a host is there, and how far away", checked(parsePing), stepPing, pingSource, pingStatistics},
		{"sink", "PORT [BYTES MS]", "reads and forgets", plain(checkSink), stepSink, sinkSource, nil},
		{"source", "HOST PORT [TOTAL [BYTES MS]]", "sends as much as it can", plain(checkSource), stepSource, sourceSource, nil},
		{"churn", "HOST PORT COUNT", "opens and closes connections, one after the other", plain(checkMany), stepChurn, churnSource, nil},
		{"crowd", "HOST PORT COUNT", "opens connections and keeps them", plain(checkMany), stepCrowd, crowdSource, nil},
		{"hold", "PORT", "accepts connections and keeps them", plain(ports(1, 0)), stepHold, holdSource, nil},
		{"help", "[NAME]", "lists the programs, or tells how one is called", plain(checkHelp), stepHelp, helpSource, nil},
		{"ip", "[-4|-6|-s|-br|-o] address|route|neigh|link [show|add|del|replace|get|set] …", "shows and changes addresses, routes, neighbours and links", checked(parseIP), stepIP, ipSource, nil},
		{"traceroute", "[-46nI] [-f HOP] [-m HOPS] [-q PROBES] [-w SECONDS] [-p PORT] HOST [BYTES]", "finds the routers on the way", checked(parseTraceroute), stepTraceroute, tracerouteSource, nil},
		{"ss", "[-taulnpieo46Hs] [state STATE] [[src|dst ADDRESS[:PORT]] [sport|dport = :PORT] [and|or|not] (…)]", "shows sockets", checked(parseSS), stepSS, ssSource, nil},
		{"netstat", "[-taulnrs]", "shows sockets, with -r routes, with -s counters", checked(parseNetstat), stepNetstat, ssSource, nil},
		{"sysctl", "-a | NAME … | -w NAME=VALUE …", "shows and changes settings", checked(parseSysctl), stepSysctl, sysctlSource, nil},
		{"dig", "[@SERVER] [-p PORT] NAME [TYPE] [+short] [+tcp] [+ignore] [+noedns] [+bufsize=N] [+tries=N] [+time=SECONDS]", "asks a name server", checked(parseDig), stepDig, digSource, nil},
		{"dns-server", "[-t TTL] PORT NAME=ADDRESS …", "answers for names: a zone on the command line", checked(parseZone), stepDNSServer, dnsServerSource, nil},
		{"httpd", "[-q] [-k SECONDS] [PORT]", "a web server with a small site", checked(parseHTTPD), stepHTTPD, httpdSource, nil},
		{"curl", "[-vIisSf046] [-o /dev/null] [-w FORMAT] [-H HEADER …] [-A AGENT] [-X METHOD] [-m SECONDS] [--connect-timeout SECONDS] [--pipeline] URL …", "fetches from a web server", checked(parseCurl), stepCurl, curlSource, nil},
		{"browser", "[-n CONNECTIONS] [-0] URL", "loads a page with its parts, and shows when what came", checked(parseBrowser), stepBrowser, browserSource, nil},
		{"tcpdump", "[-ADeKlLnNpqStvxX#] [-c COUNT] [-i INTERFACE] [-Q in|out] [-s BYTES] [-w FILE] [FILTER]", "shows the packets that this host sends and gets", checked(parseTcpdump), stepTcpdump, tcpdumpSource, stopTcpdump},
		{"iperf", "-s [-p PORT] | -c HOST [-p PORT] [-t SECONDS] [-n BYTES] [-P STREAMS] [-R] [-C ALGORITHM] [-i SECONDS] [-u [-b RATE] [-l BYTES]]", "measures how much gets through", checked(parseIperf), stepIperf, iperfSource, stopIperf},
		{"script", "['STATEMENT; STATEMENT …']", "runs socket calls line by line, typed or given", plain(checked(parseScript)), stepScript, scriptWaits, nil},
		{"slow-reader", "PORT BYTES MS", "reads a few bytes, rests, and reads again", plain(checkSlowReader), stepSink, sinkSource, nil},
		{"synflood", "HOST PORT COUNT [RATE]", "sends SYNs from addresses where nobody is", checked(parseFlood), stepFlood, synfloodSource, stopFlood},
		{"conntrack", "[-L]", "shows what a NAT translates", checkConntrack, stepConntrack, conntrackSource, nil},
		{"tc", "[-s] qdisc [show|add|change|replace|del] [dev INTERFACE] [root] [handle N:] [netem|tbf|pfifo|fq_codel|codel|red …]", "shows the queues of the interfaces, and changes the links behind them", checked(parseTC), stepTC, ipSource, nil},
		{"dhcpd", "[-i INTERFACE] [-l SECONDS] [-r ROUTER] [-d DNS] FIRST LAST", "gives addresses away", checked(parseDHCPD), stepDHCPD, dhcpdSource, nil},
		{"dhclient", "[-v] [-r] [INTERFACE]", "gets an address for an interface", checked(parseDHClient), stepDHClient, dhclientSource, nil},
		{"jobs", "[-lprs] [JOB …]", "lists what runs in the background", anything, stepJobs, jobsSource, nil},
		{"fg", "[job_spec]", "brings a program from the background to the terminal", anything, stepFg, fgSource, nil},
		{"bg", "[job_spec ...]", "lets stopped programs go on in the background", anything, stepFg, fgSource, nil},
		{"kill", "[-s SIGNAL | -SIGNAL] PID|%JOB … | -l", "sends a signal to programs, TERM if none is named", anything, stepKill, killSource, nil},
		{"grep", "[-ivcnqEF] [-m COUNT] PATTERN", "passes on the lines in which a pattern is", checked(parseGrep), stepFilter, filterSource, nil},
		{"head", "[-n LINES]", "passes on the first lines", checked(parseHead), stepFilter, filterSource, nil},
		{"tail", "[-n [+]LINES]", "passes on the last lines", checked(parseTail), stepFilter, filterSource, nil},
		{"wc", "[-lwc]", "counts lines, words and bytes", checked(parseWC), stepFilter, filterSource, nil},
		{"nstat", "[-aznrs] [PATTERN …]", "shows what was counted since it ran last", checked(parseNstat), stepNstat, nstatSource, nil},
		{"date", "[-uRI] [+FORMAT]", "prints the time of the lab, which begins with 1970", checked(parseDate), stepDate, dateSource, nil},
		{"hostname", "[-sfI]", "prints the name of the host, or with -I its addresses", checked(parseHostname), stepHostname, hostnameSource, nil},
		{"nslookup", "NAME [SERVER]", "asks a name server for addresses", checked(parseNslookup), stepDig, digSource, nil},
		{"arp", "[-na] [ADDRESS]", "shows neighbours", checked(parseArp), stepArp, arpSource, nil},
		{"route", "[-n]", "shows routes", checked(parseRoute), stepRoute, routeSource, nil},
		{"ifconfig", "[-a] [INTERFACE]", "shows interfaces", checked(parseIfconfig), stepIfconfig, ifconfigSource, nil},
	}
}

func kindOf(name string) int {
	for i := range kinds {
		if kinds[i].name == name {
			return i
		}
	}
	return -1
}

// kindNames lists the programs.
func kindNames() []string {
	names := make([]string, len(kinds))
	for i := range kinds {
		names[i] = kinds[i].name
	}
	return names
}

// Source returns the lines of a program in the shape of a C textbook; Proc.Line
// counts them from 1.
func Source(kind uint8) []string { return kinds[kind].source }

// SourceOf returns the lines of a program that runs: those of its kind, or its own.
func SourceOf(p *Proc) []string {
	switch {
	case len(p.Script) > 0 && int(p.Line) > len(p.Script[0].Source):
		return slices.Concat(p.Script[0].Source, scriptWaits)
	case len(p.Script) > 0:
		return p.Script[0].Source
	}
	return Source(p.Kind)
}

// Name returns the name of a kind.
func Name(kind uint8) string { return kinds[kind].name }

func checkEchoServer(args []string) error {
	if len(args) == 2 {
		if ms, err := strconv.Atoi(args[1]); err != nil || ms < 0 || ms > 3_600_000 {
			return fmt.Errorf("a time to think lies between 0 and 3600000 ms, not at %s", args[1])
		}
		args = args[:1]
	}
	return ports(1, 0)(args)
}

// ports checks for n arguments of which the last is a port and the first addrs
// are addresses.
func ports(n, addrs int) func([]string) error {
	return func(args []string) error {
		if len(args) != n {
			return fmt.Errorf("%d arguments are needed", n)
		}
		if addrs > 0 {
			if err := checkHost(args[0]); err != nil {
				return err
			}
		}
		_, err := port(args[n-1])
		return err
	}
}

func port(s string) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is not a port from 1 to 65535", s)
	}
	return uint16(n), nil
}

// count reads a positive number of at most limit.
func count(s string, limit uint64) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 || n > limit {
		return 0, fmt.Errorf("%q is not a number from 1 to %d", s, limit)
	}
	return n, nil
}

func checkSource(args []string) error {
	if len(args) > 2 {
		if _, err := count(args[2], 1<<60); err != nil {
			return err
		}
		if err := checkPace(args[3:]); err != nil {
			return err
		}
		args = args[:2]
	}
	return ports(2, 1)(args)
}

func checkSink(args []string) error {
	if len(args) > 1 {
		if err := checkPace(args[1:]); err != nil {
			return err
		}
		args = args[:1]
	}
	return ports(1, 0)(args)
}
