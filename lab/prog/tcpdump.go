package prog

import (
	"fmt"
	"strings"

	"wirelab/lab/filter"
	"wirelab/lab/trace"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Dump is the variables of tcpdump.
type Dump struct {
	Captured uint64
	Flows    []DumpFlow // directions of connections, the oldest first, at most maxFlows
}

// DumpFlow is the number that a direction of a connection began with.
type DumpFlow struct {
	From, To tcp.Endpoint
	ISN      uint32
	Counts   bool // numbers are told relative to it
}

const maxFlows = 128

var tcpdumpSource = []string{
	`fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));`,
	`setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);`,
	`while (n-- > 0) { recvfrom(fd, frame, sizeof frame, 0, &from, &len);`,
	`print(frame); }`,
}

type tcpdumpArgs struct {
	iface                    string
	count                    uint64
	verbose, absolute, ether bool
	hex, quiet, noTime       bool
	filter                   *filter.Filter // nil: everything
}

func parseTcpdump(args []string) (a tcpdumpArgs, err error) {
	o, err := getopt(args, "nvc:i:SeXtlqUp")
	if err != nil {
		return a, err
	}
	if a.count, err = o.number('c', 1, 1<<40, 0); err != nil {
		return a, err
	}
	a.iface, a.verbose, a.absolute, a.ether, a.hex, a.noTime = o.val['i'], o.on['v'], o.on['S'], o.on['e'], o.on['X'], o.on['t']
	if text := strings.Join(o.rest, " "); text != "" {
		a.filter, err = filter.Capture(text)
	}
	return a, err
}

func stepTcpdump(s *Sys, p *Proc) bool {
	if p.Line < 3 {
		a, _ := parseTcpdump(p.Args)
		if _, err := s.device(a.iface); a.iface != "" && a.iface != "any" && err != nil {
			s.printf(StyleError, "tcpdump: %s: No such device exists", a.iface)
			s.exit()
			return false
		}
		name := "eth0"
		if a.iface != "" {
			name = a.iface
		}
		said := "tcpdump: "
		if !a.verbose {
			s.printf(StyleCall, "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode")
			said = ""
		}
		s.printf(StyleCall, said+"listening on %s, link-type EN10MB (Ethernet), snapshot length 262144 bytes", name)
		p.Dump, p.Line = []Dump{{}}, 3
		s.machine.Taps++
	}
	return false
}

func stopTcpdump(s *Sys, p *Proc) {
	if len(p.Dump) == 0 {
		return
	}
	n, plural := p.Dump[0].Captured, "s"
	if n == 1 {
		plural = ""
	}
	s.printf(StyleOut, "%d packet%s captured", n, plural)
	s.printf(StyleOut, "%d packet%s received by filter", n, plural)
	s.printf(StyleOut, "0 packets dropped by kernel")
}

// Tap shows a frame that a host sends or that has reached it to programs that asked for that. It may be
// called while another program runs.
func (m *Machine) Tap(now int64, names func(iface uint32) string, iface uint32, frame []byte) {
	for i := range m.Procs {
		p := &m.Procs[i]
		if p.Done || p.Stop || len(p.Dump) == 0 {
			continue
		}
		a, err := parseTcpdump(p.Args)
		if err != nil || a.iface != names(iface) && a.iface != "any" && (a.iface != "" || iface != 0) {
			continue
		}
		if a.filter != nil && !a.filter.Match(&filter.Packet{Frame: frame, TimeNs: now}) {
			continue
		}
		m.dump(p, &a, now, names(iface), frame)
		if p.Dump[0].Captured == a.count {
			p.Stop, p.WakeAt = true, now
			m.WakeAt = min(m.WakeAt, now)
		}
	}
}

func (m *Machine) dump(p *Proc, a *tcpdumpArgs, now int64, iface string, frame []byte) {
	d := &p.Dump[0]
	d.Captured++
	sum := trace.Summarize(frame)
	if sum.Proto == trace.TCP && !a.absolute {
		d.relative(&sum.Head)
	}
	words := (&trace.Dump{Absolute: true}).Words(0, &sum)
	line := ""
	if !a.noTime {
		line = trace.StampOf(now) + " "
	}
	if a.iface == "any" {
		line += iface + " "
	}
	eth, ok := wire.ParseEthernet(frame)
	if a.ether && ok {
		line += fmt.Sprintf("%s > %s, ethertype %s, length %d: ", eth.Src(), eth.Dst(), etherName(eth.Type()), len(frame))
	}
	head, rest, isIP := strings.Cut(words, " ")
	if ip, good := wire.ParseIPv4(eth.Payload()); a.verbose && ok && isIP && head == "IP" && good {
		line += "IP " + ipDetails(ip)
		m.print(StyleOut, line)
		m.print(StyleOut, "    "+rest)
	} else {
		m.print(StyleOut, line+words)
	}
	if a.hex && ok {
		m.hexDump(eth.Payload())
	}
}

func etherName(t uint16) string {
	switch t {
	case wire.TypeIPv4:
		return "IPv4 (0x0800)"
	case wire.TypeIPv6:
		return "IPv6 (0x86dd)"
	case wire.TypeARP:
		return "ARP (0x0806)"
	}
	return fmt.Sprintf("Unknown (0x%04x)", t)
}

func ipDetails(ip wire.IPv4) string {
	flags := "none"
	switch ip.Flags() {
	case wire.IPv4DF:
		flags = "DF"
	case wire.IPv4MF:
		flags = "+"
	}
	names := map[uint8]string{wire.ProtoTCP: "TCP", wire.ProtoUDP: "UDP", wire.ProtoICMP: "ICMP"}
	name := names[ip.Protocol()]
	if name == "" {
		name = "unknown"
	}
	return fmt.Sprintf("(tos 0x%x, ttl %d, id %d, offset %d, flags [%s], proto %s (%d), length %d)", ip.TOS(), ip.TTL(), ip.ID(), ip.FragOffset(), flags, name, ip.Protocol(), ip.TotalLen())
}

// hexDump is tcpdump -X. A fast link makes a hundred thousand rows a second of it, so no row goes through fmt.
func (m *Machine) hexDump(b []byte) {
	const digits = "0123456789abcdef"
	for at := 0; at < len(b) && at < 4096; at += 16 {
		var room [80]byte
		row := append(room[:0], "        0x"...)
		for shift := 12; shift >= 0; shift -= 4 {
			row = append(row, digits[at>>shift&15])
		}
		row = append(row, ": "...)
		bytes := b[at:min(at+16, len(b))]
		for i, c := range bytes {
			if i%2 == 0 {
				row = append(row, ' ')
			}
			row = append(row, digits[c>>4], digits[c&15])
		}
		const textAt = 16 + 40 + 2
		for len(row) < textAt {
			row = append(row, ' ')
		}
		for _, c := range bytes {
			if c < ' ' || c > '~' {
				c = '.'
			}
			row = append(row, c)
		}
		m.print(StyleOut, string(row))
	}
}

// relative turns sequence numbers into those counted from the SYN of each side, from the first segment
// with ACK on, as tcpdump does.
func (d *Dump) relative(h *trace.Head) {
	there, back := d.flow(h.Src, h.Dst), d.flow(h.Dst, h.Src)
	if h.Flags&wire.SYN != 0 {
		if there < 0 {
			if len(d.Flows) >= maxFlows {
				d.Flows = append(d.Flows[:0:0], d.Flows[1:]...)
			}
			d.Flows = append(d.Flows, DumpFlow{From: h.Src, To: h.Dst})
			there, back = d.flow(h.Src, h.Dst), d.flow(h.Dst, h.Src)
		}
		f := &d.Flows[there]
		f.ISN, f.Counts = h.Seq, h.Flags&wire.ACK != 0
		if !f.Counts || back < 0 {
			return
		}
		h.Ack -= d.Flows[back].ISN
		d.Flows[back].Counts = true
		return
	}
	if there >= 0 && d.Flows[there].Counts {
		h.Seq -= d.Flows[there].ISN
	}
	if back >= 0 && d.Flows[back].Counts && h.Flags&wire.ACK != 0 {
		h.Ack -= d.Flows[back].ISN
	}
}

func (d *Dump) flow(from, to tcp.Endpoint) int {
	for i := range d.Flows {
		if d.Flows[i].From == from && d.Flows[i].To == to {
			return i
		}
	}
	return -1
}
