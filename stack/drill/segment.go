package drill

import "strings"

func (c *cursor) udp(p *Packet) error {
	if err := c.ports(p); err != nil {
		return err
	}
	if err := c.expect("(", "in front of the length"); err != nil {
		return err
	}
	n, err := c.unsigned("the length", 65507)
	p.Len = uint32(n)
	return c.orExpect(err, ")", "behind the length")
}

func (c *cursor) orExpect(err error, s, where string) error {
	if err != nil {
		return err
	}
	return c.expect(s, where)
}

// tcp reads [ports] FLAGS seq:end(len) [ack N] [win N] [urg N] [<options>].
func (c *cursor) tcp(p *Packet) error {
	if err := c.ports(p); err != nil {
		return err
	}
	if err := c.flags(p); err != nil {
		return err
	}
	var err error
	if p.Seq, p.Len, err = c.sequence(); err != nil {
		return err
	}
	if err := c.tcpFields(p); err != nil {
		return err
	}
	if p.In && !p.HasWin {
		return c.errorf("a segment that arrives needs a window: win N")
	}
	return c.options4(p)
}

const flagLetters = "FSRP.UEWA"

// flags reads letters of FSRP.UEWA in any order, or with one digit for the
// last three, or -.
func (c *cursor) flags(p *Packet) error {
	if err := c.skip(); err != nil {
		return err
	}
	start := c.pos
	for ; ; c.advance(1) {
		b := c.at(0)
		i := strings.IndexByte(flagLetters, b)
		switch {
		case b == 0:
		case b == '-' && c.pos == start:
			c.advance(1)
			return nil
		case i >= 0:
			p.Flags |= 1 << i
			continue
		case b >= '0' && b <= '7' && !p.ACE && !isDigit(c.at(1)):
			p.ACE = true
			p.Flags |= uint16(b-'0') << 6
			continue
		}
		break
	}
	if c.pos == start || isWord(c.at(0)) {
		return c.errorf("expected the flags of a segment, such as S. or P., not %s", c.here())
	}
	return nil
}

// sequence reads seq:end(len).
func (c *cursor) sequence() (seq, length uint32, err error) {
	first, err := c.unsigned("the sequence number", 1<<32-1)
	if err == nil {
		err = c.expect(":", "behind the first sequence number")
	}
	if err != nil {
		return 0, 0, err
	}
	last, err := c.unsigned("the sequence number behind the last byte", 1<<32-1)
	if err == nil {
		err = c.expect("(", "behind the sequence numbers")
	}
	if err != nil {
		return 0, 0, err
	}
	n, err := c.unsigned("the length", 1<<24)
	if err == nil {
		err = c.expect(")", "behind the length")
	}
	if err == nil && uint32(first)+uint32(n) != uint32(last) {
		err = c.errorf("the sequence numbers %d:%d do not hold %d bytes", first, last, n)
	}
	return uint32(first), uint32(n), err
}

func (c *cursor) tcpFields(p *Packet) error {
	for _, f := range []struct {
		word  string
		limit int64
		set   func(v int64)
	}{
		{"ack", 1<<32 - 1, func(v int64) { p.Ack, p.HasAck = uint32(v), true }},
		{"win", 65535, func(v int64) { p.Win, p.HasWin = uint16(v), true }},
		{"urg", 65535, func(v int64) { p.Urg = uint16(v) }},
	} {
		ok, err := c.acceptWord(f.word)
		if err != nil {
			return err
		}
		if ok {
			v, err := c.unsigned(f.word, f.limit)
			if err != nil {
				return err
			}
			f.set(v)
		}
	}
	return nil
}
