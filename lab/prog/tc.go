package prog

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wirelab/lab/link"
)

// Wires is what lies behind the interfaces of hosts: tc changes the way out of one, and ip says whether there is a cable.
type Wires interface {
	// Wire returns the way from an interface, nil if nothing is plugged in.
	Wire(host, iface uint32) *link.Direction
	// SetWire gives that way other parameters, or says why it cannot.
	SetWire(host, iface uint32, p link.Params) error
}

// wire returns the way from an interface, nil if nothing is plugged in.
func (s *Sys) wire(iface int) *link.Direction {
	if s.Wires == nil {
		return nil
	}
	return s.Wires.Wire(s.ID, uint32(iface))
}

// tcArgs is a command line of tc: qdisc VERB dev INTERFACE root handle N: KIND SETTINGS.
type tcArgs struct {
	stats     bool
	verb, dev string
	root      bool
	handle    uint32
	kind      string
	change    tcChange
}

func parseTC(args []string) (a tcArgs, err error) {
	o, err := getopt(args, "s")
	if err != nil {
		return a, err
	}
	a.stats = o.on['s']
	w := o.rest
	if len(w) == 0 || prefixed(w[0], "qdisc") == "" {
		return a, errors.New("only qdisc is there: tc qdisc show, or tc qdisc add dev eth0 root netem delay 100ms loss 1%")
	}
	a.verb = "show"
	if w = w[1:]; len(w) > 0 {
		if a.verb = prefixed(w[0], "show", "list", "ls", "add", "change", "replace", "delete"); a.verb == "" {
			return a, fmt.Errorf("%q is unknown: there are show, add, change, replace and del", w[0])
		}
		w = w[1:]
	}
	if a.verb == "list" || a.verb == "ls" {
		a.verb = "show"
	}
	if w, err = a.place(w); err != nil {
		return a, err
	}
	switch {
	case a.verb == "show" && a.handle > 0:
		return a, errors.New("tc qdisc show takes dev INTERFACE and root; leave handle out")
	case a.verb == "show" && len(w) > 0:
		return a, fmt.Errorf("What is \"%s\"? tc qdisc show takes dev INTERFACE and root", w[0])
	case a.verb == "show":
		return a, nil
	case a.dev == "":
		return a, errors.New("an interface is needed: dev eth0")
	case !a.root:
		return a, errors.New("an interface here has one discipline, its root: tc qdisc add dev eth0 root …")
	case a.verb == "delete" && len(w) == 0:
		return a, nil
	case a.verb == "delete" && (tcKinds[w[0]] == nil || len(w) > 1):
		return a, fmt.Errorf("What is \"%s\"? del takes dev INTERFACE and root", w[len(w)-1])
	}
	return a, a.parseKind(w)
}

// place reads where a discipline is: dev, root, handle.
func (a *tcArgs) place(w []string) (rest []string, err error) {
	for len(w) > 0 {
		switch {
		case w[0] == "root":
			a.root, w = true, w[1:]
			continue
		case w[0] == "parent":
			return nil, errors.New("a discipline here has none behind it; put it at the root")
		case w[0] != "dev" && w[0] != "handle":
			return w, nil
		case len(w) == 1:
			return nil, errIncomplete
		case w[0] == "dev":
			a.dev = w[1]
		default:
			major, minor, colon := strings.Cut(w[1], ":")
			n, err := strconv.ParseUint(major, 16, 16)
			if err != nil || n == 0 || !colon || minor != "" && minor != "0" {
				return nil, fmt.Errorf("Error: argument \"%s\" is wrong: invalid qdisc ID", w[1])
			}
			a.handle = uint32(n)
		}
		w = w[2:]
	}
	return w, nil
}

// parseKind reads a discipline and its settings.
func (a *tcArgs) parseKind(w []string) error {
	if len(w) == 0 {
		return errors.New("a discipline is needed: " + tcKindNames)
	}
	parse := tcKinds[w[0]]
	if a.kind = w[0]; parse == nil {
		return fmt.Errorf("%q is no discipline here: there are %s", w[0], tcKindNames)
	}
	words := tcWords{kind: a.kind, rest: w[1:]}
	a.change = parse(&words)
	return words.err
}

// stepTC shows the queueing discipline of each interface, in the words of tc(8), or changes the link behind one: the way out of it.
func stepTC(s *Sys, p *Proc) bool {
	a, _ := parseTC(p.Args)
	iface := uint32(0)
	var err error
	if a.dev != "" && a.dev != "lo" {
		iface, err = s.device(a.dev)
	}
	switch {
	case err != nil:
	case a.verb == "show":
		s.showQdiscs(&a)
	default:
		err = s.setQdisc(&a, iface)
	}
	if err != nil {
		s.printf(StyleError, "%s", err.Error())
	}
	s.exit()
	return false
}

const firstHandle = 0x8000 // those that Linux gives away lie above

