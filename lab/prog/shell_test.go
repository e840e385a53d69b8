package prog_test

import (
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/stack/tcp"
)

// play types lines as a tool does, and returns the lab at the time until.
func play(t *testing.T, until int64, lines ...string) *lab.Lab {
	t.Helper()
	l, err := lab.New(village())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		in, _, ms := inputOf(l, line)
		if err := l.SeekTo(ms * 1_000_000); err != nil {
			t.Fatal(err)
		}
		if err := l.Do(in); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.SeekTo(until * 1_000_000); err != nil {
		t.Fatal(err)
	}
	return l
}

const (
	clientHost = 0
	serverHost = 3
)

// left counts the sockets of a host that a program has, and the connections that can still carry data.
func left(l *lab.Lab, node uint32) (sockets, conns int) {
	h := l.Host(node)
	for i := range h.Sockets {
		if h.Sockets[i].Kind != 0 {
			sockets++
		}
	}
	for i := range h.Conns {
		if s := h.Conns[i].State; s == tcp.Established || s == tcp.SynSent || s == tcp.CloseWait || s == tcp.Listen || s == tcp.SynReceived {
			conns++
		}
	}
	return sockets, conns
}

// A line typed while a program runs that does not read is kept, and run when that program has ended; several are run in order.
func TestLinesTypedAheadRunNext(t *testing.T) {
	out := play(t, 6000, "client 0 ping -c 3 10.0.1.1", "client 500 hostname", "client 600 ss -s | head -1; date +%s", "client 700 ping -c 1 10.0.0.254").Machine(clientHost).Output()
	_, after, ok := strings.Cut(out, "--- 10.0.1.1 ping statistics ---")
	at := 0
	for _, want := range []string{"rtt min", "client$ hostname\nclient\n", "client$ ss -s | head -1; date +%s\nTotal: ", "\n2\n", "client$ ping -c 1 10.0.0.254\n", "1 received"} {
		i := strings.Index(after[at:], want)
		if i < 0 || !ok {
			t.Fatalf("%q is not where it should be:\n%s", want, out)
		}
		at += i
	}
	out = play(t, 3000, "client 0 ping 10.0.1.1", "client 500 hostname", "client 1500 ^C", "client 1600 date +%s").Machine(clientHost).Output()
	if strings.Contains(out, "client$ hostname") || !strings.HasSuffix(out, "client$ date +%s\n1\n") {
		t.Errorf("^C forgets what was typed ahead, and the shell reads again:\n%s", out)
	}
}

// Whatever ends a program closes what it opened: nothing is left that nobody owns.
func TestWhatEndsAProgramClosesItsSockets(t *testing.T) {
	servers := []string{"server 0 echo-server 7 &", "server 0 sink 9 &", "server 0 hold 10 &", "server 0 httpd -q 80 &", "server 0 iperf -s &", "server 0 nc -l 11 &", "server 0 nc -l -u 12 &"}
	for _, command := range []string{"crowd 10.0.1.1 10 20", "crowd 10.0.1.1 7 5", "crowd 10.0.9.9 7 5", "churn 10.0.1.1 7 1000", "source 10.0.1.1 9", "echo-client 10.0.1.1 7", "nc 10.0.1.1 11", "nc -u 10.0.1.1 12", "nc -l 5000",
		"nc -l -u 5000", "ping 10.0.1.1", "ping 2001:db8:1::1", "traceroute 10.0.9.9", "dig @10.0.1.1 x", "curl http://10.0.1.1:9/", "browser -n 4 http://10.0.1.1:10/", "iperf -c 10.0.1.1 -t 100 -P 3", "iperf -s", "hold 5000",
		"sink 5000", "slow-reader 5000 10 10", "echo-server 5000", "httpd 5000", "dns-server 5000 a=1.2.3.4", "script 'fd = socket(AF_INET, SOCK_STREAM, 0); connect(fd, \"10.0.1.1\", 10); sleep(100)'", "dhclient", "dhcpd 10.0.0.100 10.0.0.110",
		"synflood 10.0.1.1 7 100000", "tcpdump"} {
		for _, end := range []string{"client 1500 ^C", "client 1500 kill -9 %1", "client 1500 kill %1"} {
			typed := command
			if end != "client 1500 ^C" {
				typed += " &"
			}
			l := play(t, 2500, append(servers, "client 100 "+typed, end)...)
			sockets, conns := left(l, clientHost)
			if procs := l.Machine(clientHost).Procs; sockets != 0 || conns != 0 || len(procs) != 0 {
				t.Errorf("%s, %s: %d sockets, %d connections and %d programs are left", typed, end, sockets, conns, len(procs))
			}
		}
	}
	l := play(t, 3000, "server 0 hold 9 &", "client 100 crowd 10.0.1.1 9 20", "client 1500 ^C", "client 2000 ss -tan")
	if out := l.Machine(clientHost).Output(); strings.Contains(out, "ESTAB") || !strings.Contains(out, "20 connections") {
		t.Errorf("after crowd:\n%s", out)
	}
	if _, conns := left(l, serverHost); conns != 21 {
		t.Errorf("hold has %d connections, want its listener and 20 in CLOSE-WAIT", conns)
	}
}

// Programs that serve close the connections that they accepted, too.
func TestServersCloseWhatTheyAccepted(t *testing.T) {
	for _, server := range []string{"echo-server 7", "sink 7", "hold 7", "httpd -q 7", "slow-reader 7 10 100", "nc -l 7"} {
		for _, end := range []string{"server 1500 ^C", "server 1500 kill -9 %1"} {
			typed := server
			if end != "server 1500 ^C" {
				typed += " &"
			}
			l := play(t, 2500, "server 0 "+typed, "client 100 crowd 10.0.1.1 7 3 &", "client 101 source 10.0.1.1 7 1000 &", end)
			if sockets, conns := left(l, serverHost); sockets != 0 || conns != 0 {
				t.Errorf("%s, %s: %d sockets and %d connections are left", typed, end, sockets, conns)
			}
		}
	}
}
