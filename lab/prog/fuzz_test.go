package prog_test

import (
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// Whatever is typed at a terminal, the lab goes on.
func FuzzShell(f *testing.F) {
	for _, line := range []string{"echo-server 7 &", "echo-client 10.0.0.2 7\nhello\nexit", "nc -l 9", "ping 10.0.0.2 3", "source 10.0.0.2 9 1000 &\nsink 9", "churn 10.0.0.2 7 3", "crowd 10.0.0.2 7 2", "hold 7 &", "nonsense | & 1", "httpd &\ncurl 127.0.0.1", "script\nfd = socket(AF_INET, SOCK_STREAM, 0)\nclose(fd)", "ip a; ss -ti; netstat -r", "tcpdump -c 1 icmp &\nping 10.0.0.2", "dns-server 53 a=1.2.3.4 &\nsysctl -w wirelab.nameserver=127.0.0.1\ndig a", "iperf -s &\niperf -c 10.0.0.2 -t 1", "dhclient", "synflood 10.0.0.2 7 9", "traceroute 10.0.0.2", "browser 10.0.0.2"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		p := link.Params{BitsPerSecond: 10_000_000, DelayNs: 1_000_000}
		l, err := lab.New(lab.Scenario{
			Seed: 1, KnowsMAC: true,
			Nodes: []lab.Node{{Name: "A"}, {Name: "B", Startup: []string{"echo-server 7 &"}}},
			Links: []lab.Link{{Ends: [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 2), Prefix: 24}}, Params: [2]link.Params{p, p}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(lines, "\n") {
			if i == 8 {
				break
			}
			if err := l.Do(lab.Exec{Line: line}); err != nil && err.Error() == "" {
				t.Error("refused without a word")
			}
			if err := l.SeekTo(l.Position().TimeNs + 20_000_000); err != nil {
				t.Fatal(err)
			}
		}
	})
}
