// Package trace turns what flew over the links into text that people know. It
// reads frames and writes nothing back. It may import the rooms of stack and
// those of lab below it. Start reading at Dump.
package trace

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/wire"
)

// Style chooses between tcpdump's outputs.
type Style uint8

const (
	Current Style = iota // Flags [S.], seq 1, ack 1
	Classic              // S 1:1(0) ack 1, as tcpdump 3 printed it
)

// Dump writes frames in tcpdump's words. It remembers initial sequence
// numbers, so that what follows is printed relative to them.
type Dump struct {
	Style    Style
	Absolute bool // tcpdump -S
	Numbers
	seen uint64
}

// Line returns the line for a frame seen at timeNs, without a line end.
func (d *Dump) Line(timeNs int64, frame []byte) string {
	s := Summarize(frame)
	d.Note(d.seen, &s.Head)
	d.seen++
	return stampOf(timeNs) + " " + d.Words(d.seen-1, &s)
}

// Words returns what tcpdump says behind the time of frame number i, all those
// before which were noted.
func (d *Dump) Words(i uint64, s *Summary) string {
	switch s.Proto {
	case ARP:
		return arpWords(s)
	case TCP:
		return d.tcpWords(i, s)
	case UDP:
		return string(appendEnds(append([]byte(ipName(s)), ' '), s)) + udpWords(s)
	case ICMP:
		return icmpWords(s)
	case IPv4:
		if s.Window&aFragment != 0 { // not the first
			return fmt.Sprintf("IP %s > %s: ip-proto-%d", s.Src.Addr, s.Dst.Addr, s.Flags)
		}
		return fmt.Sprintf("IP %s > %s:  ip-proto-%d %d", s.Src.Addr, s.Dst.Addr, s.Flags, s.Length)
	case IPv6:
		if s.Window&aFragment != 0 {
			return fmt.Sprintf("IP6 %s > %s: %s", s.Src.Addr, s.Dst.Addr, strings.TrimSuffix(fragWords(s), " "))
		}
		return fmt.Sprintf("IP6 %s > %s:  ip-proto-%d %d", s.Src.Addr, s.Dst.Addr, s.Flags, s.Length)
	case ICMP6:
		return icmp6Words(s)
	case Ether:
		return fmt.Sprintf("ethertype 0x%04x, length %d", s.Ack, s.Length)
	}
	return "[|ether]"
}

// stampOf prints a virtual time as a time of day.
func stampOf(ns int64) string {
	s := ns / 1_000_000_000
	return fmt.Sprintf("%02d:%02d:%02d.%06d", s/3600, s/60%60, s%60, ns/1000%1_000_000)
}

func arpWords(s *Summary) string {
	if s.Flags == wire.ARPRequest {
		return fmt.Sprintf("ARP, Request who-has %s tell %s, length %d", s.Dst.Addr, s.Src.Addr, wire.ARPLen)
	}
	return fmt.Sprintf("ARP, Reply %s is-at %s, length %d", s.Src.Addr, macWords(wire.MAC(s.Extra), s.Named), wire.ARPLen)
}

func ipName(s *Summary) string {
	if s.Src.Addr.Is4() {
		return "IP"
	}
	return "IP6"
}

func (d *Dump) tcpWords(i uint64, s *Summary) string {
	seq, ack := s.Seq, s.Ack
	if !d.Absolute && d.counts(i, &s.Head) {
		seq, ack = d.Relative(i, &s.Head)
	}
	if d.Style == Classic {
		return fmt.Sprintf("%s.%d > %s.%d: ", s.Src.Addr, s.Src.Port, s.Dst.Addr, s.Dst.Port) + classic(s, seq, ack)
	}
	return current(s, seq, ack)
}

// current writes a line of today's. A list of packets asks for many: nothing is put together twice.
func current(s *Summary, seq, ack uint32) string {
	var room [200]byte
	b := appendEnds(append(append(room[:0], ipName(s)...), ' '), s)
	return string(segmentWords(b, s, seq, ack, &aside{}))
}

// appendEnds appends both ends of what TCP or UDP sends.
func appendEnds(b []byte, s *Summary) []byte {
	proto := uint8(wire.ProtoTCP)
	if s.Proto == UDP {
		proto = wire.ProtoUDP
	}
	b = appendPort(append(s.Src.Addr.AppendTo(b), '.'), s.Src.Port, proto, s.Named)
	b = appendPort(append(s.Dst.Addr.AppendTo(append(b, " > "...)), '.'), s.Dst.Port, proto, s.Named)
	return append(b, ": "...)
}

// aside is what a line about a segment says besides what a Summary holds.
type aside struct {
	sum    string // how the checksum is
	whole  bool   // the header is there, with urgent
	urgent uint16
	seq    bool // the sequence number is told in any case
}

