package prog

import (
	"errors"
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
	Flows    []DumpFlow // connections, the oldest first, at most maxFlows
}

// DumpFlow is a connection with the numbers that those of From and of To are counted from.
type DumpFlow struct {
	From, To tcp.Endpoint
	Seq, Ack uint32
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
	hex, noTime              bool
	filter                   *filter.Filter // nil: everything
}

func parseTcpdump(args []string) (a tcpdumpArgs, err error) {
	o, err := getopt(args, "nvc:i:SeXtlUpw:")
	if err != nil {
		return a, err
	}
	if o.on['w'] {
		return a, errors.New("a host here has no files to write to; leave -w out, or export the packets of the lab as a capture")
	}
	if o.val['i'] == "lo" {
		return a, errors.New("what a host sends to itself crosses no link here and cannot be captured; use -i eth0 or -i any")
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
		said, kind := "tcpdump: ", "EN10MB (Ethernet)"
		if name == "any" {
			s.printf(StyleCall, "tcpdump: data link type LINUX_SLL2")
			kind = "LINUX_SLL2 (Linux cooked v2)"
		}
		if !a.verbose {
			s.printf(StyleCall, "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode")
			said = ""
		}
		s.printf(StyleCall, said+"listening on %s, link-type %s, snapshot length 262144 bytes", name, kind)
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
func (m *Machine) Tap(now int64, names func(iface uint32) string, iface uint32, out bool, frame []byte) {
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
		m.dump(p, &a, now, names(iface), int(iface)+2, out, frame)
		if p.Dump[0].Captured == a.count {
			p.Stop, p.WakeAt = true, now
			m.WakeAt = min(m.WakeAt, now)
		}
	}
}

func (m *Machine) dump(p *Proc, a *tcpdumpArgs, now int64, iface string, number int, out bool, frame []byte) {
	d := &p.Dump[0]
	d.Captured++
	sum := trace.Summarize(frame)
	if sum.Proto == trace.TCP && !a.absolute {
		d.relative(&sum.Head)
	}
	head := ""
	if !a.noTime {
		head = trace.StampOf(now) + " "
	}
	eth, ok := wire.ParseEthernet(frame)
	if a.iface == "any" {
		head += fmt.Sprintf("%-5s %-3s ", iface, towards(eth, out))
	}
	switch {
	case a.ether && a.iface == "any" && ok: // the cooked header is six bytes longer
		head += fmt.Sprintf("ifindex %d %s ethertype %s, length %d: ", number, eth.Src(), etherName(eth.Type()), len(frame)+6)
	case a.ether && ok:
		head += fmt.Sprintf("%s > %s, ethertype %s, length %d: ", eth.Src(), eth.Dst(), etherName(eth.Type()), len(frame))
	}
	lines := trace.Lines(frame, sum.Seq, sum.Ack, a.verbose)
	lines[0] = head + lines[0]
	for _, line := range lines {
		m.print(StyleOut, line)
	}
	if a.hex && ok {
		m.hexDump(eth.Payload())
	}
}

// towards is the column of -i any that says where a frame goes: out, in, to everybody or to a group.
func towards(eth wire.Ethernet, out bool) string {
	switch {
	case out:
		return "Out"
	case len(eth) >= wire.EthernetLen && eth.Dst() == wire.Broadcast:
		return "B"
	case len(eth) >= wire.EthernetLen && eth.Dst()[0]&1 != 0:
		return "M"
	}
	return "In"
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

// relative turns sequence numbers into those counted from the first segment with ACK on that was seen, which keeps its own, as
// do a SYN and whatever has no ACK: tcpdump does so.
func (d *Dump) relative(h *trace.Head) {
	if h.Flags&wire.ACK == 0 {
		return
	}
	i, back := d.flow(h.Src, h.Dst)
	switch {
	case i >= 0 && h.Flags&wire.SYN == 0 && back:
		h.Seq, h.Ack = h.Seq-d.Flows[i].Ack, h.Ack-d.Flows[i].Seq
		return
	case i >= 0 && h.Flags&wire.SYN == 0:
		h.Seq, h.Ack = h.Seq-d.Flows[i].Seq, h.Ack-d.Flows[i].Ack
		return
	case i < 0 && len(d.Flows) >= maxFlows:
		d.Flows = append(d.Flows[:0:0], d.Flows[1:]...)
	}
	now := DumpFlow{From: h.Src, To: h.Dst, Seq: h.Seq, Ack: h.Ack - 1}
	if i >= 0 {
		d.Flows[i] = now
	} else {
		d.Flows = append(d.Flows, now)
	}
}

// flow returns where a connection stands, and whether it was first seen the other way; -1 if it was not seen.
func (d *Dump) flow(from, to tcp.Endpoint) (i int, back bool) {
	for i := range d.Flows {
		switch f := &d.Flows[i]; {
		case f.From == from && f.To == to:
			return i, false
		case f.From == to && f.To == from:
			return i, true
		}
	}
	return -1, false
}
