package prog_test

import (
	"strconv"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/prog"
	"wirelab/stack/wire"
)

// talk is a conversation of two hosts, 10.0.0.1 (A) and 10.0.0.2 (B), on a link
// of 10 ms each way.
type talk struct {
	name   string
	script []string // host, time in ms, and a line typed there, ^C or ^D
	a, b   string   // what their terminals show in the end
}

var talks = []talk{
	{
		name:   "lines that arrive in one read are lines on the terminal",
		script: []string{"B 0 nc -l 9", "A 0 nc 10.0.0.2 9", "A 100 one", "A 101 two", "A 102 three"},
		a: `
A$ nc 10.0.0.2 9
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:9) = 0
one
two
three
`,
		b: `
B$ nc -l 9
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 9) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
one
two
three
`,
	},
	{
		name:   "the echo pair of the tutorials",
		script: []string{"B 0 echo-server 7", "A 0 echo-client 10.0.0.2 7", "A 100 hello", "A 200 two words", "A 300 exit"},
		a: `
A$ echo-client 10.0.0.2 7
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:7) = 0
hello
hello
two words
two words
exit
shutdown(3, SHUT_WR) = 0
bye
read(3) = 0
close(3) = 0
`,
		b: `
B$ echo-server 7
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 7) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
read(4) = 0
close(4) = 0
`,
	},
	{
		name:   "^D while the echo is on its way",
		script: []string{"B 0 echo-server 7", "A 0 echo-client 10.0.0.2 7", "A 100 one", "A 101 two", "A 102 ^D"},
		a: `
A$ echo-client 10.0.0.2 7
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:7) = 0
one
two
one
two
shutdown(3, SHUT_WR) = 0
bye
read(3) = 0
close(3) = 0
`,
		b: `
B$ echo-server 7
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 7) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
read(4) = 0
close(4) = 0
`,
	},
	{
		name:   "the echo client ends by ^D as by exit, and the server takes the next",
		script: []string{"B 0 echo-server 7", "A 0 echo-client 10.0.0.2 7", "A 100 one", "A 200 ^D", "A 300 echo-client 10.0.0.2 7", "A 400 two", "A 500 ^D"},
		a: `
A$ echo-client 10.0.0.2 7
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:7) = 0
one
one
shutdown(3, SHUT_WR) = 0
bye
read(3) = 0
close(3) = 0
A$ echo-client 10.0.0.2 7
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:7) = 0
two
two
shutdown(3, SHUT_WR) = 0
bye
read(3) = 0
close(3) = 0
`,
		b: `
B$ echo-server 7
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 7) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
read(4) = 0
close(4) = 0
accept(3) from 10.0.0.1:34511 = 4
read(4) = 0
close(4) = 0
`,
	},
	{
		name:   "typed ahead, line by line",
		script: []string{"B 0 echo-server 7", "A 0 echo-client 10.0.0.2 7", "A 1 one", "A 1 two", "A 1 exit"},
		a: `
A$ echo-client 10.0.0.2 7
socket(AF_INET, SOCK_STREAM, 0) = 3
one
two
exit
connect(3, 10.0.0.2:7) = 0
one
two
shutdown(3, SHUT_WR) = 0
bye
read(3) = 0
close(3) = 0
`,
		b: `
B$ echo-server 7
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 7) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
read(4) = 0
close(4) = 0
`,
	},
	{
		name:   "nobody listens",
		script: []string{"A 0 echo-client 10.0.0.2 7", "A 100 nc 10.0.0.2 8"},
		a: `
A$ echo-client 10.0.0.2 7
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:7) = -1 ECONNREFUSED (Connection refused)
A$ nc 10.0.0.2 8
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:8) = -1 ECONNREFUSED (Connection refused)
`,
	},
	{
		name:   "there is no such host",
		script: []string{"A 0 nc 10.0.0.9 7", "A 5000 nc 192.0.2.1 7"},
		a: `
A$ nc 10.0.0.9 7
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.9:7) = -1 EHOSTUNREACH (No route to host)
A$ nc 192.0.2.1 7
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 192.0.2.1:7) = -1 ENETUNREACH (Network is unreachable)
`,
	},
	{
		name:   "the server is interrupted while the client waits",
		script: []string{"B 0 echo-server 7", "A 0 echo-client 10.0.0.2 7", "A 100 hello", "B 200 ^C", "A 300 anybody there?"},
		a: `
A$ echo-client 10.0.0.2 7
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:7) = 0
hello
hello
anybody there?
read(3) = 0
close(3) = 0
`,
		b: `
B$ echo-server 7
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 7) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
^C
`,
	},
	{
		name:   "two listeners on one port",
		script: []string{"B 0 echo-server 7 &", "B 1 nc -l 7"},
		b: `
B$ echo-server 7 &
[1] 1
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 7) = 0
listen(3, 5) = 0
B$ nc -l 7
socket(AF_INET, SOCK_STREAM, 0) = 4
bind(4, 7) = -1 EADDRINUSE (Address already in use)
`,
	},
	{
		name:   "nc both ways",
		script: []string{"B 0 nc -l 9", "A 0 nc 10.0.0.2 9", "A 100 from A", "B 200 from B", "A 300 ^D", "B 400 the last word", "B 500 ^D", "B 600 ping 10.0.0.1 1"},
		a: `
A$ nc 10.0.0.2 9
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:9) = 0
from A
from B
the last word
`,
		b: `
B$ nc -l 9
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 9) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
from A
from B
the last word
B$ ping 10.0.0.1 1
PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.
64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=20.0 ms

--- 10.0.0.1 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 20.000/20.000/20.000/0.000 ms
`,
	},
	{
		name:   "nc is interrupted",
		script: []string{"B 0 nc -l 9", "A 0 nc 10.0.0.2 9", "A 100 hello", "A 200 ^C", "B 300 is anybody there?", "B 400 no"},
		a: `
A$ nc 10.0.0.2 9
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:9) = 0
hello
^C
`,
		b: `
B$ nc -l 9
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 9) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
hello
is anybody there?
B$ no
no: command not found; help lists the commands
`,
	},
	{
		name:   "ping",
		script: []string{"A 0 ping 10.0.0.2 2"},
		a: `
A$ ping 10.0.0.2 2
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=20.0 ms
64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=20.0 ms

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1000ms
rtt min/avg/max/mdev = 20.000/20.000/20.000/0.000 ms
`,
	},
	{
		name:   "ping without an answer, interrupted",
		script: []string{"A 0 ping 10.0.0.9", "A 2500 ^C", "A 2600 ping 10.0.0.2 1"},
		a: `
A$ ping 10.0.0.9
PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.
^C
--- 10.0.0.9 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 2000ms

A$ ping 10.0.0.2 1
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=20.0 ms

--- 10.0.0.2 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 20.000/20.000/20.000/0.000 ms
`,
	},
	{
		name:   "ping to nowhere",
		script: []string{"A 0 ping 192.0.2.1 1"},
		a: `
A$ ping 192.0.2.1 1
ping: connect: Network is unreachable
`,
	},
	{
		name:   "a source and a sink that take their time",
		script: []string{"B 0 sink 9 300 20", "A 0 source 10.0.0.2 9 1000 400 50", "B 90 ^C"}, // 100 of 800 bytes are not read: a reset
		a: `
A$ source 10.0.0.2 9 1000 400 50
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:9) = 0
write(3) = -1 ECONNRESET (Connection reset by peer)
`,
		b: `
B$ sink 9 300 20
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 9) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
^C
`,
	},
	{
		name:   "source and sink",
		script: []string{"B 0 sink 9", "A 0 source 10.0.0.2 9 100000"},
		a: `
A$ source 10.0.0.2 9 100000
socket(AF_INET, SOCK_STREAM, 0) = 3
connect(3, 10.0.0.2:9) = 0
100000 bytes sent
`,
		b: `
B$ sink 9
socket(AF_INET, SOCK_STREAM, 0) = 3
bind(3, 9) = 0
listen(3, 5) = 0
accept(3) from 10.0.0.1:1000 = 4
100000 bytes received
`,
	},
	{
		name: "what the shell says",
		script: []string{"A 0 frobnicate", "A 0 &", "A 0", "A 0 ping", "A 0 ping 10.0.0.2 0", "A 0 nc 10.0.0.2", "A 0 nc 10.0.0.2 70000", "A 0 nc 10.0.0 7",
			"A 0 echo-server x", "A 0 source 10.0.0.2 9 -1"},
		a: `
A$ frobnicate
frobnicate: command not found; help lists the commands
A$ &
there is no command before &
A$ 
A$ ping
ping: an address or a name is needed; usage: ping [-46bfnqO] [-c COUNT] [-i SECONDS] [-s BYTES] [-t TTL] [-M do|want|dont|probe] [-W SECONDS] [-w SECONDS] HOST
A$ ping 10.0.0.2 0
ping: -c takes a number from 1 to 1000000, not "0"; usage: ping [-46bfnqO] [-c COUNT] [-i SECONDS] [-s BYTES] [-t TTL] [-M do|want|dont|probe] [-W SECONDS] [-w SECONDS] HOST
A$ nc 10.0.0.2
nc: 2 arguments are needed; usage: nc [-l] [-u] [-v] [-z] [-w SECONDS] [-p PORT] HOST PORT | nc -l PORT
A$ nc 10.0.0.2 70000
nc: "70000" is not a port from 1 to 65535; usage: nc [-l] [-u] [-v] [-z] [-w SECONDS] [-p PORT] HOST PORT | nc -l PORT
A$ nc 10.0.0 7
nc: "10.0.0" is neither an address such as 10.0.0.1 nor a name; usage: nc [-l] [-u] [-v] [-z] [-w SECONDS] [-p PORT] HOST PORT | nc -l PORT
A$ echo-server x
echo-server: "x" is not a port from 1 to 65535; usage: echo-server PORT [THINK_MS]
A$ source 10.0.0.2 9 -1
source: "-1" is not a number from 1 to 1152921504606846976; usage: source HOST PORT [TOTAL [BYTES MS]]
`,
	},
}

