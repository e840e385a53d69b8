package filter

import (
	"bytes"
	"encoding/binary"
	"strings"

	"wirelab/stack/wire"
)

// Frames are those of the tables, for the tests that stand outside of the package.
var Frames = allFrames[:len(letters)]

// Cut is a frame of which something is missing at the end.
type Cut struct {
	Name   string
	Bytes  int  // that are left
	Short  bool // and the IP header says so
	Quotes bool // a segment, in an ICMP error
	Frame  []byte
}

// Cuts returns frames of every protocol, cut behind each byte from the Ethernet header on: as if they had come so, and then, if
// there is a length to change, with an IP header that says so.
func Cuts() (cuts []Cut) {
	option := func(kind byte, data string) string { return string([]byte{kind, byte(2 + len(data))}) + data }
	icmp6 := func(typ byte, n int) []byte {
		return packet6(wire.ProtoICMPv6, append([]byte{typ}, make([]byte, n)...))
	}
	behind := func(header byte, next uint8, payload string) []byte {
		const padding, unknown = 4, 253 // an option, and a type of routing headers (RFC 4727 §5)
		third := byte(padding)
		if header == wire.ProtoRouting {
			third = unknown
		}
		return packet6(header, append([]byte{next, 0, third, 1, 0, 0, 0, 0}, payload...))
	}
	for _, whole := range []struct {
		name  string
		frame []byte
	}{
		{"SYN", frameSYN}, {"SACK", frameSACK}, {"UDP", ethFrame(wire.TypeIPv4, packet(wire.ProtoUDP, datagram(4001, 4002, "hello")))}, {"echo", frameEcho}, {"error", frameErr}, {"fragment", frameFrag},
		{"ARP", frameARP}, {"neighbour solicitation", frameNS}, {"IPv6 fragment", frameFrag6},
		{"data", ethFrame(wire.TypeIPv4, packet(wire.ProtoTCP, segment(wire.PSH|wire.ACK, nil, "some data")))},
		{"options", ethFrame(wire.TypeIPv4, packet(wire.ProtoTCP, segment(wire.SYN, []byte(option(wire.OptUserTimeout, "\x80\x05")+option(wire.OptFastOpen, "cookie")+"\x01\x01\x01\x00"), "data")))},
		{"TCP behind IPv4 options", func() []byte {
			p := packet(wire.ProtoTCP, append([]byte{1, 1, 1, 0}, segment(wire.SYN, nil, "")...))
			p[0] = 0x46
			return ethFrame(wire.TypeIPv4, p)
		}()},
		{"UDP called TCP", func() []byte {
			p := bytes.Clone(frameUDP)
			p[23] = wire.ProtoTCP
			return p
		}()},
		{"IPv4 header of 16 bytes", func() []byte {
			p := bytes.Clone(frameSYN)
			p[14] = 0x44
			return p
		}()},
		{"IPv4 length of 19 bytes", func() []byte {
			p := bytes.Clone(frameSYN)
			p[17] = 19
			return p
		}()},
		{"version 5", func() []byte {
			p := bytes.Clone(frameSYN)
			p[14] = 0x55
			return p
		}()},
		{"routing header", ethFrame(wire.TypeIPv6, behind(wire.ProtoRouting, wire.ProtoUDP, string(datagram(4001, 4002, "x"))))},
		{"IPv6 destination unreachable", ethFrame(wire.TypeIPv6, packet6(wire.ProtoICMPv6, append([]byte{wire.ICMPv6Unreachable, 0, 0, 0, 0, 0, 0, 0}, packet6(wire.ProtoUDP, datagram(4001, 4002, ""))...)))},
		{"TCP over IPv6", ethFrame(wire.TypeIPv6, packet6(wire.ProtoTCP, segment(wire.SYN, synOptions, "")))},
		{"UDP over IPv6", ethFrame(wire.TypeIPv6, packet6(wire.ProtoUDP, datagram(4001, 4002, "hello")))},
		{"router advertisement", ethFrame(wire.TypeIPv6, icmp6(wire.ICMPv6RouterAdvert, 15))},
		{"neighbour advertisement", ethFrame(wire.TypeIPv6, icmp6(wire.ICMPv6NeighborAdvert, 23))},
		{"IPv6 redirect", ethFrame(wire.TypeIPv6, icmp6(wire.ICMPv6Redirect, 39))},
		{"IPv6 echo", ethFrame(wire.TypeIPv6, icmp6(wire.ICMPv6Echo, 11))},
		{"packet too big", ethFrame(wire.TypeIPv6, icmp6(wire.ICMPv6TooBig, 7))},
		{"IPv6 parameter problem", ethFrame(wire.TypeIPv6, icmp6(wire.ICMPv6ParamProblem, 7))},
		{"hop-by-hop options", ethFrame(wire.TypeIPv6, behind(wire.ProtoHopByHop, wire.ProtoTCP, string(segment(wire.SYN, nil, ""))))},
		{"destination options", ethFrame(wire.TypeIPv6, behind(wire.ProtoDestOptions, wire.ProtoUDP, string(datagram(4001, 4002, "x"))))},
		{"redirect", ethFrame(wire.TypeIPv4, packet(wire.ProtoICMP, icmp(wire.ICMPRedirect, 0, packet(wire.ProtoUDP, datagram(4001, 4002, "")))))},
		{"parameter problem quoting TCP", ethFrame(wire.TypeIPv4, packet(wire.ProtoICMP, icmp(wire.ICMPParamProblem, 0, packet(wire.ProtoTCP, segment(0, nil, "")))))},
		{"fragmentation needed quoting TCP", ethFrame(wire.TypeIPv4, packet(wire.ProtoICMP, icmp(wire.ICMPUnreachable, wire.CodeFragNeeded, packet(wire.ProtoTCP, segment(0, nil, "")))))},
	} {
		for n := wire.EthernetLen; n <= len(whole.frame); n++ {
			quotes := strings.Contains(whole.name, "quoting TCP")
			cuts = append(cuts, Cut{whole.name, n, false, quotes, whole.frame[:n:n]})
			if short := shortened(whole.frame[:n]); short != nil {
				cuts = append(cuts, Cut{whole.name, n, true, quotes, short})
			}
		}
	}
	return cuts
}