// segmentWords appends what a segment of TCP is.
func segmentWords(b []byte, s *Summary, seq, ack uint32, more *aside) []byte {
	n := uint32(s.Length)
	b = append(append(append(append(b, "Flags ["...), wire.FlagString(s.Flags)...), ']'), more.sum...)
	if more.seq || n > 0 || s.Flags&(wire.SYN|wire.FIN|wire.RST) != 0 {
		b = number(append(b, ", seq "...), seq)
	}
	if n > 0 {
		b = number(append(b, ':'), seq+n)
	}
	if s.Flags&wire.ACK != 0 {
		b = number(append(b, ", ack "...), ack)
	}
	b = number(append(b, ", win "...), uint32(s.Window))
	if s.Flags&wire.URG != 0 && more.whole {
		b = number(append(b, ", urg "...), uint32(more.urgent))
	}
	b = options(b, s.Extra, s.Ack-ack, ", options [", ']')
	return number(append(b, ", length "...), n)
}

func number(b []byte, n uint32) []byte { return strconv.AppendUint(b, uint64(n), 10) }

func classic(s *Summary, seq, ack uint32) string {
	n := uint32(s.Length)
	var flags strings.Builder
	for i, letter := range "FSRP" {
		if s.Flags&(1<<i) != 0 {
			flags.WriteRune(letter)
		}
	}
	if flags.Len() == 0 {
		flags.WriteByte('.')
	}
	b := flags.String()
	if n > 0 || s.Flags&(wire.SYN|wire.FIN|wire.RST) != 0 {
		b += fmt.Sprintf(" %d:%d(%d)", seq, seq+n, n)
	}
	if s.Flags&wire.ACK != 0 {
		b += fmt.Sprintf(" ack %d", ack)
	}
	b += fmt.Sprintf(" win %d", s.Window)
	return string(options([]byte(b), s.Extra, s.Ack-ack, " <", '>'))
}

// options appends the options of a segment between brackets, if there are any. What a SACK names is counted from first, as its ack is.
func options(b, opts []byte, first uint32, open string, end byte) []byte {
	sep, at := open, 0
	for o, next, ok := wire.NextOption(opts, 0); ok; o, next, ok = wire.NextOption(opts, next) {
		b = optionWord(append(b, sep...), o, first)
		sep, at = ",", next
	}
	if at < len(opts) && opts[at] == wire.OptEnd {
		b, sep = append(append(b, sep...), "eol"...), ","
	}
	if sep == open {
		return b
	}
	return append(b, end)
}

func optionWord(b []byte, o wire.Option, first uint32) []byte {
	be := binary.BigEndian
	switch {
	case o.Kind == wire.OptNop:
		return append(b, "nop"...)
	case o.Kind == wire.OptMSS && len(o.Data) == 2:
		return number(append(b, "mss "...), uint32(be.Uint16(o.Data)))
	case o.Kind == wire.OptWindowScale && len(o.Data) == 1:
		return number(append(b, "wscale "...), uint32(o.Data[0]))
	case o.Kind == wire.OptSACKPermitted:
		return append(b, "sackOK"...)
	case o.Kind == wire.OptSACK && len(o.Data)%8 != 0:
		return append(b, "sack invalid sack"...)
	case o.Kind == wire.OptSACK:
		b = append(number(append(b, "sack "...), uint32(len(o.Data)/8)), ' ')
		for e := o.Data; len(e) > 0; e = e[8:] {
			b = number(append(b, '{'), be.Uint32(e)-first)
			b = append(number(append(b, ':'), be.Uint32(e[4:])-first), '}')
		}
		return b
	case o.Kind == wire.OptTimestamps && len(o.Data) == 8:
		b = number(append(b, "TS val "...), be.Uint32(o.Data))
		return number(append(b, " ecr "...), be.Uint32(o.Data[4:]))
	}
	return optionData(b, o)
}

// optionData appends an option of which a number, or nothing, is told.
func optionData(b []byte, o wire.Option) []byte {
	be := binary.BigEndian
	switch {
	case o.Kind == wire.OptFastOpen:
		return fastOpenWords(append(b, "tfo "...), o.Data)
	case o.Kind == wire.OptExperiment && len(o.Data) >= 2 && be.Uint16(o.Data) == fastOpenExperiment:
		return fastOpenWords(append(b, "exp-tfo"...), o.Data[2:])
	case o.Kind == wire.OptExperiment && len(o.Data) >= 2:
		return fmt.Appendf(b, "exp-unknown 0x%04x", be.Uint16(o.Data))
	case o.Kind == wire.OptUserTimeout && len(o.Data) == 2:
		n := be.Uint16(o.Data)
		seconds := uint32(n >> 1)
		if n&1 != 0 {
			seconds *= 60
		}
		return fmt.Appendf(b, "uto 0x%x %d", n, seconds)
	}
	if b = number(append(b, "unknown-"...), uint32(o.Kind)); len(o.Data) > 0 {
		b = fmt.Appendf(b, " 0x%x", o.Data)
	}
	return b
}

const fastOpenExperiment = 0xf989 // RFC 7413 appendix

// fastOpenWords appends a cookie, or that one is asked for.
func fastOpenWords(b, cookie []byte) []byte {
	switch n := len(cookie); {
	case n == 0:
		return append(b, " cookiereq"...)
	case n%2 != 0 || n < 4 || n > 16:
		return append(b, " bad cookie length"...)
	}
	return fmt.Appendf(b, " cookie %x", cookie)
}
