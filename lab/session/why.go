package session

import (
	"fmt"
	"strconv"
	"strings"

	"wirelab/lab"
	"wirelab/lab/prog"
	"wirelab/lab/trace"
	"wirelab/lab/words"
	"wirelab/stack/event"
)

// Why tells in sentences how a packet came about: first itself, last what somebody did, or the start of the lab.
// Packets are counted from 1, as they were offered to links.
func (s *Session) Why(packet uint64) ([]string, error) {
	n := s.lab.Trace.Len()
	if packet == 0 || !s.lab.Trace.Has(packet-1) {
		return nil, failKey("not_found", "session.no_packet", packet, n)
	}
	return s.chain(s.lab.Why(packet - 1)), nil
}

// WhyText is Why of what a line names: a packet by its number, or a system call or a timer as in "call 3", "timer 2"; "calls" and "timers" list
// what there is.
func (s *Session) WhyText(line string) ([]string, error) {
	what, number, _ := strings.Cut(strings.Join(strings.Fields(line), " "), " ")
	switch what {
	case "calls", "timers":
		return s.acts(what == "calls"), nil
	case "call", "timer":
		n, err := strconv.ParseUint(number, 10, 62)
		act, there, ok := s.nthAct(what == "call", n)
		if err != nil || !ok {
			return nil, failKey("not_found", "session.no_"+what, number, there)
		}
		return s.chain(s.lab.WhyAct(act)), nil
	}
	n, err := strconv.ParseUint(what, 10, 62)
	if err != nil {
		return nil, failKey("bad_argument", "session.no_why", line)
	}
	return s.Why(n)
}

// eachAct shows the calls, or the timers, that are recorded, counted from 1, until see has seen enough.
func (s *Session) eachAct(calls bool, see func(i, act uint64) (more bool)) {
	acts, i := &s.lab.Log.Acts, uint64(0)
	for n := uint64(acts.First()); n < uint64(acts.Len()); n++ {
		if calls == (acts.At(n).Call != event.NoCall) {
			if i++; !see(i, n) {
				return
			}
		}
	}
}

// nthAct returns the act that is call or timer number n, or how many there are.
func (s *Session) nthAct(calls bool, n uint64) (act, there uint64, ok bool) {
	s.eachAct(calls, func(i, k uint64) bool {
		act, there, ok = k, i, i == n
		return !ok
	})
	return act, there, ok
}

// acts lists them.
func (s *Session) acts(calls bool) (lines []string) {
	s.eachAct(calls, func(i, n uint64) bool {
		lines = append(lines, fmt.Sprintf("%d  %s", i, s.actWords("act.", n, "")))
		return true
	})
	return lines
}

// chain puts the steps into sentences; what comes behind a packet is set off.
func (s *Session) chain(steps []lab.Because) []string {
	last := uint64(0)
	for k := range steps {
		if b := &steps[k]; b.Kind == lab.BecausePacket || b.Kind == lab.BecauseArrived {
			last = max(last, b.Packet+1)
		}
	}
	d := s.dumpTo(last)
	var lines []string
	for k := range steps {
		b := &steps[k]
		switch {
		case b.Kind == lab.BecausePacket:
			lines = append(lines, s.because(d, b))
		case b.Kind == lab.BecauseTimer || b.Kind == lab.BecauseCall:
			set, key := "", "why."
			if b.Kind == lab.BecauseTimer && k+1 < len(steps) && steps[k+1].Kind != lab.BecauseHost {
				set = words.Get(s.lang, "why.set_at", lab.InstantText(steps[k+1].TimeNs))
			}
			if k == 0 {
				key = "act."
			}
			line := s.actWords(key, b.Act, set)
			if k > 0 {
				line = "  " + line
			}
			lines = append(lines, line)
		default:
			lines = append(lines, "  "+s.because(d, b))
		}
	}
	return lines
}