// shortened returns a frame whose IP header says how much there is, nil if it has none.
func shortened(cut []byte) []byte {
	b := bytes.Clone(cut)
	switch n := len(b) - wire.EthernetLen; {
	case binary.BigEndian.Uint16(b[12:]) == wire.TypeIPv4 && n >= wire.IPv4Len:
		binary.BigEndian.PutUint16(b[16:], uint16(n))
	case binary.BigEndian.Uint16(b[12:]) == wire.TypeIPv6 && n >= wire.IPv6Len:
		binary.BigEndian.PutUint16(b[18:], uint16(n-wire.IPv6Len))
	default:
		return nil
	}
	return b
}

// FieldValues is a field whose values stand in one frame, and what they are there: nil if they are no numbers.
type FieldValues struct {
	Key    string
	Number bool
}

// HeaderFields returns the fields of the headers up to those of transport. What a segment means in its connection is left out, as
// are data: which program a payload belongs to is another question.
func HeaderFields() (fields []FieldValues) {
	each(func(r *ref) bool {
		if r.rows == nil || r.layer <= lFrame || r.layer >= lData {
			return true
		}
		number := r.kind.isNumber()
		switch r.rows[0].from {
		case computed:
			switch r.rows[0].arg {
			case cStream, cRetransmission:
				return true
			case cSeq, cAck, cNextSeq, cWindow, cSum:
				number = false
			}
		case inBlocks:
			number = false
		}
		fields = append(fields, FieldValues{r.key, number})
		return true
	})
	return fields
}

// Values returns what a field has in a frame: how often it is there, and its numbers.
func Values(key string, frame []byte) (numbers []int64) {
	var m machine
	m.p, m.frame = &Packet{}, frame
	m.field(find(key), 0)
	for _, v := range m.vals[:m.top] {
		numbers = append(numbers, v.n)
	}
	return numbers
}
