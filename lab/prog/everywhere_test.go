package prog_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/prog"
	"wirelab/stack"
	"wirelab/stack/seeds"
	"wirelab/stack/tcp"
)

// everything is each program at work: a server for each client.
var everything = []string{
	"server echo-server 7 &", "server sink 9 &", "server hold 10 &", "server httpd 80 &", "server iperf -s &", "server slow-reader 11 100 20 &", "server nc -l -u 12 &", "server tcpdump -v &",
	"server script 'fd = socket(AF_INET, SOCK_STREAM, 0); bind(fd, \"0.0.0.0\", 13); listen(fd, 1); c = accept(fd); send(c, \"hi\"); sleep(1); close(c)' &",
	"names dhcpd -l 10 -r 10.0.0.254 -d 10.0.0.53 10.0.0.100 10.0.0.110 &", "other dhclient &", "router tcpdump -n -i any tcp &",
	"client echo-client server 7", "client source server 9 500000", "client source server 11 3000", "client churn server 7 5", "client crowd server 10 5", "client ping -i 0.1 server", "client ping -t 1 server6", "client ping gone",
	"client traceroute server", "client traceroute 192.0.2.1", "client dig www", "client dig @10.0.0.77 www", "client curl -v server/bytes/200000", "client curl --pipeline server/hello server/chunked nowhere", "client browser www", "client iperf -c server -t 2 -P 3",
	"client iperf -c server -R -t 2", "client iperf -c server -u -t 2", "client iperf -c server -u -R -P 2 -t 2", "client nc server 13", "client nc -u -v server 12", "client nc -v nowhere 1", "client synflood server 7 50", "client script 'fd = socket(AF_INET, SOCK_STREAM, 0); connect(fd, \"server\", 13); recv(fd, 10); recv(fd, 10); sleep(2)'",
	"client ss -tan | grep ESTAB | wc -l", "client ping -i 0.1 server | head -n 3", "client jobs", "client kill %1", "client script", "client ip addr", "client ip route", "client ip neigh", "client ss -tiane", "client netstat -an", "client sysctl -a", "client help", "client conntrack", "client tc qdisc", "client tcpdump -c 3",
}

// Whatever runs, ^C ends it at any moment with nothing left open, and an instant is the same however one
// gets there.
func TestInterruptAnywhere(t *testing.T) {
	for seed := range seeds.Range(t, 4) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := village()
		s.Seed = seed
		for i := range s.Links {
			for d := range s.Links[i].Params {
				s.Links[i].Params[d].LossPPM = uint32(seed%3) * 20_000
			}
		}
		l, err := lab.New(s)
		if err != nil {
			t.Fatal(err)
		}
		var at []int64
		var hashes []uint64
		now := int64(0)
		do := func(in lab.Input) {
			if err := l.Do(in); err != nil {
				t.Fatal(err)
			}
		}
		ran := map[string]bool{}
		for step := range 60 {
			now += r.Int64N(400_000_000)
			if err := l.SeekTo(now); err != nil {
				t.Fatal(err)
			}
			host, line, _ := strings.Cut(everything[r.IntN(len(everything))], " ")
			if step < 12 { // servers first
				host, line, _ = strings.Cut(everything[step], " ")
			}
			in, node, _ := inputOf(l, host+" 0 "+line)
			switch m := l.Machine(node); {
			case m.Foreground() == nil:
				ran[strings.Fields(line)[0]] = true
				do(in)
			case r.IntN(4) == 0:
				do(lab.EndInput{Node: node})
			case r.IntN(3) == 0:
				do(lab.Exec{Node: node, Line: "hello"})
			default:
				do(lab.Interrupt{Node: node})
				if p := m.Foreground(); p != nil {
					t.Fatalf("seed %d: ^C does not end %s", seed, p.Command)
				}
			}
			at, hashes = append(at, now), append(hashes, l.Hash())
		}
		for range 10 {
			i := r.IntN(len(at))
			if i+1 < len(at) && at[i] == at[i+1] {
				continue
			}
			if err := l.SeekTo(at[i]); err != nil {
				t.Fatal(err)
			}
			if l.Hash() != hashes[i] {
				t.Fatalf("seed %d: at %d ns the hash is another after seeking", seed, at[i])
			}
		}
		if len(ran) < 8 {
			t.Errorf("seed %d: only %d programs ran", seed, len(ran))
		}
	}
}

// Many connections are closed with the programs that keep them, at both ends.
func TestCrowdGoesHome(t *testing.T) {
	l, err := lab.New(village())
	if err != nil {
		t.Fatal(err)
	}
	say := func(ms int64, text string) uint32 {
		in, node, _ := inputOf(l, text)
		if err := l.SeekTo(ms * 1_000_000); err != nil {
			t.Fatal(err)
		}
		if err := l.Do(in); err != nil {
			t.Fatal(err)
		}
		return node
	}
	states := func(node uint32) (list []tcp.State) {
		for i := range l.Host(node).Conns {
			if c := &l.Host(node).Conns[i]; c.State != tcp.Closed {
				list = append(list, c.State)
			}
		}
		return list
	}
	server := say(0, "server 0 hold 10")
	client := say(1, "client 1 crowd server 10 20")
	if err := l.SeekTo(2_000_000_000); err != nil {
		t.Fatal(err)
	}
	if got := states(client); len(got) != 20 || got[0] != tcp.Established {
		t.Fatalf("the crowd has %v", got)
	}
	if l.Machine(client).Foreground() == nil {
		t.Error("crowd does not wait for ^C")
	}
	say(2000, "client 0 ^C")
	say(3000, "server 0 ^C")
	if err := l.SeekTo(100_000_000_000); err != nil {
		t.Fatal(err)
	}
	if a, b := states(client), states(server); len(a)+len(b) != 0 {
		t.Errorf("after both ended there are %v and %v", a, b)
	}
}

// A program that ends leaves no socket open.
func TestNothingStaysOpen(t *testing.T) {
	for _, line := range everything {
		host, line, _ := strings.Cut(line, " ")
		line = strings.TrimSuffix(line, " &")
		for _, ms := range []int64{0, 3, 30, 300, 3000} {
			l, err := lab.New(village())
			if err != nil {
				t.Fatal(err)
			}
			in, _, _ := inputOf(l, "server 0 httpd 80 &")
			l.Do(in)
			in, node, _ := inputOf(l, host+" 0 "+line)
			before := open(l.Host(node))
			l.Do(in)
			if err := l.SeekTo(ms * 1_000_000); err != nil {
				t.Fatal(err)
			}
			if p := l.Machine(node).Foreground(); p != nil {
				if source := prog.SourceOf(p); p.Line < 1 || int(p.Line) > len(source) {
					t.Errorf("%s stands at line %d of %d", line, p.Line, len(source))
				}
			}
			if err := l.Do(lab.Interrupt{Node: node}); err != nil {
				t.Fatal(err)
			}
			if m := l.Machine(node); open(l.Host(node)) != before && !strings.HasPrefix(line, "dhclient") || m.Foreground() != nil || m.Taps != 0 {
				t.Errorf("%s, after %d ms: %d sockets stay open, %d taps", line, ms, open(l.Host(node))-before, m.Taps)
			}
		}
	}
}

func open(h *stack.Host) (n int) {
	for i := range h.Sockets {
		if h.Sockets[i].Kind != stack.SockFree {
			n++
		}
	}
	return n
}
