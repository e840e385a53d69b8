package worlds

import (
	"fmt"
	"slices"
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack"
	"wirelab/stack/wire"
)

// servers are started on some hosts at the beginning, or later; %s is an address.
var servers = []string{
	"echo-server 7 20 &", "sink 9 &", "sink 9 400 30 &", "httpd -q 80 &", "httpd -k 1 80 &", "iperf -s &", "hold 81 &", "nc -l -u 53 &", "dns-server 53 www=%s server=%s &",
	`script 'fd = socket(AF_INET, SOCK_STREAM, 0); bind(fd, "0.0.0.0", 82); listen(fd, 5); conn = accept(fd); n = recv(conn, 1024); send(conn, "hi\n"); sleep(1); close(conn); close(fd)' &`,
}

// pairs are traffic from the beginning: a server, and who talks to it.
var pairs = [][2]string{
	{"sink 9 &", "source %s 9 90000 &"}, {"sink 9 500 20 &", "source %s 9 20000 &"}, {"httpd -q 80 &", "browser http://%s/ &"}, {"httpd 80 &", "curl -s -o /dev/null http://%s/bytes/50000 &"},
	{"iperf -s &", "iperf -c %s -n 100K -P 2 &"}, {"iperf -s &", "iperf -c %s -n 60K -R &"}, {"sink 9 &", "churn %s 9 20 &"}, {"help ping", "ping -i 0.05 %s &"}, {"help", "traceroute -n %s &"}, {"echo-server 7 &", "echo-client %s 7"},
}

// lines are typed now and then; %s is the address of some host.
var lines = []string{
	"ping -c 3 -i 0.2 %s", "ping -c 2 -s 3000 %s &", "ping -q -c 5 -i 0.01 -t 3 %s &", "ping -c 1 www", "traceroute -n -q 1 -w 1 %s &", "dig @%s www +tries=1 +time=1", "dig server",
	"source %s 9 60000 &", "source %s 9 20000 700 5 &", "source %s 9", "echo-client %s 7", "nc %s 90", "nc -u %s 53", "nc -v -z %s 80", "churn %s 9 10 &", "crowd %s 81 4 &",
	"curl -s -o /dev/null http://%s/bytes/20000 &", "curl -v http://%s/hello", "curl -m 2 --pipeline -o /dev/null http://%s/hello http://%s/style.css", "browser http://%s/ &",
	"iperf -c %s -n 60K &", "iperf -c %s -t 1 -R", "iperf -c %s -n 30K -P 2 &", "tcpdump -n -c 15 &", "tcpdump -nvX -c 2 -i eth0 icmp &", "ss -tanoe", "ss -s", "netstat -rn", "ip addr", "ip neigh", "ip route", "sysctl -a", "help",
	"ip addr add 10.0.7.7/24 dev eth0", "ip addr del 10.0.7.7/24 dev eth0", "ip addr add 2001:db8::1:%d/64 dev eth0", "ping -6 -c 2 2001:db8::1:%d", "ip route add 10.0.9.0/24 via %s", "ip route del 10.0.9.0/24", "ip neigh del %s dev eth0",
	`script 'u = socket(AF_INET, SOCK_DGRAM, 0); sendto(u, "anybody?", "%s", 53); sleep(1); close(u)' &`, `script 'fd = socket(AF_INET, SOCK_STREAM, 0); connect(fd, "%s", 82); send(fd, "x"); recv(fd, 10); close(fd)' &`,
	"tc qdisc add dev eth0 root netem delay 3ms 1ms loss 2%", "tc qdisc replace dev eth0 root fq_codel limit 20 ; tc -s qdisc", "tc qdisc del dev eth0 root", "ip link",
	"nc -l 90", "ping -c 2 127.0.0.1", "curl -s -o /dev/null http://127.0.0.1/bytes/3000", "nc -l 90", "hello", "one more line", "exit", "no-such-program 'quoted' ; help ping", "ping -c 1 %s ; ss -ti",
}

// filters are what rules go by.
var filters = []string{
	"", "", "tcp", "udp", "arp", "icmp", "tcp.flags.syn == 1", "tcp.flags.fin == 1", "tcp.len > 0", "ip.ttl < 64", "ip.frag_offset > 0", "tcp.analysis.retransmission",
	"wl.xmit > 1", "tcp.seq > 5000 && tcp.len > 0", "tcb.cwnd > 5", `tcb.state == "ESTABLISHED"`, `wl.host == "h1"`, "frame.len > 500", "lab.time > 500ms",
}

// fields are what is edited, and what into.
var fields = []string{"ip.ttl", "tcp.seq", "tcp.ack", "tcp.flags.reset", "tcp.flags.fin", "tcp.window_size_value", "ip.dst", "ip.flags.mf", "udp.dstport", "eth.dst", "icmp.type", "frame[20]", "arp.opcode"}

var values = []string{"0", "1", "2", "5000", "255", "10.0.0.1", "ff:ff:ff:ff:ff:ff"}

// line fills in a line.
func (d draw) line(from []string, hosts int, to func() wire.Addr) string {
	s := pick(d, from...)
	for strings.Contains(s, "%s") {
		s = strings.Replace(s, "%s", to().String(), 1)
	}
	return strings.Replace(s, "%d", fmt.Sprint(d.IntN(hosts)), 1)
}

