package drill

import (
	"fmt"

	"wirelab/stack/wire"
)

// Message is an ICMP message as a script writes it, with the packet it echoes.
type Message struct {
	Type, Code uint8
	HasMTU     bool
	MTU        uint32
	HasID      bool
	ID         uint16
	Echo       Echo
	Seq, Len   uint32 // of the echoed segment
}

// Echo says what an ICMP message echoes.
type Echo uint8

// What an ICMP message echoes.
const (
	EchoNone Echo = iota
	EchoTCP
	EchoUDP
	EchoRaw
)

// named is a name and its number.
type named struct {
	name  string
	value uint8
}

var icmpTypes = []named{
	{"echo_reply", 0}, {"unreachable", 3}, {"source_quench", 4}, {"redirect", 5}, {"echo_request", 8}, {"echo", 8},
	{"time_exceeded", 11}, {"parameter_problem", 12}, {"timestamp", 13}, {"timestamp_reply", 14},
}

// icmpCodes are the codes by type.
var icmpCodes = []struct {
	typ   uint8
	codes []named
}{
	{3, []named{{"net_unreachable", 0}, {"host_unreachable", 1}, {"protocol_unreachable", 2}, {"port_unreachable", 3},
		{"frag_needed", 4}, {"source_route_failed", 5}, {"net_unknown", 6}, {"host_unknown", 7}, {"source_host_isolated", 8},
		{"net_prohibited", 9}, {"host_prohibited", 10}, {"net_unreachable_for_tos", 11}, {"host_unreachable_for_tos", 12},
		{"packet_filtered", 13}, {"precedence_violation", 14}, {"precedence_cutoff", 15}}},
	{5, []named{{"net_redirect", 0}, {"host_redirect", 1}, {"net_redirect_for_tos", 2}, {"host_redirect_for_tos", 3}}},
	{11, []named{{"ttl_exceeded", 0}, {"exceeded_in_transit", 0}, {"ttl", 0}, {"frag_time_exceeded", 1}, {"reassembly", 1}}},
	{12, []named{{"bad_pointer", 0}, {"missing_option", 1}, {"bad_length", 2}}},
}

func find(names []named, w string) (uint8, bool) {
	for _, n := range names {
		if n.name == w {
			return n.value, true
		}
	}
	return 0, false
}

// icmp reads TYPE [CODE] [mtu N] [id N] [[echoed packet]].
func (c *cursor) icmp(p *Packet) (err error) {
	m := p.Error
	if m == nil {
		m = &Message{}
		p.Error = m
	}
	if m.Type, err = c.icmpNumber("type", icmpTypes); err != nil {
		return err
	}
	if err := c.skip(); err != nil {
		return err
	}
	switch w := c.peekWord(); {
	case w == "mtu", w == "id", c.end(), !isWord(c.at(0)):
	default:
		var codes []named
		for _, k := range icmpCodes {
			if k.typ == m.Type {
				codes = k.codes
			}
		}
		if m.Code, err = c.icmpCode(codes); err != nil {
			return err
		}
	}
	if m.HasMTU, err = c.acceptWord("mtu"); err == nil && m.HasMTU {
		var v int64
		v, err = c.unsigned("mtu", 65535)
		m.MTU = uint32(v)
	}
	if err != nil {
		return err
	}
	if m.HasID, err = c.acceptWord("id"); err == nil && m.HasID {
		var v int64
		v, err = c.unsigned("id", 65535)
		m.ID = uint16(v)
	}
	if err != nil || m.Echo != EchoNone {
		return err
	}
	if ok, err := c.accept("["); err != nil || !ok {
		return err
	}
	return c.echoed(m)
}

// icmpCode reads a code. A number is one only if no event's time can stand
// there: if what follows it is not what follows a time.
func (c *cursor) icmpCode(codes []named) (uint8, error) {
	if c.startsEvent() {
		return 0, nil
	}
	return c.icmpNumber("code", codes)
}

// startsEvent reports whether a number that stands here is the time of the
// next event: a code stands on the line of its packet.
func (c *cursor) startsEvent() bool {
	if !isDigit(c.at(0)) {
		return false
	}
	for i := c.pos - 1; i >= 0 && (c.text[i] == ' ' || c.text[i] == '\t' || c.text[i] == '\n' || c.text[i] == '\r'); i-- {
		if c.text[i] == '\n' {
			return true
		}
	}
	return false
}

func (c *cursor) icmpNumber(what string, names []named) (uint8, error) {
	w, err := c.word()
	if err != nil {
		return 0, err
	}
	if w == "" {
		v, err := c.unsigned("the ICMP "+what, 255)
		return uint8(v), err
	}
	v, ok := find(names, w)
	if !ok {
		return 0, c.errorf("there is no ICMP %s %q for IPv4", what, w)
	}
	return v, nil
}

// echoed reads seq:end(len), udp(N) or raw(N), and ].
func (c *cursor) echoed(m *Message) (err error) {
	w, err := c.word()
	if err != nil {
		return err
	}
	switch w {
	case "":
		m.Echo = EchoTCP
		m.Seq, m.Len, err = c.sequence()
	case "udp", "raw":
		m.Echo = EchoUDP
		if w == "raw" {
			m.Echo = EchoRaw
		}
		if err = c.expect("(", "behind "+w); err != nil {
			return err
		}
		var n int64
		n, err = c.unsigned("the length", 65507)
		m.Len = uint32(n)
		err = c.orExpect(err, ")", "behind the length")
	default:
		err = c.errorf("expected the echoed packet, seq:end(len), udp(N) or raw(N), not %q", w)
	}
	return c.orExpect(err, "]", "behind the echoed packet")
}

// nameICMP writes a type and code as scripts do.
func nameICMP(typ, code uint8) string {
	t, k := fmt.Sprint(typ), fmt.Sprint(code)
	for _, n := range icmpTypes {
		if n.value == typ {
			t = n.name
			break
		}
	}
	for _, list := range icmpCodes {
		for _, n := range list.codes {
			if list.typ == typ && n.value == code {
				return t + " " + n.name
			}
		}
	}
	return t + " " + k
}

// isError reports whether the message is about another packet.
func (m *Message) isError() bool {
	return m.Type != wire.ICMPEcho && m.Type != wire.ICMPEchoReply
}
