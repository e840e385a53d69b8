package drill

import (
	"wirelab/stack/wire"
)

// Proto is the protocol of a packet in a script.
type Proto uint8

// Protocols.
const (
	TCP Proto = iota
	UDP
	ICMP
)

// Packet is a packet as a script writes it: In arrives (<), others must leave
// (>). Sequence numbers are the script's.
type Packet struct {
	In    bool
	Proto Proto
	IP    IPInfo
	Ports bool // given: Src > Dst
	Src   uint16
	Dst   uint16

	// TCP; of UDP only Len counts.
	Flags   uint16 // bits of wire, and flagAE
	ACE     bool   // the flags AE, CWR and ECE were written as one digit
	Seq     uint32
	Len     uint32
	Ack     uint32
	HasAck  bool
	Win     uint16
	HasWin  bool
	Urg     uint16
	Opts    []Opt
	AnyOpts bool // <...>: not checked

	Error *Message // ICMP
}

// flagAE is the bit beside wire.CWR, in the low bits of the byte that holds
// the data offset (RFC 9768).
const flagAE = 0x100

// IPInfo is what a script says about a packet's IP header. A field counts if
// its Has is set.
type IPInfo struct {
	HasECN, AnyECT bool // AnyECT: ect01, either ECT codepoint
	ECN            uint8
	HasTOS         bool
	TOS            uint8
	HasTTL         bool
	TTL            uint8
	HasFlow        bool
	Flow           uint32
}

// Opt is one TCP option with its bytes; those of SACK blocks and of
// timestamps are in Values, in the script's numbers.
type Opt struct {
	Kind   uint8
	Data   []byte
	Values []uint32
}

// packet reads `< ` or `> ` and what follows.
func (c *cursor) packet() (*Packet, error) {
	p := &Packet{In: c.sees("<")}
	c.advance(1)
	if err := c.ipInfo(p); err != nil {
		return nil, err
	}
	if err := c.refuseTunnels(); err != nil {
		return nil, err
	}
	if p.Error != nil { // the echoed part stood first
		if ok, err := c.acceptWord("icmp"); err != nil || !ok {
			return nil, c.orError(err, "expected icmp behind the echoed packet, not %s", c.here())
		}
		p.Proto = ICMP
		return p, c.icmp(p)
	}
	for _, kind := range []struct {
		word  string
		proto Proto
		read  func(*Packet) error
	}{{"icmp", ICMP, c.icmp}, {"icmpv6", ICMP, c.icmp}, {"udp", UDP, c.udp}} {
		ok, err := c.acceptWord(kind.word)
		if err != nil {
			return nil, err
		}
		if ok {
			p.Proto = kind.proto
			return p, kind.read(p)
		}
	}
	return p, c.tcp(p)
}

// orError returns err, or a new one if there is none.
func (c *cursor) orError(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return c.errorf(format, args...)
}

// refuseTunnels names the encapsulations that the runner does not know.
func (c *cursor) refuseTunnels() error {
	if err := c.skip(); err != nil {
		return err
	}
	switch w := c.peekWord(); w {
	case "ipv4", "ipv6", "gre", "mpls", "encap":
		return c.errorf("packets inside %s are not there", w)
	}
	return nil
}

// ipInfo reads (ect0, ttl 64) or [tos 0x10], or the echoed packet of an old
// kind of ICMP line.
func (c *cursor) ipInfo(p *Packet) error {
	if err := c.skip(); err != nil {
		return err
	}
	closing := ")"
	switch c.at(0) {
	case '(':
	case '[':
		closing = "]"
	default:
		return nil
	}
	c.advance(1)
	if err := c.skip(); err != nil {
		return err
	}
	if w := c.peekWord(); closing == "]" && (isDigit(c.at(0)) || w == "udp" || w == "raw") {
		p.Error = &Message{}
		return c.echoed(p.Error)
	}
	for {
		if err := c.ipField(p); err != nil {
			return err
		}
		if ok, err := c.accept(","); err != nil || ok {
			if err != nil {
				return err
			}
			continue
		}
		return c.expect(closing, "behind the IP fields")
	}
}

func (c *cursor) ipField(p *Packet) (err error) {
	w, err := c.word()
	if err != nil {
		return err
	}
	var v int64
	i := &p.IP
	switch w {
	case "noecn", "ect0", "ect1", "ce", "ect01":
		i.HasECN = true
		i.ECN = map[string]uint8{"ect1": 1, "ect0": 2, "ce": 3}[w]
		i.AnyECT = w == "ect01"
		if i.AnyECT && p.In {
			err = c.errorf("ect01 is for packets that leave")
		}
	case "tos", "class":
		v, err = c.unsigned(w, 255)
		i.HasTOS, i.TOS = true, uint8(v)
	case "ttl", "hlim":
		v, err = c.unsigned(w, 255)
		i.HasTTL, i.TTL = true, uint8(v)
	case "flowlabel":
		v, err = c.unsigned(w, 1<<20-1)
		i.HasFlow, i.Flow = true, uint32(v)
	default:
		err = c.errorf("expected ect0, tos, ttl or another IP field, not %s", c.orHere(w))
	}
	return err
}

func (c *cursor) orHere(w string) string {
	if w != "" {
		return `"` + w + `"`
	}
	return c.here()
}

// ports reads `sport > dport`, if it stands here.
func (c *cursor) ports(p *Packet) error {
	if err := c.skip(); err != nil || !isDigit(c.at(0)) {
		return err
	}
	n := 0
	for isDigit(c.at(n)) {
		n++
	}
	for c.at(n) == ' ' || c.at(n) == '\t' {
		n++
	}
	if c.at(n) != '>' {
		return nil
	}
	src, err := c.unsigned("the source port", 65535)
	if err != nil {
		return err
	}
	if err := c.expect(">", "between the ports"); err != nil {
		return err
	}
	dst, err := c.unsigned("the destination port", 65535)
	p.Ports, p.Src, p.Dst = true, uint16(src), uint16(dst)
	return err
}

// isSYN reports whether the numbers of the segment are absolute.
func (p *Packet) isSYN() bool { return p.Flags&wire.SYN != 0 }
