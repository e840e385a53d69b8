package lab

import (
	"reflect"
	"strings"
	"testing"

	"wirelab/lab/link"
	"wirelab/lab/plain"
	"wirelab/stack/wire"
)

const second = 1_000_000_000

// twoHosts is a client A and a server B on one link of 10 ms.
func twoHosts(loss uint32, startB string) Scenario {
	p := link.Params{BitsPerSecond: 10_000_000, DelayNs: 10_000_000, QueuePackets: 64, LossPPM: loss}
	return Scenario{
		Seed:  1,
		Nodes: []Node{{Name: "A"}, {Name: "B", Startup: []string{startB}}},
		Links: []Link{{Ends: [2]LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 2), Prefix: 24}}, Params: [2]link.Params{p, p}}},
	}
}

func newLab(t *testing.T, s Scenario) *Lab {
	t.Helper()
	l, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *Lab) mustExec(t *testing.T, node uint32, line string) {
	t.Helper()
	if err := l.Do(Exec{Node: node, Line: line}); err != nil {
		t.Fatal(err)
	}
}

func (l *Lab) mustSeek(t *testing.T, at int64) {
	t.Helper()
	if err := l.SeekTo(at); err != nil {
		t.Fatal(err)
	}
}

// The session of the tutorials, typed by hand.
func TestEchoSession(t *testing.T) {
	l := newLab(t, twoHosts(0, "echo-server 7788 &"))
	l.mustExec(t, 0, "echo-client 10.0.0.2 7788")
	for i, line := range []string{"hello", "world", "exit"} {
		l.mustSeek(t, int64(i+1)*second)
		l.mustExec(t, 0, line)
	}
	l.mustSeek(t, 10*second)
	out := l.Machine(0).Output()
	for _, want := range []string{"connect(3, 10.0.0.2:7788) = 0", "\nhello\nhello\n", "\nworld\nworld\n", "shutdown(3, SHUT_WR) = 0", "\nbye\n", "close(3) = 0"} {
		if !strings.Contains(out, want) {
			t.Errorf("the terminal of A lacks %q:\n%s", want, out)
		}
	}
	if p := l.Machine(0).Foreground(); p != nil {
		t.Errorf("%s still runs", p.Command)
	}
}

func TestPingAcrossASwitch(t *testing.T) {
	s := Scenario{Seed: 3, Nodes: []Node{{Name: "S", Kind: KindSwitch}}}
	for i := range uint32(3) {
		s.Nodes = append(s.Nodes, Node{Name: string(rune('A' + i))})
		p := link.Params{DelayNs: 1_000_000}
		s.Links = append(s.Links, Link{Ends: [2]LinkEnd{{Node: i + 1, Addr: wire.V4(10, 0, 0, byte(i+1)), Prefix: 24}, {Node: 0}}, Params: [2]link.Params{p, p}})
	}
	l := newLab(t, s)
	l.mustExec(t, 1, "ping 10.0.0.3 2")
	l.mustSeek(t, 5*second)
	out := l.Machine(1).Output()
	if !strings.Contains(out, "icmp_seq=2 ttl=64 time=4.00 ms") || !strings.Contains(out, "2 packets transmitted, 2 received, 0% packet loss") {
		t.Errorf("ping says\n%s", out)
	}
}

