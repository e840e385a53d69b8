package prog

import (
	"errors"
	"fmt"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Flood is the variables of synflood.
type Flood struct {
	To     wire.Addr
	Sent   uint64
	NextAt int64
}

var synfloodSource = []string{
	`fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);`,
	`while (n-- > 0) { packet.ip.saddr = random(); packet.tcp.syn = 1;`,
	`sendto(fd, &packet, sizeof packet, 0, &victim, len);`,
	`usleep(1000000 / rate); }`,
}

type floodArgs struct {
	host        string
	port        uint16
	count, rate uint64
}

func parseFlood(args []string) (a floodArgs, err error) {
	if len(args) < 3 || len(args) > 4 {
		return a, errors.New("an address, a port and a count are needed")
	}
	a.host, a.rate = args[0], 1000
	if err = checkHost(a.host); err != nil {
		return a, err
	}
	if a.port, err = port(args[1]); err != nil {
		return a, err
	}
	if a.count, err = count(args[2], maxConnections); err == nil && len(args) == 4 {
		a.rate, err = count(args[3], 1_000_000)
	}
	return a, err
}

// stepFlood sends SYNs from addresses where nobody is, 198.18.0.0/15 (RFC 2544): answers to them get lost,
// and the victim waits (RFC 4987 §2).
func stepFlood(s *Sys, p *Proc) bool {
	a, _ := parseFlood(p.Args)
	if len(p.Flood) == 0 {
		addrs, ok := s.mustResolve(p, "synflood: "+a.host, a.host, 4)
		if !ok {
			return false
		}
		p.Flood, p.Line = []Flood{{To: addrs[0], NextAt: s.Now}}, 2
	}
	f := &p.Flood[0]
	for f.Sent < a.count && f.NextAt <= s.Now {
		x := f.Sent*0x9e3779b97f4a7c15 ^ s.Secret[1]
		x = (x ^ x>>29) * 0xbf58476d1ce4e5b9
		x ^= x >> 32
		from := wire.From4(198<<24 | 18<<16 | uint32(x)&0x1ffff)
		var b [wire.TCPLen]byte
		wire.PutTCP(b[:], &from, &f.To, uint16(1024+x>>20%60000), a.port, uint32(x>>24), 0, wire.SYN, 64240, 0, 0)
		if err := s.SendRaw(wire.ProtoTCP, 64, from, f.To, b[:]); err != 0 {
			s.printf(StyleError, "sendto: %s", err.Error())
			s.exit()
			return false
		}
		f.Sent++
		f.NextAt += 1_000_000_000 / int64(a.rate)
	}
	if f.Sent == a.count {
		s.printf(StyleOut, "%d packets sent", f.Sent)
		s.exit()
		return false
	}
	p.Line, p.WakeAt = 4, f.NextAt
	return false
}

func stopFlood(s *Sys, p *Proc) {
	if len(p.Flood) > 0 {
		s.printf(StyleOut, "%d packets sent", p.Flood[0].Sent)
	}
}

// checkSlowReader checks PORT BYTES MS: a sink that always takes its time.
func checkSlowReader(args []string) error {
	if len(args) != 3 {
		return errors.New("a port, a number of bytes and a pause are needed")
	}
	return checkSink(args)
}

var conntrackSource = []string{
	`fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);`,
	`send(fd, &request, len, 0);  // IPCTNL_MSG_CT_GET`,
	`while (recv(fd, buf, sizeof buf, 0) > 0) print(buf);`,
}

func checkConntrack(args []string) error {
	for _, a := range args {
		if a != "-L" && a != "--dump" {
			return fmt.Errorf("%s is not there, only -L", a)
		}
	}
	return nil
}

// stepConntrack shows what the host translates (NAT), in the words of conntrack -L.
func stepConntrack(s *Sys, p *Proc) bool {
	names := map[uint8]string{wire.ProtoTCP: "tcp", wire.ProtoUDP: "udp", wire.ProtoICMP: "icmp"}
	n := 0
	for i := range s.NAT.Sessions {
		k := &s.NAT.Sessions[i]
		if k.Until <= s.Now || s.NAT.Outside == 0 {
			continue
		}
		n++
		out := tcp.Endpoint{Addr: s.Ifaces[s.NAT.Outside-1].Addr, Port: k.Port}
		state, mark, back := "", "", ""
		if k.Proto == wire.ProtoTCP {
			state = k.State() + " "
		}
		if k.Flags&1 == 0 {
			back = "[UNREPLIED] "
		} else if k.Proto == wire.ProtoTCP {
			mark = " [ASSURED]"
		}
		ends := func(from, to tcp.Endpoint) string {
			if k.Proto == wire.ProtoICMP { // an echo request this way, its reply that way
				typ, id := wire.ICMPEcho, k.Inside.Port
				if from == k.Remote {
					typ, id = wire.ICMPEchoReply, k.Port
				}
				return fmt.Sprintf("src=%s dst=%s type=%d code=0 id=%d", from.Addr, to.Addr, typ, id)
			}
			return "src=" + from.Addr.String() + " dst=" + to.Addr.String() + " sport=" + portText(from.Port) + " dport=" + portText(to.Port)
		}
		s.printf(StyleOut, "%-8s %d %d %s%s %s%s%s mark=0 use=1", names[k.Proto], k.Proto, (k.Until-s.Now)/1_000_000_000, state,
			ends(k.Inside, k.Remote), back, ends(k.Remote, out), mark)
	}
	s.printf(StyleOut, "conntrack v1.4.7 (conntrack-tools): %d flow entries have been shown.", n)
	s.exit()
	return false
}
