package prog

import (
	"strings"

	"wirelab/lab/filter"
	"wirelab/lab/trace"
	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Dump is the variables of tcpdump.
type Dump struct {
	Captured uint64
	Received uint64     // frames that the filter let through
	First    int64      // when the first packet was seen,
	Last     int64      // and the last one
	Flows    []DumpFlow // connections, the oldest first, at most maxFlows
}

// DumpFlow is a connection with the numbers that those of From and of To are counted from.
type DumpFlow struct {
	From, To tcp.Endpoint
	Seq, Ack uint32
}

const maxFlows = 128

// Capture is a file that tcpdump -w has written. What is in it can be had by replay.
type Capture struct {
	PID     uint32
	Name    string
	Packets uint64
	Snap    uint32
	Form    trace.Pcap
	At      int64 // when it was closed
}

const maxCaptures = 32 // that a host remembers

var tcpdumpSource = []string{
	`fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));`,
	`setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);`,
	`while (n-- > 0) { recvfrom(fd, frame, sizeof frame, 0, &from, &len);`,
	`print(frame); }`,
}

// tcpdumpIfaces are the interfaces that can be looked at, in tcpdump's order.
func (s *Sys) tcpdumpIfaces() (names []string) {
	for i := range s.Ifaces {
		names = append(names, s.Ifaces[i].Name)
	}
	return append(names, "any", "lo")
}

func stepTcpdump(s *Sys, p *Proc) bool {
	if p.Line >= 3 {
		return false
	}
	a, _ := parseTcpdump(p.Args)
	name, ok := s.tcpdumpIface(a.iface)
	_, err := parseTcpdumpAt(p.Args, s.vantage(name))
	switch {
	case a.help:
		s.printf(StyleOut, "usage: %s", usage("tcpdump"))
	case a.list:
		s.tcpdumpList()
	case !ok:
		s.printf(StyleError, "tcpdump: %s: No such device exists", a.iface)
	case a.types:
		s.printf(StyleOut, "Data link types for %s (use option -y to set):", name)
		s.printf(StyleOut, "  %s", linkType(name))
	case err != nil: // about the network of this interface
		s.printf(StyleError, "tcpdump: %s", err)
	default:
		s.tcpdumpBanner(&a, name)
		p.Dump, p.Line = []Dump{{}}, 3
		s.machine.Taps++
		return false
	}
	s.exit()
	return false
}

// tcpdumpIface returns the interface that -i names; it may also be the number that -D shows.
func (s *Sys) tcpdumpIface(name string) (string, bool) {
	names := s.tcpdumpIfaces()
	if name == "" {
		return names[0], true
	}
	for i, known := range names {
		if name == known || name == decimalText(i+1) {
			return known, true
		}
	}
	return name, false
}

func (s *Sys) tcpdumpList() {
	for i, name := range s.tcpdumpIfaces() {
		about := " [Up, Running, Connected]"
		switch {
		case name == "any":
			about = " (Pseudo-device that captures on all interfaces) [Up, Running]"
		case name == "lo":
			about = " [Up, Running, Loopback]"
		case s.Ifaces[i].Down:
			about = " [Disconnected]"
		}
		s.printf(StyleOut, "%d.%s%s", i+1, name, about)
	}
}

// vantage is what a filter may ask of an interface.
func (s *Sys) vantage(name string) filter.Vantage {
	i, err := s.device(name)
	if err != nil {
		return filter.Vantage{Netmask: 0xff000000, Masked: name == "lo"}
	}
	return vantageOf(s.Host, int(i))
}

func vantageOf(h *stack.Host, port int) filter.Vantage {
	if port < 0 {
		return filter.Vantage{Netmask: 0xff000000, Masked: true}
	}
	f := &h.Ifaces[port]
	return filter.Vantage{Netmask: ^uint32(0) << (32 - min(f.Prefix, 32)), Masked: !f.Addr.IsZero()}
}

func linkType(iface string) string {
	if iface == "any" {
		return "LINUX_SLL2 (Linux cooked v2)"
	}
	return "EN10MB (Ethernet)"
}

func (s *Sys) tcpdumpBanner(a *tcpdumpArgs, name string) {
	said := "tcpdump: "
	if name == "any" {
		s.printf(StyleCall, "tcpdump: data link type LINUX_SLL2")
	}
	if a.Verbose == 0 && (a.write == "" || a.print) {
		s.printf(StyleCall, "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode")
		said = ""
	}
	s.printf(StyleCall, "%slistening on %s, link-type %s, snapshot length %d bytes", said, name, linkType(name), a.snap)
}

func stopTcpdump(s *Sys, p *Proc) {
	if len(p.Dump) == 0 {
		return
	}
	d := &p.Dump[0]
	s.printf(StyleCall, "%d packet%s captured", d.Captured, plural(d.Captured))
	s.printf(StyleCall, "%d packet%s received by filter", d.Received, plural(d.Received))
	s.printf(StyleCall, "0 packets dropped by kernel")
}

func plural(n uint64) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// closeDump ends the looking, and the file that was written.
func (s *Sys) closeDump(p *Proc) {
	if len(p.Dump) == 0 {
		return
	}
	m, n := s.machine, p.Dump[0].Captured
	m.Taps--
	p.Dump = nil
	c, ok := captureOf(p, n)
	if !ok {
		return
	}
	c.At = s.Now
	if len(m.Captures) >= maxCaptures {
		m.Captures = append(m.Captures[:0:0], m.Captures[1:]...)
	}
	m.Captures = append(m.Captures, c)
	s.machine.print(StyleCall, c.Name+": "+decimalText(int(n))+" packet"+plural(n)+" written")
}

// captureOf is the file that a tcpdump writes, if it does.
func captureOf(p *Proc, packets uint64) (c Capture, ok bool) {
	a, _ := parseTcpdump(p.Args)
	return Capture{PID: p.PID, Name: a.write, Packets: packets, Snap: uint32(a.snap), Form: trace.Pcap{Cooked: a.iface == "any", Nano: a.nano}}, a.write != ""
}

// Written lists the files that tcpdump -w has closed here, and those that it still writes.
func (m *Machine) Written() (list []Capture, closed int) {
	list = append(list, m.Captures...)
	for i := range m.Procs {
		if p := &m.Procs[i]; len(p.Dump) > 0 {
			if c, ok := captureOf(p, p.Dump[0].Captured); ok {
				list = append(list, c)
			}
		}
	}
	return list, len(m.Captures)
}

// Sight is a frame that passes an interface of a host.
type Sight struct {
	Now   int64
	Host  *stack.Host
	Port  int // the number of the interface; -1 is lo
	Out   bool
	Frame []byte
	Wrote func(pid uint32, record []byte) // takes what tcpdump -w adds to its file; may be nil
	Known *TcpdumpLines                   // may be nil
}

// TcpdumpLines caches parsed command lines: parsing a filter costs more than applying it to a thousand frames. The cache is not
// part of the state.
type TcpdumpLines struct{ read map[string]*tcpdumpArgs }

const maxTcpdumpLines = 256

// args returns the parsed command line of a tcpdump for this interface, from the cache if it is there; nil if it is invalid.
func (g *Sight) args(p *Proc) *tcpdumpArgs {
	at := vantageOf(g.Host, g.Port)
	key := strings.Join(p.Args, "\x00") + "\x00" + decimalText(int(at.Netmask))
	if at.Masked {
		key += "/"
	}
	if g.Known != nil {
		if a, ok := g.Known.read[key]; ok {
			return a
		}
	}
	var known *tcpdumpArgs
	if a, err := parseTcpdumpAt(p.Args, at); err == nil {
		known = &a
	}
	if g.Known != nil {
		if len(g.Known.read) >= maxTcpdumpLines || g.Known.read == nil {
			g.Known.read = map[string]*tcpdumpArgs{}
		}
		g.Known.read[key] = known
	}
	return known
}

func (g *Sight) name() string {
	if g.Port < 0 {
		return "lo"
	}
	return g.Host.Ifaces[g.Port].Name
}

// index is the number of the interface as Linux counts.
func (g *Sight) index() int { return g.Port + 2 }

// way is where a frame goes, in the numbers of LINUX_SLL2.
func (g *Sight) way() uint8 {
	eth := wire.Ethernet(g.Frame)
	switch {
	case g.Out:
		return 4
	case g.Port < 0 || len(g.Frame) < wire.EthernetLen:
		return 0
	case eth.Dst() == wire.Broadcast:
		return 1
	case eth.Dst()[0]&1 != 0:
		return 2
	case eth.Dst() != g.Host.Ifaces[g.Port].MAC:
		return 3
	}
	return 0
}

// Tap shows a frame that a host sends or that has reached it to programs that asked for that. It may be
// called while another program runs.
func (m *Machine) Tap(g *Sight) {
	for i := range m.Procs {
		p := &m.Procs[i]
		if p.Done || p.Stop || len(p.Dump) == 0 {
			continue
		}
		a := g.args(p)
		if a == nil || !a.takes(g) {
			continue
		}
		m.dump(p, a, g)
		if p.Dump[0].Captured == a.count {
			p.Stop = true
		}
		if p.Stop || p.Signal > 0 { // also if nobody reads behind | any more
			p.WakeAt = g.Now
			m.WakeAt = min(m.WakeAt, g.Now)
		}
	}
}

// takes reports whether tcpdump was told to look at a frame.
func (a *tcpdumpArgs) takes(g *Sight) bool {
	name, dir := g.name(), uint8(0)
	if g.Out {
		dir = 1
	}
	switch {
	case a.iface == "any" || a.iface == name:
	case a.iface == "" && g.Port == 0 || a.iface == decimalText(g.Port+1) && g.Port >= 0:
	case a.iface == decimalText(len(g.Host.Ifaces)+1): // any
	case a.iface == decimalText(len(g.Host.Ifaces)+2) && g.Port < 0: // lo
	default:
		return false
	}
	if a.side == "in" && g.Out || a.side == "out" && !g.Out || a.private && g.way() == 3 {
		return false
	}
	return a.filter == nil || a.filter.Match(&filter.Packet{Frame: g.Frame, TimeNs: g.Now, Dir: dir})
}

func (m *Machine) dump(p *Proc, a *tcpdumpArgs, g *Sight) {
	d := &p.Dump[0]
	if d.Captured == 0 {
		d.First, d.Last = g.Now, g.Now
	}
	d.Captured++
	d.Received++
	if a.write != "" && g.Wrote != nil {
		form, frame := trace.Pcap{Cooked: a.iface == "any", Nano: a.nano}, g.Frame
		if form.Cooked {
			frame = trace.Cook(frame, g.index(), g.Port >= 0, g.way())
		}
		g.Wrote(p.PID, form.Record(nil, g.Now, frame, a.snap))
	}
	if a.write == "" || a.print {
		for _, line := range a.lines(d, g) {
			m.pipe(p, 0, untab(line))
		}
	}
	d.Last = g.Now
}

// lines are what is printed of a frame.
func (a *tcpdumpArgs) lines(d *Dump, g *Sight) []string {
	var b strings.Builder
	if a.numbered {
		b.WriteString(padLeft(d.Captured, 5) + "  ")
	}
	b.WriteString(a.stampOf(d, g.Now))
	frame := g.Frame[:min(len(g.Frame), a.snap)]
	whole := len(frame) >= wire.EthernetLen
	if a.iface == "any" {
		b.WriteString(a.cookedWords(g))
	} else if a.Ether && whole {
		b.WriteString(a.EtherWords(frame, len(g.Frame)))
	}
	o := a.Options
	if !a.absolute {
		o.Counted = d.relative
	}
	lines := trace.Lines(frame, len(g.Frame), &o)
	lines[0] = b.String() + lines[0]
	if !whole {
		return lines
	}
	return append(lines, a.bytesOf(g, frame)...)
}