func TestTalks(t *testing.T) {
	for _, c := range talks {
		t.Run(c.name, func(t *testing.T) {
			a, b := c.run(t)
			if a != strings.TrimPrefix(c.a, "\n") {
				t.Errorf("A shows\n%s\nwant\n%s", a, c.a)
			}
			if b != strings.TrimPrefix(c.b, "\n") {
				t.Errorf("B shows\n%s\nwant\n%s", b, c.b)
			}
		})
	}
}

func (c *talk) run(t *testing.T) (a, b string) {
	p := link.Params{DelayNs: 10_000_000}
	l, err := lab.New(lab.Scenario{
		Seed: 1, KnowsMAC: true,
		Nodes: []lab.Node{{Name: "A", Sysctls: []lab.Setting{{Name: "wirelab.port", Value: "1000"}}}, {Name: "B"}},
		Links: []lab.Link{{Ends: [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 2), Prefix: 24}}, Params: [2]link.Params{p, p}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.script {
		words := strings.SplitN(s, " ", 3)
		ms, err := strconv.ParseInt(words[1], 10, 64)
		if err == nil {
			err = l.SeekTo(ms * 1_000_000)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Do(pressed(uint32(words[0][0]-'A'), strings.Join(words[2:], ""))); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.SeekTo(200_000_000_000); err != nil {
		t.Fatal(err)
	}
	for i := range uint32(2) {
		for _, p := range l.Machine(i).Procs {
			if lines := prog.Source(p.Kind); p.Line < 1 || int(p.Line) > len(lines) {
				t.Errorf("%s stands at line %d of %d", p.Command, p.Line, len(lines))
			}
		}
	}
	return l.Machine(0).Output(), l.Machine(1).Output()
}
