package drill

import "strconv"

// Message is an ICMP message as a script writes it, with the packet it echoes.
// Type and code are words or numbers: what a word means depends on the version
// of IP that the script is run with.
type Message struct {
	Type, Code string
	HasMTU     bool
	MTU        uint32
	HasID      bool
	ID         uint16
	HasNumber  bool
	Number     uint16 // of an echo or a timestamp, beside ID
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

// icmp reads TYPE [CODE] [mtu N] [id N] [seq N] [[echoed packet]]. Without an echoed packet nothing is quoted: an
// error then names no connection, and a host can do nothing about it.
func (c *cursor) icmp(p *Packet) (err error) {
	m := p.Error
	if m == nil {
		m = &Message{}
		p.Error = m
	}
	if m.Type, err = c.icmpWord("type"); err != nil {
		return err
	}
	if !m.valid() {
		return c.errorf("there is no ICMP type %q", m.Type)
	}
	if err := c.skip(); err != nil {
		return err
	}
	switch w := c.peekWord(); {
	case w == "mtu", w == "id", w == "seq", c.end(), !isWord(c.at(0)), c.startsEvent():
	default:
		if m.Code, err = c.icmpWord("code"); err != nil {
			return err
		}
		if !m.valid() {
			return c.errorf("there is no ICMP code %q of %s", m.Code, m.Type)
		}
	}
	if m.HasMTU, err = c.acceptWord("mtu"); err == nil && m.HasMTU {
		var v int64
		v, err = c.unsigned("mtu", 1<<32-1)
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
	if err != nil {
		return err
	}
	if m.HasNumber, err = c.acceptWord("seq"); err == nil && m.HasNumber {
		var v int64
		v, err = c.unsigned("seq", 65535)
		m.Number = uint16(v)
	}
	if err != nil || m.Echo != EchoNone {
		return err
	}
	if ok, err := c.accept("["); err != nil || !ok {
		return err
	}
	return c.echoed(m)
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

// icmpWord reads the word for a type or a code, or its number.
func (c *cursor) icmpWord(what string) (string, error) {
	w, err := c.word()
	if err != nil || w != "" {
		return w, err
	}
	v, err := c.unsigned("the ICMP "+what, 255)
	return strconv.Itoa(int(v)), err
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