// However one gets to an instant, the state there is the same.
func TestSeekNeverChangesTheHash(t *testing.T) {
	l := newLab(t, twoHosts(20_000, "sink 9 &"))
	l.interval, l.nextMark = 500, 0
	l.mustExec(t, 0, "source 10.0.0.2 9")
	var hashes []uint64
	for i := range int64(20) {
		l.mustSeek(t, i*second/2)
		if i == 7 {
			l.Do(SetLink{Link: 0, Dir: 0, Params: link.Params{BitsPerSecond: 2_000_000, DelayNs: 30_000_000, QueuePackets: 20}})
		}
		if i == 12 {
			l.Do(Interrupt{Node: 0})
		}
		hashes = append(hashes, l.Hash())
	}
	if l.Counts().Bytes < 1_000_000 || len(l.checkpoints) < 5 {
		t.Fatalf("%+v, %d checkpoints: too little happened to prove anything", l.Counts(), len(l.checkpoints))
	}
	x := uint64(1)
	for range 60 {
		x = x*6364136223846793005 + 1442695040888963407
		i := x >> 33 % 20
		l.mustSeek(t, int64(i)*second/2)
		if l.Hash() != hashes[i] {
			t.Fatalf("at %d ms the hash is another after seeking", i*500)
		}
	}
	again := newLab(t, l.Scenario)
	again.Journal = l.Journal
	again.mustSeek(t, 19*second/2)
	if again.Hash() != hashes[19] {
		t.Error("the journal, replayed in a fresh lab, leads elsewhere")
	}
}

// Input in the past cuts off what was ahead, and the new future is that of a
// lab which never had the old one.
func TestInputInThePast(t *testing.T) {
	l := newLab(t, twoHosts(0, "echo-server 7 &"))
	l.mustExec(t, 0, "ping 10.0.0.2 3")
	l.mustSeek(t, 2*second)
	l.mustExec(t, 1, "ping 10.0.0.1 3")
	l.mustSeek(t, 9*second)
	l.mustSeek(t, second)
	l.mustExec(t, 1, "nc -l 80")
	l.mustSeek(t, 9*second)
	fresh := newLab(t, l.Scenario)
	fresh.mustExec(t, 0, "ping 10.0.0.2 3")
	fresh.mustSeek(t, second)
	fresh.mustExec(t, 1, "nc -l 80")
	fresh.mustSeek(t, 9*second)
	if len(l.Journal) != 2 || l.Hash() != fresh.Hash() {
		t.Errorf("%d entries; the futures differ", len(l.Journal))
	}
}

