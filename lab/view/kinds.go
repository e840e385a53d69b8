package view

import (
	"fmt"
	"strconv"
	"strings"

	"wirelab/lab/trace"
	"wirelab/lab/ui"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Kind is what a packet is to the eye: its colour, its silhouette, its letters.
type Kind uint8

const (
	KindOther Kind = iota // ARP, ICMP, UDP …
	KindSyn
	KindAck
	KindData
	KindFin
	KindRst
)

// kindOf tells a packet's kind from its headers.
func kindOf(h *trace.Head) Kind {
	switch {
	case h.Proto != trace.TCP:
		return KindOther
	case h.Flags&wire.RST != 0:
		return KindRst
	case h.Flags&wire.SYN != 0:
		return KindSyn
	case h.Flags&wire.FIN != 0:
		return KindFin
	case h.Length > 0:
		return KindData
	}
	return KindAck
}

// Color returns the colour of a kind.
func (k Kind) Color(t *ui.Theme) ui.Color {
	return [...]ui.Color{t.Dim, t.Syn, t.Ack, t.Data, t.Fin, t.Rst}[k]
}

// stateColor returns the colour of a connection's state: that of the segments
// that led to it.
func stateColor(t *ui.Theme, s tcp.State) ui.Color {
	switch s {
	case tcp.SynSent, tcp.SynReceived:
		return t.Syn
	case tcp.Established:
		return t.Ok
	case tcp.FinWait1, tcp.FinWait2, tcp.CloseWait, tcp.Closing, tcp.LastAck, tcp.TimeWait:
		return t.Fin
	}
	return t.Ack
}

func (m *Model) capsule(i uint64) string {
	h := &m.Lab.Trace.At(i).Head
	_, ack := m.Relative(i)
	switch kindOf(h) {
	case KindData:
		return numbered("", uint32(h.Length), " B")
	case KindAck:
		return "ACK " + strconv.FormatUint(uint64(ack), 10)
	}
	return Letters(h)
}

func otherWords(h *trace.Head) string {
	switch {
	case h.Proto == trace.ARP && h.Flags == wire.ARPRequest:
		return "ARP ?"
	case h.Proto == trace.ARP:
		return "ARP !"
	case h.Proto == trace.ICMP && h.Flags == wire.ICMPEcho:
		return "PING"
	case h.Proto == trace.ICMP && h.Flags == wire.ICMPEchoReply:
		return "PONG"
	case h.Proto == trace.ICMP:
		return "ICMP"
	case h.Proto == trace.UDP:
		return datagramWords(h)
	}
	return "IP"
}

// datagramWords goes by what tcpdump and Wireshark read in it.
func datagramWords(h *trace.Head) string {
	switch {
	case h.DNS() && h.Dst.Port == wire.DNSPort:
		return "DNS ?"
	case h.DNS():
		return "DNS !"
	case !h.DHCP():
		return "UDP"
	}
	switch name := strings.ToUpper(wire.DHCPTypeName(h.Flags)); h.Flags {
	case wire.DHCPAck, wire.DHCPNak: // TCP has an ACK of its own
		return "DHCP " + name
	case 0:
		return "DHCP"
	default:
		return name
	}
}

// datagramLabel says what a datagram is about, where there is room for it.
func (m *Model) datagramLabel(i uint64) string {
	s := m.Lab.Trace.Summary(i)
	switch {
	case s.DNS():
		return strings.TrimSpace(datagramWords(&s.Head) + " " + s.Topic())
	case s.DHCP():
		return strings.TrimSpace("DHCP " + wire.DHCPTypeName(s.Flags) + " " + s.Topic())
	}
	return datagramWords(&s.Head)
}

func (m *Model) label(i uint64) string {
	h := &m.Lab.Trace.At(i).Head
	seq, ack := m.Relative(i)
	n := uint32(h.Length)
	switch k := kindOf(h); k {
	case KindSyn:
		return fmt.Sprintf("%s %d", m.capsuleOf(i), h.Seq)
	case KindData:
		return fmt.Sprintf("%d:%d(%d) ack %d", seq, seq+n, n, ack)
	case KindFin:
		if n > 0 {
			return fmt.Sprintf("FIN %d:%d(%d) ack %d", seq, seq+n, n, ack)
		}
		return fmt.Sprintf("FIN %d ack %d", seq, ack)
	case KindOther:
		switch h.Proto {
		case trace.ARP:
			return fmt.Sprintf("%s %s", otherWords(h), h.Dst.Addr)
		case trace.UDP:
			return m.datagramLabel(i)
		}
	}
	return m.capsuleOf(i)
}
