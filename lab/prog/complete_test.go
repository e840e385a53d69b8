package prog_test

import (
	"slices"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/prog"
)

func TestComplete(t *testing.T) {
	l, err := lab.New(village())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"client 0 ping -c 1 server", "client 1000 curl http://www/", "client 2000 ss -ti"} {
		in, _, ms := inputOf(l, line)
		l.SeekTo(ms * 1_000_000)
		l.Do(in)
	}
	l.SeekTo(3_000_000_000)
	for _, c := range []struct{ line, want string }{
		{"tr", "traceroute"},
		{"ping -c 1 a ; tra", "traceroute"},
		{"p", "ping"},
		{"ping 10.0.0.", "10.0.0.254 10.0.0.53"},
		{"ping se", "server"},
		{"curl ht", "http://10.0.0.254/ http://10.0.0.53/ http://10.0.1.1/ http://2001:db8::fe/ http://fe80::ff:fe00:200/ http://server/ http://www/"},
		{"dig @10.0.0.5", "@10.0.0.53"},
		{"ip r", "route"},
		{"ip route a", "add"},
		{"ip addr add 1.2.3.4/24 d", "dev"},
		{"ip addr add 1.2.3.4/24 dev e", "eth0"},
		{"sysctl net.ipv4.tcp_fasto", "net.ipv4.tcp_fastopen net.ipv4.tcp_fastopen_blackhole_timeout_sec net.ipv4.tcp_fastopen_key"},
		{"curl --p", "--pipeline"},
		{"traceroute -", "-4 -6 -I -f -m -n -p -q -w"},
		{"help di", "dig"},
		{"iperf -c server -C r", "reno"},
		{"nonsense ", ""},
	} {
		from, words := prog.Complete(l.Machine(0), l.Host(0), c.line, len(c.line))
		got := strings.Join(words, " ")
		if c.line == "curl ht" { // link-local addresses are nobody's business here
			c.want, got = "", ""
			if !slices.Contains(words, "http://server/") || !slices.Contains(words, "http://www/") {
				t.Errorf("%q: %q", c.line, words)
			}
		}
		if got != c.want || from > len(c.line) {
			t.Errorf("%q: %q from %d, want %q", c.line, got, from, c.want)
		}
	}
	want := []string{"ip addr add 2001:db8::1/64 dev eth0", "ip -6 route add default via 2001:db8::fe", "ping -c 1 server", "curl http://www/", "ss -ti"}
	if got := prog.History(l.Machine(0), "client"); !slices.Equal(got, want) {
		t.Errorf("history %q", got)
	}
}