func TestALineIsOneLine(t *testing.T) {
	l := newLab(t, twoHosts(0, "echo-server 7 &"))
	for _, text := range []string{"a\nb", "a\r", "\x1b[2J", "\x00"} {
		if err := l.Do(Exec{Line: text}); err == nil || !strings.Contains(err.Error(), "one line after the other") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Two branches of one history: whichever is taken, from wherever, an instant of
// it is the same as ever.
func TestTurn(t *testing.T) {
	l := newLab(t, twoHosts(0, "echo-server 7 &"))
	l.mustExec(t, 0, "ping 10.0.0.2 3")
	l.mustSeek(t, second)
	l.mustExec(t, 1, "ping 10.0.0.1 2")
	l.mustSeek(t, 9*second)
	first, firstHash := l.Journal, l.Hash()
	l.mustSeek(t, second/2)
	l.mustExec(t, 1, "nc -l 80")
	l.mustSeek(t, 9*second)
	other, otherHash := l.Journal, l.Hash()
	if firstHash == otherHash {
		t.Fatal("the branches do not differ")
	}
	for _, from := range []int64{0, second / 4, second / 2, second, 9 * second} {
		for _, b := range []struct {
			journal []Entry
			hash    uint64
		}{{first, firstHash}, {other, otherHash}, {first[:1], 0}, {other, otherHash}} {
			l.mustSeek(t, from)
			if err := l.Turn(b.journal); err != nil {
				t.Fatal(err)
			}
			l.mustSeek(t, 9*second)
			if b.hash != 0 && l.Hash() != b.hash {
				t.Errorf("from %d ns: another future", from)
			}
		}
	}
}

// Every leaf of a lab's state counts for the hash, survives encoding, and is not shared with a clone
// (docs/ARCHITECTURE.md, The rules of determinism).
func TestEveryLeafOfState(t *testing.T) {
	l := newLab(t, twoHosts(100_000, "sink 9 &"))
	l.mustExec(t, 0, "source 10.0.0.2 9")
	l.mustSeek(t, second)
	checkLeaves(t, l, "core", &l.core)
	for i := range l.nodes {
		checkLeaves(t, l, l.nodes[i].host.Name, &l.nodes[i].host.State)
		checkLeaves(t, l, l.nodes[i].host.Name+" programs", &l.nodes[i].machine)
	}
}

// The same holds for the variables of programs, of each kind that keeps some.
func TestEveryLeafOfPrograms(t *testing.T) {
	s := twoHosts(0, "httpd &")
	s.Nodes[1].Startup = append(s.Nodes[1].Startup, "dns-server 53 www=10.0.0.2 &", "iperf -s &", "dhcpd 10.0.0.100 10.0.0.120 &", "tcpdump -i any tcp &", "nc -l -u 9 &")
	s.Nodes[0].Sysctls = []Setting{{"wirelab.nameserver", "10.0.0.2"}}
	l := newLab(t, s)
	for _, line := range []string{"ping www", "traceroute 192.0.2.1", "dig @10.0.0.9 www", "curl -v www/bytes/1000000", "browser www", "iperf -c www", "dhclient", "synflood www 7 100 50", "nc www 80",
		"script 'fd = socket(AF_INET, SOCK_DGRAM, 0); sendto(fd, \"x\", \"www\", 9); recv(fd, 5)'", "sysctl -a ; ping nobody ; help"} {
		l.mustExec(t, 0, line+" &")
	}
	l.mustSeek(t, 150_000_000)
	for i := range l.nodes {
		if n := &l.nodes[i]; len(n.machine.Procs) < 6 {
			t.Errorf("only %d programs run on %s", len(n.machine.Procs), n.host.Name)
		}
		checkLeaves(t, l, l.nodes[i].host.Name, &l.nodes[i].host.State)
		checkLeaves(t, l, l.nodes[i].host.Name+" programs", &l.nodes[i].machine)
	}
}

func checkLeaves[T any](t *testing.T, l *Lab, name string, v *T) {
	clone := plain.Clone(l.pool, v)
	want := plain.Hash(l.pool, v)
	var decoded T
	if _, err := plain.Decode(l.pool, plain.Append(l.pool, nil, v), &decoded); err != nil || plain.Hash(l.pool, &decoded) != want {
		t.Errorf("%s: encoding does not keep the hash (%v)", name, err)
	}
	n, step := 0, 0
	plain.Leaves(v, func(path string, leaf reflect.Value) {
		// All of the first 1,000 leaves, then samples: the rest are long rings of the same.
		if step++; step > 1000 && step%97 != 0 || leaf.Type().Name() == "Handle" {
			return
		}
		n++
		old := reflect.New(leaf.Type()).Elem()
		old.Set(leaf)
		change(leaf)
		if plain.Hash(l.pool, v) == want {
			t.Errorf("%s%s does not count for the hash", name, path)
		}
		if n < 300 && plain.Hash(l.pool, &clone) != want {
			t.Errorf("%s%s is shared with a clone", name, path)
		}
		leaf.Set(old)
	})
	if n < 10 || plain.Hash(l.pool, v) != want {
		t.Errorf("%s: %d leaves changed, or not put back", name, n)
	}
}

// change gives a leaf another value.
func change(leaf reflect.Value) {
	switch leaf.Kind() {
	case reflect.Bool:
		leaf.SetBool(!leaf.Bool())
	case reflect.String:
		leaf.SetString(leaf.String() + "!")
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		leaf.SetInt(leaf.Int() ^ 1)
	default:
		leaf.SetUint(leaf.Uint() ^ 1)
	}
}

// A host talks to itself at a rate, so that no program can fill an instant without end.
func TestLoopbackTakesTime(t *testing.T) {
	l := newLab(t, twoHosts(0, ""))
	l.mustExec(t, 0, "sink 7 &")
	l.mustExec(t, 0, "source 127.0.0.1 7 10000000")
	for at, whole := range map[int64]bool{7_000_000: false, 30_000_000: true} {
		l.mustSeek(t, at)
		if got := l.Host(0).Counters.BytesDelivered; (got == 10_000_000) != whole {
			t.Errorf("after %d ns %d bytes have arrived", at, got)
		}
	}
}
