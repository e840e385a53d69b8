// Package trace turns what flew over the links into text that people know. It
// reads frames and writes nothing back. It may import the rooms of stack and
// those of lab below it. Start reading at Dump.
package trace

import (
	"encoding/binary"
	"fmt"
	"strings"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Style chooses between tcpdump's outputs.
type Style uint8

const (
	Current Style = iota // Flags [S.], seq 1, ack 1
	Classic              // S 1:1(0) ack 1, as tcpdump 3 printed it
)

// Dump writes frames in tcpdump's words. It remembers initial sequence
// numbers, so that all but SYN segments are printed relative to them.
type Dump struct {
	Style    Style
	Absolute bool // tcpdump -S
	first    map[flow]uint32
}

// flow is one direction of a connection.
type flow struct{ from, to tcp.Endpoint }

// Line returns the line for a frame seen at timeNs, without a line end.
func (d *Dump) Line(timeNs int64, frame []byte) string {
	stamp := stampOf(timeNs)
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		return stamp + " [|ether]"
	}
	switch eth.Type() {
	case wire.TypeARP:
		return stamp + " " + arpLine(eth.Payload())
	case wire.TypeIPv4:
		return stamp + " " + d.ipLine(eth.Payload())
	}
	return fmt.Sprintf("%s ethertype 0x%04x, length %d", stamp, eth.Type(), len(frame))
}

// stampOf prints a virtual time as a time of day.
func stampOf(ns int64) string {
	s := ns / 1_000_000_000
	return fmt.Sprintf("%02d:%02d:%02d.%06d", s/3600, s/60%60, s%60, ns/1000%1_000_000)
}

func arpLine(b []byte) string {
	a, ok := wire.ParseARP(b)
	switch {
	case !ok:
		return "[|arp]"
	case a.Op() == wire.ARPRequest:
		return fmt.Sprintf("ARP, Request who-has %s tell %s, length %d", a.TargetIP(), a.SenderIP(), wire.ARPLen)
	}
	return fmt.Sprintf("ARP, Reply %s is-at %s, length %d", a.SenderIP(), a.SenderMAC(), wire.ARPLen)
}

func (d *Dump) ipLine(b []byte) string {
	p, ok := wire.ParseIPv4(b)
	if !ok {
		return "IP [|ip]"
	}
	switch p.Protocol() {
	case wire.ProtoTCP:
		if t, ok := wire.ParseTCP(p.Payload()); ok {
			return d.tcpLine(p, t)
		}
	case wire.ProtoUDP:
		if u, ok := wire.ParseUDP(p.Payload()); ok {
			return fmt.Sprintf("IP %s.%d > %s.%d: UDP, length %d", p.Src(), u.SrcPort(), p.Dst(), u.DstPort(), len(u.Payload()))
		}
	case wire.ProtoICMP:
		if m, ok := wire.ParseICMP(p.Payload()); ok {
			return icmpLine(p, m)
		}
	}
	return fmt.Sprintf("IP %s > %s: ip-proto-%d %d", p.Src(), p.Dst(), p.Protocol(), len(p.Payload()))
}

func icmpLine(p wire.IPv4, m wire.ICMP) string {
	head := fmt.Sprintf("IP %s > %s: ICMP ", p.Src(), p.Dst())
	switch m.Type() {
	case wire.ICMPEcho:
		return fmt.Sprintf("%secho request, id %d, seq %d, length %d", head, m.ID(), m.Seq(), len(m))
	case wire.ICMPEchoReply:
		return fmt.Sprintf("%secho reply, id %d, seq %d, length %d", head, m.ID(), m.Seq(), len(m))
	case wire.ICMPTimeExceeded:
		return fmt.Sprintf("%stime exceeded in-transit, length %d", head, len(m))
	case wire.ICMPUnreachable:
		what := [...]string{"net", "host", "protocol", "port", "need to frag"}
		return fmt.Sprintf("%s%s unreachable, length %d", head, what[min(int(m.Code()), len(what)-1)], len(m))
	}
	return fmt.Sprintf("%stype-#%d, length %d", head, m.Type(), len(m))
}

