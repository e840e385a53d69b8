package prog_test

import (
	"fmt"
	"strings"
	"testing"
)

// zoneOf is a server's command line with a loop of two aliases, a chain of nine, and n addresses of one name.
func zoneOf(n int) string {
	z := "dns-server 53 loop=pool pool=loop"
	for i := 1; i < 10; i++ {
		z += fmt.Sprintf(" c%d=c%d", i, i+1)
	}
	z += " c10=10.77.1.2 wide=10.0.1.1"
	for i := 1; i < n; i++ {
		z += fmt.Sprintf(" wide=10.9.0.%d", i)
	}
	return z + " &"
}

// Aliases in a loop stand in an answer once each (RFC 2181 §5), and a chain of nine leads to its address.
func TestAliases(t *testing.T) {
	c := tool{lines: []string{"server 0 " + zoneOf(1), "client 1000 dig @10.0.1.1 loop", "client 2000 dig @10.0.1.1 c1 +short"}, until: 4000}
	out := c.run(t)
	for _, want := range []string{"ANSWER: 2,", "CNAME   pool.\n", "CNAME   loop.\n", "\nc2.\nc3.\nc4.\nc5.\nc6.\nc7.\nc8.\nc9.\nc10.\n10.77.1.2\n"} {
		if strings.Count(out, want) != 1 {
			t.Errorf("%d times %q in\n%s", strings.Count(out, want), want, out)
		}
	}
}

// What does not fit a datagram comes over TCP. 100 addresses take more than 1232 bytes, 50 more than 512.
func TestTruncatedAnswers(t *testing.T) {
	for _, c := range []struct {
		addrs         int
		options, over string
		retried       bool
		found         int
	}{
		{50, "", "(UDP)", false, 50},
		{50, "+noedns", "(TCP)", true, 50},
		{50, "+bufsize=600", "(TCP)", true, 50},
		{50, "+tcp", "(TCP)", false, 50},
		{100, "", "(TCP)", true, 100},
		{100, "+bufsize=4096", "(TCP)", true, 100},
		{100, "+ignore", "(UDP)", false, 0},
	} {
		run := tool{lines: []string{"server 0 " + zoneOf(c.addrs), "client 1000 dig @10.0.1.1 wide " + c.options, "client 3000 ss -tan"}, until: 4000}
		out := run.run(t)
		retried := strings.Contains(out, ";; Truncated, retrying in TCP mode.\n")
		if n := strings.Count(out, " IN      A       10."); !strings.Contains(out, c.over) || retried != c.retried || n != c.found {
			t.Errorf("%d addresses, dig %s: %d found\n%s", c.addrs, c.options, n, out)
		}
		if opt := strings.Contains(out, "; EDNS: version: 0, flags:; udp: 1232\n;; QUESTION SECTION:\n"); opt != (c.options != "+noedns") {
			t.Errorf("dig %s says of EDNS\n%s", c.options, out)
		}
	}
	short := tool{lines: []string{"server 0 " + zoneOf(100), "client 1000 dig @10.0.1.1 wide +short"}, until: 4000}
	if out := short.run(t); strings.Contains(out, "Truncated") || !strings.Contains(out, "\n10.0.1.1\n10.9.0.1\n") {
		t.Error(out)
	}
	ping := tool{lines: []string{"server 0 " + zoneOf(100), "client 900 sysctl -w wirelab.nameserver=10.0.1.1", "client 1000 ping -c 1 wide"}, until: 4000}
	if out := ping.run(t); !strings.Contains(out, "PING wide (10.0.1.1)") || !strings.Contains(out, "1 received") {
		t.Errorf("a program does not find the name:\n%s", out)
	}
}

// dig over TCP says why there is no connection, as BIND's does.
func TestDigWithoutServer(t *testing.T) {
	c := tool{lines: []string{"client 1000 dig @10.0.1.1 www +tcp", "client 2000 dig @10.0.0.99 www +tcp +time=1"}, until: 9000}
	out := c.run(t)
	for _, want := range []string{
		"+tcp\n;; Connection to 10.0.1.1#53(10.0.1.1) for www failed: connection refused.\n;; no servers could be reached\n",
		"+time=1\n;; Connection to 10.0.0.99#53(10.0.0.99) for www failed: timed out.\n;; no servers could be reached\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