// actWords puts a system call or a timer into words; set tells when a timer was set.
func (s *Session) actWords(key string, n uint64, set string) string {
	a := s.lab.Log.Acts.At(n)
	at, node := lab.InstantText(a.TimeNs), s.lab.Node(a.Host).Name
	if a.Timer == event.NoTimer {
		return s.inSection(words.Get(s.lang, key+"call", at, node, prog.Name(a.Program), lab.CallText(a)), lab.CallSection(a))
	}
	what := words.Get(s.lang, "timer."+a.Timer.Key())
	if a.Timer == event.TimerProgram {
		what = words.Get(s.lang, "timer.program_of", prog.Name(a.Program))
	} else if ends := lab.Ends(a); ends != "" {
		what = words.Get(s.lang, "timer.of", what, ends)
	}
	return s.inSection(words.Get(s.lang, key+"timer", at, node, what, set), a.Timer.Section())
}

// inSection names a section of an RFC behind a sentence.
func (s *Session) inSection(sentence, section string) string {
	if section == "" {
		return sentence
	}
	return words.Get(s.lang, "why.section", sentence, section)
}

// dumpTo returns tcpdump's words with the numbers that connections began with up to a packet.
func (s *Session) dumpTo(packet uint64) *trace.Dump {
	d := &trace.Dump{}
	for i := s.lab.Trace.First(); i < packet; i++ {
		d.Note(i, &s.lab.Trace.At(i).Head)
	}
	return d
}

// because puts a step that is no act into words.
func (s *Session) because(d *trace.Dump, b *lab.Because) string {
	at, l := lab.InstantText(b.TimeNs), s.lab
	node := l.Node(b.Node).Name
	switch b.Kind {
	case lab.BecausePacket:
		summary := l.Trace.Summary(b.Packet)
		reason := s.inSection(words.Get(s.lang, "reason."+b.Reason.Key()), b.Reason.Section())
		if !l.Node(b.Node).IsHost() {
			reason = words.Get(s.lang, "why.switched")
		}
		return words.Get(s.lang, "why.packet", at, node, b.Packet+1, d.Words(b.Packet, &summary), reason)
	case lab.BecauseArrived:
		return words.Get(s.lang, "why."+b.Kind.Key(), at, node, b.Packet+1)
	case lab.BecauseInput:
		return words.Get(s.lang, "why.input", at, s.deed(b.Entry))
	}
	return words.Get(s.lang, "why."+b.Kind.Key(), at, node)
}

// deed says what somebody did.
func (s *Session) deed(entry uint64) string {
	name := func(id uint32) string { return s.lab.Node(id).Name }
	switch in := s.lab.Journal[entry].Input.(type) {
	case lab.Exec:
		return words.Get(s.lang, "deed.exec", name(in.Node), in.Line)
	case lab.Interrupt:
		return words.Get(s.lang, "deed.interrupt", name(in.Node))
	case lab.EndInput:
		return words.Get(s.lang, "deed.end_input", name(in.Node))
	case lab.SetSysctl:
		return words.Get(s.lang, "deed.sysctl", name(in.Node), in.Name, strings.TrimSpace(in.Value))
	case lab.SetLink:
		return words.Get(s.lang, "deed.link", s.lab.LinkName(in.Link))
	case lab.Inject:
		return words.Get(s.lang, "deed.inject", s.lab.LinkName(in.Link))
	case lab.AddNode:
		return words.Get(s.lang, "deed.add_node", in.Name)
	case lab.AddLink:
		return words.Get(s.lang, "deed.add_link", name(in.Ends[0].Node), name(in.Ends[1].Node))
	case lab.RemoveNode:
		return words.Get(s.lang, "deed.remove_node", name(in.Node))
	case lab.RemoveLink:
		return words.Get(s.lang, "deed.remove_link", s.lab.LinkName(in.Link))
	case lab.Rename:
		return words.Get(s.lang, "deed.rename", in.Name)
	case lab.SetAddress:
		return words.Get(s.lang, "deed.address", name(in.Node))
	case lab.RemoveRule:
		return words.Get(s.lang, "deed.unrule", in.Number+1)
	case lab.Operate:
		return words.Get(s.lang, "deed.packet", in.Packet+1)
	}
	return words.Get(s.lang, "deed.rule")
}
