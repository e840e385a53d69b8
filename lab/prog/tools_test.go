package prog_test

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/prog"
	"wirelab/stack/wire"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

// village is client – switch – router – server, over IPv4 and IPv6; at the switch there is also a name
// server, and other, which has no address yet. Links take 1 ms before the router and 10 ms behind it.
func village() lab.Scenario {
	near, far := link.Params{BitsPerSecond: 100_000_000, DelayNs: 1_000_000}, link.Params{BitsPerSecond: 10_000_000, DelayNs: 10_000_000, QueuePackets: 30}
	six := lab.Setting{Name: "net.ipv6.conf.all.disable_ipv6", Value: "0"}
	dad := lab.Setting{Name: "net.ipv6.conf.all.dad_transmits", Value: "0"}
	names := lab.Setting{Name: "wirelab.nameserver", Value: "10.0.0.53"}
	port := lab.Setting{Name: "wirelab.isn", Value: "1000"}
	gate := []lab.RouteSpec{{Via: wire.V4(10, 0, 0, 254)}}
	return lab.Scenario{
		Seed: 7,
		Nodes: []lab.Node{
			{Name: "client", Sysctls: []lab.Setting{dad, six, names, port}, Routes: gate,
				Startup: []string{"ip addr add 2001:db8::1/64 dev eth0", "ip -6 route add default via 2001:db8::fe"}},
			{Name: "switch", Kind: lab.KindSwitch},
			{Name: "router", Sysctls: []lab.Setting{dad, six, {Name: "net.ipv4.ip_forward", Value: "1"}, {Name: "net.ipv6.conf.all.forwarding", Value: "1"}},
				Startup: []string{"ip addr add 2001:db8::fe/64 dev eth0", "ip addr add 2001:db8:1::fe/64 dev eth1"}},
			{Name: "server", Sysctls: []lab.Setting{dad, six, names, port}, Routes: []lab.RouteSpec{{Via: wire.V4(10, 0, 1, 254)}},
				Startup: []string{"ip addr add 2001:db8:1::1/64 dev eth0", "ip -6 route add default via 2001:db8:1::fe"}},
			{Name: "names", Routes: gate, Sysctls: []lab.Setting{dad, six}, Startup: []string{"dns-server 53 server=10.0.1.1 www=server server6=2001:db8:1::1 router=10.0.0.254 gone=10.0.1.99 &"}},
			{Name: "other", Sysctls: []lab.Setting{dad}},
		},
		Links: []lab.Link{
			{Ends: [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1}}, Params: [2]link.Params{near, near}},
			{Ends: [2]lab.LinkEnd{{Node: 2, Addr: wire.V4(10, 0, 0, 254), Prefix: 24}, {Node: 1}}, Params: [2]link.Params{near, near}},
			{Ends: [2]lab.LinkEnd{{Node: 2, Addr: wire.V4(10, 0, 1, 254), Prefix: 24}, {Node: 3, Addr: wire.V4(10, 0, 1, 1), Prefix: 24}}, Params: [2]link.Params{far, far}},
			{Ends: [2]lab.LinkEnd{{Node: 4, Addr: wire.V4(10, 0, 0, 53), Prefix: 24}, {Node: 1}}, Params: [2]link.Params{near, near}},
			{Ends: [2]lab.LinkEnd{{Node: 5}, {Node: 1}}, Params: [2]link.Params{near, near}},
		},
	}
}

// tool is what is typed for one golden file: host, time in ms, and a line, ^C or ^D.
type tool struct {
	name  string
	lines []string
	until int64 // ms
}

// inputOf returns what is typed, at which host, and when in ms.
func inputOf(l *lab.Lab, line string) (in lab.Input, node uint32, ms int64) {
	words := strings.SplitN(line, " ", 3)
	ms, _ = strconv.ParseInt(words[1], 10, 64)
	for i, n := range l.Scenario.Nodes {
		if n.Name == words[0] {
			node = uint32(i)
		}
	}
	return pressed(node, strings.Join(words[2:], "")), node, ms
}

// pressed returns the input of a line, ^C or ^D.
func pressed(node uint32, text string) lab.Input {
	switch text {
	case "^C":
		return lab.Interrupt{Node: node}
	case "^D":
		return lab.EndInput{Node: node}
	}
	return lab.Exec{Node: node, Line: text}
}

// run types the lines and returns what all terminals show; lines before the first one that was typed are
// left out.
func (c *tool) run(t *testing.T) string {
	l, err := lab.New(village())
	if err != nil {
		t.Fatal(err)
	}
	typed := map[uint32]bool{}
	for _, line := range c.lines {
		in, node, ms := inputOf(l, line)
		if err := l.SeekTo(ms * 1_000_000); err != nil {
			t.Fatal(err)
		}
		if err := l.Do(in); err != nil {
			t.Fatal(err)
		}
		typed[node] = true
	}
	if err := l.SeekTo(c.until * 1_000_000); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range uint32(l.Nodes()) {
		if !typed[i] {
			continue
		}
		b.WriteString("=== " + l.Scenario.Nodes[i].Name + "\n")
		b.WriteString(l.Machine(i).Output())
		for _, p := range l.Machine(i).Procs {
			if lines := prog.SourceOf(&p); p.Line < 1 || int(p.Line) > len(lines) {
				t.Errorf("%s stands at line %d of %d", p.Command, p.Line, len(lines))
			}
		}
	}
	return b.String()
}

func TestTools(t *testing.T) {
	for _, c := range tools {
		t.Run(c.name, func(t *testing.T) {
			got := c.run(t)
			file := filepath.Join("testdata", c.name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("terminals show\n%s\nand %s has\n%s", got, file, want)
			}
		})
	}
}