// setQdisc puts a discipline in front of the way out of an interface, or takes it away; then the way has what it had before.
func (s *Sys) setQdisc(a *tcArgs, iface uint32) error {
	d := s.wire(int(iface))
	if d == nil || a.dev == "lo" {
		return fmt.Errorf("Error: nothing is plugged into %s.", a.dev)
	}
	q := d.Qdisc
	there := q.Kind != ""
	if !there {
		q.Before = d.Params
	}
	p := q.Before
	switch {
	case a.verb == "delete" && !there:
		return errors.New("Error: Cannot delete qdisc with handle of zero.")
	case a.verb == "delete" && a.handle > 0 && a.handle != q.Handle:
		return errors.New("Error: Invalid handle.")
	case a.verb == "delete":
		d.Qdisc = link.Qdisc{Given: q.Given}
		return s.Wires.SetWire(s.ID, iface, p)
	case a.verb == "add" && there:
		return errors.New("Error: Exclusivity flag on, cannot modify.")
	case a.verb == "change" && !there:
		return errors.New("Error: Qdisc not found. To create specify NLM_F_CREATE flag.")
	case a.verb == "change" && a.kind != q.Kind:
		return errors.New("Error: Invalid qdisc name: must match existing qdisc.")
	}
	switch {
	case a.handle > 0:
		q.Handle = a.handle
	case a.kind != q.Kind:
		q.Given++
		q.Handle = firstHandle + q.Given
	}
	q.Kind, q.Words = a.kind, a.change(&p)
	q.With = p
	before := d.Qdisc
	d.Qdisc = q
	err := s.Wires.SetWire(s.ID, iface, p)
	if err != nil {
		d.Qdisc = before
	}
	return err
}

func (s *Sys) showQdiscs(a *tcArgs) {
	dev := func(name string) string { // not said again if it was named
		if a.dev != "" {
			return ""
		}
		return "dev " + name + " "
	}
	if a.dev == "" || a.dev == "lo" {
		s.printf(StyleOut, "qdisc noqueue 0: %sroot refcnt 2 ", dev("lo"))
		if a.stats {
			s.printf(StyleOut, " Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) ")
			s.printf(StyleOut, " backlog 0b 0p requeues 0")
		}
	}
	for i := range s.Ifaces {
		f, d := &s.Ifaces[i], s.wire(i)
		if a.dev != "" && f.Name != a.dev {
			continue
		}
		kind, handle, words := s.qdiscOf(d)
		s.printf(StyleOut, "qdisc %s %x: %sroot refcnt 2 %s", kind, handle, dev(f.Name), words)
		if a.stats && d != nil {
			k := &d.Counters
			s.printf(StyleOut, " Sent %d bytes %d pkt (dropped %d, overlimits 0 requeues 0) ", k.BytesDelivered, k.Offered, k.Dropped)
			s.printf(StyleOut, " backlog %db %dp requeues 0", d.Bytes, d.Depth(s.Now))
		}
	}
}

// qdiscOf returns the queueing discipline of one direction of a link: the one that tc installed, else the default.
func (s *Sys) qdiscOf(d *link.Direction) (kind string, handle uint32, words string) {
	kind, _ = s.SysctlText("net.core.default_qdisc")
	switch {
	case d != nil && d.Qdisc.Kind != "":
		return d.Qdisc.Kind, d.Qdisc.Handle, d.Qdisc.Words
	case d != nil && d.Discipline != link.UseDropTail:
		return d.Discipline.String(), 0, disciplineWords(&d.Params)
	case kind == "pfifo_fast":
		words = priomap
	}
	return kind, 0, words
}

// disciplineWords are the settings of a discipline that chooses whom it drops; where one is zero, the RFCs' counts.
func disciplineWords(p *link.Params) string {
	words := ""
	if p.QueuePackets > 0 {
		words = fmt.Sprintf("limit %dp ", p.QueuePackets)
	}
	if p.QueueBytes > 0 {
		words += fmt.Sprintf("limit %s ", tcSizeText(uint64(p.QueueBytes)))
	}
	c := &p.CoDel
	switch p.Discipline {
	case link.UseFQCoDel:
		words += fmt.Sprintf("flows %d quantum %d ", cmp.Or(c.Flows, 1024), cmp.Or(c.Quantum, 1514))
	case link.UseRED:
		words += fmt.Sprintf("min %dp max %dp ", cmp.Or(p.RED.MinPackets, 5), cmp.Or(p.RED.MaxPackets, 15))
	}
	if p.Discipline != link.UseRED {
		words += fmt.Sprintf("target %s interval %s ", tcTimeText(cmp.Or(c.TargetNs, 5_000_000)), tcTimeText(cmp.Or(c.IntervalNs, 100_000_000)))
	}
	if p.ECN {
		words += "ecn "
	}
	return words
}
