package session

import (
	"fmt"
	"strings"
	"time"

	"wirelab/lab"
	"wirelab/lab/trace"
	"wirelab/lab/words"
)

// Why tells in sentences how a packet came about: first itself, last what somebody did, or the start of the lab.
// Packets are counted from 1, as they were offered to links.
func (s *Session) Why(packet uint64) ([]string, error) {
	n := s.lab.Trace.Len()
	if packet == 0 || !s.lab.Trace.Has(packet-1) {
		return nil, fail("not_found", "there is no packet %d; %d are recorded", packet, n)
	}
	chain := s.lab.Why(packet - 1)
	d := s.dumpTo(packet)
	var lines []string
	for k := range chain {
		line := s.because(d, &chain[k])
		if chain[k].Kind != lab.BecausePacket {
			line = "  " + line
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// dumpTo returns tcpdump's words with the numbers that connections began with up to a packet.
func (s *Session) dumpTo(packet uint64) *trace.Dump {
	d := &trace.Dump{}
	for i := s.lab.Trace.First(); i < packet; i++ {
		d.Note(i, &s.lab.Trace.At(i).Head)
	}
	return d
}

// because puts one step into words.
func (s *Session) because(d *trace.Dump, b *lab.Because) string {
	at, l := time.Duration(b.TimeNs), s.lab
	node := l.Node(b.Node).Name
	switch b.Kind {
	case lab.BecausePacket:
		summary := l.Trace.Summary(b.Packet)
		reason := words.Get(s.lang, "reason."+b.Reason.Key())
		if section := b.Reason.Section(); section != "" {
			reason += " (" + section + ")"
		}
		return words.Get(s.lang, "why.packet", at, node, b.Packet+1, d.Words(b.Packet, &summary), reason)
	case lab.BecauseArrived, lab.BecauseTimer:
		return words.Get(s.lang, "why."+b.Kind.Key(), at, node, b.Packet+1)
	case lab.BecauseInput:
		return words.Get(s.lang, "why.input", at, s.deed(b.Entry))
	}
	return words.Get(s.lang, "why."+b.Kind.Key(), at, node)
}

// deed says what somebody did.
func (s *Session) deed(entry uint64) string {
	e := &s.lab.Journal[entry]
	node := ""
	if int(e.Node) < s.lab.Ever() {
		node = s.lab.Node(e.Node).Name
	}
	switch e.Kind {
	case lab.EntryExec:
		return words.Get(s.lang, "deed.exec", node, e.Text)
	case lab.EntryInterrupt:
		return words.Get(s.lang, "deed.interrupt", node)
	case lab.EntryEndInput:
		return words.Get(s.lang, "deed.end_input", node)
	case lab.EntrySysctl:
		return words.Get(s.lang, "deed.sysctl", node, e.Name, strings.TrimSpace(e.Text))
	case lab.EntryLink:
		return words.Get(s.lang, "deed.link", s.lab.LinkName(e.Link))
	case lab.EntryInject:
		return words.Get(s.lang, "deed.inject", s.lab.LinkName(e.Link))
	case lab.EntryAddNode:
		return words.Get(s.lang, "deed.add_node", e.Name)
	case lab.EntryAddLink:
		return words.Get(s.lang, "deed.add_link", s.lab.Node(e.Plugs[0].Node).Name, s.lab.Node(e.Plugs[1].Node).Name)
	case lab.EntryRemoveNode:
		return words.Get(s.lang, "deed.remove_node", node)
	case lab.EntryRemoveLink:
		return words.Get(s.lang, "deed.remove_link", s.lab.LinkName(e.Link))
	case lab.EntryRename:
		return words.Get(s.lang, "deed.rename", e.Name)
	case lab.EntryAddress:
		return words.Get(s.lang, "deed.address", node)
	case lab.EntryPacket:
		return words.Get(s.lang, "deed.packet", e.Packet+1)
	}
	return words.Get(s.lang, "deed.rule", fmt.Sprint(e.Packet))
}
