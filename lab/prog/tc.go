package prog

import (
	"errors"
	"fmt"

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

// tcArgs is a command line of tc: qdisc VERB dev INTERFACE root KIND SETTINGS.
type tcArgs struct {
	stats     bool
	verb, dev string
	kind      string
	settings  []tcSetting
}

type tcSetting struct{ name, value string }

// tcKinds are the disciplines of tc(8), with what they are on a link.
var tcKinds = map[string]string{"netem": "", "pfifo": "droptail", "pfifo_fast": "droptail", "fq_codel": "fq_codel", "codel": "codel", "red": "red"}

// tcNames are the words behind a discipline, with the names of settings of a link.
var tcNames = map[string]string{"delay": "delay", "loss": "loss", "duplicate": "duplicate", "corrupt": "corrupt", "reorder": "reorder", "limit": "limit", "rate": "rate",
	"target": "codel-target", "interval": "codel-interval", "flows": "flows", "quantum": "quantum", "min": "red-min", "max": "red-max"}

func parseTC(args []string) (a tcArgs, err error) {
	o, err := getopt(args, "sdn")
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
	if len(w) >= 2 && w[0] == "dev" {
		a.dev, w = w[1], w[2:]
	}
	if a.verb == "list" || a.verb == "ls" {
		a.verb = "show"
	}
	if a.verb == "show" {
		if len(w) > 0 {
			return a, fmt.Errorf("%q is too much", w[0])
		}
		return a, nil
	}
	if a.dev == "" {
		return a, errors.New("an interface is needed: dev eth0")
	}
	if len(w) > 0 && w[0] == "root" {
		w = w[1:]
	}
	if a.verb == "delete" {
		return a, nil
	}
	return a, a.parseKind(w)
}

// parseKind reads a discipline and its settings.
func (a *tcArgs) parseKind(w []string) error {
	if len(w) == 0 {
		return errors.New("a discipline is needed: netem, pfifo, fq_codel, codel or red")
	}
	kind, known := tcKinds[w[0]]
	if a.kind = w[0]; !known {
		return fmt.Errorf("%q is no discipline: there are netem, pfifo, fq_codel, codel and red", w[0])
	}
	if kind != "" {
		a.settings = append(a.settings, tcSetting{"queue", kind})
	}
	for w = w[1:]; len(w) > 0; {
		if w[0] == "ecn" {
			a.settings, w = append(a.settings, tcSetting{"ecn", "on"}), w[1:]
			continue
		}
		name, known := tcNames[w[0]]
		if !known || len(w) < 2 {
			return fmt.Errorf("What is \"%s\"?", w[0])
		}
		value, rest := w[1], w[2:]
		if value == "random" && len(rest) > 0 { // loss random 1%
			value, rest = rest[0], rest[1:]
		}
		a.settings = append(a.settings, tcSetting{name, value})
		if name == "delay" && len(rest) > 0 && tcNames[rest[0]] == "" && rest[0] != "ecn" { // delay 100ms 10ms
			a.settings, rest = append(a.settings, tcSetting{"jitter", rest[0]}), rest[1:]
		}
		w = rest
	}
	return a.apply(new(link.Params))
}

// apply makes the changes.
func (a *tcArgs) apply(p *link.Params) error {
	for _, k := range a.settings {
		s, err := link.FindSetting(k.name)
		if err == nil {
			err = s.Set(p, k.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
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

func (s *Sys) setQdisc(a *tcArgs, iface uint32) error {
	d := s.wire(int(iface))
	if d == nil || a.dev == "lo" {
		return fmt.Errorf("Error: nothing is plugged into %s.", a.dev)
	}
	p := d.Params
	if a.verb == "delete" { // rate and delay are the cable's own
		p.LossPPM, p.DuplicatePPM, p.CorruptPPM, p.ReorderPPM, p.JitterNs, p.Discipline, p.ECN = 0, 0, 0, 0, 0, 0, false
	}
	if err := a.apply(&p); err != nil {
		return err
	}
	return s.Wires.SetWire(s.ID, iface, p)
}

func (s *Sys) showQdiscs(a *tcArgs) {
	if a.dev == "" || a.dev == "lo" {
		s.printf(StyleOut, "qdisc noqueue 0: dev lo root refcnt 2 ")
	}
	usual, _ := s.SysctlText("net.core.default_qdisc")
	for i := range s.Ifaces {
		f, d := &s.Ifaces[i], s.wire(i)
		if a.dev != "" && f.Name != a.dev {
			continue
		}
		qdisc, more := usual, ""
		if d != nil && d.Discipline.String() != "droptail" {
			qdisc = d.Discipline.String()
			more = fmt.Sprintf("limit %dp ", d.QueuePackets)
		} else if qdisc == "pfifo_fast" {
			more = "bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1"
		}
		s.printf(StyleOut, "qdisc %s 0: dev %s root refcnt 2 %s", qdisc, f.Name, more)
		if a.stats && d != nil {
			k := &d.Counters
			s.printf(StyleOut, " Sent %d bytes %d pkt (dropped %d, overlimits 0 requeues 0) ", k.BytesDelivered, k.Offered, k.Dropped)
			s.printf(StyleOut, " backlog %db %dp requeues 0", d.Bytes, d.Depth(s.Now))
		}
	}
}