// someAddr returns the address of some other host, or one that nobody has. A host that talks to itself is not slowed down by any link.
func (l *life) someAddr(not uint32) wire.Addr {
	if l.one(3) {
		return pick(l.draw, wire.V4(10, 0, 0, 99), wire.V4(192, 0, 2, 1), wire.V4(255, 255, 255, 255))
	}
	for {
		if e := pick(l.draw, l.lab.Scenario.Links...).Ends[l.IntN(2)]; !e.Addr.IsZero() && e.Node != not {
			return e.Addr
		}
	}
}

// deed draws what somebody does next; false if there is nothing to do it to.
func (l *life) deed() (in lab.Input, ok bool) {
	hosts, links := l.present(), slices.Collect(l.lab.PresentLinks)
	if len(hosts) == 0 || len(links) == 0 || l.one(8) {
		return l.rebuild(hosts, links)
	}
	node, at, dir := pick(l.draw, hosts...), pick(l.draw, links...), uint8(l.IntN(2))
	to := func() wire.Addr { return l.someAddr(node) }
	switch n := l.Int64N(100); {
	case n < 38:
		return lab.Exec{Node: node, Line: l.line(lines, len(l.hosts), to)}, true
	case n < 44:
		return lab.Exec{Node: node, Line: l.line(servers, len(l.hosts), to)}, true
	case n < 48:
		return lab.Interrupt{Node: node}, true
	case n < 50:
		return lab.EndInput{Node: node}, true
	case n < 57:
		p := l.anyLink()
		p.Down = l.one(15)
		return lab.SetLink{Link: at, Dir: dir, Params: p}, true
	case n < 62:
		k := pick(l.draw, knobs...)
		value := pick(l.draw, k.values...)
		return lab.SetSysctl{Node: node, Name: k.name, Value: value}, stack.CheckSysctl(k.name, value) == nil
	case n < 85:
		return l.operation(dir)
	case n < 92:
		return lab.AddRule{Rule: l.rule()}, true
	case n < 94:
		return lab.RemoveRule{Number: l.Uint64N(4)}, true
	}
	return lab.Inject{Link: at, Dir: dir, Frame: string(l.frame())}, true
}

// operation draws surgery on a packet that is on its way somewhere, in one direction.
func (l *life) operation(dir uint8) (lab.Input, bool) {
	in := lab.Operate{Dir: dir, Surgery: l.surgery()}
	links := slices.Collect(l.lab.PresentLinks)
	first := l.IntN(len(links))
	var there []uint64
	for i := 0; i < len(links) && len(there) == 0; i++ {
		in.Link = links[(first+i)%len(links)]
		d := &l.lab.LinkAt(int(in.Link)).Dir[dir]
		d.Each(func(x *link.Entry) {
			held := d.HoldOf(x.Crossing) != nil
			if in.Surgery.Action != lab.ActRelease || held {
				there = append(there, x.Crossing)
			}
		})
	}
	if len(there) == 0 {
		return in, false
	}
	slices.Sort(there)
	in.Packet = pick(l.draw, there...)
	if x, ok := l.lab.LinkAt(int(in.Link)).Dir[dir].Find(in.Packet); ok { // it has no bits behind its last
		in.Surgery.Bit = min(in.Surgery.Bit, uint32(8*len(l.lab.Pool().Data(x.Frame))))
	}
	if l.one(70) {
		proof, err := l.lab.Proof(in.Packet)
		if in.Proof = proof; err != nil {
			l.fail("no proof of packet %d: %w", in.Packet, err)
		}
	}
	return in, true
}

func (l *life) surgery() lab.Surgery {
	s := lab.Surgery{Action: lab.Action(l.between(int64(lab.ActHold), int64(lab.ActEdit)))}
	switch s.Action {
	case lab.ActDelay:
		s.Ns = l.between(0, second)
	case lab.ActDuplicate:
		s.Count = uint32(l.between(1, 4))
	case lab.ActCorrupt:
		s.Bit = uint32(l.between(0, 1000))
	case lab.ActEdit:
		s.Field, s.Value, s.KeepSums = pick(l.draw, fields...), pick(l.draw, values...), l.one(40)
	}
	return s
}

func (l *life) rule() lab.Rule {
	r := lab.Rule{Filter: pick(l.draw, filters...), Link: uint32(l.IntN(len(l.lab.Links) + 1)), Dir: uint8(l.IntN(3)), Surgery: l.surgery()}
	for r.Action == lab.ActRelease {
		r.Surgery = l.surgery()
	}
	switch l.IntN(3) {
	case 0:
		r.Nth = uint64(l.between(1, 20))
	case 1:
		r.PPM = uint32(l.between(1000, 300_000))
	}
	if r.Nth == 0 && r.PPM == 0 && r.Action == lab.ActDuplicate {
		r.PPM = 100_000 // or a loop of routes never comes to rest
	}
	return r
}

// frame draws what is injected: one that was sent, as it was or with other bytes, or nothing sensible.
func (l *life) frame() []byte {
	if sent := l.lab.Crossings; sent > 0 && l.one(85) {
		f, err := l.lab.FrameOf(l.Uint64N(sent))
		if err != nil {
			l.fail("a frame that was sent cannot be had: %w", err)
			return make([]byte, 60)
		}
		if l.one(40) {
			wire.Edit(f, pick(l.draw, fields...), pick(l.draw, values...), l.one(50))
		}
		for l.one(30) {
			f[l.IntN(len(f))] = byte(l.Uint64())
		}
		return f
	}
	f := make([]byte, l.between(14, 2000))
	for i := range f {
		f[i] = byte(l.Uint64())
	}
	copy(f[12:], pick(l.draw, "\x08\x00E", "\x08\x06", "\x86\xdd`", "")) // IPv4, ARP, IPv6
	return f
}