func (d *Dump) tcpLine(p wire.IPv4, t wire.TCP) string {
	from := tcp.Endpoint{Addr: p.Src(), Port: t.SrcPort()}
	to := tcp.Endpoint{Addr: p.Dst(), Port: t.DstPort()}
	seq, ack := d.relative(from, to, t)
	head := fmt.Sprintf("%s.%d > %s.%d: ", from.Addr, from.Port, to.Addr, to.Port)
	n := uint32(len(t.Payload()))
	if d.Style == Classic {
		return head + classic(t, seq, ack, n)
	}
	b := fmt.Sprintf("IP %sFlags [%s]", head, wire.FlagString(t.Flags()))
	switch {
	case n > 0:
		b += fmt.Sprintf(", seq %d:%d", seq, seq+n)
	case t.Flags()&(wire.SYN|wire.FIN|wire.RST) != 0:
		b += fmt.Sprintf(", seq %d", seq)
	}
	if t.Flags()&wire.ACK != 0 {
		b += fmt.Sprintf(", ack %d", ack)
	}
	b += fmt.Sprintf(", win %d", t.Window())
	if opts := optionText(t.Options()); opts != "" {
		b += ", options [" + opts + "]"
	}
	return b + fmt.Sprintf(", length %d", n)
}

// relative returns the numbers to print: absolute in a SYN, else counted from
// the SYN of each side, if that was seen.
func (d *Dump) relative(from, to tcp.Endpoint, t wire.TCP) (seq, ack uint32) {
	if d.first == nil {
		d.first = map[flow]uint32{}
	}
	seq, ack = t.Seq(), t.Ack()
	there, back := flow{from, to}, flow{to, from}
	if t.Flags()&wire.SYN != 0 {
		d.first[there] = seq
		return seq, ack
	}
	if d.Absolute {
		return seq, ack
	}
	if isn, ok := d.first[there]; ok {
		seq -= isn
	}
	if isn, ok := d.first[back]; ok && t.Flags()&wire.ACK != 0 {
		ack -= isn
	}
	return seq, ack
}

func classic(t wire.TCP, seq, ack, n uint32) string {
	var flags strings.Builder
	for i, letter := range "FSRP" {
		if t.Flags()&(1<<i) != 0 {
			flags.WriteRune(letter)
		}
	}
	if flags.Len() == 0 {
		flags.WriteByte('.')
	}
	b := flags.String()
	if n > 0 || t.Flags()&(wire.SYN|wire.FIN|wire.RST) != 0 {
		b += fmt.Sprintf(" %d:%d(%d)", seq, seq+n, n)
	}
	if t.Flags()&wire.ACK != 0 {
		b += fmt.Sprintf(" ack %d", ack)
	}
	b += fmt.Sprintf(" win %d", t.Window())
	if opts := optionText(t.Options()); opts != "" {
		b += " <" + opts + ">"
	}
	return b
}

func optionText(opts []byte) string {
	var words []string
	for at := 0; ; {
		o, next, ok := wire.NextOption(opts, at)
		if !ok {
			return strings.Join(words, ",")
		}
		at = next
		words = append(words, optionWord(o))
	}
}

func optionWord(o wire.Option) string {
	be := binary.BigEndian
	switch {
	case o.Kind == wire.OptNop:
		return "nop"
	case o.Kind == wire.OptMSS && len(o.Data) == 2:
		return fmt.Sprintf("mss %d", be.Uint16(o.Data))
	case o.Kind == wire.OptWindowScale && len(o.Data) == 1:
		return fmt.Sprintf("wscale %d", o.Data[0])
	case o.Kind == wire.OptSACKPermitted:
		return "sackOK"
	case o.Kind == wire.OptTimestamps && len(o.Data) == 8:
		return fmt.Sprintf("TS val %d ecr %d", be.Uint32(o.Data), be.Uint32(o.Data[4:]))
	}
	return fmt.Sprintf("unknown-%d", o.Kind)
}
